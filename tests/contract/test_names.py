"""Ids, names and ARNs: every member and filter of the model that takes one is tested."""

from uuid import UUID

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service import modules
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import service_model, snake
from tests.contract.samples import body, sample
from tests.model_conformance import NEWEST

assert modules, "importing it registers every operation"

MODEL = service_model()
EMULATED = [each for each in MODEL.operations.values() if snake(each.name) in OPERATIONS]
PHONE = "+14255550101"


def list_members(operation):
    """The members of an operation that are lists of ids or names."""
    members = MODEL.shapes[operation.input_shape]["members"]
    lists = [name for name, of in members.items() if MODEL.kind(of["shape"]) == "list"]
    return [name for name in lists if name != "Filters"]


# --- ids and names beside MaxResults -------------------------------------------------------------

BY_NAME = [
    pytest.param(operation, member, id=f"{operation.name}-{member}")
    for operation in EMULATED
    if operation.list_member and operation.name.startswith("Describe")
    for member in list_members(operation)
]

# Kinds of resources that the test's account does not have.
NONE_THERE = {"IsoCountryCodes": "US"}


def name_of(entry, member):
    """Return the member of an entry in a list of names: PoolId for PoolIds."""
    if member == "SenderIds":
        return {name: entry[name] for name in ("SenderId", "IsoCountryCode")}
    return entry[member.removesuffix("s")]


@pytest.mark.rule("proto-names-alone")
@pytest.mark.parametrize(("operation", "member"), BY_NAME)
def test_names_are_given_alone(raw, inputs, operation, member):
    """Ids and names cannot be used together with MaxResults; each is valid alone."""
    needed = inputs[operation.name]
    entries = raw(operation.name, needed).json[operation.list_member]
    named = [name_of(each, member) for each in entries[:1]] or [NONE_THERE[member]]

    answer = raw(operation.name, needed | {member: named, "MaxResults": 5})

    assert answer.code == "ValidationException"
    assert answer.json["Reason"] == "PARAMETERS_CANNOT_BE_USED_TOGETHER"
    first = member[0].lower() + member[1:]
    assert sorted(answer.fields) == sorted(["maxResults", first])
    assert raw(operation.name, needed | {"MaxResults": 5}).status == 200
    if entries:
        alone = raw(operation.name, needed | {member: named})
        assert [name_of(each, member) for each in alone.json[operation.list_member]] == named


# --- ids and ARNs --------------------------------------------------------------------------------

# The kind of resource that each member names.
KINDS = {
    "ConfigurationSetName": "configuration-set",
    "NotifyConfigurationId": "notify-configuration",
    "OptOutListName": "opt-out-list",
    "OriginationIdentity": "phone-number",
    "PhoneNumberId": "phone-number",
    "PoolId": "pool",
    "ProtectConfigurationId": "protect-configuration",
    "RcsAgentId": "rcs-agent",
    "RegistrationAttachmentId": "registration-attachment",
    "RegistrationId": "registration",
    "ResourceId": "phone-number",
    "SendRcsMessage.OriginationIdentity": "rcs-agent",
    "SenderId": "sender-id",
    "VerifiedDestinationNumberId": "verified-destination-number",
}

