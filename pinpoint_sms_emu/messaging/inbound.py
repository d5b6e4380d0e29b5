"""Inbound messages from end users to numbers and agents: keywords, opt-outs, two-way channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypedDict, Unpack

from pinpoint_sms_emu.messaging.contacts import name_of, note_sent
from pinpoint_sms_emu.messaging.delivery import simulation
from pinpoint_sms_emu.messaging.events.records import make_inbound_record
from pinpoint_sms_emu.messaging.inbound_rcs import (
    Interaction,
    is_published,
    make_payload,
    media_url,
    new_id,
    read_interaction,
)
from pinpoint_sms_emu.messaging.keyword_matches import Match, find_match
from pinpoint_sms_emu.messaging.message_queries import spellings
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.messaging.sending.channels import RCS, TEXT, Channel
from pinpoint_sms_emu.messaging.sending.conversations import note_exchange
from pinpoint_sms_emu.messaging.sending.parts import rcs_segments, segment
from pinpoint_sms_emu.messaging.sending.selection import sender_of
from pinpoint_sms_emu.messaging.sending.suitability import only_receives
from pinpoint_sms_emu.messaging.two_way_channels import answering_of, publish
from pinpoint_sms_emu.reference.countries import country
from pinpoint_sms_emu.resources import spend_limits
from pinpoint_sms_emu.resources.opt_out_lists import opt_in, opt_out, opt_out_list_of
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.rcs_launches import is_tester
from pinpoint_sms_emu.resources.two_way import TwoWay
from pinpoint_sms_emu.service.destinations import (
    Destination,
    find_destination,
    must_have_a_country_code,
)
from pinpoint_sms_emu.service.filters import must_be_a_place
from pinpoint_sms_emu.state.clock import EPOCH
from pinpoint_sms_emu.state.read_only import read_only
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION
from pinpoint_sms_emu.wording import WITH_ADD_NUMBER, kind_in_words, quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account, StateInterface

# The resources that receive messages.
Textable: TypeAlias = PhoneNumber | RcsAgent
# How many numbers an error names.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Inbound:
    """The effect of an inbound message: its keyword, and what the service did."""

    message_id: str
    keyword: str | None = None
    # OPT_OUT, OPT_IN or AUTOMATIC_RESPONSE, unless opt-outs are self-managed.
    action: str | None = None
    # The text of the automatic reply.
    reply: str | None = None


class Interactions(TypedDict, total=False):
    """The interactions of end users with an RCS agent, other than texts."""

    # Taps a suggestion: text, postback_data.
    suggestion: Mapping[str, Any] | None
    # Shares a location: latitude, longitude.
    location: Mapping[str, Any] | None
    # Sends a file: file_name, mime_type, file_size_bytes, status.
    media: Mapping[str, Any] | None
    # Begins to type.
    typing: bool | None
    # Begins a session of conversational pricing.
    conversation_started: bool | None


def receive(
    state: StateInterface,
    body: Any,
    *,
    sender: Any,
    recipient: Any,
    account_id: str | None = None,
    region: str | None = None,
    **interactions: Unpack[Interactions],
) -> Inbound:
    """Receive a text to a number or an agent, or another interaction with an RCS agent.

    Raises a ValueError for wrong arguments, and a LookupError for an unknown number.
    """
    interaction = _read(body, interactions)
    person = _find_person(sender) if isinstance(sender, str) else None
    if person is None:
        raise ValueError(f"sender must be a phone number in E.164 form, not {sender!r:.80}")
    account, number = _find_recipient(state, recipient, account_id, region)
    _must_be_able_to_receive(account, number, person)
    if interaction:
        return _interact(account, number, person, interaction)

    answering = answering_of(account, number)
    match = find_match(number, answering, body)
    previous = _previous_message(account, number, person)
    message = _keep(account, number, person, body)
    if answering.two_way_enabled:
        keyword = match.keyword if match else f"KEYWORD_{account.account_id}"
        publish(account, answering, message, make_inbound_record(message, keyword, previous))
    if match is None:
        return Inbound(message.id)
    if answering.self_managed_opt_outs_enabled and match.is_about_opting_out:
        # "When set to true you're responsible for responding to HELP and STOP requests."
        return Inbound(message.id, match.keyword)

    _act(account, answering, match, message)
    if only_receives(number, "SMS"):
        return Inbound(message.id, match.keyword, match.action)
    _reply(account, number, message, match)
    return Inbound(message.id, match.keyword, match.action, match.reply)


# Find and refuse.


def _read(body: Any, interactions: Interactions) -> Interaction | None:
    """Parse the interaction, None for a text; raise a ValueError for wrong arguments."""
    known = dict.fromkeys(Interactions.__annotations__)
    if body is None:
        return read_interaction({**known, **interactions})
    if others := [name for name, value in interactions.items() if value]:
        raise ValueError(f"give a body or {others[0]}, not both")
    if not isinstance(body, str) or not body.strip():
        raise ValueError(f"body must be a text that is not blank, not {body!r:.80}")
    return None


def _find_person(sender: str) -> Destination | None:
    must_have_a_country_code(sender)
    return find_destination(sender)


def _find_recipient(
    state: StateInterface, recipient: Any, account_id: str | None, region: str | None
) -> tuple[Account, Textable]:
    """Find a number or an agent; prefer the default account's if there are several."""
    if not isinstance(recipient, str) or not recipient:
        raise ValueError(f"recipient must be a number of an account, not {quoted(recipient)}")
    must_be_a_place(account_id, region)
    found = [
        (account, number)
        for account in state.accounts.values()
        if account_id in (None, account.account_id) and region in (None, account.region)
        for number in _textables(account)
        if recipient in (number.id, number.arn) or sender_of(number) in spellings(recipient)
    ]
    if not found:
        _must_not_be_something_else(state, recipient)
        where = "there is no" if account_id is None else f"account {account_id!s:.80} has no"
        raise LookupError(f"{where} number {recipient!s:.80}; {_describe_textables(state)}")
    if len(found) == 1:
        return found[0]
    for account, number in found:
        if (account.account_id, account.region) == (DEFAULT_ACCOUNT, DEFAULT_REGION):
            return account, number
    raise ValueError(f"several accounts have {recipient}: say which with account_id and region")


