"""Inbound: a person texts a number of the account."""

import pytest

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.messaging.keyword_matches import OPT_OUT_WORDS
from pinpoint_sms_emu.resources.two_way import mandatory_keywords
from tests.messaging.people import CANADA, US

TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"
HELP, STOP = (each.message for each in mandatory_keywords().values())


@pytest.fixture
def receive(emulator, number):
    """Send a text to the number."""

    def call(body, sender=US, recipient=number.phone_number, **where):
        return emulator.receive(body, sender=sender, recipient=recipient, **where)

    return call


@pytest.fixture
def opted_out(sms):
    """The numbers on a list, with whether they have opted out themselves."""

    def on(opt_out_list="Default"):
        entries = sms.describe_opted_out_numbers(OptOutListName=opt_out_list)["OptedOutNumbers"]
        return {each["OptedOutNumber"]: each["EndUserOptedOut"] for each in entries}

    return on


@pytest.fixture
def two_way(sms, number):
    """The number, with a topic for inbound texts."""
    sms.update_phone_number(PhoneNumberId=number.id, TwoWayEnabled=True, TwoWayChannelArn=TOPIC)
    return number


@pytest.fixture
def payloads(emulator):
    """Return the payloads of two-way channels."""

    def all_of_it():
        return [each.record for each in emulator.find_events().inbound]

    return all_of_it


def caused(answer):
    """Return the effect of a text: keyword, action and reply."""
    return answer.keyword, answer.action, answer.reply


# Keywords.


@pytest.mark.rule("keyword-inbound-prefix")
@pytest.mark.parametrize(
    "body", ["INFO", "info", "Info please", "  info\n", "INFO, please!", "info?", "iNfO: when?"]
)
def test_a_text_that_begins_with_a_keyword(sms, receive, number, body):
    """A text that begins with a keyword, in any letter case, gets that keyword's reply."""
    sms.put_keyword(
        OriginationIdentity=number.id, Keyword="info", KeywordMessage="We open at nine."
    )

    assert caused(receive(body)) == ("INFO", "AUTOMATIC_RESPONSE", "We open at nine.")


@pytest.mark.rule("keyword-inbound-prefix")
@pytest.mark.parametrize(
    "word", ["JOIN  US", "JOIN\u00a0US", "GRÖẞE", "ß", "ŉ", "a.b", "\U0001f600"]
)
def test_a_keyword_is_a_text_that_begins_with_it(sms, receive, number, word):
    """Whatever PutKeyword accepts is matched, with any number of spaces."""
    made = sms.put_keyword(OriginationIdentity=number.id, Keyword=word, KeywordMessage="Welcome")

    assert caused(receive(word)) == (made["Keyword"], "AUTOMATIC_RESPONSE", "Welcome")
    spread = "  ".join(word.split())
    assert receive(f"{spread} please").reply == "Welcome"


@pytest.mark.since("1.44.5")
@pytest.mark.rule("keyword-inbound-prefix")
def test_a_text_to_an_agent_that_begins_with_a_keyword(sms, receive, agent):
    """An agent answers as a number does, although one of AWS's guides wants the whole text."""
    sms.put_keyword(OriginationIdentity=agent.id, Keyword="INFO", KeywordMessage="At nine.")

    answered = receive("Info please", recipient=agent.id)
    assert caused(answered) == ("INFO", "AUTOMATIC_RESPONSE", "At nine.")


@pytest.mark.rule("keyword-inbound-word")
@pytest.mark.parametrize("body", ["please info", "information", "in fo", "stopping by", "1STOP"])
def test_a_text_that_begins_with_no_keyword(sms, receive, number, body):
    """A text that does not begin with a whole keyword gets no reply."""
    sms.put_keyword(OriginationIdentity=number.id, Keyword="INFO", KeywordMessage="At nine.")

    assert caused(receive(body)) == (None, None, None)


@pytest.mark.rule("keyword-inbound-longest")
def test_the_longest_keyword_counts(sms, receive, number):
    """Of several keywords at the beginning of a text, the longest applies."""
    for word in ("NEWS", "NEWS DAILY", "NEWS DAILY AT 9"):
        sms.put_keyword(OriginationIdentity=number.id, Keyword=word, KeywordMessage=f"{word}!")

    assert receive("news  daily, thanks").reply == "NEWS DAILY!"


@pytest.mark.rule("keyword-inbound-help")
def test_help(receive, opted_out):
    """HELP has a reply, and opts nobody out."""
    assert caused(receive("Help!")) == ("HELP", "AUTOMATIC_RESPONSE", HELP)
    assert opted_out() == {}


