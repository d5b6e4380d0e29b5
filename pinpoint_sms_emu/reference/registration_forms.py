"""The registration forms, as data: their sections, fields, options and what goes with them.

AWS publishes no catalogue of definitions; what is known of them stands in these places:

- [CLI] User guide, "Create a registration using the AWS CLI": printed answers of the API.
- [UG] User guide, the pages of the forms: every field's label, in order, and some conditions.
- [BLOG] AWS Messaging blog, "Automate sender ID registration": printed answers, field paths.
- [10DLC] AWS sample "Programmatic 10DLC Registration Guide": paths, lengths, options of both forms.
- [SEEN] Public scripts that ran against the service, and the limits they met.

A form's comment says what it takes from where. Inferred, unless a comment says otherwise: paths of
fields that only [UG] names (its label in camel case), patterns other than ANYTHING, lengths and
descriptions. Select options come in an order whose first one asks for nothing more, as no source
tells the order on the wire. Every text field has an example that its validation accepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class SelectOptionDescription:
    """What an option of a select field means."""

    option: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayHints:
    """What a person is told about a type, a section or a field."""

    title: str
    short_description: str | None = None
    documentation_title: str | None = None
    documentation_link: str | None = None
    select_option_descriptions: tuple[SelectOptionDescription, ...] | None = None
    text_validation_description: str | None = None
    example_text_value: str | None = None


@dataclass(frozen=True, slots=True)
class TextValidation:
    """What a text must be like."""

    min_length: int
    max_length: int
    pattern: str


@dataclass(frozen=True, slots=True)
class SelectValidation:
    """How many of which options may be chosen."""

    min_choices: int
    max_choices: int
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalValidation:
    """What replaces a field's own validation while a rule matches."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    allowed_values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """A question about the value of another field."""

    depends_on_field_path: str
    operator: str
    values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ConditionalRule:
    """What a field is while all of the conditions hold."""

    conditions: tuple[FieldCondition, ...]
    rule_behavior: str
    conditional_validation: ConditionalValidation | None = None


@dataclass(frozen=True, slots=True)
class ConditionalBehavior:
    """Rules, the first of which that matches decides; without one, the default does."""

    rules: tuple[ConditionalRule, ...]
    default_behavior: str = "OPTIONAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form."""

    field_path: str
    field_type: str
    field_requirement: str
    display_hints: DisplayHints
    text_validation: TextValidation | None = None
    select_validation: SelectValidation | None = None
    conditional_behavior: ConditionalBehavior | None = None

    @property
    def section_path(self) -> str:
        """The section that the field stands in."""
        return self.field_path.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Section:
    """One page of a form."""

    section_path: str
    display_hints: DisplayHints


@dataclass(frozen=True, slots=True)
class SupportedAssociation:
    """A kind of resource that a registration can have, and when; the number type is ours."""

    resource_type: str
    association_behavior: str
    disassociation_behavior: str
    iso_country_code: str | None = None
    number_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationType:
    """A form with its sections and fields by path."""

    registration_type: str
    display_hints: DisplayHints
    supported_associations: tuple[SupportedAssociation, ...]
    sections: Mapping[str, Section]
    fields: Mapping[str, Field]

    @property
    def supported_association_resource_type(self) -> tuple[str, ...]:
        """What the filter of this name compares with; [CLI] prints the number's type there."""
        names = ((each.resource_type, each.number_type) for each in self.supported_associations)
        return tuple(name for pair in names for name in pair if name)

    @property
    def supported_association_iso_country_code(self) -> tuple[str, ...]:
        """What the filter of this name compares with."""
        codes = (each.iso_country_code for each in self.supported_associations)
        return tuple(code for code in codes if code)


GUIDE = "https://docs.aws.amazon.com/sms-voice/latest/userguide/"

ANYTHING = r"^(?=\s*\S)[\s\S]+$"  # [CLI], [BLOG]: the pattern of companyInfo.companyName
COUNTRY = r"^[A-Z]{2}$"
COLOR = r"^#[0-9A-Fa-f]{6}$"  # [SEEN]
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
# [UG], toll-free form: starts with a plus, no spaces, hyphens or parentheses.
PHONE = r"^\+[1-9]\d{1,14}$"
# [SEEN]: `rssystems.io` was accepted, so the scheme may be missing.
URL = r"^(https?://)?[^\s/?#]+\.\S+$"
COMPANY_NUMBER = r"^[A-Za-z0-9][A-Za-z0-9 ./-]*$"
SENDER_ID = r"^(?=.*[A-Za-z])[A-Za-z0-9]+$"  # [BLOG]: alphanumeric, at least one letter
DIGITS = r"^\d+$"

Needed = str | ConditionalBehavior


def text(
    path: str,
    title: str,
    about: str,
    lengths: tuple[int, int],
    example: str,
    *,
    pattern: str = ANYTHING,
    needed: Needed = "REQUIRED",
) -> Field:
    """Ask for a text."""
    requirement, behavior = _requirement(needed)
    return Field(
        field_path=path,
        field_type="TEXT",
        field_requirement=requirement,
        display_hints=DisplayHints(
            title=title,
            short_description=about,
            text_validation_description=_in_words(lengths),
            example_text_value=example,
        ),
        text_validation=TextValidation(*lengths, pattern),
        conditional_behavior=behavior,
    )


def select(
    path: str,
    title: str,
    about: str,
    options: Sequence[str] | Mapping[str, str],
    *,
    choices: tuple[int, int] = (1, 1),
    needed: Needed = "REQUIRED",
) -> Field:
    """Ask for some of the options; a mapping tells what each means."""
    requirement, behavior = _requirement(needed)
    described = isinstance(options, Mapping) and tuple(
        SelectOptionDescription(option, meaning) for option, meaning in options.items()
    )
    return Field(
        field_path=path,
        field_type="SELECT",
        field_requirement=requirement,
        display_hints=DisplayHints(
            title=title, short_description=about, select_option_descriptions=described or None
        ),
        select_validation=SelectValidation(*choices, tuple(options)),
        conditional_behavior=behavior,
    )


def attachment(path: str, title: str, about: str, *, needed: Needed = "REQUIRED") -> Field:
    """Ask for a file."""
    requirement, behavior = _requirement(needed)
    return Field(
        field_path=path,
        field_type="ATTACHMENT",
        field_requirement=requirement,
        display_hints=DisplayHints(title=title, short_description=about),
        conditional_behavior=behavior,
    )


def _requirement(needed: Needed) -> tuple[str, ConditionalBehavior | None]:
    return (needed, None) if isinstance(needed, str) else ("CONDITIONAL", needed)


def _in_words(lengths: tuple[int, int]) -> str:
    shortest, longest = lengths
    return f"{shortest} to {longest} characters" if shortest < longest else f"{longest} characters"


def words(options: str) -> tuple[str, ...]:
    """List options that have no spaces."""
    return tuple(options.split())


