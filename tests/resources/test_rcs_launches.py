"""Where RCS agents can send: testing, and launches carrier by carrier."""

import pytest

from tests.messaging.people import CANADA, US

pytestmark = pytest.mark.since("1.44.5")

TESTING = "TEST_RCS_LAUNCH_REGISTRATION"
LAUNCH = "US_RCS_LAUNCH_REGISTRATION"
required = pytest.mark.pinpoint_sms(registrations="required")


@pytest.fixture
def created(sms, account):
    """An agent that is CREATED."""
    return account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]


@pytest.fixture
def associated(sms, register, created):
    """Create registrations of a type and associate the agent with them."""

    def make(registration_type):
        made = register(registration_type)
        sms.create_registration_association(RegistrationId=made.id, ResourceId=created.id)
        return made

    return make


def launch_of(sms, agent):
    """The launch of the agent in its only country."""
    found = sms.describe_rcs_agent_country_launch_status(RcsAgentId=agent.id)
    [launch] = found["CountryLaunchStatus"]
    return launch


def carriers_of(launch):
    """The status of each carrier of a launch."""
    return {each["CarrierName"]: each["Status"] for each in launch["CarrierStatus"]}


@required
@pytest.mark.rule("rcs-testing-agent", "rcs-describe-optional")
def test_a_testing_registration_changes_the_status(sms, emulator, created, associated, submit):
    """CREATED, PENDING and TESTING follow the testing registration, and so does TestingAgent."""

    def listed():
        [agent] = sms.describe_rcs_agents()["RcsAgents"]
        testing = agent.get("TestingAgent", {})
        return agent["Status"], testing.get("Status"), "TestingAgentId" in testing

    assert listed() == ("CREATED", None, False)
    registration = associated(TESTING)
    assert listed() == ("CREATED", "CREATED", False)
    submit(registration)
    assert listed() == ("PENDING", "PENDING", False)
    emulator.review(registration.id, "COMPLETE")
    assert listed() == ("TESTING", "ACTIVE", True)
    [agent] = sms.describe_rcs_agents()["RcsAgents"]
    assert agent["TestingAgent"]["RegistrationId"] == registration.id
    launch = associated(LAUNCH)
    assert listed()[0] == "TESTING"
    submit(launch)
    assert listed()[0] == "TESTING"
    emulator.review(launch.id, "COMPLETE")
    assert listed()[0] == "ACTIVE"


@required
@pytest.mark.rule("rcs-launch-without-testing")
def test_a_launch_needs_no_testing(sms, emulator, created, associated, submit):
    """An agent whose only registration is a launch becomes ACTIVE, and sends."""
    registration = associated(LAUNCH)
    submit(registration)
    emulator.review(registration.id, "COMPLETE")

    [agent] = sms.describe_rcs_agents()["RcsAgents"]
    assert (agent["Status"], "TestingAgent" in agent) == ("ACTIVE", False)
    content = {"Content": {"TextMessage": {"Body": "Hello"}}}
    assert sms.send_rcs_message(
        DestinationPhoneNumber=US, OriginationIdentity=created.id, RcsMessageContent=content
    )["MessageId"]


@required
@pytest.mark.rule("rcs-testing-price")
@pytest.mark.parametrize("person", [US, CANADA])
def test_testing_costs_as_much(sms, emulator, created, associated, submit, person):
    """A tester's message has the same price before and after the agent is launched."""

    def price():
        sms.send_rcs_message(
            DestinationPhoneNumber=person,
            OriginationIdentity=created.id,
            RcsMessageContent={"Content": {"TextMessage": {"Body": "Hello"}}},
        )
        return emulator.messages[-1].price

    testing = associated(TESTING)
    submit(testing)
    emulator.review(testing.id, "COMPLETE")
    sms.create_verified_destination_number(DestinationPhoneNumber=person, RcsAgentId=created.id)
    emulator.accept_invitation(person)
    tested = price()
    launch = associated(LAUNCH if person == US else LAUNCH.replace("US", "CA", 1))
    submit(launch)
    emulator.review(launch.id, "COMPLETE")

    assert tested == price() > 0


