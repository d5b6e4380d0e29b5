"""Registration field values: put, deleted, described, and validated at submission."""

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.reference.registration_forms import (
    ConditionalBehavior,
    ConditionalRule,
    ConditionalValidation,
    DisplayHints,
    FieldCondition,
    RegistrationType,
    Section,
    registration_types,
)
from tests.fields import has, required_if, select, text

CITY, TYPE, VERTICAL = "companyInfo.city", "companyInfo.legalType", "contactInfo.vertical"
IMAGE = "messagingUseCase.optInImage"
TOLL_FREE = "US_TOLL_FREE_REGISTRATION"

new_model = pytest.mark.since("1.44.5")


@pytest.fixture
def put(sms, registration):
    """Put a value into the brand's registration, or another one."""

    def answer(path, of=registration, **members):
        return sms.put_registration_field_value(RegistrationId=of.id, FieldPath=path, **members)

    return answer


@pytest.fixture
def values(sms, registration):
    """The registration's values by field."""

    def find(of=registration, **members):
        answer = sms.describe_registration_field_values(RegistrationId=of.id, **members)
        return {each["FieldPath"]: each for each in answer["RegistrationFieldValues"]}

    return find


# Put.


@pytest.mark.rule("regfield-put")
def test_a_value_replaces_the_earlier_one(put, registration, values):
    """It is stored in the current version, whose number is returned."""
    put(CITY, TextValue="Here")

    answer = put(CITY, TextValue="There")

    result = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    assert result == {
        "RegistrationArn": registration.arn,
        "RegistrationId": registration.id,
        "VersionNumber": 1,
        "FieldPath": CITY,
        "TextValue": "There",
    }
    assert values() == {CITY: {"FieldPath": CITY, "TextValue": "There"}}


@pytest.mark.rule("regfield-put-one-kind")
def test_exactly_one_kind_of_value_must_be_given(put, refused):
    """A value is text, choices or an attachment."""
    kinds = {"SelectChoices": ["x"], "TextValue": "x", "RegistrationAttachmentId": "x"}
    with refused("ValidationException", "PARAMETERS_CANNOT_BE_USED_TOGETHER", fields=[*kinds]):
        put(CITY, **kinds)
    with refused(
        "ValidationException",
        "PARAMETERS_CANNOT_BE_USED_TOGETHER",
        fields=["SelectChoices", "TextValue"],
    ):
        put(CITY, SelectChoices=["x"], TextValue="x")
    with refused("ValidationException", "MISSING_PARAMETER", fields=[*kinds]):
        put(CITY)


@pytest.mark.rule("regfield-put-type")
def test_a_value_must_have_its_fields_type(put, register, attachment, refused):
    """SELECT, TEXT and ATTACHMENT accept only the member for that type."""
    toll_free = register(TOLL_FREE)
    given = {
        CITY.replace("city", "companyName"): {"TextValue": "Example"},
        "companyInfo.businessType": {"SelectChoices": ["SOLE_PROPRIETOR"]},
        IMAGE: {"RegistrationAttachmentId": attachment.id},
    }
    for path in given:
        for of, members in given.items():
            if path == of:
                put(path, of=toll_free, **members)
            else:
                with refused("ValidationException", "INVALID_PARAMETER", fields=["FieldPath"]):
                    put(path, of=toll_free, **members)


@pytest.mark.rule("regfield-put-type")
def test_the_error_names_the_right_member(put, register):
    """The error about a wrong member names the right one as on the wire."""
    with pytest.raises(ClientError) as refused:
        put(IMAGE, of=register(TOLL_FREE), TextValue="Example")

    [field] = refused.value.response["Fields"]
    assert field["Message"].endswith(
        "is of type ATTACHMENT, whose value is given as RegistrationAttachmentId"
    )


