"""Number overrides: what a protect configuration does with single numbers."""

import datetime as dt

import pytest

pytestmark = pytest.mark.since("1.36")

SEATTLE = "+14255550100"
BOSTON = "+16175550100"
MADRID = "+34612345678"


@pytest.fixture
def configuration(sms, account):
    """A protect configuration."""
    made = sms.create_protect_configuration()
    return account.protect_configurations[made["ProtectConfigurationId"]]


@pytest.fixture
def put(sms, configuration):
    """Put an override."""

    def call(number=SEATTLE, action="BLOCK", **other):
        members = {
            "ProtectConfigurationId": configuration.id,
            "DestinationPhoneNumber": number,
            "Action": action,
        }
        return sms.put_protect_configuration_rule_set_number_override(**(members | other))

    return call


@pytest.fixture
def delete(sms, configuration):
    """Delete an override."""

    def call(number=SEATTLE):
        return sms.delete_protect_configuration_rule_set_number_override(
            ProtectConfigurationId=configuration.id, DestinationPhoneNumber=number
        )

    return call


@pytest.fixture
def listed(sms, configuration):
    """List the overrides that match."""

    def call(*filters: tuple[str, ...], **other):
        members = [{"Name": name, "Values": list(values)} for name, *values in filters]
        answer = sms.list_protect_configuration_rule_set_number_overrides(
            ProtectConfigurationId=configuration.id, Filters=members, **other
        )
        return answer["RuleSetNumberOverrides"]

    return call


def numbers(overrides):
    """The numbers of what was listed."""
    return [each["DestinationPhoneNumber"] for each in overrides]


def content(answer):
    """An answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# Putting.


@pytest.mark.rule("override-put", "override-no-expiry", "override-country")
def test_an_override(put, listed, configuration):
    """It is made and listed, with the number's country; it never expires unless that is said."""
    answer = content(put(MADRID, "BLOCK"))

    expected = {"DestinationPhoneNumber": MADRID, "Action": "BLOCK", "IsoCountryCode": "ES"}
    created = {"CreatedTimestamp": answer["CreatedTimestamp"]}
    assert listed() == [expected | created]
    assert answer == expected | created | {
        "ProtectConfigurationArn": configuration.arn,
        "ProtectConfigurationId": configuration.id,
    }


@pytest.mark.rule("override-no-expiry")
def test_an_override_without_expiry_stays(put, listed, emulator):
    """Without ExpirationTimestamp the override never expires."""
    put()

    emulator.clock.advance(days=10_000)

    assert numbers(listed()) == [SEATTLE]


@pytest.mark.rule("override-put")
def test_an_override_is_replaced(sms, put, listed, emulator):
    """A number has one override per configuration: another one replaces it."""
    put(SEATTLE, "BLOCK")
    put(BOSTON, "BLOCK")
    emulator.clock.advance(days=1)
    replaced = put(SEATTLE, "ALLOW")
    other = sms.create_protect_configuration()["ProtectConfigurationId"]
    put(SEATTLE, "BLOCK", ProtectConfigurationId=other)

    found = {each["DestinationPhoneNumber"]: each for each in listed()}

    assert len(listed()) == 2
    assert found[SEATTLE]["Action"] == "ALLOW"
    assert found[SEATTLE]["CreatedTimestamp"] == replaced["CreatedTimestamp"]
    assert found[BOSTON]["Action"] == "BLOCK"


@pytest.mark.rule("override-put")
def test_a_number_has_one_spelling(put, listed):
    """With or without the plus it is the same number."""
    put("14255550100", "BLOCK")
    put("+14255550100", "ALLOW")

    assert [(each["DestinationPhoneNumber"], each["Action"]) for each in listed()] == [
        (SEATTLE, "ALLOW")
    ]


