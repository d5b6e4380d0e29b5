"""Phone numbers: requested, described, updated, released."""

import json
from itertools import product

import phonenumbers
import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.reference.countries import TOLL_FREE_PREFIXES
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber

# Needs members that the oldest botocore does not know.
newer = pytest.mark.since("1.43.11")

TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"
ARN = "arn:aws:sms-voice:us-east-1:123456789012:"
ROLE = "arn:aws:iam::123456789012:role/answers"
FRIEND = "210987654321"
SEND = {"DestinationPhoneNumber": "+14255550100"}
LONG_CODE = {
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS", "VOICE"],
    "NumberType": "LONG_CODE",
}


@pytest.fixture
def lease(sms):
    """Request a number like the usual one but for what is given; None leaves a member out."""

    def request(**changes):
        asked = {name: value for name, value in (LONG_CODE | changes).items() if value is not None}
        return sms.request_phone_number(**asked)

    return request


@pytest.fixture
def custom_pool(sms, account, number):
    """An ACTIVE pool with settings and keywords of its own."""
    made = sms.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    sms.create_opt_out_list(OptOutListName="news")
    sms.update_pool(
        PoolId=made["PoolId"],
        OptOutListName="news",
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayChannelRole=ROLE,
        SelfManagedOptOutsEnabled=True,
    )
    sms.put_keyword(
        OriginationIdentity=made["PoolId"], Keyword="INFO", KeywordMessage="All about us."
    )
    return account.pools[made["PoolId"]]


def described(sms, **asked):
    """Describe the numbers that are asked for."""
    return sms.describe_phone_numbers(**asked)["PhoneNumbers"]


def found(sms, **filters):
    """Describe the numbers that match, as a list of ids."""
    wanted = [{"Name": name.replace("_", "-"), "Values": v} for name, v in filters.items()]
    return [each["PhoneNumberId"] for each in described(sms, Filters=wanted)]


# Request: what is asked for.


@pytest.mark.parametrize("missing", sorted(LONG_CODE))
@pytest.mark.rule("phone-request-required")
def test_country_type_capabilities_and_number_type_are_required(lease, refused, missing):
    """A request without one of the four required members is refused."""
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
    """A SHORT_CODE is described where there is one, and cannot be requested."""
    emulator.add_number("12345")

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberType"]):
        lease(NumberType="SHORT_CODE")

    assert described(sms)[0]["NumberType"] == "SHORT_CODE"


@pytest.mark.rule("phone-request-simulator-transactional")
def test_a_promotional_simulator_number_is_not_found(lease, refused):
    """A simulator number sends transactional messages only."""
    with refused("ResourceNotFoundException", about=("phone-number", None)):
        lease(NumberType="SIMULATOR", MessageType="PROMOTIONAL")


