"""SendRcsMessage, agents that SendTextMessage chooses, and what both fall back to."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from tests.filling import fill_in
from tests.messaging.people import BRITAIN, CANADA, INDIA, US

pytestmark = pytest.mark.since("1.44.5")

# An RCS message to the US, fee included, and a part of a text.
PRICE, TEXT_PRICE = 0.01194, 0.01181

BROKEN = ("ValidationException", "FIELD_VALIDATION_FAILED")

CARD = {"Title": "Shoes", "Description": "They run"}
REPLY = {"Reply": {"Text": "Yes", "PostbackData": "yes"}}
OPEN = {"Text": "Look", "PostbackData": "look", "Url": "https://example.com/"}
EVENT = {"Text": "Note", "PostbackData": "note", "Title": "Run"}
SMS = {"Channel": "SMS", "MessageBody": "Shoes: they run"}


def words(body="Hello", **more):
    """Content that is a text."""
    return {"Content": {"TextMessage": {"Body": body}}, **more}


def card(content=None, orientation="VERTICAL", **more):
    """Content that is a card."""
    inside = {"CardOrientation": orientation, "CardContent": content or CARD, **more}
    return {"Content": {"RichCard": inside}}


def carousel(cards=(CARD, CARD), width="SMALL"):
    """Content that is a carousel."""
    return {"Content": {"Carousel": {"CardWidth": width, "CardContents": list(cards)}}}


@pytest.fixture
def event_types_of(emulator):
    """What is heard of a message, with whether it is final."""

    def of(message):
        emulator.messages  # noqa: B018  lets happen what is due
        return [(each["eventType"], each["isFinal"]) for each in message.events]

    return of


@pytest.fixture
def mixed(sms, agent, pool):
    """A pool of a number and an agent."""
    sms.associate_origination_identity(
        PoolId=pool.id, OriginationIdentity=agent.id, IsoCountryCode="US"
    )
    return pool


# What it takes.


@pytest.mark.rule("rcs-send-required")
def test_who_writes_to_whom_is_required(sms, agent, number, refused):
    """DestinationPhoneNumber and OriginationIdentity, an agent or a pool, are required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["OriginationIdentity"]):
        sms.send_rcs_message(DestinationPhoneNumber=US, RcsMessageContent=words())
    with refused("ValidationException", "MISSING_PARAMETER", fields=["DestinationPhoneNumber"]):
        sms.send_rcs_message(OriginationIdentity=agent.id, RcsMessageContent=words())
    with refused("ValidationException", "INVALID_PARAMETER", fields=["OriginationIdentity"]):
        sms.send_rcs_message(
            DestinationPhoneNumber=US, OriginationIdentity=number.id, RcsMessageContent=words()
        )