def test_a_number_of_no_country(put, refused):
    """A number that belongs to no country can have no override."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["DestinationPhoneNumber"]):
        put("+999123456789")


@pytest.mark.rule("override-action")
@pytest.mark.parametrize("action", ["ALLOW", "BLOCK"])
def test_actions_that_can_be(put, listed, action):
    """Action is ALLOW or BLOCK."""
    put(action=action)

    assert listed()[0]["Action"] == action


@pytest.mark.rule("override-action")
@pytest.mark.parametrize("action", ["MONITOR", "FILTER", "block", ""])
def test_actions_that_cannot_be(put, refused, action):
    """Another action is refused."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Action"]):
        put(action=action)


@pytest.mark.rule("override-idempotent")
def test_putting_again_with_the_same_token(put, listed, emulator):
    """The same ClientToken and parameters return the first result."""
    first = put(ClientToken="once")
    emulator.clock.advance(hours=1)

    again = put(ClientToken="once")

    assert content(again) == content(first)
    assert listed()[0]["CreatedTimestamp"] == first["CreatedTimestamp"]


# Expiry.


@pytest.mark.rule("override-expired")
def test_an_override_expires(put, listed, delete, configuration, emulator, refused):
    """An override past its ExpirationTimestamp has no effect any more and is not listed."""
    expiry = emulator.clock.freeze() + dt.timedelta(hours=1)
    answer = put(ExpirationTimestamp=expiry)
    put(BOSTON)
    emulator.clock.advance(minutes=59)
    before = (numbers(listed()), configuration.number_override(SEATTLE))

    emulator.clock.advance(minutes=1)

    assert abs(answer["ExpirationTimestamp"] - expiry) < dt.timedelta(milliseconds=1)
    assert before[0] == [SEATTLE, BOSTON]
    assert before[1] is not None
    assert numbers(listed()) == [BOSTON]
    assert configuration.number_override(SEATTLE) is None
    with refused("ResourceNotFoundException", about=configuration):
        delete(SEATTLE)


@pytest.mark.rule("override-expired")
@pytest.mark.parametrize("other", [{}, {"days": 2}])
def test_what_replaced_an_override_has_its_own_time(put, listed, emulator, other):
    """The expiry of an override does not end the one that replaced it."""
    now = emulator.clock.freeze()
    put(ExpirationTimestamp=now + dt.timedelta(hours=1))
    put(**({"ExpirationTimestamp": now + dt.timedelta(**other)} if other else {}))

    emulator.clock.advance(days=1)

    assert numbers(listed()) == [SEATTLE]


@pytest.mark.rule("override-past-expiry")
@pytest.mark.parametrize("seconds", [0, -1, -86_400])
def test_an_expiry_in_the_past(put, emulator, refused, seconds):
    """An ExpirationTimestamp in the past is refused."""
    now = emulator.clock.freeze()

    with refused("ValidationException", "INVALID_PARAMETER", fields=["ExpirationTimestamp"]):
        put(ExpirationTimestamp=now.replace(microsecond=0) + dt.timedelta(seconds=seconds))


# Deleting.


@pytest.mark.rule("override-delete", "override-delete-doc-slip")
def test_an_override_is_deleted(put, listed, delete, emulator):
    """It is removed for good and returned; ExpirationTimestamp is the expiry."""
    expiry = emulator.clock.now() + dt.timedelta(days=3)
    made = put(ExpirationTimestamp=expiry)

    deleted = delete()

    assert content(deleted) == content(made)
    assert abs(deleted["ExpirationTimestamp"] - expiry) < dt.timedelta(milliseconds=1)
    assert listed() == []


@pytest.mark.rule("override-delete-unknown")
@pytest.mark.parametrize("number", [BOSTON, "+999123456789"])
def test_no_override_to_delete(put, delete, configuration, refused, number):
    """A number without override is rejected."""
    put(SEATTLE)

    with refused("ResourceNotFoundException", about=configuration):
        delete(number)


# Listing.


