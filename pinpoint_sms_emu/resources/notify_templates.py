r"""Notify templates and countries, as data: the service's own messages, and where they can go.

Sourced. From the user guide: the countries of the Basic tier, that Advanced has all countries of
the service, and what a template has. From AWS's own agent guide for Notify: `code` is the
customer's and matches ^\d{4,8}$, `brandName` is the system's and is the configuration's display
name, some variants need `time`, a voice's code may be spelled "4. 8. 2. 9. 1. 3.". From ORCID's
sender: the ids of the 001 series without a country in their language, portuguese-portugal and
chinese-simplified, and that templates 005 do not serve the United States.

Inferred: the wording, the other ids, which template is open to which tier, which countries have no
voice. Ours by decision: the United States and Canada ask for the customer's own identity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import ClassVar, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateVariable:
    """A placeholder of a template, and what may stand in its place."""

    type: str = "STRING"
    required: bool = True
    description: str
    max_length: int | None = None
    min_value: int | None = None
    max_value: int | None = None
    default_value: str | None = None
    pattern: str | None = None
    sample: str
    source: str = "CUSTOMER"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyTemplate:
    """A message of the service's own, with placeholders."""

    kind: ClassVar[str] = "notify-template"
    template_id: str
    version: int = 1
    template_type: str = "OTP_VERIFICATION"
    channels: tuple[str, ...]
    tier_access: tuple[str, ...]
    status: str = "ACTIVE"
    supported_countries: tuple[str, ...]
    language_code: str
    content: str
    variables: Mapping[str, TemplateVariable]
    supported_voice_ids: tuple[str, ...] | None = None
    # The day the service announced Notify.
    created_timestamp: datetime = datetime(2026, 3, 31, tzinfo=UTC)

    @property
    def id(self) -> str:
        """What errors call it."""
        return self.template_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyCountry:
    """A country that Notify sends to."""

    iso_country_code: str
    country_name: str
    supported_channels: tuple[str, ...]
    supported_use_cases: tuple[str, ...] = ("CODE_VERIFICATION",)
    supported_tiers: tuple[str, ...]
    customer_owned_identity_required: bool


@cache
def notify_templates() -> Mapping[str, NotifyTemplate]:
    """Return all templates by id; they are made on first use."""
    countries = tuple(notify_countries())
    templates = [
        _text_template(f"{language}-001", code, content, BOTH_TIERS, countries)
        for language, (code, content) in _TEXTS.items()
    ]
    templates += [
        _text_template("english-002", "en", _EXPIRING, BOTH_TIERS, countries, {"time": _minutes()}),
        _text_template(
            "english-003",
            "en",
            f"{_EXPIRING} Do not share it with anyone.",
            ("ADVANCED",),
            countries,
            {"time": _minutes(required=False, default_value="10")},
        ),
        _text_template(
            "english-005",
            "en",
            "Use {{code}} to verify your {{brandName}} account.",
            BOTH_TIERS,
            tuple(code for code in countries if code != "US"),
        ),
    ]
    spoken = tuple(
        code for code, each in notify_countries().items() if "VOICE" in each.supported_channels
    )
    templates += [
        _voice_template(f"voice-{language}-001", code, content, voices, spoken)
        for language, (code, content, voices) in _SPEECHES.items()
    ]
    return {template.template_id: template for template in templates}


@cache
def notify_countries() -> Mapping[str, NotifyCountry]:
    """Return all countries by code, in alphabetical order; they are made on first use."""
    without_voice = frozenset(_WITHOUT_VOICE.split())
    basic, advanced = _named(_BASIC_COUNTRIES), _named(_ADVANCED_COUNTRIES)
    return {
        code: NotifyCountry(
            iso_country_code=code,
            country_name=name,
            supported_channels=("SMS",) if code in without_voice else ("SMS", "VOICE"),
            supported_tiers=BOTH_TIERS if code in basic else ("ADVANCED",),
            customer_owned_identity_required=code in _OWN_IDENTITY_REQUIRED,
        )
        for code, name in sorted((basic | advanced).items())
    }


