"""What in the state caused a refusal, in sentences, and what would help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.service.destinations import find_destination
from pinpoint_sms_emu.service.faults import InjectedFault
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.service.why import Why
from pinpoint_sms_emu.wire.protocol import OperationRequest

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

Describe = Callable[["Circumstances"], None]


class Circumstances:
    """One refusal, with what is known about it, and its explanation so far."""

    def __init__(self, state: State, call: OperationRequest, error: ApiError, why: Why) -> None:
        self.state = state
        self.call = call
        self.error = error
        self.why = why
        self.account: Account | None = state.accounts.get((call.account_id, call.region))

    def say(self, sentence: str, help: str = "") -> None:
        """Add what in the state caused the refusal, and what would help."""
        self.why.state.append(sentence)
        self.why.help = self.why.help or help

    @property
    def resource_id(self) -> str:
        """The resource that the error names."""
        return str(self.error.members.get("ResourceId") or "")

    @property
    def resource(self) -> Any:
        """The resource that the error names, if the account has it."""
        kind = self.error.members.get("ResourceType")
        table = self.account.tables.get(kind) if self.account and kind else None
        return table.get(self.resource_id) if table is not None else None

    @property
    def destination(self) -> str:
        """The destination number of the request, in E.164 form."""
        number = str(self.call.body.get("DestinationPhoneNumber") or self.resource_id)
        found = find_destination(number)
        return found.phone_number if found else number


def explain(
    state: State, call: OperationRequest | None, fault: InjectedFault, error: ApiError
) -> Why:
    """Explain a refusal from the state as it is now."""
    explained = Why(call.operation if call else None, error, None)
    if fault.error is not None:
        explained.fault_id = fault.fault_id
        explained.state = [f"The fault {fault.fault_id} was added to make this call fail"]
        explained.help = "Remove it with clear_faults, or DELETE /_emulator/faults."
    elif call is not None:
        describe(state, call, error, explained)
    return explained


def describe(state: State, call: OperationRequest, error: ApiError, why: Why) -> None:
    """Describe what caused a refusal, as far as the state tells."""
    circumstances = Circumstances(state, call, error, why)
    describe_one = _BY_REASON.get(error.reason or "") or _BY_CODE.get(error.code)
    if describe_one is not None:
        describe_one(circumstances)
    if not why.state:
        for field in error.members.get("Fields") or ():
            circumstances.say(f"{field['Name']} {field['Message']}")


# By Reason.


def _opted_out(about: Circumstances) -> None:
    number = about.destination
    for account in about.state.accounts_in(None, about.call.region):
        for opt_out_list in account.opt_out_lists:
            entry = opt_out_list.numbers.get(number)
            if entry is None:
                continue
            opted_out_at = entry.opted_out_timestamp
            by = f"by calling PutOptedOutNumber for the list {opt_out_list.id}"
            if entry.end_user_opted_out:
                inbound = _last_inbound(about, number, opted_out_at)
                by = f"{inbound}, on the list {opt_out_list.id}"
            about.say(
                f"{number} opted out on {opted_out_at:%Y-%m-%d %H:%M:%S} UTC {by}",
                "Call DeleteOptedOutNumber, or let the person text a keyword with the action "
                "OPT_IN, which PutKeyword makes.",
            )


def _last_inbound(about: Circumstances, number: str, until: datetime) -> str:
    """The message that opted a number out: what the person has sent since is not it."""
    for message in reversed(list(about.state.messages)):
        is_theirs = message.direction == "inbound" and message.sender == number
        if is_theirs and message.created <= until:
            return f"with the inbound message {message.id} ({message.body}) to {message.recipient}"
    return "with an inbound message"


def _no_identity(about: Circumstances) -> None:
    about.why.candidates = [
        dict(zip(("id", "sender", "reason"), candidate, strict=True))
        for candidate in about.error.candidates
    ]
    tried = "; ".join(f"{each['sender']} {each['reason']}" for each in about.why.candidates)
    found = find_destination(about.destination)
    country = found.iso_country_code if found else "that destination"
    pool = about.call.body.get("OriginationIdentity")
    holder = f"{pool} has" if pool else "The account has"
    about.say(
        f"{holder} nothing that can send to {country}" + (f"; tried: {tried}" if tried else ""),
        f"Request or add a number for {country}, or name an identity that can send there.",
    )


def _not_verified(about: Circumstances) -> None:
    about.say(
        f"The account is in the sandbox, and {about.destination} is not a verified number",
        "Verify it, send to a simulator number, or use account_tier=PRODUCTION.",
    )


def _not_active(about: Circumstances) -> None:
    status = getattr(about.resource, "status", None)
    if status:
        about.say(
            f"{about.resource_id} is {status}",
            "Wait until it is ACTIVE: move the clock, or use transition_seconds=0.",
        )


def _protected(about: Circumstances) -> None:
    about.say(
        f"DeletionProtectionEnabled of {about.resource_id} is true",
        "Turn it off with the Update operation first.",
    )


def _blocked(about: Circumstances) -> None:
    found = find_destination(about.destination)
    country = found.iso_country_code if found else "the country"
    about.say(
        f"The protect configuration {about.resource_id} blocks {about.destination} ({country})",
        "Change its country rule set, or add a rule set number override that allows the number.",
    )


def _spent(about: Circumstances) -> None:
    if about.account is None:
        return
    from pinpoint_sms_emu.resources import spend_limits

    for kind in spend_limits.kinds():
        spent = spend_limits.spent_this_month(about.account, kind)
        limit = spend_limits.enforced_limit(about.account, kind)
        if spent:
            about.say(
                f"{spent:.5f} of {limit} USD were spent on {kind} messages this month",
                "Raise the limit with the operation Set…SpendLimitOverride, or move the clock to "
                "the next month.",
            )


def _exists(about: Circumstances) -> None:
    about.say(f"There is already {_kind(about)} {about.resource_id}", "Choose another name.")


def _not_to_be_submitted(about: Circumstances) -> None:
    from pinpoint_sms_emu.resources.registrations import definitions, versions

    registration = about.resource
    if registration is None or about.account is None:
        return
    version = registration.current
    if version.status != "DRAFT":
        about.say(
            f"Version {version.version_number} of {registration.id} is {version.status}",
            "Begin another version with CreateRegistrationVersion.",
        )
    for missing in versions.missing_identities(about.account, registration):
        about.say(
            f"{registration.id} is associated with no {missing}",
            "Call CreateRegistrationAssociation first.",
        )
    faults = definitions.find_faults(registration.form, version.values)
    # Other forms take gaps: these are the reason only where there is no other.
    if faults and not about.why.state:
        about.say(
            f"Fields are missing or wrong: {', '.join(faults)}",
            "Set them with PutRegistrationFieldValue.",
        )


# By code.


def _not_found(about: Circumstances) -> None:
    here = f"account {about.call.account_id} in {about.call.region}"
    about.say(f"There is no {_kind(about)} {about.resource_id} in {here}")
    for (account_id, region), account in about.state.accounts.items():
        is_elsewhere = (account_id, region) != (about.call.account_id, about.call.region)
        table = account.tables.get(str(about.error.members.get("ResourceType")))
        named = about.resource_id
        if is_elsewhere and table is not None and _has(table, named):
            about.say(
                f"Account {account_id} has {named} in {region}",
                "Call in that Region, or with an access key of that account.",
            )


def _has(table: Any, name: str) -> bool:
    by_number = getattr(table, "by_number", None)
    return name in table or (by_number is not None and by_number(name) is not None)


def _quota(about: Circumstances) -> None:
    name = about.error.reason or ""
    quotas = about.state.settings.quotas
    if name in quotas:
        about.say(
            f"The quota {name} is {quotas[name]}",
            f"Delete what is not needed, or set quotas={name}=N.",
        )


def _throttled(about: Circumstances) -> None:
    about.say(
        f"{about.call.operation} was called faster than AWS's documented rate allows",
        "Call more slowly, or use throttling=False.",
    )


def _denied(about: Circumstances) -> None:
    about.say(about.error.message, "Allow the action in the policy of the caller.")


def _kind(about: Circumstances) -> str:
    return str(about.error.members.get("ResourceType") or "resource").replace("-", " ")


_BY_REASON: Final[Mapping[str, Describe]] = {
    "DESTINATION_PHONE_NUMBER_OPTED_OUT": _opted_out,
    "DESTINATION_PHONE_NUMBER_NOT_VERIFIED": _not_verified,
    "NO_ORIGINATION_IDENTITIES_FOUND": _no_identity,
    "RESOURCE_NOT_ACTIVE": _not_active,
    "DELETION_PROTECTION_ENABLED": _protected,
    "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION": _blocked,
    "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE": _blocked,
    "MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY": _spent,
    "MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS": _spent,
    "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT": _spent,
    "MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE": _spent,
    "MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA": _spent,
    "RESOURCE_ALREADY_EXISTS": _exists,
    "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED": _not_to_be_submitted,
}
_BY_CODE: Final[Mapping[str, Describe]] = {
    "ResourceNotFoundException": _not_found,
    "ServiceQuotaExceededException": _quota,
    "ThrottlingException": _throttled,
    "AccessDeniedException": _denied,
}
