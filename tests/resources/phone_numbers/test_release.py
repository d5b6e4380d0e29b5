"""ReleasePhoneNumber, and the behaviour of some types of numbers."""

import pytest

from tests.resources.phone_numbers.calls import LATER, ROLE, TOPIC, described


def limits(sms):
    """The used amount of each limit."""
    return {each["Name"]: each["Used"] for each in sms.describe_account_limits()["AccountLimits"]}


@pytest.mark.rule("phone-release-protected")
def test_a_protected_number_cannot_be_released(sms, number, refused):
    """A number with deletion protection cannot be released."""
    sms.update_phone_number(PhoneNumberId=number.id, DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


@pytest.mark.rule("phone-release-in-pool")
def test_a_number_in_a_pool_cannot_be_released(sms, number, pool, refused):
    """A number in a pool cannot be released."""
    assert number.pool_id == pool.id
    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


@pytest.mark.rule("phone-release-both-reasons")
def test_protection_is_checked_before_the_pool(sms, lease, pool, account, refused):
    """For a protected number in a pool, the error is about the protection."""
    leased = lease(PoolId=pool.id, DeletionProtectionEnabled=True)
    number = account.phone_numbers[leased["PhoneNumberId"]]

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


@pytest.mark.rule("phone-release-short-code")
def test_a_short_code_cannot_be_released(sms, emulator, refused):
    """A number that cannot be requested through the API cannot be released through it."""
    short_code = emulator.add_number("12345")

    with refused(
        "ValidationException", "PHONE_NUMBER_CANNOT_BE_RELEASED", fields=["PhoneNumberId"]
    ):
        sms.release_phone_number(PhoneNumberId=short_code.id)


@pytest.mark.rule("phone-release-response")
def test_members_of_the_answer(sms, emulator):
    """The answer has the last settings and the new Status, without pool, protection and tags."""
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


@pytest.mark.rule("phone-release-frees")
def test_a_released_number_does_not_count(lease, sms):
    """A released number uses neither its opt-out list nor the limit PHONE_NUMBERS."""
    sms.create_opt_out_list(OptOutListName="news")
    leased = lease(OptOutListName="news")["PhoneNumberId"]
    used_before = limits(sms)["PHONE_NUMBERS"]

    sms.release_phone_number(PhoneNumberId=leased)
    sms.delete_opt_out_list(OptOutListName="news")

    assert used_before == 1
    assert limits(sms)["PHONE_NUMBERS"] == 0


@pytest.mark.rule("phone-release-frees", "account-limits-used-counts")
@pytest.mark.pinpoint_sms(transition_seconds=60, quotas="PHONE_NUMBERS_PER_ACCOUNT=1")
def test_a_number_that_is_disassociating_does_not_count(lease, sms):
    """A released number does not count although it is still described."""
    leased = lease()["PhoneNumberId"]

    sms.release_phone_number(PhoneNumberId=leased)

    assert described(sms)[0]["Status"] == "DISASSOCIATING"
    assert limits(sms)["PHONE_NUMBERS"] == 0
    assert lease()["PhoneNumberId"] != leased


@pytest.mark.rule("phone-release-removes-keywords")
def test_keywords_and_tags_of_a_released_number_are_gone(sms, emulator, refused):
    """They are removed with the number."""
    number = emulator.add_number("+12065550111", tags={"team": "a"})
    sms.release_phone_number(PhoneNumberId=number.id)

    with refused("ResourceNotFoundException", about=number):
        sms.describe_keywords(OriginationIdentity=number.id)
    with refused("ResourceNotFoundException", about=number):
        sms.list_tags_for_resource(ResourceArn=number.arn)


@pytest.mark.rule("phone-release-removes-keywords")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_a_number_that_is_disassociating_has_no_keywords_and_tags(sms, emulator, refused):
    """While it is DISASSOCIATING and DELETED, it has none and none can be added."""
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
    """A second release is refused as unknown, even while the number is still described."""
    emulator.reset(transition_seconds=seconds)
    number = emulator.add_number("+12065550111")
    sms.release_phone_number(PhoneNumberId=number.id)

    with refused("ResourceNotFoundException", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


@pytest.mark.rule("phone-toll-free-us-stop")
def test_the_carrier_handles_stop_on_a_toll_free_number(sms, account, toll_free, refused):
    """No other opt-out keyword can be added; the replies to STOP and HELP can be changed."""
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
    """STOP opts out, and the other opt-out words do not."""
    for sender, word in (("+14255550100", "STOP"), ("+14255550101", "CANCEL")):
        emulator.receive(word, sender=sender, recipient=toll_free.phone_number)

    entries = sms.describe_opted_out_numbers(OptOutListName="Default")["OptedOutNumbers"]
    assert [each["OptedOutNumber"] for each in entries] == ["+14255550100"]