def missing_variables(template: NotifyTemplate, values: Mapping[str, str]) -> list[str]:
    """List what the customer has to give and did not."""
    # User guide: "Required variables without a default value cause an error if omitted."
    return [
        name
        for name, variable in template.variables.items()
        if variable.source == "CUSTOMER" and variable.required and not variable.default_value
        if name not in values
    ]


def refuse_variables(template: NotifyTemplate, values: Mapping[str, str]) -> dict[str, str]:
    """Say by name why a template cannot take a value, in words that follow the name."""
    refused = {}
    for name, value in values.items():
        variable = template.variables.get(name)
        # Inferred: the system's variables are not the customer's to give, nor are unknown ones.
        if variable is None or variable.source == "SYSTEM":
            refused[name] = f"is no variable that {template.template_id} takes"
        elif reason := _refuse_value(variable, value):
            refused[name] = reason
    return refused


def fill_in(template: NotifyTemplate, values: Mapping[str, str], brand_name: str) -> str:
    """Put values, defaults and the brand's name in the places of a template's content."""
    defaults = {name: variable.default_value or "" for name, variable in template.variables.items()}
    known = {**defaults, **values, "brandName": brand_name}
    return _PLACEHOLDER.sub(lambda found: known[found[1]], template.content)


def _refuse_value(variable: TemplateVariable, value: str) -> str | None:
    if variable.max_length is not None and len(value) > variable.max_length:
        return f"must have at most {variable.max_length} characters, and has {len(value)}"
    if variable.pattern and not re.fullmatch(variable.pattern, value, re.ASCII):
        return f"must match {variable.pattern}"
    if variable.type == "BOOLEAN" and value not in {"true", "false"}:
        return "must be true or false"
    if variable.type == "INTEGER":
        if not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
            return "must be a whole number"
        if variable.min_value is not None and int(value) < variable.min_value:
            return f"must be at least {variable.min_value}"
        if variable.max_value is not None and int(value) > variable.max_value:
            return f"must be at most {variable.max_value}"
    return None


_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")

BOTH_TIERS: Final = ("BASIC", "ADVANCED")

_BRAND: Final = TemplateVariable(
    description="The display name of the notify configuration.",
    max_length=15,
    sample="Example Corp",
    source="SYSTEM",
)
_CODE: Final = TemplateVariable(
    description="The code to verify.", max_length=8, pattern=r"^\d{4,8}$", sample="123456"
)
# Digits with something between them are read out one by one.
_SPOKEN_CODE: Final = TemplateVariable(
    description="The code to verify, its digits parted to be read one by one.",
    max_length=40,
    pattern=r"^\d([ .,]*\d){3,7}[ .,]*$",
    sample="1. 2. 3. 4. 5. 6.",
)


def _minutes(*, required: bool = True, default_value: str | None = None) -> TemplateVariable:
    return TemplateVariable(
        type="INTEGER",
        required=required,
        description="How many minutes the code is valid.",
        min_value=1,
        max_value=60,
        default_value=default_value,
        sample="10",
    )


def _text_template(
    name: str,
    language_code: str,
    content: str,
    tiers: tuple[str, ...],
    countries: tuple[str, ...],
    more: Mapping[str, TemplateVariable] | None = None,
) -> NotifyTemplate:
    return NotifyTemplate(
        template_id=f"notify-code-verification-{name}",
        channels=("SMS",),
        tier_access=tiers,
        supported_countries=countries,
        language_code=language_code,
        content=content,
        variables={"code": _CODE, "brandName": _BRAND, **(more or {})},
    )


def _voice_template(
    name: str, language_code: str, content: str, voices: str, countries: tuple[str, ...]
) -> NotifyTemplate:
    return NotifyTemplate(
        template_id=f"notify-code-verification-{name}",
        channels=("VOICE",),
        tier_access=BOTH_TIERS,
        supported_countries=countries,
        language_code=language_code,
        content=content,
        variables={"code": _SPOKEN_CODE, "brandName": _BRAND},
        supported_voice_ids=tuple(voices.split()),
    )


_EXPIRING: Final = (
    "{{code}} is your {{brandName}} verification code. It expires in {{time}} minutes."
)

