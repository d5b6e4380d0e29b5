"""SendRcsMessage, agents that SendTextMessage chooses, and what both fall back to."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from tests.filling import fill_in
from tests.messaging.people import CANADA, INDIA, US
from tests.messaging.sending.rcs_content import CARD, EVENT, OPEN, REPLY, card, carousel, words

pytestmark = pytest.mark.since("1.44.5")

# An RCS message to the US, fee included.
PRICE = 0.01194

BROKEN = ("ValidationException", "FIELD_VALIDATION_FAILED")

# Valid requests.


@pytest.mark.rule("rcs-send-required")
def test_destination_and_origin_are_required(sms, agent, number, refused):
    """DestinationPhoneNumber and OriginationIdentity, an agent or a pool, are required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["OriginationIdentity"]):
        sms.send_rcs_message(DestinationPhoneNumber=US, RcsMessageContent=words())
    with refused("ValidationException", "MISSING_PARAMETER", fields=["DestinationPhoneNumber"]):
        sms.send_rcs_message(OriginationIdentity=agent.id, RcsMessageContent=words())
    with refused("ValidationException", "INVALID_PARAMETER", fields=["OriginationIdentity"]):
        sms.send_rcs_message(
            DestinationPhoneNumber=US, OriginationIdentity=number.id, RcsMessageContent=words()
        )


@pytest.mark.rule("rcs-send-required")
def test_content_is_required(sms, agent, refused):
    """A message without content is refused."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["RcsMessageContent"]):
        sms.send_rcs_message(DestinationPhoneNumber=US, OriginationIdentity=agent.id)


def test_the_stored_message(rcs, agent, account):
    """It has its content, its price counts towards the RCS limit, and it is delivered."""
    message = rcs(RcsMessageContent=card(), Context={"order": "7"})

    assert message.as_dict() | {"events": []} == {
        "message_id": message.id,
        "account_id": "123456789012",
        "region": "us-east-1",
        "channel": "rcs",
        "api": "pinpoint-sms-voice-v2",
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
        "interaction": None,
        "fallback": None,
        "fallback_of": None,
        "events": [],
    }
    assert [float(spent["RCS"]) for spent in account.spent.values()] == [PRICE]


@pytest.mark.rule("rcs-send-content-one")
def test_content_is_one_thing(sms, rcs, agent, refused):
    """Content is exactly one of text, file, card and carousel."""
    for content in (words(), file("s3://pictures/cat.png"), card(), carousel()):
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


def with_media(height, url="s3://pictures/cat.png", **more):
    """A card with a picture."""
    return {"Media": {"FileUrl": url, "Height": height, **more}}


def file(url, **more):
    """Content that is a file."""
    return {"Content": {"FileMessage": {"FileUrl": url, **more}}}


@pytest.mark.rule("rcs-send-file-type")
@pytest.mark.parametrize(
    "content",
    [
        *(file(f"s3://media/a.{each}") for each in ("jpg", "JPEG", "gif", "webm", "aac", "pdf")),
        file("s3://media.folder/a"),
        file("s3://media/a.mp4", ThumbnailUrl="s3://media/a.jpg"),
        file("https://example.com/a.docx", ThumbnailUrl="https://example.com/a.gif"),
        card(with_media("SHORT", "s3://media/a.mp4", ThumbnailUrl="s3://media/a.PNG")),
    ],
)
def test_types_of_files(rcs, content):
    """Files have the types of the user guide; those that are not in S3 are not examined."""
    assert rcs(RcsMessageContent=content).status == "DELIVERED"


@pytest.mark.rule("rcs-send-file-type")
@pytest.mark.parametrize(
    "content",
    [
        file("s3://media/a.docx"),
        file("s3://media/a.mp4", ThumbnailUrl="s3://media/a.gif"),
        card(with_media("SHORT", "s3://media/a.tiff")),
        carousel([CARD, with_media("SHORT", ThumbnailUrl="s3://media/a.mp4")]),
    ],
)
def test_files_of_other_types_are_refused(rcs, refused, content):
    """A file and a card's media have some types, a thumbnail is JPEG or PNG."""
    with refused("ValidationException", "MEDIA_TYPE_NOT_SUPPORTED", fields=["RcsMessageContent"]):
        rcs(RcsMessageContent=content)


@pytest.mark.rule("rcs-send-card", "rcs-send-values", "rcs-send-calendar")
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
def test_valid_combinations(rcs, content):
    """A horizontal card has its picture left or right; a web view has a mode."""
    assert rcs(RcsMessageContent=content).status == "DELIVERED"


