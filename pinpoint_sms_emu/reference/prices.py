"""Prices of messages in US dollars, by country of destination.

From published event records and AWS's samples: a text part and its carrier fee in North America
(0.00581 and 0.006), a text part in Spain (0.06087), an RCS message in the United States (0.007 and
0.00494). All others are inferred: realistic, so that price limits can be tested, but not AWS's
price list, which changes often.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple


class Price(NamedTuple):
    """The price of one part, message or minute, and the carrier's fee."""

    price: Decimal
    fee: Decimal

    @property
    def total(self) -> Decimal:
        """The price with the fee, to which MaxPrice and the spend limits apply."""
        return self.price + self.fee

    def times(self, count: int) -> Price:
        """Return the price of several of them."""
        return Price(self.price * count, self.fee * count)


def text_price(iso_country_code: str) -> Price:
    """Return the price of one part of a text message to a country."""
    return _TEXT.get(iso_country_code, _TEXT_ELSEWHERE)


def media_price(iso_country_code: str) -> Price:
    """Return the price of an MMS message to a country, of any size."""
    return _MEDIA.get(iso_country_code, _MEDIA_ELSEWHERE)


def rcs_price(iso_country_code: str) -> Price:
    """Return the price of an RCS message to a country."""
    if price := _RCS.get(iso_country_code):
        return price
    text = text_price(iso_country_code)
    return Price(text.price * _RCS_TO_TEXT, text.fee)


def voice_price(iso_country_code: str) -> Price:
    """Return the price of a minute of a voice message to a country."""
    return _VOICE.get(iso_country_code, _VOICE_ELSEWHERE)


def _prices(table: str) -> dict[str, Price]:
    """Parse rows of a country, a price and a fee."""
    rows = (row.split() for row in table.splitlines())
    return {code: Price(Decimal(price), Decimal(fee)) for code, price, fee in rows}


_TEXT: Final = _prices("""\
AE 0.03550 0
AR 0.06260 0
AS 0.00581 0.006
AT 0.09370 0
AU 0.04090 0
BE 0.09810 0
BR 0.02760 0
CA 0.00581 0.006
CH 0.05560 0
CL 0.04180 0
CN 0.03030 0
CO 0.00420 0
CZ 0.05620 0
DE 0.09690 0
DK 0.04820 0
EE 0.06940 0
EG 0.15270 0
ES 0.06087 0
FI 0.08070 0
FR 0.06980 0
GB 0.04000 0
GR 0.06730 0
GU 0.00581 0.006
HK 0.05680 0
HU 0.07710 0
ID 0.32310 0
IE 0.07390 0
IL 0.15420 0
IN 0.00278 0
IT 0.07630 0
JE 0.04310 0
JP 0.07451 0
KE 0.09240 0
KR 0.02510 0
LU 0.08920 0
MX 0.03640 0
MY 0.04840 0
NG 0.22570 0
NL 0.09020 0
NO 0.06050 0
NZ 0.08870 0
PE 0.03620 0
PH 0.19980 0
PK 0.22410 0
PL 0.03340 0
PR 0.00581 0.006
PT 0.04480 0
RO 0.06110 0
SA 0.04810 0
SE 0.05840 0
SG 0.04370 0
TH 0.02050 0
TR 0.02130 0
TW 0.04510 0
UA 0.11060 0
US 0.00581 0.006
VI 0.00581 0.006
VN 0.07270 0
ZA 0.02190 0
""")

_TEXT_ELSEWHERE: Final = Price(Decimal("0.08000"), Decimal(0))

_MEDIA: Final = _prices("""\
CA 0.01950 0.01
US 0.01950 0.01
""")

_MEDIA_ELSEWHERE: Final = Price(Decimal("0.40000"), Decimal(0))

_RCS: Final = _prices("""\
CA 0.00700 0.00494
US 0.00700 0.00494
""")

_RCS_TO_TEXT: Final = Decimal("1.25")

_VOICE: Final = _prices("""\
AU 0.02850 0
BR 0.03370 0
CA 0.01300 0
DE 0.02140 0
ES 0.01990 0
FR 0.01890 0
GB 0.01650 0
HK 0.03210 0
IE 0.02380 0
IL 0.02620 0
IN 0.02980 0
IT 0.02190 0
JP 0.07220 0
MX 0.01680 0
NL 0.02430 0
PR 0.01980 0
SE 0.01860 0
SG 0.03460 0
US 0.01300 0
""")

_VOICE_ELSEWHERE: Final = Price(Decimal("0.10000"), Decimal(0))
