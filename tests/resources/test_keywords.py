"""Keywords of numbers, pools and agents."""

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.wire.model import service_model

UNKNOWN = "00000000000000000000000000000000"

MANDATORY = ["HELP", "STOP"]


# Tests about agents need a botocore that has them.
has_agents = pytest.mark.since("1.43.11")


@pytest.fixture(params=["number", "pool", pytest.param("agent", marks=has_agents)])
def answering(request):
    """A phone number, a pool or an RCS agent."""
    return request.getfixturevalue(request.param)


def put(sms, answering, keyword, message="Hello", **members):
    """Put a keyword; return the answer."""
    current = sms.put_keyword(
        OriginationIdentity=answering.id, Keyword=keyword, KeywordMessage=message, **members
    )
    current.pop("ResponseMetadata")
    return current


def keywords(sms, answering, **members):
    """The result of DescribeKeywords without HELP and STOP."""
    listed = sms.describe_keywords(OriginationIdentity=answering.id, **members)["Keywords"]
    return [each for each in listed if each["Keyword"] not in MANDATORY]


def entry(keyword, message="Hello", action="AUTOMATIC_RESPONSE"):
    """A keyword as it is listed."""
    return {"Keyword": keyword, "KeywordMessage": message, "KeywordAction": action}


@pytest.fixture
def calls(sms):
    """The three operations, as functions of an identity and a keyword."""
    return [
        lambda identity, keyword: sms.put_keyword(
            OriginationIdentity=identity, Keyword=keyword, KeywordMessage="Hello"
        ),
        lambda identity, keyword: sms.describe_keywords(
            OriginationIdentity=identity, Keywords=[keyword]
        ),
        lambda identity, keyword: sms.delete_keyword(OriginationIdentity=identity, Keyword=keyword),
    ]


# PutKeyword.


@pytest.mark.rule("keyword-put-creates")
def test_a_keyword_is_added(sms, answering):
    """PutKeyword adds the keyword to the number, the pool or the agent."""
    put(sms, answering, "INFO")

    assert keywords(sms, answering) == [entry("INFO")]


@pytest.mark.rule("keyword-put-updates")
def test_a_keyword_is_replaced(sms, answering):
    """PutKeyword replaces message and action of an existing keyword."""
    put(sms, answering, "INFO", KeywordAction="OPT_IN")
    put(sms, answering, "MORE")

    put(sms, answering, "INFO", "Good bye", KeywordAction="OPT_OUT")
    assert keywords(sms, answering) == [entry("INFO", "Good bye", "OPT_OUT"), entry("MORE")]
    put(sms, answering, "info", "Hello again")
    assert keywords(sms, answering) == [entry("INFO", "Hello again"), entry("MORE")]


@pytest.mark.rule("keyword-put-default-action")
def test_the_default_action(sms, answering):
    """KeywordAction is AUTOMATIC_RESPONSE unless given for a new keyword."""
    assert put(sms, answering, "INFO")["KeywordAction"] == "AUTOMATIC_RESPONSE"


@pytest.mark.rule("keyword-put-action-enum")
def test_there_are_three_actions(sms, refused, number):
    """KeywordAction is AUTOMATIC_RESPONSE, OPT_OUT or OPT_IN."""
    for action in ("AUTOMATIC_RESPONSE", "OPT_OUT", "OPT_IN"):
        assert put(sms, number, action[-3:], KeywordAction=action)["KeywordAction"] == action

    for action in ("FORWARD", "opt_in", ""):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["KeywordAction"]):
            put(sms, number, "INFO", KeywordAction=action)