@pytest.mark.rule("keyword-help-stop-message")
def test_another_message_for_help(sms, receive, number):
    """The messages of HELP and STOP can be changed."""
    sms.put_keyword(OriginationIdentity=number.id, Keyword="HELP", KeywordMessage="Call us.")

    assert receive("help").reply == "Call us."


@pytest.mark.rule("keyword-inbound-opt-in", "keyword-inbound-opt-out")
def test_opting_out_and_in_with_own_keywords(sms, receive, number, opted_out):
    """OPT_OUT puts a sender on the number's list, OPT_IN removes the sender; both have replies."""
    for word, action in (("BASTA", "OPT_OUT"), ("START", "OPT_IN")):
        sms.put_keyword(
            OriginationIdentity=number.id,
            Keyword=word,
            KeywordMessage=f"{word}: done",
            KeywordAction=action,
        )

    assert caused(receive("Basta!")) == ("BASTA", "OPT_OUT", "BASTA: done")
    assert opted_out() == {US: True}
    assert caused(receive("start")) == ("START", "OPT_IN", "START: done")
    assert opted_out() == {}


@pytest.mark.rule("keyword-inbound-opt-in")
def test_a_recipient_who_opts_in_gets_messages_again(sms, receive, number, text):
    """Opting in applies at once, and again after another opt-out."""
    sms.put_keyword(
        OriginationIdentity=number.id,
        Keyword="START",
        KeywordMessage="Welcome back",
        KeywordAction="OPT_IN",
    )
    for _ in range(2):
        receive("STOP")
        with pytest.raises(sms.exceptions.ConflictException):
            text()
        receive("START")

        assert text().status == "DELIVERED"


@pytest.mark.rule("keyword-start-is-not-there")
@pytest.mark.parametrize("number_type", ["LONG_CODE", "TOLL_FREE"])
@pytest.mark.parametrize("word", ["START", "UNSTOP"])
def test_there_is_no_opt_in_keyword_by_default(emulator, sms, opted_out, number_type, word):
    """START and UNSTOP have an effect only if the account has them as keywords."""
    number = emulator.add_number("+18885550111", number_type=number_type)
    people = {"sender": US, "recipient": number.phone_number}
    emulator.receive("STOP", **people)

    assert caused(emulator.receive(word, **people)) == (None, None, None)
    assert opted_out() == {US: True}

    sms.put_keyword(
        OriginationIdentity=number.id,
        Keyword=word,
        KeywordMessage="Welcome back",
        KeywordAction="OPT_IN",
    )
    assert caused(emulator.receive(word, **people)) == (word, "OPT_IN", "Welcome back")
    assert opted_out() == {}


# Opting out.


@pytest.mark.rule("optout-stop-adds-entry", "optnum-put-end-user-flag")
def test_stop(receive, opted_out):
    """STOP puts the sender on the number's list, with `end_user_opted_out`, and has a reply."""
    assert caused(receive("stop it, please")) == ("STOP", "OPT_OUT", STOP)
    assert opted_out() == {US: True}


@pytest.mark.rule("optout-other-stop-words", "optout-supported-words")
@pytest.mark.parametrize("word", OPT_OUT_WORDS)
def test_other_words_for_stop(receive, opted_out, word):
    """The other opt-out words work like STOP, without configuration."""
    assert caused(receive(f"{word.lower()} this")) == (word, "OPT_OUT", STOP)
    assert opted_out() == {US: True}


@pytest.mark.rule("optout-supported-words")
def test_the_opt_out_words():
    """These are all words that opt out by themselves."""
    words = "ARRET, CANCEL, END, OPT-OUT, OPTOUT, QUIT, REMOVE, STOP, TD, UNSUBSCRIBE"

    assert ", ".join(OPT_OUT_WORDS) == words


@pytest.mark.rule("keyword-inbound-own-word")
def test_an_own_keyword_overrides_an_opt_out_word(sms, receive, number, opted_out):
    """An account's keyword that is also an opt-out word has the account's action."""
    sms.put_keyword(OriginationIdentity=number.id, Keyword="END", KeywordMessage="The end.")

    assert caused(receive("END")) == ("END", "AUTOMATIC_RESPONSE", "The end.")
    assert opted_out() == {}