@pytest.mark.parametrize("capabilities", [[], ["SMS"] * 5, ["SMS", "FAX"]])
@pytest.mark.rule("phone-request-capabilities-list")
def test_one_to_four_known_capabilities(lease, refused, capabilities):
    """NumberCapabilities has 1 to 4 entries, each a known capability."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberCapabilities"]):
        lease(NumberCapabilities=capabilities)


@pytest.mark.parametrize(
    "capabilities", [["SMS"], ["MMS", "SMS", "VOICE"], pytest.param(["SMS"] * 4, marks=newer)]
)
@pytest.mark.rule("phone-request-capabilities-list")
def test_one_and_four_capabilities_are_taken(lease, capabilities):
    """NumberCapabilities has 1 to 4 entries."""
    assert lease(NumberCapabilities=capabilities)["NumberCapabilities"] == capabilities


@pytest.mark.rule("phone-request-voice-unavailable")
def test_voice_where_there_is_none(lease, refused):
    """Belgian long codes have no VOICE, so it cannot be asked for."""
    with refused(
        "ValidationException", "VOICE_CAPABILITY_NOT_AVAILABLE", fields=["NumberCapabilities"]
    ):
        lease(IsoCountryCode="BE")


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
def test_a_number_that_nobody_offers_is_not_found(lease, refused, wish):
    """When no number fits the request it fails instead of returning an empty result."""
    with refused("ResourceNotFoundException", about=("phone-number", None)):
        lease(**wish)


@pytest.mark.rule("phone-request-none-available")
@pytest.mark.pinpoint_sms(quotas="PHONE_NUMBERS_PER_ACCOUNT=100000")
def test_numbers_can_be_sold_out(lease, emulator, account):
    """When every number of a kind is taken the request fails, and draws nothing from chance."""
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
def test_a_25th_number_and_no_26th(lease, refused):
    """An account has 25 phone numbers at most."""
    for _ in range(25):
        lease()

    with refused("ServiceQuotaExceededException", "PHONE_NUMBERS_PER_ACCOUNT"):
        lease()


@pytest.mark.rule("phone-request-idempotent")
def test_the_same_token_gets_the_same_number(lease, sms):
    """Repeating the request with its ClientToken leases no second number."""
    first, second = lease(ClientToken="once"), lease(ClientToken="once")

    assert first["PhoneNumberArn"] == second["PhoneNumberArn"]
    assert first["PhoneNumber"] == second["PhoneNumber"]
    assert len(described(sms)) == 1


@pytest.mark.rule("phone-request-declared-exceptions")
def test_requesting_a_number_may_fail_in_each_of_the_seven_ways(sms):
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


# Request: what one gets.


@pytest.mark.rule("phone-request-response-echo")
def test_the_answer_repeats_what_was_asked_and_adds_what_was_made(lease, emulator):
    """The answer has the wish, and ARN, id, number, Status, price and time."""
    wish = LONG_CODE | {"DeletionProtectionEnabled": True, "Tags": [{"Key": "team", "Value": "a"}]}

    leased = lease(**wish)

    assert {name: leased[name] for name in wish} == wish
    assert leased["PhoneNumberArn"].endswith(f"/{leased['PhoneNumberId']}")
    assert leased["PhoneNumber"].startswith("+")
    assert leased["Status"] == "PENDING"
    assert leased["MonthlyLeasingPrice"]
    assert abs((emulator.clock.now() - leased["CreatedTimestamp"]).total_seconds()) < 60


@pytest.mark.rule("phone-request-response-defaults")
def test_a_fresh_number_answers_nobody(lease):
    """A fresh number has two-way messaging and self-managed opt-outs off, and no channel."""
    leased = lease()

    assert leased["TwoWayEnabled"] is False
    assert leased["SelfManagedOptOutsEnabled"] is False
    assert "TwoWayChannelArn" not in leased


@pytest.mark.rule("phone-request-deletion-protection-default")
def test_a_number_is_not_protected_unless_asked(lease):
    """DeletionProtectionEnabled is false unless set."""
    assert lease()["DeletionProtectionEnabled"] is False
    assert lease(DeletionProtectionEnabled=True)["DeletionProtectionEnabled"] is True


@newer
@pytest.mark.rule("phone-request-international-default")
def test_a_number_sends_at_home_unless_asked(lease):
    """InternationalSendingEnabled is false unless set, and is echoed."""
    assert lease()["InternationalSendingEnabled"] is False
    assert lease(InternationalSendingEnabled=True)["InternationalSendingEnabled"] is True


@pytest.mark.rule("phone-request-opt-out-default")
def test_without_a_list_it_is_the_default_one(lease):
    """A number that names no opt-out list uses the one called Default."""
    assert lease()["OptOutListName"] == "Default"


@pytest.mark.rule("phone-request-opt-out-list-forms")
def test_a_list_is_named_by_name_or_arn(lease, sms, number):
    """OptOutListName takes a name or an ARN, and the name is what is shown."""
    news = sms.create_opt_out_list(OptOutListName="news")
    updated = [
        sms.update_phone_number(PhoneNumberId=number.id, OptOutListName=name)["OptOutListName"]
        for name in ("Default", news["OptOutListArn"], "news")
    ]

    assert lease(OptOutListName="news")["OptOutListName"] == "news"
    assert lease(OptOutListName=news["OptOutListArn"])["OptOutListName"] == "news"
    assert updated == ["Default", "news", "news"]


@pytest.mark.parametrize("name", ["none", f"{ARN}opt-out-list/none"])
def test_a_list_that_does_not_exist(lease, refused, name):
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
def test_the_number_is_one_of_the_country(lease, country, capabilities, number_type):
    """PhoneNumber is in E.164 form and has the calling code of the requested country."""
    leased = lease(IsoCountryCode=country, NumberCapabilities=capabilities, NumberType=number_type)[
        "PhoneNumber"
    ]

    parsed = phonenumbers.parse(leased)
    assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == leased
    assert parsed.country_code == phonenumbers.country_code_for_region(country)


def test_no_two_numbers_are_the_same(client, emulator):
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
def test_the_price_is_a_text_with_two_decimals(lease, sms):
    """MonthlyLeasingPrice is a US dollar amount as a string, in every answer."""
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
    """A requested number is PENDING and then ACTIVE."""
    leased = lease()
    at_once = described(sms)[0]["Status"]
    emulator.clock.advance(seconds=60)

    assert [leased["Status"], at_once] == ["PENDING", "PENDING"]
    assert described(sms)[0]["Status"] == "ACTIVE"


@pytest.mark.rule("phone-request-status")
def test_with_no_transition_time_the_next_call_sees_it_active(lease, sms):
    """The answer says PENDING, the next call sees ACTIVE."""
    assert lease()["Status"] == "PENDING"
    assert described(sms)[0]["Status"] == "ACTIVE"


@pytest.mark.rule("phone-request-default-keywords")
def test_a_new_number_has_the_keywords_help_and_stop(sms, number):
    """A new number answers HELP automatically and opts out who texts STOP."""
    keywords = sms.describe_keywords(OriginationIdentity=number.id)["Keywords"]

    assert {each["Keyword"]: each["KeywordAction"] for each in keywords} == {
        "HELP": "AUTOMATIC_RESPONSE",
        "STOP": "OPT_OUT",
    }


@pytest.mark.rule("phone-id-and-arn-format")
def test_id_and_arn(lease, sms):
    """PhoneNumberId begins with phone- and the ARN ends in phone-number/ and that id."""
    leased = lease()

    shown = described(sms)[0]
    assert leased["PhoneNumberId"].startswith("phone-")
    assert leased["PhoneNumberArn"] == (f"{ARN}phone-number/{leased['PhoneNumberId']}")
    assert shown["PhoneNumberId"] == leased["PhoneNumberId"]
    assert shown["PhoneNumberArn"] == leased["PhoneNumberArn"]


@newer
@pytest.mark.parametrize("number_type", ["SIMULATOR", "TEN_DLC"])
@pytest.mark.rule("phone-request-international-unsupported")
def test_some_numbers_do_not_send_abroad(lease, refused, number_type):
    """International sending is not for a number that cannot do it."""
    with refused(
        "ValidationException",
        "INTERNATIONAL_SENDING_NOT_SUPPORTED",
        fields=["InternationalSendingEnabled"],
    ):
        lease(NumberType=number_type, InternationalSendingEnabled=True)


@newer
@pytest.mark.rule("phone-request-international-unsupported")
def test_a_short_code_does_not_send_abroad(sms, emulator, refused):
    """International sending cannot be turned on later either."""
    short_code = emulator.add_number("12345")

    with refused(
        "ValidationException",
        "INTERNATIONAL_SENDING_NOT_SUPPORTED",
        fields=["InternationalSendingEnabled"],
    ):
        sms.update_phone_number(PhoneNumberId=short_code.id, InternationalSendingEnabled=True)


# Request: into a pool.


@pytest.mark.rule("phone-request-into-pool")
def test_a_number_can_be_a_member_from_the_start(lease, sms, pool):
    """With PoolId the new number is in the pool at once and the answer has PoolId."""
    leased = lease(PoolId=pool.id)

    members = sms.list_pool_origination_identities(PoolId=pool.id)["OriginationIdentities"]
    assert leased["PoolId"] == pool.id
    assert leased["PhoneNumberId"] in [each["OriginationIdentity"] for each in members]


def test_a_pool_can_be_named_by_its_arn(lease, pool):
    """PoolId takes the ARN, and the id is what is shown."""
    assert lease(PoolId=pool.arn)["PoolId"] == pool.id


@newer
def test_an_empty_pool_id_is_none(lease):
    """The model allows an empty PoolId: the number is in no pool."""
    assert "PoolId" not in lease(PoolId="")


def test_a_pool_that_does_not_exist(lease, refused):
    """A number cannot join a pool that there is not."""
    with refused("ResourceNotFoundException", about=("pool", "pool-none")):
        lease(PoolId="pool-none")


@pytest.mark.rule("phone-request-into-pool-mismatch")
def test_a_number_for_a_pool_must_be_of_its_message_type(lease, pool, refused):
    """A transactional pool takes no promotional number."""
    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=pool):
        lease(PoolId=pool.id, MessageType="PROMOTIONAL")


@pytest.mark.rule("phone-request-into-pool-mismatch")
def test_a_number_for_a_pool_must_have_its_opt_out_list(lease, sms, pool, refused):
    """A number cannot bring another list than the pool's."""
    sms.create_opt_out_list(OptOutListName="other")

    with refused("ConflictException", "OPT_OUT_LIST_MISMATCH", about=pool):
        lease(PoolId=pool.id, OptOutListName="other")


