"""Documented rates, if enabled; tests advance the clock instead of waiting."""

import itertools

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ThrottlingException
from pinpoint_sms_emu.service.throttling import must_not_send_too_fast
from pinpoint_sms_emu.wire.model import service_model

pytestmark = pytest.mark.pinpoint_sms(throttling=True)

RECIPIENT = "+14255550100"
THREE_PARTS = "a" * 450


@pytest.fixture(autouse=True)
def _frozen(emulator):
    emulator.clock.freeze()


@pytest.fixture
def sender(emulator):
    """Add a number without a call that counts."""

    def add(number_type="TOLL_FREE", phone_number="+12065550100", **settings):
        return emulator.add_number(phone_number, number_type=number_type, **settings)

    return add


def count(call, most=300, **members):
    """Call until the call is throttled; return the number of successful calls."""
    for done in range(most):
        try:
            call(**members)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ThrottlingException":
                raise
            return done
    return most


# A recipient cannot get two texts within a second.
RECIPIENTS = {
    country: map(form.format, itertools.count())
    for country, form in {
        "US": "+1425555{:04}",
        "GB": "+4477009{:05}",
        "DE": "+49151123{:05}",
    }.items()
}


def send(sms, number, body="Hello", recipient=None, country="US", **members):
    """Send a text, by default to a new recipient."""
    return sms.send_text_message(
        DestinationPhoneNumber=recipient or next(RECIPIENTS[country]),
        OriginationIdentity=number.id,
        MessageBody=body,
        **members,
    )


# --- requests -------------------------------------------------------------------------------------


@pytest.mark.rule("proto-throttling", "proto-request-rates")
def test_one_request_a_second(sms, emulator, refused):
    """A second call within a second is refused, and allowed a second later."""
    sms.describe_pools()

    with refused("ThrottlingException"):
        sms.describe_pools()

    emulator.clock.advance(seconds=0.999)
    assert count(sms.describe_pools) == 0
    emulator.clock.advance(seconds=0.001)
    assert count(sms.describe_pools) == 1


@pytest.mark.rule("proto-request-rates")
@pytest.mark.parametrize(
    ("operation", "members", "rate"),
    [
        ("put_opted_out_number", {"OptedOutNumber": RECIPIENT, "OptOutListName": "Default"}, 10),
        ("list_tags_for_resource", {"ResourceArn": "arn"}, 10),
        ("describe_opted_out_numbers", {"OptOutListName": "Default"}, 1),
        ("create_opt_out_list", {"OptOutListName": "Mine"}, 1),
    ],
)
def test_request_rates(sms, account, operation, members, rate):
    """Most operations allow one request a second; those for opted-out numbers and tags ten."""
    if "ResourceArn" in members:
        members = {"ResourceArn": account.opt_out_lists["Default"].arn}

    assert count(getattr(sms, operation), **members) == rate


@pytest.mark.rule("proto-throttling")
def test_the_bucket_fills_steadily(sms, account, emulator):
    """Ten a second are one each tenth of a second, with a burst of ten."""
    arn = account.opt_out_lists["Default"].arn
    assert count(sms.list_tags_for_resource, ResourceArn=arn) == 10

    emulator.clock.advance(seconds=0.3)
    assert count(sms.list_tags_for_resource, ResourceArn=arn) == 3
    emulator.clock.advance(days=1)
    assert count(sms.list_tags_for_resource, ResourceArn=arn) == 10


def test_buckets_are_separate(sms, client):
    """Other operations, accounts and Regions are not affected."""
    assert count(sms.describe_pools) == 1

    assert count(sms.describe_phone_numbers) == 1
    assert count(client("210987654321").describe_pools) == 1
    assert count(client(region="eu-west-1").describe_pools) == 1


def test_a_refused_call_counts(sms):
    """AWS counts all calls, including refused ones."""
    with pytest.raises(ClientError) as raised:
        sms.delete_pool(PoolId="pool-unknown")
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"

    assert count(sms.delete_pool, PoolId="pool-unknown") == 0


@pytest.mark.rule("proto-throttling")
@pytest.mark.parametrize("operation", sorted(service_model().operations))
def test_every_operation_declares_throttling(operation):
    """ThrottlingException is an error of every operation."""
    assert "ThrottlingException" in service_model().operations[operation].errors


