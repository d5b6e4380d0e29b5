"""The query protocol: requests as forms and answers as XML, according to the model."""

import re
from contextlib import suppress
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import botocore.loaders
import botocore.model
import botocore.serialize
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import SerializationException
from pinpoint_sms_emu.sns import query
from pinpoint_sms_emu.sns.protocol import QUERY
from pinpoint_sms_emu.wire.model import SERVICE, SNS, model_of, service_model, snake
from pinpoint_sms_emu.wire.protocol import Request
from pinpoint_sms_emu.wire.sns_actions import ACTIONS, is_sms_action, is_sms_request
from tests.raw import SIGNED
from tests.sns.conftest import PERSON, valid_members

MODEL = model_of(SNS)
BOTOCORES = botocore.model.ServiceModel(
    botocore.loaders.Loader().load_service_model("sns", "service-2"), "sns"
)
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
SNS_SIGNED = SIGNED.replace("sms-voice", "sns")


@pytest.fixture
def post(emulator):
    """Post a form without a client, and return the answer's XML as text."""

    def post(form, **headers):
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        sent = FORM | {"authorization": SNS_SIGNED} | headers
        answer = engine_of(emulator).handle(Request(sent, body), QUERY)
        ET.fromstring(answer.body)  # noqa: S314  our own answer
        return answer.status, answer.body.decode()

    return post


def test_every_action_is_an_operation_of_sns():
    """Each action is an operation of SNS with a function, and is not one of the main service."""
    assert set(ACTIONS) <= MODEL.operations.keys()
    assert not set(ACTIONS) & service_model().operations.keys()


@pytest.mark.parametrize("operation", ACTIONS)
def test_botocores_forms_are_read(operation):
    """A form that botocore's serializer writes is read as the same members."""
    members = everything(MODEL.operations[operation].input_shape)
    serializer = botocore.serialize.create_serializer("query")
    form = serializer.serialize_to_request(members, BOTOCORES.operation_model(operation))["body"]
    written = {name: str(value) for name, value in form.items()}

    assert query.members_of(MODEL.operations[operation].input_shape, written) == members


def everything(shape_name):
    """A value of a shape with every member, and two entries in each list and map."""
    shape = MODEL.shapes[shape_name]
    match shape["type"]:
        case "structure":
            return {
                name: everything(of["shape"])
                for name, of in shape["members"].items()
                if MODEL.shapes[of["shape"]]["type"] != "blob"
            }
        case "list":
            return [everything(shape["member"]["shape"]) for _each in range(2)]
        case "map":
            value = everything(shape["value"]["shape"])
            return {"AWS.SNS.SMS.SenderID": value, "å & ü": value}
        case "integer":
            return 7
    return "a & b = ü 😀"


@pytest.mark.parametrize(
    "form",
    [
        {"MessageAttributes.entry.x.Name": "a"},
        {"MessageAttributes.entry.1.Value.DataType": "String"},
        {f"MessageAttributes.entry.{'1' * 5_000}.Name": "a"},
        {"MessageAttributes.entry.\u0663.Name": "a"},
        {"MessageAttributes": "a"},
        {"Message.a": "b"},
        {"Message": "a", "Message.b": "c"},
        {"Message.b": "c", "Message": "a"},
        {"MessageAttributes.entry": "a"},
    ],
)
def test_a_form_of_another_shape_is_refused(form):
    """It is refused without a crash."""
    with pytest.raises(SerializationException):
        query.members_of("PublishInput", form)


@given(
    st.dictionaries(
        st.lists(st.sampled_from(["MessageAttributes", "entry", "1", "Name", "", "Message"])).map(
            ".".join
        ),
        st.text(max_size=5),
    )
)
def test_any_form_is_read_or_refused(form):
    """Any form is read, or refused with a documented error."""
    members = None
    with suppress(SerializationException):
        members = query.members_of("PublishInput", form)

    assert members is None or members.keys() <= {"MessageAttributes", "Message"}


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        (b"Action=Publish&PhoneNumber=%FF", 400, "MalformedQueryString"),
        (b"\xff\xfe", 400, "MalformedQueryString"),
        (b"", 400, "InvalidAction"),
        (b"Action=CreateTopic&Name=alerts", 400, "InvalidAction"),
        (b"Action=Publish&TopicArn=arn&Message=Hello", 400, "InvalidAction"),
        (b"Action=ListOriginationNumbers&MaxResults=many", 400, "MalformedQueryString"),
        (
            b"Action=SetSMSAttributes&attributes.entry.%b.key=a" % (b"9" * 5_000),
            400,
            "MalformedQueryString",
        ),
    ],
)
@pytest.mark.rule("sns-other-actions")
def test_other_actions_are_refused(post, emulator, form, status, code):
    """An action that is not about texts is refused in XML, and recorded as a call."""
    answered, body = post(form)

    assert (answered, f"<Code>{code}</Code>" in body) == (status, True)
    assert emulator.calls[-1].error["code"] == code
    assert ("--with-moto" in body) == (code == "InvalidAction")