@pytest.mark.rule("phone-request-into-pool-mismatch")
def test_a_number_for_a_pool_must_do_what_its_members_do(lease, sms, account, refused):
    """A pool of voice numbers takes no number that only texts."""
    voice = lease(NumberCapabilities=["VOICE"])
    made = sms.create_pool(
        OriginationIdentity=voice["PhoneNumberId"], IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )

    with refused(
        "ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=("pool", made["PoolId"])
    ):
        lease(PoolId=made["PoolId"], NumberCapabilities=["SMS"])


@pytest.mark.rule("phone-request-into-pool-mismatch")
def test_a_number_of_a_country_without_two_way_messaging(lease, sms, emulator, pool, refused):
    """A number cannot take over two-way messaging from a pool where its country has none."""
    sms.update_pool(PoolId=pool.id, TwoWayEnabled=True, TwoWayChannelArn=TOPIC)

    with refused("ConflictException", "TWO_WAY_CONFIG_MISMATCH", about=pool):
        lease(IsoCountryCode="PH", PoolId=pool.id)
    with pytest.raises(ValueError, match="TWO_WAY_CONFIG_MISMATCH"):
        emulator.add_number("+639171234567", pool_id=pool.id)

    sms.update_pool(PoolId=pool.id, TwoWayEnabled=False)
    assert lease(IsoCountryCode="PH", PoolId=pool.id)["PoolId"] == pool.id


@pytest.mark.rule("phone-request-into-pool-inherits")
def test_a_number_takes_over_what_its_pool_has(lease, sms, custom_pool):
    """With PoolId and no list the number has the pool's list, two-way settings and keywords."""
    leased = lease(PoolId=custom_pool.id)

    shown = described(sms, PhoneNumberIds=[leased["PhoneNumberId"]])[0]
    for answer in (leased, shown):
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
def test_a_pool_that_is_being_made_takes_no_number(lease, sms, emulator, account, refused):
    """A pool that is not ACTIVE takes no new number."""
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


@pytest.mark.pinpoint_sms(quotas="ORIGINATION_IDENTITIES_PER_POOL=2")
def test_a_full_pool_takes_no_number(lease, pool, refused):
    """A pool holds so many identities and no more."""
    lease(PoolId=pool.id)

    with refused("ServiceQuotaExceededException", "ORIGINATION_IDENTITIES_PER_POOL"):
        lease(PoolId=pool.id)


# Describe.


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-status-values")
def test_the_states_of_a_number(lease, sms, emulator):
    """Status is one of PENDING, ACTIVE, ASSOCIATING, DISASSOCIATING and DELETED."""
    seen = [lease()["Status"]]
    emulator.clock.advance(seconds=60)
    number = described(sms)[0]
    seen.append(number["Status"])
    seen.append(sms.update_phone_number(PhoneNumberId=number["PhoneNumberId"])["Status"])
    seen.append(sms.release_phone_number(PhoneNumberId=number["PhoneNumberId"])["Status"])
    emulator.clock.advance(seconds=60)
    seen.append(described(sms)[0]["Status"])

    possible = sms.meta.service_model.shape_for("NumberStatus").enum
    assert possible == ["PENDING", "ACTIVE", "ASSOCIATING", "DISASSOCIATING", "DELETED"]
    assert seen == ["PENDING", "ACTIVE", "ACTIVE", "DISASSOCIATING", "DELETED"]


