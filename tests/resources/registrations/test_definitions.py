"""Registration definitions: they fit the model, and a client can fill in the forms."""

from dataclasses import dataclass

import pytest

from pinpoint_sms_emu.reference.countries import ISO_CODES, country
from pinpoint_sms_emu.reference.registration_forms import (
    ConditionalBehavior,
    ConditionalRule,
    FieldCondition,
    registration_types,
)
from pinpoint_sms_emu.resources.registrations.definitions import (
    find_problems,
    refuse_value,
    requirement,
)
from pinpoint_sms_emu.wire.shapes import render
from pinpoint_sms_emu.wire.validation import must_be_valid
from tests.fields import attachment, required_if, select, text
from tests.filling import CONTACT

FORMS = registration_types()
TYPES = [
    "US_TOLL_FREE_REGISTRATION",
    "US_TEN_DLC_BRAND_REGISTRATION",
    "US_TEN_DLC_CAMPAIGN_REGISTRATION",
    "US_SHORT_CODE_REGISTRATION",
    "ZZ_LONG_CODE_REGISTRATION",
    "GB_SENDER_ID_REGISTRATION",
    "SG_SENDER_ID_REGISTRATION",
    "TEST_RCS_LAUNCH_REGISTRATION",
    "US_TEN_DLC_BRAND_VETTING",
    "MANAGED_ROUTES_BRAND_VERIFICATION",
    "NOTIFY_TIER_UPGRADE_REGISTRATION",
    "GB_LONG_CODE_REGISTRATION",
    "DE_SHORT_CODE_REGISTRATION",
]

# User guide, "Supported countries for RCS".
RCS_COUNTRIES = [
    "AT",
    "BR",
    "CA",
    "CO",
    "CZ",
    "DE",
    "DK",
    "DO",
    "ES",
    "FR",
    "GB",
    "GT",
    "IT",
    "MX",
    "NL",
    "NO",
    "PE",
    "PL",
    "SE",
    "SG",
    "SK",
    "US",
]

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))


@dataclass
class Value:
    """A field's value as a registration stores it."""

    text_value: str | None = None
    select_choices: list[str] | None = None
    registration_attachment_id: str | None = None


def answer(field, option=None):
    """Answer a field as a client does that has read its definition."""
    if field.field_type == "TEXT":
        return Value(text_value=field.display_hints.example_text_value)
    if field.field_type == "SELECT":
        return Value(select_choices=[option or field.select_validation.options[0]])
    return Value(registration_attachment_id="attachment-1")


def fill_in(form, **chosen):
    """Answer the required fields, including those that answers make required."""
    values = {
        path: answer(form.fields[path], option)
        for path, option in ((key.replace("__", "."), each) for key, each in chosen.items())
    }
    while missing := [
        field
        for path, field in form.fields.items()
        if path not in values and requirement(field, values) == "REQUIRED"
    ]:
        values |= {field.field_path: answer(field) for field in missing}
    return values


def sentences(form, values):
    """The errors of a form in words, by the path of the field."""
    return {path: problem.sentence for path, problem in find_problems(form, values).items()}


# The forms.


def test_every_supported_type_has_a_form():
    """Every registration type that the project supports has a form."""
    assert set(TYPES) <= set(FORMS)


@pytest.mark.rule("rcs-launch-types")
def test_every_rcs_country_has_a_launch_form(sms):
    """Each country of RCS has its own type, for agents in that country."""
    types = {f"{code}_RCS_LAUNCH_REGISTRATION": code for code in RCS_COUNTRIES}

    found = {
        each["RegistrationType"]: each["SupportedAssociations"][0]["IsoCountryCode"]
        for page in sms.get_paginator("describe_registration_type_definitions").paginate()
        for each in page["RegistrationTypeDefinitions"]
        if each["RegistrationType"].endswith("_RCS_LAUNCH_REGISTRATION")
        if each["RegistrationType"] != "TEST_RCS_LAUNCH_REGISTRATION"
    }

    assert found == types
    assert [code for code in ISO_CODES if country(code).rcs] == RCS_COUNTRIES


@each_form
def test_definitions_fit_the_model(form):
    """Types, sections and fields can be rendered in valid answers."""
    beside = {"registration_type": form.registration_type}
    for result, answer_of in {
        "DescribeRegistrationTypeDefinitionsResult": {"registration_type_definitions": [form]},
        "DescribeRegistrationSectionDefinitionsResult": {
            **beside,
            "registration_section_definitions": list(form.sections.values()),
        },
        "DescribeRegistrationFieldDefinitionsResult": {
            **beside,
            "registration_field_definitions": list(form.fields.values()),
        },
    }.items():
        rendered = render(result, answer_of)

        must_be_valid(result, rendered)


