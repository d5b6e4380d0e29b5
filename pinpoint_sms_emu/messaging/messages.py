"""The messages that were sent and received, kept so that tests and people can read them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pinpoint_sms_emu.messaging.sending import speech
from pinpoint_sms_emu.messaging.sending.rcs_content import addresses_to_open
from pinpoint_sms_emu.state.tables import Entry
from pinpoint_sms_emu.wire import shapes

# Of TimeToLive: "By default this is 72 hours."
LONGEST_TIME_TO_LIVE = 259_200


@dataclass(slots=True, kw_only=True)
class Fallback:
    """What is sent instead of an RCS message that does not arrive, and when."""

    # SMS or MMS, and how many seconds after the RCS message.
    channel: str
    after: int
    body: str | None = None
    media_urls: list[str] = field(default_factory=list)
    # None: what the service chooses.
    origination_identity: str | None = None
    message_type: str | None = None


@dataclass(slots=True)
class MessageEvent:
    """An event of a message; its record is made of it when it is read."""

    event_type: str
    at: datetime
    is_final: bool
    # Whether the message cost anything then: what is not delivered may be for nothing in the end.
    is_charged: bool
    # Its place among the records of all messages.
    sequence: int


@dataclass(slots=True, kw_only=True)
class Message(Entry):
    """A message that was sent or received. What is absent is None or empty.

    For example:

        message = sms.wait_for(recipient="+14255550100")
        assert message.codes == ["482913"] and message.status == "DELIVERED"
    """

    kind: ClassVar[str] = "message"

    account_id: str
    region: str
    channel: str
    direction: str
    sender: str
    recipient: str
    body: str | None
    created: datetime
    message_type: str | None = None
    # The id of what it was sent from; a generic sender, which no account owns, has none.
    origination_identity: str | None = None
    pool_id: str | None = None
    # The account of a pool that is shared.
    pool_account_id: str | None = None
    configuration_set: str | None = None
    encoding: str | None = None
    parts: int = 1
    price: float = 0.0
    status: str = "PENDING"
    feedback: str | None = None
    context: dict[str, str] = field(default_factory=dict)
    in_reply_to: str | None = None
    fallback_of: str | None = None

    # Its events so far, and the payload that an inbound one had for a two-way channel.
    history: list[MessageEvent] = field(default_factory=list)
    two_way_payload: dict[str, Any] | None = None

    # Of the number or identity that it was sent from, or of its destination.
    number_type: str | None = None
    # Whether its number could send abroad.
    international: bool = False
    iso_country_code: str | None = None
    time_to_live: int = LONGEST_TIME_TO_LIVE
    protect_configuration_id: str | None = None
    protect_status: str | None = None
    # ALLOW or BLOCK, where its rule is MONITOR or FILTER.
    protect_recommendation: str | None = None
    destination_country_parameters: dict[str, str] = field(default_factory=dict)
    media_urls: list[str] = field(default_factory=list)
    voice_id: str | None = None
    message_body_text_type: str | None = None
    # How long the call lasts when it is answered.
    call_seconds: int | None = None
    template_id: str | None = None
    template_variables: dict[str, str] = field(default_factory=dict)
    # The RcsMessageContent of the request, with its members in snake case.
    rcs_content: dict[str, Any] | None = None
    # The RCS conversation that it is part of: which message began it (OUTBOUND or INBOUND), and
    # what the session costs in US dollars.
    conversation_initiating_message_id: str | None = None
    conversation_initiating_message_type: str | None = None
    conversation_session_fee: float | None = None
    # The id that the RCS platform has for the agent in the country.
    rcs_business_id: str | None = None
    fallback: Fallback | None = None
    # The monthly limit that it counts towards, if not its channel's.
    spend: str | None = None
    # The types of the events that are still to come.
    pending_events: tuple[str, ...] = ()

    @property
    def message_id(self) -> str:
        """The MessageId that the sender got."""
        return self.id

    @property
    def rcs_message_content(self) -> dict[str, Any] | None:
        """The RcsMessageContent of the request, as it is on the wire."""
        return None if self.rcs_content is None else shapes.render(_RCS, self.rcs_content)

    @property
    def spoken_text(self) -> str | None:
        """What a voice message says: of SSML, what stands between the tags."""
        if self.channel != "voice":
            return None
        return speech.read_script(self.body or "", self.message_body_text_type or "TEXT")

    @property
    def price_per_part(self) -> float:
        """The price of one part, in US dollars; of a voice message, of the whole call."""
        return round(self.price / self.parts, 6)

    @property
    def codes(self) -> list[str]:
        """The one-time codes in it, as a person would type them, the likeliest first."""
        from pinpoint_sms_emu.messaging.codes import find_codes

        return find_codes(self.body if self.channel != "voice" else self.spoken_text)

    @property
    def links(self) -> list[str]:
        """The web addresses in its text, then those that its suggestions open."""
        from pinpoint_sms_emu.messaging.codes import find_links

        suggested = addresses_to_open(self.rcs_content)
        return list(dict.fromkeys((*find_links(self.body), *suggested)))

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its event records, in the order they were made."""
        return [self.record(position) for position in range(self.record_count)]

    @property
    def record_count(self) -> int:
        """How many records there are of it."""
        return len(self.history) if self.two_way_payload is None else 1

    def record(self, position: int) -> dict[str, Any]:
        """Make one of its records."""
        from pinpoint_sms_emu.messaging.events.records import make_record

        if self.two_way_payload is not None:
            return dict(self.two_way_payload)
        return make_record(self, self.history[position])

    @property
    def comes_from_short_code(self) -> bool:
        """Whether a short code has sent it; a test may give one any number."""
        return self.number_type == "SHORT_CODE"

    def as_dict(self, *, events: bool = True) -> dict[str, Any]:
        """The message as JSON, with or without its event records, which take the most time."""
        members = {name: _copied(getattr(self, name)) for name in MEMBERS}
        members["created"] = self.created.isoformat()
        if self.time_to_live > LONGEST_TIME_TO_LIVE:  # an RCS message that does not expire
            members["time_to_live"] = None
        members["fallback"] = None if self.fallback is None else asdict(self.fallback)
        return members | {"events": self.events} if events else members


def _copied(value: Any) -> Any:
    """Copy what a caller could change."""
    return deepcopy(value) if isinstance(value, dict | list) else value


# The shape of SendRcsMessage's content.
_RCS = "RcsMessageContent"

# What a message has as JSON, in this order; its event records come last.
MEMBERS = (
    "message_id",
    "account_id",
    "region",
    "channel",
    "direction",
    "sender",
    "recipient",
    "body",
    "codes",
    "links",
    "message_type",
    "origination_identity",
    "pool_id",
    "configuration_set",
    "protect_configuration_id",
    "encoding",
    "parts",
    "price",
    "price_per_part",
    "status",
    "feedback",
    "context",
    "created",
    "time_to_live",
    "destination_country_parameters",
    "media_urls",
    "rcs_message_content",
    "voice_id",
    "message_body_text_type",
    "spoken_text",
    "template_id",
    "template_variables",
    "in_reply_to",
    "fallback",
    "fallback_of",
)
