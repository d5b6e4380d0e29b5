"""`make observe`: make free calls to AWS with your credentials, write and compare the answers."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from observe.calling import Caller
from observe.replacing import Replacer
from observe.running import STAND_IN, Findings, Run
from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.doors.http.server import Server

SERVICE = "pinpoint-sms-voice-v2"
# AWS accepts one call per second of most operations; invalid calls must reach it.
PATIENT = Config(parameter_validation=False, retries={"mode": "adaptive", "total_max_attempts": 5})
NUMBER = "+12065550100"


def main(arguments: list[str] | None = None) -> int:
    """Make the calls; return the status of the process."""
    parser = argparse.ArgumentParser(prog="make observe", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("observed"), help="folder of the files")
    parser.add_argument("--region", help="Region to call; the configured one by default")
    parser.add_argument("--endpoint-url", help="call this instead of AWS")
    given = parser.parse_args(arguments)
    session = boto3.Session(region_name=given.region)
    if reason := _refusal(session):
        print(reason, file=sys.stderr)
        return 2
    client = session.client(SERVICE, endpoint_url=given.endpoint_url, config=PATIENT)
    try:
        findings = observe(client, given.into)
    except (BotoCoreError, ClientError) as error:
        print(f"AWS could not be called: {error}", file=sys.stderr)
        return 2
    _report(findings, given.into)
    return 1 if findings.left else 0


def _refusal(session: boto3.Session) -> str | None:
    if os.environ.get("OBSERVE_AWS") != "yes":
        return "This calls AWS with your credentials; set OBSERVE_AWS=yes to confirm."
    if session.get_credentials() is None:
        return "There are no AWS credentials: configure some that allow sms-voice:*."
    if session.region_name is None:
        return "There is no Region: add one, as in ARGS='--region us-east-1'."
    return None


def observe(client: Any, folder: Path) -> Findings:
    """Make the plan's calls with a client and an emulator; write the answers to a folder."""
    region = client.meta.region_name
    now = datetime.now(UTC)
    name = f"observe-{now:%H%M%S%f}"
    names = {"name": name, "region": region, "account": "123456789012"}
    with Server(Emulator(seed=7)) as server:
        ours = boto3.client(
            SERVICE,
            region_name=region,
            endpoint_url=server.url,
            aws_access_key_id="123456789012",
            aws_secret_access_key="any",
            config=PATIENT,
        )
        aws, emulator = Caller(client, dict(names)), Caller(ours, dict(names))
        if number := _active_number(client):
            aws.names["number"] = number["PhoneNumberId"]
            added = server.emulator.add_number(
                NUMBER,
                iso_country_code="US",
                number_type=number["NumberType"],
                region=region,
                account_id="123456789012",
            )
            emulator.names["number"] = str(added.id)
        source = f"make observe, {now:%Y-%m-%d}, {region}"
        return Run(aws, emulator, folder, source, Replacer({name: STAND_IN})).run()


def _active_number(client: Any) -> dict[str, Any] | None:
    """Return a number of the account in the United States, for keywords."""
    numbers = client.describe_phone_numbers()["PhoneNumbers"]
    usable = [
        each for each in numbers if each["Status"] == "ACTIVE" and each["IsoCountryCode"] == "US"
    ]
    return usable[0] if usable else None


def _report(findings: Findings, folder: Path) -> None:
    different = [each for each in findings.answers if each.differences]
    for finding in different:
        members = f" (decision {finding.step.decision})" if finding.step.decision else ""
        print(f"{finding.file}: {finding.step.operation}, {finding.step.name}{members}")
        for each in finding.differences:
            print(f"    {each}")
    for unmade in findings.unmade:
        print(f"not called: {unmade}")
    print(
        f"{len(findings.answers)} answers are in {folder}; the emulator differs in "
        f"{len(different)} of them."
    )
    for left in findings.left:
        print(f"NOT DELETED, please delete it: {left}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