def test_there_is_something_to_show(sms, agent, refused):
    """A message without content is refused."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["RcsMessageContent"]):
        sms.send_rcs_message(DestinationPhoneNumber=US, OriginationIdentity=agent.id)


def test_what_is_kept(rcs, agent, account):
    """A message is kept with its content, booked on the RCS limit, and delivered."""
    message = rcs(RcsMessageContent=card(), Context={"order": "7"})

    assert message.as_dict() | {"events": []} == {
        "message_id": message.id,
        "account_id": "123456789012",
        "region": "us-east-1",
        "channel": "rcs",
        "direction": "outbound",
        "sender": agent.id,
        "recipient": US,
        "body": "Shoes\nThey run",
        "codes": [],
        "links": [],
        "message_type": "TRANSACTIONAL",
        "origination_identity": agent.id,
        "pool_id": None,
        "configuration_set": None,
        "protect_configuration_id": None,
        "encoding": None,
        "parts": 1,
        "price": PRICE,
        "price_per_part": PRICE,
        "status": "DELIVERED",
        "feedback": None,
        "context": {"order": "7"},
        "created": message.created.isoformat(),
        "time_to_live": None,
        "destination_country_parameters": {},
        "media_urls": [],
        "rcs_message_content": card(),
        "voice_id": None,
        "message_body_text_type": None,
        "spoken_text": None,
        "template_id": None,
        "template_variables": {},
        "in_reply_to": None,
        "fallback": None,
        "fallback_of": None,
        "events": [],
    }
    assert [float(spent["RCS"]) for spent in account.spent.values()] == [PRICE]


@pytest.mark.rule("rcs-send-content-one")
def test_content_is_one_thing(sms, rcs, agent, refused):
    """Content is exactly one of text, file, card and carousel."""
    file = {"Content": {"FileMessage": {"FileUrl": "s3://pictures/cat.png"}}}
    for content in (words(), file, card(), carousel()):
        assert rcs(RcsMessageContent=content).channel == "rcs"
    for wrong in ({}, words()["Content"] | card()["Content"]):
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["RcsMessageContent"]
        ):
            rcs(RcsMessageContent={"Content": wrong})


@pytest.mark.rule("rcs-send-text-limit")
def test_a_text_has_a_length(rcs, refused):
    """A text has 1 to 3072 characters and is not blank."""
    assert len(rcs(RcsMessageContent=words("é" * 3072)).body) == 3072
    for wrong in ("", " \n ", "a" * 3073):
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["RcsMessageContent"]
        ):
            rcs(RcsMessageContent=words(wrong))


@pytest.mark.rule("rcs-send-suggestions")
def test_suggestions_have_limits(rcs, refused):
    """A message has 11 suggestions, a card 4; each is one action with 25 characters."""
    label = {"Text": "a" * 25, "PostbackData": "a"}
    kept = [
        words(Suggestions=[REPLY] * 11),
        card(CARD | {"Suggestions": [REPLY] * 4}),
        carousel([CARD | {"Suggestions": [REPLY] * 4}] * 2),
        words(Suggestions=[{"RequestLocation": label}]),
    ]
    broken = [
        words(Suggestions=[REPLY] * 12),
        card(CARD | {"Suggestions": [REPLY] * 5}),
        carousel([CARD | {"Suggestions": [REPLY] * 5}] * 2),
        words(Suggestions=[{"RequestLocation": label | {"Text": "a" * 26}}]),
        words(Suggestions=[REPLY | {"RequestLocation": label}]),
        words(Suggestions=[{}]),
    ]

    for content in kept:
        assert rcs(RcsMessageContent=content).status == "DELIVERED"
    for content in broken:
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["RcsMessageContent"]
        ):
            rcs(RcsMessageContent=content)


@pytest.mark.rule("rcs-send-carousel")
def test_a_carousel_has_limits(rcs, refused):
    """A carousel has 2 to 10 cards of two widths, with media of two heights."""
    for kept in (
        *(carousel([CARD] * count) for count in (2, 10)),
        *(carousel(width=width) for width in ("SMALL", "MEDIUM")),
        *(carousel([with_media(height)] * 2) for height in ("SHORT", "MEDIUM")),
    ):
        assert rcs(RcsMessageContent=kept).status == "DELIVERED"
    for count in (1, 11):
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["RcsMessageContent"]
        ):
            rcs(RcsMessageContent=carousel([CARD] * count))
    for wrong in (carousel(width="LARGE"), carousel([CARD, with_media("TALL")])):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["RcsMessageContent"]):
            rcs(RcsMessageContent=wrong)


def with_media(height):
    """A card with a picture."""
    return {"Media": {"FileUrl": "s3://pictures/cat.png", "Height": height}}


@pytest.mark.rule("rcs-send-card")
@pytest.mark.parametrize(
    "content",
    [
        card(orientation="HORIZONTAL", ThumbnailImageAlignment="LEFT"),
        card(orientation="HORIZONTAL", ThumbnailImageAlignment="RIGHT"),
        card(with_media("TALL")),
        *(
            words(Suggestions=[{"OpenUrl": OPEN | {"Application": "WEBVIEW", **mode}}])
            for mode in ({"WebviewViewMode": word} for word in ("FULL", "HALF", "TALL"))
        ),
        words(Suggestions=[{"OpenUrl": OPEN | {"Application": "BROWSER"}}]),
        words(Suggestions=[{"CreateCalendarEvent": EVENT | {"StartTime": 1, "EndTime": 2}}]),
    ],
)
def test_what_goes_together(rcs, content):
    """A horizontal card has its picture left or right; a web view has a mode."""
    assert rcs(RcsMessageContent=content).status == "DELIVERED"


@pytest.mark.rule("rcs-send-card")
@pytest.mark.parametrize(
    "wrong",
    [
        card(orientation="VERTICAL", ThumbnailImageAlignment="LEFT"),
        card(orientation="HORIZONTAL", ThumbnailImageAlignment="TOP"),
        card(orientation="DIAGONAL"),
        card({"Suggestions": [REPLY]}),
        card(with_media("HUGE")),
        card(CARD | {"Suggestions": [{"OpenUrl": OPEN | {"Application": "EDITOR"}}]}),
        words(Suggestions=[{"OpenUrl": OPEN | {"WebviewViewMode": "FULL"}}]),
        words(
            Suggestions=[{"OpenUrl": OPEN | {"WebviewViewMode": "FULL", "Application": "BROWSER"}}]
        ),
        words(
            Suggestions=[{"OpenUrl": OPEN | {"WebviewViewMode": "WIDE", "Application": "WEBVIEW"}}]
        ),
        words(Suggestions=[{"CreateCalendarEvent": EVENT | {"StartTime": 2, "EndTime": 2}}]),
    ],
)
def test_what_does_not_go_together(rcs, refused, wrong):
    """The alignment is for horizontal cards, the mode for web views; other words mean nothing."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["RcsMessageContent"]):
        rcs(RcsMessageContent=wrong)