@required
@pytest.mark.rule("rcs-launch-carriers", "rcs-launch-platform-id")
def test_carriers_approve_one_by_one(sms, emulator, created, associated, submit):
    """One approval makes a launch PARTIAL, all make it ACTIVE; it then has the platform's id."""
    registration = associated(LAUNCH)
    submit(registration)
    assert "RcsPlatformId" not in launch_of(sms, created)

    emulator.review(registration.id, "PROVISIONING", carriers={"Verizon": "ACTIVE"})

    first = launch_of(sms, created)
    assert carriers_of(first) == {"AT&T": "PENDING", "T-Mobile": "PENDING", "Verizon": "ACTIVE"}
    assert (first["Status"], created.status) == ("PARTIAL", "PARTIAL")
    assert first["RcsPlatformId"]
    emulator.review(registration.id, "PROVISIONING", carriers={"AT&T": "REJECTED"})
    emulator.review(registration.id, "COMPLETE")
    last = launch_of(sms, created)
    assert carriers_of(last) == {"AT&T": "REJECTED", "T-Mobile": "ACTIVE", "Verizon": "ACTIVE"}
    assert (last["Status"], last["RcsPlatformId"]) == ("PARTIAL", first["RcsPlatformId"])
    emulator.review(registration.id, "COMPLETE", carriers={"AT&T": "ACTIVE"})
    assert (launch_of(sms, created)["Status"], created.status) == ("ACTIVE", "ACTIVE")


@required
@pytest.mark.parametrize(
    ("decision", "carriers", "why"),
    [
        ("PROVISIONING", {"Vodafone": "ACTIVE"}, "carriers are AT&T, T-Mobile, Verizon"),
        ("COMPLETE", {"Verizon": "GONE"}, "a carrier is PENDING, ACTIVE, REJECTED"),
        ("REVIEWING", {"Verizon": "ACTIVE"}, "with PROVISIONING or COMPLETE only"),
    ],
)
def test_invalid_carrier_decisions_are_refused(
    emulator, associated, submit, decision, carriers, why
):
    """Unknown carriers and statuses are refused, and nothing changes."""
    registration = associated(LAUNCH)
    submit(registration)
    before = emulator.snapshot()

    with pytest.raises(ValueError, match=why):
        emulator.review(registration.id, decision, carriers=carriers)

    assert emulator.snapshot() == before


@pytest.mark.rule("rcs-launch-follows")
def test_an_agent_sends_where_it_is_launched(sms, created, associated, submit, refused):
    """An agent without registrations sends everywhere.

    One with registrations, where it is launched.
    """
    sms.describe_rcs_agents()

    def send(person):
        return sms.send_text_message(
            DestinationPhoneNumber=person, MessageBody="Hello", OriginationIdentity=created.id
        )

    assert send(CANADA)
    submit(associated(LAUNCH))
    sms.describe_rcs_agents()

    assert send(US)
    with refused(
        "ValidationException",
        "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
        fields=["OriginationIdentity"],
    ):
        send(CANADA)


@required
@pytest.mark.rule("rcs-launch-stays")
def test_a_launch_stays_while_a_new_version_is_reviewed(sms, emulator, created, associated, submit):
    """An approved launch stays valid until the registration is CLOSED."""
    registration = associated(LAUNCH)
    submit(registration)
    emulator.review(registration.id, "COMPLETE")
    sms.create_registration_version(RegistrationId=registration.id)
    submit(registration)

    emulator.review(registration.id, "REQUIRES_UPDATES")

    assert launch_of(sms, created)["Status"] == "ACTIVE"
    emulator.review(registration.id, "CLOSED")
    assert launch_of(sms, created)["Status"] == "REJECTED"


@pytest.mark.pinpoint_sms(transition_seconds=30)
@pytest.mark.rule("rcs-delete-tear-down")
def test_a_testing_agent_is_torn_down(sms, emulator, created, associated, submit, refused):
    """For a while after its registration was deleted, an agent cannot be deleted."""
    registration = associated(TESTING)
    sms.delete_registration(RegistrationId=registration.id)

    with refused("ConflictException", "RESOURCE_NOT_EMPTY", about=created):
        sms.delete_rcs_agent(RcsAgentId=created.id)
    emulator.clock.advance(seconds=30)

    assert sms.delete_rcs_agent(RcsAgentId=created.id)["Status"] == "DELETED"
