"""Error messages quote little of the request, and list few of many possible values."""

from pathlib import Path

import pytest

import pinpoint_sms_emu
from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wording import nearest, one_of, quoted

LONG = "7" * 5000


@pytest.mark.parametrize("value", [LONG, LONG.encode(), [LONG] * 50, {LONG: LONG}, int(LONG[:90])])
def test_quotes_are_short(value):
    """At most about 80 characters of the request are quoted."""
    assert len(quoted(value)) <= 81
    assert quoted("short") == "'short'"
    assert quoted(None) == "None"


def test_the_nearest_values_are_listed():
    """Of dozens of values, three are listed, and where all of them are."""
    countries = [f"COUNTRY_{number}" for number in range(60)]

    result = one_of("COUNTRY_61", countries, "the guide")

    assert result.startswith("must be one of 60 values, the most similar are COUNTRY_")
    assert result.endswith(" (see the guide for all)")
    assert result.count("COUNTRY_") == 3
    assert one_of("x", ["A", "B"]) == "must be one of A, B"


def test_the_probable_name_is_suggested():
    """A misspelled name is corrected; otherwise all names, or the nearest ones, are listed."""
    assert nearest("number_typ", ["number_type", "tags"]) == "did you mean number_type?"
    assert nearest("send_text_message", ["SendTextMessage"]) == "did you mean SendTextMessage?"
    assert nearest("region", ["registrations", "seed"]) == "choose from registrations, seed"
    assert nearest("message", ["keyword", "keyword_message"]) == "did you mean keyword_message?"
    types = ["message_type", "number_type"]
    assert nearest("type", types) == "choose from message_type, number_type"
    assert nearest("brand_reg", ["brand_vetting", "brand_registration"]).endswith("_registration?")
    ways = ["two_way_enabled", "two_way_channel_arn", "tags"]
    assert nearest("two_way", ways) == "did you mean two_way_channel_arn or two_way_enabled?"
    brands = ["US_TEN_DLC_BRAND_VETTING", "US_TEN_DLC_BRAND_REGISTRATION", "US_TEN_DLC_RESALE"]
    assert nearest("TEN_DLC_BRAND", brands).endswith(
        "_BRAND_REGISTRATION or US_TEN_DLC_BRAND_VETTING?"
    )
    assert nearest("x", ["one", "two"]) == "choose from one, two"
    assert nearest("x", []) == "there are none"
    assert nearest("zzz", [f"name_{n}" for n in range(40)]).startswith("the most similar are name_")


def test_names_with_the_same_words_are_the_most_similar():
    """Words count as much as letters: half of a name finds it among many."""
    others = [f"OPTION_{number}_OUTPUT" for number in range(40)]

    result = one_of("OPTED_OUT", [*others, "DESTINATION_PHONE_NUMBER_OPTED_OUT"])

    assert "the most similar are DESTINATION_PHONE_NUMBER_OPTED_OUT, " in result


@pytest.mark.rule("proto-constraint-violation")
@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("SendTextMessage", {"DestinationPhoneNumber": LONG, "MessageBody": "Hello"}),
        ("CreatePool", {"OriginationIdentity": LONG, "MessageType": LONG}),
        ("DescribePools", {"PoolIds": [LONG], "Filters": [{"Name": LONG, "Values": [LONG]}]}),
        ("TagResource", {"ResourceArn": "arn:" + LONG, "Tags": [{"Key": LONG, "Value": LONG}]}),
        ("SendVoiceMessage", {"DestinationPhoneNumber": "+14255550100", "VoiceId": LONG}),
        ("NoSuchOperation" + LONG, {}),
    ],
)
def test_errors_over_http_are_short(raw, operation, members):
    """An error repeats no long text, and is short itself."""
    answer = raw(operation, members)

    assert answer.status == 400
    assert LONG[:100] not in answer.text
    assert len(answer.text) < 2_000


@pytest.mark.parametrize(
    "arranged",
    [
        lambda sms: sms.add_number(LONG),
        lambda sms: sms.add_number("+12065550100", phone_number_id=LONG),
        lambda sms: sms.add_number("+12065550100", account_id=LONG),
        lambda sms: sms.fail(LONG),
        lambda sms: sms.fail("*", LONG),
        lambda sms: sms.fail("SendTextMessage", "ConflictException", reason=LONG),
        lambda sms: sms.outcome(LONG),
        lambda sms: sms.receive("STOP", sender=LONG, recipient="+12065550100"),
        lambda sms: sms.find_messages(channel=LONG),
        lambda sms: sms.find_messages(status=LONG),
        lambda sms: sms.reset(account_tier=LONG),
        lambda sms: sms.reset(quotas=LONG),
        lambda sms: sms.clock.freeze(LONG),
    ],
)
def test_errors_in_python_are_short(emulator, arranged):
    """The sentence about a wrong argument in Python is short, too."""
    with pytest.raises((ValueError, LookupError)) as raised:
        arranged(emulator)

    assert LONG[:100] not in str(raised.value)
    assert len(str(raised.value)) < 600


def test_similar_reasons_are_listed(emulator):
    """The error about an unknown Reason lists the most similar ones, not all."""
    reasons = service_model().shapes["ConflictExceptionReason"]["enum"]

    with pytest.raises(ValueError, match="DELETION_PROTECTION_ENABLED") as raised:
        emulator.fail("DeletePool", "ConflictException", reason="DELETION_PROTECTED")

    assert sum(each in str(raised.value) for each in reasons) <= 5


def test_no_error_names_a_package_that_no_index_has():
    """This package is not on PyPI, so errors do not tell anyone to install it or its extras."""
    for file in Path(pinpoint_sms_emu.__file__).parent.rglob("*.py"):
        text = file.read_text()
        assert "pinpoint-sms-emu[" not in text, file
        assert "install pinpoint-sms-emu" not in text, file
