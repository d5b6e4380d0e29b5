"""An exported seed file can be loaded, whatever the resources have gone through."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from pinpoint_sms_emu import Emulator, Server, mock_sms
from tests.control.http import Control
from tests.filling import fill_in

BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
CAMPAIGN = "US_TEN_DLC_CAMPAIGN_REGISTRATION"
RCS = "US_RCS_LAUNCH_REGISTRATION"
SENDER_ID = "SG_SENDER_ID_REGISTRATION"
TOLL_FREE = "US_TOLL_FREE_REGISTRATION"
OTHER = "210987654321"

# The first version of botocore with RCS agents and Notify.
pytestmark = pytest.mark.since("1.44.5")


class Service:
    """A client, and what a test does with registrations."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client = boto3.client("pinpoint-sms-voice-v2")

    def register(self, registration_type: str, *, beside: str | None = None) -> str:
        """Create a filled-in registration, and associate something with it."""
        made = self.client.create_registration(RegistrationType=registration_type)
        registration_id: str = made["RegistrationId"]
        self.fill_in(registration_id, registration_type)
        if beside:
            self.client.create_registration_association(
                RegistrationId=registration_id, ResourceId=beside
            )
        return registration_id

    def fill_in(self, registration_id: str, registration_type: str) -> None:
        """Fill in the current version."""
        fill_in(
            self.client, SimpleNamespace(id=registration_id, registration_type=registration_type)
        )

    def decide(self, registration_id: str, decision: str = "COMPLETE") -> str:
        """Submit a registration, and decide about it."""
        self.client.submit_registration_version(RegistrationId=registration_id)
        self.emulator.review(registration_id, decision)
        return registration_id

    def toll_free(self) -> tuple[str, str]:
        """A number and its approved registration."""
        number: str = self.client.request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="TOLL_FREE",
        )["PhoneNumberId"]
        return number, self.decide(self.register(TOLL_FREE, beside=number))


def reload(emulator: Emulator, tmp_path: Any) -> Emulator:
    """Load what was exported, with the same setting."""
    with Server(emulator) as server:
        exported = Control(server.url).get("/_emulator/seed").text
    file = tmp_path / "exported.toml"
    file.write_text(exported, "utf-8")
    return Emulator(seed_file=file, registrations=emulator.settings.registrations)


def statuses(emulator: Emulator, kind: str = "registration") -> list[str]:
    """The statuses of resources."""
    return [
        each["status"] for at in emulator.resources(kind=kind) for each in at["resources"][kind]
    ]


def discard(of: Service) -> None:
    """Discard the only version."""
    of.client.discard_registration_version(RegistrationId=of.register(BRAND))


def begin_another_version(of: Service) -> None:
    """Begin a draft after the approved version."""
    brand = of.decide(of.register(BRAND))
    of.client.create_registration_version(RegistrationId=brand)


def deny_another_version(of: Service) -> None:
    """Deny the version after the approved one."""
    brand = of.decide(of.register(BRAND))
    of.client.create_registration_version(RegistrationId=brand)
    of.fill_in(brand, BRAND)
    of.decide(brand, "REQUIRES_UPDATES")


def approve_a_campaign(of: Service) -> None:
    """Approve a brand and its campaign."""
    brand = of.decide(of.register(BRAND))
    of.decide(of.register(CAMPAIGN, beside=brand))


def launch_an_agent(of: Service) -> None:
    """Approve the launch of an agent."""
    agent = of.client.create_rcs_agent()["RcsAgentId"]
    of.decide(of.register(RCS, beside=agent))


def release_the_number(of: Service) -> None:
    """Release the number of a registration, which is closed by that."""
    number, _ = of.toll_free()
    of.client.release_phone_number(PhoneNumberId=number)


@pytest.mark.parametrize(
    ("arrange", "expected"),
    [
        (lambda of: of.decide(of.register(BRAND)), {"automatic": ["COMPLETE"]}),
        (lambda of: of.decide(of.register(BRAND), "REVIEWING"), {"automatic": ["COMPLETE"]}),
        (lambda of: of.decide(of.register(BRAND), "REQUIRES_UPDATES"), {"automatic": ["CREATED"]}),
        (lambda of: of.decide(of.register(BRAND), "CLOSED"), {"automatic": []}),
        (discard, {"automatic": ["CREATED"]}),
        (begin_another_version, {"automatic": ["COMPLETE"]}),
        (approve_a_campaign, {"automatic": ["COMPLETE", "CREATED"]}),
        (launch_an_agent, {"automatic": ["CREATED"]}),
        (Service.toll_free, {"automatic": ["CREATED"]}),
        (release_the_number, {"automatic": []}),
        (lambda of: of.decide(of.register(SENDER_ID)), {"automatic": ["CREATED"]}),
        (lambda of: of.decide(of.register(SENDER_ID), "CLOSED"), {"automatic": []}),
        (deny_another_version, {"automatic": ["CREATED"], "required": ["REVIEWING"]}),
    ],
)
@pytest.mark.parametrize("registrations", ["automatic", "required"])
def test_registrations_are_loaded_as_far_as_possible(tmp_path, registrations, arrange, expected):
    """Those with identities or files are drafts; closed ones are left out."""
    with mock_sms(registrations=registrations, seed=7) as sms:
        arrange(Service(sms))
        loaded = reload(sms, tmp_path)

    # With registrations required, what is submitted waits for a reviewer.
    usual = [each.replace("COMPLETE", "REVIEWING") for each in expected["automatic"]]
    wanted = expected["automatic"] if registrations == "automatic" else usual
    assert statuses(loaded) == expected.get(registrations, wanted)
    loaded.close()


