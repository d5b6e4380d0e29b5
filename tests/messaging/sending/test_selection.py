"""The origin of a message: the requested one, or the service's choice."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ConflictException
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import snake
from tests.messaging.people import (
    BRITAIN,
    CANADA,
    FRANCE,
    GERMANY,
    INDIA,
    PUERTO_RICO,
    SIMULATOR_SUCCESS,
    US,
    US_TOO,
)

WRONG_COUNTRY = ("ValidationException", "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY")


# Identities that the request names.


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
    query = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}

    for send in (sms.send_text_message, sms.send_voice_message, sms.send_media_message):
        for name in ("+12065559999", unknown, arn):
            about = ("phone-number", unknown if name == arn else name)
            with refused("ResourceNotFoundException", about=about):
                send(**query, OriginationIdentity=name)


@pytest.mark.rule("text-origination-unknown-pool")
def test_a_pool_must_exist(sms, account, refused):
    """A pool that does not exist is not found, by id or ARN."""
    unknown = "pool-" + "0" * 32
    arn = f"arn:aws:sms-voice:us-east-1:{account.account_id}:pool/{unknown}"

    for send in (sms.send_text_message, sms.send_voice_message, sms.send_media_message):
        for name in (unknown, arn):
            with refused("ResourceNotFoundException", about=("pool", unknown)):
                send(DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=name)


@pytest.mark.rule("proto-arn-wrong-kind")
def test_an_arn_must_be_an_identitys(sms, account, refused):
    """The ARN of a resource that cannot send is refused."""
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
    """Sender IDs, by name or ARN, cannot send to a country without sender IDs."""
    for name in ("SHOP", "OTHER", sender_id.arn):
        with refused(
            "ValidationException", "SENDER_ID_NOT_SUPPORTED", fields=["OriginationIdentity"]
        ):
            sms.send_text_message(
                DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=name
            )


@pytest.mark.rule("text-identity-country")
def test_some_stay_in_their_country(sms, emulator, text, number, sender_id, refused):
    """Sender IDs, short codes and simulator numbers do; other numbers send abroad if named."""
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
    """A SIMULATOR number can only send to simulator destinations."""
    simulator = emulator.add_number("+12065550105", number_type="SIMULATOR")

    message = text(DestinationPhoneNumber=SIMULATOR_SUCCESS, OriginationIdentity=simulator.id)

    assert message.sender == simulator.phone_number
    with refused(*WRONG_COUNTRY, fields=["OriginationIdentity"]):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=simulator.id
        )


@pytest.mark.rule("text-international-off")
def test_the_service_crosses_borders_where_it_may(sms, emulator, text, make_pool, refused):
    """A number is chosen for another country if that is on and the country supports it."""
    at_home = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    abroad = emulator.add_number(
        "+18885550101", number_type="TOLL_FREE", international_sending_enabled=True
    )
    pool = make_pool(at_home)
    chosen = {"DestinationPhoneNumber": GERMANY, "OriginationIdentity": pool.id}

    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
        sms.send_text_message(MessageBody="Hello", **chosen)
    named = text(DestinationPhoneNumber=GERMANY, OriginationIdentity=at_home.id)
    assert named.sender == at_home.phone_number

    sms.associate_origination_identity(PoolId=pool.id, OriginationIdentity=abroad.id)
    assert text(**chosen).sender == abroad.phone_number
    in_britain = {"DestinationPhoneNumber": BRITAIN, "MessageBody": "Hello"}
    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
        sms.send_text_message(**in_britain, OriginationIdentity=pool.id)
    with refused(*WRONG_COUNTRY, fields=["OriginationIdentity"]):
        sms.send_text_message(**in_britain, OriginationIdentity=abroad.id)


@pytest.mark.rule("text-receive-only")
@pytest.mark.parametrize(
    ("phone_number", "person"),
    [
        ("+919812345679", INDIA),
        ("+923012345679", "+923012345678"),
        ("+639051234568", "+639051234567"),
        ("+966512345679", "+966512345678"),
        ("+971501234568", "+971501234567"),
    ],
    ids=["IN", "PK", "PH", "SA", "AE"],
)
def test_some_long_codes_only_receive(sms, emulator, text, refused, phone_number, person):
    """They can receive texts but not send them, at home or abroad, and are never chosen."""
    number = emulator.add_number(phone_number)

    for recipient in (person, GERMANY):
        with refused(*WRONG_COUNTRY, fields=["OriginationIdentity"]):
            sms.send_text_message(
                DestinationPhoneNumber=recipient, MessageBody="Hello", OriginationIdentity=number.id
            )
    assert text(DestinationPhoneNumber=person).sender == "NOTICE"


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
def test_inactive_identities_cannot_send(sms, emulator, account, refused):
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
    query = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}

    for named in (
        account.phone_numbers[pending["PhoneNumberId"]],
        account.pools[pool["PoolId"]],
    ):
        for send in (sms.send_text_message, sms.send_voice_message, sms.send_media_message):
            with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=named):
                send(**query, OriginationIdentity=named.id)


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-release-ends-sending")
def test_a_released_number_sends_no_more(sms, emulator, refused):
    """A released number is not found, whatever is sent."""
    emulator.clock.freeze()
    number = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    operations = (sms.send_text_message, sms.send_voice_message, sms.send_media_message)
    query = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}
    for send in operations:
        assert send(**query, OriginationIdentity=number.id)

    sms.release_phone_number(PhoneNumberId=number.id)

    for send in operations:
        with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=("phone-number", number.id)):
            send(**query, OriginationIdentity=number.id)
    emulator.clock.advance(minutes=2)
    for send in operations:
        for name in (number.phone_number, number.id):
            with refused("ResourceNotFoundException", about=("phone-number", name)):
                send(**query, OriginationIdentity=name)


@pytest.fixture
def shared_number(emulator, client):
    """A number of another account, which allows this one everything."""
    number = emulator.add_number("+12065550107", account_id="210987654321")
    client(account_id="210987654321").put_resource_policy(
        ResourceArn=number.arn,
        Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
        '"Principal": {"AWS": "123456789012"}, "Action": "sms-voice:*", '
        f'"Resource": "{number.arn}"}}]}}',
    )
    return number


@pytest.mark.since("1.36")
@pytest.mark.rule("text-shared-needs-arn")
def test_a_shared_number_is_named_by_its_arn(sms, shared_number, text, refused):
    """A number that another account shares sends when its full ARN is given, not otherwise."""
    message = text(OriginationIdentity=shared_number.arn)

    assert (message.sender, message.account_id) == (shared_number.phone_number, "123456789012")
    for name in (shared_number.id, shared_number.phone_number):
        with refused("ResourceNotFoundException", about=("phone-number", name)):
            sms.send_text_message(
                DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=name
            )


@pytest.mark.since("1.36")
@pytest.mark.rule("text-shared-needs-arn")
def test_shared_pools_and_sender_ids_are_named_by_their_arn(client, emulator, text, refused):
    """A pool and a sender ID that another account shares send by ARN, not by id or name."""
    owner = client(account_id="210987654321")
    number = emulator.add_number("+12065550107", account_id="210987654321")
    pool = owner.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    sender = owner.request_sender_id(SenderId="THEIRS", IsoCountryCode="GB")
    owner.describe_pools()
    for arn in (number.arn, pool["PoolArn"], sender["SenderIdArn"]):
        owner.put_resource_policy(
            ResourceArn=arn,
            Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
            '"Principal": {"AWS": "123456789012"}, "Action": "sms-voice:*", '
            f'"Resource": "{arn}"}}]}}',
        )

    assert text(OriginationIdentity=pool["PoolArn"]).sender == number.phone_number
    with refused("ResourceNotFoundException", about=("pool", pool["PoolId"])):
        text(OriginationIdentity=pool["PoolId"])
    in_britain = {"DestinationPhoneNumber": BRITAIN}
    assert text(**in_britain, OriginationIdentity=sender["SenderIdArn"]).sender == "THEIRS"
    with refused("ValidationException", "SENDER_ID_NOT_REGISTERED", fields=["OriginationIdentity"]):
        text(**in_britain, OriginationIdentity="THEIRS")


@pytest.mark.rule("policy-opt-out-list")
@pytest.mark.since("1.36")
def test_a_shared_numbers_list_is_its_owners(client, shared_number, text, refused):
    """A recipient on the list of a shared number gets nothing from it."""
    client(account_id="210987654321").put_opted_out_number(
        OptOutListName="Default", OptedOutNumber=US
    )

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        text(OriginationIdentity=shared_number.arn)


# Chosen among all.


@pytest.mark.rule("text-origination-optional")
def test_the_service_picks_an_identity(emulator, text, number, sender_id):
    """Without OriginationIdentity, one that suits the destination's country is picked."""
    canadian = emulator.add_number("+16135550199")

    senders = [text(DestinationPhoneNumber=person).sender for person in (US, CANADA, BRITAIN)]

    assert senders == [number.phone_number, canadian.phone_number, "SHOP"]


