"""The settings with which the changes in a data folder were made."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from pinpoint_sms_emu.settings import Settings

# Settings that do not affect changes, or that are secret, are not written.
_NOT_WRITTEN: Final = frozenset(
    {
        "access_token",
        "allowed_hosts",
        "data_dir",
        "durability",
        "explain",
        "max_calls",
        "pass_through",
        "peers",
        "policies",
        "policies_mode",
        "seed_file",
        "seed_parameters",
        "signing_keys",
    }
)


def of(settings: Settings) -> dict[str, Any]:
    """Return the settings that a data folder keeps, as JSON."""
    kept = {
        each.name: getattr(settings, each.name)
        for each in fields(Settings)
        if each.name not in _NOT_WRITTEN
    }
    return kept | {"quotas": dict(settings.quotas)}
