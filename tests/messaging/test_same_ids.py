"""Two accounts with a pool of the same id: each account uses its own."""

import json

import pytest

from tests.messaging.people import US

OTHER = "210987654321"
FIRST, SECOND = "+12065550101", "+12065550102"


@pytest.fixture
def seed_file(tmp_path):
    """A file in which two accounts use the same ids for a pool with its own list."""
    section = """
    opt_out_lists = [{{ opt_out_list_name = "{name}" }}]
    phone_numbers = [{{ phone_number = "{number}", phone_number_id = "phone-main" }}]
    pools = [{{ pool_id = "pool-main", origination_identities = ["{number}"],
                opt_out_list_name = "{name}" }}]
    """
    file = tmp_path / "seed.toml"
    file.write_text(
        section.format(name="first", number=FIRST).replace("\n                ", " ")
        + f'[[accounts]]\naccount_id = "{OTHER}"\n'
        + section.format(name="second", number=SECOND).replace("\n                ", " ")
    )
    return file


@pytest.fixture
def seeded(emulator, seed_file):
    """The emulator with that file applied."""
    emulator.reset(seed_file=seed_file)
    return emulator


def opted_out(client, account_id, name):
    """The numbers on a list of an account."""
    found = client(account_id=account_id).describe_opted_out_numbers(OptOutListName=name)
    return [each["OptedOutNumber"] for each in found["OptedOutNumbers"]]


@pytest.fixture
def share(client):
    """Share a resource with another account."""

    def put(arn, *, owner, other):
        client(account_id=owner).put_resource_policy(
            ResourceArn=arn,
            Policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": other},
                            "Action": "sms-voice:*",
                            "Resource": arn,
                        }
                    ],
                }
            ),
        )

    return put


@pytest.mark.rule("keyword-inbound-opt-out")
def test_opting_out_applies_to_the_accounts_own_pool(seeded, client, refused):
    """STOP to a number opts out of the list of the pool in its own account."""
    seeded.receive("STOP", sender=US, recipient=SECOND)

    assert opted_out(client, OTHER, "second") == [US]
    assert opted_out(client, "123456789012", "first") == []
    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        client(account_id=OTHER).send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity="pool-main"
        )


def test_a_pool_of_each_account_has_its_own_members(seeded, client):
    """ListPoolOriginationIdentities returns the members of the pool in the calling account."""
    for account_id, number in (("123456789012", FIRST), (OTHER, SECOND)):
        found = client(account_id=account_id).list_pool_origination_identities(PoolId="pool-main")

        assert [each["PhoneNumber"] for each in found["OriginationIdentities"]] == [number]


@pytest.mark.since("1.36")
def test_a_number_in_a_shared_pool_answers_as_that_pool(seeded, client, share):
    """A number in a pool that another account shares has that pool's list, not its own's."""
    pool_arn = client().describe_pools()["Pools"][0]["PoolArn"]
    share(pool_arn, owner="123456789012", other=OTHER)
    guest = seeded.add_number("+12065550103", account_id=OTHER)
    list_arn = client().describe_opt_out_lists(OptOutListNames=["first"])["OptOutLists"][0]
    share(list_arn["OptOutListArn"], owner="123456789012", other=OTHER)
    other = client(account_id=OTHER)
    other.update_phone_number(PhoneNumberId=guest.id, OptOutListName=list_arn["OptOutListArn"])
    other.associate_origination_identity(
        PoolId=pool_arn, OriginationIdentity=guest.id, IsoCountryCode="US"
    )
    own = other.list_pool_origination_identities(PoolId="pool-main")["OriginationIdentities"]
    assert [each["PhoneNumber"] for each in own] == [SECOND]

    seeded.receive("STOP", sender=US, recipient=guest.phone_number)

    assert opted_out(client, "123456789012", "first") == [US]
    assert opted_out(client, OTHER, "second") == []


@pytest.mark.since("1.43.11")
def test_a_pool_of_another_account_is_free_of_ones_notify_configurations(seeded, client):
    """A configuration with a pool's id has the pool of its own account."""
    other = client(account_id=OTHER)
    other.create_notify_configuration(
        DisplayName="Example",
        UseCase="CODE_VERIFICATION",
        EnabledChannels=["SMS"],
        PoolId="pool-main",
    )

    assert client().delete_pool(PoolId="pool-main")["Status"] == "DELETING"
    with pytest.raises(other.exceptions.ConflictException):
        other.delete_pool(PoolId="pool-main")


@pytest.mark.since("1.43.11")
@pytest.mark.rule("notify-pool-own-account")
def test_a_notify_configuration_has_a_pool_of_its_own_account(seeded, client, share, refused):
    """A pool that another account shares cannot be that of a notify configuration."""
    pool_arn = client().describe_pools()["Pools"][0]["PoolArn"]
    share(pool_arn, owner="123456789012", other=OTHER)
    pool = ("pool", pool_arn.rpartition("/")[2])
    other = client(account_id=OTHER)
    settings = {"DisplayName": "Example", "UseCase": "CODE_VERIFICATION"}
    made = other.create_notify_configuration(**settings, EnabledChannels=["SMS"])

    with refused("ResourceNotFoundException", about=pool):
        other.create_notify_configuration(**settings, EnabledChannels=["SMS"], PoolId=pool_arn)
    with refused("ResourceNotFoundException", about=pool):
        other.update_notify_configuration(
            NotifyConfigurationId=made["NotifyConfigurationId"], PoolId=pool_arn
        )