@pytest.mark.rule("override-filter-prefix")
def test_filter_by_prefix(put, listed):
    """Filter destination-phone-number-begins-with matches a prefix of the number."""
    for number in (SEATTLE, BOSTON, MADRID):
        put(number)
    name = "destination-phone-number-begins-with"

    assert numbers(listed((name, "+1"))) == [SEATTLE, BOSTON]
    assert numbers(listed((name, "+1617", "+34"))) == [BOSTON, MADRID]
    assert numbers(listed((name, SEATTLE))) == [SEATTLE]
    assert listed((name, "4255")) == []


@pytest.mark.rule("override-filter-country-action")
def test_filter_by_country_and_action(put, listed):
    """Filters iso-country-code and action match exactly; both together must hold."""
    put(SEATTLE, "BLOCK")
    put(BOSTON, "ALLOW")
    put(MADRID, "BLOCK")

    assert numbers(listed(("iso-country-code", "US"))) == [SEATTLE, BOSTON]
    assert numbers(listed(("iso-country-code", "ES", "FR"))) == [MADRID]
    assert listed(("iso-country-code", "UA")) == []
    assert numbers(listed(("action", "BLOCK"))) == [SEATTLE, MADRID]
    assert numbers(listed(("action", "BLOCK"), ("iso-country-code", "US"))) == [SEATTLE]


@pytest.mark.rule("override-filter-times")
def test_filter_by_time(put, listed, emulator):
    """Filters compare timestamps; an override without expiry matches neither expires filter."""
    start = emulator.clock.freeze()
    put(SEATTLE, ExpirationTimestamp=start + dt.timedelta(days=30))
    emulator.clock.advance(days=2)
    put(BOSTON, ExpirationTimestamp=start + dt.timedelta(days=10))
    put(MADRID)
    created = (start + dt.timedelta(days=1)).isoformat()
    expires = (start + dt.timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert numbers(listed(("created-before", created))) == [SEATTLE]
    assert numbers(listed(("created-after", created))) == [BOSTON, MADRID]
    assert numbers(listed(("expires-before", expires))) == [BOSTON]
    assert numbers(listed(("expires-after", expires))) == [SEATTLE]
    assert numbers(listed(("created-after", created), ("expires-before", expires))) == [BOSTON]


@pytest.mark.rule("override-filter-times")
@pytest.mark.parametrize("value", ["tomorrow", "1700000000", "2026-13-01"])
@pytest.mark.parametrize(
    "name", ["created-before", "created-after", "expires-before", "expires-after"]
)
def test_times_that_are_none(put, listed, refused, name, value):
    """A value that is no time is refused."""
    put()

    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        listed((name, "2026-01-01", value))


@pytest.mark.rule("override-filter-max")
def test_a_hundred_filters(sms, put, listed, refused):
    """This list takes up to 100 filters, others 20."""
    put()
    same = ("action", "BLOCK")

    assert numbers(listed(*[same] * 100)) == [SEATTLE]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Filters"]):
        listed(*[same] * 101)

    default = {"Name": "account-default", "Values": ["false"]}
    assert sms.describe_protect_configurations(Filters=[default] * 20)["ProtectConfigurations"]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Filters"]):
        sms.describe_protect_configurations(Filters=[default] * 21)


def test_pages_name_the_configuration(sms, put, configuration):
    """Every page has ARN and ID of the configuration; pages go on where the last one ended."""
    for index in range(5):
        put(f"+1425555010{index}")

    pages = [{}]
    found = []
    while not found or "NextToken" in pages[-1]:
        token = {"NextToken": pages[-1]["NextToken"]} if found else {}
        pages.append(
            sms.list_protect_configuration_rule_set_number_overrides(
                ProtectConfigurationId=configuration.id, MaxResults=2, **token
            )
        )
        found += numbers(pages[-1]["RuleSetNumberOverrides"])

    assert found == [f"+1425555010{index}" for index in range(5)]
    assert {page["ProtectConfigurationArn"] for page in pages[1:]} == {configuration.arn}
    assert {page["ProtectConfigurationId"] for page in pages[1:]} == {configuration.id}
