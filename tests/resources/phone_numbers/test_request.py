"""RequestPhoneNumber: the numbers that can be requested, and their settings."""

from itertools import product

import phonenumbers
import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.reference.countries import TOLL_FREE_PREFIXES
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from tests.resources.phone_numbers.calls import ARN, LONG_CODE, ROLE, TOPIC, described, newer


@pytest.mark.parametrize("missing", sorted(LONG_CODE))
@pytest.mark.rule("phone-request-required")
def test_country_type_capabilities_and_number_type_are_required(lease, refused, missing):
    """Each of the four members is required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=[missing]):
        lease(**{missing: None})


@pytest.mark.parametrize("number_type", ["LONG_CODE", "TOLL_FREE", "TEN_DLC", "SIMULATOR"])
@pytest.mark.rule("phone-request-types")
def test_long_codes_toll_free_10dlc_and_simulator_numbers_can_be_requested(lease, sms, number_type):
    """The requestable types are LONG_CODE, TOLL_FREE, TEN_DLC and SIMULATOR."""
    leased = lease(NumberType=number_type)

    assert leased["NumberType"] == number_type
    assert described(sms)[0]["NumberType"] == number_type


@pytest.mark.rule("phone-request-types")
def test_a_short_code_cannot_be_requested(lease, sms, emulator, refused):
    """A SHORT_CODE can be described, but not requested."""
    emulator.add_number("12345")

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberType"]):
        lease(NumberType="SHORT_CODE")

    assert described(sms)[0]["NumberType"] == "SHORT_CODE"


@pytest.mark.rule("phone-request-simulator-transactional")
def test_a_promotional_simulator_number_is_not_found(lease, refused):
    """A simulator number only sends transactional messages."""
    with refused("ResourceNotFoundException", about=("phone-number", None)):
        lease(NumberType="SIMULATOR", MessageType="PROMOTIONAL")


@pytest.mark.parametrize("capabilities", [[], ["SMS"] * 5, ["SMS", "FAX"]])
@pytest.mark.rule("phone-request-capabilities-list")
def test_invalid_capabilities_are_refused(lease, refused, capabilities):
    """NumberCapabilities has 1 to 4 entries, each a known capability."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberCapabilities"]):
        lease(NumberCapabilities=capabilities)


@pytest.mark.parametrize(
    "capabilities", [["SMS"], ["MMS", "SMS", "VOICE"], pytest.param(["SMS"] * 4, marks=newer)]
)
@pytest.mark.rule("phone-request-capabilities-list")
def test_one_to_four_capabilities_are_accepted(lease, capabilities):
    """NumberCapabilities has 1 to 4 entries."""
    assert lease(NumberCapabilities=capabilities)["NumberCapabilities"] == capabilities


@pytest.mark.rule("phone-request-voice-unavailable")
def test_voice_in_a_country_without_it(lease, refused):
    """Belgian long codes do not support VOICE, so it cannot be requested."""
    with refused(
        "ValidationException", "VOICE_CAPABILITY_NOT_AVAILABLE", fields=["NumberCapabilities"]
    ):
        lease(IsoCountryCode="BE")


@pytest.mark.rule("phone-request-voice-region")
def test_voice_in_a_region_without_it(client, refused):
    """In Milan numbers have no calls; texts they have, and an invented Region has both."""
    milan = client(region="eu-south-1")

    with refused(
        "ValidationException", "VOICE_CAPABILITY_NOT_AVAILABLE", fields=["NumberCapabilities"]
    ):
        milan.request_phone_number(**LONG_CODE)
    assert milan.request_phone_number(**LONG_CODE | {"NumberCapabilities": ["SMS"]})
    assert client(region="local").request_phone_number(**LONG_CODE)