def _textables(account: Account) -> Iterator[Textable]:
    yield from account.phone_numbers
    yield from account.rcs_agents


def _describe_textables(state: StateInterface) -> str:
    """Name some numbers that can receive, for an error about another one."""
    senders = [
        sender_of(each) for account in state.accounts.values() for each in _textables(account)
    ]
    if not senders:
        return f"no account has a number: add one {WITH_ADD_NUMBER}"
    more = f" and {len(senders) - _NAMED} more" if len(senders) > _NAMED else ""
    return f"accounts have {', '.join(senders[:_NAMED])}{more}"


def _must_not_be_something_else(state: StateInterface, recipient: str) -> None:
    """Refuse a resource of another kind, which cannot receive messages."""
    for account in state.accounts.values():
        for resource in chain(account.pools, account.sender_ids):
            if recipient in (resource.id, resource.arn):
                kind = kind_in_words(resource.kind)
                raise ValueError(f"{recipient} is a {kind}, which cannot receive messages")


def _must_be_able_to_receive(account: Account, number: Textable, person: Destination) -> None:
    if number.status not in number.working:
        raise ValueError(f"{sender_of(number)} cannot receive: it is {number.status}")
    if isinstance(number, RcsAgent):
        is_open = number.status != "TESTING"
        if not is_open and not is_tester(account, number, person.phone_number):
            raise ValueError(f"{number.id} cannot receive: {person.phone_number} is not a tester")
        return
    if number.phone_number == person.phone_number:
        raise ValueError(
            f"{number.phone_number} cannot receive from itself: the sender is a person"
        )
    if "SMS" not in number.number_capabilities:
        raise ValueError(f"{number.phone_number} cannot receive: it has no SMS capability")
    place = country(number.iso_country_code)
    if place is None or not (place.two_way or only_receives(number, "SMS")):
        raise ValueError(
            f"{number.phone_number} cannot receive: there is no two-way messaging in "
            f"{number.iso_country_code}"
        )


def _channel(number: Textable) -> Channel:
    return RCS if isinstance(number, RcsAgent) else TEXT


def _previous_message(account: Account, number: Textable, person: Destination) -> str | None:
    """Return the message that is answered: the last one that the account sent from the number.

    Inferred: not an automatic reply, because applications look up the id among their messages.
    """
    name = name_of(number.id, sender_of(number))
    # Other accounts also send from what an account shares.
    found = [
        contact
        for each in account.accounts_in_region()
        if (contact := each.contacts.of(person.phone_number).get(name)) and contact.message_id
    ]
    latest = max(found, key=lambda contact: contact.sent or EPOCH, default=None)
    return latest.message_id if latest else None


