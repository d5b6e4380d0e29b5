"""The seed file: the resources that it creates, and when it is applied."""

import json
import re
from pathlib import Path

import boto3
import pytest

from pinpoint_sms_emu import Emulator, Server, mock_sms
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.seed import seed_file
from tests.control.http import Control
from tests.doors.serving import make_client, run, serving
from tests.filling import ask

EXAMPLE = Path(__file__).parent.parent.parent / "docs/examples/seed.toml"

HELP = "Write to help@example.com"
EVERYTHING = """
[[opt_out_lists]]
opt_out_list_name = "Marketing"
opted_out_numbers = ["+14255550199", "+14255550198"]
tags = { team = "growth" }

[[opt_out_lists]]
opt_out_list_name = "Default"
opted_out_numbers = ["+14255550197"]

[[protect_configurations]]
protect_configuration_id = "protect-mine"
deletion_protection_enabled = true
account_default = true
country_rule_set.SMS = { FR = { protect_status = "BLOCK" } }

[[phone_numbers]]
phone_number = "+12065550100"
phone_number_id = "phone-main"
number_type = "TOLL_FREE"
two_way_enabled = true
two_way_channel_arn = "arn:aws:sns:us-east-1:123456789012:topic"
opt_out_list_name = "Marketing"

[[phone_numbers.keywords]]
keyword = "YES"
keyword_message = "Thank you"

[[phone_numbers.keywords]]
keyword = "HELP"
keyword_message = "Write to help@example.com"

[[phone_numbers]]
phone_number = "+447700900123"

[[sender_ids]]
sender_id = "ACME"
iso_country_code = "DE"

[[pools]]
pool_id = "pool-mine"
origination_identities = [
  "+447700900123",
  { origination_identity = "ACME", iso_country_code = "DE" },
]
shared_routes_enabled = true
keywords = [{ keyword = "JOIN", keyword_message = "Welcome", keyword_action = "OPT_IN" }]

[[configuration_sets]]
configuration_set_name = "Set"
default_message_type = "PROMOTIONAL"
default_sender_id = "ACME"
protect_configuration_id = "protect-mine"

[[configuration_sets.event_destinations]]
event_destination_name = "topic"
matching_event_types = ["TEXT_ALL"]
sns_destination = { topic_arn = "arn:aws:sns:us-east-1:123456789012:topic" }
enabled = false

[[verified_destination_numbers]]
verified_destination_number_id = "verified-mine"
destination_phone_number = "+14255550100"

[spend_limit_overrides]
text = 50
voice = 0

[[accounts]]
account_id = "210987654321"
region = "eu-west-1"

[[accounts.phone_numbers]]
phone_number = "+447700900124"

[[accounts]]
region = "eu-west-1"
opt_out_lists = [{ opt_out_list_name = "Elsewhere" }]
"""


@pytest.fixture
def client():
    """Make clients of the open block, even if the other tests use HTTP."""

    def make(account_id="123456789012", region="us-east-1"):
        return boto3.client(
            "pinpoint-sms-voice-v2",
            region_name=region,
            aws_access_key_id=account_id,
            aws_secret_access_key="any",
        )

    return make


@pytest.fixture
def applied(written, client):
    """A client of a block to which the whole file has been applied."""
    with mock_sms(seed_file=written(EVERYTHING)):
        yield client()


# --- the resources -----------------------------------------------------------------------------


def test_opt_out_lists(applied):
    """Lists are created with numbers and tags; the default list can have numbers too."""
    lists = applied.describe_opt_out_lists()["OptOutLists"]
    numbers = applied.describe_opted_out_numbers(OptOutListName="Marketing")["OptedOutNumbers"]
    arn = lists[1]["OptOutListArn"]

    assert [each["OptOutListName"] for each in lists] == ["Default", "Marketing"]
    assert [each["OptedOutNumber"] for each in numbers] == ["+14255550199", "+14255550198"]
    assert applied.list_tags_for_resource(ResourceArn=arn)["Tags"] == [
        {"Key": "team", "Value": "growth"}
    ]
    assert applied.describe_opted_out_numbers(OptOutListName="Default")["OptedOutNumbers"]


def test_phone_numbers(applied):
    """Numbers are ACTIVE, with the ids and settings in the file."""
    main, other = applied.describe_phone_numbers()["PhoneNumbers"]

    assert (main["PhoneNumberId"], main["PhoneNumber"]) == ("phone-main", "+12065550100")
    assert main["Status"] == "ACTIVE"
    assert main["NumberType"] == "TOLL_FREE"
    assert main["TwoWayEnabled"] is True
    assert main["OptOutListName"] == "Marketing"
    assert re.fullmatch("phone-[0-9a-f]{32}", other["PhoneNumberId"])
    assert other["IsoCountryCode"] == "GB"


