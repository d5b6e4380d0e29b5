"""Explanations of refusals: what in the state caused them, and what would help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import ApiError, FrontEndError
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service import help_texts
from pinpoint_sms_emu.service.destinations import find_destination
from pinpoint_sms_emu.service.faults import InjectedFault
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.service.why import Why
from pinpoint_sms_emu.wire.protocol import OperationRequest
from pinpoint_sms_emu.wording import WITH_ADD_NUMBER, kind_in_words

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# The Reasons of values that have the wrong form.
_FORM: Final = ("FIELD_VALIDATION_FAILED", "INVALID_PARAMETER")

Describe = Callable[["Refusal"], None]


class Refusal:
    """A refused call, the state it was refused in, and its explanation so far."""

    def __init__(self, state: State, call: OperationRequest, error: ApiError, why: Why) -> None:
        self.state = state
        self.call = call
        self.error = error
        self.why = why
        self.account: Account | None = state.accounts.get((call.account_id, call.region))

    def add(self, sentence: str, help: str = "") -> None:
        """Add a cause of the refusal, and what would help."""
        self.why.state.append(sentence)
        self.why.help = self.why.help or help

    @property
    def resource_id(self) -> str:
        """The id of the resource that the error names."""
        return str(self.error.members.get("ResourceId") or "")

    @property
    def resource(self) -> Any:
        """The resource that the error names, or None if the account does not have it."""
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
    """Explain a refusal by looking at the current state."""
    explained = Why(call.operation if call else None, error, None)
    if fault.error is not None:
        explained.fault_id = fault.fault_id
        explained.state = [f"The fault {fault.fault_id} was added to make this call fail"]
        explained.help = "Remove it with clear_faults, or DELETE /_emulator/faults."
    elif call is not None:
        describe(state, call, error, explained)
    else:
        explained.help = help_texts.WITH_SIGNING.get(error.code, "")
        if isinstance(error, FrontEndError) and error.cause:
            explained.state = [error.cause]
    return explained


def describe(state: State, call: OperationRequest, error: ApiError, why: Why) -> None:
    """Describe what in the state caused a refusal."""
    refusal = Refusal(state, call, error, why)
    describe_one = _BY_REASON.get(error.reason or "") or _BY_CODE.get(error.code)
    if describe_one is not None:
        describe_one(refusal)
    if not why.state:
        for field in error.members.get("Fields") or ():
            name, message = field["Name"], field["Message"]
            # The message about a part of a member begins with its path: MediaUrls[0].
            is_named = message.lower().startswith((f"{name}[".lower(), f"{name}.".lower()))
            sentence = message if is_named else f"{name} {message}"
            helps = _help_with_form(refusal, name) if error.reason in _FORM else ""
            helps = "" if helps == help_texts.E164 and "E.164" in sentence else helps
            refusal.add(sentence, helps or help_texts.BY_REASON.get(error.reason or "", ""))


def _help_with_form(refusal: Refusal, field: str) -> str:
    """Return what helps if a field has the wrong form."""
    value = refusal.call.body.get(f"{field[:1].upper()}{field[1:]}")
    if refusal.account and isinstance(value, str) and value.startswith("+"):
        # Few operations take the number itself; a newcomer tries it in all.
        number = refusal.account.phone_numbers.by_number(value)
        if number is not None:
            return f"Name the number {value} by its id, {number.id}."
    return help_texts.BY_FIELD.get(field, "")


# By Reason.


def _opted_out(refusal: Refusal) -> None:
    number = refusal.destination
    for account in refusal.state.accounts_in(None, refusal.call.region):
        for opt_out_list in account.opt_out_lists:
            entry = opt_out_list.numbers.get(number)
            if entry is None:
                continue
            opted_out_at = entry.opted_out_timestamp
            by = f"by calling PutOptedOutNumber for the list {opt_out_list.id}"
            if entry.end_user_opted_out:
                by = f"{_inbound(refusal, entry.message_id)}, on the list {opt_out_list.id}"
            refusal.add(
                f"{number} opted out on {opted_out_at:%Y-%m-%d %H:%M:%S} UTC {by}",
                "Call DeleteOptedOutNumber, or receive a keyword with the action OPT_IN from the "
                "number, which PutKeyword can create.",
            )


def _inbound(refusal: Refusal, message_id: str | None) -> str:
    """Describe the message that opted a number out, as long as it is kept."""
    message = refusal.state.messages.get(message_id or "")
    if message is None:
        return "with an inbound message"
    return f"with the inbound message {message.id} ({message.body}) to {message.recipient}"


def _no_identity(refusal: Refusal) -> None:
    refusal.why.candidates = [
        dict(zip(("id", "sender", "reason"), candidate, strict=True))
        for candidate in refusal.error.candidates
    ]
    tried = "; ".join(f"{each['sender']} {each['reason']}" for each in refusal.why.candidates)
    found = find_destination(refusal.destination)
    country = found.iso_country_code if found else "that destination"
    pool = refusal.call.body.get("OriginationIdentity")
    holder = f"{pool} has" if pool else "The account has"
    refusal.add(
        f"{holder} nothing that can send to {country}" + (f"; tried: {tried}" if tried else ""),
        f"Add a number for {country} {WITH_ADD_NUMBER}, call RequestPhoneNumber, or "
        "name an identity that can send there.",
    )


def _no_sender_id(refusal: Refusal) -> None:
    """Tell a sender ID that is not supported from a mistyped id, which passes for a sender ID."""
    identity = refusal.call.body.get("OriginationIdentity")
    found = find_destination(refusal.destination)
    if identity and found:
        refusal.add(
            f"{identity} is neither a phone number nor a pool of the account, so it was read as a "
            f"sender ID, and {found.iso_country_code} has no sender IDs",
            "Name a phone number or a pool; GET /_emulator/resources lists what there is.",
        )


def _not_verified(refusal: Refusal) -> None:
    refusal.add(
        f"The account is in the sandbox, and {refusal.destination} is not a verified number",
        "Verify it, send to a simulator number, or use account_tier=PRODUCTION.",
    )


def _not_active(refusal: Refusal) -> None:
    status = getattr(refusal.resource, "status", None)
    if status:
        refusal.add(
            f"{refusal.resource_id} is {status}",
            "Wait until it is ACTIVE: move the clock, or use transition_seconds=0.",
        )


def _protected(refusal: Refusal) -> None:
    refusal.add(
        f"{refusal.resource_id} is protected against deletion",
        "Set DeletionProtectionEnabled to false with its Update operation first.",
    )


def _blocked(refusal: Refusal) -> None:
    found = find_destination(refusal.destination)
    country = found.iso_country_code if found else "the country"
    refusal.add(
        f"The protect configuration {refusal.resource_id} blocks {refusal.destination} ({country})",
        "Change its country rule set, or add a rule set number override that allows the number.",
    )


def _spent(refusal: Refusal) -> None:
    if refusal.account is None:
        return
    from pinpoint_sms_emu.resources import spend_limits

    kind = (refusal.error.reason or "").rpartition("_")[2]
    spent = spend_limits.spent_this_month(refusal.account, kind)
    limit = spend_limits.enforced_limit(refusal.account, kind)
    refusal.add(
        f"{spent:.5f} of {limit} USD has been spent on {kind} messages this month",
        f"Raise the limit with Set{kind.title()}MessageSpendLimitOverride, or move the clock to "
        "the next month.",
    )


def _exists(refusal: Refusal) -> None:
    refusal.add(
        f"The {_kind(refusal)} {refusal.resource_id} already exists", "Choose another name."
    )


def _in_a_pool(refusal: Refusal) -> None:
    pool_id = getattr(refusal.resource, "pool_id", None)
    if pool_id:
        refusal.add(
            f"The {_kind(refusal)} {refusal.resource_id} belongs to the pool {pool_id}",
            "Call DisassociateOriginationIdentity first.",
        )


def _other_message_type(refusal: Refusal) -> None:
    own = getattr(refusal.resource, "message_type", None)
    asked = refusal.call.body.get("MessageType")
    if own and asked:
        refusal.add(
            f"The message type of {refusal.resource_id} is {own}, and the call has {asked}",
            "Leave MessageType out, or name an origination identity of that type.",
        )


def _not_to_be_submitted(refusal: Refusal) -> None:
    from pinpoint_sms_emu.resources.registrations import definitions, versions

    registration = refusal.resource
    if registration is None or refusal.account is None:
        return
    version = registration.current
    if registration.status == "CLOSED":
        refusal.add(
            f"{registration.id} is CLOSED",
            "Call DeleteRegistration, and begin another registration.",
        )
        return
    if version.status != "DRAFT":
        refusal.add(
            f"Version {version.version_number} of {registration.id} is {version.status}",
            "Begin another version with CreateRegistrationVersion.",
        )
    for missing in versions.missing_identities(refusal.account, registration):
        refusal.add(
            f"{registration.id} is associated with no {missing}",
            "Call CreateRegistrationAssociation first.",
        )
    problems = definitions.find_problems(registration.form, version.values)
    # Some forms may have gaps, so the fields are the cause only if there is no other cause.
    if problems and not refusal.why.state:
        refusal.add(
            f"Fields are missing or wrong: {', '.join(problems)}",
            "Set them with PutRegistrationFieldValue.",
        )


# By code.


def _not_found(refusal: Refusal) -> None:
    if not refusal.resource_id:
        return  # such as a number to request: the rule says which
    kind = str(refusal.error.members.get("ResourceType"))
    message = refusal.state.messages.get(refusal.resource_id) if kind == "message" else None
    if message is not None:
        _no_feedback_of(refusal, message)
        return
    here = f"account {refusal.call.account_id} in {refusal.call.region}"
    refusal.add(f"There is no {_kind(refusal)} {refusal.resource_id} in {here}")
    for (account_id, region), account in refusal.state.accounts.items():
        is_elsewhere = (account_id, region) != (refusal.call.account_id, refusal.call.region)
        table = account.tables.get(kind)
        named = refusal.resource_id
        if is_elsewhere and table is not None and _has(table, named):
            refusal.why.is_elsewhere = True
            refusal.add(
                f"Account {account_id} has {named} in {region}",
                "Call in that Region, or with an access key of that account.",
            )
    refusal.why.help = refusal.why.help or help_texts.IF_NOT_FOUND.get(kind, "")


def _no_feedback_of(refusal: Refusal, message: Message) -> None:
    place = f"account {message.account_id} in {message.region}"
    if message.feedback is None:
        refusal.add(
            f"The message {message.id} of {place} has no record of feedback",
            "Send it with MessageFeedbackEnabled, or call SetDefaultMessageFeedbackEnabled for its "
            "configuration set.",
        )
    else:
        refusal.add(
            f"The message {message.id} belongs to {place}",
            "Call in that Region, or with an access key of that account.",
        )


def _has(table: Any, name: str) -> bool:
    by_number = getattr(table, "by_number", None)
    return name in table or (by_number is not None and by_number(name) is not None)


def _quota(refusal: Refusal) -> None:
    name = refusal.error.reason or ""
    quotas = refusal.state.settings.quotas
    if name in quotas:
        refusal.add(
            f"The quota {name} is {quotas[name]}",
            f"Delete what you do not need, or change the setting quotas: {name}=N.",
        )


def _throttled(refusal: Refusal) -> None:
    refusal.add(
        f"{refusal.call.operation} was called faster than AWS's documented rate allows",
        "Call more slowly, or use throttling=False.",
    )


def _denied(refusal: Refusal) -> None:
    refusal.add(refusal.error.message, "Allow the action in the policy of the caller.")


def _kind(refusal: Refusal) -> str:
    return kind_in_words(refusal.error.members.get("ResourceType") or "resource")


_BY_REASON: Final[Mapping[str, Describe]] = {
    "DESTINATION_PHONE_NUMBER_OPTED_OUT": _opted_out,
    "DESTINATION_PHONE_NUMBER_NOT_VERIFIED": _not_verified,
    "NO_ORIGINATION_IDENTITIES_FOUND": _no_identity,
    "RESOURCE_NOT_ACTIVE": _not_active,
    "SENDER_ID_NOT_SUPPORTED": _no_sender_id,
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
    "MESSAGE_TYPE_MISMATCH": _other_message_type,
    "PHONE_NUMBER_ASSOCIATED_TO_POOL": _in_a_pool,
    "SENDER_ID_ASSOCIATED_TO_POOL": _in_a_pool,
    "RCS_AGENT_ASSOCIATED_TO_POOL": _in_a_pool,
}
_BY_CODE: Final[Mapping[str, Describe]] = {
    "ResourceNotFoundException": _not_found,
    "ServiceQuotaExceededException": _quota,
    "ThrottlingException": _throttled,
    "AccessDeniedException": _denied,
}