def test_buckets_work_if_time_goes_back(sms, emulator):
    """No bucket waits until the former time."""
    emulator.clock.advance(days=1)
    assert count(sms.describe_pools) == 1

    emulator.clock.resume()
    emulator.clock.freeze()

    assert count(sms.describe_pools) == 1


@pytest.mark.pinpoint_sms(throttling=False)
@pytest.mark.rule("proto-request-rates")
def test_no_throttling_by_default(sms, sender):
    """By default, calls are not throttled."""
    number = sender()

    assert count(sms.describe_pools, most=50) == 50
    assert count(lambda: send(sms, number), most=50) == 50


# --- message parts --------------------------------------------------------------------------------


@pytest.mark.rule("text-mps-throttle")
@pytest.mark.parametrize(
    ("number_type", "phone_number", "rate"),
    [
        ("TOLL_FREE", "+18445550100", 3),
        ("LONG_CODE", "+447700900123", 10),
        ("LONG_CODE", "+16045550100", 1),
        ("SHORT_CODE", "12345", 100),
    ],
)
def test_message_parts_per_second(sms, emulator, sender, number_type, phone_number, rate):
    """An identity sends the documented number of parts a second."""
    place = {"iso_country_code": "US"} if number_type == "SHORT_CODE" else {}
    number = sender(number_type, phone_number, **place)
    home = "GB" if phone_number.startswith("+44") else "US"

    def once():
        send(sms, number, country=home)

    assert count(once) == rate
    emulator.clock.advance(seconds=1)
    assert count(once) == rate


@pytest.mark.rule("text-mps-throttle")
def test_the_rate_counts_parts(sms, emulator, sender, refused):
    """A text of three parts uses a toll-free number's second."""
    number = sender()
    send(sms, number, THREE_PARTS)

    with refused("ThrottlingException"):
        send(sms, number)

    emulator.clock.advance(seconds=1)
    assert count(lambda: send(sms, number, THREE_PARTS)) == 1


@pytest.mark.rule("text-mps-throttle")
def test_a_text_with_more_parts_than_the_rate_is_sent(sms, emulator, sender):
    """It is sent if nothing else is, and uses several seconds."""
    number = sender("LONG_CODE", "+16045550100")
    send(sms, number, THREE_PARTS)

    emulator.clock.advance(seconds=2.9)
    assert count(lambda: send(sms, number)) == 0
    emulator.clock.advance(seconds=0.1)
    assert count(lambda: send(sms, number)) == 1


@pytest.mark.rule("text-mps-throttle")
def test_each_identity_has_its_own_rate(sms, sender):
    """Another number can send meanwhile, as in a pool."""
    first, second = sender(), sender(phone_number="+12065550101")

    assert count(lambda: send(sms, first)) == 3
    assert count(lambda: send(sms, second)) == 3


@pytest.mark.rule("text-campaign-rate")
def test_the_numbers_of_a_campaign_share_a_rate(sms, emulator, sender):
    """Another number of the campaign must wait; one of another campaign need not."""
    campaigns = []
    for _ in range(2):
        made = sms.create_registration(RegistrationType="US_TEN_DLC_CAMPAIGN_REGISTRATION")
        campaigns.append(made["RegistrationId"])
        emulator.clock.advance(seconds=1)
    first, second = (
        sender("TEN_DLC", f"+1206555010{last}", registration_id=campaigns[0]) for last in (0, 1)
    )
    other = sender("TEN_DLC", "+12065550102", registration_id=campaigns[1])

    assert count(lambda: send(sms, first)) == 1
    assert count(lambda: send(sms, second)) == 0
    assert count(lambda: send(sms, other)) == 1

    emulator.clock.advance(seconds=1)
    assert count(lambda: send(sms, second)) == 1


@pytest.mark.rule("text-campaign-rate")
def test_pictures_do_not_use_the_rate_of_a_campaign(sms, sender):
    """The MMS of each of its numbers have a rate of their own."""
    campaign = sms.create_registration(RegistrationType="US_TEN_DLC_CAMPAIGN_REGISTRATION")
    numbers = [
        sender("TEN_DLC", f"+1206555010{last}", registration_id=campaign["RegistrationId"])
        for last in (0, 1)
    ]

    def once(number):
        sms.send_media_message(
            DestinationPhoneNumber=next(RECIPIENTS["US"]),
            OriginationIdentity=number.id,
            MessageBody="Hello",
        )

    assert [count(once, number=number) for number in numbers] == [1, 1]