def test_keywords(applied):
    """Numbers and pools have their keywords, and changed messages for the required ones."""

    def keywords(identity):
        result = applied.describe_keywords(OriginationIdentity=identity)["Keywords"]
        return {each["Keyword"]: each["KeywordMessage"] for each in result}

    assert keywords("phone-main").items() >= {"YES": "Thank you", "HELP": HELP}.items()
    assert keywords("pool-mine")["JOIN"] == "Welcome"


def test_pools(applied):
    """Pools are ACTIVE, with their members and settings."""
    [pool] = applied.describe_pools(PoolIds=["pool-mine"])["Pools"]
    members = applied.list_pool_origination_identities(PoolId="pool-mine")

    assert pool["Status"] == "ACTIVE"
    assert pool["PoolArn"].endswith(":pool/pool-mine")
    assert pool["SharedRoutesEnabled"] is True
    assert len(members["OriginationIdentities"]) == 2


def test_configuration_sets(applied):
    """Configuration sets have their defaults and event destinations."""
    [made] = applied.describe_configuration_sets()["ConfigurationSets"]
    [destination] = made["EventDestinations"]

    assert made["ConfigurationSetName"] == "Set"
    assert made["DefaultMessageType"] == "PROMOTIONAL"
    assert made["DefaultSenderId"] == "ACME"
    assert made["ProtectConfigurationId"] == "protect-mine"
    assert destination["EventDestinationName"] == "topic"
    assert destination["Enabled"] is False


@pytest.mark.since("1.36")
def test_message_feedback(written, client):
    """Configuration sets can enable feedback."""
    text = """
        [[configuration_sets]]
        configuration_set_name = "Set"
        default_message_feedback_enabled = true
    """
    with mock_sms(seed_file=written(text)):
        [made] = client().describe_configuration_sets()["ConfigurationSets"]

    assert made["DefaultMessageFeedbackEnabled"] is True


def test_protect_configurations(applied):
    """Protect configurations have their rules."""
    [made] = applied.describe_protect_configurations()["ProtectConfigurations"]
    rules = applied.get_protect_configuration_country_rule_set(
        ProtectConfigurationId="protect-mine", NumberCapability="SMS"
    )["CountryRuleSet"]

    assert made["AccountDefault"] is True
    assert made["DeletionProtectionEnabled"] is True
    assert rules["FR"]["ProtectStatus"] == "BLOCK"


def test_registrations(written, client):
    """A registration has its values, and is submitted if the file says so."""
    kind = "US_TEN_DLC_BRAND_REGISTRATION"
    with mock_sms():
        query = ask(client(), kind)
    values = "\n".join(
        f"{json.dumps(field['FieldPath'])} = {json.dumps(_example(field))}"
        for field in query
        if field["FieldRequirement"] == "REQUIRED"
    )
    text = f"""
[[registrations]]
registration_id = "registration-mine"
registration_type = "{kind}"
submitted = true

[registrations.fields]
{values}

[[registrations]]
registration_type = "{kind}"
fields = {{ "companyInfo.companyName" = "Another" }}
"""
    with mock_sms(seed_file=written(text)):
        sms = client()
        mine, other = sms.describe_registrations()["Registrations"]
        [value] = sms.describe_registration_field_values(RegistrationId=other["RegistrationId"])[
            "RegistrationFieldValues"
        ]

    assert (mine["RegistrationId"], mine["RegistrationStatus"]) == ("registration-mine", "COMPLETE")
    assert (other["RegistrationStatus"], value["TextValue"]) == ("CREATED", "Another")


def _example(field):
    if field["FieldType"] == "SELECT":
        return field["SelectValidation"]["Options"][:1]
    return field["DisplayHints"]["ExampleTextValue"]


