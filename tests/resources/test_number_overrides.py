"""Number overrides: exceptions of a protect configuration for single numbers."""

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
    """The listed numbers."""
    return [each["DestinationPhoneNumber"] for each in overrides]


def content(answer):
    """An answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# Putting.


@pytest.mark.rule("override-put", "override-no-expiry", "override-country")
def test_members_of_an_override(put, listed, configuration):
    """It is returned and listed with the number's country."""
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
    """A number has one override per configuration: a second one replaces it."""
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
def test_the_plus_does_not_matter(put, listed):
    """A number is the same with and without the plus."""
    put("14255550100", "BLOCK")
    put("+14255550100", "ALLOW")

    assert [(each["DestinationPhoneNumber"], each["Action"]) for each in listed()] == [
        (SEATTLE, "ALLOW")
    ]


@pytest.mark.rule("text-destination-not-a-number")
def test_a_number_must_have_a_country(put, refused):
    """A number that belongs to no country is refused."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["DestinationPhoneNumber"]):
        put("+999123456789")


@pytest.mark.rule("override-action")
@pytest.mark.parametrize("action", ["ALLOW", "BLOCK"])
def test_valid_actions(put, listed, action):
    """Action is ALLOW or BLOCK."""
    put(action=action)

    assert listed()[0]["Action"] == action


@pytest.mark.rule("override-action")
@pytest.mark.parametrize("action", ["MONITOR", "FILTER", "block", ""])
def test_invalid_actions_are_refused(put, refused, action):
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
    """After its ExpirationTimestamp, an override has no effect and is not listed."""
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
def test_a_replacement_has_its_own_expiry(put, listed, emulator, other):
    """The expiry of the replaced override does not apply."""
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
    """It is deleted and returned; ExpirationTimestamp is the expiry."""
    expiry = emulator.clock.now() + dt.timedelta(days=3)
    made = put(ExpirationTimestamp=expiry)

    deleted = delete()

    assert content(deleted) == content(made)
    assert abs(deleted["ExpirationTimestamp"] - expiry) < dt.timedelta(milliseconds=1)
    assert listed() == []


@pytest.mark.rule("override-delete-unknown")
@pytest.mark.parametrize("number", [BOSTON, "+999123456789"])
def test_deleting_an_unknown_override_is_refused(put, delete, configuration, refused, number):
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
    """The filters iso-country-code and action must both match."""
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
    """Filters compare timestamps; an override without expiry matches no expiry filter."""
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
def test_invalid_times_are_refused(put, listed, refused, name, value):
    """A value that is no time is refused."""
    put()

    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        listed((name, "2026-01-01", value))


@pytest.mark.rule("override-filter-max")
def test_up_to_100_filters_are_accepted(sms, put, listed, refused):
    """Other listings take 20."""
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
    """Every page has ARN and ID of the configuration, and continues after the last one."""
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
