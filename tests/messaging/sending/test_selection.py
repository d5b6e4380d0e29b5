"""From what a message is sent: what is named, or what the service chooses."""

import pytest

from tests.messaging.people import (
    BRITAIN,
    CANADA,
    GERMANY,
    INDIA,
    PUERTO_RICO,
    SIMULATOR_SUCCESS,
    US,
    US_TOO,
)

WRONG_COUNTRY = ("ValidationException", "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY")


@pytest.fixture
def make_pool(sms, account):
    """Make an ACTIVE pool of these."""

    def make(first, others=(), **settings):
        made = sms.create_pool(
            OriginationIdentity=first.arn,
            IsoCountryCode=first.iso_country_code,
            MessageType="TRANSACTIONAL",
        )
        for other in others:
            sms.associate_origination_identity(
                PoolId=made["PoolId"],
                OriginationIdentity=other.arn,
                IsoCountryCode=other.iso_country_code,
            )
        if settings:
            sms.update_pool(PoolId=made["PoolId"], **settings)
        return account.pools[made["PoolId"]]

    return make


# Named.


@pytest.mark.rule("text-origination-forms", "text-origination-e164-plus")
def test_an_identity_has_many_names(text, voice, media, number, mms_number, sender_id, make_pool):
    """Number, id and ARN of a number, id and ARN of a pool, name and ARN of a sender ID."""
    pool = make_pool(number)

    for name in (number.phone_number, number.phone_number[1:], number.id, number.arn):
        assert text(OriginationIdentity=name).sender == number.phone_number
        assert voice(OriginationIdentity=name).sender == number.phone_number
    assert media(OriginationIdentity=mms_number.phone_number).sender == mms_number.phone_number
    for name in (pool.id, pool.arn):
        assert text(OriginationIdentity=name).pool_id == pool.id
    for name in ("SHOP", "shop", sender_id.arn):
        message = text(OriginationIdentity=name, DestinationPhoneNumber=BRITAIN)
        assert (message.sender, message.origination_identity) == ("SHOP", "SHOP")


@pytest.mark.rule("text-origination-unknown-phone")
def test_a_number_must_be_the_accounts(sms, client, account, refused):
    """A number that the account does not have is not found, by number, id or ARN."""
    unknown = "phone-" + "0" * 32
    arn = f"arn:aws:sms-voice:us-east-1:{account.account_id}:phone-number/{unknown}"
    asked = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}

    for send in (sms.send_text_message, sms.send_voice_message, sms.send_media_message):
        for name in ("+12065559999", unknown, arn):
            about = ("phone-number", unknown if name == arn else name)
            with refused("ResourceNotFoundException", about=about):
                send(**asked, OriginationIdentity=name)


@pytest.mark.rule("text-origination-unknown-pool")
def test_a_pool_must_exist(sms, account, refused):
    """A pool that does not exist is not found, by id or ARN."""
    unknown = "pool-" + "0" * 32
    arn = f"arn:aws:sms-voice:us-east-1:{account.account_id}:pool/{unknown}"

    for send in (sms.send_text_message, sms.send_voice_message, sms.send_media_message):
        for name in (unknown, arn):
            with refused("ResourceNotFoundException", about=("pool", unknown)):
                send(DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=name)


def test_an_arn_must_be_an_identitys(sms, account, refused):
    """The ARN of something that cannot send is refused as such."""
    arn = account.opt_out_lists["Default"].arn

    with refused("ValidationException", "INVALID_ARN", fields=["OriginationIdentity"]):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=arn
        )


@pytest.mark.rule("text-origination-unknown-sender")
def test_a_sender_id_must_be_the_accounts(sms, refused):
    """A sender ID that the account has nowhere is not registered."""
    with refused("ValidationException", "SENDER_ID_NOT_REGISTERED", fields=["OriginationIdentity"]):
        sms.send_text_message(
            DestinationPhoneNumber=BRITAIN, MessageBody="Hello", OriginationIdentity="SHOP"
        )