_TEXTS: Final = {
    "english": ("en", "{{code}} is your {{brandName}} verification code."),
    "arabic": ("ar", "{{code}} هو رمز التحقق الخاص بك من {{brandName}}."),
    "chinese-simplified": ("zh-CN", "{{code}} 是您的 {{brandName}} 验证码。"),
    "czech": ("cs", "{{code}} je váš ověřovací kód {{brandName}}."),
    "french": ("fr", "{{code}} est votre code de vérification {{brandName}}."),
    "french-canada": ("fr-CA", "{{code}} est votre code de vérification {{brandName}}."),
    "german": ("de", "{{code}} ist Ihr Bestätigungscode für {{brandName}}."),
    "italian": ("it", "{{code}} è il tuo codice di verifica {{brandName}}."),
    "japanese": ("ja", "{{brandName}} の確認コードは {{code}} です。"),
    "korean": ("ko", "{{brandName}} 인증 코드는 {{code}}입니다."),
    "polish": ("pl", "{{code}} to Twój kod weryfikacyjny {{brandName}}."),
    "portuguese-brazil": ("pt-BR", "{{code}} é o seu código de verificação {{brandName}}."),
    "portuguese-portugal": ("pt-PT", "{{code}} é o seu código de verificação {{brandName}}."),
    "russian": ("ru", "{{code}} — ваш код подтверждения {{brandName}}."),
    "spanish": ("es", "{{code}} es tu código de verificación de {{brandName}}."),
    "turkish": ("tr", "{{brandName}} doğrulama kodunuz: {{code}}."),
}

_SPEECHES: Final = {
    "english": (
        "en",
        "Hello. Your {{brandName}} verification code is {{code}}. Again, it is {{code}}.",
        "JOANNA MATTHEW JOEY KENDRA KIMBERLY SALLI AMY BRIAN EMMA NICOLE RUSSELL",
    ),
    "french": (
        "fr",
        "Bonjour. Votre code de vérification {{brandName}} est {{code}}. Je répète : {{code}}.",
        "CELINE LEA MATHIEU",
    ),
    "german": (
        "de",
        "Hallo. Ihr Bestätigungscode für {{brandName}} lautet {{code}}. Noch einmal: {{code}}.",
        "VICKI MARLENE HANS",
    ),
    "italian": (
        "it",
        "Salve. Il tuo codice di verifica {{brandName}} è {{code}}. Ripeto: {{code}}.",
        "BIANCA CARLA GIORGIO",
    ),
    "japanese": (
        "ja",
        "こんにちは。{{brandName}} の確認コードは {{code}} です。繰り返します。{{code}} です。",
        "MIZUKI TAKUMI",
    ),
    "portuguese-brazil": (
        "pt-BR",
        "Olá. O seu código de verificação {{brandName}} é {{code}}. Repetindo: {{code}}.",
        "CAMILA VITORIA RICARDO",
    ),
    "spanish": (
        "es",
        "Hola. Tu código de verificación de {{brandName}} es {{code}}. Repito: {{code}}.",
        "LUCIA CONCHITA ENRIQUE MIA LUPE MIGUEL PENELOPE",
    ),
}

_OWN_IDENTITY_REQUIRED: Final = frozenset({"CA", "US"})
_WITHOUT_VOICE: Final = "AF BD BY CN EG ET ID KW LK LY MM NP PK QA SA VN YE"


def _named(table: str) -> dict[str, str]:
    lines = (line.strip() for line in table.strip().splitlines())
    return dict(entry.split(" ", 1) for line in lines for entry in line.split(", "))


# User guide, "Notify supported countries"
_BASIC_COUNTRIES: Final = """
    AS American Samoa, AU Australia, BE Belgium, BR Brazil, CA Canada, CH Switzerland, CO Colombia
    DE Germany, DK Denmark, ES Spain, FI Finland, FR France, GB United Kingdom, GU Guam
    HK Hong Kong, IE Ireland, IN India, IT Italy, JP Japan, KR South Korea
    MP Northern Mariana Islands, MX Mexico, NL Netherlands, NZ New Zealand, PR Puerto Rico
    PT Portugal, SE Sweden, SG Singapore, US United States, VI US Virgin Islands
"""