@pytest.mark.parametrize(
    "wish",
    [
        {"IsoCountryCode": "FR"},
        {"IsoCountryCode": "CU"},
        {"IsoCountryCode": "QQ"},
        {"IsoCountryCode": "GB", "NumberType": "TOLL_FREE"},
        {"IsoCountryCode": "CA", "NumberType": "SIMULATOR"},
        {"IsoCountryCode": "DE", "NumberCapabilities": ["MMS"]},
        pytest.param({"NumberCapabilities": ["RCS"]}, marks=newer),
        {"NumberType": "SIMULATOR", "MessageType": "PROMOTIONAL"},
    ],
)
@pytest.mark.rule("phone-request-none-available")
def test_a_number_that_is_not_available_is_not_found(lease, refused, wish):
    """If no number fits, the request fails instead of returning an empty result."""
    with refused("ResourceNotFoundException", about=("phone-number", None)):
        lease(**wish)


@pytest.mark.rule("phone-request-none-available")
@pytest.mark.pinpoint_sms(quotas="PHONE_NUMBERS_PER_ACCOUNT=100000")
def test_numbers_can_be_sold_out(lease, emulator, account):
    """If every number of a kind is taken the request fails, without using the random source."""
    for prefix, line in product(TOLL_FREE_PREFIXES, range(200, 10_000)):
        number = PhoneNumber(
            phone_number=f"+1{prefix}555{line:04}",
            iso_country_code="US",
            message_type="TRANSACTIONAL",
            number_capabilities=["SMS"],
            number_type="TOLL_FREE",
            monthly_leasing_price="2.00",
            keywords={},
        )
        account.phone_numbers.add(number)
    position = engine_of(emulator).state.random_source.position

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        lease(NumberType="TOLL_FREE")

    assert engine_of(emulator).state.random_source.position == position


@pytest.mark.rule("phone-request-account-quota")
def test_an_account_has_at_most_25_numbers(lease, refused):
    """The 25th number is granted; the 26th is refused."""
    for _ in range(25):
        lease()

    with refused("ServiceQuotaExceededException", "PHONE_NUMBERS_PER_ACCOUNT"):
        lease()


@pytest.mark.rule("phone-request-idempotent")
def test_the_same_token_gets_the_same_number(lease, sms):
    """A repeated request with its ClientToken returns the same number."""
    first, second = lease(ClientToken="once"), lease(ClientToken="once")

    assert first["PhoneNumberArn"] == second["PhoneNumberArn"]
    assert first["PhoneNumber"] == second["PhoneNumber"]
    assert len(described(sms)) == 1


@pytest.mark.rule("phone-request-declared-exceptions")
def test_all_seven_exceptions_are_declared(sms):
    """RequestPhoneNumber declares all seven exceptions of the service."""
    declared = sms.meta.service_model.operation_model("RequestPhoneNumber").error_shapes

    assert {shape.name for shape in declared} == {
        "AccessDeniedException",
        "ConflictException",
        "InternalServerException",
        "ResourceNotFoundException",
        "ServiceQuotaExceededException",
        "ThrottlingException",
        "ValidationException",
    }


@pytest.mark.rule("phone-request-response-echo")
def test_members_of_the_answer(lease, emulator):
    """The answer has the requested settings, and ARN, id, number, Status, price and time."""
    wish = LONG_CODE | {"DeletionProtectionEnabled": True, "Tags": [{"Key": "team", "Value": "a"}]}

    leased = lease(**wish)

    assert {name: leased[name] for name in wish} == wish
    assert leased["PhoneNumberArn"].endswith(f"/{leased['PhoneNumberId']}")
    assert leased["PhoneNumber"].startswith("+")
    assert leased["Status"] == "PENDING"
    assert leased["MonthlyLeasingPrice"]
    assert abs((emulator.clock.now() - leased["CreatedTimestamp"]).total_seconds()) < 60


