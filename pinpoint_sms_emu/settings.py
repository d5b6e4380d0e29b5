"""All settings, which Python, the command line and the environment have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, Self, TypedDict, Unpack

from pinpoint_sms_emu.replicas import Replica, must_fit_together, read_peers, read_replica
from pinpoint_sms_emu.setting_values import (
    choice_of,
    read_endpoint,
    read_flag,
    read_hosts,
    read_parameters,
    read_path,
    read_path_or_mapping,
    read_seconds,
    read_seed,
    read_token,
    read_urls,
    whole_number,
)
from pinpoint_sms_emu.state.read_only import ReadOnlyDict
from pinpoint_sms_emu.wording import nearest, quoted

# User guide, "Quotas". Those at the end have no documented number; the values are our choice
# (decisions 26). All can be set, so that tests of a quota do not need many resources.
QUOTAS: Mapping[str, int] = ReadOnlyDict(
    {
        "CONFIGURATION_SETS_PER_ACCOUNT": 25,
        "DAILY_DESTINATION_CALL_LIMIT": 5,
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
        "RCS_AGENTS_PER_ACCOUNT": 5,
        "REGISTRATIONS_PER_ACCOUNT": 25,
        "REGISTRATION_ATTACHMENTS_PER_ACCOUNT": 25,
        "SENDER_IDS_PER_ACCOUNT": 200,
        "TAGS_PER_RESOURCE": 50,
        "TEN_DLC_BRANDS_PER_ACCOUNT": 25,
        "TEN_DLC_CAMPAIGNS_PER_BRAND": 10,
        "VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT": 10,
        # Our choice.
        "ASSOCIATIONS_PER_REGISTRATION": 100,
        "REGISTRATION_ATTACHMENTS_CREATED_PER_DAY": 25,
        "REGISTRATION_VERSIONS_CREATED_PER_DAY": 10,
        "VERIFICATION_ATTEMPTS_PER_DAY": 10,
    }
)


def _quotas(value: Any) -> Mapping[str, int]:
    """Parse changed quotas: `NAME=N,NAME=N`, or a mapping."""
    if isinstance(value, str):
        parts = [part.partition("=") for part in value.split(",") if part]
        if not all(equals for _, equals, _ in parts):
            raise ValueError(f"must be NAME=N,NAME=N, not {quoted(value)}")
        value = {name.strip(): number for name, _, number in parts}
    changed = {}
    for name, number in value.items():
        if name not in QUOTAS:
            known = nearest(name, QUOTAS, "GET /_emulator/settings")
            raise ValueError(f"has no {name!s:.80}; {known}")
        try:
            changed[name] = whole_number(least=0)(number)
        except ValueError as error:
            raise ValueError(f"{name} {error}") from error
    return ReadOnlyDict({**QUOTAS, **changed})


def setting(default: Any, read: Callable[[Any], Any], explanation: str) -> Any:
    """Declare a setting: its default, the parser of its value, and its help."""
    return field(default_factory=lambda: default, metadata={"parse": read, "help": explanation})


class SettingsArguments(TypedDict, total=False):
    """The settings as keyword arguments; None means not given. See `Settings` for their meaning."""

    account_tier: Literal["PRODUCTION", "SANDBOX"] | None
    registrations: Literal["automatic", "required"] | None
    transition_seconds: float | None
    delivery_seconds: float | None
    quotas: Mapping[str, int] | None
    throttling: bool | None
    events_endpoint_url: str | None
    s3_endpoint_url: str | None
    allowed_hosts: Sequence[str] | None
    access_token: str | None
    max_messages: int | None
    seed: int | None
    seed_file: str | os.PathLike[str] | Mapping[str, Any] | None
    seed_parameters: Mapping[str, Any] | None
    data_dir: str | os.PathLike[str] | None
    durability: Literal["process", "machine"] | None
    signing_keys: str | os.PathLike[str] | None
    max_calls: int | None
    explain: bool | None
    pass_through: Sequence[str] | None
    policies: str | os.PathLike[str] | Mapping[str, Any] | None
    policies_mode: Literal["enforce", "report"] | None
    sns_sms: bool | None
    replica: str | None
    peers: Sequence[str] | None
    like_aws: Literal["strict"] | None


# The defaults with `like_aws="strict"`. The times are our choice: AWS's documentation has none.
STRICT: Final[Mapping[str, Any]] = ReadOnlyDict(
    {
        "account_tier": "SANDBOX",
        "registrations": "required",
        "transition_seconds": 30.0,
        "delivery_seconds": 2.0,
        "throttling": True,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of an emulator. `of` parses them, and raises a ValueError for a wrong value."""

    account_tier: str = setting(
        "PRODUCTION",
        choice_of("PRODUCTION", "SANDBOX"),
        "PRODUCTION, or SANDBOX: verified destinations only, spend limit 1 USD",
    )
    registrations: str = setting(
        "automatic",
        choice_of("automatic", "required"),
        "automatic: resources that need a registration become ACTIVE without one; "
        "required: they wait until their registration is COMPLETE",
    )
    transition_seconds: float = setting(
        0.0,
        read_seconds,
        "how long resources stay PENDING or CREATING; 0: the next call sees ACTIVE",
    )
    delivery_seconds: float = setting(
        0.0, read_seconds, "how long the delivery of a message takes; 0: it is delivered at once"
    )
    quotas: Mapping[str, int] = setting(
        QUOTAS, _quotas, "quotas that differ from those that AWS documents: NAME=N,NAME=N"
    )
    throttling: bool = setting(
        False, read_flag, "enforce AWS's documented request rates and message parts per second"
    )
    events_endpoint_url: str | None = setting(
        None,
        read_endpoint,
        "the endpoint of SNS, Firehose and CloudWatch Logs, to which event records are sent; "
        "the word aws: botocore's own endpoints",
    )
    s3_endpoint_url: str | None = setting(
        None,
        read_endpoint,
        "the endpoint of S3, for media files and for files that are sent to RCS agents; "
        "the word aws: botocore's own endpoint",
    )
    allowed_hosts: tuple[str, ...] = setting(
        (), read_hosts, "further host names at which the page and /_emulator answer: NAME,NAME"
    )
    access_token: str | None = setting(
        None,
        read_token,
        "a token that the page and /_emulator require, as Bearer or Basic password",
    )
    max_messages: int = setting(
        100_000, whole_number(least=1), "how many messages are kept; older ones are removed"
    )
    seed: int | None = setting(
        None, read_seed, "a number that makes ids, phone numbers and codes reproducible"
    )
    seed_file: Path | Mapping[str, Any] | None = setting(
        None,
        read_path_or_mapping,
        "resources to start with: a TOML file, or a CloudFormation template (JSON, YAML)",
    )
    seed_parameters: Mapping[str, str] = setting(
        ReadOnlyDict({}),
        read_parameters,
        "parameters of the template in seed_file, one NAME=VALUE in each option or line",
    )
    data_dir: Path | None = setting(
        None,
        read_path,
        "a folder that keeps the state between runs; no acknowledged change is lost",
    )
    durability: str = setting(
        "process",
        choice_of("process", "machine"),
        "process: the data folder survives a killed process; machine: also a power cut, but slower",
    )
    signing_keys: Path | None = setting(
        None,
        read_path,
        "a file of keys, one 'KEY SECRET' or 'KEY SECRET ACCOUNT' a line: signatures are verified",
    )
    max_calls: int = setting(
        10_000,
        whole_number(least=0),
        "how many API calls are kept; older ones are removed; 0 turns recording off",
    )
    explain: bool = setting(
        True, read_flag, "say why a call was refused, in the header X-Emulator-Why and in the log"
    )
    pass_through: tuple[str, ...] = setting(
        (), read_urls, "endpoints whose clients mock_sms does not intercept: URL,URL"
    )
    policies: Path | Mapping[str, Any] | None = setting(
        None,
        read_path_or_mapping,
        "a JSON or YAML file with IAM policies by access key, which are enforced",
    )
    policies_mode: str = setting(
        "enforce",
        choice_of("enforce", "report"),
        "enforce: calls that the policies do not allow are denied; report: they are only recorded",
    )
    sns_sms: bool = setting(
        True,
        read_flag,
        "answer the operations of SNS that are about texts; false leaves SNS alone",
    )
    replica: Replica | None = setting(
        None, read_replica, "K/N: this is replica K of N, among which a proxy divides the accounts"
    )
    peers: tuple[str, ...] = setting(
        (),
        read_peers,
        "the URLs of all replicas, this one included, in the order of their numbers: URL,URL",
    )
    like_aws: str | None = setting(
        None,
        choice_of("strict"),
        "strict: the behaviour of a new AWS account; other settings have precedence",
    )

    @property
    def random_seed(self) -> int | None:
        """The seed of the random source; each replica derives its own from the common one."""
        if self.seed is None or self.replica is None:
            return self.seed
        return self.replica.seed(self.seed)

    @property
    def is_strict(self) -> bool:
        """Whether the emulator behaves like a new AWS account."""
        return self.like_aws is not None

    @classmethod
    def of(cls, **given: Unpack[SettingsArguments]) -> Self:
        """Parse settings; None means not given. Raises a ValueError for unknown names."""
        readers = {each.name: each.metadata["parse"] for each in fields(cls)} if given else {}
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in readers:
                known = nearest(name, readers, "pinpoint-sms-emu serve --help")
                raise ValueError(f"there is no setting {name:.80}; {known}")
            if value is None:
                continue
            try:
                values[name] = readers[name](value)
            except RecursionError as error:
                raise ValueError(f"{name} is nested too deeply") from error
            except (ValueError, TypeError, AttributeError) as error:
                raise ValueError(f"{name} {error}") from error
        settings = cls(**({**STRICT, **values} if "like_aws" in values else values))
        must_fit_together(
            settings.replica, settings.peers, has_seed_file=settings.seed_file is not None
        )
        return settings
