"""After the clock was set back, what happened later than now holds nothing up."""

from __future__ import annotations

import boto3
import pytest

from pinpoint_sms_emu import mock_sms

PERSON, NUMBER = "+14255550101", "+12065550100"
FUTURE = "2100-01-01T00:00:00Z"
LIST = {"OptOutListName": "Default", "OptedOutNumber": PERSON}
PHONE = {"PhoneNumber": PERSON}
WAITING = r"OPTED_IN|opted in|DELETION_NOT_ALLOWED|REQUIRES_REGISTRATION|no invitation yet"


def _opted_out_again(sms, _sns, _emulator):
    """A number can be removed from a list once in 30 days."""
    sms.put_opted_out_number(**LIST)
    sms.delete_opted_out_number(**LIST)
    sms.put_opted_out_number(**LIST)
    return lambda: sms.delete_opted_out_number(**LIST)


def _opted_in_by_sns(sms, sns, _emulator):
    """The same for SNS."""
    _opted_out_again(sms, sns, _emulator)
    return lambda: sns.opt_in_phone_number(phoneNumber=PERSON)


def _verified_number(sms, _sns, _emulator):
    """A verified number can be deleted after 24 hours."""
    made = sms.create_verified_destination_number(DestinationPhoneNumber=PERSON)
    name = made["VerifiedDestinationNumberId"]
    return lambda: sms.delete_verified_destination_number(VerifiedDestinationNumberId=name)


def _sandbox_number(_sms, sns, _emulator):
    """The same for SNS."""
    sns.create_sms_sandbox_phone_number(**PHONE)
    return lambda: sns.delete_sms_sandbox_phone_number(**PHONE)


def _sender_id(sms, _sns, _emulator):
    """A sender ID can be requested again when its release is over."""
    sender = {"SenderId": "ACME", "IsoCountryCode": "GB"}
    sms.request_sender_id(**sender)
    sms.release_sender_id(**sender)
    return lambda: sms.request_sender_id(**sender)


def _invitation(sms, _sns, emulator):
    """A tester can accept an invitation that has arrived."""
    agent = sms.create_rcs_agent()["RcsAgentId"]
    emulator.clock.advance(minutes=1)
    sms.create_verified_destination_number(DestinationPhoneNumber=PERSON, RcsAgentId=agent)
    return lambda: emulator.accept_invitation(PERSON)


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize(
    "prepare",
    [
        _opted_out_again,
        _opted_in_by_sns,
        _verified_number,
        _sandbox_number,
        _sender_id,
        _invitation,
    ],
    ids=lambda each: each.__name__[1:],
)
def test_a_period_of_waiting_ends_when_the_clock_is_set_back(prepare):
    """It was refused while the period lasted, and is possible after `resume`."""
    with mock_sms(transition_seconds=10) as emulator:
        sms, sns = (
            boto3.client(service, region_name="us-east-1")
            for service in ("pinpoint-sms-voice-v2", "sns")
        )
        emulator.clock.freeze(FUTURE)
        act = prepare(sms, sns, emulator)
        with pytest.raises(Exception, match=WAITING):
            act()
        emulator.clock.resume()

        act()


def test_a_pair_ends_when_the_clock_is_set_back():
    """What arrives later than now does not decide which number sends."""
    with mock_sms() as emulator:
        sms = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")
        emulator.add_number(NUMBER, number_type="TOLL_FREE")
        emulator.clock.freeze(FUTURE)
        text = {"DestinationPhoneNumber": PERSON, "MessageBody": "Hello"}
        sms.send_text_message(**text)
        emulator.add_number("+12065550199", number_type="SHORT_CODE")
        sms.send_text_message(**text)
        emulator.clock.resume()
        sms.send_text_message(**text)

        senders = [each.sender for each in emulator.messages]
        assert senders == [NUMBER, NUMBER, "+12065550199"]