@pytest.mark.rule("phone-request-response-defaults")
def test_two_way_messaging_is_off_by_default(lease):
    """A new number has two-way messaging and self-managed opt-outs off, and no channel."""
    leased = lease()

    assert leased["TwoWayEnabled"] is False
    assert leased["SelfManagedOptOutsEnabled"] is False
    assert "TwoWayChannelArn" not in leased


@pytest.mark.rule("phone-request-deletion-protection-default")
def test_a_number_is_not_protected_by_default(lease):
    """DeletionProtectionEnabled is false unless set."""
    assert lease()["DeletionProtectionEnabled"] is False
    assert lease(DeletionProtectionEnabled=True)["DeletionProtectionEnabled"] is True


@newer
@pytest.mark.rule("phone-request-international-default")
def test_a_number_sends_only_within_its_country_by_default(lease):
    """InternationalSendingEnabled is false unless set, and is returned."""
    assert lease()["InternationalSendingEnabled"] is False
    assert lease(InternationalSendingEnabled=True)["InternationalSendingEnabled"] is True


@pytest.mark.rule("phone-request-opt-out-default")
def test_the_default_opt_out_list_is_used(lease):
    """A number without an opt-out list uses the list Default."""
    assert lease()["OptOutListName"] == "Default"


@pytest.mark.rule("phone-request-opt-out-list-forms")
def test_a_list_is_named_by_name_or_arn(lease, sms, number):
    """OptOutListName takes a name or an ARN, and the name is returned."""
    news = sms.create_opt_out_list(OptOutListName="news")
    updated = [
        sms.update_phone_number(PhoneNumberId=number.id, OptOutListName=name)["OptOutListName"]
        for name in ("Default", news["OptOutListArn"], "news")
    ]

    assert lease(OptOutListName="news")["OptOutListName"] == "news"
    assert lease(OptOutListName=news["OptOutListArn"])["OptOutListName"] == "news"
    assert updated == ["Default", "news", "news"]


@pytest.mark.rule("phone-opt-out-list-unknown")
@pytest.mark.parametrize("name", ["none", f"{ARN}opt-out-list/none"])
def test_an_unknown_opt_out_list_is_refused(lease, refused, name):
    """A number cannot use an opt-out list that there is not."""
    with refused("ResourceNotFoundException", about=("opt-out-list", "none")):
        lease(OptOutListName=name)


@pytest.mark.parametrize(
    ("country", "capabilities", "number_type"),
    [
        ("US", ["SMS"], "LONG_CODE"),
        ("US", ["SMS"], "TOLL_FREE"),
        ("US", ["SMS"], "TEN_DLC"),
        ("US", ["SMS"], "SIMULATOR"),
        ("CA", ["SMS"], "LONG_CODE"),
        ("PR", ["SMS"], "LONG_CODE"),
        ("DE", ["SMS"], "LONG_CODE"),
        ("GB", ["VOICE"], "LONG_CODE"),
        ("JE", ["SMS"], "LONG_CODE"),
        ("IN", ["SMS"], "LONG_CODE"),
    ],
)
@pytest.mark.rule("phone-request-number-country")
def test_the_number_is_valid_in_its_country(lease, country, capabilities, number_type):
    """PhoneNumber is in E.164 form with the country's calling code."""
    leased = lease(IsoCountryCode=country, NumberCapabilities=capabilities, NumberType=number_type)[
        "PhoneNumber"
    ]

    parsed = phonenumbers.parse(leased)
    assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == leased
    assert parsed.country_code == phonenumbers.country_code_for_region(country)


def test_numbers_are_unique(client, emulator):
    """A number belongs to one account in one Region."""
    emulator.reset(quotas={"PHONE_NUMBERS_PER_ACCOUNT": 300})
    leased = [
        client(account_id, region).request_phone_number(**LONG_CODE)["PhoneNumber"]
        for account_id in ("123456789012", "210987654321")
        for region in ("us-east-1", "eu-west-1")
        for _ in range(100)
    ]

    assert len(set(leased)) == len(leased)