@pytest.mark.rule("phone-describe-all")
def test_all_numbers_are_described(lease, sms):
    """Without ids or filters all numbers of the account are returned."""
    leased = [lease()["PhoneNumberId"] for _ in range(3)]

    assert [each["PhoneNumberId"] for each in described(sms)] == leased


@pytest.mark.rule("phone-describe-by-id")
def test_only_the_named_numbers_are_described(lease, sms):
    """PhoneNumberIds, ids or ARNs, restrict the result."""
    first, _second, third = lease(), lease(), lease()

    by_id = described(sms, PhoneNumberIds=[first["PhoneNumberId"]])
    by_both = described(sms, PhoneNumberIds=[first["PhoneNumberId"], third["PhoneNumberArn"]])
    assert [each["PhoneNumber"] for each in by_id] == [first["PhoneNumber"]]
    assert [each["PhoneNumber"] for each in by_both] == [
        first["PhoneNumber"],
        third["PhoneNumber"],
    ]


@pytest.mark.rule("phone-describe-unknown")
def test_one_unknown_id_fails_the_whole_call(sms, number, refused):
    """An unknown id among PhoneNumberIds is refused."""
    with refused("ResourceNotFoundException", about=("phone-number", "phone-none")):
        sms.describe_phone_numbers(PhoneNumberIds=[number.id, "phone-none"])


@pytest.mark.rule("phone-describe-id-limit")
def test_five_ids_and_no_six(lease, sms, refused):
    """PhoneNumberIds holds at most 5 entries."""
    leased = [lease()["PhoneNumberId"] for _ in range(6)]

    assert len(described(sms, PhoneNumberIds=leased[:5])) == 5
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["PhoneNumberIds"]):
        sms.describe_phone_numbers(PhoneNumberIds=leased)


@pytest.fixture
def assorted(emulator, sms):
    """Three numbers that differ in everything, by name."""
    sms.create_opt_out_list(OptOutListName="news")
    numbers = {
        "plain": emulator.add_number("+12065550111", number_capabilities=["SMS", "MMS"]),
        "voice": emulator.add_number(
            "+4930123456",
            message_type="PROMOTIONAL",
            number_capabilities=["VOICE"],
            two_way_enabled=True,
            two_way_channel_arn=TOPIC,
            self_managed_opt_outs_enabled=True,
        ),
        "code": emulator.add_number(
            "12345",
            number_capabilities=["SMS"],
            opt_out_list_name="news",
            deletion_protection_enabled=True,
        ),
    }
    return {name: number.id for name, number in numbers.items()}


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        pytest.param(name, values, expected, marks=pytest.mark.rule(rule))
        for rule, name, values, expected in [
            ("phone-filter-country", "iso-country-code", ["DE"], ["voice"]),
            ("phone-filter-country", "iso-country-code", ["US"], ["plain", "code"]),
            ("phone-filter-message-type", "message-type", ["PROMOTIONAL"], ["voice"]),
            ("phone-filter-message-type", "message-type", ["TRANSACTIONAL"], ["plain", "code"]),
            ("phone-filter-capability", "number-capability", ["SMS"], ["plain", "code"]),
            ("phone-filter-capability", "number-capability", ["MMS", "VOICE"], ["plain", "voice"]),
            ("phone-filter-type", "number-type", ["SHORT_CODE"], ["code"]),
            ("phone-filter-type", "number-type", ["LONG_CODE"], ["plain", "voice"]),
            ("phone-filter-two-way", "two-way-enabled", ["true"], ["voice"]),
            ("phone-filter-two-way", "two-way-enabled", ["false"], ["plain", "code"]),
            ("phone-filter-self-managed", "self-managed-opt-outs-enabled", ["true"], ["voice"]),
            (
                "phone-filter-self-managed",
                "self-managed-opt-outs-enabled",
                ["false"],
                ["plain", "code"],
            ),
            ("phone-filter-opt-out-list", "opt-out-list-name", ["news"], ["code"]),
            ("phone-filter-opt-out-list", "opt-out-list-name", ["Default"], ["plain", "voice"]),
            ("phone-filter-protection", "deletion-protection-enabled", ["true"], ["code"]),
            (
                "phone-filter-protection",
                "deletion-protection-enabled",
                ["false"],
                ["plain", "voice"],
            ),
            ("phone-filter-channel", "two-way-channel-arn", [TOPIC], ["voice"]),
            ("phone-filter-channel", "two-way-channel-arn", [TOPIC + "2"], []),
        ]
    ],
)
def test_a_filter_keeps_what_matches(sms, assorted, name, values, expected):
    """A filter compares with its member, and any of its values will do."""
    assert found(sms, **{name: values}) == [assorted[each] for each in expected]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("two-way-enabled", "yes", marks=pytest.mark.rule("phone-filter-two-way")),
        pytest.param(
            "self-managed-opt-outs-enabled",
            "True",
            marks=pytest.mark.rule("phone-filter-self-managed"),
        ),
        pytest.param(
            "deletion-protection-enabled", "1", marks=pytest.mark.rule("phone-filter-protection")
        ),
    ],
)
def test_a_flag_is_true_or_false(sms, refused, name, value):
    """A filter by a flag takes true or false and nothing else."""
    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        found(sms, **{name: [value]})


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-filter-status")
def test_a_filter_by_status(lease, sms, emulator):
    """Filter status matches Status."""
    first = lease()["PhoneNumberId"]
    emulator.clock.advance(seconds=60)
    second = lease()["PhoneNumberId"]

    assert found(sms, status=["ACTIVE"]) == [first]
    assert found(sms, status=["PENDING"]) == [second]
    assert found(sms, status=["ACTIVE", "PENDING"]) == [first, second]