# Members with a fixed format.
VALUES = {
    "ContextKey": "key",
    "DestinationPhoneNumber": PHONE,
    "FieldPath": "companyInfo.companyName",
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberType": "LONG_CODE",
    "OptedOutNumber": PHONE,
    "Keyword": "ALPHA",
}
NOTIFIED = {
    "TemplateId": "notify-code-verification-english-001",
    "TemplateVariables": {"code": "1234"},
}
OF_OPERATIONS = {
    "DeleteRegistrationFieldValue": {"FieldPath": "companyInfo.city"},
    "ListAvailablePhoneNumbers": {"NumberType": "TEN_DLC"},
    "ReleaseSenderId": {"IsoCountryCode": "GB"},
    "UpdateSenderId": {"IsoCountryCode": "GB"},
    "PutRegistrationFieldValue": {"TextValue": "Anytown"},
    "SendMediaMessage": {"MessageBody": "Hello"},
    "SendNotifyTextMessage": NOTIFIED,
    "SendNotifyVoiceMessage": NOTIFIED,
    "SendRcsMessage": {"RcsMessageContent": {"Content": {"TextMessage": {"Body": "Hello"}}}},
    "SendTextMessage": {"MessageBody": "Hello"},
    "SendVoiceMessage": {"MessageBody": "Hello"},
    "UpdateProtectConfigurationCountryRuleSet": {
        "CountryRuleSetUpdates": {"US": {"ProtectStatus": "BLOCK"}},
        "NumberCapability": "SMS",
    },
}

# Members that a nested id needs beside it.
BESIDE = {
    "FallbackConfiguration": {"MessageBody": "Hello"},
    "SenderIds": {"IsoCountryCode": "GB"},
}

# By its name alone, as observed (rule evdest-create-by-name-only).
NO_ARN = {("CreateEventDestination", "ConfigurationSetName")}
# Names of new resources, or names that need no resource.
NAMES_NOTHING = {
    ("CreateConfigurationSet", "ConfigurationSetName"),
    ("CreateOptOutList", "OptOutListName"),
    ("RequestSenderId", "SenderId"),
    ("SetDefaultSenderId", "SenderId"),
}


def takes_arn(operation):
    """Yield every place in an operation's input where an id or name can also be an ARN."""
    for path, shape in places(operation.input_shape):
        member = next(each for each in reversed(path) if each != 0)
        kind = KINDS.get(f"{operation.name}.{path[0]}") or KINDS.get(member.removesuffix("s"))
        where = (operation.name, member)
        if kind and where not in NO_ARN | NAMES_NOTHING and MODEL.kind(shape) == "string":
            yield pytest.param(operation, path, kind, id=f"{operation.name}-{member}")


def places(shape_name, path=()):
    """Yield every place in an input, with its shape."""
    shape = MODEL.shapes[shape_name]
    inside = []
    if shape["type"] == "structure":
        inside = [(name, of["shape"]) for name, of in shape["members"].items()]
    elif shape["type"] == "list":
        inside = [(0, shape["member"]["shape"])]
    for step, inner in inside:
        yield (*path, step), inner
        yield from places(inner, (*path, step))


def filled(operation, account):
    """Return values for an operation's required members: existing resources, and valid texts."""
    shape = MODEL.shapes[operation.input_shape]
    given = VALUES | OF_OPERATIONS.get(operation.name, {})
    members = {name: value for name, value in given.items() if name not in VALUES}
    for name in shape.get("required", ()):
        if kind := KINDS.get(f"{operation.name}.{name}") or KINDS.get(name):
            members[name] = first(account, kind).id
        else:
            members[name] = given.get(name, sample(shape["members"][name]["shape"]))
    return members


def first(account, kind):
    """The first resource of a kind."""
    return next(iter(account.tables[kind]))


@pytest.mark.since("1.44.5")
@pytest.mark.rule("proto-id-or-arn")
@pytest.mark.parametrize(
    ("operation", "path", "kind"), [each for operation in EMULATED for each in takes_arn(operation)]
)
def test_an_id_may_be_an_arn(emulator, account, raw, inputs, operation, path, kind):
    """A call by ARN has the same result as one by id; unknown ids have another."""
    emulator.clock.freeze()
    del inputs
    resource = first(account, kind)
    unknown = f"{resource.arn.removesuffix(resource.key)}{resource.key}0"
    before = emulator.snapshot()

    def called(name):
        emulator.restore(before)
        made = body(operation.input_shape, path, name)
        required = filled(operation, engine_of(emulator).account("123456789012", "us-east-1"))
        if path[0] == "RegistrationAttachmentId":
            required.pop("TextValue", None)
        if path[0] in required and len(path) == 1:
            required[path[0]] = name
        inside = made
        for step in path[:-1]:
            inside = inside[step]
        if path[0] in BESIDE:
            inside |= BESIDE[path[0]]
        answer = raw(operation.name, made | required)
        # A token is only valid for its query.
        return answer.status, answer.json | {"NextToken": None}

    assert called(resource.arn) == called(resource.id)
    assert called(unknown) != called(resource.id)


