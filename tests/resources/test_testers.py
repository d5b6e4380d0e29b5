"""Testers of RCS agents: verified destination numbers that get an invitation instead of a code."""

import pytest

PERSON, ANOTHER = "+14255550100", "+14255550101"

pytestmark = pytest.mark.since("1.43.11")


@pytest.fixture
def invite(sms, agent):
    """Invite a tester of the agent."""

    def call(person=PERSON, rcs_agent_id=agent.id):
        made = sms.create_verified_destination_number(
            DestinationPhoneNumber=person, RcsAgentId=rcs_agent_id
        )
        return made["VerifiedDestinationNumberId"]

    return call


def status_of(sms, verified_id):
    """The status of a verified number."""
    found = sms.describe_verified_destination_numbers(VerifiedDestinationNumberIds=[verified_id])
    return found["VerifiedDestinationNumbers"][0]["Status"]


@pytest.mark.rule("verified-create-rcs-agent", "tag-removed-with-resource")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_a_deleted_agent_is_unknown(sms, emulator, account, refused):
    """An agent that is still described as DELETED accepts no numbers and has no tags."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    emulator.clock.advance(seconds=60)
    sms.delete_rcs_agent(RcsAgentId=agent.id)

    with refused("ResourceNotFoundException", about=agent):
        sms.create_verified_destination_number(DestinationPhoneNumber=PERSON, RcsAgentId=agent.id)
    with refused("ResourceNotFoundException", about=agent):
        sms.list_tags_for_resource(ResourceArn=agent.arn)


@pytest.mark.rule("verified-create-rcs-agent", "verified-filter-rcs")
def test_a_number_can_belong_to_an_agent(sms, account, refused):
    """RcsAgentId, an id or ARN of an existing agent, is returned and can be filtered by."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    sms.create_verified_destination_number(DestinationPhoneNumber="+14255550102")

    for person, name in ((PERSON, agent.id), (ANOTHER, agent.arn)):
        made = sms.create_verified_destination_number(
            DestinationPhoneNumber=person, RcsAgentId=name
        )
        assert made["RcsAgentId"] == agent.id

    found = sms.describe_verified_destination_numbers(
        Filters=[{"Name": "rcs-agent-id", "Values": [agent.id]}]
    )["VerifiedDestinationNumbers"]
    assert [(each["DestinationPhoneNumber"], each["RcsAgentId"]) for each in found] == [
        (PERSON, agent.id),
        (ANOTHER, agent.id),
    ]
    unknown = "rcs-" + "0" * 32
    with refused("ResourceNotFoundException", about=("rcs-agent", unknown)):
        sms.create_verified_destination_number(
            DestinationPhoneNumber="+14255550103", RcsAgentId=unknown
        )


@pytest.mark.rule("verified-tester-accepts")
@pytest.mark.parametrize("name", ["id", "number", "number without plus", "arn"])
def test_an_invitation_is_accepted(sms, emulator, account, agent, invite, name):
    """A tester is PENDING, and VERIFIED after accepting the invitation."""
    tester = invite()
    before = status_of(sms, tester)
    names = {
        "id": tester,
        "number": PERSON,
        "number without plus": PERSON[1:],
        "arn": account.verified_destination_numbers[tester].arn,
    }

    accepted = emulator.accept_invitation(names[name])

    assert (before, status_of(sms, tester)) == ("PENDING", "VERIFIED")
    assert accepted.verified_destination_number_id == tester
    assert (accepted.destination_phone_number, accepted.rcs_agent_id) == (PERSON, agent.id)
    assert (accepted.status, accepted.account_id) == ("VERIFIED", "123456789012")


def test_the_agent_is_named_if_there_are_several(sms, emulator, invite):
    """If several agents have invited a number, the agent must be given."""
    other = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    testers = [invite(), invite(rcs_agent_id=other)]

    with pytest.raises(ValueError, match="several RCS agents have invited"):
        emulator.accept_invitation(PERSON)
    emulator.accept_invitation(PERSON, rcs_agent_id=other)

    assert [status_of(sms, each) for each in testers] == ["PENDING", "VERIFIED"]
    assert emulator.accept_invitation(PERSON).verified_destination_number_id == testers[0]


@pytest.mark.pinpoint_sms(registrations="required")
def test_a_created_agent_sends_no_invitation(emulator, sms, account):
    """Its invitations are sent when it leaves the status CREATED."""
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.create_verified_destination_number(DestinationPhoneNumber=PERSON, RcsAgentId=agent)

    with pytest.raises(ValueError, match=f"{agent} is CREATED"):
        emulator.accept_invitation(PERSON)