@newer
@pytest.mark.rule("phone-describe-owner-with-ids")
def test_owner_and_ids_exclude_each_other(sms, number, refused):
    """Owner cannot be combined with PhoneNumberIds."""
    with refused(
        "ValidationException",
        "PARAMETERS_CANNOT_BE_USED_TOGETHER",
        fields=["Owner", "PhoneNumberIds"],
    ):
        sms.describe_phone_numbers(PhoneNumberIds=[number.id], Owner="SELF")


@pytest.fixture
def shared(emulator):
    """A number of another account."""
    return emulator.add_number("+12065550199", account_id=FRIEND)


@pytest.fixture
def share(client):
    """Let the usual account do all with a resource of the friend's."""

    def share(arn):
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": "123456789012"},
            "Action": "sms-voice:*",
            "Resource": "*",
        }
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client(FRIEND).put_resource_policy(ResourceArn=arn, Policy=text)

    return share


@newer
@pytest.mark.rule("phone-describe-owner")
def test_own_and_shared_numbers(sms, number, shared, share):
    """Owner SELF or SHARED selects own numbers or numbers shared by other accounts."""
    share(shared.arn)

    def arns(**asked):
        return [each["PhoneNumberArn"] for each in described(sms, **asked)]

    assert arns(Owner="SELF") == [number.arn]
    assert arns(Owner="SHARED") == [shared.arn]


@newer
@pytest.mark.rule("phone-shared-needs-arn")
@pytest.mark.parametrize(
    ("operation", "member", "others"),
    [
        ("describe_phone_numbers", "PhoneNumberIds", {}),
        ("update_phone_number", "PhoneNumberId", {"DeletionProtectionEnabled": False}),
        ("release_phone_number", "PhoneNumberId", {}),
        ("put_keyword", "OriginationIdentity", {"Keyword": "INFO", "KeywordMessage": "Hello"}),
        ("delete_keyword", "OriginationIdentity", {"Keyword": "INFO"}),
        ("describe_keywords", "OriginationIdentity", {}),
        ("send_text_message", "OriginationIdentity", SEND | {"MessageBody": "Hello"}),
        ("send_voice_message", "OriginationIdentity", SEND | {"MessageBody": "Hello"}),
        ("send_media_message", "OriginationIdentity", SEND | {"MediaUrls": ["s3://bucket/a.png"]}),
    ],
)
def test_a_shared_number_is_found_by_its_arn_only(
    sms, client, shared, share, refused, operation, member, others
):
    """A number shared by another account is only found through its full ARN."""
    client(FRIEND).put_keyword(
        OriginationIdentity=shared.id, Keyword="INFO", KeywordMessage="All about us."
    )

    def call(name):
        named = [name] if member == "PhoneNumberIds" else name
        return getattr(sms, operation)(**{member: named}, **others)

    with refused("ResourceNotFoundException", about=shared):
        call(shared.arn)
    share(shared.arn)
    with refused("ResourceNotFoundException", about=shared):
        call(shared.id)
    call(shared.arn)


@newer
def test_a_shared_number_is_released_for_its_owner(sms, client, shared, share):
    """Who may release a shared number ends its owner's lease."""
    share(shared.arn)

    sms.release_phone_number(PhoneNumberId=shared.arn)

    assert described(client(FRIEND)) == []


ALWAYS = {
    "PhoneNumberArn",
    "PhoneNumberId",
    "PhoneNumber",
    "Status",
    "IsoCountryCode",
    "MessageType",
    "NumberCapabilities",
    "NumberType",
    "MonthlyLeasingPrice",
    "TwoWayEnabled",
    "SelfManagedOptOutsEnabled",
    "OptOutListName",
    "DeletionProtectionEnabled",
    "CreatedTimestamp",
}
LATER = {"InternationalSendingEnabled", "MessagingLimits", "PricingTier"}


@pytest.mark.rule("phone-describe-optional-members")
def test_members_that_do_not_apply_are_absent(lease, sms, custom_pool):
    """Pool, channel and role are there only when they apply, the other members always."""
    lease()

    member, plain = described(sms)
    assert plain.keys() - LATER == ALWAYS
    assert member.keys() - LATER == ALWAYS | {"PoolId", "TwoWayChannelArn", "TwoWayChannelRole"}
    assert member["PoolId"] == custom_pool.id


@pytest.mark.since("1.44.5")
@pytest.mark.rule("phone-describe-limits")
def test_rates_and_caps(lease, sms):
    """MessagingLimits has a rate per capability and, for 10DLC only, caps per provider."""
    lease(NumberType="TOLL_FREE", NumberCapabilities=["SMS", "VOICE", "MMS"])
    lease(NumberType="TEN_DLC")

    toll_free, ten_dlc = described(sms)
    assert toll_free["MessagingLimits"] == {"RateLimits": {"SMS": 3, "VOICE": 1, "MMS": 3}}
    assert ten_dlc["MessagingLimits"]["RateLimits"].keys() == {"SMS", "VOICE"}
    assert ten_dlc["MessagingLimits"]["DailyMessageCaps"] == {"T-MOBILE": 2000}
    assert toll_free["PricingTier"] == ten_dlc["PricingTier"] == "STANDARD"