@pytest.mark.rule("regfield-put-unknown")
def test_an_unknown_field_is_refused(sms, put, registration, values, refused):
    """A path that the type does not define is refused."""
    unknown = "UNKNOWN_REGISTRATION_FIELD"
    with refused("ValidationException", unknown, fields=["FieldPath"]):
        put(IMAGE, TextValue="x")
    with refused("ValidationException", unknown, fields=["FieldPath"]):
        sms.delete_registration_field_value(RegistrationId=registration.id, FieldPath=IMAGE)
    with refused("ValidationException", unknown, fields=["FieldPaths"]):
        values(FieldPaths=[CITY, IMAGE])
    with refused("ValidationException", unknown, fields=["FieldPaths"]):
        sms.describe_registration_field_definitions(
            RegistrationType=registration.registration_type, FieldPaths=[IMAGE]
        )


@pytest.mark.rule("regfield-put-readonly")
def test_only_drafts_can_be_edited(sms, put, registration, submit, refused):
    """Values can be changed only while the current version is a draft."""
    submit(registration)

    reason = "EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED"
    with refused("ConflictException", reason, about=registration):
        put(CITY, TextValue="There")
    with refused("ConflictException", reason, about=registration):
        sms.delete_registration_field_value(RegistrationId=registration.id, FieldPath=CITY)


@pytest.mark.rule("regfield-put-text-rules")
@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (CITY, "x" * 2049, "FIELD_VALIDATION_FAILED"),
        (CITY, "", "FIELD_VALIDATION_FAILED"),
        (CITY, "x" * 2048, "INVALID_PARAMETER"),
        ("companyInfo.isoCountryCode", "usa", "INVALID_PARAMETER"),
        ("companyInfo.isoCountryCode", "us", "INVALID_PARAMETER"),
        ("companyInfo.isoCountryCode", "U", "INVALID_PARAMETER"),
    ],
)
def test_texts_are_validated(put, refused, path, value, reason):
    """A text has the minimum, maximum and pattern of its field, and 1 to 2048 characters."""
    with refused("ValidationException", reason, fields=["TextValue"]):
        put(path, TextValue=value)


@pytest.mark.rule("regfield-put-select-rules")
@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        (["NONE_OF_THEM"], "INVALID_PARAMETER"),
        ([], "INVALID_PARAMETER"),
        (["PRIVATE_PROFIT", "PUBLIC_PROFIT"], "INVALID_PARAMETER"),
        (["x"] * 101, "FIELD_VALIDATION_FAILED"),
        (["x" * 257], "FIELD_VALIDATION_FAILED"),
    ],
)
def test_choices_are_validated(put, refused, choices, reason):
    """Choices are options of the field, within the allowed number."""
    with refused("ValidationException", reason, fields=["SelectChoices"]):
        put(TYPE, SelectChoices=choices)


@pytest.mark.rule("regfield-put-type")
@pytest.mark.parametrize("members", [{"SelectChoices": ["PNG"]}, {"TextValue": "image.png"}])
def test_an_attachment_is_given_by_its_id(put, register, refused, members):
    """A field of type ATTACHMENT accepts only RegistrationAttachmentId."""
    toll_free = register(TOLL_FREE)

    with refused("ValidationException", "INVALID_PARAMETER", fields=["FieldPath"]):
        put(IMAGE, of=toll_free, **members)


@pytest.mark.rule("regfield-put-attachment-unknown")
def test_an_unknown_attachment_is_refused(put, register, refused):
    """An unknown attachment is rejected."""
    toll_free = register(TOLL_FREE)

    with refused("ResourceNotFoundException", about=("registration-attachment", "none")):
        put(IMAGE, of=toll_free, RegistrationAttachmentId="none")


def test_an_attachment_can_be_given_by_its_arn(put, register, attachment):
    """The id is stored."""
    answer = put(IMAGE, of=register(TOLL_FREE), RegistrationAttachmentId=attachment.arn)

    assert answer["RegistrationAttachmentId"] == attachment.id