# Change.


def _interact(
    account: Account, number: Textable, person: Destination, interaction: Interaction
) -> Inbound:
    """Keep an interaction with an agent, and publish it."""
    if not isinstance(number, RcsAgent):
        raise ValueError(f"{number.phone_number} is not an RCS agent: it can only receive texts")
    message_id = new_id(account, interaction, person.phone_number)
    previous = _previous_message(account, number, person)
    message = _keep(account, number, person, interaction.body, message_id)
    message.interaction = read_only(interaction.as_given())
    if url := media_url(number, message_id, interaction):
        message.media_urls = read_only([url])
    if not account.media_files.queue_for_upload(message, interaction.members):
        _publish_interaction(account, number, message, interaction, previous)
    return Inbound(message.id)


def finish_upload(account: Account, message: Message, problem: str | None) -> None:
    """Publish a file that an end user has sent, after its upload."""
    members, message.incoming_media = message.incoming_media or {}, None
    if problem:
        members, message.media_urls = {**members, "status": problem}, read_only([])
        message.interaction = read_only({"media": members})
    agent = account.rcs_agents.get(message.recipient)
    if agent is not None:
        _publish_interaction(account, agent, message, Interaction("media", members))


def _publish_interaction(
    account: Account,
    agent: RcsAgent,
    message: Message,
    interaction: Interaction,
    previous: str | None = None,
) -> None:
    answering = answering_of(account, agent)
    if answering.two_way_enabled and is_published(agent, interaction):
        publish(account, answering, message, make_payload(agent, message, interaction, previous))


def _keep(
    account: Account,
    number: Textable,
    person: Destination,
    body: str | None,
    message_id: str | None = None,
) -> Message:
    parts = segment(body or "") if isinstance(number, PhoneNumber) else None
    message = Message(
        id=message_id or account.random_source.uuid(),
        account_id=account.account_id,
        region=account.region,
        channel=_channel(number).name,
        direction="inbound",
        sender=person.phone_number,
        recipient=sender_of(number),
        body=body,
        created=account.now(),
        pool_id=number.pool_id,
        pool_account_id=number.pool_account_id,
        encoding=parts.encoding if parts else None,
        parts=parts.number if parts else 1,
        status="RECEIVED",
        iso_country_code=person.iso_country_code,
    )
    if isinstance(number, RcsAgent) and body is not None:
        note_exchange(account, number, person.phone_number, message)
    account.messages.keep(message)
    return message


def _act(account: Account, answering: TwoWay, match: Match, message: Message) -> None:
    """Do the action of a keyword, on the opt-out list of the number or of its pool."""
    opt_out_list = opt_out_list_of(account, answering)
    if match.action == "OPT_OUT":
        opt_out(account, opt_out_list, message.sender, message.id)
    elif match.action == "OPT_IN":
        opt_in(opt_out_list, message.sender)


def _reply(account: Account, number: Textable, message: Message, match: Match) -> None:
    """Send the keyword's reply. A carrier's reply costs the account nothing."""
    channel = _channel(number)
    parts = segment(match.reply) if isinstance(number, PhoneNumber) else None
    code = message.iso_country_code or ""
    count = parts.number if parts else rcs_segments(match.reply, code)
    price = channel.price(code).times(count).total
    reply = Message(
        id=account.random_source.uuid(),
        account_id=account.account_id,
        region=account.region,
        channel=channel.name,
        direction="outbound",
        sender=sender_of(number),
        recipient=message.sender,
        body=match.reply,
        created=account.now(),
        message_type=number.message_type,
        origination_identity=number.id,
        pool_id=number.pool_id,
        pool_account_id=number.pool_account_id,
        encoding=parts.encoding if parts else None,
        parts=count,
        price=0.0 if match.by_carrier else float(price),
        in_reply_to=message.id,
        number_type=getattr(number, "number_type", None),
        international=getattr(number, "international_sending_enabled", False),
        iso_country_code=message.iso_country_code,
    )
    if not match.by_carrier:
        spend_limits.add_cost(account, channel.spend, price)
    account.messages.keep(reply)
    note_sent(account, reply)
    if isinstance(number, RcsAgent):
        note_exchange(account, number, reply.recipient, reply)
    simulation.deliver(account, reply)