@pytest.mark.rule("keyword-inbound-opt-out")
def test_stop_uses_the_list_of_the_number(sms, receive, number, opted_out):
    """It is the opt-out list in the number's settings."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.update_phone_number(PhoneNumberId=number.id, OptOutListName="news")

    receive("STOP")

    assert (opted_out("news"), opted_out()) == ({US: True}, {})


@pytest.mark.rule("optnum-stop-flag")
def test_stop_from_an_opted_out_number(sms, receive, opted_out):
    """`end_user_opted_out` becomes true, also if the account had added the number."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)

    receive("STOP")

    assert opted_out() == {US: True}


@pytest.mark.rule("phone-toll-free-us-stop")
def test_us_toll_free_numbers(sms, emulator, receive, opted_out, mms_number):
    """On US toll-free numbers the carrier answers the text STOP, in its own words, for free."""
    sms.put_keyword(OriginationIdentity=mms_number.id, Keyword="HELP", KeywordMessage="Call us.")
    toll_free = mms_number.phone_number

    ignored = receive("CANCEL", recipient=toll_free)
    stopped = receive("stop", recipient=toll_free)

    assert caused(ignored) == (None, None, None)
    assert (stopped.keyword, stopped.action) == ("STOP", "OPT_OUT")
    assert stopped.reply.startswith("NETWORK MSG")
    assert opted_out() == {US: True}
    assert emulator.messages[-1].price == 0
    assert receive("HELP", recipient=toll_free).reply == "Call us."


@pytest.mark.rule("phone-update-self-managed-effect")
@pytest.mark.parametrize("body", ["HELP", "STOP", "cancel"])
def test_self_managed_opt_outs(sms, emulator, receive, two_way, opted_out, payloads, body):
    """With self-managed opt-outs HELP and STOP only reach the two-way channel."""
    sms.update_phone_number(PhoneNumberId=two_way.id, SelfManagedOptOutsEnabled=True)
    sms.put_keyword(OriginationIdentity=two_way.id, Keyword="INFO", KeywordMessage="At nine.")

    answer = receive(body)

    assert caused(answer) == (body.upper(), None, None)
    assert opted_out() == {}
    assert [each.direction for each in emulator.messages] == ["inbound"]
    assert [each["messageKeyword"] for each in payloads()] == [body.upper()]
    # Other keywords have their replies.
    assert receive("info").reply == "At nine."


# Pools.


@pytest.mark.rule("keyword-pool-applies")
def test_a_pool_answers_for_its_numbers(sms, receive, number, pool):
    """A keyword put on a pool answers texts to every number of the pool."""
    sms.put_keyword(OriginationIdentity=pool.id, Keyword="INFO", KeywordMessage="At nine.")

    assert receive("info").reply == "At nine."


@pytest.mark.rule("keyword-pool-applies")
def test_every_number_of_a_pool(sms, emulator, receive, number, pool):
    """All members have the pool's replies, each from itself."""
    emulator.add_number("+12065550108", pool_id=pool.id)
    sms.put_keyword(OriginationIdentity=pool.id, Keyword="INFO", KeywordMessage="At nine.")

    receive("info")
    receive("info", recipient="+12065550108")

    replies = [each for each in emulator.messages if each.direction == "outbound"]
    assert [(each.sender, each.body) for each in replies] == [
        (number.phone_number, "At nine."),
        ("+12065550108", "At nine."),
    ]
    assert {each.pool_id for each in replies} == {pool.id}


@pytest.mark.rule("keyword-inbound-opt-out")
def test_stop_uses_the_list_of_the_pool(sms, receive, number, pool, opted_out):
    """STOP to a number in a pool opts out of the pool's list."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.update_pool(PoolId=pool.id, OptOutListName="news")

    receive("STOP")

    assert (opted_out("news"), opted_out()) == ({US: True}, {})
    with pytest.raises(sms.exceptions.ConflictException):
        sms.send_text_message(
            DestinationPhoneNumber=US, OriginationIdentity=pool.id, MessageBody="Hello"
        )


@pytest.mark.rule("pool-update-two-way-off")
def test_a_channel_that_is_turned_off(sms, receive, pool, payloads):
    """With TwoWayEnabled false, nothing is published to the channel."""
    sms.update_pool(PoolId=pool.id, TwoWayEnabled=True, TwoWayChannelArn=TOPIC)
    receive("one")
    off = sms.update_pool(PoolId=pool.id, TwoWayEnabled=False)

    receive("two")

    assert off["TwoWayEnabled"] is False
    assert [each["messageBody"] for each in payloads()] == ["one"]


# Two-way channels.


@pytest.mark.rule("inbound-payload")
def test_the_payload_of_a_channel(emulator, receive, two_way, text):
    """The payload has the sender, recipient and text, in the order of AWS's records."""
    sent = text(OriginationIdentity=two_way.id)

    answer = receive("Yes, please")

    [event] = emulator.find_events().inbound
    assert list(event.record.items()) == [
        ("originationNumber", US),
        ("destinationNumber", two_way.phone_number),
        ("messageKeyword", "KEYWORD_123456789012"),
        ("messageBody", "Yes, please"),
        ("previousPublishedMessageId", sent.id),
        ("inboundMessageId", answer.message_id),
    ]
    [channel] = event.destinations
    assert (channel.kind, channel.status) == ("sns", "recorded")
    assert event.event_bridge is None