@each_form
def test_every_section_has_fields_and_every_field_a_section(form):
    """Fields are in sections of their form, and no section is empty."""
    assert list(dict.fromkeys(f.section_path for f in form.fields.values())) == list(form.sections)


@each_form
def test_a_field_has_the_validation_of_its_type(form):
    """Only conditional fields have conditions."""
    for field in form.fields.values():
        assert field.field_type in {"TEXT", "SELECT", "ATTACHMENT"}
        assert (field.text_validation is not None) == (field.field_type == "TEXT")
        assert (field.select_validation is not None) == (field.field_type == "SELECT")
        assert field.conditional_behavior is None or field.field_requirement == "CONDITIONAL"


@each_form
def test_every_field_can_be_answered(form):
    """The example of a text and the first option of a select are valid."""
    assert {path: refuse_value(field, answer(field)) for path, field in form.fields.items()} == (
        dict.fromkeys(form.fields)
    )


@each_form
def test_options_of_a_select_are_unique(form):
    """No option occurs twice, and at most as many can be chosen as there are."""
    for validation in (f.select_validation for f in form.fields.values() if f.select_validation):
        assert len(set(validation.options)) == len(validation.options)
        assert 1 == validation.min_choices <= validation.max_choices <= len(validation.options)


@each_form
def test_conditions_are_valid(form):
    """Conditions refer to other fields of the form, existing options and existing operators."""
    for field in form.fields.values():
        rules = field.conditional_behavior.rules if field.conditional_behavior else ()
        assert {rule.rule_behavior for rule in rules} <= {"REQUIRED", "OPTIONAL", "DISALLOWED"}
        for condition in (each for rule in rules for each in rule.conditions):
            other = form.fields[condition.depends_on_field_path]
            assert other is not field
            has_values = condition.operator in {"EQUALS", "NOT_EQUALS", "IN", "NOT_IN"}
            assert has_values or condition.operator in {"HAS_VALUE", "NO_VALUE"}
            assert bool(condition.values) == has_values
            for value in condition.values or ():
                is_option = other.select_validation is not None
                given = Value(select_choices=[value]) if is_option else Value(text_value=value)
                assert refuse_value(other, given) is None


@each_form
def test_a_filled_in_form_can_be_submitted(form):
    """A client that fills in the required fields can submit the form."""
    assert sentences(form, fill_in(form)) == {}


@each_form
def test_a_client_without_conditions_can_submit(form):
    """A client that ignores conditions and chooses first options, with a contact, can submit."""
    required = [
        field
        for field in form.fields.values()
        if field.field_requirement == "REQUIRED" or field.field_path in CONTACT
    ]

    assert sentences(form, {f.field_path: answer(f) for f in required}) == {}


@each_form
def test_a_complete_form_can_be_submitted(form):
    """A client that fills in all applicable fields, with first options, can submit."""
    values = {path: answer(field) for path, field in form.fields.items()}
    values = {
        path: value
        for path, value in values.items()
        if requirement(form.fields[path], values) != "DISALLOWED"
    }

    assert sentences(form, values) == {}


@each_form
def test_an_empty_form_reports_all_required_fields(form):
    """Without values, every required field is reported."""
    required = {p for p, f in form.fields.items() if f.field_requirement == "REQUIRED"}

    assert required <= set(sentences(form, {}))


def test_supported_associations_name_the_type_of_number():
    """A filter finds a registration type by the type of its numbers and by the country."""
    toll_free = FORMS["US_TOLL_FREE_REGISTRATION"]

    assert toll_free.supported_association_resource_type == ("TOLL_FREE",)
    assert toll_free.supported_association_iso_country_code == ("US",)
    assert FORMS["ZZ_LONG_CODE_REGISTRATION"].supported_association_iso_country_code == ()


# Display hints.


@pytest.mark.rule("regdef-hints")
def test_display_hints_have_the_documented_members():
    """The documented entries have no more members; others have all members."""
    toll_free = FORMS["US_TOLL_FREE_REGISTRATION"]

    def filled(hints):
        return {name for name in hints._fields if getattr(hints, name) is not None}

    assert filled(toll_free.display_hints) == {"title"}
    assert filled(toll_free.fields["companyInfo.companyName"].display_hints) == {
        "title",
        "short_description",
        "example_text_value",
    }
    printed = toll_free.fields["messagingUseCase.monthlyMessageVolume"].display_hints
    assert filled(printed) == {"title", "short_description"}
    described = {"title", "short_description", "long_description"}
    document = {"documentation_title", "documentation_link"}
    for hints in (
        FORMS["US_TEN_DLC_BRAND_REGISTRATION"].display_hints,
        toll_free.sections["messagingUseCase"].display_hints,
        toll_free.fields["messagingUseCase.optInImage"].display_hints,
    ):
        assert filled(hints) == described | document
    options = toll_free.fields["messagingUseCase.useCaseCategory"].display_hints
    assert all(each.title and each.description for each in options.select_option_descriptions)