def has(path: str, *values: str) -> FieldCondition:
    """Ask whether a field has one of the values, or any where none is named."""
    if not values:
        return FieldCondition(path, "HAS_VALUE")
    return FieldCondition(path, "EQUALS" if len(values) == 1 else "IN", values)


def has_not(path: str, value: str) -> FieldCondition:
    """Ask whether a field has another value."""
    return FieldCondition(path, "NOT_EQUALS", (value,))


def required_if(*conditions: FieldCondition) -> ConditionalBehavior:
    """Require a field while all of the conditions hold."""
    return ConditionalBehavior((ConditionalRule(conditions, "REQUIRED"),))


def _form(
    registration_type: str,
    title: str,
    page: str,
    associations: Iterable[SupportedAssociation],
    sections: Mapping[str, tuple[str, str]],
    fields: Iterable[Field],
) -> RegistrationType:
    return RegistrationType(
        registration_type=registration_type,
        display_hints=DisplayHints(
            title=title,
            documentation_title=title,
            documentation_link=f"{GUIDE}{page}.html",
        ),
        supported_associations=tuple(associations),
        sections={
            path: Section(path, DisplayHints(title=name, short_description=about))
            for path, (name, about) in sections.items()
        },
        fields={field.field_path: field for field in fields},
    )


# What several forms ask for in the same way.

COMPANY_INFO = ("Company info", "Information about your company.")
COMPANY_ADDRESS = ("Company address", "The physical address of your company.")
CONTACT_INFO = ("Contact info", "Your business's point of contact.")
MESSAGING_USE_CASE = ("Messaging use case", "What you send, how much of it, and to whom.")
MESSAGE_SAMPLES = ("Message samples", "Messages as they will be sent.")
MMS_FILE_SAMPLES = ("MMS file samples", "Files as they will be sent.")
SENDER_ID_INFO = ("Sender ID info", "The sender ID you would like to register.")
OPT_IN_WORKFLOW = ("Opt-in workflow", "How people agree to receive your messages.")
RCS_PARTNER_INFO = ("RCS partner info", "Your RCS technology partner or aggregator.")
COMPLIANCE_KEYWORDS = ("Compliance keywords", "What people are told when they text a keyword.")

YES_OR_NO = ("No", "Yes")

# Both [CLI] and [BLOG] print these.
MONTHLY_VOLUMES = (
    "10",
    "100",
    "1,000",
    "10,000",
    "100,000",
    "250,000",
    "500,000",
    "750,000",
    "1,000,000",
    "5,000,000",
    "10,000,000+",
)

# [10DLC]
LEGAL_TYPES = {
    "PRIVATE_PROFIT": "Private for-profit company",
    "PUBLIC_PROFIT": "Publicly traded for-profit company",
    "NON_PROFIT": "Non-profit organization",
    "GOVERNMENT": "Government entity",
}
STOCK_EXCHANGES = words(
    "NONE NASDAQ NYSE AMEX AMX ASX B3 BME BSE FRA ICEX JPX JSE KRX LON NSE OMX SEHK SGX SSE STO"
    " SWX SZSE TSX TWSE VSE OTHER"
)
VERTICALS = words(
    "AGRICULTURE COMMUNICATION CONSTRUCTION EDUCATION ENERGY ENTERTAINMENT FINANCIAL GAMBLING"
    " GOVERNMENT HEALTHCARE HOSPITALITY INSURANCE MANUFACTURING NGO REAL_ESTATE RETAIL TECHNOLOGY"
)

# [UG], the forms of the United Kingdom and Singapore
SENDER_ID_USE_CASES = (
    "Two-factor authentication",
    "One-time passwords",
    "Notifications",
    "Polling and surveys",
    "Info on demand",
    "Promotions and Marketing",
    "Other",
)

# [SEEN], in the toll-free form
OPT_IN_TYPES = {
    "VERBAL": "Verbal",
    "DIGITAL_FORM": "Digital form",
    "PAPER_FORM": "Paper form",
    "TEXT": "Text",
    "QR_CODE": "QR code",
}


def _company_name() -> Field:
    # [CLI], word for word
    return text(
        "companyInfo.companyName",
        "Company name",
        "Legal name which your company is registered under.",
        (1, 100),
        "Example Corp",
    )


def _website(path: str = "companyInfo.website", longest: int = 100) -> Field:
    return text(
        path,
        "Company website",
        "Full URL of your company's website.",
        (4, longest),
        "https://www.example.com",
        pattern=URL,
    )


def _company_id() -> Field:
    # [BLOG]: alphanumeric, 1 to 30 characters
    return text(
        "companyInfo.companyId",
        "Company identification number",
        "Legal identification number of your company (such as EIN or VAT).",
        (1, 30),
        "123456789",
        pattern=COMPANY_NUMBER,
    )


def _dba_name() -> Field:
    return text(
        "companyInfo.dbaName",
        "Doing Business As (DBA) name",
        "DBA or brand name if different from the legal name of your company.",
        (1, 100),
        "Example",
        needed="OPTIONAL",
    )


def _stock(legal_type: str, symbol: str, exchange: str) -> Iterator[Field]:
    """Ask public companies for their stock: [10DLC], [UG]."""
    public = ConditionalRule((has(legal_type, "PUBLIC_PROFIT"),), "REQUIRED")
    # Inferred: who has no shares has no symbol either.
    shareless = ConditionalRule((has(legal_type, "NON_PROFIT", "GOVERNMENT"),), "DISALLOWED")
    yield text(
        symbol,
        "Stock symbol",
        "Stock market symbol of your company, if it is a public profit company.",
        (1, 10),
        "EXMPL",
        needed=ConditionalBehavior((public, shareless)),
    )
    yield select(
        exchange,
        "Stock exchange",
        "Stock exchange that lists your company, if it is a public profit company.",
        STOCK_EXCHANGES,
        needed=ConditionalBehavior((public,)),
    )


def _address(section: str) -> Iterator[Field]:
    """Ask for an address: the paths are those of [SEEN] in companyInfo, [BLOG] elsewhere."""
    yield text(f"{section}.address1", "Address 1", "Street address.", (1, 100), "123 Any Street")
    yield text(
        f"{section}.address2",
        "Address 2",
        "Unit or suite number, if there is one.",
        (1, 100),
        "Suite 200",
        needed="OPTIONAL",
    )
    yield text(f"{section}.city", "City", "City of the address.", (1, 100), "Any Town")
    yield text(f"{section}.state", "State/Province", "State, province or region.", (1, 50), "WA")
    yield text(f"{section}.zipCode", "Zip code/Postal code", "Postal code.", (1, 20), "98101")
    yield text(
        f"{section}.isoCountryCode",
        "Country",
        "Two-letter ISO country code.",
        (2, 2),
        "US",
        pattern=COUNTRY,
    )


def _contact() -> Iterator[Field]:
    # The paths are [SEEN].
    yield text("contactInfo.firstName", "First name", "First name of the contact.", (1, 50), "Jane")
    yield text("contactInfo.lastName", "Last name", "Last name of the contact.", (1, 50), "Doe")
    yield from _support("contactInfo")