# Update.


@pytest.mark.parametrize(
    "change",
    [
        {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC},
        {"OptOutListName": "news"},
        pytest.param({"InternationalSendingEnabled": True}, marks=newer),
        {"DeletionProtectionEnabled": True},
        {},
    ],
)
@pytest.mark.rule("phone-update-partial")
def test_only_what_is_given_changes(sms, number, change):
    """UpdatePhoneNumber keeps the settings that are not given."""
    sms.create_opt_out_list(OptOutListName="news")
    before = described(sms)[0]

    sms.update_phone_number(PhoneNumberId=number.id, **change)

    assert described(sms)[0] == before | change


@newer
def test_the_whole_set_of_settings_unchanged_and_twice(sms, number):
    """An update that changes nothing succeeds, as often as one likes."""
    settings = {
        "TwoWayEnabled": True,
        "TwoWayChannelArn": TOPIC,
        "TwoWayChannelRole": ROLE,
        "SelfManagedOptOutsEnabled": True,
        "OptOutListName": "Default",
        "InternationalSendingEnabled": False,
        "DeletionProtectionEnabled": False,
    }

    answers = [sms.update_phone_number(PhoneNumberId=number.id, **settings) for _ in range(2)]

    for answer in answers:
        assert {name: answer[name] for name in settings} == settings


@pytest.mark.rule("phone-update-in-pool")
@pytest.mark.parametrize("change", [{"DeletionProtectionEnabled": True}, {"TwoWayEnabled": False}])
def test_a_member_of_a_pool_cannot_be_updated(sms, number, pool, refused, change):
    """A number in a pool cannot be updated at all, deletion protection included."""
    assert number.pool_id == pool.id
    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=number):
        sms.update_phone_number(PhoneNumberId=number.id, **change)


@pytest.mark.parametrize("operation", ["update_phone_number", "release_phone_number"])
@pytest.mark.parametrize("name", ["phone-none", f"{ARN}phone-number/phone-none"])
@pytest.mark.rule("phone-update-unknown")
def test_an_unknown_number(sms, refused, operation, name):
    """An unknown PhoneNumberId is refused."""
    with refused("ResourceNotFoundException", about=("phone-number", "phone-none")):
        getattr(sms, operation)(PhoneNumberId=name)


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-update-not-active")
def test_a_number_on_its_way_out_cannot_be_updated(lease, sms, account, refused):
    """A PENDING number can be updated; one that was released cannot."""
    number = account.phone_numbers[lease()["PhoneNumberId"]]
    two_way = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}

    updated = sms.update_phone_number(PhoneNumberId=number.id, **two_way)
    assert (updated["Status"], updated["TwoWayEnabled"]) == ("PENDING", True)
    sms.release_phone_number(PhoneNumberId=number.id)
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=number):
        sms.update_phone_number(PhoneNumberId=number.id, DeletionProtectionEnabled=True)


@pytest.mark.rule("phone-capabilities-order")
def test_capabilities_stand_in_the_order_of_the_alphabet(lease, sms, emulator):
    """Capabilities are shown in the order of the alphabet, however they were given."""
    given = ["VOICE", "SMS", "MMS"]

    assert lease(NumberCapabilities=given)["NumberCapabilities"] == sorted(given)
    emulator.add_number("+12065550111", number_capabilities=given)
    for shown in described(sms):
        assert shown["NumberCapabilities"] == sorted(given)


@pytest.mark.rule("phone-simulator-form")
def test_simulator_numbers_begin_alike(lease):
    """Every simulator number of the United States begins with +1206555."""
    leased = [lease(NumberType="SIMULATOR", NumberCapabilities=["SMS"]) for _ in range(5)]

    assert {each["PhoneNumber"][:8] for each in leased} == {"+1206555"}
    assert len({each["PhoneNumber"] for each in leased}) == 5


@pytest.mark.rule("phone-request-toll-free-alone")
def test_a_toll_free_number_is_requested_alone(lease, sms, refused):
    """A registration cannot be given with a toll-free number, whichever it is."""
    made = sms.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")

    for registration in (made["RegistrationId"], made["RegistrationArn"], "registration-none"):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["RegistrationId"]):
            lease(NumberType="TOLL_FREE", RegistrationId=registration)


@pytest.mark.parametrize("operation", ["update_phone_number", "release_phone_number"])
@pytest.mark.rule("phone-update-id-or-arn")
def test_a_number_is_named_by_id_or_arn(sms, emulator, refused, operation):
    """PhoneNumberId takes the id or the ARN; the number itself is not accepted."""
    named = getattr(sms, operation)
    by_id, by_arn = emulator.add_number("+12065550111"), emulator.add_number("+12065550112")

    assert named(PhoneNumberId=by_id.id)["PhoneNumber"] == "+12065550111"
    assert named(PhoneNumberId=by_arn.arn)["PhoneNumber"] == "+12065550112"
    emulator.add_number("+12065550113")
    with refused("ValidationException", "INVALID_PARAMETER", fields=["PhoneNumberId"]):
        named(PhoneNumberId="12065550113")
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["PhoneNumberId"]):
        named(PhoneNumberId="+12065550113")