@pytest.mark.rule("keyword-put-invalid", "keyword-put-edge-space")
@pytest.mark.parametrize("keyword", [" INFO", "INFO ", " ", "  I N F O  "])
def test_spaces_around_a_keyword_are_refused(sms, refused, number, keyword):
    """A keyword neither begins nor ends with a space."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["Keyword"]):
        put(sms, number, keyword)


@pytest.mark.rule("keyword-put-length")
def test_the_form_of_a_keyword(refused, number, calls):
    """It has 1 to 30 characters; spaces inside are allowed, tabs and line breaks are not."""
    for keyword in ("A", "A B  C", "B" * 30):
        for call in calls:
            call(number.id, keyword)

    for keyword in ("", "B" * 31, "A\tB", "A\nB"):
        for call, member in zip(calls, ("Keyword", "Keywords", "Keyword"), strict=True):
            with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=[member]):
                call(number.id, keyword)


@pytest.mark.rule("keyword-put-upper-case-length", "keyword-case-insensitive")
def test_the_length_of_a_keyword_in_upper_case(sms, refused, answering, emulator):
    """It has no more than 30 characters then either, so that every state can be read again."""
    assert put(sms, answering, "straße")["Keyword"] == "STRASSE"
    assert put(sms, answering, "ß" * 15)["Keyword"] == "S" * 30

    for keyword in ("ß" * 16, "ŉ" * 30, "ﬃ" * 11):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["Keyword"]):
            put(sms, answering, keyword)

    emulator.restore(emulator.snapshot())


@pytest.mark.rule("keyword-message-length")
def test_the_length_of_a_message(sms, refused, number):
    """KeywordMessage has 1 to 1600 characters, not only white space."""
    for message in ("x", "x" * 1600, " two\nlines "):
        assert put(sms, number, "INFO", message)["KeywordMessage"] == message

    for message in ("", "x" * 1601, " ", "\n\t "):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["KeywordMessage"]):
            put(sms, number, "INFO", message)


@pytest.mark.rule("keyword-case-insensitive")
def test_letter_case_does_not_matter(sms, answering):
    """Keywords are compared without letter case, and returned in upper case."""
    assert put(sms, answering, "Info")["Keyword"] == "INFO"
    put(sms, answering, "iNFO", "Again")

    assert keywords(sms, answering, Keywords=["info", "INFO"]) == [entry("INFO", "Again")]
    deleted = sms.delete_keyword(OriginationIdentity=answering.id, Keyword="inFO")
    assert deleted["Keyword"] == "INFO"
    assert keywords(sms, answering) == []


@pytest.mark.rule("keyword-identity-types")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_an_identity_is_named_by_id_or_arn(answering, calls, form):
    """OriginationIdentity is the id or ARN of a phone number, a pool or an RCS agent."""
    for call in calls:
        current = call(getattr(answering, form), "INFO")
        assert current["OriginationIdentity"] == answering.id
        assert current["OriginationIdentityArn"] == answering.arn


@pytest.mark.rule("keyword-sender-id-doc-slip")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_a_sender_id_has_no_keywords(refused, sender_id, calls, form):
    """A sender ID is refused, although the API reference mentions it."""
    for call in calls:
        with refused("ValidationException", "INVALID_PARAMETER", fields=["OriginationIdentity"]):
            call(getattr(sender_id, form), "INFO")


@pytest.mark.rule("proto-arn-wrong-kind")
@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sms-voice:us-east-1:123456789012:opt-out-list/Default",
        "arn:aws:sns:us-east-1:123456789012:answers",
    ],
)
def test_an_arn_of_another_kind_is_refused(refused, calls, arn):
    """The ARN of a resource without keywords is refused like any other wrong ARN."""
    for call in calls:
        with refused("ValidationException", "INVALID_ARN", fields=["OriginationIdentity"]):
            call(arn, "INFO")


@pytest.mark.rule("keyword-identity-unknown-phone", "keyword-identity-unknown-pool")
@pytest.mark.parametrize(
    ("kind", "prefix"), [("phone-number", "phone-"), ("pool", "pool-"), ("rcs-agent", "rcs-")]
)
def test_an_unknown_identity_is_refused(refused, account, calls, kind, prefix):
    """A number, pool or agent that does not exist is not found, however short its id."""
    for unknown in (prefix + UNKNOWN, prefix + "1"):
        arn = f"arn:aws:sms-voice:{account.region}:{account.account_id}:{kind}/{unknown}"
        for name in (unknown, arn):
            for call in calls:
                with refused("ResourceNotFoundException", about=(kind, unknown)):
                    call(name, "INFO")


@pytest.mark.rule("keyword-put-quota-phone", "keyword-put-quota-pool")
@pytest.mark.parametrize(
    ("kind", "quota"),
    [
        ("number", "KEYWORDS_PER_PHONE_NUMBER"),
        pytest.param("agent", "KEYWORDS_PER_PHONE_NUMBER", marks=has_agents),
        ("pool", "KEYWORDS_PER_POOL"),
    ],
)
def test_keywords_are_limited_to_30(sms, refused, request, kind, quota):
    """A 31st keyword is refused; HELP and STOP do not count, and updates are not limited."""
    answering = request.getfixturevalue(kind)
    for index in range(30):
        put(sms, answering, f"WORD{index}")

    with refused("ServiceQuotaExceededException", quota):
        put(sms, answering, "WORD30")
    put(sms, answering, "WORD29", "Another message")
    put(sms, answering, "HELP", "Another message")
    sms.delete_keyword(OriginationIdentity=answering.id, Keyword="WORD0")
    put(sms, answering, "WORD30")


# HELP and STOP.


@pytest.mark.rule("keyword-help-stop-exist", "keyword-help-stop-actions")
def test_help_and_stop_always_exist(sms, answering):
    """HELP has a reply, and STOP opts out, without being created."""
    listed = sms.describe_keywords(OriginationIdentity=answering.id)["Keywords"]

    assert [(each["Keyword"], each["KeywordAction"]) for each in listed] == [
        ("HELP", "AUTOMATIC_RESPONSE"),
        ("STOP", "OPT_OUT"),
    ]
    assert all(each["KeywordMessage"] for each in listed)


@pytest.mark.rule("keyword-help-stop-undeletable")
@pytest.mark.parametrize("keyword", ["HELP", "STOP", "help", "sToP"])
def test_help_and_stop_cannot_be_deleted(sms, refused, answering, keyword):
    """HELP and STOP cannot be deleted, in any letter case."""
    about = ("keyword", keyword.upper())

    with refused("ConflictException", "RESOURCE_DELETION_NOT_ALLOWED", about=about):
        sms.delete_keyword(OriginationIdentity=answering.id, Keyword=keyword)


@pytest.mark.rule("keyword-help-stop-unmodifiable", "keyword-help-stop-message")
@pytest.mark.parametrize(
    ("keyword", "action", "others"),
    [
        ("HELP", "AUTOMATIC_RESPONSE", ["OPT_OUT", "OPT_IN"]),
        ("stop", "OPT_OUT", ["AUTOMATIC_RESPONSE", "OPT_IN"]),
    ],
)
def test_help_and_stop_keep_their_actions(sms, refused, answering, keyword, action, others):
    """Another action is refused; with the same one, or none, the message changes."""
    for other in others:
        with refused(
            "ConflictException",
            "RESOURCE_MODIFICATION_NOT_ALLOWED",
            about=("keyword", keyword.upper()),
        ):
            put(sms, answering, keyword, "Ours", KeywordAction=other)

    expected = entry(keyword.upper(), "Ours", action)
    assert expected.items() <= put(sms, answering, keyword, "Ours").items()
    expected = entry(keyword.upper(), "Ours again", action)
    assert (
        expected.items() <= put(sms, answering, keyword, "Ours again", KeywordAction=action).items()
    )


# Members of pools.


@pytest.mark.rule("keyword-put-pool-member")
def test_a_members_keywords_are_its_pools(sms, refused, number, pool):
    """Keywords of a number in a pool cannot be changed on the number."""
    put(sms, pool, "INFO")

    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=number):
        put(sms, number, "INFO", "Something else")
    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=number):
        sms.delete_keyword(OriginationIdentity=number.id, Keyword="INFO")


def test_a_pools_keywords_show_on_its_members(sms, lease, number, pool):
    """Changes of a pool's keywords apply to each member, and to no other number."""
    member, alone = lease(PoolId=pool.id), lease()

    put(sms, pool, "INFO")
    assert keywords(sms, number) == keywords(sms, member) == [entry("INFO")]
    assert keywords(sms, alone) == []

    sms.delete_keyword(OriginationIdentity=pool.id, Keyword="INFO")
    assert keywords(sms, number) == keywords(sms, member) == []


