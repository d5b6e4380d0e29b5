"""SendMediaMessage: valid requests, refusals, and stored messages."""

import pytest

from tests.messaging.people import CANADA, GERMANY, SIMULATOR_SUCCESS, US

# An MMS to the US, fee included.
PRICE = 0.0295

PICTURE = {"DestinationPhoneNumber": US, "MediaUrls": ["s3://pictures/cat.png"]}


@pytest.mark.rule("media-required")
def test_destination_and_origin_are_required(sms, mms_number, refused):
    """DestinationPhoneNumber and OriginationIdentity are required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["OriginationIdentity"]):
        sms.send_media_message(**PICTURE)
    with refused("ValidationException", "MISSING_PARAMETER", fields=["DestinationPhoneNumber"]):
        sms.send_media_message(OriginationIdentity=mms_number.id, MessageBody="Hello")


@pytest.mark.rule("media-content")
def test_text_or_file_is_required(sms, media, mms_number, refused):
    """A text, a file or both can be sent; an empty message is refused."""
    assert media(MediaUrls=None, MessageBody="Hello").body == "Hello"
    assert media().media_urls == ["s3://pictures/cat.png"]
    assert media(MessageBody="A cat").body == "A cat"
    with refused("ValidationException", "MISSING_PARAMETER", fields=["MediaUrls"]):
        sms.send_media_message(DestinationPhoneNumber=US, OriginationIdentity=mms_number.id)


@pytest.mark.rule("media-urls-count")
@pytest.mark.parametrize("urls", [[], ["s3://pictures/cat.png", "s3://pictures/dog.png"]])
def test_there_is_one_file(sms, mms_number, refused, urls):
    """MediaUrls has exactly one entry."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MediaUrls"]):
        sms.send_media_message(
            DestinationPhoneNumber=US, OriginationIdentity=mms_number.id, MediaUrls=urls
        )


@pytest.mark.rule("media-url-format")
@pytest.mark.parametrize(
    "wrong",
    [
        "https://pictures/cat.png",
        "s3://pictures",
        "s3://pictures/",
        "s3://pi/cat.png",
        f"s3://{'a' * 64}/cat.png",
        f"s3://pictures/{'a' * 2035}",
    ],
)
def test_files_are_in_s3(sms, mms_number, refused, wrong):
    """A media URL is an s3:// URI of a bucket and a key, of limited length."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MediaUrls"]):
        sms.send_media_message(
            DestinationPhoneNumber=US, OriginationIdentity=mms_number.id, MediaUrls=[wrong]
        )


@pytest.mark.rule("media-url-format")
def test_the_longest_media_urls_are_accepted(media):
    """A media URL of 2048 characters with a bucket of 3 or of 63 is taken."""
    for bucket in ("abc", "a" * 63):
        url = f"s3://{bucket}/".ljust(2048, "k")

        assert media(MediaUrls=[url]).media_urls == [url]


@pytest.mark.rule("media-capability")
def test_a_number_must_do_mms(sms, number, refused):
    """A number without the MMS capability cannot send one."""
    with refused("ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=number):
        sms.send_media_message(**PICTURE, OriginationIdentity=number.id)


@pytest.mark.rule("media-sender-id-doc")
def test_sender_ids_send_no_mms(sms, sender_id, refused):
    """A sender ID, by name or ARN, is refused."""
    for name in ("SHOP", "NOBODY", sender_id.arn):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["OriginationIdentity"]):
            sms.send_media_message(**PICTURE, OriginationIdentity=name)


@pytest.mark.rule("media-pool-member")
def test_a_pool_picks_a_member_that_can(sms, emulator, media, number, refused):
    """A pool sends from a member with MMS; a pool without one cannot."""
    made = sms.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )["PoolId"]
    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=("pool", made)):
        sms.send_media_message(**PICTURE, OriginationIdentity=made)

    able = emulator.add_number("+12065550108", pool_id=made)

    assert media(OriginationIdentity=made).sender == able.phone_number


@pytest.mark.rule("media-countries")
def test_few_countries_take_mms(sms, media, mms_number, refused):
    """MMS go to Canada and the US, and to the simulator's numbers."""
    for person in (US, CANADA, SIMULATOR_SUCCESS):
        assert media(DestinationPhoneNumber=person).recipient == person
    with refused(
        "ValidationException", "DESTINATION_COUNTRY_BLOCKED", fields=["DestinationPhoneNumber"]
    ):
        sms.send_media_message(
            **(PICTURE | {"DestinationPhoneNumber": GERMANY}), OriginationIdentity=mms_number.id
        )


