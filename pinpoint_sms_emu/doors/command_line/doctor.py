"""`doctor`: diagnoses why clients do not reach the emulator."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    REFUSED,
    Commands,
    add_client_command,
    connect,
    default_url,
)
from pinpoint_sms_emu.reference.partitions import PARTITIONS
from pinpoint_sms_emu.wording import one_line

SERVICE = "pinpoint-sms-voice-v2"
OWN_VARIABLE = "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"
COMMON_VARIABLE = "AWS_ENDPOINT_URL"
IGNORE_VARIABLE = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - compared, never bound
# The files that exist inside containers of Docker and Podman.
_CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))


@dataclass(frozen=True)
class Finding:
    """The result of a check: right, wrong, or a note (None)."""

    is_right: bool | None
    sentence: str


def right(sentence: str) -> Finding:
    """Return a finding that is right."""
    return Finding(is_right=True, sentence=sentence)


def wrong(sentence: str) -> Finding:
    """Return a finding that prevents clients from reaching the emulator, with a remedy."""
    return Finding(is_right=False, sentence=sentence)


def note(sentence: str) -> Finding:
    """Return a note."""
    return Finding(is_right=None, sentence=sentence)


def add_doctor(commands: Commands) -> None:
    """Declare the command."""
    add_client_command(
        commands,
        "doctor",
        "diagnose why clients in this environment do not reach the emulator",
        diagnose,
        examples="doctor\ndoctor --url http://127.0.0.1:8000",
        note="It checks the variables and files of AWS's SDKs in this environment, and the\n"
        "emulator at --url, or else at the endpoint that clients would use.",
        url=None,
    )


def diagnose(chosen: argparse.Namespace) -> int:
    """Print all findings; the exit status is 1 if something is wrong."""
    place = Environment()
    chosen.url = chosen.url or place.custom_endpoint or default_url()
    # A path is a finding, but does not prevent contacting the server.
    parts = urlsplit(chosen.url)
    chosen.url = f"{parts.scheme}://{parts.netloc}" if parts.netloc else chosen.url
    findings = [*_look_at_server(chosen, place), *place.look()]
    for finding in findings:
        word, colour = {
            True: ("right", output.GOOD),
            False: ("wrong", output.BAD),
            None: ("note", output.WAITING),
        }[finding.is_right]
        output.print_coloured(word.ljust(5), colour, f"  {one_line(finding.sentence)}")
    mistakes = sum(finding.is_right is False for finding in findings)
    if not mistakes:
        print("Clients in this environment reach the emulator.")
        return DONE
    problems = "1 problem prevents" if mistakes == 1 else f"{mistakes} problems prevent"
    print(f"{problems} clients in this environment from reaching the emulator.")
    return REFUSED


# --- the server ----------------------------------------------------------------------------------


def _look_at_server(chosen: argparse.Namespace, place: Environment) -> Iterator[Finding]:
    client = connect(chosen)
    place.url = client.url
    try:
        health = client.get("/_emulator/health")
        version = health["version"]
    except (OSError, KeyError, TypeError) as error:
        yield wrong(f"{_upper(error)}.")
        if _host(client.url) in _LOOPBACK and any(mark.exists() for mark in _CONTAINER_MARKS):
            yield note(
                "This is a container, where 127.0.0.1 is the container itself, not the host. Use "
                "the name of the emulator's service, and start the emulator with --host 0.0.0.0."
            )
        return
    yield right(f"The emulator {version} answers at {client.url}.")
    if version != __version__:
        yield note(f"This command is of version {__version__}, the server of {version}.")
    try:
        settings = client.get("/_emulator/settings")
        place.used = client.get("/_emulator/accounts")["accounts"]
    except OSError as error:
        yield wrong(
            f"{_upper(error)}. "
            "AWS's clients do not need the token, only /_emulator and the page do."
        )
        return
    if settings["access_token"]:
        yield right("The access token is correct.")
    elif client.access_token:
        yield note("An access token is given, but the server does not require one.")
    else:
        yield right("The server does not require an access token.")
    place.signing_keys = settings["signing_keys"]
    if place.signing_keys:
        yield note(f"The server verifies signatures with the keys in {place.signing_keys}.")


# --- the configuration of clients -----------------------------------------------------------------


@dataclass
class Environment:
    """The variables and files of AWS's SDKs, as botocore interprets them."""

    url: str = field(default_factory=default_url)
    # The resources of the server's accounts, by Region.
    used: list[dict[str, Any]] = field(default_factory=list)
    # The file with which the server verifies signatures, if it does.
    signing_keys: str | None = None

    @cached_property
    def session(self) -> Any:
        """A botocore session, which reads the configuration like a client."""
        # Imported here, because no other command needs it.
        import botocore.session

        return botocore.session.get_session()

    @cached_property
    def endpoint(self) -> str | None:
        """The endpoint of a client, or None if a client cannot be created."""
        from botocore.exceptions import BotoCoreError

        try:
            client = self.session.create_client(
                SERVICE,
                region_name=self.region or "us-east-1",
                aws_access_key_id="none",
                aws_secret_access_key="none",
            )
        except (BotoCoreError, ValueError):
            return None
        return str(client.meta.endpoint_url)

    @property
    def custom_endpoint(self) -> str | None:
        """The endpoint of a client, or None if it is AWS."""
        endpoint = self.endpoint
        return None if endpoint is None or _is_aws(endpoint) else endpoint

    @cached_property
    def region(self) -> str | None:
        """The Region that boto3 would use."""
        region = self._configured("region")
        return None if region is None else str(region)

    def look(self) -> Iterator[Finding]:
        """Check everything that determines whether clients reach the emulator."""
        from botocore.exceptions import BotoCoreError

        try:
            self.session.get_scoped_config()
        except BotoCoreError as error:
            yield wrong(f"AWS's configuration cannot be read: {error}.")
            return
        yield from self._look_at_endpoint()
        yield from self._look_at_proxies()
        yield from self._look_at_region()
        yield from self._look_at_credentials()

    def _look_at_endpoint(self) -> Iterator[Finding]:
        yield from self._look_at_names()
        where = self._where_endpoint_is_set()
        remedy = f"Set {OWN_VARIABLE}={self.url}"
        if self._configured("ignore_configured_endpoint_urls"):
            name = IGNORE_VARIABLE
            name = name if name in os.environ else "ignore_configured_endpoint_urls"
            yield wrong(f"{name} makes clients ignore configured endpoints: remove it.")
        elif self.endpoint is None:
            yield wrong(f"No client can be created with the endpoint of {where}. {remedy}.")
        elif _is_aws(self.endpoint):
            yield wrong(f"No endpoint is set: clients call AWS, at {self.endpoint}. {remedy}.")
        elif not _is_same_place(self.endpoint, self.url):
            yield wrong(f"{where} sends clients to {self.endpoint}, not to {self.url}. {remedy}.")
        elif urlsplit(self.endpoint).path not in ("", "/"):
            yield wrong(f"{where} has a path, {self.endpoint}, but calls go to the root. {remedy}.")
        else:
            yield right(f"{where} sends clients to {self.endpoint}.")
            if where == COMMON_VARIABLE:
                yield note(
                    f"{COMMON_VARIABLE} applies to the clients of all services; "
                    f"{OWN_VARIABLE} applies only to this one."
                )

    def _look_at_names(self) -> Iterator[Finding]:
        """Find variables with wrong spellings of the one that clients read."""
        for name in sorted(os.environ):
            upper = name.upper()
            if name in (OWN_VARIABLE, COMMON_VARIABLE, IGNORE_VARIABLE):
                continue
            about = "SMS" in upper or "PINPOINT" in upper
            if upper == "AWS_ENDPOINT" or (upper.startswith("AWS_ENDPOINT") and about):
                yield wrong(f"{name} is set, but no SDK reads it: the name is {OWN_VARIABLE}.")
            elif upper in (OWN_VARIABLE, COMMON_VARIABLE):
                yield wrong(f"{name} is set, but the name must be in upper case: {upper}.")

    def _where_endpoint_is_set(self) -> str:
        for name in (OWN_VARIABLE, COMMON_VARIABLE):
            if os.environ.get(name):
                return name
        return "endpoint_url in AWS's configuration file"

    def _look_at_proxies(self) -> Iterator[Finding]:
        from botocore.utils import get_environ_proxies

        url = self.custom_endpoint or self.url
        proxy = get_environ_proxies(url).get(urlsplit(url).scheme)
        if proxy:
            yield wrong(
                f"Calls to {url} go through the proxy {proxy}: add {_host(url)} to NO_PROXY."
            )
        else:
            yield right("No proxy is used.")

    def _look_at_region(self) -> Iterator[Finding]:
        default, other = os.environ.get("AWS_DEFAULT_REGION"), os.environ.get("AWS_REGION")
        if self.region is None and other:
            yield wrong(
                f"AWS_REGION is {other}, but boto3 and AWS CLI 1 read AWS_DEFAULT_REGION: set both."
            )
            return
        if self.region is None:
            yield wrong("No Region is set: set AWS_DEFAULT_REGION, for example to us-east-1.")
            return
        if default and other and default != other:
            yield note(
                f"boto3 uses AWS_DEFAULT_REGION, which is {default}; other SDKs use AWS_REGION, "
                f"which is {other}."
            )
        places: dict[str, int] = {}
        for each in self.used:
            count = sum(each["resources"].values())
            places[each["region"]] = places.get(each["region"], 0) + count
        elsewhere = sorted(region for region, count in places.items() if count)
        if elsewhere and self.region not in elsewhere:
            yield wrong(
                f"The Region is {self.region}, where the emulator has no resources; its resources "
                f"are in {', '.join(elsewhere)}."
            )
        else:
            yield right(f"The Region is {self.region}.")

    def _look_at_credentials(self) -> Iterator[Finding]:
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        keys = self.signing_keys
        accepted = f"the emulator accepts those in {keys}" if keys else "the emulator accepts any"
        if all(os.environ.get(name) for name in names):
            yield right(f"Credentials are set; {accepted}.")
        elif self._has_profile():
            yield right(f"Credentials are in AWS's files; {accepted}.")
        else:
            absent = " and ".join(name for name in names if not os.environ.get(name))
            value = f"a key and its secret from {keys}" if keys else "any value"
            yield wrong(f"There are no credentials: set {absent} to {value}.")

    def _has_profile(self) -> bool:
        profile = self.session.profile or "default"
        known = self.session.full_config["profiles"].get(profile, {})
        ways = ("aws_access_key_id", "role_arn", "sso_session", "sso_start_url")
        return any(way in known for way in (*ways, "credential_process", "login_session"))

    def _configured(self, name: str) -> Any:
        from botocore.exceptions import ProfileNotFound

        try:
            return self.session.get_config_variable(name)
        except ProfileNotFound:
            return None


def _is_aws(endpoint: str) -> bool:
    suffixes = tuple(f".{suffix}" for each in PARTITIONS for suffix in each.dns_suffixes)
    return _host(endpoint).endswith(suffixes)


def _is_same_place(one: str, other: str) -> bool:
    return _place(one) == _place(other)


def _place(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    host = "loopback" if parts.hostname in _LOOPBACK else parts.hostname or ""
    return parts.scheme, host, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _upper(error: object) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