@pytest.mark.rule("inbound-previous-message")
def test_the_previous_message(receive, two_way, text, payloads):
    """It is the last message from this number to this sender, if there was one."""
    text(DestinationPhoneNumber=CANADA, OriginationIdentity=two_way.id)
    receive("Hello")
    receive("Hello", sender=CANADA)

    assert "previousPublishedMessageId" not in payloads()[0]
    assert "previousPublishedMessageId" in payloads()[1]


@pytest.mark.rule("inbound-keyword-published")
def test_keywords_are_published(sms, receive, two_way, payloads):
    """A text that begins with a keyword is answered, and published with its keyword."""
    assert receive("stop").reply == STOP
    assert [(each["messageKeyword"], each["messageBody"]) for each in payloads()] == [
        ("STOP", "stop")
    ]


def test_without_two_way_messaging_nothing_is_published_to_a_channel(emulator, receive, payloads):
    """A number without two-way messaging only sends keyword replies."""
    assert receive("HELP").reply == HELP
    assert payloads() == []


def test_amazon_connect(sms, emulator, receive, number):
    """A channel of Amazon Connect is recorded, but nothing is sent to it."""
    sms.update_phone_number(
        PhoneNumberId=number.id,
        TwoWayEnabled=True,
        TwoWayChannelArn="connect.us-east-1.amazonaws.com",
    )

    receive("Hello")

    [event] = emulator.find_events().inbound
    assert [(each.kind, each.status) for each in event.destinations] == [("connect", "recorded")]


# Messages.


def test_inbound_messages_are_kept(emulator, receive, number):
    """An inbound text is stored as a message."""
    answer = receive("Ça va…")

    [message] = emulator.messages
    assert message.id == answer.message_id
    assert (message.direction, message.status, message.channel) == ("inbound", "RECEIVED", "text")
    assert (message.sender, message.recipient) == (US, number.phone_number)
    assert (message.body, message.encoding, message.parts) == ("Ça va…", "Unicode", 1)


@pytest.mark.rule("keyword-reply-charged")
def test_replies_are_messages(emulator, receive, number, account):
    """A reply is sent, delivered and charged, and refers to the inbound message."""
    answer = receive("HELP")

    reply = emulator.messages[-1]
    assert (reply.direction, reply.body, reply.status) == ("outbound", HELP, "DELIVERED")
    assert (reply.sender, reply.recipient) == (number.phone_number, US)
    assert (reply.in_reply_to, reply.origination_identity) == (answer.message_id, number.id)
    assert reply.message_type == "TRANSACTIONAL"
    assert [each["eventType"] for each in reply.events] == ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"]
    [spent] = account.spent.values()
    assert float(spent["TEXT"]) == reply.price


def test_a_seed_repeats_ids(emulator, receive, number):
    """With a seed, the ids of inbound messages and replies are reproducible."""
    receive("HELP")
    first = [each.id for each in emulator.messages]
    emulator.reset(seed=7)
    emulator.add_number(number.phone_number, phone_number_id=number.id)
    # The number's own id was generated before.
    again = emulator.receive("HELP", sender=US, recipient=number.phone_number)

    emulator.reset(seed=7)
    emulator.add_number(number.phone_number, phone_number_id=number.id)
    once_more = emulator.receive("HELP", sender=US, recipient=number.phone_number)

    assert len(first) == 2
    assert again == once_more


# Recipients.


def test_a_number_by_its_id(receive, number):
    """A number may be given by its digits with or without the plus, its id or its ARN."""
    for recipient in (number.phone_number, number.phone_number[1:], number.id, number.arn):
        assert receive("HELP", recipient=recipient).reply == HELP


def test_a_short_code(emulator, receive):
    """Short codes receive texts too."""
    emulator.add_number("12345")

    assert receive("HELP", recipient="12345").reply == HELP


def test_the_account_of_a_number(emulator, receive):
    """The account is optional if only one has the number."""
    emulator.add_number("+12065550101", account_id="111122223333", region="eu-west-1")

    receive("Hello", recipient="+12065550101")

    [message] = emulator.messages
    assert (message.account_id, message.region) == ("111122223333", "eu-west-1")