@pytest.mark.rule("rcs-send-card", "rcs-send-card-content", "rcs-send-values", "rcs-send-calendar")
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
def test_invalid_combinations(rcs, refused, wrong):
    """The alignment is for horizontal cards, the mode for web views; other values are refused."""
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
    """Seven words are accepted, and have no effect."""
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
    """A dry run is validated and answered with a MessageId, but not sent."""
    members = {"DestinationPhoneNumber": US, "OriginationIdentity": agent.id, "DryRun": True}

    assert sms.send_rcs_message(**members, RcsMessageContent=words())["MessageId"]
    assert emulator.messages == []
    with refused("ValidationException", "INVALID_PARAMETER", fields=["RcsMessageContent"]):
        sms.send_rcs_message(**members, RcsMessageContent=card(orientation="DIAGONAL"))


# Refusals.


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
    members = {"OriginationIdentity": agent.id, "RcsMessageContent": words()}
    american, canadian = launching(agent, "US"), launching(agent, "CA")
    assert agent.status == "PENDING"
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=agent):
        sms.send_rcs_message(DestinationPhoneNumber=US, **members)

    emulator.review(american, "COMPLETE")

    assert agent.status == "PARTIAL"
    sms.send_rcs_message(DestinationPhoneNumber=US, **members)
    for send in (
        lambda: sms.send_rcs_message(DestinationPhoneNumber=CANADA, **members),
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
    sms.send_rcs_message(DestinationPhoneNumber=CANADA, **members)
    assert [each.recipient for each in emulator.messages] == [US, CANADA]
    # Registrations that are not submitted do not count.
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


@pytest.mark.rule("rcs-unknown", "rcs-send-no-agent")
def test_unknown_agents_and_pools_without_one(sms, pool, refused):
    """An unknown agent is not found; a pool without an agent has no origin that can send."""
    members = {"DestinationPhoneNumber": US, "RcsMessageContent": words()}
    unknown = "rcs-" + "0" * 32
    with refused("ResourceNotFoundException", about=("rcs-agent", unknown)):
        sms.send_rcs_message(**members, OriginationIdentity=unknown)
    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
        sms.send_rcs_message(**members, OriginationIdentity=pool.id)


@pytest.mark.rule("rcs-send-countries")
def test_countries(rcs, text, agent, refused):
    """RCS goes to Canada and other countries, and not to India."""
    assert rcs(DestinationPhoneNumber=CANADA).iso_country_code == "CA"
    for send in (rcs, text):
        with refused(
            "ValidationException", "DESTINATION_COUNTRY_BLOCKED", fields=["DestinationPhoneNumber"]
        ):
            send(DestinationPhoneNumber=INDIA, OriginationIdentity=agent.id)


@pytest.mark.rule("rcs-send-opted-out")
def test_opted_out_recipients(sms, rcs, agent, refused):
    """The agent's opt-out list applies."""
    sms.create_opt_out_list(OptOutListName="brand")
    sms.update_rcs_agent(RcsAgentId=agent.id, OptOutListName="brand")
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)
    assert rcs().status == "DELIVERED"
    sms.put_opted_out_number(OptOutListName="brand", OptedOutNumber=US)

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        rcs()


@pytest.mark.rule("protect-rcs")
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
    result = american.events[-1]
    assert result["totalMessageParts"] == segments
    assert result["totalMessagePrice"] + result["totalCarrierFee"] == pytest.approx(american.price)


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
def test_billing_types(rcs, recipient, content, billed):
    """In the US all messages are RICH; elsewhere a text of up to 160 characters is BASIC."""
    message = rcs(DestinationPhoneNumber=recipient, RcsMessageContent=content)

    assert message.events[-1]["rcsMetadata"] == {"billingEventType": billed}


@pytest.mark.rule("rcs-send-max-price")
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


@pytest.mark.rule("rcs-send-rate")
@pytest.mark.pinpoint_sms(throttling=True)
def test_a_long_text_counts_once(emulator, sms, agent, refused):
    """An agent sends ten messages a second, however long."""
    emulator.clock.freeze()

    def send():
        sms.send_text_message(
            DestinationPhoneNumber=US, OriginationIdentity=agent.id, MessageBody="a" * 1600
        )

    for _ in range(10):
        send()
    with refused("ThrottlingException"):
        send()