def _support(section: str) -> Iterator[Field]:
    yield text(
        f"{section}.supportEmail",
        "Support email",
        "Email address of the contact, in your company's domain.",
        (5, 100),
        "support@example.com",
        pattern=EMAIL,
    )
    yield text(
        f"{section}.supportPhoneNumber",
        "Support phone number",
        "Phone number of the contact: a plus and digits only.",
        (3, 30),
        "+12065550142",
        pattern=PHONE,
    )


def _monthly_volume(sender: str) -> Field:
    # [CLI], [BLOG], word for word
    return select(
        "messagingUseCase.monthlyMessageVolume",
        "Monthly SMS volume",
        f"Estimated number of SMS messages which will be sent from this {sender} each month.",
        MONTHLY_VOLUMES,
    )


def _message_samples(count: int, lengths: tuple[int, int]) -> Iterator[Field]:
    """Ask for samples, of which the first is required: [CLI], [10DLC], [UG]."""
    for number in range(1, count + 1):
        yield text(
            f"messageSamples.messageSample{number}",
            f"Message sample {number}",
            "An example of a message that will be sent to your end users.",
            lengths,
            "Example Corp: your one-time passcode is [code]. Reply STOP to opt out.",
            needed="REQUIRED" if number == 1 else "OPTIONAL",
        )


def _url_or_file(section: str, name: str, title: str, suffix: str) -> Iterator[Field]:
    yield text(
        f"{section}.{name}{suffix}",
        f"{title} URL",
        f"Full URL of your {title} page; give the URL or the file.",
        (4, 255),
        "https://www.example.com/sms",
        pattern=URL,
        needed="OPTIONAL",
    )
    yield attachment(
        f"{section}.{name}File",
        f"{title} file",
        f"The full text of the {title} if it is not published.",
        needed="OPTIONAL",
    )


def _opt_in_flows(section: str, methods: Mapping[str, str]) -> Iterator[Field]:
    """Ask how people opt in, in up to three ways, as the newer forms of [UG] do."""
    method = f"{section}.optInMethod"
    yield select(method, "Opt-in method", "How the user will opt in.", methods)
    yield text(
        f"{section}.optInMethodOther",
        "Opt-in method other",
        "If you chose Other, please explain.",
        (1, 500),
        "At the counter of our shop",
        needed=required_if(has(method, "OTHER")),
    )
    for number in (1, 2, 3):
        needed = "REQUIRED" if number == 1 else "OPTIONAL"
        yield text(
            f"{section}.optInUserExperienceFlow{number}",
            f"Opt-in method user experience flow {number}",
            "A step-by-step description of signing up, with the exact words that are presented.",
            (1, 2000),
            "The user ticks a box that says: I agree to receive one-time passcodes by SMS.",
            needed=needed,
        )
        yield attachment(
            f"{section}.optInMockup{number}",
            f"Opt-in mock-up {number}",
            "A mock-up showing the call-to-action or opt-in.",
            needed=needed,
        )


OPT_IN_METHODS = OPT_IN_TYPES | {"OTHER": "Other"}


def _us_toll_free() -> RegistrationType:
    # Paths and options: [SEEN], [CLI]; order, labels and the condition of the tax fields: [UG].
    # [UG] lists the use cases by name; three of their values are [SEEN], the rest follow those.
    sole = has_not("companyInfo.businessType", "SOLE_PROPRIETOR")
    ein = ConditionalRule(
        (sole, has("companyInfo.taxIdAuthority", "EIN")),
        "REQUIRED",
        ConditionalValidation(min_length=9, max_length=10, pattern=r"^\d{2}-?\d{7}$"),
    )
    return _form(
        "US_TOLL_FREE_REGISTRATION",
        "US toll-free number registration",
        "registrations-tfn-register",
        [
            SupportedAssociation(
                "phone-number",
                "ASSOCIATE_BEFORE_SUBMIT",
                "DISASSOCIATE_ALL_ALLOWS_DELETE_REGISTRATION",
                "US",
                "TOLL_FREE",
            )
        ],
        {
            "companyInfo": COMPANY_INFO,
            "contactInfo": CONTACT_INFO,
            "messagingUseCase": MESSAGING_USE_CASE,
            "messageSamples": MESSAGE_SAMPLES,
        },
        [
            _company_name(),
            _website(),
            *_address("companyInfo"),
            select(
                "companyInfo.businessType",
                "Business type",
                "The classification of your organization by ownership and purpose.",
                {"SOLE_PROPRIETOR": "Sole proprietorship without employees"} | LEGAL_TYPES,
            ),
            text(
                "companyInfo.taxId",
                "Company identification number",
                "Your company's official tax identification or registration number.",
                (1, 30),
                "12-3456789",
                pattern=COMPANY_NUMBER,
                needed=ConditionalBehavior((ein, ConditionalRule((sole,), "REQUIRED"))),
            ),
            select(
                "companyInfo.taxIdAuthority",
                "Identification number type",
                "The type of identification number you provided.",
                words(
                    "EIN CBN CRN PROVINCIAL_NUMBER VAT ACN ABN BRN SIREN SIRET NZBN USt-IdNr CIF"
                    " NIF CNPJ UID NEQ OTHER"
                ),
                needed=required_if(sole),
            ),
            text(
                "companyInfo.taxIdCountry",
                "Identification number country",
                "Two-letter ISO code of the country where the number was issued.",
                (2, 2),
                "US",
                pattern=COUNTRY,
                needed=required_if(sole),
            ),
            *_contact(),
            _monthly_volume("toll-free number"),
            select(
                "messagingUseCase.useCaseCategory",
                "Use case category",
                "The category which most closely aligns with your use case.",
                {
                    "ONE_TIME_PASSCODES": "One time passcodes",  # [SEEN]
                    "TWO_FACTOR_AUTHENTICATION": "Two-factor authentication",
                    "ACCOUNT_NOTIFICATIONS": "Account notifications",  # [SEEN]
                    "APPOINTMENT_REMINDERS": "Appointment reminders",
                    "BOOKING_CONFIRMATIONS": "Booking confirmations",
                    "CUSTOMER_CARE": "Customer care",
                    "DELIVERY_NOTIFICATIONS": "Delivery notifications",
                    "EDUCATION": "Education",
                    "EVENT_NOTIFICATIONS": "Event notifications",
                    "FINANCIAL_TRANSACTIONS": "Financial transactions",
                    "HEALTH_CARE": "Health care",
                    "INFO_ON_DEMAND": "Info on demand",
                    "NON_POLITICAL_POLLING_AND_SURVEY": "Non political polling and survey",
                    "NON_PROFIT": "Non profit",  # [SEEN]
                    "PROMOTIONS_AND_MARKETING": "Promotions and Marketing",
                    "PUBLIC_ANNOUNCEMENTS": "Public announcements",
                    "OTHER": "Other",
                },
            ),
            text(
                "messagingUseCase.useCaseDetails",
                "Use case details",
                "Additional context to the selected use case category.",
                (1, 500),  # [SEEN]
                "One-time passcodes for users who sign in to their account on our website.",
            ),
            select(
                "messagingUseCase.optInType",
                "Opt-in category",
                "How users consent to receive SMS messages.",
                OPT_IN_TYPES,
            ),
            text(
                "messagingUseCase.optInDescription",
                "Opt-in workflow description",
                "How users consent to receive SMS messages.",
                (1, 1500),  # [SEEN]
                "Users enter their number on our website and tick an unchecked box to agree.",
            ),
            attachment(
                "messagingUseCase.optInImage",
                "Opt-in workflow image",
                "An image showing how users consent to receiving messages.",
            ),
            # [SEEN]: both became required in 2026.
            text(
                "messagingUseCase.privacyPolicyUrl",
                "Privacy policy URL",
                "Full URL of your privacy policy.",
                (4, 255),
                "https://www.example.com/privacy",
                pattern=URL,
            ),
            text(
                "messagingUseCase.termsAndConditionsUrl",
                "Terms and conditions URL",
                "Full URL of your terms and conditions.",
                (4, 255),
                "https://www.example.com/terms",
                pattern=URL,
            ),
            *_message_samples(3, (1, 306)),  # [BLOG] has 306 for a sender ID's samples
        ],
    )