@pytest.mark.rule("text-origination-sender-by-country")
def test_a_sender_id_is_that_of_the_country(sms, text, account, sender_id):
    """A bare sender ID means the one of the destination's country."""
    sms.request_sender_id(SenderId="SHOP", IsoCountryCode="DE", MessageTypes=["PROMOTIONAL"])

    british, german = (
        text(DestinationPhoneNumber=person, OriginationIdentity="SHOP")
        for person in (BRITAIN, GERMANY)
    )

    assert (british.sender, british.message_type) == ("SHOP", sender_id.message_types[0])
    assert (german.sender, german.message_type) == ("SHOP", "PROMOTIONAL")


@pytest.mark.rule("text-identity-sender-country")
def test_sender_ids_do_not_work_everywhere(sms, sender_id, refused):
    """No sender ID, by name or ARN, writes to a country that has none."""
    for name in ("SHOP", "OTHER", sender_id.arn):
        with refused(
            "ValidationException", "SENDER_ID_NOT_SUPPORTED", fields=["OriginationIdentity"]
        ):
            sms.send_text_message(
                DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=name
            )


@pytest.mark.rule("text-identity-country")
def test_some_stay_in_their_country(sms, emulator, text, number, sender_id, refused):
    """Sender IDs, short codes and simulators stay; another number, once named, goes abroad."""
    short_code = emulator.add_number("20655", number_type="SHORT_CODE")
    simulator = emulator.add_number("+12065550105", number_type="SIMULATOR")

    for name, person in (
        ("SHOP", GERMANY),
        (sender_id.arn, GERMANY),
        (short_code.id, CANADA),
        (simulator.id, CANADA),
    ):
        with refused(*WRONG_COUNTRY, fields=["OriginationIdentity"]):
            sms.send_text_message(
                DestinationPhoneNumber=person, MessageBody="Hello", OriginationIdentity=name
            )

    abroad = text(DestinationPhoneNumber=GERMANY, OriginationIdentity=number.id)
    assert abroad.sender == number.phone_number


@pytest.mark.rule("text-simulator-destinations")
def test_a_simulator_number_writes_to_the_simulator(sms, emulator, text, refused):
    """A SIMULATOR number reaches simulator destinations and nobody else."""
    simulator = emulator.add_number("+12065550105", number_type="SIMULATOR")

    message = text(DestinationPhoneNumber=SIMULATOR_SUCCESS, OriginationIdentity=simulator.id)

    assert message.sender == simulator.phone_number
    with refused(*WRONG_COUNTRY, fields=["OriginationIdentity"]):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=simulator.id
        )


@pytest.mark.rule("text-international-off")
def test_the_service_crosses_borders_where_it_may(sms, emulator, text, make_pool, refused):
    """A number is chosen for another country only if international sending is on."""
    british = emulator.add_number("+447700900100")
    abroad = emulator.add_number("+447700900101", international_sending_enabled=True)
    pool = make_pool(british)
    chosen = {"DestinationPhoneNumber": GERMANY, "OriginationIdentity": pool.id}

    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
        sms.send_text_message(MessageBody="Hello", **chosen)
    named = text(DestinationPhoneNumber=GERMANY, OriginationIdentity=british.id)
    assert named.sender == british.phone_number

    sms.associate_origination_identity(PoolId=pool.id, OriginationIdentity=abroad.id)
    assert text(**chosen).sender == abroad.phone_number