@pytest.mark.rule("text-mps-throttle")
def test_the_rate_of_a_sender_id(sms, sender):
    """A sender ID sends ten parts a second."""
    del sender
    sms.request_sender_id(SenderId="ACME", IsoCountryCode="DE")

    def once():
        sms.send_text_message(
            DestinationPhoneNumber=next(RECIPIENTS["DE"]),
            OriginationIdentity="ACME",
            MessageBody="Hallo",
        )

    assert count(once) == 10


@pytest.mark.rule("text-mps-throttle")
def test_the_rate_of_shared_routes(account):
    """Shared routes, without an own sender, send twenty parts a second."""

    def once():
        must_not_send_too_fast(account, "SMS", None, 1, dry_run=False)

    for _ in range(20):
        once()
    with pytest.raises(ThrottlingException):
        once()


@pytest.mark.rule("voice-per-minute", "voice-number-rate")
@pytest.mark.parametrize(("tier", "most"), [("PRODUCTION", 20), ("SANDBOX", 5)])
def test_the_rate_of_calls(sms, emulator, tier, most):
    """A number makes a call a second; an account twenty in any minute, five in the sandbox."""
    emulator.reset(account_tier=tier, throttling=True, quotas={"DAILY_DESTINATION_CALL_LIMIT": 99})
    emulator.clock.freeze()
    numbers = [emulator.add_number(f"+12065550{index}") for index in range(100, 122)]

    def call(number):
        sms.send_voice_message(
            DestinationPhoneNumber="+14254147755",  # AWS's simulator, which needs no verification
            OriginationIdentity=number.id,
            MessageBody="Hello",
        )

    assert count(call, number=numbers[0]) == 1
    emulator.clock.advance(seconds=30)
    assert [count(call, most=1, number=number) for number in numbers[1 : most + 1]] == (
        [1] * (most - 1) + [0]
    )
    emulator.clock.advance(seconds=29.9)
    assert count(call, number=numbers[0]) == 0
    emulator.clock.advance(seconds=0.1)
    # The first call was made a minute ago, the others half a minute.
    assert [count(call, most=1, number=number) for number in numbers[:2]] == [1, 0]


def test_a_refused_message_does_not_use_the_rate(sms, sender):
    """A message that is refused for another reason uses no part."""
    number = sender()
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber="+14255550199")
    for _ in range(5):
        with pytest.raises(ClientError) as raised:
            send(sms, number, recipient="+14255550199")
        assert raised.value.response["Error"]["Code"] == "ConflictException"

    assert count(lambda: send(sms, number)) == 3


@pytest.mark.rule("text-recipient-rate", "media-recipient-rate")
def test_a_recipient_gets_one_message_a_second(sms, emulator, client, sender, refused):
    """Another SMS or MMS to the same recipient is refused; other recipients are not affected."""
    number, other = sender(), sender(phone_number="+12065550101")
    picture = {"OriginationIdentity": number.id, "MediaUrls": ["s3://pictures/cat.png"]}
    send(sms, number, recipient=RECIPIENT)

    with refused("ThrottlingException"):
        send(sms, other, recipient=RECIPIENT)
    with refused("ThrottlingException"):
        sms.send_media_message(DestinationPhoneNumber=RECIPIENT, **picture)

    send(sms, number, recipient=RECIPIENT, DryRun=True)
    send(sms, number)
    sms.send_voice_message(
        DestinationPhoneNumber=RECIPIENT, OriginationIdentity=number.id, MessageBody="Hello"
    )
    elsewhere = emulator.add_number("+12065550102", region="eu-west-1")
    send(client(region="eu-west-1"), elsewhere, recipient=RECIPIENT)
    emulator.clock.advance(seconds=1)
    sms.send_media_message(DestinationPhoneNumber=RECIPIENT, **picture)
    with refused("ThrottlingException"):
        send(sms, number, recipient=RECIPIENT)


def test_automatic_replies_do_not_use_the_rate(sms, emulator, sender):
    """Automatic replies are not counted: the application can send at once."""
    number = sender("LONG_CODE")
    emulator.receive("HELP", sender=RECIPIENT, recipient=number.id)

    send(sms, number, recipient=RECIPIENT)

    assert emulator.messages[-2].in_reply_to
    assert emulator.messages[-1].in_reply_to is None