@pytest.mark.rule("media-body")
@pytest.mark.parametrize("body", ["", " \n", "a" * 1601])
def test_a_body_is_as_of_a_text(sms, media, mms_number, refused, body):
    """A body has 1 to 1600 characters and is not blank; it is one part all the same."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MessageBody"]):
        sms.send_media_message(**PICTURE, OriginationIdentity=mms_number.id, MessageBody=body)

    message = media(MessageBody="a" * 1600)
    assert (message.parts, message.price) == (1, PRICE)


@pytest.mark.rule("media-max-price")
def test_an_mms_is_not_dearer_than_allowed(sms, media, mms_number, refused):
    """MaxPrice is compared with the price of the whole MMS."""
    assert media(MaxPrice="0.0295").price == PRICE
    with refused("ValidationException", "PRICE_OVER_THRESHOLD", fields=["MaxPrice"]):
        sms.send_media_message(**PICTURE, OriginationIdentity=mms_number.id, MaxPrice="0.0294")


@pytest.mark.rule("media-opted-out")
def test_opted_out_recipients_get_no_mms(sms, mms_number, refused):
    """MMS to recipients on the number's list are refused."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        sms.send_media_message(**PICTURE, OriginationIdentity=mms_number.id)


@pytest.mark.since("1.36")
@pytest.mark.rule("media-protect")
def test_protection_has_rules_for_mms(sms, media, mms_number, refused):
    """The MMS rule of the country, and an override of the number, hold for MMS."""
    made = sms.create_protect_configuration()["ProtectConfigurationId"]
    for capability, status in (("SMS", "BLOCK"), ("MMS", "ALLOW")):
        sms.update_protect_configuration_country_rule_set(
            ProtectConfigurationId=made,
            NumberCapability=capability,
            CountryRuleSetUpdates={"US": {"ProtectStatus": status}},
        )
    members = {**PICTURE, "OriginationIdentity": mms_number.id, "ProtectConfigurationId": made}
    about = ("protect-configuration", made)

    assert media(ProtectConfigurationId=made).recipient == US

    sms.put_protect_configuration_rule_set_number_override(
        ProtectConfigurationId=made, DestinationPhoneNumber=US, Action="BLOCK"
    )
    with refused(
        "ConflictException",
        "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
        about=about,
    ):
        sms.send_media_message(**members)

    sms.delete_protect_configuration_rule_set_number_override(
        ProtectConfigurationId=made, DestinationPhoneNumber=US
    )
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=made,
        NumberCapability="MMS",
        CountryRuleSetUpdates={"US": {"ProtectStatus": "BLOCK"}},
    )
    with refused(
        "ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION", about=about
    ):
        sms.send_media_message(**members)


@pytest.mark.rule("spend-enforced-media")
def test_the_months_limit_holds(sms, emulator, media, refused):
    """An MMS that would pass the month's limit is refused."""
    sms.set_media_message_spend_limit_override(MonthlyLimit=1)
    while sum(message.price for message in emulator.messages) < 1 - PRICE:
        media()

    with refused("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA"):
        media()


@pytest.mark.rule("media-dry-run")
def test_a_dry_run_sends_nothing(sms, emulator, mms_number, refused):
    """A dry run is validated and answered with a MessageId, but not sent."""
    members = {"OriginationIdentity": mms_number.id, "DryRun": True}

    assert sms.send_media_message(**PICTURE, **members)["MessageId"]
    assert emulator.messages == []
    with refused("ValidationException", "PRICE_OVER_THRESHOLD", fields=["MaxPrice"]):
        sms.send_media_message(**PICTURE, **members, MaxPrice=".01")


@pytest.mark.rule("media-response")
def test_the_answer_is_a_message_id(sms, emulator, mms_number):
    """The answer has only a MessageId."""
    answer = sms.send_media_message(**PICTURE, OriginationIdentity=mms_number.id)

    assert set(answer) == {"MessageId", "ResponseMetadata"}
    assert [message.id for message in emulator.messages] == [answer["MessageId"]]


@pytest.mark.rule("media-no-message-type")
def test_an_mms_has_no_message_type(sms, media, with_members):
    """MessageType and Keyword are not members: their values are ignored."""
    plain = media()
    with_members(sms, MessageType="ANY", Keyword="")

    assert media().message_type == plain.message_type