@pytest.mark.rule("rcs-send-webview")
def test_a_web_view_has_a_mode(rcs, refused):
    """Where the Application is WEBVIEW, WebviewViewMode is required."""
    opening = words(Suggestions=[{"OpenUrl": OPEN | {"Application": "WEBVIEW"}}])
    with refused("ValidationException", "MISSING_PARAMETER", fields=["RcsMessageContent"]):
        rcs(RcsMessageContent=opening)


@pytest.mark.rule("rcs-send-ttl")
def test_time_to_live(rcs, text, number, refused):
    """TimeToLive is 1 to 172800 seconds, and 5 to 259200 for other messages."""
    assert [rcs(TimeToLive=each).time_to_live for each in (1, 172800)] == [1, 172800]
    for wrong in (0, 172801):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["TimeToLive"]):
            rcs(TimeToLive=wrong)
    assert text(OriginationIdentity=number.id, TimeToLive=259200).time_to_live == 259200
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["TimeToLive"]):
        text(OriginationIdentity=number.id, TimeToLive=4)


@pytest.mark.rule("rcs-send-traffic-type")
def test_traffic_types(rcs, refused):
    """Seven words are taken, and change nothing."""
    words = ("AUTHENTICATION", "TRANSACTION", "PROMOTION", "SERVICE_REQUEST", "ACKNOWLEDGEMENT")
    words += ("TRANSACTIONAL", "PROMOTIONAL")
    plain = rcs().as_dict()
    changing = ("message_id", "created", "events")

    for word in words:
        same = rcs(MessageTrafficType=word).as_dict()
        assert {k: v for k, v in same.items() if k not in changing} == {
            k: v for k, v in plain.items() if k not in changing
        }
    with refused("ValidationException", "INVALID_PARAMETER", fields=["MessageTrafficType"]):
        rcs(MessageTrafficType="OTHER")


@pytest.mark.rule("rcs-send-dry-run")
def test_a_dry_run(sms, agent, emulator, refused):
    """A dry run validates, answers with a MessageId, and sends nothing."""
    asked = {"DestinationPhoneNumber": US, "OriginationIdentity": agent.id, "DryRun": True}

    assert sms.send_rcs_message(**asked, RcsMessageContent=words())["MessageId"]
    assert emulator.messages == []
    with refused("ValidationException", "INVALID_PARAMETER", fields=["RcsMessageContent"]):
        sms.send_rcs_message(**asked, RcsMessageContent=card(orientation="DIAGONAL"))


# What stands against it.


@pytest.mark.rule("rcs-send-not-active")
@pytest.mark.pinpoint_sms(registrations="required")
def test_an_agent_must_be_active(sms, emulator, account, refused):
    """An agent that was not launched cannot send, by either operation."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]

    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=agent):
        sms.send_rcs_message(
            DestinationPhoneNumber=US, OriginationIdentity=agent.id, RcsMessageContent=words()
        )
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=agent):
        sms.send_text_message(
            DestinationPhoneNumber=US, OriginationIdentity=agent.id, MessageBody="Hello"
        )


@pytest.fixture
def launching(sms, emulator, account):
    """Register an agent for a country, and hand that in."""

    def register(agent, country):
        registration_type = f"{country}_RCS_LAUNCH_REGISTRATION"
        made = sms.create_registration(RegistrationType=registration_type)["RegistrationId"]
        sms.create_registration_association(RegistrationId=made, ResourceId=agent.id)
        fill_in(sms, account.registrations[made])
        sms.submit_registration_version(RegistrationId=made)
        engine_of(emulator).run_due()
        return made

    return register


@pytest.mark.rule("rcs-send-launched", "rcs-send-not-active")
@pytest.mark.pinpoint_sms(registrations="required")
def test_an_agent_sends_where_it_was_launched(sms, emulator, account, launching, refused):
    """Where its launch is complete an agent sends, also while it is PARTIAL; elsewhere not."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    asked = {"OriginationIdentity": agent.id, "RcsMessageContent": words()}
    american, canadian = launching(agent, "US"), launching(agent, "CA")
    assert agent.status == "PENDING"
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=agent):
        sms.send_rcs_message(DestinationPhoneNumber=US, **asked)

    emulator.review(american, "COMPLETE")

    assert agent.status == "PARTIAL"
    sms.send_rcs_message(DestinationPhoneNumber=US, **asked)
    for send in (
        lambda: sms.send_rcs_message(DestinationPhoneNumber=CANADA, **asked),
        lambda: sms.send_text_message(
            DestinationPhoneNumber=CANADA, OriginationIdentity=agent.id, MessageBody="Hello"
        ),
    ):
        with refused(
            "ValidationException",
            "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
            fields=["OriginationIdentity"],
        ):
            send()

    emulator.review(canadian, "COMPLETE")

    assert agent.status == "ACTIVE"
    sms.send_rcs_message(DestinationPhoneNumber=CANADA, **asked)
    assert [each.recipient for each in emulator.messages] == [US, CANADA]
    # What is not yet submitted does not count.
    begun = sms.create_registration(RegistrationType="GB_RCS_LAUNCH_REGISTRATION")
    sms.create_registration_association(RegistrationId=begun["RegistrationId"], ResourceId=agent.id)
    assert agent.status == "ACTIVE"


