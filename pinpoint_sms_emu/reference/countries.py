"""Countries: what the service can do in each of them, and numbers that could be theirs.

Sources, all AWS's own pages:

- "Supported countries" of the AWS End User Messaging guide, six tables by continent: short codes,
  long codes, sender IDs, two-way SMS, international sending, voice, RCS;
- "Supported countries and regions for SMS messaging" of the SMS guide: whose long codes only
  receive (its note 4), and that what is not listed cannot be reached;
- "SMS and MMS country capabilities and limitations": Cuba, Iran, North Korea, Sudan, Syria;
- "Supported countries and regions for MMS messaging": Canada and the United States;
- "United States Toll-free number registration process": toll-free numbers and their territories;
- "Choosing an origination identity": no shared routes in China and the United States;
- "Supported countries and regions" of SNS: a dedicated number is a must in US territories.

- "Sender ID display name rules": what is sent where the account has no identity of its own;
- "United States 10DLC registration": 10DLC numbers serve the US territories;
- "Working with shared resources": China is open to accounts that AWS has allowlisted;
- document history, August 2025: to which countries a US toll-free number can send.

Inferred: that all other countries have shared routes, the capabilities in `_capabilities` that say
so, and all leasing prices but the Canadian long code's, which is the sample answer of "Request a
phone number".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable

SenderIds = Literal["unsupported", "open", "registration"]


class Country(NamedTuple):
    """A country or region, and what the service offers for sending there."""

    iso_code: str
    name: str
    served: bool
    sender_ids: SenderIds
    short_codes: bool
    long_codes: bool
    long_codes_only_receive: bool
    two_way: bool
    international_sending: bool
    shared_routes: bool
    voice: bool
    mms: bool
    rcs: bool

    @property
    def number_types(self) -> tuple[str, ...]:
        """The types of numbers that RequestPhoneNumber can find here."""
        return tuple(number_type for number_type in _REQUESTABLE if self.capabilities(number_type))

    def capabilities(self, number_type: str) -> tuple[str, ...]:
        """What numbers of this type can do here; nothing, if there are none."""
        return _capabilities(self, number_type)


def country(iso_code: str) -> Country | None:
    """The country of an ISO 3166-1 code, or None if no country has this code."""
    return _COUNTRIES.get(iso_code)


def leasing_price(number_type: str) -> str:
    """The US dollars a number of this type costs a month, as MonthlyLeasingPrice spells them."""
    return _LEASING_PRICES[number_type]


def shared_short_code(recipient: str) -> str:
    """The short code that stands for shared routes, the same for a recipient each time."""
    return invent_number("", "SHORT_CODE", lambda length: f"{crc32(recipient.encode())}"[-length:])


def invent_number(iso_country_code: str, number_type: str, digits: Callable[[int], str]) -> str:
    """Make up a valid number; `digits(n)` gives n digits, and the same digits the same number."""
    if number_type == "SHORT_CODE":
        return str(20_000 + int(digits(5)) % 80_000)
    if number_type == "TOLL_FREE":
        prefix = TOLL_FREE_PREFIXES[int(digits(2)) % len(TOLL_FREE_PREFIXES)]
        return f"+1{prefix}555{_line(digits)}"
    if (number_type, iso_country_code) == ("SIMULATOR", "US"):
        # Observed: all begin alike.
        return f"+1206555{_line(digits)}"
    if area_codes := AREA_CODES.get(iso_country_code, "").split():
        area_code = area_codes[int(digits(3)) % len(area_codes)]
        return f"+1{area_code}555{_line(digits)}"
    return _like_the_example(iso_country_code, digits)


def _line(digits: Callable[[int], str]) -> str:
    """The last four digits of a number of the exchange 555, which hardly anybody has."""
    # 555-0100 to 555-0199 are for fiction: the people that tests write to have those.
    line = 200 + int(digits(4)) % 9_800
    return f"{line + 1 if line == _DIRECTORY_ASSISTANCE else line:04}"


def _like_the_example(iso_country_code: str, digits: Callable[[int], str]) -> str:
    """The example number of a country with other last digits, so that it is valid there."""
    import phonenumbers  # noqa: PLC0415  its metadata take 30 ms, which a table should not cost

    example = phonenumbers.example_number_for_type(
        iso_country_code, phonenumbers.PhoneNumberType.MOBILE
    ) or phonenumbers.example_number(iso_country_code)
    if example is None:
        raise LookupError(f"No numbers of {iso_country_code} are known.")

    text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    free = min(6, len(phonenumbers.national_significant_number(example)) - 2)
    start = int(digits(free))
    # Not all of a range is in use. The stride is coprime to ten, so that no number comes up twice,
    # and large, so that it leaves an unused range soon.
    for step in range(1_000):
        last = (start + step * 7_919) % 10**free
        number = f"{text[:-free]}{last:0{free}}"
        parsed = phonenumbers.parse(number)
        if (
            phonenumbers.is_valid_number(parsed)
            and phonenumbers.region_code_for_number(parsed) == iso_country_code
        ):
            return number
    raise LookupError(f"{iso_country_code} has no numbers of its own.")


def _capabilities(place: Country, number_type: str) -> tuple[str, ...]:
    """What a type of number can do in a country."""
    abilities: dict[str, bool] = {}
    if number_type == "LONG_CODE":
        # In the United States long codes without a campaign are for voice, an answer on re:Post
        # says; the SMS guide says that they can also send SMS. The guide's is followed here.
        abilities = {"SMS": place.long_codes, "VOICE": place.voice}
        abilities["MMS"] = place.mms and place.long_codes
    elif number_type == "TOLL_FREE" and place.iso_code in OF_THE_UNITED_STATES:
        # That those of the territories can do voice is inferred: they are the same numbers.
        abilities = {"SMS": True, "VOICE": True, "MMS": place.mms}
    elif number_type in {"TEN_DLC", "SIMULATOR"} and place.iso_code == "US":
        # "You want a US phone number that supports both SMS and VOICE": re:Post, of TEN_DLC. A
        # simulator number with both was seen; the guide gives it MMS too.
        abilities = {"SMS": True, "VOICE": True, "MMS": True}
    elif number_type == "SHORT_CODE":
        abilities = {"SMS": place.short_codes, "MMS": place.short_codes and place.mms}
    return tuple(name for name in ("SMS", "VOICE", "MMS") if abilities.get(name))


TOLL_FREE_PREFIXES: Final = ("833", "844", "855", "866", "877", "888")

_REQUESTABLE: Final = ("LONG_CODE", "TOLL_FREE", "TEN_DLC", "SIMULATOR")

_LEASING_PRICES: Final = {
    "LONG_CODE": "1.00",
    "TOLL_FREE": "2.00",
    "TEN_DLC": "1.00",
    "SIMULATOR": "1.00",
    "SHORT_CODE": "995.00",
    "SENDER_ID": "0.00",  # "There's no additional charge for using a sender ID."
}

_DIRECTORY_ASSISTANCE: Final = 1_212

AREA_CODES: Final = {
    "US": (
        "201 202 205 206 208 212 213 214 216 217 224 231 234 240 248 253 262 267 281 301 302 303 "
        "304 305 307 308 310 312 313 314 315 316 317 319 321 323 330 334 336 339 347 352 360 "
        "361 385 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 434 "
        "435 440 443 469 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 "
        "517 518 520 530 540 541 551 559 561 562 563 567 571 573 574 580 585 586 601 602 603"
    ),
    "CA": (
        "204 226 236 249 250 289 306 343 365 403 416 418 431 437 438 450 506 514 519 548 579 581 "
        "587 604 613 639 647 672 705 709 778 780 782 807 819 825 867 873 902 905"
    ),
    "PR": "787 939",
}

# The United States and their territories, which US toll-free and 10DLC numbers serve.
OF_THE_UNITED_STATES: Final = frozenset({"AS", "GU", "PR", "US", "VI"})

# To which an account can send texts only when AWS has allowlisted it; nothing in the API does.
ALLOWLISTED: Final = frozenset({"CN"})

# To which nothing is sent, not even a call.
SANCTIONED: Final = frozenset({"CU", "IR", "KP", "SD", "SY"})

_WITHOUT_SHARED_ROUTES: Final = OF_THE_UNITED_STATES | ALLOWLISTED

_WITH_MMS: Final = frozenset({"CA", "US"})

_SENDER_IDS: Final[dict[str, SenderIds]] = {
    "none": "unsupported",
    "open": "open",
    "reg": "registration",
}

# Code, sender IDs (reg: they must be registered), then a letter for each thing there is, then the
# name: s short codes, l long codes, r long codes that only receive, t two-way SMS, i international
# sending, v voice, c RCS.
#
# Three rows are not the tables': the United Kingdom's say that sender IDs must be registered, but
# the service gives them out unregistered (Terraform's acceptance tests); Benin has a page for the
# registration of sender IDs; American Samoa is reached from toll-free numbers.
_SERVED: Final = """\
AD open -      Andorra
AE reg  srt    United Arab Emirates
AF open i      Afghanistan
AG open i      Antigua and Barbuda
AI open i      Anguilla
AL open i      Albania
AM open i      Armenia
AO open i      Angola
AR none siv    Argentina
AS none -      American Samoa
AT reg  sltivc Austria
AU reg  ltiv   Australia
AW open -      Aruba
AZ open i      Azerbaijan
BA open i      Bosnia and Herzegovina
BB open iv     Barbados
BD reg  i      Bangladesh
BE none slti   Belgium
BF open iv     Burkina Faso
BG reg  stiv   Bulgaria
BH open iv     Bahrain
BI open i      Burundi
BJ reg  -      Benin
BM open i      Bermuda
BN open i      Brunei
BO open i      Bolivia
BR none stivc  Brazil
BS none -      Bahamas
BT open i      Bhutan
BW open i      Botswana
BY reg  i      Belarus
BZ open i      Belize
CA none sltivc Canada
CD open i      Democratic Republic of the Congo
CF open i      Central African Republic
CG none -      Republic of the Congo
CH open iv     Switzerland
CI open i      Ivory Coast
CK open ti     Cook Islands
CL none sltiv  Chile
CM reg  sti    Cameroon
CN none st     China
CO none sivc   Colombia
CR none slti   Costa Rica
CV open i      Cape Verde
CY open iv     Cyprus
CZ reg  ltic   Czechia
DE open sltivc Germany
DJ open i      Djibouti
DK open ltic   Denmark
DM open i      Dominica
DO none stivc  Dominican Republic
DZ open i      Algeria
EC none stiv   Ecuador
EE open lti    Estonia
EG reg  sti    Egypt
ER open i      Eritrea
ES reg  sltic  Spain
ET reg  -      Ethiopia
FI reg  sltiv  Finland
FJ open i      Fiji
FM none -      Micronesia
FO open i      Faroe Islands
FR open stic   France
GA open i      Gabon
GB open sltvc  United Kingdom
GD open iv     Grenada
GE open i      Georgia
GF open i      French Guiana
GG open -      Guernsey
GH reg  lti    Ghana
GI open -      Gibraltar
GL open i      Greenland
GM open i      Gambia
GN open i      Guinea
GP open i      Guadeloupe
GQ open -      Equatorial Guinea
GR open ltv    Greece
GT none ivc    Guatemala
GU none lti    Guam
GW open -      Guinea-Bissau
GY open i      Guyana
HK open lti    Hong Kong
HN open lti    Honduras
HR open stiv   Croatia
HT open i      Haiti
HU none lti    Hungary
ID reg  iv     Indonesia
IE reg  ltv    Ireland
IL open ltiv   Israel
IM open -      Isle of Man
IN reg  srti   India
IQ open i      Iraq
IS open iv     Iceland
IT open sltivc Italy
JE open lt     Jersey
JM open iv     Jamaica
JO reg  i      Jordan
JP open sti    Japan
KE reg  sltiv  Kenya
KG open i      Kyrgyzstan
KH reg  iv     Cambodia
KM open i      Comoros
KN none -      Saint Kitts and Nevis
KR none i      South Korea
KW reg  lti    Kuwait
KY none iv     Cayman Islands
KZ reg  iv     Kazakhstan
LA open i      Laos
LB reg  i      Lebanon
LC none i      Saint Lucia
LI open i      Liechtenstein
LK reg  slti   Sri Lanka
LR none li     Liberia
LS open sti    Lesotho
LT open ltiv   Lithuania
LU open ltiv   Luxembourg
LV open ltiv   Latvia
LY open i      Libya
MA reg  sti    Morocco
MC none i      Monaco
MD open iv     Moldova
ME open i      Montenegro
MG open i      Madagascar
MH none -      Marshall Islands
MK open ti     Macedonia
ML open iv     Mali
MM open lti    Myanmar
MN open i      Mongolia
MO open i      Macau
MQ open -      Martinique
MR open i      Mauritania
MS open -      Montserrat
MT open lti    Malta
MU open lti    Mauritius
MV open i      Maldives
MW open sti    Malawi
MX reg  stivc  Mexico
MY none sti    Malaysia
MZ none i      Mozambique
NA open sti    Namibia
NC open i      New Caledonia
NE open i      Niger
NF open -      Norfolk Island
NG reg  sti    Nigeria
NI none iv     Nicaragua
NL open sltic  Netherlands
NO open ltic   Norway
NP open -      Nepal
NU open i      Niue
NZ none stiv   New Zealand
OM reg  i      Oman
PA open sti    Panama
PE none stivc  Peru
PF open -      French Polynesia
PG open i      Papua New Guinea
PH reg  riv    Philippines
PK open ri     Pakistan
PL open ltivc  Poland
PR none sltiv  Puerto Rico
PS open i      Palestine
PT open slti   Portugal
PW open -      Palau
PY none i      Paraguay
QA reg  sti    Qatar
RE open i      Réunion
RO reg  sltiv  Romania
RS open sti    Serbia
RU reg  st     Russia
RW open i      Rwanda
SA reg  r      Saudi Arabia
SB open i      Solomon Islands
SC open i      Seychelles
SE open sltic  Sweden
SG reg  sltic  Singapore
SI open iv     Slovenia
SK open ltivc  Slovakia
SL open i      Sierra Leone
SM open -      San Marino
SN open -      Senegal
SO open i      Somalia
SR open i      Suriname
SS reg  -      South Sudan
ST open -      São Tomé and Príncipe
SV none iv     El Salvador
SZ open st     Eswatini
TC open i      Turks and Caicos Islands
TD open -      Chad
TG open -      Togo
TH reg  ltiv   Thailand
TJ open iv     Tajikistan
TL open i      Timor-Leste
TM none i      Turkmenistan
TN open i      Tunisia
TO open -      Tonga
TR reg  i      Turkey
TT open iv     Trinidad and Tobago
TV open -      Tuvalu
TW reg  ltiv   Taiwan
TZ reg  lt     Tanzania
UA open lti    Ukraine
UG open i      Uganda
US none sltivc United States
UY none stiv   Uruguay
UZ open i      Uzbekistan
VE none iv     Venezuela
VG open -      British Virgin Islands
VI none lt     US Virgin Islands
VN reg  iv     Vietnam
VU open -      Vanuatu
WS open -      Samoa
XK open -      Kosovo
YE open -      Yemen
YT open -      Mayotte
ZA none sltiv  South Africa
ZM reg  i      Zambia
ZW open -      Zimbabwe
"""

# What the tables do not list is not served. These are the other regions that phonenumbers knows, so
# each number has a country; two of them (AC, TA) are merely reserved in ISO 3166-1.
_NOT_SERVED: Final = """\
AC Ascension Island
AX Åland Islands
BL Saint Barthélemy
BQ Caribbean Netherlands
CC Cocos Islands
CU Cuba
CW Curaçao
CX Christmas Island
EH Western Sahara
FK Falkland Islands
IO British Indian Ocean Territory
IR Iran
KI Kiribati
KP North Korea
MF Saint Martin
MP Northern Mariana Islands
NR Nauru
PM Saint Pierre and Miquelon
SD Sudan
SH Saint Helena
SJ Svalbard and Jan Mayen
SX Sint Maarten
SY Syria
TA Tristan da Cunha
TK Tokelau
VA Vatican City
VC Saint Vincent and the Grenadines
WF Wallis and Futuna
"""


def _served(row: str) -> Country:
    """A country from its row of the table."""
    iso_code, sender_ids, letters, name = row.split(maxsplit=3)
    return Country(
        iso_code=iso_code,
        name=name,
        served=True,
        sender_ids=_SENDER_IDS[sender_ids],
        short_codes="s" in letters,
        long_codes="l" in letters or "r" in letters,
        long_codes_only_receive="r" in letters,
        two_way="t" in letters,
        international_sending="i" in letters,
        shared_routes=iso_code not in _WITHOUT_SHARED_ROUTES,
        voice="v" in letters,
        mms=iso_code in _WITH_MMS,
        rcs="c" in letters,
    )


def _not_served(row: str) -> Country:
    """A country that the service does not reach."""
    iso_code, name = row.split(maxsplit=1)
    return Country(
        iso_code=iso_code,
        name=name,
        served=False,
        sender_ids="unsupported",
        short_codes=False,
        long_codes=False,
        long_codes_only_receive=False,
        two_way=False,
        international_sending=False,
        shared_routes=False,
        voice=False,
        mms=False,
        rcs=False,
    )


_COUNTRIES: Final = {
    place.iso_code: place
    for place in (
        *(_served(row) for row in _SERVED.splitlines()),
        *(_not_served(row) for row in _NOT_SERVED.splitlines()),
    )
}

ISO_CODES: Final = tuple(sorted(_COUNTRIES))

SERVED_ISO_CODES: Final = tuple(code for code in ISO_CODES if _COUNTRIES[code].served)