@pytest.mark.rule("text-identity-capability")
def test_a_number_must_do_text(sms, emulator, refused):
    """A number without SMS cannot send a text."""
    mute = emulator.add_number("+12065550106", number_capabilities=["VOICE"])

    with refused(
        "ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=("phone-number", mute.id)
    ):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=mute.id
        )


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("text-identity-not-active")
def test_what_is_not_active_cannot_send(sms, emulator, account, refused):
    """A number that is PENDING and a pool that is CREATING cannot send anything."""
    ready = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    pool = sms.create_pool(
        OriginationIdentity=ready.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    pending = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS", "VOICE", "MMS"],
        NumberType="TOLL_FREE",
    )
    asked = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}

    for named in (
        account.phone_numbers[pending["PhoneNumberId"]],
        account.pools[pool["PoolId"]],
    ):
        for send in (sms.send_text_message, sms.send_voice_message, sms.send_media_message):
            with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=named):
                send(**asked, OriginationIdentity=named.id)


@pytest.mark.rule("phone-release-ends-sending")
def test_a_released_number_sends_no_more(sms, emulator, refused):
    """A number that was released is not found any more, whatever one would send."""
    number = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    sms.release_phone_number(PhoneNumberId=number.id)
    sms.describe_phone_numbers()

    for send in (sms.send_text_message, sms.send_voice_message, sms.send_media_message):
        for name in (number.phone_number, number.id):
            with refused("ResourceNotFoundException", about=("phone-number", name)):
                send(DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=name)


@pytest.mark.since("1.36")
@pytest.mark.rule("text-shared-needs-arn")
def test_a_shared_number_is_named_by_its_arn(sms, client, emulator, text, refused):
    """A number that another account shares sends when its full ARN is given, not otherwise."""
    number = emulator.add_number("+12065550107", account_id="210987654321")
    owner = client(account_id="210987654321")
    owner.put_resource_policy(
        ResourceArn=number.arn,
        Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
        '"Principal": {"AWS": "123456789012"}, "Action": "sms-voice:*", '
        f'"Resource": "{number.arn}"}}]}}',
    )

    message = text(OriginationIdentity=number.arn)

    assert (message.sender, message.account_id) == (number.phone_number, "123456789012")
    for name in (number.id, number.phone_number):
        with refused("ResourceNotFoundException", about=("phone-number", name)):
            sms.send_text_message(
                DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=name
            )


@pytest.mark.since("1.36")
def test_a_shared_numbers_list_is_its_owners(client, emulator, text, refused):
    """Who has opted out of a shared number gets nothing from it."""
    number = emulator.add_number("+12065550107", account_id="210987654321")
    owner = client(account_id="210987654321")
    owner.put_resource_policy(
        ResourceArn=number.arn,
        Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
        '"Principal": {"AWS": "123456789012"}, "Action": "sms-voice:*", '
        f'"Resource": "{number.arn}"}}]}}',
    )
    owner.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        text(OriginationIdentity=number.arn)


# Chosen among all.


@pytest.mark.rule("text-origination-optional")
def test_the_service_picks_an_identity(emulator, text, number, sender_id):
    """Without OriginationIdentity, one that suits the destination's country is picked."""
    canadian = emulator.add_number("+16135550199")

    senders = [text(DestinationPhoneNumber=person).sender for person in (US, CANADA, BRITAIN)]

    assert senders == [number.phone_number, canadian.phone_number, "SHOP"]


@pytest.mark.rule("text-selection-none")
def test_nobody_may_suit(sms, number, account, refused):
    """When nothing can send to the country, the account has no identity for it."""
    for person in (CANADA, BRITAIN, INDIA):
        with refused(
            "ConflictException",
            "NO_ORIGINATION_IDENTITIES_FOUND",
            about=("account", account.account_id),
        ):
            sms.send_text_message(DestinationPhoneNumber=person, MessageBody="Hello")


def test_numbers_have_an_order(emulator, text):
    """Short code, 10DLC, long code, toll-free: the best that there is writes to new people."""
    people = iter(f"+1425555{line:04}" for line in range(100, 110))
    senders = []
    for given, number_type in (
        ("+18885550100", "TOLL_FREE"),
        ("+12065550100", "LONG_CODE"),
        ("+12065550101", "TEN_DLC"),
        ("20655", "SHORT_CODE"),
    ):
        emulator.add_number(given, number_type=number_type)
        senders.append(text(DestinationPhoneNumber=next(people)).sender)

    assert senders == ["+18885550100", "+12065550100", "+12065550101", "20655"]