# DeleteKeyword, and what is answered.


@pytest.mark.rule("keyword-put-response", "keyword-delete-removes")
def test_members_of_the_answers(sms, answering):
    """The answers have ARN and id of the identity, and the keyword with message and action."""
    expected = {
        "OriginationIdentityArn": answering.arn,
        "OriginationIdentity": answering.id,
        **entry("INFO", "Hello", "OPT_IN"),
    }

    assert put(sms, answering, "INFO", KeywordAction="OPT_IN") == expected
    deleted = sms.delete_keyword(OriginationIdentity=answering.arn, Keyword="INFO")
    deleted.pop("ResponseMetadata")
    assert deleted == expected
    assert keywords(sms, answering) == []


@pytest.mark.rule("keyword-delete-unknown")
def test_deleting_an_unknown_keyword_is_refused(sms, refused, answering):
    """Deleting a keyword that is not configured is refused."""
    with refused("ResourceNotFoundException", about=("keyword", "INFO")):
        sms.delete_keyword(OriginationIdentity=answering.id, Keyword="INFO")


# DescribeKeywords.


@pytest.mark.rule("keyword-describe-all")
def test_all_keywords_are_described(sms, answering):
    """Without Keywords or Filters all keywords are listed, including HELP and STOP."""
    for keyword in ("ZEBRA", "INFO"):
        put(sms, answering, keyword)

    listed = sms.describe_keywords(OriginationIdentity=answering.id)["Keywords"]
    assert [each["Keyword"] for each in listed] == [*MANDATORY, "ZEBRA", "INFO"]