@pytest.mark.rule("text-selection-none")
def test_an_account_without_a_dedicated_number(sms, emulator, account, refused):
    """Where dedicated numbers are a must, an account without one has no identity for it."""
    emulator.add_number("+16135550199")

    for person in (US, PUERTO_RICO):
        with refused(
            "ConflictException",
            "NO_ORIGINATION_IDENTITIES_FOUND",
            about=("account", account.account_id),
        ):
            sms.send_text_message(DestinationPhoneNumber=person, MessageBody="Hello")


@pytest.mark.rule("text-selection-number-order")
def test_numbers_have_an_order(emulator, text):
    """For new recipients, the order is short code, 10DLC, long code, toll-free."""
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


@pytest.mark.rule("text-ten-dlc-territories")
@pytest.mark.parametrize(
    ("number_type", "digits"),
    [("TOLL_FREE", "+18885550100"), ("TEN_DLC", "+12065550101"), ("SHORT_CODE", "20655")],
    ids=["TOLL_FREE", "TEN_DLC", "SHORT_CODE"],
)
@pytest.mark.parametrize(
    "person",
    [PUERTO_RICO, "+13405550100", "+16715550100", "+16845550100"],
    ids=["PR", "VI", "GU", "AS"],
)
def test_some_numbers_serve_the_territories(emulator, text, make_pool, number_type, digits, person):
    """US toll-free, 10DLC and short numbers send there: named, from a pool, or chosen."""
    emulator.add_number("+12065550100", number_type="LONG_CODE")
    suitable = emulator.add_number(digits, number_type=number_type)
    pool = make_pool(suitable)
    query = {"DestinationPhoneNumber": person}

    senders = [
        text(**query).sender,
        text(**query, OriginationIdentity=suitable.id).sender,
        text(**query, OriginationIdentity=pool.id).sender,
    ]

    assert senders == [suitable.phone_number] * 3


