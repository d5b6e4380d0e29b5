"""Channels: the ways to send a message, and what each of them asks, counts and costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from pinpoint_sms_emu.reference import prices
from pinpoint_sms_emu.reference.prices import Price


class Channel(NamedTuple):
    """A way to send: its name, and the words that others have for it."""

    name: str
    # What a number must be able to do, and what protect configurations have rules for.
    capability: str
    # The monthly spend limit that it counts towards.
    spend: str
    # The kinds of what may be named as OriginationIdentity.
    origins: tuple[str, ...]
    # What one part, message or minute costs in a country.
    price: Callable[[str], Price]


TEXT: Final = Channel(
    "text", "SMS", "TEXT", ("phone-number", "pool", "sender-id", "rcs-agent"), prices.text_price
)
MEDIA: Final = Channel("media", "MMS", "MEDIA", ("phone-number", "pool"), prices.media_price)
VOICE: Final = Channel("voice", "VOICE", "VOICE", ("phone-number", "pool"), prices.voice_price)
RCS: Final = Channel("rcs", "RCS", "RCS", ("rcs-agent", "pool"), prices.rcs_price)

CHANNELS: Final = {each.name: each for each in (TEXT, MEDIA, VOICE, RCS)}

# What RCS falls back to: the kinds of what may be named there; a pool is the message's own.
FALLBACKS: Final = {
    "SMS": TEXT._replace(origins=("phone-number", "sender-id")),
    "MMS": MEDIA._replace(origins=("phone-number",)),
}

# Notify has a spend limit of its own. Its pools are those of configurations.
NOTIFY_TEXT: Final = TEXT._replace(spend="NOTIFY", origins=("phone-number", "pool", "sender-id"))
NOTIFY_VOICE: Final = VOICE._replace(spend="NOTIFY")