def _us_ten_dlc_brand() -> RegistrationType:
    # All of it: [10DLC], confirmed by [SEEN]; the stock symbol's DISALLOWED is inferred.
    return _form(
        "US_TEN_DLC_BRAND_REGISTRATION",
        "US 10DLC brand registration",
        "registrations-10dlc-company",
        [],
        {"companyInfo": COMPANY_INFO, "contactInfo": CONTACT_INFO},
        [
            _company_name(),
            text(
                "companyInfo.taxIdIssuingCountry",
                "Country of tax registration",
                "Two-letter ISO code of the country that issued the tax ID.",
                (2, 2),
                "US",
                pattern=COUNTRY,
            ),
            text(
                "companyInfo.taxId",
                "Tax ID or Business Registration Number",
                "The nine digits of your EIN, or the number under which you are registered.",
                (1, 21),
                "123456789",
                pattern=COMPANY_NUMBER,
            ),
            select(
                "companyInfo.legalType",
                "Legal form of organization",
                "The legal form of your organization.",
                LEGAL_TYPES,
            ),
            *_stock(
                "companyInfo.legalType", "companyInfo.stockSymbol", "companyInfo.stockExchange"
            ),
            text(
                "companyInfo.businessContactEmail",
                "Brand verification email",
                "Where the authentication email of the campaign registry goes.",
                (5, 100),
                "janedoe@example.com",
                pattern=EMAIL,
                needed=required_if(has("companyInfo.legalType", "PUBLIC_PROFIT")),
            ),
            text("companyInfo.address", "Address", "Street address.", (1, 100), "123 Any Street"),
            *(each for each in _address("companyInfo") if ".address" not in each.field_path),
            text(
                "contactInfo.dbaName",
                "Doing Business As (DBA) or brand name",
                "The name people know you by.",
                (1, 100),
                "Example Corp",
            ),
            select("contactInfo.vertical", "Vertical", "The industry you are in.", VERTICALS),
            _website("contactInfo.website"),
            *_support("contactInfo"),
        ],
    )


def _us_ten_dlc_campaign() -> RegistrationType:
    # All of it: [10DLC], which says of two optional fields when they are required. Of those,
    # subUseCases carries its condition, as a campaign of several uses is nothing without it.
    sayings = (
        ("optInMessage", "Opt-in confirmation message", "You agreed to alerts of Example Corp."),
        ("helpMessage", "HELP message", "Example Corp alerts: for help, see www.example.com."),
        ("stopMessage", "STOP message", "Example Corp: you are unsubscribed. No more messages."),
    )
    several = {
        "TWO_FACTOR_AUTHENTICATION": "Two-factor authentication",
        "ACCOUNT_NOTIFICATION": "Account notification",
        "CUSTOMER_CARE": "Customer care",
        "DELIVERY_NOTIFICATION": "Delivery notification",
        "FRAUD_ALERT": "Fraud alert",
        "HIGHER_EDUCATION": "Higher education",
        "MARKETING": "Marketing",
        "POLLING_VOTING": "Polling and voting",
        "PUBLIC_SERVICE_ANNOUNCEMENT": "Public service announcement",
        "SECURITY_ALERT": "Security alert",
    }
    alone = {"CHARITY": "Charity", "LOW_VOLUME": "Low volume mixed", "MIXED": "Mixed"}
    obliged = (
        ("subscriberOptIn", "Subscriber opt-in", "Subscribers agree before they get messages."),
        ("subscriberOptOut", "Subscriber opt-out", "Subscribers can opt out with STOP."),
        ("subscriberHelp", "Subscriber help", "Subscribers get help with HELP."),
    )
    facts = (
        ("directLending", "Direct lending", "Whether messages are about loans."),
        ("embeddedLink", "Embedded link", "Whether messages have links."),
        ("embeddedPhone", "Embedded phone number", "Whether messages have phone numbers."),
        ("ageGated", "Age-gated content", "Whether content is for adults."),
    )
    return _form(
        "US_TEN_DLC_CAMPAIGN_REGISTRATION",
        "US 10DLC campaign registration",
        "registrations-10dlc-register-campaign",
        [
            SupportedAssociation(
                "registration", "ASSOCIATE_BEFORE_SUBMIT", "DELETE_REGISTRATION_DISASSOCIATES"
            ),
            SupportedAssociation(
                "phone-number",
                "ASSOCIATE_AFTER_COMPLETE",
                "DELETE_REGISTRATION_DISASSOCIATES",
                "US",
                "TEN_DLC",
            ),
        ],
        {
            "campaignInfo": ("Campaign info", "What the campaign is, and how people join it."),
            "campaignCapabilities": ("Campaign capabilities", "What its numbers can do."),
            "campaignUseCase": ("Campaign use case", "What the campaign is used for."),
            "messageSamples": MESSAGE_SAMPLES,
            "mmsFileSamples": MMS_FILE_SAMPLES,
        },
        [
            text(
                "campaignInfo.campaignName",
                "Campaign description",
                "What you send to whom, and why.",
                (40, 4096),
                "Example Corp sends one-time passcodes to customers who sign in to their account.",
            ),
            select("campaignInfo.vertical", "Vertical", "The industry of the campaign.", VERTICALS),
            *_url_or_file("campaignInfo", "termsAndConditions", "Terms and Conditions", "Link"),
            *_url_or_file("campaignInfo", "privacyPolicy", "Privacy Policy", "Link"),
            text(
                "campaignInfo.optInWorkflow",
                "Opt-in workflow",
                "How people agree to receive messages.",
                (40, 2048),
                "Users opt in by ticking the SMS checkbox while they create their account.",
            ),
            attachment(
                "campaignInfo.optInScreenshot",
                "Opt-in screenshot",
                "An image of the opt-in, where it cannot be visited.",
                needed="OPTIONAL",
            ),
            text(
                "campaignInfo.optInKeyword",
                "Opt-in keyword",
                "The word that people text to join.",
                (1, 255),
                "JOIN",
                needed="OPTIONAL",
            ),
            *(
                text(f"campaignInfo.{name}", title, "What people are told.", (20, 255), example)
                for name, title, example in sayings
            ),
            select(
                "campaignCapabilities.numberCapabilities",
                "Number capabilities",
                "What the numbers of this campaign can do; it cannot be changed later.",
                ("SMS", "SMS and MMS", "SMS and VOICE", "SMS and MMS and VOICE"),
            ),
            select(
                "campaignCapabilities.messageType",
                "Message type",
                "The type of message of the campaign.",
                ("Transactional", "Promotional"),
                needed="OPTIONAL",
            ),
            select("campaignUseCase.useCase", "Use case", "What you use it for.", several | alone),
            select(
                "campaignUseCase.subUseCases",
                "Sub use cases",
                "What a mixed or low volume campaign is used for.",
                several,
                choices=(1, 5),
                needed=required_if(has("campaignUseCase.useCase", "MIXED", "LOW_VOLUME")),
            ),
            *(
                select(f"campaignUseCase.{name}", title, about, ("Yes",))
                for name, title, about in obliged
            ),
            *(
                select(f"campaignUseCase.{name}", title, about, YES_OR_NO)
                for name, title, about in facts
            ),
            text(
                "campaignUseCase.embeddedLinkSample",
                "Embedded link sample",
                "A link as it will be sent; public URL shorteners are not accepted.",
                (1, 255),
                "https://www.example.com/verify",
                pattern=URL,
                needed="OPTIONAL",
            ),
            *_message_samples(5, (20, 1024)),
            *(
                attachment(
                    f"mmsFileSamples.mmsFileSample{number}",
                    f"MMS file sample {number}",
                    "A file as it will be sent.",
                    needed="OPTIONAL",
                )
                for number in range(1, 6)
            ),
        ],
    )


