"""Channels: text, media, voice and RCS, with the capability and the price of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from pinpoint_sms_emu.reference import prices
from pinpoint_sms_emu.reference.prices import Price


class Channel(NamedTuple):
    """A channel: its name, and its names in other parts of the API."""

    name: str
    # The number capability, for which protect configurations have rules.
    capability: str
    # The monthly spend limit that it counts towards.
    spend: str
    # The kinds of resources that OriginationIdentity may name.
    origins: tuple[str, ...]
    # Returns the price of a part, message or minute in a country.
    price: Callable[[str], Price]


TEXT: Final = Channel(
    "text", "SMS", "TEXT", ("phone-number", "pool", "sender-id", "rcs-agent"), prices.text_price
)
MEDIA: Final = Channel("media", "MMS", "MEDIA", ("phone-number", "pool"), prices.media_price)
VOICE: Final = Channel("voice", "VOICE", "VOICE", ("phone-number", "pool"), prices.voice_price)
RCS: Final = Channel("rcs", "RCS", "RCS", ("rcs-agent", "pool"), prices.rcs_price)

CHANNELS: Final = {each.name: each for each in (TEXT, MEDIA, VOICE, RCS)}

# The channels of RCS fallbacks. A fallback from a pool uses the message's own pool.
FALLBACKS: Final = {
    "SMS": TEXT._replace(origins=("phone-number", "sender-id")),
    "MMS": MEDIA._replace(origins=("phone-number",)),
}

# Notify has its own spend limit, and uses the pools of its configurations.
NOTIFY_TEXT: Final = TEXT._replace(spend="NOTIFY", origins=("phone-number", "pool", "sender-id"))
NOTIFY_VOICE: Final = VOICE._replace(spend="NOTIFY")

# SNS knows neither pools nor agents.
SNS_TEXT: Final = TEXT._replace(origins=("phone-number", "sender-id"))