@pytest.mark.rule("rcs-send-launched")
@pytest.mark.pinpoint_sms(registrations="required")
def test_a_pool_passes_an_agent_over_where_it_was_not_launched(
    sms, text, emulator, account, launching
):
    """A PARTIAL agent joins a pool, writes where it may, and leaves the rest to numbers."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    emulator.review(launching(agent, "US"), "COMPLETE")
    launching(agent, "GB")
    number = emulator.add_number("+16045550100")
    made = sms.create_pool(OriginationIdentity=agent.id, MessageType="TRANSACTIONAL")["PoolId"]
    sms.associate_origination_identity(PoolId=made, OriginationIdentity=number.id)

    assert agent.status == "PARTIAL"
    assert text(OriginationIdentity=made).sender == agent.id
    assert text(OriginationIdentity=made, DestinationPhoneNumber=CANADA).sender == "+16045550100"
    assert emulator.receive("Yes", sender=US, recipient=agent.id).message_id


def test_unknown_agents_and_pools_without_one(sms, pool, refused):
    """An unknown agent is not found; a pool without an agent has nobody who could send."""
    asked = {"DestinationPhoneNumber": US, "RcsMessageContent": words()}
    unknown = "rcs-" + "0" * 32
    with refused("ResourceNotFoundException", about=("rcs-agent", unknown)):
        sms.send_rcs_message(**asked, OriginationIdentity=unknown)
    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
        sms.send_rcs_message(**asked, OriginationIdentity=pool.id)


def test_countries(rcs, text, agent, refused):
    """RCS goes to Canada and other countries, and not to India."""
    assert rcs(DestinationPhoneNumber=CANADA).iso_country_code == "CA"
    for send in (rcs, text):
        with refused(
            "ValidationException", "DESTINATION_COUNTRY_BLOCKED", fields=["DestinationPhoneNumber"]
        ):
            send(DestinationPhoneNumber=INDIA, OriginationIdentity=agent.id)


def test_opted_out_people(sms, rcs, agent, refused):
    """The opt-out list of the agent counts."""
    sms.create_opt_out_list(OptOutListName="brand")
    sms.update_rcs_agent(RcsAgentId=agent.id, OptOutListName="brand")
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)
    assert rcs().status == "DELIVERED"
    sms.put_opted_out_number(OptOutListName="brand", OptedOutNumber=US)

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        rcs()


def test_protection(sms, rcs, protection, account, refused):
    """A protect configuration's rules for RCS and for SMS hold: either blocks."""

    def set_rule(capability, status):
        sms.update_protect_configuration_country_rule_set(
            ProtectConfigurationId=protection.id,
            NumberCapability=capability,
            CountryRuleSetUpdates={"US": {"ProtectStatus": status}},
        )

    for of_sms, of_rcs in (("BLOCK", "ALLOW"), ("ALLOW", "BLOCK")):
        set_rule("SMS", of_sms)
        set_rule("RCS", of_rcs)
        with refused(
            "ConflictException",
            "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
            about=protection,
        ):
            rcs(ProtectConfigurationId=protection.id)

    set_rule("RCS", "ALLOW")
    assert rcs(ProtectConfigurationId=protection.id).status == "DELIVERED"


@pytest.mark.rule("rcs-price-segments")
@pytest.mark.parametrize(("length", "segments"), [(1, 1), (160, 1), (161, 2), (320, 2), (3072, 20)])
def test_segments(rcs, length, segments):
    """A text to the US costs as much for each 160 characters; elsewhere it is one message."""
    american = rcs(RcsMessageContent=words("é" * length))
    canadian = rcs(DestinationPhoneNumber=CANADA, RcsMessageContent=words("é" * length))

    assert (american.parts, canadian.parts) == (segments, 1)
    assert (american.price, canadian.price) == (pytest.approx(PRICE * segments), PRICE)
    told = american.events[-1]
    assert told["totalMessageParts"] == segments
    assert told["totalMessagePrice"] + told["totalCarrierFee"] == pytest.approx(american.price)


