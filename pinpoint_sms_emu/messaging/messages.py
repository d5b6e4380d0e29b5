"""Messages that were sent and received."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pinpoint_sms_emu.state.read_only import empty_dict, empty_list, read_only
from pinpoint_sms_emu.state.tables import Entry
from pinpoint_sms_emu.wire.model import SERVICE

# Of TimeToLive: "By default this is 72 hours."
LONGEST_TIME_TO_LIVE = 259_200


@dataclass(slots=True, kw_only=True)
class Fallback:
    """The message that is sent if an RCS message is not delivered, and when."""

    # SMS or MMS, and the delay in seconds after the RCS message.
    channel: str
    after: int
    body: str | None = None
    media_urls: list[str] = field(default_factory=list)
    # None if the service chooses.
    origination_identity: str | None = None
    message_type: str | None = None


@dataclass(slots=True)
class MessageEvent:
    """An event of a message, from which its record is made when it is read."""

    event_type: str
    at: datetime
    is_final: bool
    # Whether the message was charged at this event, because undelivered ones may be refunded.
    is_charged: bool
    # Determines its place among the records of all messages.
    sequence: int


@dataclass(slots=True, kw_only=True)
class Message(Entry):
    """A message that was sent or received. Missing members are None or empty.

    Its status changes by itself, as events happen. Do not set any member.

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
    # The id of the origination identity; None for a shared route.
    origination_identity: str | None = None
    pool_id: str | None = None
    # The account of a pool of another account.
    pool_account_id: str | None = None
    configuration_set: str | None = None
    encoding: str | None = None
    parts: int = 1
    price: float = 0.0
    status: str = "PENDING"
    feedback: str | None = None
    context: dict[str, str] = field(default_factory=empty_dict)
    in_reply_to: str | None = None
    fallback_of: str | None = None

    # Its events so far, and an inbound message's payload for the two-way channel.
    history: tuple[MessageEvent, ...] = ()
    two_way_payload: dict[str, Any] | None = None

    # The type of the number that it was sent from.
    number_type: str | None = None
    # Whether the number had international sending.
    international: bool = False
    iso_country_code: str | None = None
    time_to_live: int = LONGEST_TIME_TO_LIVE
    protect_configuration_id: str | None = None
    protect_status: str | None = None
    # ALLOW or BLOCK, if the protect rule is MONITOR or FILTER.
    protect_recommendation: str | None = None
    destination_country_parameters: dict[str, str] = field(default_factory=empty_dict)
    media_urls: list[str] = field(default_factory=empty_list)
    voice_id: str | None = None
    message_body_text_type: str | None = None
    # The length of the call when it is answered.
    call_seconds: int | None = None
    template_id: str | None = None
    template_variables: dict[str, str] = field(default_factory=empty_dict)
    # The request's RcsMessageContent, with members in snake case.
    rcs_content: dict[str, Any] | None = None
    # What an end user did instead of texting an agent, as it was received:
    # {"suggestion": {"text": "Yes", "postback_data": "yes:1"}}.
    interaction: dict[str, Any] | None = None
    # The RCS conversation: the message that began it, OUTBOUND or INBOUND, and the session's fee in
    # US dollars.
    conversation_initiating_message_id: str | None = None
    conversation_initiating_message_type: str | None = None
    conversation_session_fee: float | None = None
    # The RCS platform's id of the agent in the country.
    rcs_business_id: str | None = None
    fallback: Fallback | None = None
    # The description of a file that an end user sends, until it is in the bucket.
    incoming_media: dict[str, Any] | None = None
    # The monthly spend limit that it counts towards, if not its channel's.
    spend: str | None = None
    # The service that was called, by its name in the SDKs; of an inbound message, this one.
    api: str = SERVICE
    # Why a text that SNS has accepted is not delivered, in SNS's words.
    failure: str | None = None
    # The types of its future events.
    pending_events: tuple[str, ...] = ()
    # The codes in its text, once they have been looked for: the text never changes.
    _found_codes: tuple[str, ...] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def protect(self) -> None:
        """Make its lists and mappings read-only: users get the message itself."""
        for name in _PROTECTED:
            value = getattr(self, name)
            if type(value) in (dict, list):
                setattr(self, name, read_only(value))

    @property
    def message_id(self) -> str:
        """The MessageId in the answer to the sender."""
        return self.id

    @property
    def rcs_message_content(self) -> dict[str, Any] | None:
        """The RcsMessageContent of the request, with AWS's member names."""
        from pinpoint_sms_emu.wire import shapes

        return None if self.rcs_content is None else shapes.render(_RCS, self.rcs_content)

    @property
    def spoken_text(self) -> str | None:
        """The text that a voice message speaks; of SSML, the text between the tags."""
        if self.channel != "voice":
            return None
        from pinpoint_sms_emu.messaging.sending import speech

        return speech.read_script(self.body or "", self.message_body_text_type or "TEXT")

    @property
    def price_per_part(self) -> float:
        """The price of one part in US dollars; for a voice message, of the whole call."""
        return round(self.price / self.parts, 6)

    @property
    def codes(self) -> list[str]:
        """The one-time codes in it as users type them, the most likely first."""
        if self._found_codes is None:
            from pinpoint_sms_emu.messaging.codes import find_codes

            text = self.body if self.channel != "voice" else self.spoken_text
            self._found_codes = tuple(find_codes(text))
        return list(self._found_codes)

    @property
    def links(self) -> list[str]:
        """The web addresses in its text, and those that its suggestions open."""
        from pinpoint_sms_emu.messaging.codes import find_links
        from pinpoint_sms_emu.messaging.sending.rcs_content import addresses_to_open

        suggested = addresses_to_open(self.rcs_content)
        return list(dict.fromkeys((*find_links(self.body), *suggested)))

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its event records, in the order of their creation."""
        return [self.record(position) for position in range(self.record_count)]

    @property
    def record_count(self) -> int:
        """The number of its event records."""
        return len(self.history) if self.two_way_payload is None else 1

    def record(self, position: int) -> dict[str, Any]:
        """Return one of its event records."""
        from pinpoint_sms_emu.messaging.events.records import make_record

        if self.two_way_payload is not None:
            return deepcopy(self.two_way_payload)
        return make_record(self, self.history[position])

    @property
    def comes_from_short_code(self) -> bool:
        """Whether it was sent from a short code."""
        return self.number_type == "SHORT_CODE"

    def as_dict(self, *, events: bool = True) -> dict[str, Any]:
        """Return the message as JSON, with or without its event records, which take longest."""
        members = {name: _copied(getattr(self, name)) for name in MEMBERS}
        members["created"] = self.created.isoformat()
        # Inbound messages, and RCS messages without a time to live, do not expire.
        if self.direction == "inbound" or self.time_to_live > LONGEST_TIME_TO_LIVE:
            members["time_to_live"] = None
        members["fallback"] = None if self.fallback is None else asdict(self.fallback)
        return members | {"events": self.events} if events else members


def _copied(value: Any) -> Any:
    """Copy a list or mapping, which the caller could change."""
    return deepcopy(value) if isinstance(value, dict | list) else value


_PROTECTED = (
    "context",
    "destination_country_parameters",
    "incoming_media",
    "interaction",
    "media_urls",
    "rcs_content",
    "template_variables",
    "two_way_payload",
)

# The shape of SendRcsMessage's content.
_RCS = "RcsMessageContent"

# The members of a message in JSON, in this order, followed by its event records.
MEMBERS = (
    "message_id",
    "account_id",
    "region",
    "channel",
    "api",
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
    "interaction",
    "voice_id",
    "message_body_text_type",
    "spoken_text",
    "template_id",
    "template_variables",
    "in_reply_to",
    "fallback",
    "fallback_of",
)