@pytest.mark.rule("phone-update-response")
def test_the_answer_shows_all_settings_after_the_change(sms, emulator):
    """UpdatePhoneNumber shows what is now set, without PoolId and Tags."""
    number = emulator.add_number("+12065550111", tags={"team": "a"})

    answer = sms.update_phone_number(
        PhoneNumberId=number.id,
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayChannelRole=ROLE,
        DeletionProtectionEnabled=True,
    )

    shown = described(sms)[0]
    assert answer.keys() - {"ResponseMetadata"} - LATER == (
        ALWAYS | {"TwoWayChannelArn", "TwoWayChannelRole"}
    )
    assert all(answer[name] == shown[name] for name in answer.keys() - {"ResponseMetadata"})


@newer
@pytest.mark.rule("phone-update-later-members", "phone-describe-later-members")
def test_members_that_came_later(sms, number):
    """International sending and the channel's role can be updated, and are described."""
    sms.update_phone_number(
        PhoneNumberId=number.id,
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayChannelRole=ROLE,
        InternationalSendingEnabled=True,
    )

    shown = described(sms)[0]
    assert shown["TwoWayChannelRole"] == ROLE
    assert shown["InternationalSendingEnabled"] is True


def test_an_unknown_list_changes_nothing(sms, number, refused):
    """A number cannot change over to an opt-out list that there is not."""
    with refused("ResourceNotFoundException", about=("opt-out-list", "none")):
        sms.update_phone_number(
            PhoneNumberId=number.id, DeletionProtectionEnabled=True, OptOutListName="none"
        )


# Release.


