"""Replicas: ids and phone numbers of several emulators never collide."""

from __future__ import annotations

import boto3
import pytest

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.control.administration import health
from pinpoint_sms_emu.replicas import Replica
from pinpoint_sms_emu.settings import Settings

URLS = tuple(f"http://127.0.0.1:{port}" for port in (7671, 7672, 7673))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"replica": "4/3"}, "replica must be K/N with K from 1 to N, such as 2/3, not '4/3'"),
        ({"replica": "0/3"}, "replica must be K/N"),
        ({"replica": "x"}, "replica must be K/N"),
        ({"replica": "1/3/5"}, "replica must be K/N"),
        ({"replica": 3}, "replica "),
        ({"replica": "1/2", "peers": "a,b"}, "peers must be URLs such as http://127.0.0.1:7671"),
        ({"replica": "1/2", "peers": "http://a/x,http://b"}, "peers must be URLs such as"),
        ({"replica": "1/2", "peers": "http://a:0,http://b"}, "peers must be URLs such as"),
        ({"replica": "1/2", "peers": "http://[a,http://b"}, "peers must be URLs such as"),
        ({"replica": "1/3", "peers": URLS[:2]}, "peers must be the URLs of all 3 replicas"),
        ({"replica": "1/2", "peers": URLS}, "peers must be the URLs of all 2 replicas"),
        ({"replica": "1/2", "peers": URLS[:1] * 2}, "peers must be different URLs"),
        ({"peers": URLS}, "peers needs replica"),
        ({"replica": "1/2", "seed_file": "seed.toml"}, "seed_file cannot be given to a replica"),
    ],
)
def test_invalid_settings_are_refused(given, sentence):
    """They are refused in one sentence before anything starts."""
    with pytest.raises(ValueError, match=sentence) as refused:
        Settings.of(**given)

    assert "\n" not in str(refused.value)


def test_health_has_the_replica_number():
    """`replica` is null for a single server."""
    assert health(Emulator(replica="2/3"))["replica"] == "2/3"
    assert health(Emulator())["replica"] is None


def test_the_form_of_peers():
    """URLs are separated by commas; a trailing slash is ignored."""
    settings = Settings.of(replica="1/2", peers="http://a:1/, http://b")

    assert settings.peers == ("http://a:1", "http://b")


def generated(**settings):
    """The first generated ids, numbers and codes in several countries."""
    with mock_sms(**settings) as sms:
        client = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")
        wished = [{"PreferenceType": ["StartsWith"], "Filter": ["+1206"]}]
        numbers = [
            client.request_phone_number(
                IsoCountryCode=country,
                MessageType="TRANSACTIONAL",
                NumberCapabilities=["SMS"],
                NumberType=number_type,
                **more,
            )
            for country, number_type, more in (
                ("US", "TOLL_FREE", {}),
                ("US", "TEN_DLC", {"NumberPreference": wished}),
                ("GB", "LONG_CODE", {}),
                ("GB", "LONG_CODE", {}),
            )
        ]
        sent = client.send_text_message(DestinationPhoneNumber="+447700900100", MessageBody="Hi")
        fault, outcome = sms.fail("SendTextMessage", cut=True), sms.outcome("TEXT_BLOCKED")
    return [
        sent["MessageId"],
        fault.id,
        outcome.id,
        *(each[name] for each in numbers for name in ("PhoneNumberId", "PhoneNumber")),
    ]


@pytest.mark.parametrize("seed", [None, 7])
def test_no_value_is_generated_twice(seed):
    """Replicas generate different values, with or without a common seed."""
    every = [each for number in (1, 2, 3) for each in generated(replica=f"{number}/3", seed=seed)]

    assert len(set(every)) == len(every)


def test_a_seed_repeats_a_replicas_values():
    """The values depend on seed and replica; one replica is the same as a single server."""
    assert generated(replica="2/3", seed=7) == generated(replica="2/3", seed=7)
    assert generated(seed=7) != generated(replica="1/1", seed=7)


def test_numbers_are_divided():
    """Each number belongs to exactly one replica, and each replica has its share."""
    numbers = [f"+1206555{line:04}" for line in range(200, 10_000, 8)]
    counts = [sum(Replica(number, 3).may_give(each) for each in numbers) for number in range(1, 4)]

    assert sum(counts) == len(numbers)
    assert min(counts) > len(numbers) / 4


def test_a_search_shows_the_numbers_of_the_replica():
    """ListAvailablePhoneNumbers returns numbers that the replica can grant."""
    found = []
    for number in (1, 2):
        with mock_sms(replica=f"{number}/2"):
            client = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")
            found.append(
                client.list_available_phone_numbers(
                    IsoCountryCode="US", NumberCapabilities=["SMS"], NumberType="TEN_DLC"
                )["AvailablePhoneNumbers"]
            )

    assert found[0]
    assert found[1]
    assert not {str(each) for each in found[0]} & {str(each) for each in found[1]}


def test_a_data_folder_repeats_a_replicas_values(tmp_path):
    """Generated values are the same when changes are repeated."""
    settings = {"replica": "2/3", "seed": 7, "data_dir": tmp_path / "data"}
    before = Emulator(**settings)
    before.fail("SendTextMessage", "ThrottlingException", times=2)
    faults = [each.id for each in before.faults]
    before.close()

    assert faults == ["fault-1-of-2"]
    assert [each.id for each in Emulator(**settings).faults] == faults