@pytest.mark.rule("verified-tester-invited-later")
@pytest.mark.parametrize(
    "_settings",
    [
        pytest.param(None, marks=pytest.mark.pinpoint_sms(transition_seconds=120)),
        pytest.param(
            None, marks=pytest.mark.pinpoint_sms(like_aws="strict", registrations="automatic")
        ),
    ],
)
def test_an_invitation_is_delayed(emulator, sms, _settings):
    """It arrives after transition_seconds, or 2 minutes; on AWS it takes 2 to 20 minutes."""
    agent = sms.create_rcs_agent()["RcsAgentId"]
    emulator.clock.advance(seconds=120)
    sms.create_verified_destination_number(DestinationPhoneNumber=PERSON, RcsAgentId=agent)

    emulator.clock.freeze()
    emulator.clock.advance(seconds=118)
    with pytest.raises(ValueError, match="got no invitation yet"):
        emulator.accept_invitation(PERSON)
    emulator.clock.advance(seconds=2)

    assert emulator.accept_invitation(PERSON).status == "VERIFIED"


@pytest.mark.parametrize(
    ("name", "error", "why"),
    [
        (ANOTHER, LookupError, "is not invited to test an RCS agent"),
        ("vdn-none", LookupError, "is not invited to test an RCS agent"),
        ("", ValueError, "must be an id or a phone number"),
        (None, ValueError, "must be an id or a phone number"),
        ("+14255550102", ValueError, "a code verifies it"),
        ("+14255550103", ValueError, "already"),
    ],
)
def test_accepting_without_an_invitation_is_refused(sms, emulator, invite, name, error, why):
    """A number without an open invitation cannot accept one, and nothing changes."""
    sms.create_verified_destination_number(DestinationPhoneNumber="+14255550102")
    invite("+14255550103")
    emulator.accept_invitation("+14255550103")
    before = emulator.snapshot()

    with pytest.raises(error, match=why):
        emulator.accept_invitation(name)

    assert emulator.snapshot() == before


@pytest.mark.rule("verified-tester-no-code")
def test_a_tester_gets_no_code(sms, invite, number, refused):
    """A tester is invited, so no code is sent."""
    tester = invite()

    with refused(
        "ValidationException", "INVALID_PARAMETER", fields=["VerifiedDestinationNumberId"]
    ):
        sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=tester, VerificationChannel="TEXT"
        )


@pytest.mark.rule("verified-tester-deleted")
@pytest.mark.parametrize("accepted", [False, True])
def test_a_tester_can_be_deleted_at_once(sms, emulator, invite, accepted):
    """A tester can be deleted without waiting for 24 hours, and invited again."""
    tester = invite()
    if accepted:
        emulator.accept_invitation(tester)

    sms.delete_verified_destination_number(VerifiedDestinationNumberId=tester)

    assert sms.describe_verified_destination_numbers()["VerifiedDestinationNumbers"] == []
    assert status_of(sms, invite()) == "PENDING"


@pytest.mark.rule("verified-create-duplicate", "verified-tester-quota")
def test_each_agent_has_its_own_testers(sms, account, agent, invite, refused):
    """Each agent has ten, besides the ten for the sandbox; a number can be used in all."""
    other = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    people = [f"+142555501{line:02}" for line in range(10)]
    for person in people:
        sms.create_verified_destination_number(DestinationPhoneNumber=person)
        invite(person)
        invite(person, other)
    duplicate = next(
        each for each in account.verified_destination_numbers if each.rcs_agent_id == agent.id
    )

    assert len(account.verified_destination_numbers) == 30
    with refused("ConflictException", "RESOURCE_ALREADY_EXISTS", about=duplicate):
        invite(people[0])
    with refused("ServiceQuotaExceededException", "VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT"):
        invite("+14255550199")


@pytest.mark.rule("verified-tester-agent-deleted")
def test_testers_are_deleted_with_their_agent(sms, agent, invite):
    """Numbers for the sandbox stay."""
    invite()
    sms.create_verified_destination_number(DestinationPhoneNumber=ANOTHER)

    sms.delete_rcs_agent(RcsAgentId=agent.id)

    found = sms.describe_verified_destination_numbers()["VerifiedDestinationNumbers"]
    assert [each["DestinationPhoneNumber"] for each in found] == [ANOTHER]


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.rule("verified-tester-sandbox")
def test_a_tester_is_not_verified_for_texts(sms, emulator, agent, number, invite, refused):
    """In the sandbox, a tester receives no text from a number."""
    emulator.accept_invitation(invite())

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", about=("phone-number", PERSON)
    ):
        sms.send_text_message(
            DestinationPhoneNumber=PERSON, MessageBody="Hello", OriginationIdentity=number.id
        )