def test_toll_free_numbers_belong_to_the_territories(emulator, text):
    """A US toll-free number is chosen for Puerto Rico, other US numbers are not."""
    emulator.add_number("+12065550100", number_type="TEN_DLC")
    toll_free = emulator.add_number("+18885550100", number_type="TOLL_FREE")

    assert text(DestinationPhoneNumber=PUERTO_RICO).sender == toll_free.phone_number


@pytest.mark.rule("text-selection-order", "cfgset-default-sender-used")
def test_the_default_sender_id_comes_after_what_is_dedicated(
    sms, emulator, text, configuration_set
):
    """Numbers and registered sender IDs, then the set's default, then other sender IDs."""
    in_set = {"ConfigurationSetName": configuration_set.name, "DestinationPhoneNumber": BRITAIN}
    sms.request_sender_id(SenderId="SHOP", IsoCountryCode="GB")
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="Default1")
    senders = [text(DestinationPhoneNumber=BRITAIN).sender, text(**in_set).sender]

    sms.request_sender_id(SenderId="LISTED", IsoCountryCode="GB")
    account = emulator.account("123456789012", "us-east-1")
    account.sender_ids["LISTED/GB"].registered = True
    emulator.clock.advance(hours=25)
    senders.append(text(**in_set).sender)

    number = emulator.add_number("+447700900100")
    emulator.clock.advance(hours=25)
    senders.append(text(**in_set).sender)

    assert senders == ["SHOP", "Default1", "LISTED", number.phone_number]


@pytest.mark.rule("cfgset-default-sender-used")
def test_a_default_sender_id_needs_a_country_with_sender_ids(
    sms, text, account, configuration_set, refused
):
    """The default sender ID does not write to countries that have none, nor unregistered ones."""
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="Default1")

    assert text(
        DestinationPhoneNumber=GERMANY, ConfigurationSetName=configuration_set.name
    ).sender == ("Default1")
    for person in (US, INDIA):
        with refused(
            "ConflictException",
            "NO_ORIGINATION_IDENTITIES_FOUND",
            about=("account", account.account_id),
        ):
            sms.send_text_message(
                DestinationPhoneNumber=person,
                MessageBody="Hello",
                ConfigurationSetName=configuration_set.name,
            )


# Chosen from a pool.


@pytest.mark.rule("text-pool-selection")
def test_a_pool_picks_whom_the_country_suits(emulator, text, number, sender_id, make_pool):
    """A pool of several countries sends from the member of the destination's country."""
    canadian = emulator.add_number("+16135550199", number_capabilities=["SMS", "VOICE"])
    pool = make_pool(number, [canadian, sender_id])
    asked = {"OriginationIdentity": pool.id}

    messages = [text(**asked, DestinationPhoneNumber=person) for person in (US, CANADA, BRITAIN)]

    assert [message.sender for message in messages] == [
        number.phone_number,
        canadian.phone_number,
        "SHOP",
    ]
    assert {message.pool_id for message in messages} == {pool.id}


@pytest.mark.rule("text-pool-selection", "text-selection-order", "text-selection-sticky")
def test_a_pair_stays_together(emulator, text):
    """Who got a message gets the next from the same number, for 25 hours."""
    emulator.clock.freeze()
    first = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    assert text().sender == first.phone_number
    better = emulator.add_number("20655", number_type="SHORT_CODE")

    emulator.clock.advance(hours=24, minutes=59)
    assert text(DestinationPhoneNumber=US_TOO).sender == better.phone_number
    assert text().sender == first.phone_number

    emulator.clock.advance(hours=25)
    assert text().sender == better.phone_number