def _us_short_code() -> RegistrationType:
    # Sections, labels and conditions: [UG]; paths follow [BLOG], the same family of forms.
    # That codes come after completion is inferred: RequestPhoneNumber cannot ask for one.
    isv = "companyInfo.isIsv"
    vanity = "shortCodeInfo.shortCodeOption"
    sweepstakes = "messagingUseCase.sweepstakesOrContests"
    mms = "mmsFileSamples.mmsRequired"
    double = "optInWorkflow.doubleOptIn"
    return _form(
        "US_SHORT_CODE_REGISTRATION",
        "US short code registration",
        "registrations-short-code",
        [
            SupportedAssociation(
                "phone-number",
                "ASSOCIATE_AFTER_COMPLETE",
                "DELETE_REGISTRATION_DISASSOCIATES",
                "US",
                "SHORT_CODE",
            )
        ],
        {
            "companyInfo": COMPANY_INFO,
            "companyAddress": COMPANY_ADDRESS,
            "contactInfo": CONTACT_INFO,
            "customerCareContactInfo": ("Customer care contact info", "Where people find help."),
            "shortCodeInfo": ("Short code info", "The short code you would like to have."),
            "messagingUseCase": MESSAGING_USE_CASE,
            "messageSamples": MESSAGE_SAMPLES,
            "mmsFileSamples": MMS_FILE_SAMPLES,
            "termsAndPolicyInfo": (
                "Terms & Conditions and Privacy Policy info",
                "The terms of your messages.",
            ),
            "optInWorkflow": OPT_IN_WORKFLOW,
            "complianceKeywords": COMPLIANCE_KEYWORDS,
        },
        [
            _company_name(),
            _company_id(),
            _dba_name(),
            _website(),
            *_legal_entity(),
            _company_overview(),
            select(
                isv,
                "Are you an ISV?",
                "Whether you manage this short code on behalf of another company.",
                YES_OR_NO,
            ),
            *_content_provider(isv),
            *_address("companyAddress"),
            *_point_of_contact(),
            text(
                "customerCareContactInfo.url",
                "Customer care URL",
                "Full URL of your company's customer support page.",
                (4, 255),
                "https://www.example.com/help",
                pattern=URL,
            ),
            text(
                "customerCareContactInfo.emailAddress",
                "Customer care email address",
                "Email address of your company's customer support.",
                (5, 100),
                "help@example.com",
                pattern=EMAIL,
            ),
            text(
                "customerCareContactInfo.phoneNumber",
                "Customer care phone number",
                "Phone number of your company's customer support.",
                (3, 30),
                "+18005550142",
                pattern=PHONE,
            ),
            select(
                vanity,
                "Short code option",
                "A random short code, one of your choice, or a random one if that is taken.",
                {
                    "RANDOM": "Random",
                    "VANITY": "Vanity",
                    "VANITY_OR_RANDOM": "Random if my vanity code is unavailable",
                },
            ),
            *(
                text(
                    f"shortCodeInfo.vanityShortCode{number}",
                    f"Vanity short code number preference {number}",
                    "A short code of five or six digits.",
                    (5, 6),
                    f"12345{number}",
                    pattern=DIGITS,
                    needed=required_if(has(vanity, "VANITY", "VANITY_OR_RANDOM"))
                    if number == 1
                    else "OPTIONAL",
                )
                for number in (1, 2, 3)
            ),
            *_service("short code"),
            select(sweepstakes, "Sweepstakes or contests", "Whether it runs any.", YES_OR_NO),
            text(
                "messagingUseCase.sweepstakesRulesUrl",
                "Full URL of sweepstakes or contests rules",
                "Where the rules are published.",
                (4, 255),
                "https://www.example.com/rules",
                pattern=URL,
                needed=required_if(
                    has(sweepstakes, "Yes"),
                    FieldCondition("messagingUseCase.sweepstakesRulesFile", "NO_VALUE"),
                ),
            ),
            attachment(
                "messagingUseCase.sweepstakesRulesFile",
                "Sweepstakes or contests document",
                "The rules, if they are not published.",
                needed="OPTIONAL",
            ),
            select(
                "messagingUseCase.debtCollection",
                "Debt collection",
                "Whether this short code is used for debt collection.",
                YES_OR_NO,
            ),
            select(
                "messagingUseCase.hipaaEligible",
                "HIPAA eligible use case",
                "Whether the use case is HIPAA eligible.",
                YES_OR_NO,
            ),
            text(
                "messagingUseCase.averageMonthlySmsFrequency",
                "Average monthly SMS frequency per user",
                "Estimated number of messages that a user receives each month.",
                (1, 6),
                "10",
                pattern=DIGITS,
            ),
            *_message_samples(10, (1, 306)),
            select(mms, "MMS", "Whether you require an MMS-capable short code.", YES_OR_NO),
            *(
                attachment(
                    f"mmsFileSamples.mmsFileSample{number}",
                    f"MMS message sample {number}",
                    "A file as it will be sent.",
                    needed=required_if(has(mms, "Yes")) if number == 1 else "OPTIONAL",
                )
                for number in (1, 2, 3)
            ),
            *_url_or_file("termsAndPolicyInfo", "termsAndConditions", "Terms & Conditions", "Url"),
            *_url_or_file("termsAndPolicyInfo", "privacyPolicy", "Privacy Policy", "Url"),
            *_opt_in_flows("optInWorkflow", OPT_IN_METHODS),
            select(double, "Double opt-in", "Whether users confirm a second time.", YES_OR_NO),
            text(
                "optInWorkflow.doubleOptInFlow",
                "Double opt-in user experience flow",
                "A step-by-step description of the second confirmation.",
                (1, 2000),
                "The user answers YES to the first message.",
                needed=required_if(has(double, "Yes")),
            ),
            *_compliance_keywords(),
            text(
                "complianceKeywords.optInKeyword",
                "Opt-in keyword",
                "The keyword that opts its sender in.",
                (1, 30),
                "JOIN",
                needed="OPTIONAL",
            ),
        ],
    )