@pytest.mark.rule("phone-release-protected")
def test_a_protected_number_stays(sms, number, refused):
    """A number with deletion protection cannot be released."""
    sms.update_phone_number(PhoneNumberId=number.id, DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


@pytest.mark.rule("phone-release-in-pool")
def test_a_member_of_a_pool_stays(sms, number, pool, refused):
    """A number in a pool cannot be released."""
    assert number.pool_id == pool.id
    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


@pytest.mark.rule("phone-release-both-reasons")
def test_protection_is_told_before_the_pool(sms, lease, pool, account, refused):
    """A protected member is refused for its protection first."""
    leased = lease(PoolId=pool.id, DeletionProtectionEnabled=True)
    number = account.phone_numbers[leased["PhoneNumberId"]]

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


@pytest.mark.rule("phone-release-short-code")
def test_a_short_code_cannot_be_released(sms, emulator, refused):
    """A number that was not obtained through the API is not given back through it."""
    short_code = emulator.add_number("12345")

    with refused(
        "ValidationException", "PHONE_NUMBER_CANNOT_BE_RELEASED", fields=["PhoneNumberId"]
    ):
        sms.release_phone_number(PhoneNumberId=short_code.id)


@pytest.mark.rule("phone-release-response")
def test_the_answer_of_a_release(sms, emulator):
    """It has the last settings and the new Status, and not protection, pool, reach or tags."""
    number = emulator.add_number(
        "+12065550111",
        two_way_enabled=True,
        two_way_channel_arn=TOPIC,
        two_way_channel_role=ROLE,
        international_sending_enabled=True,
        tags={"team": "a"},
    )
    before = described(sms)[0]

    answer = sms.release_phone_number(PhoneNumberId=number.id)

    del answer["ResponseMetadata"]
    absent = {"DeletionProtectionEnabled", "InternationalSendingEnabled"} | LATER
    shared = {name: value for name, value in before.items() if name not in absent}
    assert answer == shared | {"Status": "DISASSOCIATING"}


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-release-status")
def test_a_released_number_is_disassociating_then_deleted_then_gone(lease, sms, emulator, refused):
    """After release Status is DISASSOCIATING, then DELETED, and then the number vanishes."""
    leased = lease()["PhoneNumberId"]
    emulator.clock.advance(seconds=60)

    seen = [sms.release_phone_number(PhoneNumberId=leased)["Status"], described(sms)[0]["Status"]]
    emulator.clock.advance(seconds=60)
    seen.append(described(sms)[0]["Status"])
    emulator.clock.advance(seconds=60)

    assert seen == ["DISASSOCIATING", "DISASSOCIATING", "DELETED"]
    assert described(sms) == []
    with refused("ResourceNotFoundException", about=("phone-number", leased)):
        sms.describe_phone_numbers(PhoneNumberIds=[leased])


def limits(sms):
    """What of each limit is used."""
    return {each["Name"]: each["Used"] for each in sms.describe_account_limits()["AccountLimits"]}


@pytest.mark.rule("phone-release-frees")
def test_a_released_number_uses_and_counts_nothing(lease, sms):
    """A released number no longer uses its list nor counts toward PHONE_NUMBERS."""
    sms.create_opt_out_list(OptOutListName="news")
    leased = lease(OptOutListName="news")["PhoneNumberId"]
    used_before = limits(sms)["PHONE_NUMBERS"]

    sms.release_phone_number(PhoneNumberId=leased)
    sms.delete_opt_out_list(OptOutListName="news")

    assert used_before == 1
    assert limits(sms)["PHONE_NUMBERS"] == 0


@pytest.mark.rule("phone-release-frees", "account-limits-used-counts")
@pytest.mark.pinpoint_sms(transition_seconds=60, quotas="PHONE_NUMBERS_PER_ACCOUNT=1")
def test_a_number_on_its_way_out_makes_room(lease, sms):
    """A released number does not count while it is still shown."""
    leased = lease()["PhoneNumberId"]

    sms.release_phone_number(PhoneNumberId=leased)

    assert described(sms)[0]["Status"] == "DISASSOCIATING"
    assert limits(sms)["PHONE_NUMBERS"] == 0
    assert lease()["PhoneNumberId"] != leased


@pytest.mark.rule("phone-release-removes-keywords")
def test_keywords_and_tags_of_a_released_number_are_gone(sms, emulator, refused):
    """What hangs on a number goes with it."""
    number = emulator.add_number("+12065550111", tags={"team": "a"})
    sms.release_phone_number(PhoneNumberId=number.id)

    with refused("ResourceNotFoundException", about=number):
        sms.describe_keywords(OriginationIdentity=number.id)
    with refused("ResourceNotFoundException", about=number):
        sms.list_tags_for_resource(ResourceArn=number.arn)


@pytest.mark.rule("phone-release-removes-keywords")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_nothing_hangs_on_a_number_on_its_way_out(sms, emulator, refused):
    """Its keywords and tags are gone while it is DISASSOCIATING and DELETED, and none come anew."""
    number = emulator.add_number("+12065550111")
    sms.release_phone_number(PhoneNumberId=number.id)

    for _ in range(2):
        with refused("ResourceNotFoundException", about=number):
            sms.describe_keywords(OriginationIdentity=number.id)
        with refused("ResourceNotFoundException", about=number):
            sms.put_keyword(OriginationIdentity=number.id, Keyword="JOIN", KeywordMessage="Welcome")
        with refused("ResourceNotFoundException", about=number):
            sms.tag_resource(ResourceArn=number.arn, Tags=[{"Key": "team", "Value": "a"}])
        emulator.clock.advance(seconds=60)


@pytest.mark.rule("phone-release-twice")
@pytest.mark.parametrize("seconds", [0, 60])
def test_a_number_is_released_once(emulator, sms, refused, seconds):
    """Releasing a number a second time is refused as unknown, also while it is on its way."""
    emulator.reset(transition_seconds=seconds)
    number = emulator.add_number("+12065550111")
    sms.release_phone_number(PhoneNumberId=number.id)

    with refused("ResourceNotFoundException", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


# Toll-free numbers.


@pytest.fixture
def toll_free(emulator):
    """A US toll-free number."""
    return emulator.add_number("+18335550100")


@pytest.mark.rule("phone-toll-free-us-stop")
def test_the_carrier_handles_stop_on_a_toll_free_number(sms, account, toll_free, refused):
    """No other opt-out keyword can be configured; the answers to STOP and HELP can be set."""
    keywords = account.phone_numbers[toll_free.id].keywords

    def put(keyword, message, **action):
        return sms.put_keyword(
            OriginationIdentity=toll_free.id, Keyword=keyword, KeywordMessage=message, **action
        )

    with refused(
        "ConflictException", "RESOURCE_MODIFICATION_NOT_ALLOWED", about=("keyword", "ENOUGH")
    ):
        put("enough", "Good bye.", KeywordAction="OPT_OUT")
    put("stop", "Good bye.", KeywordAction="OPT_OUT")
    put("HELP", "Call us.")
    put("UNSTOP", "Welcome back.", KeywordAction="OPT_IN")

    assert (keywords["STOP"].message, keywords["STOP"].action) == ("Good bye.", "OPT_OUT")
    assert keywords["HELP"].message == "Call us."


@pytest.mark.rule("phone-toll-free-us-stop")
def test_stop_to_a_toll_free_number_opts_out(sms, emulator, toll_free):
    """STOP does it, and no other of the opt-out words."""
    for sender, word in (("+14255550100", "STOP"), ("+14255550101", "CANCEL")):
        emulator.receive(word, sender=sender, recipient=toll_free.phone_number)

    entries = sms.describe_opted_out_numbers(OptOutListName="Default")["OptedOutNumbers"]
    assert [each["OptedOutNumber"] for each in entries] == ["+14255550100"]


# Numbers that need a registration.


@pytest.mark.pinpoint_sms(registrations="required")
@pytest.mark.parametrize(
    "operation", ["request", pytest.param("search", marks=pytest.mark.since("1.44.5"))]
)
@pytest.mark.rule("phone-request-registration-required")
def test_a_10dlc_number_needs_a_registration(sms, lease, refused, operation):
    """Regulated number types such as TEN_DLC in the US require a RegistrationId."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["RegistrationId"]):
        if operation == "request":
            lease(NumberType="TEN_DLC")
        else:
            sms.list_available_phone_numbers(
                IsoCountryCode="US", NumberType="TEN_DLC", NumberCapabilities=["SMS"]
            )


@pytest.mark.pinpoint_sms(registrations="required")
def test_a_toll_free_number_waits_for_its_registration(lease, sms, emulator):
    """It is PENDING as long as none of it is COMPLETE; a long code needs none."""
    lease(NumberType="TOLL_FREE")
    lease()
    emulator.clock.advance(days=30)

    assert [each["Status"] for each in described(sms)] == ["PENDING", "ACTIVE"]


@pytest.mark.rule("phone-request-registration-region")
def test_a_registration_of_another_region(lease, refused):
    """A number cannot be tied to a registration of another Region."""
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
def test_what_is_no_registration_is_not_one_of_another_region(lease, refused, arn):
    """An ARN that can be no registration's is refused as such, wherever it is of."""
    with refused("ValidationException", "INVALID_ARN", fields=["RegistrationId"]):
        lease(NumberType="TEN_DLC", RegistrationId=arn)