@pytest.mark.rule("regfield-path-format")
@pytest.mark.parametrize("path", ["", "x" * 101, "company-info"])
def test_the_format_of_paths(sms, put, registration, values, refused, path):
    """A field's path has 1 to 100 letters, digits, underscores or dots; a section's has no dots."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["FieldPath"]):
        put(path, TextValue="x")
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["FieldPath"]):
        sms.delete_registration_field_value(RegistrationId=registration.id, FieldPath=path)
    for section in (path, CITY):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["SectionPath"]):
            values(SectionPath=section)


# Delete and describe.


@pytest.mark.rule("regfield-delete")
def test_a_value_is_deleted(sms, put, registration, values):
    """The answer has the deleted value, or none if there was none."""
    put(TYPE, SelectChoices=["PRIVATE_PROFIT"])

    answers = [
        sms.delete_registration_field_value(RegistrationId=registration.id, FieldPath=TYPE)
        for _ in range(2)
    ]

    assert [each.get("SelectChoices") for each in answers] == [["PRIVATE_PROFIT"], None]
    assert [(each["VersionNumber"], each["FieldPath"]) for each in answers] == [(1, TYPE)] * 2
    assert values() == {}


@pytest.mark.rule("regfield-describe")
def test_values_are_described(sms, put, registration, submit, values, refused):
    """They are those of the current version, or of the given one.

    Section and paths restrict them.
    """
    submit(registration)
    first = values()
    sms.create_registration_version(RegistrationId=registration.id)
    put(VERTICAL, SelectChoices=first[VERTICAL]["SelectChoices"])
    put(CITY, TextValue="There")

    assert list(values()) == [CITY, VERTICAL]
    assert values(VersionNumber=1) == first
    assert list(values(SectionPath="companyInfo")) == [CITY]
    assert list(values(FieldPaths=[VERTICAL])) == [VERTICAL]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["FieldPaths"]):
        values(FieldPaths=[CITY] * 6)


# At submission: a form with one rule of each kind.

ANSWER, MORE = "page.answer", "page.more"
ORDERS = {
    "first": ConditionalBehavior(
        (
            ConditionalRule((has(ANSWER, "A"),), "DISALLOWED"),
            ConditionalRule((has(ANSWER, "A", "B"),), "REQUIRED"),
        )
    ),
    "default": ConditionalBehavior((ConditionalRule((has(ANSWER, "B"),), "OPTIONAL"),), "REQUIRED"),
    "and": required_if(has(ANSWER, "A"), has("page.other", "C")),
    "or": ConditionalBehavior(
        (
            ConditionalRule((has(ANSWER, "A"),), "REQUIRED"),
            ConditionalRule((has("page.other", "C"),), "REQUIRED"),
        )
    ),
    "unknown": required_if(FieldCondition(ANSWER, "RESEMBLES", ("A",))),
    "override": ConditionalBehavior(
        (
            ConditionalRule(
                (has(ANSWER, "A"),), "OPTIONAL", ConditionalValidation(min_length=3, pattern="a+")
            ),
        )
    ),
} | {
    operator: required_if(FieldCondition(ANSWER, operator, values))
    for operator, values in {
        "EQUALS": ("A",),
        "NOT_EQUALS": ("A",),
        "IN": ("A", "B"),
        "NOT_IN": ("A", "B"),
        "HAS_VALUE": None,
        "NO_VALUE": None,
    }.items()
}


@pytest.fixture
def submit_fields(sms, register, monkeypatch, refused):
    """Submit a form of a few fields, one of them conditional; return the errors."""

    def submit(behavior, wrong=(), **answers):
        fields = (
            select(ANSWER, "Answer", "Which?", ("A", "B"), needed="OPTIONAL"),
            select("page.other", "Other", "Which?", ("C", "D"), needed="OPTIONAL"),
            text(MORE, "More", "What?", (1, 5), "x", needed=ORDERS[behavior]),
        )
        form = RegistrationType(
            registration_type="TEST",
            display_hints=DisplayHints(title="Test"),
            supported_associations=(),
            sections={"page": Section("page", DisplayHints(title="Page"))},
            fields={field.field_path: field for field in fields},
        )
        monkeypatch.setitem(registration_types(), "TEST", form)
        registration = register("TEST")
        for name, value in answers.items():
            kind = {"TextValue": value} if name == "more" else {"SelectChoices": [value]}
            sms.put_registration_field_value(
                RegistrationId=registration.id, FieldPath=f"page.{name}", **kind
            )
        if wrong:
            with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=[*wrong]):
                sms.submit_registration_version(RegistrationId=registration.id)
        else:
            sms.submit_registration_version(RegistrationId=registration.id)

    return submit


@new_model
@pytest.mark.rule("regfield-conditional-order")
def test_the_first_matching_rule_applies(sms, submit_fields):
    """Rules are evaluated in the order of the definition; if none matches, the default applies."""
    submit_fields("first", answer="A")
    submit_fields("first", answer="B", wrong=[MORE])
    submit_fields("first")
    submit_fields("default", answer="B")
    submit_fields("default", answer="A", wrong=[MORE])

    (field,) = sms.describe_registration_field_definitions(
        RegistrationType="TEST", FieldPaths=[MORE]
    )["RegistrationFieldDefinitions"]
    assert field["ConditionalBehavior"] == {
        "Rules": [
            {
                "Conditions": [
                    {"DependsOnFieldPath": ANSWER, "Operator": "EQUALS", "Values": ["B"]}
                ],
                "RuleBehavior": "OPTIONAL",
            }
        ],
        "DefaultBehavior": "REQUIRED",
    }


@new_model
@pytest.mark.rule("regfield-conditional-and-or")
def test_conditions_are_combined_with_and_rules_with_or(submit_fields):
    """All conditions of a rule must hold; several rules with one behaviour are alternatives."""
    submit_fields("and", answer="A", other="C", wrong=[MORE])
    submit_fields("and", answer="A", other="D")
    submit_fields("and", other="C")
    submit_fields("or", answer="A", wrong=[MORE])
    submit_fields("or", other="C", wrong=[MORE])
    submit_fields("or", answer="B", other="D")


@new_model
@pytest.mark.rule("regfield-conditional-disallowed")
def test_disallowed_and_missing_values_are_refused(submit_fields):
    """A value where none is allowed is refused, and a missing one where it is required."""
    submit_fields("first", answer="A", more="x", wrong=[MORE])
    submit_fields("first", answer="B", wrong=[MORE])
    submit_fields("first", answer="B", more="x")


@new_model
@pytest.mark.rule("regfield-conditional-operators")
@pytest.mark.parametrize(
    ("operator", "holds_for"),
    [
        ("EQUALS", ["A"]),
        ("NOT_EQUALS", ["B"]),
        ("IN", ["A", "B"]),
        ("NOT_IN", []),
        ("HAS_VALUE", ["A", "B"]),
        ("NO_VALUE", [None]),
        ("unknown", []),
    ],
)
def test_operators(submit_fields, operator, holds_for):
    """There are six, of which two take no values; unknown ones are false."""
    for answer in ("A", "B", None):
        answers = {"answer": answer} if answer else {}
        submit_fields(operator, wrong=[MORE] if answer in holds_for else [], **answers)


@new_model
@pytest.mark.rule("regfield-conditional-override")
def test_a_rules_validation_overrides_the_fields(submit_fields):
    """The length and pattern of a matching rule replace those of the field."""
    submit_fields("override", answer="A", more="aaa")
    submit_fields("override", answer="A", more="aa", wrong=[MORE])
    submit_fields("override", answer="A", more="bbb", wrong=[MORE])
    submit_fields("override", answer="B", more="b")