@pytest.mark.parametrize(
    ("header", "code"),
    [("", "MissingAuthenticationToken"), ("AWS4-HMAC-SHA256 x", "IncompleteSignature")],
)
def test_an_unsigned_form_is_a_403(post, header, code):
    """As AWS's front end does, the server refuses it with a 403."""
    status, body = post({"Action": "GetSMSAttributes"}, authorization=header)

    assert (status, f"<Code>{code}</Code>" in body) == (403, True)


def test_control_characters_are_replaced_in_xml(post):
    """Errors that quote control characters are well-formed XML."""
    status, body = post({"Action": "Publish", "PhoneNumber": "\x00\x1f", "Message": "Hello"})

    assert status == 400
    assert "\ufffd\ufffd is not valid to publish to" in body


def test_the_form_of_an_answer(post):
    """The wrapper, the namespace and the request id are those of the model."""
    _status, body = post({"Action": "Publish", "PhoneNumber": PERSON, "Message": "Hello"})

    namespace = BOTOCORES.metadata["xmlNamespace"]
    assert namespace == query.NAMESPACE
    assert re.fullmatch(
        f'<PublishResponse xmlns="{namespace}"><PublishResult><MessageId>[0-9a-f-]{{36}}'
        "</MessageId></PublishResult><ResponseMetadata><RequestId>[0-9a-f-]{36}</RequestId>"
        "</ResponseMetadata></PublishResponse>",
        body.partition("?>\n")[2] or body,
    )


# The model's constraints.


def wrong_values(shape):
    """Values that violate each constraint of a shape."""
    if shape["type"] == "integer":
        return [shape["min"] - 1, shape["max"] + 1]
    wrong = {"enum": "xx-XX", "pattern": "no digits", "max": "1" * (shape.get("max", 0) + 1)}
    return [value for constraint, value in wrong.items() if constraint in shape]


REQUIRED = [
    (operation, name)
    for operation in ACTIONS
    for name in MODEL.shapes[MODEL.operations[operation].input_shape].get("required", ())
    if (operation, name) != ("Publish", "PhoneNumber")
]
CONSTRAINED = [
    (operation, name, value)
    for operation in ACTIONS
    for name, of in MODEL.shapes[MODEL.operations[operation].input_shape]["members"].items()
    for value in wrong_values(MODEL.shapes[of["shape"]])
]


@pytest.mark.parametrize(("operation", "name"), REQUIRED)
@pytest.mark.rule("sns-missing")
def test_missing_members_are_refused(sns, refused_by_sns, operation, name):
    """The message is the one that AWS returned for others."""
    members = valid_members(operation)
    del members[name]
    spelled = f"{name[:1].lower()}{name[1:]}"

    refused_by_sns(
        getattr(sns, snake(operation)),
        "ValidationError",
        f"1 validation error detected: Value null at '{spelled}' failed to satisfy constraint: "
        "Member must not be null",
        **members,
    )


@pytest.mark.parametrize(("operation", "name", "value"), CONSTRAINED)
@pytest.mark.rule("sns-constraints")
def test_constraints_are_enforced(sns, refused_by_sns, operation, name, value):
    """The message names the member."""
    answer = refused_by_sns(
        getattr(sns, snake(operation)),
        "InvalidParameter",
        **valid_members(operation) | {name: value},
    )

    assert answer["Error"]["Message"].startswith(f"Invalid parameter: {name} Reason: ")


# Which requests are about texts.


@pytest.mark.parametrize(
    ("action", "parameters", "is_one"),
    [
        ("Publish", {"PhoneNumber": PERSON}, True),
        ("Publish", {"TopicArn": "arn"}, False),
        ("GetSMSAttributes", {}, True),
        ("CreateTopic", {"PhoneNumber": PERSON}, False),
    ],
)
def test_which_requests_are_about_texts(action, parameters, is_one):
    """They are the SMS operations, and a Publish to a phone number."""
    body = urlencode({"Action": action, **parameters}).encode()
    signed = FORM | {"authorization": SNS_SIGNED}

    assert is_sms_action(action, parameters) is is_one
    assert is_sms_request(signed, body) is is_one
    assert not is_sms_request(FORM | {"authorization": SIGNED.replace("sms-voice", "sqs")}, body)
    assert not is_sms_request(signed | {"x-amz-target": f"{SERVICE}.Publish"}, body)
    assert not is_sms_request({"content-type": "application/json"}, body)