@pytest.mark.rule("text-ten-dlc-territories")
def test_short_codes_of_other_countries_stay_there(sms, emulator, refused):
    """A Canadian short code does not send to the territories of the United States."""
    number = emulator.add_number("30655", number_type="SHORT_CODE", iso_country_code="CA")

    with refused(
        "ValidationException",
        "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
        fields=["OriginationIdentity"],
    ):
        sms.send_text_message(
            DestinationPhoneNumber=PUERTO_RICO, OriginationIdentity=number.id, MessageBody="Hello"
        )


@pytest.mark.rule("text-selection-transactional")
def test_transactional_numbers_come_first(sms, emulator, text, configuration_set):
    """A transactional number is chosen unless the message or the set's default has another type."""
    people = (f"+1425555{nth:04}" for nth in range(100, 110))
    short_code = emulator.add_number("20655", number_type="SHORT_CODE", message_type="PROMOTIONAL")
    number = emulator.add_number("+12065550100")
    sms.set_default_message_type(
        ConfigurationSetName=configuration_set.name, MessageType="PROMOTIONAL"
    )

    senders = [
        text(DestinationPhoneNumber=next(people), **members).sender
        for members in (
            {},
            {"MessageType": "TRANSACTIONAL"},
            {"MessageType": "PROMOTIONAL"},
            {"ConfigurationSetName": configuration_set.name},
        )
    ]

    assert senders == [number.phone_number] * 2 + [short_code.phone_number] * 2


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
    account = engine_of(emulator).account("123456789012", "us-east-1")
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
    """The default sender ID is not used in countries without sender IDs, or with registration."""
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="Default1")
    in_set = {"ConfigurationSetName": configuration_set.name}

    assert text(**in_set, DestinationPhoneNumber=GERMANY).sender == "Default1"
    assert text(**in_set, DestinationPhoneNumber=INDIA).sender == "NOTICE"
    with refused(
        "ConflictException",
        "NO_ORIGINATION_IDENTITIES_FOUND",
        about=("account", account.account_id),
    ):
        sms.send_text_message(**in_set, DestinationPhoneNumber=US, MessageBody="Hello")


