"""Every setting, once: Python, the command line and the environment read them from here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

# What AWS documents (user guide, "Quotas"); those below the line have no documented number and
# are ours (decisions 26). Each can be set: a test of a full account should not need 25 numbers.
QUOTAS: Mapping[str, int] = MappingProxyType(
    {
        "CONFIGURATION_SETS_PER_ACCOUNT": 25,
        "DAILY_NOTIFY_DESTINATION_MESSAGE_LIMIT": 10,
        "DAILY_NOTIFY_TIER_MESSAGE_LIMIT": 200,
        "EVENT_DESTINATIONS_PER_CONFIGURATION_SET": 5,
        "KEYWORDS_PER_PHONE_NUMBER": 30,
        "KEYWORDS_PER_POOL": 30,
        "NOTIFY_CONFIGURATIONS_PER_ACCOUNT": 25,
        "OPT_OUT_LISTS_PER_ACCOUNT": 25,
        "ORIGINATION_IDENTITIES_PER_POOL": 100,
        "PHONE_NUMBERS_PER_ACCOUNT": 25,
        "PHONE_NUMBERS_PER_REGISTRATION": 49,
        "POOLS_PER_ACCOUNT": 25,
        "PROTECT_CONFIGURATIONS_PER_ACCOUNT": 25,
        "REGISTRATIONS_PER_ACCOUNT": 25,
        "REGISTRATION_ATTACHMENTS_PER_ACCOUNT": 25,
        "SENDER_IDS_PER_ACCOUNT": 200,
        "TAGS_PER_RESOURCE": 50,
        "VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT": 10,
        # Ours.
        "ASSOCIATIONS_PER_REGISTRATION": 100,
        "DAILY_DESTINATION_CALL_LIMIT": 100,
        "RCS_AGENTS_PER_ACCOUNT": 25,
        "REGISTRATION_ATTACHMENTS_CREATED_PER_DAY": 25,
        "REGISTRATION_VERSIONS_CREATED_PER_DAY": 10,
        "VERIFICATION_ATTEMPTS_PER_DAY": 10,
    }
)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a text that is not empty")
    return value


def _one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be {' or '.join(choices)}, not {value!r}")
        return str(value)

    return read


# Thirty years, so that a time with it is still a time.
_LONGEST = 1e9


def _seconds(value: Any) -> float:
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST:
        raise ValueError(f"must be a number of seconds from 0 to {_LONGEST:.0f}, not {value!r}")
    return seconds


def _whole_number(least: int | None = None) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        try:
            number = int(value) if isinstance(value, str) else value
        except ValueError:
            number = None
        if isinstance(number, bool) or not isinstance(number, int):
            raise ValueError(f"must be a whole number, not {value!r}")
        if least is not None and number < least:
            raise ValueError(f"must be at least {least}, not {number}")
        return number

    return read


def _flag(value: Any) -> bool:
    words = {"true": True, "1": True, "on": True, "yes": True}
    words |= {"false": False, "0": False, "off": False, "no": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise ValueError(f"must be true or false, not {value!r}")
    return words[str(value).lower()]


def _quotas(value: Any) -> Mapping[str, int]:
    """Read `NAME=N,NAME=N`, or a mapping: AWS's quotas with these changed."""
    if isinstance(value, str):
        parts = [part.partition("=") for part in value.split(",") if part]
        if not all(equals for _, equals, _ in parts):
            raise ValueError(f"must be NAME=N,NAME=N, not {value!r}")
        value = {name.strip(): number for name, _, number in parts}
    changed = {}
    for name, number in value.items():
        if name not in QUOTAS:
            raise ValueError(f"has no {name}; there are {', '.join(sorted(QUOTAS))}")
        try:
            changed[name] = _whole_number(least=0)(number)
        except ValueError as error:
            raise ValueError(f"{name} {error}") from error
    return MappingProxyType({**QUOTAS, **changed})


# A name or an address, with a port or without; no pattern and no URL, which would never match.
_HOST = re.compile(r"\[?[a-z0-9_.:-]+\]?(:[0-9]+)?", re.IGNORECASE)


def _hosts(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    hosts = tuple(_text(part).strip() for part in parts)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(f"must be host names such as sms.example.com, not {host!r}")
    return hosts


def _path(value: Any) -> Path:
    return Path(value)


def _endpoint(value: Any) -> str:
    if value != "aws" and not str(value).startswith(("http://", "https://")):
        raise ValueError(f"must be a URL or the word aws, not {value!r}")
    return str(value)


def setting(default: Any, read: Callable[[Any], Any], explanation: str) -> Any:
    """Declare a setting: its default, what reads it from text or Python, and its help."""
    return field(default_factory=lambda: default, metadata={"parse": read, "help": explanation})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an emulator runs with; `of` reads it. A wrong value is a ValueError that names it."""

    account_tier: str = setting(
        "PRODUCTION",
        _one_of("PRODUCTION", "SANDBOX"),
        "PRODUCTION, or SANDBOX: verified destinations only, spend limit 1 USD",
    )
    registrations: str = setting(
        "automatic",
        _one_of("automatic", "required"),
        "automatic: what needs a registration becomes ACTIVE by itself; "
        "required: it waits until its registration is COMPLETE",
    )
    transition_seconds: float = setting(
        0.0, _seconds, "how long resources stay PENDING or CREATING; 0: the next call sees ACTIVE"
    )
    delivery_seconds: float = setting(
        0.0, _seconds, "how long a message is under way; 0: it is delivered at once"
    )
    quotas: Mapping[str, int] = setting(
        QUOTAS, _quotas, "other quotas than AWS's documented ones: NAME=N,NAME=N"
    )
    throttling: bool = setting(
        False, _flag, "enforce AWS's documented request rates and message parts per second"
    )
    events_endpoint_url: str | None = setting(
        None,
        _endpoint,
        "where SNS, Firehose and CloudWatch Logs get event records; "
        "the word aws: wherever botocore would go by itself",
    )
    s3_endpoint_url: str | None = setting(
        None, _endpoint, "where media files are looked for; the word aws: as botocore would"
    )
    allowed_hosts: tuple[str, ...] = setting(
        (), _hosts, "more host names under which the page and /_emulator answer: NAME,NAME"
    )
    access_token: str | None = setting(
        None, _text, "a token that the page and /_emulator ask for, as Bearer or Basic password"
    )
    max_messages: int = setting(
        100_000, _whole_number(least=1), "how many messages are kept; the oldest leave first"
    )
    seed: int | None = setting(
        None, _whole_number(), "a number that makes ids, phone numbers and codes repeat"
    )
    seed_file: Path | None = setting(None, _path, "resources to start with: a TOML file")
    data_dir: Path | None = setting(
        None, _path, "a folder in which nothing acknowledged is lost between runs"
    )
    signing_keys: Path | None = setting(
        None, _path, "a file of key pairs, one 'KEY SECRET' a line: signatures are verified"
    )

    @classmethod
    def of(cls, **given: Any) -> Self:
        """Make settings of what is given; None means not given, an unknown name is refused."""
        readers = {each.name: each.metadata["parse"] for each in fields(cls)} if given else {}
        values = {}
        for name, value in given.items():
            if name not in readers:
                known = ", ".join(sorted(readers))
                raise ValueError(f"there is no setting {name}; there are {known}")
            if value is None:
                continue
            try:
                values[name] = readers[name](value)
            except (ValueError, TypeError, AttributeError) as error:
                raise ValueError(f"{name} {error}") from error
        return cls(**values)