@pytest.mark.rule("rcs-price-segments")
def test_segments_of_what_an_agent_chosen_for_a_text_sends(sms, text, agent, emulator, refused):
    """SendTextMessage is metered alike, and so are answers to keywords; a card is one segment."""
    long = {"OriginationIdentity": agent.id, "MessageBody": "a" * 161}
    assert text(**long, MaxPrice="0.02388").price == pytest.approx(2 * PRICE)
    with refused("ValidationException", "PRICE_OVER_THRESHOLD", fields=["MaxPrice"]):
        text(**long, MaxPrice="0.02387")

    sms.put_keyword(OriginationIdentity=agent.id, Keyword="MORE", KeywordMessage="a" * 161)
    emulator.receive("More", sender=US, recipient=agent.id)
    assert emulator.messages[-1].price == pytest.approx(2 * PRICE)
    sms.send_rcs_message(
        DestinationPhoneNumber=US,
        OriginationIdentity=agent.id,
        RcsMessageContent=card({"Title": "Shoes", "Description": "a" * 200}),
    )
    assert emulator.messages[-1].price == PRICE


@pytest.mark.rule("rcs-billing-type")
@pytest.mark.parametrize(
    ("recipient", "content", "billed"),
    [
        (US, words(), "RICH"),
        (CANADA, words("a" * 160), "BASIC"),
        (CANADA, words("a" * 161), "SINGLE"),
        (CANADA, words(Suggestions=[REPLY]), "RICH"),
        (CANADA, card(), "RICH"),
    ],
)
def test_what_a_message_is_billed_as(rcs, recipient, content, billed):
    """In the US all is RICH; elsewhere a text of up to 160 characters is BASIC."""
    message = rcs(DestinationPhoneNumber=recipient, RcsMessageContent=content)

    assert message.events[-1]["rcsMetadata"] == {"billingEventType": billed}


def test_the_price(rcs, refused):
    """MaxPrice is for the whole message."""
    assert rcs(MaxPrice="0.01194").price == PRICE
    with refused("ValidationException", "PRICE_OVER_THRESHOLD", fields=["MaxPrice"]):
        rcs(MaxPrice="0.01193")


@pytest.mark.rule("spend-enforced-rcs")
def test_the_spend_limit(sms, rcs, refused):
    """A message that would pass the month's RCS limit is refused."""
    sms.set_rcs_message_spend_limit_override(MonthlyLimit=0)

    with refused("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS"):
        rcs()


# What is heard.


def test_events(rcs, emulator, event_types_of):
    """By default a message is sent and delivered; people read it if a test says so."""
    assert event_types_of(rcs()) == [("RCS_SENT", False), ("RCS_DELIVERED", True)]

    emulator.outcome("RCS_READ")
    read = rcs()

    assert event_types_of(read) == [
        ("RCS_SENT", False),
        ("RCS_DELIVERED", True),
        ("RCS_READ", True),
    ]
    assert read.status == "READ"


def test_a_record(rcs, agent):
    """A record is as the user guide shows it."""
    message = rcs(RcsMessageContent=card())

    delivered = message.events[-1]
    del delivered["eventTimestamp"], delivered["messageRequestTimestamp"]
    assert delivered == {
        "eventType": "RCS_DELIVERED",
        "eventVersion": "1.0",
        "isFinal": True,
        "originationPhoneNumber": agent.id,
        "destinationPhoneNumber": US,
        "isoCountryCode": "US",
        "isInternationalSend": False,
        "messageId": message.id,
        "messageEncoding": "UNICODE",
        "messageType": "TRANSACTIONAL",
        "messageStatus": "DELIVERED",
        "messageStatusDescription": "Message has been accepted by phone",
        "totalMessageParts": 1,
        "totalMessagePrice": 0.007,
        "totalCarrierFee": 0.00494,
        "rcsMetadata": {"billingEventType": "RICH"},
        "rcsBusinessId": f"{agent.id[4:]}_agent",
        "agentIsoCountryCode": "US",
    }


@pytest.mark.rule("rcs-send-price")
@pytest.mark.parametrize("event", ["RCS_FAILED", "RCS_TTL_EXPIRED"])
def test_a_message_that_does_not_arrive(rcs, emulator, account, event_types_of, event):
    """Without a fallback a failure is final, and costs nothing."""
    emulator.outcome(event)
    message = rcs()

    assert event_types_of(message) == [(event, True)]
    assert message.price == 0
    assert [float(spent["RCS"]) for spent in account.spent.values()] == [0]


