"""The public methods about IAM policies: the policy that calls need, and what a policy denies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from pinpoint_sms_emu.service.filters import must_be_a_text, must_be_filters
from pinpoint_sms_emu.state.steps import Steps, finish, select_in_steps, slices
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.permissions.evaluation import Denial
    from pinpoint_sms_emu.service.calls import Call
    from pinpoint_sms_emu.service.engine import Engine


class PolicyFilters(TypedDict, total=False):
    """Filters for the calls from which a policy is made."""

    account_id: str | None
    region: str | None
    access_key: str | None
    user_agent: str | None
    operation: str | None
    refused: bool | None


class PermissionsApi:
    """The permissions that the calls of an emulator need."""

    _engine: Engine

    def policy(self, *, widen: bool = False, **filters: Unpack[PolicyFilters]) -> dict[str, Any]:
        """Return the least-privilege IAM policy for the recorded calls.

        All given filters must match: `account_id`, `region`, `access_key`, `user_agent` (a part of
        it), `operation`, and `refused` (True or False). By default, all calls count, including
        refused ones. Resources that the calls have created with an id of AWS's choice are allowed
        by a pattern (`phone-number/*`). `widen`: use patterns for all resources.

        Returns the policy document, whose `Statement` is empty if there are no calls. Raises a
        ValueError for wrong or unknown filters.

            policy = sms.policy(user_agent="checkout")
            Path("policy.json").write_text(json.dumps(policy, indent=2))
        """
        return finish(make_policy_in_steps(self._engine, widen=widen, **filters))

    def assert_allowed_by(self, policy: Mapping[str, Any] | str) -> None:
        """Assert that a policy allows all recorded calls.

        `policy`: an IAM policy document, as a mapping or as JSON text.

        Raises an AssertionError that lists the denied actions and ARNs, and a ValueError for an
        invalid policy.

            sms.assert_allowed_by(Path("policy.json").read_text())
        """
        from pinpoint_sms_emu.permissions import generation, policies

        document, engine = policies.read(policy), self._engine
        denied: dict[tuple[str, str], Denial] = {}
        for part in slices(engine.calls.all()):
            with engine.transaction():
                denied |= generation.denied_by(document, part, engine.state.accounts)
            engine.pause()
        if denied:
            lines = [f"{action} on {resource}" for action, resource in denied]
            raise AssertionError("The policy would have denied:\n  " + "\n  ".join(lines))


def make_policy_in_steps(
    engine: Engine, *, widen: bool = False, **filters: Unpack[PolicyFilters]
) -> Steps[dict[str, Any]]:
    """Generate a policy in steps, between which calls can be answered."""
    from pinpoint_sms_emu.permissions import generation

    if not isinstance(widen, bool):
        raise ValueError(f"widen must be true or false, not {quoted(widen)}")
    calls = yield from _select_calls(engine, filters)
    steps = generation.generate(calls, engine.calls.all(), engine.state.accounts, widen=widen)
    return (yield from steps)


def _select_calls(engine: Engine, filters: PolicyFilters) -> Steps[list[Call]]:
    must_be_filters(filters, PolicyFilters.__annotations__, "the calls of a policy")
    selected: Any = dict(filters)
    access_key, user_agent = selected.pop("access_key", None), selected.pop("user_agent", None)
    must_be_a_text("access_key", access_key)
    must_be_a_text("user_agent", user_agent)
    found = yield from engine.calls.search(**selected)
    if access_key is None and user_agent is None:
        return found.calls
    return (
        yield from select_in_steps(
            found.calls,
            lambda call: (
                access_key in (None, call.access_key)
                and (user_agent is None or user_agent in (call.user_agent or ""))
            ),
        )
    )
