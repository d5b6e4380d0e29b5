"""Shared routes: the origin of a message if the account has none."""

import pytest

from tests.messaging.people import BRITAIN, CANADA, INDIA, US


@pytest.mark.rule("text-shared-routes", "text-pool-shared-routes", "cfgset-generic-sender")
@pytest.mark.parametrize("person", [BRITAIN, INDIA])
def test_shared_routes_have_a_generic_sender(text, number, make_pool, person):
    """In countries with sender IDs it is NOTICE, through a pool with shared routes or without."""
    pool = make_pool(number, SharedRoutesEnabled=True)

    message = text(DestinationPhoneNumber=person, OriginationIdentity=pool.id)

    assert (message.sender, message.origination_identity) == ("NOTICE", None)
    assert (message.pool_id, message.message_type) == (pool.id, "TRANSACTIONAL")
    unnamed = text(DestinationPhoneNumber=person)
    assert (unnamed.sender, unnamed.pool_id, unnamed.status) == ("NOTICE", None, "DELIVERED")


@pytest.mark.rule("text-shared-routes")
@pytest.mark.parametrize("person", [CANADA, "+5511999999999"])
def test_shared_routes_have_a_number(text, person):
    """Where there are no sender IDs a short code is shared, the same one for a person each time."""
    message = text(DestinationPhoneNumber=person)

    assert message.sender.isdecimal()
    assert len(message.sender) == 5
    assert message.origination_identity is None
    assert text(DestinationPhoneNumber=person).sender == message.sender


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


@pytest.mark.rule("text-pool-shared-routes")
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
