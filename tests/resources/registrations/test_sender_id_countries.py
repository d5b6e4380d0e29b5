"""The forms of sender IDs ask for what the pages of AWS's guide say of each country."""

from __future__ import annotations

import pytest

from tests.filling import ask, fill_in

pytestmark = pytest.mark.rule("regform-sender-id-countries")

# AWS End User Messaging guide, the page on registration of each country: what its own section asks
# for. R: required; O: optional; L: required of companies in the country; F: of financial ones;
# A: of companies abroad, which no rule enforces.
LETTER = "Letter of authorization"
DOCUMENT = "Company registration documentation"
PROOF = "Proof of sender ID connection"
TRANSACTIONAL = "Acknowledgement of transactional content"
SECTIONS = {
    "AE": {
        "R": {DOCUMENT, TRANSACTIONAL},
        "O": {
            PROOF,
            "Authorized signatory power of attorney",
            "UAE Ministry of Health and Prevention authorization",
        },
        "L": {
            f"{LETTER}: Etisalat (Local)",
            f"{LETTER}: du (Local)",
            "du Sender ID Registration Form",
            "Company's UAE establishment card",
            "Authorized signatory UAE ID",
            "Authorized signatory UAE passport",
        },
        "A": {f"{LETTER}: International (Etisalat)", f"{LETTER}: International (du)"},
    },
    "AU": {
        "R": {
            "Australian Business Number (ABN)",
            "Entity type",
            "Authorized representative first name",
            "Authorized representative last name",
            "Authorized representative email",
            "Authorized representative phone number",
            "Government-issued photo ID",
            DOCUMENT,
            PROOF,
        },
        "O": {"Global headquarters country", LETTER},
    },
    "BY": {"R": {TRANSACTIONAL}},
    "EG": {"R": {LETTER, TRANSACTIONAL}, "L": {DOCUMENT, "Tax card document"}},
    "ID": {
        "R": {f"{LETTER}: XL Axiata"},
        # The last two are not on the page, but in AWS's script.
        "O": {"Regulatory agency license", "NPWP document", "NIB document"},
        "L": {f"{LETTER}: Telkomsel", f"{LETTER}: IOH", f"{LETTER}: Smartfren"},
    },
    "IE": {"R": {"Sender ID Owner (SIDO) Number ID", DOCUMENT}},
    "JO": {"R": {DOCUMENT, TRANSACTIONAL}},
    "KE": {"R": {DOCUMENT, TRANSACTIONAL}},
    "KW": {
        "R": {f"{LETTER}: General", f"{LETTER}: Ooredoo", f"{LETTER}: Zain", TRANSACTIONAL},
        "L": {DOCUMENT},
    },
    "KZ": {
        "O": {"Financial sector license"},
        "L": {
            "Confirmation of operations in Kazakhstan",
            "Number of countries where brand is present",
            "Brand headquarters",
            "Date of establishment",
            "Country of origin",
            "Period of work in Kazakhstan",
            "Founding members",
            "Server IP address",
        },
    },
    "LK": {"R": {f"{LETTER} (LOA)", "Acknowledgement of a single use case"}},
    "PH": {
        "R": {f"{LETTER}: Globe", f"{LETTER}: Smart", TRANSACTIONAL},
        "O": {PROOF},
        "F": {f"{LETTER}: BFSI", DOCUMENT, "Business permit", "Regulatory agency license"},
    },
    "QA": {
        "R": {f"{LETTER}: Vodafone", f"{LETTER}: Ooredoo", TRANSACTIONAL},
        "O": {DOCUMENT},
        "L": {"Local Trade License"},
    },
    "RU": {"R": {DOCUMENT, TRANSACTIONAL}},
    "SA": {"R": {f"{LETTER}: Vodafone", TRANSACTIONAL}, "O": {PROOF}},
    "TH": {"R": {f"{LETTER} (LOA)"}},
    "TR": {"R": {LETTER, f"{LETTER} (vendor)", DOCUMENT, TRANSACTIONAL}},
    "VN": {
        "R": {DOCUMENT, PROOF, TRANSACTIONAL},
        "L": {f"{LETTER}: Local"},
        "F": {"Financial sector business license (SSC)"},
        "A": {f"{LETTER}: International"},
    },
    "ZM": {"R": {DOCUMENT, TRANSACTIONAL}},
}
REQUIREMENTS = {"R": "REQUIRED", "O": "OPTIONAL"}
ALL_ALIKE = [
    "BD",
    "BG",
    "BJ",
    "CM",
    "CZ",
    "ET",
    "GH",
    "KH",
    "LB",
    "MA",
    "MX",
    "NG",
    "OM",
    "RO",
    "SS",
    "TW",
    "TZ",
]