@pytest.mark.rule("proto-id-form")
def test_ids_are_uuids(emulator, account, inputs):
    """Generated ids are a prefix and the digits of a UUID of version 4."""
    del inputs
    emulator.receive("Hello", sender=PHONE, recipient=first(account, "phone-number").phone_number)
    made = [
        (each.id.removeprefix(each.id_prefix), each.id_prefix)
        for table in account.tables.values()
        for each in table
        if each.id_prefix
    ]

    kinds = {each.id_prefix for each in (table.of for table in account.tables.values())} - {""}
    # An older botocore knows fewer kinds of resources.
    known = kinds if NEWEST else kinds - {"rcs-", "notify-"}
    assert {prefix for _digits, prefix in made} >= known
    for digits, _prefix in made:
        assert (len(digits), UUID(digits).version, UUID(digits).hex) == (32, 4, digits)
    for message in emulator.messages:
        assert str(UUID(message.message_id)) == message.message_id
        assert UUID(message.message_id).version == 4


# --- filters and ARNs ----------------------------------------------------------------------------

RESOURCE_TYPES = MODEL.shapes["ResourceType"]["enum"]

# These have no ARNs, or the member does not accept them.
NAMES_ALONE = {"event-destination-name", "default-sender-id"}


def by_resource():
    """Every filter whose values are ids or names of resources."""
    for operation in EMULATED:
        members = MODEL.shapes[operation.input_shape]["members"]
        if "Filters" not in members:
            continue
        entry = MODEL.shapes[MODEL.shapes[members["Filters"]["shape"]]["member"]["shape"]]
        for name in MODEL.shapes[entry["members"]["Name"]["shape"]]["enum"]:
            kinds = {
                each.removesuffix(suffix)
                for each in (name, name.removeprefix("default-"))
                for suffix in ("", "-id", "-name")
            }
            for kind in kinds & {*RESOURCE_TYPES}:
                if name not in NAMES_ALONE:
                    yield pytest.param(operation, name, kind, id=f"{operation.name}-{name}")


@pytest.fixture
def related(account, make, inputs):
    """An account whose resources refer to each other wherever they can."""
    del inputs
    agent, protection = first(account, "rcs-agent").id, first(account, "protect-configuration").id
    pool = first(account, "pool").id
    make("AssociateProtectConfiguration", ProtectConfigurationId=protection,
         ConfigurationSetName="alpha")  # fmt: skip
    make("CreateVerifiedDestinationNumber", DestinationPhoneNumber="+14255550199", RcsAgentId=agent)
    make(
        "CreateNotifyConfiguration",
        DisplayName="pooled",
        UseCase="CODE_VERIFICATION",
        EnabledChannels=["SMS"],
        PoolId=pool,
    )
    return account


@pytest.mark.since("1.44.5")
@pytest.mark.rule("proto-filter-arn")
@pytest.mark.parametrize(("operation", "name", "kind"), list(by_resource()))
def test_a_filter_takes_an_arn(raw, related, operation, name, kind):
    """A filter by ARN has the same results as one by id or name; a foreign ARN has none."""

    def found(value):
        answer = raw(operation.name, {"Filters": [{"Name": name, "Values": [value]}]})
        assert answer.status == 200, answer.text
        return answer.json[operation.list_member]

    resource = first(related, kind)

    assert found(resource.id)
    assert found(resource.arn) == found(resource.id)
    assert found(resource.arn.replace(":123456789012:", ":210987654321:")) == []
    assert found(resource.arn.replace(f":{kind}/", ":something/")) == []