def test_a_number_of_several_accounts(emulator, receive):
    """The default account is used if it has the number; otherwise the account is required."""
    places = [("111122223333", "us-east-1"), ("444455556666", "us-east-1")]
    for suffix, (account_id, region) in enumerate(places):
        emulator.add_number(
            f"+1206555011{suffix}", phone_number_id="mine", account_id=account_id, region=region
        )

    with pytest.raises(ValueError, match="several accounts have mine"):
        receive("Hello", recipient="mine")
    receive("Hello", recipient="mine", account_id="444455556666")
    emulator.add_number("+12065550119", phone_number_id="mine")
    receive("Hello", recipient="mine")

    assert [each.recipient for each in emulator.messages] == ["+12065550111", "+12065550119"]


def test_unknown_numbers(receive, emulator):
    """An unknown number is not found, even if another account has it; the error names others."""
    known = ", ".join(each.phone_number for each in emulator.numbers)
    with pytest.raises(LookupError, match="there is no number") as raised:
        receive("Hello", recipient="+12065550199")
    assert str(raised.value).endswith(f"; accounts have {known}")
    with pytest.raises(LookupError, match="account 111122223333 has no number"):
        receive("Hello", account_id="111122223333")


def test_no_number_at_all():
    """The error says how to add one."""
    with mock_sms() as sms, pytest.raises(LookupError) as raised:
        sms.receive("Hello", sender="+14255550123", recipient="+12065550100")

    assert "no account has a number: add one with sms.add_number, " in str(raised.value)


def test_pools_and_sender_ids_cannot_receive(sms, receive, pool, sender_id):
    """The error says so."""
    with pytest.raises(ValueError, match="is a pool, which cannot receive"):
        receive("Hello", recipient=pool.id)
    with pytest.raises(ValueError, match="is a sender ID, which cannot receive"):
        receive("Hello", recipient="SHOP")


@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_a_number_that_is_not_active(sms, emulator):
    """A number that is not ACTIVE receives nothing."""
    leased = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )

    with pytest.raises(ValueError, match="cannot receive: it is PENDING"):
        emulator.receive("Hello", sender=US, recipient=leased["PhoneNumberId"])


def test_a_number_receives_nothing_from_itself(emulator, receive, number):
    """The sender is a person, as swapped arguments or a copied number would forget."""
    before = emulator.snapshot()

    with pytest.raises(ValueError, match="cannot receive from itself"):
        receive("STOP", sender=number.phone_number)

    assert emulator.snapshot() == before


def test_numbers_that_cannot_receive(emulator, receive):
    """A number without SMS, or in a country without two-way messaging, receives nothing."""
    emulator.add_number("+12065550109", number_capabilities=["VOICE"])
    emulator.add_number("+41781234567", number_capabilities=["SMS"])

    with pytest.raises(ValueError, match="cannot receive: it has no SMS capability"):
        receive("Hello", recipient="+12065550109")
    with pytest.raises(ValueError, match="there is no two-way messaging in CH"):
        receive("Hello", recipient="+41781234567")


@pytest.mark.rule("text-receive-only")
@pytest.mark.parametrize("phone_number", ["+966512345679", "+919812345679"])
def test_a_number_that_only_receives_does_not_answer(emulator, account, receive, phone_number):
    """The text is received, and the keyword has its effect; no reply is sent."""
    emulator.add_number(phone_number)

    answer = receive("STOP", recipient=phone_number)

    assert (answer.keyword, answer.action, answer.reply) == ("STOP", "OPT_OUT", None)
    assert [each.direction for each in emulator.messages] == ["inbound"]
    assert US in account.opt_out_lists["Default"].numbers


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"body": ""}, "body must be"),
        ({"body": "  "}, "body must be"),
        ({"body": None}, "body must be"),
        ({"body": b"STOP"}, "body must be"),
        ({"body": "\ud83d"}, "has a lone surrogate"),
        ({"sender": "somebody"}, "sender must be"),
        ({"sender": ""}, "sender must be"),
        ({"sender": None}, "sender must be"),
        ({"recipient": ""}, "recipient must be"),
        ({"recipient": None}, "recipient must be"),
    ],
)
def test_invalid_arguments_are_refused(emulator, receive, wrong, why):
    """Invalid arguments are refused with a sentence, and change nothing."""
    before = emulator.snapshot()

    with pytest.raises(ValueError, match=why):
        receive(**({"body": "Hello"} | wrong))

    assert emulator.snapshot() == before