@pytest.mark.since("1.44")
def test_rcs_agents(written, client):
    """An agent is ACTIVE, with its settings and keywords, also in a pool."""
    text = """
[[opt_out_lists]]
opt_out_list_name = "Marketing"

[[rcs_agents]]
rcs_agent_id = "rcs-mine"
opt_out_list_name = "Marketing"
deletion_protection_enabled = true
keywords = [{ keyword = "YES", keyword_message = "Thank you" }]

[[rcs_agents]]

[[pools]]
pool_id = "pool-mine"
origination_identities = ["rcs-mine"]
opt_out_list_name = "Marketing"
"""
    with mock_sms(seed_file=written(text)):
        sms = client()
        mine, other = sms.describe_rcs_agents()["RcsAgents"]
        keywords = sms.describe_keywords(OriginationIdentity="rcs-mine", Keywords=["YES"])

    assert (mine["RcsAgentId"], mine["Status"]) == ("rcs-mine", "ACTIVE")
    assert (mine["OptOutListName"], mine["PoolId"]) == ("Marketing", "pool-mine")
    assert mine["DeletionProtectionEnabled"]
    assert other["OptOutListName"] == "Default"
    assert keywords["Keywords"][0]["KeywordMessage"] == "Thank you"


@pytest.mark.since("1.44")
def test_notify_configurations(written, client):
    """A notify configuration has the id and the settings in the file."""
    text = """
[[notify_configurations]]
notify_configuration_id = "notify-mine"
display_name = "ACME"
use_case = "CODE_VERIFICATION"
enabled_channels = ["SMS"]
enabled_countries = ["US"]
"""
    with mock_sms(seed_file=written(text)):
        [made] = client().describe_notify_configurations()["NotifyConfigurations"]

    assert made["NotifyConfigurationId"] == "notify-mine"
    assert (made["DisplayName"], made["EnabledCountries"]) == ("ACME", ["US"])


@pytest.mark.since("1.36")
def test_number_overrides(written, client):
    """Protect configurations have their overrides; a date in the file is a time."""
    overrides = """
        [[protect_configurations]]
        protect_configuration_id = "protect-mine"

        [[protect_configurations.number_overrides]]
        destination_phone_number = "+33612345678"
        action = "ALLOW"
        expiration_timestamp = 2990-01-01
    """
    with mock_sms(seed_file=written(overrides)):
        [listed] = client().list_protect_configuration_rule_set_number_overrides(
            ProtectConfigurationId="protect-mine"
        )["RuleSetNumberOverrides"]

    assert listed["DestinationPhoneNumber"] == "+33612345678"
    assert listed["ExpirationTimestamp"].isoformat() == "2990-01-01T00:00:00+00:00"


def test_verified_numbers(written, client):
    """Numbers are verified, so that in the sandbox they can receive messages at once."""
    poor = EVERYTHING.replace("text = 50", "text = 1")
    with mock_sms(seed_file=written(poor), account_tier="SANDBOX"):
        [verified] = client().describe_verified_destination_numbers()["VerifiedDestinationNumbers"]
        client().send_text_message(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity="phone-main",
            MessageBody="Hello",
        )

    assert verified["VerifiedDestinationNumberId"] == "verified-mine"
    assert verified["Status"] == "VERIFIED"


def test_spend_limits(applied):
    """Spend limits have their overrides."""
    limits = {each["Name"]: each for each in applied.describe_spend_limits()["SpendLimits"]}

    assert limits["TEXT_MESSAGE_MONTHLY_SPEND_LIMIT"]["EnforcedLimit"] == 50
    assert limits["VOICE_MESSAGE_MONTHLY_SPEND_LIMIT"]["EnforcedLimit"] == 0
    assert limits["MEDIA_MESSAGE_MONTHLY_SPEND_LIMIT"]["Overridden"] is False


def test_accounts(applied, client):
    """Other accounts and Regions have the resources in their tables."""
    del applied
    there = client("210987654321", "eu-west-1").describe_phone_numbers()["PhoneNumbers"]
    lists = client(region="eu-west-1").describe_opt_out_lists()["OptOutLists"]

    assert [each["PhoneNumber"] for each in there] == ["+447700900124"]
    assert [each["OptOutListName"] for each in lists] == ["Default", "Elsewhere"]


# --- when it is applied ---------------------------------------------------------------------


def test_it_is_applied_again_at_reset(written):
    """A reset applies the file again, with the same ids if there is a seed."""
    emulator = Emulator(seed_file=written(EVERYTHING), seed=7)
    emulator.clock.freeze("2990-01-01")
    first = emulator.resources()
    emulator.add_number("+12065550101")

    emulator.reset()

    again = emulator.resources()
    assert [place["account_id"] for place in again] == [place["account_id"] for place in first]
    number = engine_of(emulator).account("123456789012", "us-east-1").phone_numbers
    assert [each.phone_number for each in number] == ["+12065550100", "+447700900123"]
    assert (
        engine_of(emulator).state.random_source.position
        == engine_of(Emulator(seed_file=written(EVERYTHING), seed=7)).state.random_source.position
    )