# Conditions of the forms.


def test_toll_free_tax_ids_are_required_of_companies():
    """Unless it is for a sole proprietor, the registration needs three more fields."""
    form = FORMS["US_TOLL_FREE_REGISTRATION"]
    tax_fields = {f"companyInfo.taxId{end}" for end in ("", "Authority", "Country")}
    alone = fill_in(form, companyInfo__businessType="SOLE_PROPRIETOR")
    company = fill_in(form, companyInfo__businessType="PRIVATE_PROFIT")

    assert set(company) - set(alone) == tax_fields
    without = {path: value for path, value in company.items() if path not in tax_fields}
    assert sentences(form, without) == dict.fromkeys(tax_fields, "is required")


def test_a_tax_ids_validation_depends_on_its_authority():
    """An EIN has nine digits; other authorities' numbers differ."""
    form = FORMS["US_TOLL_FREE_REGISTRATION"]
    values = fill_in(form, companyInfo__businessType="PRIVATE_PROFIT")
    values["companyInfo.taxId"] = Value(text_value="FR 40 303 265 045")

    assert "must have 9 to 10 characters" in sentences(form, values)["companyInfo.taxId"]
    values["companyInfo.taxId"] = Value(text_value="FR4030326")
    assert sentences(form, values)["companyInfo.taxId"].startswith("must be nine digits")
    values["companyInfo.taxIdAuthority"] = Value(select_choices=["VAT"])
    assert sentences(form, values) == {}


@pytest.mark.rule("regform-brand-public-only")
@pytest.mark.parametrize("legal_type", ["PRIVATE_PROFIT", "NON_PROFIT", "GOVERNMENT"])
def test_only_public_brands_have_a_stock_symbol(legal_type):
    """Other brands give neither a stock symbol nor an authentication email address."""
    form = FORMS["US_TEN_DLC_BRAND_REGISTRATION"]
    public = fill_in(form, companyInfo__legalType="PUBLIC_PROFIT")
    values = public | {"companyInfo.legalType": Value(select_choices=[legal_type])}

    names = ("stockSymbol", "stockExchange", "businessContactEmail")
    assert find_problems(form, values) == {
        f"companyInfo.{name}": (
            "CONDITIONAL_FIELD_NOT_ALLOWED",
            "is not allowed with the values of other fields",
        )
        for name in names
    }


@pytest.mark.rule("regform-toll-free-tax-country")
@pytest.mark.parametrize(
    ("authority", "number", "country"),
    [("EIN", "12-3456789", "US"), ("ABN", "51824753556", "AU"), ("SIREN", "732829320", "FR")],
)
def test_a_tax_ids_country_is_that_of_its_authority(authority, number, country):
    """The country must match; several authorities can have the same name."""
    form = FORMS["US_TOLL_FREE_REGISTRATION"]
    values = fill_in(form, companyInfo__businessType="PRIVATE_PROFIT") | {
        "companyInfo.taxId": Value(text_value=number),
        "companyInfo.taxIdAuthority": Value(select_choices=[authority]),
        "companyInfo.taxIdCountry": Value(text_value=country),
    }

    assert sentences(form, values) == {}
    values["companyInfo.taxIdCountry"] = Value(text_value="JP")
    assert find_problems(form, values)["companyInfo.taxIdCountry"].reason == "INVALID_FIELD_VALUE"
    values["companyInfo.taxIdAuthority"] = Value(select_choices=["VAT"])
    assert sentences(form, values) == {}


def test_a_public_brand_needs_a_stock_symbol():
    """A public company gives its stock symbol and an authentication email address."""
    form = FORMS["US_TEN_DLC_BRAND_REGISTRATION"]
    private, public = (
        set(fill_in(form, companyInfo__legalType=kind))
        for kind in ("PRIVATE_PROFIT", "PUBLIC_PROFIT")
    )

    more = ("stockSymbol", "stockExchange", "businessContactEmail")
    assert public - private == {f"companyInfo.{name}" for name in more}


