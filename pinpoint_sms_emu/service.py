"""All that the service does: importing this registers every operation and every job."""

from __future__ import annotations

from pinpoint_sms_emu import account  # noqa: F401  the tables, whose modules register most of them
from pinpoint_sms_emu.messaging import (  # noqa: F401  each registers its own
    fallback,
    inbound,
    lookup,
    media,
    notify,
    rcs,
    text,
    verification,
    voice,
)
from pinpoint_sms_emu.resources import (  # noqa: F401  each registers its own
    account_settings,
    added_numbers,
    keywords,
    registration_associations,
    registration_review,
    spend_limits,
    tags,
)