@pytest.mark.rule("sender-request-france-dash")
def test_a_default_sender_id_with_a_dash_does_not_write_to_france(sms, text, configuration_set):
    """France does not allow dashes in sender IDs; the generic sender is used."""
    sms.set_default_sender_id(ConfigurationSetName=configuration_set.name, SenderId="A-B")
    in_set = {"ConfigurationSetName": configuration_set.name}

    assert text(**in_set, DestinationPhoneNumber=FRANCE).sender == "NOTICE"
    assert text(**in_set, DestinationPhoneNumber=GERMANY).sender == "A-B"


# Chosen from a pool.


@pytest.mark.rule("text-pool-selection")
def test_a_pool_chooses_by_country(emulator, text, number, sender_id, make_pool):
    """A pool of several countries sends from the member of the destination's country."""
    canadian = emulator.add_number("+16135550199", number_capabilities=["SMS", "VOICE"])
    pool = make_pool(number, [canadian, sender_id])
    query = {"OriginationIdentity": pool.id}

    messages = [text(**query, DestinationPhoneNumber=person) for person in (US, CANADA, BRITAIN)]

    assert [message.sender for message in messages] == [
        number.phone_number,
        canadian.phone_number,
        "SHOP",
    ]
    assert {message.pool_id for message in messages} == {pool.id}


@pytest.mark.rule("text-pool-selection", "text-selection-order", "text-selection-sticky")
def test_a_pair_stays_together(emulator, text):
    """A recipient gets the next message from the same number, for 25 hours."""
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
def test_undelivered_messages_make_no_pair(emulator, text):
    """An identity is not chosen again because of an undelivered message."""
    first = emulator.add_number("+18885550100", number_type="TOLL_FREE")
    emulator.outcome("TEXT_CARRIER_BLOCKED", times=1)
    assert text().sender == first.phone_number

    better = emulator.add_number("20655", number_type="SHORT_CODE")

    assert text().sender == better.phone_number


@pytest.mark.rule("text-selection-sticky")
def test_a_pair_is_of_one_account(client, emulator, text):
    """Messages of another account or Region make no pair."""
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


@pytest.mark.rule("text-selection-sticky")
def test_a_named_number_makes_a_pair(emulator, text):
    """A number that was named once for a recipient is chosen the next time."""
    emulator.add_number("20655", number_type="SHORT_CODE")
    toll_free = emulator.add_number("+18885550100", number_type="TOLL_FREE")

    text(OriginationIdentity=toll_free.id)

    assert text().sender == toll_free.phone_number


@pytest.mark.rule("text-pool-no-member")
def test_a_pool_may_have_no_suitable_member(sms, pool, refused):
    """A US pool without shared routes does not write to Canada or Britain."""
    for person in (CANADA, BRITAIN):
        with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=pool):
            sms.send_text_message(
                DestinationPhoneNumber=person, MessageBody="Hello", OriginationIdentity=pool.id
            )


@pytest.mark.rule("text-candidates")
def test_a_refusal_lists_the_candidates(emulator, account, sender_id):
    """The error has each identity that was considered, and why it was not chosen."""
    canadian = emulator.add_number("+16135550199")
    mute = emulator.add_number("+12065550106", number_capabilities=["VOICE"])
    request = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}

    with pytest.raises(ConflictException) as raised:
        OPERATIONS["send_text_message"](account, {snake(name): request[name] for name in request})

    assert raised.value.candidates == (
        (canadian.id, canadian.phone_number, "belongs to CA"),
        (mute.id, mute.phone_number, "does not have the capability SMS"),
        ("SHOP", "SHOP", "belongs to GB"),
    )