def type_of(code: str) -> str:
    """The registration type of a country's sender IDs."""
    return f"{code}_SENDER_ID_REGISTRATION"


def own_section(sms, code):
    """The fields of the section of a country, by their title."""
    path = f"{code.lower()}SidSpecificInfo."
    fields = (each for each in ask(sms, type_of(code)) if each["FieldPath"].startswith(path))
    return {each["DisplayHints"]["Title"]: each for each in fields}


def titles(code, *kinds):
    """The titles of some kinds of fields in the section of a country."""
    return {title for kind in kinds for title in SECTIONS[code].get(kind, ())}


@pytest.mark.parametrize("code", SECTIONS)
def test_a_country_has_a_section(sms, code):
    """It has the fields of the page, and no other, each required or not as there."""
    expected = {
        title: REQUIREMENTS.get(kind, "CONDITIONAL")
        for kind, wanted in SECTIONS[code].items()
        for title in wanted
    }

    found = own_section(sms, code)

    assert {title: each["FieldRequirement"] for title, each in found.items()} == expected


@pytest.mark.rule("regver-submit-missing-fields")
@pytest.mark.parametrize(
    ("code", "field", "value", "kind"),
    [
        *(
            (code, "companyAddress.isoCountryCode", {"TextValue": code}, "L")
            for code in SECTIONS
            if titles(code, "L")
        ),
        *(
            (code, "companyInfo.areaOfBusiness", {"SelectChoices": ["Financial"]}, "F")
            for code in SECTIONS
            if titles(code, "F")
        ),
    ],
)
def test_some_companies_need_more(sms, register, code, field, value, kind):
    """Companies in the country, or of finance, are refused without what only they need."""
    registration = register(type_of(code))
    fill_in(sms, registration)
    sms.put_registration_field_value(RegistrationId=registration.id, FieldPath=field, **value)
    needed = {
        each["FieldPath"]
        for title, each in own_section(sms, code).items()
        if title in titles(code, kind)
    }

    with pytest.raises(sms.exceptions.ValidationException) as refused:
        sms.submit_registration_version(RegistrationId=registration.id)

    assert refused.value.response["Reason"] == "FIELD_VALIDATION_FAILED"
    assert {each["Name"] for each in refused.value.response["Fields"]} == needed


@pytest.mark.rule("regform-sender-id-abroad-only")
@pytest.mark.parametrize("code", ["KE", "SA", "EG"])
def test_local_companies_of_some_countries_are_denied(sms, register, code):
    """Kenya and Saudi Arabia register sender IDs of companies abroad only."""
    registration = register(type_of(code))
    fill_in(sms, registration)
    for each in own_section(sms, code).values():
        if each["FieldType"] == "ATTACHMENT":
            made = sms.create_registration_attachment(AttachmentBody=b"%PDF-1.7")
            sms.put_registration_field_value(
                RegistrationId=registration.id,
                FieldPath=each["FieldPath"],
                RegistrationAttachmentId=made["RegistrationAttachmentId"],
            )
    path = "companyAddress.isoCountryCode"
    sms.put_registration_field_value(RegistrationId=registration.id, FieldPath=path, TextValue=code)
    sms.submit_registration_version(RegistrationId=registration.id)

    values = sms.describe_registration_field_values(RegistrationId=registration.id)
    denied = {
        each["FieldPath"]: each["DeniedReason"]
        for each in values["RegistrationFieldValues"]
        if "DeniedReason" in each
    }
    assert denied == ({} if code == "EG" else {path: "INVALID_FIELD_VALUE"})


@pytest.mark.rule("regform-sender-id-transactional")
@pytest.mark.parametrize("code", SECTIONS)
def test_promotions_are_no_use_case_where_they_are_not_allowed(sms, code):
    """Where one acknowledges that the content is transactional, and in Kazakhstan."""
    [use_case] = [
        each
        for each in ask(sms, type_of(code))
        if each["FieldPath"] == "messagingUseCase.useCaseCategory"
    ]

    allows = "Promotions and marketing" in use_case["SelectValidation"]["Options"]
    assert allows == (code != "KZ" and TRANSACTIONAL not in titles(code, "R"))


