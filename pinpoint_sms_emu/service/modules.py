"""Imports every module with operations or jobs, which registers them."""

# ruff: noqa: F401  each module registers its own operations and jobs
from __future__ import annotations

from pinpoint_sms_emu.messaging import carrier_lookup, inbound
from pinpoint_sms_emu.messaging.delivery import fallback
from pinpoint_sms_emu.messaging.sending import media, notify, rcs, text, verification, voice
from pinpoint_sms_emu.resources import (
    account_settings,
    added_numbers,
    keywords,
    spend_limits,
    tags,
)
from pinpoint_sms_emu.resources.registrations import associations, review
from pinpoint_sms_emu.service import account