def test_representatives_need_a_letter_of_authorization():
    """Singapore requires one from representatives; the United Kingdom documents no such rule."""
    payload = "senderIdInfo.letterOfAuthorization"
    form = FORMS["SG_SENDER_ID_REGISTRATION"]

    assert payload in fill_in(form, senderIdInfo__registeringOnBehalf="True")
    assert payload not in fill_in(form)
    assert requirement(FORMS["GB_SENDER_ID_REGISTRATION"].fields[payload], {}) == "OPTIONAL"


# Validation of values.


def test_texts_are_validated():
    """A text has a length, and matches a pattern completely."""
    field = text("a.code", "Code", "A code.", (2, 4), "12", pattern=r"^\d+$")

    assert refuse_value(field, Value(text_value="123")) is None
    assert refuse_value(field, Value(text_value="1")) == "must have 2 to 4 characters, and has 1"
    assert refuse_value(field, Value(text_value="12345")).startswith("must have 2 to 4")
    assert refuse_value(field, Value(text_value="12a")) == "must have only digits"
    assert refuse_value(field, Value(text_value="12\n")) == "must have only digits"
    assert refuse_value(field, Value(text_value="١٢")) == "must have only digits"


def test_choices_are_validated():
    """Choices are different options of the field, within the allowed number."""
    field = select("a.colors", "Colors", "Some.", ("red", "blue", "green"), choices=(1, 2))

    assert refuse_value(field, Value(select_choices=["red", "blue"])) is None
    assert refuse_value(field, Value(select_choices=[])) == "takes 1 to 2 choices, and has 0"
    assert refuse_value(field, Value(select_choices=["red", "blue", "green"])) is not None
    assert refuse_value(field, Value(select_choices=["red", "red"])) == (
        "must not have the same choice twice"
    )
    assert refuse_value(field, Value(select_choices=["pink"])) == (
        "has no option pink; its options are red, blue, green"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (text("a.b", "B", "B.", (1, 9), "b"), Value(select_choices=["b"])),
        (select("a.b", "B", "B.", ("b",)), Value(text_value="b")),
        (attachment("a.b", "B", "B."), Value(text_value="b")),
        (attachment("a.b", "B", "B."), Value(text_value="b", registration_attachment_id="c")),
    ],
)
def test_a_value_must_have_its_fields_type(field, value):
    """A text is not a choice, and neither is an attachment."""
    assert refuse_value(field, value).startswith(f"is of type {field.field_type}, ")


@pytest.mark.rule("regfield-conditional-order", "regfield-conditional-operators")
@pytest.mark.parametrize(
    ("operator", "values", "holds"),
    [
        ("EQUALS", ("x",), {"x", "xy"}),
        ("IN", ("x", "z"), {"x", "xy"}),
        ("NOT_EQUALS", ("x",), {"y"}),
        ("NOT_IN", ("x", "z"), {"y"}),
        ("HAS_VALUE", None, {"x", "y", "xy"}),
        ("NO_VALUE", None, {""}),
        ("LOOKS_LIKE", ("x",), set()),
    ],
)
def test_operators(operator, values, holds):
    """Each operator is true as documented; unknown ones are false.

    Only HAS_VALUE and NO_VALUE say anything about a field without a value.
    """
    field = text(
        "a.b", "B", "B.", (1, 9), "b", needed=required_if(FieldCondition("a.c", operator, values))
    )

    held = {
        given
        for given in ("", "x", "y", "xy")
        if requirement(field, {"a.c": Value(select_choices=list(given))} if given else {})
        == "REQUIRED"
    }
    assert held == holds


@pytest.mark.rule("regfield-conditional-order", "regfield-conditional-and-or")
def test_the_first_matching_rule_applies():
    """All conditions of a rule must hold.

    Rules are alternatives in order; else the default applies.
    """
    has_c, has_d = FieldCondition("a.c", "HAS_VALUE"), FieldCondition("a.d", "HAS_VALUE")
    behavior = ConditionalBehavior(
        (ConditionalRule((has_c, has_d), "DISALLOWED"), ConditionalRule((has_c,), "REQUIRED")),
    )
    field = text("a.b", "B", "B.", (1, 9), "b", needed=behavior)
    given = Value(text_value="c")

    assert requirement(field, {}) == "OPTIONAL"
    assert requirement(field, {"a.d": given}) == "OPTIONAL"
    assert requirement(field, {"a.c": given}) == "REQUIRED"
    assert requirement(field, {"a.c": given, "a.d": given}) == "DISALLOWED"


def test_an_attachment_is_a_value():
    """A field with an attachment counts as answered."""
    field = text(
        "a.b", "B", "B.", (1, 9), "b", needed=required_if(FieldCondition("a.c", "HAS_VALUE"))
    )

    assert requirement(field, {"a.c": Value(registration_attachment_id="x")}) == "REQUIRED"