def _legal_entity() -> Iterator[Field]:
    yield select(
        "companyInfo.legalEntityType",
        "Legal entity type",
        "Legal form of organization.",
        LEGAL_TYPES,
    )
    yield from _stock(
        "companyInfo.legalEntityType", "companyInfo.stockSymbol", "companyInfo.stockExchange"
    )


def _company_overview() -> Field:
    return text(
        "companyInfo.companyOverview",
        "Company overview",
        "The products or services your company provides to its customers.",
        (1, 500),
        "Example Corp sells example goods to everyone.",
    )


def _content_provider(isv: str) -> Iterator[Field]:
    """Ask an ISV whom it sends for: [UG]."""
    theirs = required_if(has(isv, "Yes"))
    yield text(
        "companyInfo.contentProviderName",
        "Content provider company name (ISV only)",
        "Legal name of the content provider company.",
        (1, 100),
        "AnyCompany",
        needed=theirs,
    )
    yield text(
        "companyInfo.contentProviderId",
        "Content provider company identification number (ISV only)",
        "Legal identification number of the content provider company.",
        (1, 30),
        "987654321",
        pattern=COMPANY_NUMBER,
        needed=theirs,
    )
    yield text(
        "companyInfo.contentProviderWebsite",
        "Content provider company website (ISV only)",
        "Full URL of the content provider company's website.",
        (4, 100),
        "https://anycompany.example.com",
        pattern=URL,
        needed=theirs,
    )
    yield select(
        "companyInfo.contentProviderLegalEntityType",
        "Content provider legal entity type (ISV only)",
        "Legal form of the content provider.",
        LEGAL_TYPES,
        needed=theirs,
    )


def _point_of_contact() -> Iterator[Field]:
    # The last two paths: [BLOG]
    yield text("contactInfo.name", "Contact name", "Name of the contact.", (1, 100), "Jane Doe")
    yield text(
        "contactInfo.emailAddress",
        "Contact email address",
        "Email address of your company's point of contact.",
        (5, 100),
        "janedoe@example.com",
        pattern=EMAIL,
    )
    yield text(
        "contactInfo.phoneNumber",
        "Contact phone number",
        "Phone number of your company's point of contact.",
        (3, 30),
        "+12065550142",
        pattern=PHONE,
    )


def _service(sender: str) -> Iterator[Field]:
    """Ask for the service and its use, as the newer forms of [UG] do."""
    yield text(
        "messagingUseCase.serviceName",
        "Service name",
        "Name of your SMS service, with your company or brand name.",
        (1, 100),
        "Example Corp passcodes",
    )
    # [BLOG], in the form of another sender
    yield select(
        "messagingUseCase.useCaseCategory",
        "Use case category",
        "The category which most closely aligns with your use case.",
        (
            "One-time passcodes",
            "Account or security alerts",
            "Purchase or delivery notifications",
            "Public service announcements",
            "Polling and surveys",
            "Info on demand",
            "Promotions and marketing",
            "Other",
        ),
    )
    yield text(
        "messagingUseCase.useCaseDescription",
        "Use case description",
        f"Your use case for sending SMS messages with this {sender}.",
        (1, 500),
        "One-time passcodes for users who sign in to their account.",
    )
    yield _monthly_volume(sender)


def _compliance_keywords() -> Iterator[Field]:
    # The first two, and their lengths: [SEEN]
    yield text(
        "complianceKeywords.helpResponse",
        "HELP response",
        "What your user is told after texting HELP.",
        (1, 160),
        "Example Corp: for help write to help@example.com. Reply STOP to opt out.",
    )
    yield text(
        "complianceKeywords.stopResponse",
        "STOP response",
        "What your user is told after texting STOP.",
        (1, 160),
        "Example Corp: you are unsubscribed and get no more messages.",
    )
    yield text(
        "complianceKeywords.optInConfirmation",
        "Opt-in confirmation message",
        "What your user is told after opting in.",
        (1, 160),
        "Example Corp: you agreed to one-time passcodes. Reply STOP to opt out.",
    )


def _zz_long_code() -> RegistrationType:
    # The type: [UG], in an event. Labels: [UG], "Common Dedicated Number registration form".
    # Paths follow [BLOG]. The association: the model names long codes beside 10DLC campaigns.
    return _form(
        "ZZ_LONG_CODE_REGISTRATION",
        "Common dedicated number registration",
        "registrations-dedicated-number",
        [
            SupportedAssociation(
                "phone-number",
                "ASSOCIATE_AFTER_COMPLETE",
                "DELETE_REGISTRATION_DISASSOCIATES",
                number_type="LONG_CODE",
            )
        ],
        {
            "companyInfo": COMPANY_INFO,
            "companyAddress": COMPANY_ADDRESS,
            "messagingUseCase": ("Service information and use case", MESSAGING_USE_CASE[1]),
        },
        [
            _company_name(),
            _company_id(),
            _dba_name(),
            _website(),
            *_address("companyAddress"),
            *_service("long code"),
            select(
                "messagingUseCase.programDirection",
                "Is this a one-way or two-way program?",
                "Whether you only send, or also receive messages.",
                {"ONE_WAY": "Outbound only", "TWO_WAY": "Outbound and inbound"},
            ),
            *_opt_in_flows("messagingUseCase", OPT_IN_METHODS),
        ],
    )


