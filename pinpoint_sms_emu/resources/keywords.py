"""Keywords: the words that a number, a pool or an agent answers, and the action of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    InvalidArnError,
    ResourceNotFoundException,
    ResourceReference,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.resources.identities import members, must_be_free, table_of
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.resources.two_way import Keyword, TwoWay, mandatory_keywords
from pinpoint_sms_emu.service.listing import Filter, Listed, Paginated, matching
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_leaving

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

MANDATORY = frozenset(mandatory_keywords())
# The length of the model's shape Keyword, which some words exceed only in upper case.
_LONGEST: Final = 30

# According to the user guide, agents have the same quota as numbers; they have no own Reason.
_QUOTAS = {
    "phone-number": "KEYWORDS_PER_PHONE_NUMBER",
    "rcs-agent": "KEYWORDS_PER_PHONE_NUMBER",
    "pool": "KEYWORDS_PER_POOL",
}


@operation
def put_keyword(
    account: Account,
    *,
    origination_identity: str,
    keyword: str,
    keyword_message: str,
    keyword_action: str | None = None,
) -> dict[str, Any]:
    """Create a keyword, or replace its message and action."""
    word = keyword.upper()
    if word != word.strip():
        # User guide: a keyword can't start or end with a space.
        raise ValidationException("INVALID_PARAMETER", keyword="begins or ends with a space")
    if len(word) > _LONGEST:
        # Some letters are several in upper case: ß is SS. How it is refused is inferred.
        raise ValidationException(
            "INVALID_PARAMETER", keyword=f"has more than {_LONGEST} characters in upper case"
        )
    answering = _find_answering(account, origination_identity)
    known = answering.keywords.get(word)

    must_be_free(answering)
    if known and word in MANDATORY and keyword_action not in (None, known.action):
        # DeleteKeyword: HELP and STOP "can't be deleted or modified". Observed: their messages can.
        raise ConflictException("RESOURCE_MODIFICATION_NOT_ALLOWED", known)
    if isinstance(answering, PhoneNumber) and answering.number_type == "TOLL_FREE":
        _must_opt_out_with_stop_alone(answering, word, keyword_action)
    if known is None:
        _must_have_room(account, answering)

    action = known.action if known and word in MANDATORY else keyword_action
    answer = Keyword(
        id=word,
        sequence=known.sequence if known else account.next_sequence(),
        message=keyword_message,
        action=action or "AUTOMATIC_RESPONSE",
    )
    for each in _with_members(account, answering):
        each.keywords[word] = answer.copy()
    return _answer(answering, answer)


@operation
def delete_keyword(account: Account, *, origination_identity: str, keyword: str) -> dict[str, Any]:
    """Delete a keyword, and return it."""
    answering = _find_answering(account, origination_identity)
    deleted = _find_keyword(answering, keyword)

    must_be_free(answering)
    if deleted.id in MANDATORY:
        raise ConflictException("RESOURCE_DELETION_NOT_ALLOWED", deleted)

    for each in _with_members(account, answering):
        each.keywords.pop(deleted.id, None)
    return _answer(answering, deleted)


@operation
def describe_keywords(
    account: Account,
    *,
    origination_identity: str,
    keywords: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[Keyword]:
    """List the keywords that the request names, or all."""
    answering = _find_answering(account, origination_identity)
    named = {each.id: each for each in (_find_keyword(answering, word) for word in keywords or ())}

    found = sorted((named or answering.keywords).values(), key=lambda each: each.sequence)
    beside = {"origination_identity_arn": answering.arn, "origination_identity": answering.id}
    return Paginated(Listed(found), matching(filters, Keyword), beside)


def _find_answering(account: Account, origination_identity: str) -> TwoWay:
    """Find a number, pool or agent. AWS's texts mention sender IDs too, which receive nothing."""
    tables = (account.phone_numbers, account.pools, account.rcs_agents)
    table = table_of(origination_identity, *tables)
    if table is None:
        # Since sender IDs have no keywords, a short name with the prefix of an id is an id.
        alike = (each for each in tables if origination_identity.startswith(each.of.id_prefix))
        table = next(alike, None)
    if table is None:
        if origination_identity.startswith("arn:") and ":sender-id/" not in origination_identity:
            raise InvalidArnError(
                origination_identity, "is no ARN of a phone number, pool or RCS agent"
            )
        raise ValidationException(
            "INVALID_PARAMETER", origination_identity="is no phone number, pool or RCS agent"
        )
    found: TwoWay = table[origination_identity]
    must_not_be_leaving(found)
    return found


def _find_keyword(answering: TwoWay, keyword: str) -> Keyword:
    found = answering.keywords.get(keyword.upper())
    if found is None:
        raise ResourceNotFoundException(ResourceReference("keyword", keyword.upper()))
    return found


def _must_opt_out_with_stop_alone(number: PhoneNumber, word: str, action: str | None) -> None:
    """Refuse any other word than STOP for opting out on a toll-free number.

    User guide: there only STOP opts out, which the carrier handles and answers. Observed: its
    message can be changed.
    """
    stop = number.keywords["STOP"]
    if word != stop.id and action == stop.action:
        raise ConflictException(
            "RESOURCE_MODIFICATION_NOT_ALLOWED", ResourceReference(Keyword.kind, word)
        )


def _must_have_room(account: Account, answering: TwoWay) -> None:
    quota = _QUOTAS[answering.kind]
    # HELP and STOP do not count (decisions 42).
    if len(answering.keywords) - len(MANDATORY) >= account.quota(quota):
        raise ServiceQuotaExceededException(quota)


def _with_members(account: Account, answering: TwoWay) -> list[TwoWay]:
    """Return the resource whose keywords change, and the members if it is a pool."""
    if not isinstance(answering, Pool):
        return [answering]
    return [answering, *(each for each in members(account, answering) if isinstance(each, TwoWay))]


def _answer(answering: TwoWay, keyword: Keyword) -> dict[str, Any]:
    return {
        "origination_identity_arn": answering.arn,
        "origination_identity": answering.id,
        "keyword": keyword.id,
        "keyword_message": keyword.message,
        "keyword_action": keyword.action,
    }