def lengths(field):
    """The length of a text, or None."""
    rules = field.get("TextValidation")
    return rules and (rules["MinLength"], rules["MaxLength"])


@pytest.mark.parametrize("code", ALL_ALIKE)
def test_seventeen_countries_ask_for_the_same(sms, code):
    """The pages of these countries have the same fields, with the lengths of texts."""
    fields = ask(sms, type_of(code))

    assert {each["FieldPath"]: lengths(each) for each in fields} == {
        "senderIdInfo.senderId": (3, 11),
        "senderIdInfo.senderIdDescription": (1, 500),
        "senderIdInfo.proofOfSenderIdConnection": None,
        "companyInfo.companyName": (1, 100),
        "companyInfo.companyId": (1, 30),
        "companyInfo.dbaName": (1, 100),
        "companyInfo.website": (4, 100),
        "companyInfo.areaOfBusiness": None,
        "companyAddress.address1": (1, 100),
        "companyAddress.address2": (1, 100),
        "companyAddress.city": (1, 100),
        "companyAddress.state": (1, 50),
        "companyAddress.zipCode": (1, 20),
        "companyAddress.isoCountryCode": (2, 2),
        "contactInfo.emailAddress": (5, 100),
        "contactInfo.phoneNumber": (3, 30),
        "messagingUseCase.useCaseCategory": None,
        "messagingUseCase.useCaseDescription": (1, 500),
        "messagingUseCase.monthlyMessageVolume": None,
        "messagingUseCase.optInDescription": (1, 500),
        "messageSamples.messageSample1": (1, 306),
        "messageSamples.messageSample2": (1, 306),
        "messageSamples.messageSample3": (1, 306),
    }
    assert {each["FieldPath"] for each in fields if each["FieldRequirement"] == "OPTIONAL"} == {
        "senderIdInfo.senderIdDescription",
        "senderIdInfo.proofOfSenderIdConnection",
        "companyInfo.dbaName",
        "companyAddress.address2",
        "companyAddress.state",
        "companyAddress.zipCode",
        "messageSamples.messageSample2",
        "messageSamples.messageSample3",
    }


@pytest.mark.parametrize(
    ("code", "paths"),
    [
        (
            "AT",
            [
                "senderIdInfo.senderId",
                "senderIdInfo.senderIdDescription",
                "senderIdInfo.letterOfAuthorization",
                "companyInfo.companyName",
                "companyInfo.address",
                "contactInfo.emailAddress",
                "messagingUseCase.useCaseCategory",
                "messagingUseCase.useCaseDescription",
                "messageSamples.messageSample1",
            ],
        ),
        (
            "FI",
            [
                "senderIdInfo.senderId",
                "companyInfo.companyName",
                "companyInfo.website",
                "messagingUseCase.useCaseCategory",
                "messagingUseCase.useCaseDescription",
                "messageSamples.messageSample1",
            ],
        ),
    ],
)
def test_two_countries_ask_for_little(sms, code, paths):
    """Austria and Finland do not ask for contacts or volumes as others do."""
    fields = ask(sms, type_of(code))

    assert [each["FieldPath"] for each in fields if each["FieldRequirement"] == "REQUIRED"] == paths


@pytest.mark.rule("regver-submit-missing-fields")
@pytest.mark.parametrize(
    ("path", "choice", "needed"),
    [
        ("aliasHolder.holderType", "PJ", set()),
        ("aliasHolder.holderType", "PF", {"aliasHolder.surnames"}),
        (
            "representative.representativeType",
            "PJ",
            {f"representativePerson.{name}" for name in ("taxId", "name", "surnames")},
        ),
    ],
)
def test_spain_asks_who_holds_an_alias(sms, register, refused, path, choice, needed):
    """Natural persons have surnames, and a person acts for a company that represents."""
    registration = register(type_of("ES"))
    fill_in(sms, registration)
    sms.put_registration_field_value(
        RegistrationId=registration.id, FieldPath=path, SelectChoices=[choice]
    )

    if needed:
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=sorted(needed)):
            sms.submit_registration_version(RegistrationId=registration.id)
    else:
        sms.submit_registration_version(RegistrationId=registration.id)