def _sender_id(
    registration_type: str, title: str, page: str, country: str, tax_id: Field, loa: list[Field]
) -> RegistrationType:
    # [UG]'s forms of the two countries differ in the tax ID and the letter of authorization.
    # Of the United Kingdom's, [BLOG] prints four fields. The association: the model, which has
    # ASSOCIATE_ON_APPROVAL for all sender ID registrations.
    return _form(
        registration_type,
        title,
        page,
        [
            SupportedAssociation(
                "sender-id",
                "ASSOCIATE_ON_APPROVAL",
                "DISASSOCIATE_ALL_CLOSES_REGISTRATION",
                country,
            )
        ],
        {
            "companyInfo": COMPANY_INFO,
            "contactInfo": CONTACT_INFO,
            "senderIdInfo": SENDER_ID_INFO,
            "messagingUseCase": MESSAGING_USE_CASE,
            "messageSamples": MESSAGE_SAMPLES,
        },
        [
            _company_name(),
            tax_id,
            _website(),
            *_address("companyInfo"),
            *_contact(),
            text(
                "senderIdInfo.senderId",
                "Sender ID",
                "The sender ID to register: letters and digits, at least one letter.",
                (3, 11),  # [BLOG]
                "EXAMPLECO",
                pattern=SENDER_ID,
            ),
            *loa,
            text(
                "senderIdInfo.senderIdDescription",
                "Sender ID description",
                "If it is not obvious, explain the connection between your company name and this"
                " sender ID.",
                (1, 500),
                "The short form of our name",
                needed="OPTIONAL",
            ),
            _monthly_volume("sender ID"),
            select(
                "messagingUseCase.useCaseCategory",
                "Use case category",
                "The category which most closely aligns with your use case.",
                SENDER_ID_USE_CASES,
            ),
            text(
                "messagingUseCase.useCaseDetails",
                "Use case details",
                "Additional context to the selected use case category.",
                (1, 500),
                "One-time passcodes for users who sign in to their account.",
                needed=required_if(has("messagingUseCase.useCaseCategory", "Other")),
            ),
            *_message_samples(3, (1, 306)),
        ],
    )


def _gb_sender_id() -> RegistrationType:
    # [BLOG]: CONDITIONAL. [UG]: only for a sender ID protected by the registry of the MEF, which
    # no field tells; so there is no rule to show, and the letter may be left out.
    payload = attachment(
        "senderIdInfo.letterOfAuthorization",
        "Letter of authorization image",
        "Image of your signed letter of authorization (LOA)",
        needed="CONDITIONAL",
    )
    tax_id = text(
        "companyInfo.taxId",
        "Tax ID or Business Registration Number",
        "The number under which your company is registered.",
        (1, 30),
        "GB123456789",
        pattern=COMPANY_NUMBER,
    )
    return _sender_id(
        "GB_SENDER_ID_REGISTRATION",
        "UK sender ID registration",
        "registrations-uk-form",
        "GB",
        tax_id,
        [payload],
    )


