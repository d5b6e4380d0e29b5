"""The templates and countries of Notify, read from their data files on first use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Final, NamedTuple

from pinpoint_sms_emu.reference import data_files

_BOTH_TIERS: Final = ("BASIC", "ADVANCED")


class TemplateVariable(NamedTuple):
    """A placeholder of a template, and its possible values."""

    description: str
    sample: str
    type: str = "STRING"
    required: bool = True
    max_length: int | None = None
    min_value: int | None = None
    max_value: int | None = None
    default_value: str | None = None
    pattern: str | None = None
    source: str = "CUSTOMER"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyTemplate:
    """A message template of AWS, with placeholders."""

    kind: ClassVar[str] = "notify-template"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"template-type": "template_types"}
    )
    template_id: str
    version: int = 1
    template_type: str = "OTP_VERIFICATION"
    channels: tuple[str, ...]
    tier_access: tuple[str, ...]
    status: str = "ACTIVE"
    supported_countries: tuple[str, ...]
    language_code: str
    content: str
    variables: Mapping[str, TemplateVariable]
    supported_voice_ids: tuple[str, ...] | None = None
    created_timestamp: datetime

    @property
    def id(self) -> str:
        """The id in errors."""
        return self.template_id

    @property
    def template_types(self) -> tuple[str, str]:
        """The type in answers, and the spelling in the user guide's filter."""
        return (self.template_type, "CODE_VERIFICATION")


class NotifyCountry(NamedTuple):
    """A country that Notify supports."""

    iso_country_code: str
    country_name: str
    supported_channels: tuple[str, ...]
    supported_tiers: tuple[str, ...]
    customer_owned_identity_required: bool
    supported_use_cases: tuple[str, ...] = ("CODE_VERIFICATION",)


@cache
def notify_templates() -> Mapping[str, NotifyTemplate]:
    """Return all templates by id."""
    data = data_files.read("notify_templates")
    variables = {name: _variable(entry) for name, entry in data["variables"].items()}
    return {
        entry["id"]: _template(entry, variables, data["created"]) for entry in data["templates"]
    }


@cache
def notify_countries() -> Mapping[str, NotifyCountry]:
    """Return all countries by code, in alphabetical order."""
    entries = data_files.read("notify_countries")["countries"]
    return {code: _country(code, entry) for code, entry in sorted(entries.items())}


def _variable(entry: dict[str, Any]) -> TemplateVariable:
    return TemplateVariable(**{key: value for key, value in entry.items() if key != "inferred"})


def _template(
    entry: dict[str, Any], variables: Mapping[str, TemplateVariable], created: datetime
) -> NotifyTemplate:
    channels = tuple(entry["channels"])
    return NotifyTemplate(
        template_id=entry["id"],
        channels=channels,
        tier_access=tuple(entry["tiers"]),
        supported_countries=tuple(
            code
            for code, country in notify_countries().items()
            if not set(channels).isdisjoint(country.supported_channels)
            and code not in entry.get("except_countries", ())
        ),
        language_code=entry["language"],
        content=entry["content"],
        variables={name: variables[kind] for name, kind in entry["variables"].items()},
        supported_voice_ids=tuple(entry.get("voices", ())) or None,
        created_timestamp=created,
    )


def _country(code: str, entry: dict[str, Any]) -> NotifyCountry:
    return NotifyCountry(
        iso_country_code=code,
        country_name=entry["name"],
        supported_channels=("SMS", "VOICE") if entry["voice"] else ("SMS",),
        supported_tiers=_BOTH_TIERS if entry["basic"] else ("ADVANCED",),
        customer_owned_identity_required=entry.get("own_identity_required", False),
    )
