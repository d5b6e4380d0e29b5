"""Fault injection: errors, delays and cut connections on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from pinpoint_sms_emu import errors
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.service.filters import must_be_a_place
from pinpoint_sms_emu.service.limited_entries import (
    LimitedEntries,
    LimitedEntry,
    must_be_times,
)
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.wire.model import ServiceModel
from pinpoint_sms_emu.wire.sns_actions import (
    ACTIONS,
    SNS_THROTTLING,
    known_operations,
    model_with,
)
from pinpoint_sms_emu.wording import nearest, one_of, quoted

EVERY_OPERATION = "*"
LONGEST_DELAY = 3600.0


@dataclass(slots=True, kw_only=True)
class Fault(LimitedEntry):
    """A fault to inject into calls; `times` counts the remaining ones, None is unlimited."""

    kind: ClassVar[str] = "fault"

    operation: str
    error: str | None = None
    reason: str | None = None
    times: int | None = None
    probability: float = 1.0
    delay_seconds: float = 0.0
    cut: bool = False
    account_id: str | None = None
    region: str | None = None

    def is_for(self, operation: str, account_id: str, region: str) -> bool:
        """Return whether the fault applies to a call."""
        return (
            self.operation in (EVERY_OPERATION, operation)
            and self.account_id in (None, account_id)
            and self.region in (None, region)
        )


class InjectedFault(NamedTuple):
    """What is injected into one call: a delay, then an error or a cut connection."""

    delay_seconds: float = 0.0
    error: str | None = None
    reason: str | None = None
    cut: bool = False
    # The fault with the error or cut, or else the first with a delay.
    fault_id: str | None = None


NO_FAULT = InjectedFault()


def injected_error(code: str, reason: str | None, request_id: str) -> ApiError:
    """Make the error with which a fault refuses a call."""
    of: type[ApiError] | None = getattr(errors, code, None)
    if of is None:
        from pinpoint_sms_emu.sns.errors import of_shape  # noqa: PLC0415  only with SNS

        return of_shape(code, "was injected by a fault")
    # Bypasses the constructor, because there is no resource or argument to name.
    error = of.__new__(of)
    internal = of is errors.InternalServerException
    ApiError.__init__(error, Reason=reason, RequestId=request_id if internal else None)
    return error


class Faults(LimitedEntries[Fault]):
    """The faults to inject, in the order in which they were added."""

    def __init__(self, random_source: RandomSource) -> None:
        super().__init__(Fault, must_be_possible)
        self.random_source = random_source

    def choose(self, operation: str, account_id: str, region: str) -> InjectedFault:
        """Choose what to inject into a call, and count the faults as used.

        Delays add up; the first error or cut counts. Faults with `times` come first, in the order
        in which they were added, then the unlimited ones, the latest first.
        """
        delay, fault_id = 0.0, None
        for fault in self._by_precedence():
            if not fault.is_for(operation, account_id, region):
                continue
            if fault.probability < 1 and self.random_source.fraction() >= fault.probability:
                continue
            self.use(fault)
            delay, fault_id = delay + fault.delay_seconds, fault_id or fault.id
            if fault.error or fault.cut:
                return InjectedFault(delay, fault.error, fault.reason, fault.cut, fault.id)
        return InjectedFault(delay, fault_id=fault_id)

    def _by_precedence(self) -> Iterator[Fault]:
        faults = list(self.entries)
        yield from (fault for fault in faults if fault.times is not None)
        yield from (fault for fault in reversed(faults) if fault.times is None)


def must_be_possible(fault: Fault) -> None:
    """Refuse a fault that could never be injected, or that contradicts itself."""
    # Tuples instead of sets, here and below, because a wrong value may not be hashable.
    if fault.operation not in (EVERY_OPERATION, *known_operations()):
        meant = nearest(fault.operation, known_operations())
        raise ValueError(f"there is no operation {quoted(fault.operation)}; {meant}")
    _must_be_a_declared_error(fault)
    if fault.error is None and not fault.delay_seconds and not fault.cut:
        raise ValueError("a fault needs an error, delay_seconds or cut")
    must_be_times(fault.times)
    if not _is_between(fault.probability, 0, 1):
        raise ValueError(
            f"probability must be a number from 0 to 1, not {quoted(fault.probability)}"
        )
    if not _is_between(fault.delay_seconds, 0, LONGEST_DELAY):
        raise ValueError(
            f"delay_seconds must be a number from 0 to {LONGEST_DELAY:g}, "
            f"not {quoted(fault.delay_seconds)}"
        )
    if not isinstance(fault.cut, bool):
        raise ValueError(f"cut must be true or false, not {quoted(fault.cut)}")
    must_be_a_place(fault.account_id, fault.region)


def _must_be_a_declared_error(fault: Fault) -> None:
    model = model_with(fault.operation)
    only = model.operations.get(fault.operation)
    affected = [only] if only else model.operations.values()
    declared = frozenset.intersection(*(each.errors for each in affected))
    if fault.operation in ACTIONS:
        declared |= SNS_THROTTLING
    if fault.error is None:
        if fault.reason is not None:
            raise ValueError("a reason needs an error, which is not given")
        return
    if fault.error not in tuple(declared):
        who = "every operation" if fault.operation == EVERY_OPERATION else fault.operation
        raise ValueError(
            f"error must be one that {who} declares: {', '.join(sorted(declared))}, "
            f"not {quoted(fault.error)}"
        )
    reasons = _reasons(model, fault.error)
    if fault.reason is not None and fault.reason not in reasons:
        known = one_of(fault.reason, reasons, "AWS's API reference") if reasons else "is left out"
        others = [each for each in sorted(declared) if fault.reason in _reasons(model, each)]
        hint = f"; it is a reason of {' and '.join(others)}" if others else ""
        raise ValueError(f"the reason of {fault.error} {known}, not {quoted(fault.reason)}{hint}")


def _reasons(model: ServiceModel, error: str) -> Sequence[str]:
    # ThrottlingException is not in the model of SNS.
    member = model.shapes.get(error, {}).get("members", {}).get("Reason")
    return model.shapes[member["shape"]]["enum"] if member else ()


def _is_between(value: Any, least: float, most: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and least <= value <= most
