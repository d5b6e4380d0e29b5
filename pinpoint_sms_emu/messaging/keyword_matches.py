"""Keyword matches: the keyword with which a text begins, and its action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.resources.two_way import TwoWay

# User guide, "Supported opt-out keywords": they need not be configured, and cannot be removed.
OPT_OUT_WORDS: Final = (
    "ARRET",
    "CANCEL",
    "END",
    "OPT-OUT",
    "OPTOUT",
    "QUIT",
    "REMOVE",
    "STOP",
    "TD",
    "UNSUBSCRIBE",
)

# The carriers' own reply, which users cannot change: the text of a United States carrier, as quoted
# by the toll-free industry.
_CARRIERS_REPLY: Final = (
    'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. '
    'Text back "unstop" to receive messages again.'
)


class Match(NamedTuple):
    """The keyword that a text begins with, its action, and its reply."""

    keyword: str
    action: str
    reply: str
    # The carrier replies: the account neither pays for the reply nor chooses its text.
    by_carrier: bool = False

    @property
    def is_about_opting_out(self) -> bool:
        """Whether self-managed opt-outs leave this keyword to the account."""
        return self.keyword == "HELP" or self.action in ("OPT_OUT", "OPT_IN")


def find_match(number: PhoneNumber | RcsAgent, answering: TwoWay, body: str) -> Match | None:
    """Return the longest keyword with which a text begins, as whole words in any letter case."""
    text = _with_single_spaces(body.upper())
    keywords = answering.keywords.values()
    known = {each.id: Match(each.id, each.action, each.message) for each in keywords}
    stop = known["STOP"]
    if isinstance(number, PhoneNumber) and number.number_type == "TOLL_FREE":
        # "For US toll-free numbers, the keyword STOP is handled by the carrier": only this word.
        known["STOP"] = Match("STOP", "OPT_OUT", _CARRIERS_REPLY, by_carrier=True)
    else:
        others = {word: Match(word, "OPT_OUT", stop.reply) for word in OPT_OUT_WORDS}
        known = others | known
    return max(
        (match for word, match in known.items() if _begins_with(text, word)),
        key=lambda match: len(match.keyword),
        default=None,
    )


def _with_single_spaces(text: str) -> str:
    return " ".join(text.split())


def _begins_with(text: str, keyword: str) -> bool:
    # A keyword may have several spaces between its words.
    word = _with_single_spaces(keyword)
    # Our choice: ENDLESS does not begin with END.
    following = text[len(word) : len(word) + 1]
    return text.startswith(word) and not (word[-1].isalnum() and following.isalnum())