def test_a_message_that_expires(rcs, emulator, event_types_of):
    """A message of which no delivery is heard expires with its time to live."""
    emulator.outcome("RCS_SENT")
    message = rcs(TimeToLive=30)

    before = event_types_of(message)
    emulator.clock.advance(seconds=30)

    assert before == [("RCS_SENT", False)]
    assert event_types_of(message) == [("RCS_SENT", False), ("RCS_TTL_EXPIRED", True)]


@pytest.mark.rule("rcs-send-no-ttl")
def test_a_message_without_time_to_live_does_not_expire(rcs, emulator, number, event_types_of):
    """Without TimeToLive a message waits to be delivered, and nothing falls back meanwhile."""
    emulator.outcome("RCS_SENT")
    message = rcs(FallbackConfiguration=SMS | {"OriginationIdentity": number.id})
    plain = rcs()

    emulator.clock.advance(days=365)

    assert event_types_of(message) == event_types_of(plain) == [("RCS_SENT", False)]
    assert emulator.messages == [message, plain]


# Fallback.


@pytest.mark.rule("rcs-send-fallback-sms")
@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("MISSING_PARAMETER", {"Channel": "SMS"}),
        ("INVALID_PARAMETER", SMS | {"MediaUrls": ["s3://pictures/cat.png"]}),
        ("INVALID_PARAMETER", {"Channel": "SMS", "MediaUrls": ["s3://pictures/cat.png"]}),
        ("MISSING_PARAMETER", {"Channel": "MMS"}),
    ],
)
def test_what_a_fallback_needs(rcs, number, refused, wrong, reason):
    """SMS needs a text and takes no files; MMS needs one of both."""
    with refused("ValidationException", reason, fields=["FallbackConfiguration"]):
        rcs(FallbackConfiguration=wrong | {"OriginationIdentity": number.id})


@pytest.mark.rule("rcs-send-fallback-sms")
@pytest.mark.parametrize(
    "content",
    [
        {"MessageBody": "Shoes"},
        {"MediaUrls": ["s3://pictures/cat.png"]},
        {"MessageBody": "Shoes", "MediaUrls": ["s3://pictures/cat.png"]},
    ],
)
def test_falling_back_to_mms(rcs, emulator, mms_number, content):
    """An MMS has a text, a file or both."""
    emulator.outcome("RCS_FAILED")
    asked = {"Channel": "MMS", "OriginationIdentity": mms_number.phone_number, **content}
    message = rcs(FallbackConfiguration=asked)

    [_, sent] = emulator.messages
    assert (sent.channel, sent.sender, sent.fallback_of) == (
        "media",
        mms_number.phone_number,
        message.id,
    )
    assert sent.body == content.get("MessageBody")
    assert sent.media_urls == content.get("MediaUrls", [])


@pytest.mark.rule("rcs-send-fallback-identity")
def test_who_falls_back(sms, rcs, emulator, agent, number, sender_id, mixed, refused):
    """A number, or else one of the pool; no pool, no agent, and not nobody."""
    emulator.outcome("RCS_FAILED")
    for name in (number.phone_number, number.id, number.arn):
        rcs(FallbackConfiguration=SMS | {"OriginationIdentity": name})
    for name in (sender_id.id, sender_id.arn):
        asked = SMS | {"OriginationIdentity": name}
        rcs(DestinationPhoneNumber=BRITAIN, FallbackConfiguration=asked)
    senders = [each.sender for each in emulator.messages if each.fallback_of]
    assert senders == [number.phone_number] * 3 + ["SHOP"] * 2
    engine_of(emulator).state.messages.clear()

    rcs(OriginationIdentity=mixed.id, FallbackConfiguration=SMS)

    [first, second] = emulator.messages
    assert (first.sender, second.sender) == (agent.id, number.phone_number)
    assert second.pool_id == mixed.id
    for wrong in (mixed.id, mixed.arn, agent.id, agent.arn):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["FallbackConfiguration"]):
            rcs(FallbackConfiguration=SMS | {"OriginationIdentity": wrong})
    with refused("ValidationException", "MISSING_PARAMETER", fields=["FallbackConfiguration"]):
        rcs(FallbackConfiguration=SMS)
    with refused("ResourceNotFoundException", about=("phone-number", "phone-" + "0" * 32)):
        rcs(FallbackConfiguration=SMS | {"OriginationIdentity": "phone-" + "0" * 32})