def _sg_sender_id() -> RegistrationType:
    # The type: [SEEN]. The letter's condition: [UG].
    behalf = "senderIdInfo.registeringOnBehalf"
    return _sender_id(
        "SG_SENDER_ID_REGISTRATION",
        "Singapore sender ID registration",
        "registrations-sg-form",
        "SG",
        text(
            "companyInfo.taxId",
            "Tax ID",
            "Your Singapore Unique Entity Number (UEN).",
            (9, 10),
            "201912345A",
            pattern=r"^[0-9A-Z]+$",
        ),
        [
            select(
                behalf,
                "Are you registering on behalf of another brand/entity?",
                "True if you are not the end user sending the messages.",
                ("False", "True"),
            ),
            attachment(
                "senderIdInfo.letterOfAuthorization",
                "Letter of authorization image",
                "Image of your signed letter of authorization (LOA)",
                needed=required_if(has(behalf, "True")),
            ),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Launch:
    """What the form of one country has beyond the standard one, or has not."""

    country: str
    # Company, address, phone number and partner: all of them.
    extended: bool = False
    company: tuple[Field, ...] = ()
    has_video: bool = True
    has_address: bool = False
    has_phone: bool = False
    keywords: tuple[Field, ...] = ()
    agent: tuple[Field, ...] = ()


def _rcs_launches() -> Iterator[_Launch]:
    """The 22 countries of [UG], "Supported countries for RCS", each with what its page adds."""
    for country in words("AT CO CZ DE DK DO FR GT IT NL NO PE PL SE SK"):
        yield _Launch(country)
    yield _Launch("US", extended=True)
    yield _Launch("CA", extended=True, keywords=tuple(_french_keywords()))
    yield _Launch("MX", company=(_company_name(),), has_video=False)
    yield _Launch("ES", company=(_company_name(), _industry()), has_address=True, has_phone=True)
    yield _Launch("GB", company=(_company_name(), _company_id(), _industry()), has_address=True)
    yield _Launch("BR", company=tuple(_brazilian_company()), has_video=False)
    yield _Launch(
        "SG",
        agent=(
            attachment(
                "agentDetails.bizfile",
                "Bizfile",
                "Your business registration document from ACRA.",
                needed="OPTIONAL",
            ),
            attachment(
                "agentDetails.letterOfAuthorization",
                "RBM LOA",
                "Your signed letter of authorization (LOA).",
                needed="OPTIONAL",
            ),
        ),
    )


def _industry() -> Field:
    return select("companyInfo.industrySector", "Industry sector", "Your business.", VERTICALS)


def _french_keywords() -> Iterator[Field]:
    for keyword, example in (
        ("aide", "Example Corp : pour de l'aide, help@example.com. ARRET pour annuler."),
        ("arret", "Example Corp : vous ne recevrez plus de messages."),
        ("info", "Example Corp envoie des codes d'acces. ARRET pour annuler."),
    ):
        yield text(
            f"complianceKeywords.{keyword}Response",
            f"{keyword.upper()} response",
            f"What your user is told, in French, after texting {keyword.upper()}.",
            (1, 160),
            example,
        )


def _brazilian_company() -> Iterator[Field]:
    yield text(
        "companyInfo.taxCode",
        "Tax code (CNPJ)",
        "Your Brazilian tax identification number.",
        (1, 30),
        "00000000000191",
        pattern=COMPANY_NUMBER,
    )
    yield text(
        "companyInfo.screenshotUrl",
        "Screenshot URL",
        "A screenshot that demonstrates your RCS messaging experience.",
        (4, 255),
        "https://www.example.com/rcs.png",
        pattern=URL,
    )
    yield select(
        "companyInfo.brandApproval",
        "Brand approval",
        "Whether you have authorization to use the brand for RCS messaging in Brazil.",
        ("Yes",),
    )


def _rcs(registration_type: str, launch: _Launch) -> RegistrationType:
    # agentDetails and the first two complianceKeywords: [SEEN], a printed table of the testing
    # form's definitions, of which the rules behind CONDITIONAL are inferred. Everything else is
    # [UG], "Standard country launch registration" and the pages of the countries.
    isv = "companyInfo.isIsv"
    contacts = (
        ("contactPhone", "Number", "Contact phone number", (10, 20), "+12065550142", PHONE),
        ("contactEmail", "Address", "Contact email address", (5, 100), "help@example.com", EMAIL),
        ("contactWebsite", "", "Contact website", (4, 100), "https://www.example.com", URL),
    )
    links = (
        ("privacyPolicy", "Privacy policy", "https://www.example.com/privacy"),
        ("termsAndConditions", "Terms and conditions", "https://www.example.com/terms"),
    )
    return _form(
        registration_type,
        f"{launch.country} RCS launch registration",
        _page_of(launch),
        [
            SupportedAssociation(
                "rcs-agent",
                "ASSOCIATE_ON_APPROVAL",
                "DELETE_REGISTRATION_DISASSOCIATES",
                launch.country,
            )
        ],
        {
            "companyInfo": COMPANY_INFO,
            **(
                {"companyAddress": COMPANY_ADDRESS} if launch.extended or launch.has_address else {}
            ),
            "contactInfo": CONTACT_INFO,
            **({"rcsPartnerInfo": RCS_PARTNER_INFO} if launch.extended else {}),
            "agentDetails": ("Agent details", "What people see of the agent."),
            "messageSamples": MESSAGE_SAMPLES,
            "optInWorkflow": OPT_IN_WORKFLOW,
            "complianceKeywords": COMPLIANCE_KEYWORDS,
        },
        [
            *(_extended_company() if launch.extended else (*launch.company, _website())),
            *([_video()] if launch.has_video else []),
            select(
                "companyInfo.trafficOrigin",
                "Traffic origin",
                "Whether your messaging traffic originates domestically or internationally.",
                ("DOMESTIC", "INTERNATIONAL"),
            ),
            select(
                isv,
                "Are you an ISV?",
                "Whether you send messages on behalf of another company.",
                YES_OR_NO,
            ),
            *_content_provider(isv),
            *(_address("companyAddress") if launch.extended or launch.has_address else []),
            *(
                each
                for each in _point_of_contact()
                if launch.extended
                or launch.has_phone
                or each.field_path != "contactInfo.phoneNumber"
            ),
            text("contactInfo.jobTitle", "Job title", "Of the contact.", (1, 100), "Engineer"),
            *(_partner() if launch.extended else []),
            text("agentDetails.brandName", "Brand name", "Your brand.", (2, 65), "Example Corp"),
            text("agentDetails.serviceName", "Service name", "Of the agent.", (1, 100), "Alerts"),
            text(
                "agentDetails.senderDisplayName",
                "Sender display name",
                "The name that people see.",
                (1, 40),
                "Example Corp",
            ),
            select(
                "agentDetails.useCase",
                "Use case",
                "What the agent sends.",
                ("OTP", "TRANSACTIONAL", "PROMOTIONAL", "MULTI_USE"),
            ),
            text(
                "agentDetails.agentDescription",
                "Agent description",
                "What people are told about the agent.",
                (1, 100),
                "One-time passcodes of Example Corp",
            ),
            attachment("agentDetails.bannerImage", "Banner image", "1440 x 448 pixels."),
            attachment("agentDetails.logoImage", "Logo image", "224 x 224 pixels."),
            text(
                "agentDetails.accentColor",
                "Accent color",
                "A hex color with a contrast of 4.5:1 against white.",
                (7, 7),
                "#0B3D91",
                pattern=COLOR,
            ),
            *(
                each
                for stem, suffix, title, lengths, example, like in contacts
                for each in _labelled(f"agentDetails.{stem}", suffix, title, lengths, example, like)
            ),
            *(
                each
                for stem, title, example in links
                for each in (
                    text(
                        f"agentDetails.{stem}Url",
                        f"{title} URL",
                        f"Full URL of your {title.lower()}.",
                        (4, 100),
                        example,
                        pattern=URL,
                    ),
                    text(
                        f"agentDetails.{stem}Label",
                        f"{title} label",
                        "What the link is called.",
                        (0, 25),
                        title,
                        needed="OPTIONAL",
                    ),
                )
            ),
            select(
                "agentDetails.billingCategory",
                "Billing category",
                "Whether the agent holds conversations.",
                ("NON_CONVERSATIONAL", "CONVERSATIONAL"),
            ),
            select(
                "agentDetails.averageMonthlyRcsFrequency",
                "Average monthly RCS frequency per user",
                "Estimated number of messages that a user receives each month.",
                ("10", "100", "1000+"),
            ),
            text(
                "agentDetails.monthlyRcsVolume",
                "Monthly RCS volume",
                "Estimated number of messages each month.",
                (1, 6),
                "1000",
                pattern=DIGITS,
            ),
            *launch.agent,
            *_message_samples(10, (1, 3072)),
            *_opt_in_flows("optInWorkflow", OPT_IN_METHODS),
            *_compliance_keywords(),
            text(
                "complianceKeywords.optOutDetails",
                "Opt-out details",
                "How users can stop receiving messages.",
                (1, 500),
                "Users text STOP at any time.",
            ),
            *launch.keywords,
        ],
    )


def _page_of(launch: _Launch) -> str:
    standard = launch.country in ("CO", "CZ", "DK", "DO", "GT", "IT", "NO", "PL", "SE", "SK")
    return f"rcs-country-launch-{'standard' if standard else launch.country.lower()}"


def _extended_company() -> Iterator[Field]:
    yield _company_name()
    yield _company_id()
    yield _dba_name()
    yield _website()
    yield from _legal_entity()
    yield _company_overview()
    yield _industry()


def _video() -> Field:
    return text(
        "companyInfo.videoUrl",
        "Video URL",
        "A screen recording that demonstrates your RCS messaging experience.",
        (4, 255),
        "https://www.example.com/rcs.mp4",
        pattern=URL,
    )


def _partner() -> Iterator[Field]:
    for name, title, example, like in (
        ("companyName", "RCS partner name", "Example Partner", ANYTHING),
        ("contactName", "RCS partner contact name", "John Stiles", ANYTHING),
        ("contactEmailAddress", "RCS partner contact email", "john@example.com", EMAIL),
    ):
        yield text(f"rcsPartnerInfo.{name}", title, f"{title}.", (1, 100), example, pattern=like)


def _labelled(
    stem: str, suffix: str, title: str, lengths: tuple[int, int], example: str, pattern: str
) -> Iterator[Field]:
    """Ask for a way of contact and its label: one is nothing without the other."""
    yield text(
        f"{stem}{suffix}",
        title,
        "How people reach you.",
        lengths,
        example,
        pattern=pattern,
        needed=required_if(has(f"{stem}Label")),
    )
    yield text(
        f"{stem}Label",
        f"{title} label",
        "What the contact is called.",
        (1, 25),
        "Contact us",
        needed=required_if(has(f"{stem}{suffix}")),
    )


@cache
def registration_types() -> Mapping[str, RegistrationType]:
    """Return all forms by their type; they are made on first use."""
    forms = (
        _us_toll_free(),
        _us_ten_dlc_brand(),
        _us_ten_dlc_campaign(),
        _us_short_code(),
        _zz_long_code(),
        _gb_sender_id(),
        _sg_sender_id(),
        _rcs("US_RCS_REGISTRATION", _Launch("US", extended=True)),
        # The names that [UG] has.
        *(_rcs(f"{each.country}_RCS_LAUNCH_REGISTRATION", each) for each in _rcs_launches()),
    )
    return {form.registration_type: form for form in forms}