@pytest.mark.parametrize(("registrations", "kept"), [("automatic", 1), ("required", 0)])
def test_a_registered_sender_id(tmp_path, registrations, kept):
    """It is left out, and leaves its pools, if it would need a registration."""
    with mock_sms(registrations=registrations, seed=7) as sms:
        of = Service(sms)
        of.decide(of.register(SENDER_ID))
        [sender] = of.client.describe_sender_ids()["SenderIds"]
        pool = of.client.create_pool(
            OriginationIdentity=sender["SenderId"],
            IsoCountryCode="SG",
            MessageType="TRANSACTIONAL",
        )["PoolId"]
        of.client.describe_pools()
        of.client.create_notify_configuration(
            DisplayName="Corner Shop",
            UseCase="CODE_VERIFICATION",
            EnabledChannels=["SMS"],
            PoolId=pool,
        )
        loaded = reload(sms, tmp_path)

    [account] = loaded.resources()
    kinds = {kind: len(account["resources"][kind]) for kind in ("sender-id", "pool")}
    assert kinds == {"sender-id": kept, "pool": kept}
    [configuration] = account["resources"]["notify-configuration"]
    assert configuration["pool_id"] == (pool if kept else None)
    loaded.close()


def test_a_list_of_another_account(tmp_path):
    """A number that uses a shared opt-out list has the default list in a seed file."""
    with mock_sms(seed=7) as sms:
        theirs = boto3.client(
            "pinpoint-sms-voice-v2", aws_access_key_id=OTHER, aws_secret_access_key="testing"
        )
        arn = theirs.create_opt_out_list(OptOutListName="Shared")["OptOutListArn"]
        allowing = {
            "Effect": "Allow",
            "Principal": {"AWS": "123456789012"},
            "Action": "sms-voice:*",
            "Resource": arn,
        }
        policy = {"Version": "2012-10-17", "Statement": [allowing]}
        theirs.put_resource_policy(ResourceArn=arn, Policy=json.dumps(policy))
        number = sms.add_number("+12065550100")
        boto3.client("pinpoint-sms-voice-v2").update_phone_number(
            PhoneNumberId=number.phone_number_id, OptOutListName=arn
        )
        loaded = reload(sms, tmp_path)

    [number] = loaded.numbers
    assert number.opt_out_list_name == "Default"
    loaded.close()


def test_an_agent_with_all_settings(tmp_path):
    """Its settings for media and events are those that UpdateRcsAgent has."""
    with mock_sms(seed=7) as sms:
        client = boto3.client("pinpoint-sms-voice-v2")
        agent = client.create_rcs_agent()["RcsAgentId"]
        client.describe_rcs_agents()
        client.update_rcs_agent(
            RcsAgentId=agent,
            TwoWayEnabled=True,
            TwoWayChannelArn="arn:aws:sns:us-east-1:123456789012:inbound",
            TwoWayMediaS3BucketName="pictures",
            TwoWayMediaS3KeyPrefix="inbound/",
            TwoWayMediaS3Role="arn:aws:iam::123456789012:role/media",
            TwoWayRcsEventsEnabled=["ALL"],
            DeletionProtectionEnabled=True,
        )
        [before] = client.describe_rcs_agents()["RcsAgents"]
        loaded = reload(sms, tmp_path)
        sms.restore(loaded.snapshot())
        [after] = client.describe_rcs_agents()["RcsAgents"]
        loaded.close()

    del before["CreatedTimestamp"], after["CreatedTimestamp"]
    assert after == before


def test_an_override_that_has_expired(tmp_path):
    """A file with an override can still be loaded when its time has passed."""
    with mock_sms(seed=7) as sms:
        client = boto3.client("pinpoint-sms-voice-v2")
        protect = client.create_protect_configuration()["ProtectConfigurationId"]
        sms.clock.freeze()
        for number, seconds in (("+14255550123", 1), ("+14255550124", 1_000_000)):
            client.put_protect_configuration_rule_set_number_override(
                ProtectConfigurationId=protect,
                DestinationPhoneNumber=number,
                Action="BLOCK",
                ExpirationTimestamp=sms.clock.now() + timedelta(seconds=seconds),
            )
        with Server(sms) as server:
            exported = Control(server.url).get("/_emulator/seed").text

    file = tmp_path / "exported.toml"
    file.write_text(
        re.sub(r"expiration_timestamp = 20\d\d", "expiration_timestamp = 2001", exported, count=1)
    )
    loaded = Emulator(seed_file=file)
    [account] = loaded.resources(kind="protect-configuration")
    [configuration] = account["resources"]["protect-configuration"]
    [kept] = configuration["number_overrides"]["latest"]
    assert kept["id"] == "+14255550124"
    loaded.close()