@pytest.mark.rule("rcs-send-fallback-trigger", "rcs-send-price")
def test_falling_back_after_a_failure(rcs, emulator, number, account, event_types_of):
    """A failed message is sent as SMS at once; there is one final event, and one price."""
    emulator.outcome("RCS_FAILED")
    asked = SMS | {"OriginationIdentity": number.id}
    message = rcs(FallbackConfiguration=asked, Context={"order": "7"})

    [_, sent] = emulator.messages
    assert event_types_of(message) == [("RCS_FALLEN_BACK_TO_SMS", False)]
    assert event_types_of(sent) == [("TEXT_SUCCESSFUL", False), ("TEXT_DELIVERED", True)]
    assert (sent.body, sent.fallback_of, sent.context) == (
        "Shoes: they run",
        message.id,
        {"order": "7"},
    )
    # The caller knows one id.
    assert {each["messageId"] for each in [*message.events, *sent.events]} == {message.id}
    assert (message.price, sent.price) == (0, TEXT_PRICE)
    [spent] = account.spent.values()
    assert {kind: float(total) for kind, total in spent.items()} == {"RCS": 0, "TEXT": TEXT_PRICE}


@pytest.mark.rule("rcs-send-fallback-trigger")
def test_falling_back_when_time_ends(rcs, emulator, number, event_types_of):
    """A message that is sent and not delivered within its time to live is sent as SMS then."""
    emulator.outcome("RCS_SENT")
    message = rcs(TimeToLive=60, FallbackConfiguration=SMS | {"OriginationIdentity": number.id})

    emulator.clock.advance(seconds=59)
    before = event_types_of(message)
    emulator.clock.advance(seconds=1)

    assert before == [("RCS_SENT", False)]
    assert event_types_of(message) == [("RCS_SENT", False), ("RCS_FALLEN_BACK_TO_SMS", False)]
    assert emulator.messages[-1].fallback_of == message.id


@pytest.mark.rule("rcs-send-fallback-trigger")
@pytest.mark.pinpoint_sms(delivery_seconds=100)
def test_falling_back_when_it_takes_too_long(rcs, emulator, number, event_types_of):
    """A message that would be delivered later than its time to live is sent as SMS."""
    asked = {"FallbackConfiguration": SMS | {"OriginationIdentity": number.id}}
    slow, patient = rcs(TimeToLive=60, **asked), rcs(TimeToLive=100, **asked)

    emulator.clock.advance(seconds=100)

    assert event_types_of(slow) == [("RCS_SENT", False), ("RCS_FALLEN_BACK_TO_SMS", False)]
    assert event_types_of(patient) == [("RCS_SENT", False), ("RCS_DELIVERED", True)]
    assert [each.fallback_of for each in emulator.messages] == [None, None, slow.id]


@pytest.mark.rule("rcs-send-fallback-trigger")
@pytest.mark.pinpoint_sms(delivery_seconds=100)
def test_the_time_to_live_is_that_of_the_rcs_message(rcs, emulator, number, event_types_of):
    """What is sent as SMS in the end has the time that an SMS has."""
    rcs(TimeToLive=1, FallbackConfiguration=SMS | {"OriginationIdentity": number.id})

    emulator.clock.advance(seconds=101)

    sent = emulator.messages[-1]
    assert (sent.time_to_live, event_types_of(sent)[-1]) == (259_200, ("TEXT_DELIVERED", True))


def test_no_fallback_where_it_arrives(rcs, emulator, number):
    """What is delivered is not sent again."""
    rcs(FallbackConfiguration=SMS | {"OriginationIdentity": number.id})
    emulator.clock.advance(days=3)

    assert [each.status for each in emulator.messages] == ["DELIVERED"]


def test_a_fallback_that_cannot_be_sent(sms, rcs, emulator, number, event_types_of):
    """What stands against the SMS stands against the fallback, and the message has failed."""
    emulator.outcome("RCS_FAILED")
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)

    message = rcs(FallbackConfiguration=SMS | {"OriginationIdentity": number.id})

    assert event_types_of(message) == [("RCS_FAILED", True)]
    assert emulator.messages == [message]


def test_a_snapshot_holds_a_fallback(rcs, emulator, number, event_types_of):
    """A fallback that is still to come comes after a restart too."""
    emulator.outcome("RCS_SENT")
    asked = {"FallbackConfiguration": SMS | {"OriginationIdentity": number.id}}
    suggestion = {"CreateCalendarEvent": EVENT | {"StartTime": 1, "EndTime": 2}}
    rcs(TimeToLive=60, RcsMessageContent=words(Suggestions=[suggestion]), **asked)

    emulator.restore(emulator.snapshot())
    emulator.clock.advance(seconds=60)

    assert [each.channel for each in emulator.messages] == ["rcs", "text"]


# SendTextMessage.


@pytest.mark.rule("rcs-send-first")
def test_an_agent_comes_first(text, agent, mixed, number):
    """In a pool, and in the account, an agent is chosen before a number."""
    assert text(OriginationIdentity=mixed.id).sender == agent.id
    assert text(OriginationIdentity=None, DestinationPhoneNumber=CANADA).sender == agent.id