@pytest.mark.rule("text-selection-sticky")
def test_what_did_not_arrive_makes_no_pair(emulator, text):
    """An identity whose message did not arrive does not write again for that."""
    first = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    emulator.outcome("TEXT_CARRIER_BLOCKED", times=1)
    assert text().sender == first.phone_number

    better = emulator.add_number("20655", number_type="SHORT_CODE")

    assert text().sender == better.phone_number


def test_a_pair_is_of_one_account(client, emulator, text):
    """What another account or Region has sent makes no pair here."""
    best = emulator.add_number("20655", number_type="SHORT_CODE")
    other = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    elsewhere = [
        ({"account_id": "210987654321"}, "+18885550101"),
        ({"region": "eu-west-1"}, "+18885550102"),
    ]
    for place, given in elsewhere:
        emulator.add_number(given, phone_number_id=other.id, **place)
        client(**place).send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=given
        )

    assert text().sender == best.phone_number


def test_who_is_named_makes_a_pair(emulator, text):
    """A number that is named to write to somebody is the one that the service picks next."""
    emulator.add_number("20655", number_type="SHORT_CODE")
    toll_free = emulator.add_number("+18885550100", number_type="TOLL_FREE")

    text(OriginationIdentity=toll_free.id)

    assert text().sender == toll_free.phone_number


@pytest.mark.rule("text-pool-no-member")
def test_a_pool_may_have_nobody(sms, pool, refused):
    """A US pool without shared routes does not write to Canada or Britain."""
    for person in (CANADA, BRITAIN):
        with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
            sms.send_text_message(
                DestinationPhoneNumber=person, MessageBody="Hello", OriginationIdentity=pool.id
            )


@pytest.mark.rule("text-pool-shared-routes", "cfgset-generic-sender")
def test_shared_routes_have_a_generic_sender(
    sms, text, account, number, make_pool, configuration_set, refused
):
    """Only a pool with shared routes has a generic sender, where sender IDs are unregistered."""
    pool = make_pool(number, SharedRoutesEnabled=True)

    message = text(DestinationPhoneNumber=BRITAIN, OriginationIdentity=pool.id)

    assert (message.sender, message.origination_identity) == ("NOTICE", None)
    assert (message.pool_id, message.message_type) == (pool.id, "TRANSACTIONAL")
    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
        sms.send_text_message(
            DestinationPhoneNumber=INDIA, MessageBody="Hello", OriginationIdentity=pool.id
        )
    with refused(
        "ConflictException",
        "NO_ORIGINATION_IDENTITIES_FOUND",
        about=("account", account.account_id),
    ):
        sms.send_text_message(
            DestinationPhoneNumber=BRITAIN,
            MessageBody="Hello",
            ConfigurationSetName=configuration_set.name,
        )


@pytest.mark.rule("cfgset-generic-sender")
def test_a_default_sender_id_stands_in_for_the_generic_one(
    sms, text, number, make_pool, configuration_set
):
    """On shared routes, the set's default sender ID is used instead of the generic one."""
    pool = make_pool(number, SharedRoutesEnabled=True)
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="Default1")

    message = text(
        DestinationPhoneNumber=BRITAIN,
        OriginationIdentity=pool.id,
        ConfigurationSetName=configuration_set.name,
    )

    assert message.sender == "Default1"


def test_a_member_comes_before_shared_routes(text, number, sender_id, make_pool):
    """A pool with shared routes uses its own members where they suit."""
    pool = make_pool(number, [sender_id], SharedRoutesEnabled=True)

    assert text(DestinationPhoneNumber=BRITAIN, OriginationIdentity=pool.id).sender == "SHOP"
    assert text(OriginationIdentity=pool.id).sender == number.phone_number


@pytest.mark.rule("text-pool-shared-routes-us")
def test_some_countries_have_no_shared_routes(sms, emulator, make_pool, refused):
    """A pool of a Canadian number does not write to the US, with shared routes or without."""
    pool = make_pool(emulator.add_number("+16135550199"), SharedRoutesEnabled=True)

    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=pool.id
        )