@pytest.mark.rule("keyword-describe-by-name")
def test_named_keywords_are_described(sms, refused, number):
    """Keywords, at most 5, restricts the result."""
    for index in range(6):
        put(sms, number, f"WORD{index}")
    words = [f"WORD{index}" for index in range(6)]

    for wanted in (["WORD3"], ["STOP", "WORD1"], words[:5]):
        listed = sms.describe_keywords(OriginationIdentity=number.id, Keywords=wanted)["Keywords"]
        assert [each["Keyword"] for each in listed] == wanted
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Keywords"]):
        sms.describe_keywords(OriginationIdentity=number.id, Keywords=words)


@pytest.mark.rule("keyword-describe-unknown")
def test_one_unknown_keyword_fails_the_description(sms, refused, answering):
    """Asking for a keyword that is not configured fails the whole call."""
    with refused("ResourceNotFoundException", about=("keyword", "INFO")):
        sms.describe_keywords(OriginationIdentity=answering.id, Keywords=["HELP", "info"])


@pytest.mark.rule("keyword-describe-filter")
def test_keywords_are_filtered_by_action(sms, answering):
    """The filter keyword-action matches the action, and there is no other."""
    put(sms, answering, "IN", KeywordAction="OPT_IN")
    put(sms, answering, "OUT", KeywordAction="OPT_OUT")
    put(sms, answering, "INFO")

    def passing(*actions: str):
        filters = [{"Name": "keyword-action", "Values": list(actions)}]
        listed = sms.describe_keywords(OriginationIdentity=answering.id, Filters=filters)
        return [each["Keyword"] for each in listed["Keywords"]]

    assert passing("OPT_IN") == ["IN"]
    assert passing("OPT_OUT") == ["STOP", "OUT"]
    assert passing("AUTOMATIC_RESPONSE", "OPT_IN") == ["HELP", "IN", "INFO"]
    assert service_model().shapes["KeywordFilterName"]["enum"] == ["keyword-action"]
    with pytest.raises(ClientError, match="FIELD_VALIDATION_FAILED"):
        sms.describe_keywords(
            OriginationIdentity=answering.id, Filters=[{"Name": "keyword", "Values": ["IN"]}]
        )


@pytest.mark.rule("keyword-describe-header")
def test_every_page_of_keywords_names_the_identity(sms, answering):
    """The answer names the identity by ARN and id on every page."""
    put(sms, answering, "INFO")
    pages, token = [], {}
    while len(pages) < 3:
        page = sms.describe_keywords(OriginationIdentity=answering.arn, MaxResults=1, **token)
        pages.append(page)
        token = {"NextToken": page.get("NextToken")}

    assert token == {"NextToken": None}
    assert [page["Keywords"][0]["Keyword"] for page in pages] == [*MANDATORY, "INFO"]
    for page in pages:
        assert page["OriginationIdentity"] == answering.id
        assert page["OriginationIdentityArn"] == answering.arn