@pytest.mark.rule("phone-request-price-string")
def test_the_price_is_a_string_with_two_decimals(lease, sms):
    """MonthlyLeasingPrice is an amount in US dollars, in every answer."""
    leased = lease()
    answers = [
        leased,
        described(sms)[0],
        sms.update_phone_number(PhoneNumberId=leased["PhoneNumberId"]),
        sms.release_phone_number(PhoneNumberId=leased["PhoneNumberId"]),
    ]

    assert [each["MonthlyLeasingPrice"] for each in answers] == ["1.00"] * 4


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-request-status")
def test_a_number_is_pending_until_it_is_provisioned(lease, sms, emulator):
    """A requested number is PENDING, then ACTIVE."""
    leased = lease()
    at_once = described(sms)[0]["Status"]
    emulator.clock.advance(seconds=60)

    assert [leased["Status"], at_once] == ["PENDING", "PENDING"]
    assert described(sms)[0]["Status"] == "ACTIVE"


@pytest.mark.rule("phone-request-status")
def test_without_a_transition_time_the_next_call_sees_it_active(lease, sms):
    """The answer says PENDING, the next call ACTIVE."""
    assert lease()["Status"] == "PENDING"
    assert described(sms)[0]["Status"] == "ACTIVE"


@pytest.mark.rule("phone-request-default-keywords")
def test_a_new_number_has_the_keywords_help_and_stop(sms, number):
    """A new number replies to HELP, and opts out senders of STOP."""
    keywords = sms.describe_keywords(OriginationIdentity=number.id)["Keywords"]

    assert {each["Keyword"]: each["KeywordAction"] for each in keywords} == {
        "HELP": "AUTOMATIC_RESPONSE",
        "STOP": "OPT_OUT",
    }


@pytest.mark.rule("phone-id-and-arn-format")
def test_id_and_arn(lease, sms):
    """PhoneNumberId begins with phone- and the ARN ends in phone-number/ and that id."""
    leased = lease()

    listed = described(sms)[0]
    assert leased["PhoneNumberId"].startswith("phone-")
    assert leased["PhoneNumberArn"] == (f"{ARN}phone-number/{leased['PhoneNumberId']}")
    assert listed["PhoneNumberId"] == leased["PhoneNumberId"]
    assert listed["PhoneNumberArn"] == leased["PhoneNumberArn"]


@newer
@pytest.mark.parametrize("number_type", ["SIMULATOR", "TEN_DLC"])
@pytest.mark.rule("phone-request-international-unsupported")
def test_some_numbers_do_not_send_abroad(lease, refused, number_type):
    """InternationalSendingEnabled is refused for a number that cannot send abroad."""
    with refused(
        "ValidationException",
        "INTERNATIONAL_SENDING_NOT_SUPPORTED",
        fields=["InternationalSendingEnabled"],
    ):
        lease(NumberType=number_type, InternationalSendingEnabled=True)


@newer
@pytest.mark.rule("phone-request-international-unsupported")
def test_a_short_code_does_not_send_abroad(sms, emulator, refused):
    """International sending cannot be enabled later either."""
    short_code = emulator.add_number("12345")

    with refused(
        "ValidationException",
        "INTERNATIONAL_SENDING_NOT_SUPPORTED",
        fields=["InternationalSendingEnabled"],
    ):
        sms.update_phone_number(PhoneNumberId=short_code.id, InternationalSendingEnabled=True)


@pytest.mark.rule("phone-request-into-pool")
def test_a_number_can_be_requested_into_a_pool(lease, sms, pool):
    """With PoolId the new number is in the pool at once, and the answer has PoolId."""
    leased = lease(PoolId=pool.id)

    members = sms.list_pool_origination_identities(PoolId=pool.id)["OriginationIdentities"]
    assert leased["PoolId"] == pool.id
    assert leased["PhoneNumberId"] in [each["OriginationIdentity"] for each in members]