@pytest.mark.rule("rcs-send-first")
def test_who_wrote_last_comes_before_an_agent(text, emulator, mixed, number, agent):
    """A number that has written to somebody in 25 hours writes again; then it is the agent."""
    text(OriginationIdentity=number.id)

    assert text(OriginationIdentity=mixed.id).sender == number.phone_number
    emulator.clock.advance(hours=25)
    assert text(OriginationIdentity=mixed.id).sender == agent.id


@pytest.mark.rule("rcs-send-first")
def test_a_text_by_an_agent_falls_back(text, emulator, mixed, number, event_types_of):
    """What is not delivered within 25 seconds is sent as SMS by a number of the pool."""
    emulator.outcome("RCS_SENT", times=1)
    message = text(OriginationIdentity=mixed.id, MessageType="TRANSACTIONAL")

    emulator.clock.advance(seconds=24)
    assert event_types_of(message) == [("RCS_SENT", False)]
    emulator.clock.advance(seconds=1)

    assert event_types_of(message) == [("RCS_SENT", False), ("RCS_FALLEN_BACK_TO_SMS", False)]
    sent = emulator.messages[-1]
    assert (sent.sender, sent.body, sent.fallback_of) == (
        number.phone_number,
        "Hello",
        message.id,
    )
    # The number has written last.
    assert text(OriginationIdentity=mixed.id).sender == number.phone_number


@pytest.mark.rule("rcs-send-first")
def test_a_text_of_the_account_falls_back(text, emulator, agent, number):
    """Where nobody is named, any number of the account steps in."""
    emulator.outcome("RCS_FAILED")
    text()

    assert [each.sender for each in emulator.messages] == [agent.id, number.phone_number]


@pytest.mark.rule("rcs-send-first")
def test_no_fallback_for_an_agent_that_is_named(text, emulator, agent, number, event_types_of):
    """What is sent through an agent by name is sent as RCS or not at all."""
    emulator.outcome("RCS_FAILED")
    message = text(OriginationIdentity=agent.id)

    assert event_types_of(message) == [("RCS_FAILED", True)]
    assert emulator.messages == [message]


def test_a_pool_without_numbers(sms, text, emulator, agent, event_types_of):
    """A pool of an agent alone has nothing to fall back to."""
    emulator.outcome("RCS_FAILED")
    made = sms.create_pool(
        OriginationIdentity=agent.id, IsoCountryCode="US", MessageType="PROMOTIONAL"
    )
    message = text(OriginationIdentity=made["PoolId"])

    assert event_types_of(message) == [("RCS_FAILED", True)]
    assert message.message_type == "PROMOTIONAL"


# People.


def test_people_write_to_agents(emulator, agent, rcs, sms):
    """A person answers an agent, which has keywords and a two-way channel as numbers have."""
    sms.update_rcs_agent(
        RcsAgentId=agent.id,
        TwoWayEnabled=True,
        TwoWayChannelArn="arn:aws:sns:us-east-1:123456789012:answers",
    )
    sent = rcs()

    inbound = emulator.receive("Stop", sender=US, recipient=agent.id)

    assert (inbound.keyword, inbound.action) == ("STOP", "OPT_OUT")
    received, reply = emulator.messages[-2:]
    assert (received.channel, received.sender, received.recipient) == ("rcs", US, agent.id)
    assert (reply.channel, reply.sender, reply.in_reply_to) == ("rcs", agent.id, received.id)
    [told] = received.events
    assert told["previousPublishedMessageId"] == sent.id
    assert told["destinationNumber"] == agent.id


@pytest.mark.pinpoint_sms(registrations="required")
def test_nobody_writes_to_an_agent_that_is_not_active(sms, emulator):
    """An agent that was not launched receives nothing."""
    agent = sms.create_rcs_agent()["RcsAgentId"]

    with pytest.raises(ValueError, match="it is CREATED"):
        emulator.receive("Hello", sender=US, recipient=agent)


@pytest.mark.rule("rcs-send-size")
def test_a_message_has_250_kilobytes(sms, rcs, refused):
    """More than 250 KB of content in all is refused."""

    def carousel(postback):
        suggestion = {"Reply": {"Text": "Yes", "PostbackData": postback}}
        card = {
            "Title": "ж" * 200,
            "Description": "ж" * 2000,
            "Suggestions": [suggestion] * 4,
        }
        content = {"Carousel": {"CardWidth": "MEDIUM", "CardContents": [card] * 10}}
        return {"Content": content, "Suggestions": [suggestion] * 11}

    assert rcs(RcsMessageContent=carousel("a" * 2000)).status == "DELIVERED"
    with refused("ValidationException", "INVALID_PARAMETER", fields=["RcsMessageContent"]):
        rcs(RcsMessageContent=carousel("語" * 2048))