def test_a_reset_with_an_invalid_file_changes_nothing(written, monkeypatch):
    """If the file has become invalid, the reset is refused."""
    emulator = Emulator(seed_file=written(EVERYTHING))
    written("[[pools]]")
    before = emulator.snapshot()

    with pytest.raises(ValueError, match="needs origination_identities"):
        emulator.reset()
    assert emulator.snapshot() == before

    with Server(emulator) as server:
        answer = Control(server.url).post("/_emulator/reset")
    assert answer.status == 400
    assert "needs origination_identities" in answer.error
    assert emulator.snapshot() == before


def test_it_is_not_applied_at_restore(written):
    """A restored state has only its own resources."""
    state = Emulator().snapshot()
    emulator = Emulator(seed_file=written(EVERYTHING))

    emulator.restore(state)

    assert emulator.snapshot() == state


def test_delays_and_throttling_do_not_apply_to_it(written):
    """All resources are ACTIVE at the start, even with transition times and throttling."""
    emulator = Emulator(seed_file=written(EVERYTHING), transition_seconds=3600, throttling=True)
    account = engine_of(emulator).account("123456789012", "us-east-1")

    assert {each.status for each in account.pools} == {"ACTIVE"}
    assert {each.status for each in account.sender_ids} == {"ACTIVE"}
    assert account.buckets == {}
    assert emulator.settings.transition_seconds == 3600


def test_applying_a_seed_file_sends_no_message(written):
    """Applying a seed file sends no message."""
    assert Emulator(seed_file=written(EVERYTHING)).messages == []


def test_an_empty_file(written):
    """A file may be empty."""
    assert Emulator(seed_file=written("# later\n")).resources() == []


def test_the_modules_example_is_valid(written, client):
    """The example in the module's docstring is valid."""
    example = re.search(r"\n\n((?:    .*\n|\n)+)", seed_file.__doc__)[1]
    text = "\n".join(line.strip() for line in example.splitlines())

    with mock_sms(seed_file=written(text)):
        assert client().describe_pools(PoolIds=["pool-main"])["Pools"]
        assert client("210987654321", "eu-west-1").describe_sender_ids()["SenderIds"]


def test_with_a_data_folder_it_is_applied_once(written, tmp_path):
    """After a restart with a data folder it is not applied again, except at a reset."""
    settings = {"seed_file": written(EVERYTHING), "data_dir": tmp_path / "data"}
    emulator = Emulator(**settings)
    emulator.add_number("+12065550101")
    state = emulator.snapshot()
    emulator.close()

    again = Emulator(**settings)

    assert again.snapshot() == state
    again.reset()
    assert len(engine_of(again).account("123456789012", "us-east-1").phone_numbers) == 2
    again.close()


@pytest.mark.parametrize("tier", ["PRODUCTION", "SANDBOX"])
def test_the_documentations_example_is_valid(client, tier):
    """The example in the documentation is valid, and its resources can send a message."""
    with mock_sms(seed_file=EXAMPLE, account_tier=tier) as emulator:
        client().send_text_message(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity="pool-main",
            MessageBody="Hello",
            ConfigurationSetName="Default",
        )

    assert [message.sender for message in emulator.messages] == ["+12065550100"]


def test_the_documentations_registration_is_valid(written, client):
    """The registration in the documentation is valid."""
    page = (EXAMPLE.parent.parent / "how-to/seed-files.md").read_text()
    [text] = re.findall(r"```toml\n(\[\[registrations\]\].*?)```", page, re.DOTALL)

    with mock_sms(seed_file=written(text)):
        [made] = client().describe_registrations()["Registrations"]

    assert made["RegistrationId"] == "registration-main"
    assert made["RegistrationStatus"] == "CREATED"


# --- the command line -----------------------------------------------------------------------------


def test_serve_applies_a_seed_file(written):
    """A server has the resources of the file when it announces its URL."""
    with serving("--seed-file", str(written(EVERYTHING))) as server:
        assert make_client(server.url).describe_pools(PoolIds=["pool-mine"])["Pools"]
        assert Control(server.url).post("/_emulator/reset").status == 200
        assert make_client(server.url).describe_pools(PoolIds=["pool-mine"])["Pools"]


@pytest.mark.parametrize("text", ["[[pool]]", "[[pools]"])
def test_serve_refuses_an_invalid_file(written, text):
    """An invalid file ends the command with status 1 and one sentence."""
    ended = run("serve", "--port", "0", "--seed-file", str(written(text)))

    assert ended.returncode not in (0, None)
    assert ended.stdout == ""
    assert "seed.toml" in ended.stderr
    assert "Traceback" not in ended.stderr