@pytest.mark.rule("pool-any-id-or-arn")
def test_a_pool_can_be_named_by_its_arn(lease, pool):
    """PoolId takes the ARN, and the id is returned."""
    assert lease(PoolId=pool.arn)["PoolId"] == pool.id


@pytest.mark.rule("pool-id-empty-string")
@newer
def test_an_empty_pool_id_is_ignored(lease):
    """The model allows an empty PoolId: the number is in no pool."""
    assert "PoolId" not in lease(PoolId="")


@pytest.mark.rule("phone-request-pool-unknown")
def test_an_unknown_pool_is_refused(lease, refused):
    """A number cannot join a pool that there is not."""
    with refused("ResourceNotFoundException", about=("pool", "pool-none")):
        lease(PoolId="pool-none")


@pytest.mark.rule("phone-request-into-pool-mismatch")
def test_a_number_for_a_pool_must_be_of_its_message_type(lease, pool, refused):
    """A transactional pool does not accept a promotional number."""
    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=pool):
        lease(PoolId=pool.id, MessageType="PROMOTIONAL")


@pytest.mark.rule("phone-request-into-pool-mismatch")
def test_a_number_for_a_pool_must_have_its_opt_out_list(lease, sms, pool, refused):
    """A number with another list than the pool's is refused."""
    sms.create_opt_out_list(OptOutListName="other")

    with refused("ConflictException", "OPT_OUT_LIST_MISMATCH", about=pool):
        lease(PoolId=pool.id, OptOutListName="other")


@pytest.mark.rule("phone-request-into-pool-mismatch")
def test_a_number_for_a_pool_must_share_a_capability(lease, sms, account, refused):
    """A pool of voice numbers does not accept a number for texts only."""
    voice = lease(NumberCapabilities=["VOICE"])
    made = sms.create_pool(
        OriginationIdentity=voice["PhoneNumberId"], IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )

    with refused(
        "ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=("pool", made["PoolId"])
    ):
        lease(PoolId=made["PoolId"], NumberCapabilities=["SMS"])


@pytest.mark.rule("phone-request-into-pool-mismatch")
def test_a_pools_two_way_messaging_needs_a_country_that_supports_it(
    lease, sms, emulator, pool, refused
):
    """A number of another country is refused by a pool with two-way messaging."""
    sms.update_pool(PoolId=pool.id, TwoWayEnabled=True, TwoWayChannelArn=TOPIC)

    with refused("ConflictException", "TWO_WAY_CONFIG_MISMATCH", about=pool):
        lease(IsoCountryCode="PH", PoolId=pool.id)
    with pytest.raises(ValueError, match="TWO_WAY_CONFIG_MISMATCH"):
        emulator.add_number("+639171234567", pool_id=pool.id)

    sms.update_pool(PoolId=pool.id, TwoWayEnabled=False)
    assert lease(IsoCountryCode="PH", PoolId=pool.id)["PoolId"] == pool.id


@pytest.mark.rule("phone-request-into-pool-inherits")
def test_a_number_takes_over_its_pools_settings(lease, sms, custom_pool):
    """With PoolId and no list, the number has the pool's list, two-way settings and keywords."""
    leased = lease(PoolId=custom_pool.id)

    listed = described(sms, PhoneNumberIds=[leased["PhoneNumberId"]])[0]
    for answer in (leased, listed):
        assert answer["OptOutListName"] == "news"
        assert answer["TwoWayEnabled"] is True
        assert answer["TwoWayChannelArn"] == TOPIC
        assert answer["TwoWayChannelRole"] == ROLE
        assert answer["SelfManagedOptOutsEnabled"] is True
    keywords = [
        sms.describe_keywords(OriginationIdentity=of)["Keywords"]
        for of in (leased["PhoneNumberId"], custom_pool.id)
    ]
    assert keywords[0] == keywords[1]
    assert "INFO" in [each["Keyword"] for each in keywords[0]]


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-request-into-pool-not-active")
def test_a_pool_must_be_active(lease, sms, emulator, account, refused):
    """A pool that is not ACTIVE does not accept a number."""
    leased = lease()
    emulator.clock.advance(seconds=60)
    made = sms.create_pool(
        OriginationIdentity=leased["PhoneNumberId"],
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
    )

    pool = account.pools[made["PoolId"]]
    for status in ("CREATING", "DELETING"):
        assert pool.status == status
        with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pool):
            lease(PoolId=pool.id)
        with pytest.raises(ValueError, match="RESOURCE_NOT_ACTIVE"):
            emulator.add_number("+12065550111", pool_id=pool.id)
        if status == "CREATING":
            emulator.clock.advance(seconds=60)
            sms.delete_pool(PoolId=pool.id)