def notify(sms, account, emulator, tier):
    """Create a Notify configuration; return a function that sends with it."""
    emulator.clock.advance(seconds=1)
    made = sms.create_notify_configuration(
        DisplayName="Shop", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS", "VOICE"]
    )
    engine_of(emulator).run_due()
    account.notify_configurations[made["NotifyConfigurationId"]].tier = tier
    query = {
        "NotifyConfigurationId": made["NotifyConfigurationId"],
        "TemplateId": "notify-code-verification-english-001",
        "TemplateVariables": {"code": "1234"},
    }

    def once(**more):
        person = next(RECIPIENTS["DE"])
        sms.send_notify_text_message(**query, DestinationPhoneNumber=person, **more)

    return once


@pytest.mark.since("1.43.11")
@pytest.mark.rule("notify-send-rate")
def test_tiers_of_notify_have_rates_of_their_own(sms, account, emulator):
    """A configuration of one tier does not use the rate of another tier."""
    basic, advanced = (notify(sms, account, emulator, each) for each in ("BASIC", "ADVANCED"))

    assert count(basic) == 1
    assert count(advanced) == 25


@pytest.mark.since("1.43.11")
@pytest.mark.rule("notify-send-rate")
@pytest.mark.parametrize(("tier", "rate"), [("BASIC", 1), ("ADVANCED", 25)])
def test_the_rate_of_notify(sms, account, emulator, tier, rate):
    """A configuration has its tier's rate; dry runs count."""
    once = notify(sms, account, emulator, tier)

    once(DryRun=True)
    assert count(once) == rate - 1
    emulator.clock.advance(seconds=1)
    assert count(once) == rate


@pytest.mark.rule("text-dry-run-rate")
@pytest.mark.parametrize(
    ("number_type", "phone_number", "rate"), [("SHORT_CODE", "12345", 5), ("TOLL_FREE", None, 3)]
)
def test_the_rate_of_dry_runs(sms, emulator, sender, number_type, phone_number, rate):
    """Five parts a second, or the identity's rate if that is lower."""
    number = sender(number_type, phone_number or "+12065550100", iso_country_code="US")

    assert count(lambda: send(sms, number, DryRun=True)) == rate
    assert count(lambda: send(sms, number)) >= rate
    emulator.clock.advance(seconds=1)
    assert count(lambda: send(sms, number, DryRun=True)) == rate


@pytest.mark.rule("text-dry-run-rate")
def test_dry_runs_count_their_parts_by_identity(sms, sender):
    """A dry run of three parts uses three of the five; another identity is not affected."""
    first = sender("SHORT_CODE", "12345", iso_country_code="US")
    second = sender("SHORT_CODE", "23456", iso_country_code="US")
    send(sms, first, THREE_PARTS, DryRun=True)

    assert count(lambda: send(sms, first, DryRun=True)) == 2
    assert count(lambda: send(sms, second, DryRun=True)) == 5


# --- with a client that tries again ---------------------------------------------------------------


@pytest.mark.parametrize("mode", ["standard", "adaptive", "legacy"])
def test_boto3_retries_until_it_succeeds(client, emulator, mode):
    """With a running clock, boto3's retries succeed."""
    emulator.clock.resume()
    patient = client(config=Config(retries={"mode": mode, "total_max_attempts": 10}))

    retries = [
        patient.describe_pools()["ResponseMetadata"]["RetryAttempts"],
        patient.describe_pools()["ResponseMetadata"]["RetryAttempts"],
    ]

    assert retries[0] == 0
    assert retries[1] > 0


def test_boto3_gives_up_with_a_frozen_clock(client):
    """With the clock stopped, no retry helps."""
    patient = client(config=Config(retries={"mode": "standard", "total_max_attempts": 2}))
    patient.describe_pools()

    with pytest.raises(ClientError) as raised:
        patient.describe_pools()

    assert raised.value.response["Error"]["Code"] == "ThrottlingException"
    assert raised.value.response["ResponseMetadata"]["RetryAttempts"] == 1


def test_throttling_survives_a_snapshot(sms, emulator):
    """A saved state has the used capacity."""
    assert count(sms.describe_pools) == 1
    state = emulator.snapshot()
    emulator.reset()
    emulator.restore(state)

    assert count(sms.describe_pools) == 0
    emulator.clock.advance(seconds=1)
    assert count(sms.describe_pools) == 1