_ADVANCED_COUNTRIES: Final = """
    AD Andorra, AE United Arab Emirates, AF Afghanistan, AG Antigua and Barbuda, AI Anguilla
    AL Albania, AM Armenia, AO Angola, AR Argentina, AT Austria, AW Aruba, AZ Azerbaijan
    BA Bosnia and Herzegovina, BB Barbados, BD Bangladesh, BF Burkina Faso, BG Bulgaria, BH Bahrain
    BI Burundi, BJ Benin, BM Bermuda, BN Brunei, BO Bolivia, BS Bahamas, BT Bhutan, BW Botswana
    BY Belarus, BZ Belize, CD Democratic Republic of the Congo, CF Central African Republic
    CG Republic of the Congo, CI Ivory Coast, CK Cook Islands, CL Chile, CM Cameroon, CN China
    CR Costa Rica, CV Cape Verde, CW Curaçao, CY Cyprus, CZ Czech Republic, DJ Djibouti, DM Dominica
    DO Dominican Republic, DZ Algeria, EC Ecuador, EE Estonia, EG Egypt, ER Eritrea, ET Ethiopia
    FJ Fiji, FM Micronesia, FO Faroe Islands, GA Gabon, GD Grenada, GE Georgia, GF French Guiana
    GG Guernsey, GH Ghana, GI Gibraltar, GL Greenland, GM Gambia, GN Guinea, GP Guadeloupe
    GQ Equatorial Guinea, GR Greece, GT Guatemala, GW Guinea-Bissau, GY Guyana, HN Honduras
    HR Croatia, HT Haiti, HU Hungary, ID Indonesia, IL Israel, IM Isle of Man, IQ Iraq, IS Iceland
    JE Jersey, JM Jamaica, JO Jordan, KE Kenya, KG Kyrgyzstan, KH Cambodia, KI Kiribati, KM Comoros
    KN Saint Kitts and Nevis, KW Kuwait, KY Cayman Islands, KZ Kazakhstan, LA Laos, LB Lebanon
    LC Saint Lucia, LI Liechtenstein, LK Sri Lanka, LR Liberia, LS Lesotho, LT Lithuania
    LU Luxembourg, LV Latvia, LY Libya, MA Morocco, MC Monaco, MD Moldova, ME Montenegro
    MG Madagascar, MH Marshall Islands, MK North Macedonia, ML Mali, MM Myanmar, MN Mongolia
    MO Macau, MQ Martinique, MR Mauritania, MS Montserrat, MT Malta, MU Mauritius, MV Maldives
    MW Malawi, MY Malaysia, MZ Mozambique, NA Namibia, NC New Caledonia, NE Niger, NG Nigeria
    NI Nicaragua, NO Norway, NP Nepal, NR Nauru, OM Oman, PA Panama, PE Peru, PF French Polynesia
    PG Papua New Guinea, PH Philippines, PK Pakistan, PL Poland, PM Saint Pierre and Miquelon
    PS Palestinian Territories, PW Palau, PY Paraguay, QA Qatar, RE Réunion, RO Romania, RS Serbia
    RU Russia, RW Rwanda, SA Saudi Arabia, SB Solomon Islands, SC Seychelles, SI Slovenia
    SK Slovakia, SL Sierra Leone, SM San Marino, SN Senegal, SO Somalia, SR Suriname, SS South Sudan
    ST São Tomé and Príncipe, SV El Salvador, SZ Eswatini, TC Turks and Caicos Islands, TD Chad
    TG Togo, TH Thailand, TJ Tajikistan, TL East Timor, TM Turkmenistan, TN Tunisia, TO Tonga
    TR Türkiye, TT Trinidad and Tobago, TV Tuvalu, TW Taiwan, TZ Tanzania, UA Ukraine, UG Uganda
    UY Uruguay, UZ Uzbekistan, VC Saint Vincent and the Grenadines, VE Venezuela
    VG British Virgin Islands, VN Vietnam, VU Vanuatu, WS Samoa, XK Kosovo, YE Yemen, YT Mayotte
    ZA South Africa, ZM Zambia, ZW Zimbabwe
"""