@pytest.mark.rule("pool-associate-quota")
@pytest.mark.pinpoint_sms(quotas="ORIGINATION_IDENTITIES_PER_POOL=2")
def test_a_full_pool_refuses_a_number(lease, pool, refused):
    """The number of identities in a pool is limited."""
    lease(PoolId=pool.id)

    with refused("ServiceQuotaExceededException", "ORIGINATION_IDENTITIES_PER_POOL"):
        lease(PoolId=pool.id)


@pytest.mark.rule("phone-request-toll-free-alone")
def test_a_toll_free_number_is_requested_without_a_registration(lease, sms, refused):
    """No RegistrationId can be given with a toll-free number."""
    made = sms.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")

    for registration in (made["RegistrationId"], made["RegistrationArn"], "registration-none"):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["RegistrationId"]):
            lease(NumberType="TOLL_FREE", RegistrationId=registration)


@pytest.mark.pinpoint_sms(registrations="required")
@pytest.mark.parametrize(
    "operation", ["request", pytest.param("search", marks=pytest.mark.since("1.44.5"))]
)
@pytest.mark.rule("phone-request-registration-required")
def test_a_10dlc_number_needs_a_registration(sms, lease, refused, operation):
    """Number types such as TEN_DLC in the US require a RegistrationId."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["RegistrationId"]):
        if operation == "request":
            lease(NumberType="TEN_DLC")
        else:
            sms.list_available_phone_numbers(
                IsoCountryCode="US", NumberType="TEN_DLC", NumberCapabilities=["SMS"]
            )


@pytest.mark.pinpoint_sms(registrations="required")
def test_a_toll_free_number_waits_for_its_registration(lease, sms, emulator):
    """It stays PENDING until a registration is COMPLETE; a long code needs none."""
    lease(NumberType="TOLL_FREE")
    lease()
    emulator.clock.advance(days=30)

    assert [each["Status"] for each in described(sms)] == ["PENDING", "ACTIVE"]


@pytest.mark.rule("phone-request-registration-region")
def test_a_registration_of_another_region_is_refused(lease, refused):
    """A number cannot have a registration of another Region."""
    elsewhere = "arn:aws:sms-voice:eu-west-1:123456789012:registration/registration-1"

    with refused(
        "ConflictException", "PHONE_NUMBER_NOT_IN_REGISTRATION_REGION", about=("phone-number", None)
    ):
        lease(NumberType="TEN_DLC", RegistrationId=elsewhere)


@pytest.mark.rule("proto-arn-wrong-kind", "proto-arn-other-region")
@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1",
        "arn:aws:acm:eu-west-1:123456789012:registration/registration-1",
        "arn:",
    ],
)
def test_an_arn_of_another_kind_is_refused_as_such(lease, refused, arn):
    """The ARN of another kind of resource is refused as such, even of another Region."""
    with refused("ValidationException", "INVALID_ARN", fields=["RegistrationId"]):
        lease(NumberType="TEN_DLC", RegistrationId=arn)
