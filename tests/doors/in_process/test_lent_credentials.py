"""The Region and credentials that a block provides if botocore would find none."""

import os

import boto3
import pytest

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.opt_out_lists import SERVICE, make_list, names

pytestmark = pytest.mark.usefixtures("bare")

LENT_KEYS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
LENT_REGION = {"AWS_DEFAULT_REGION"}
PAIR = "aws_access_key_id = 111122223333\naws_secret_access_key = mine\n"


def test_credentials_and_region_are_lent():
    """They are provided only inside the block, if none are set."""
    before = dict(os.environ)

    with mock_sms():
        boto3.client(SERVICE).describe_pools()
        inside = {name: os.environ[name] for name in os.environ.keys() - before.keys()}

    assert set(inside) == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"}
    assert dict(os.environ) == before
    assert boto3.DEFAULT_SESSION.get_credentials() is None


def test_the_users_settings_are_kept(monkeypatch):
    """Credentials and Region that are set are used, and are still there afterwards."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111122223333")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")

    with mock_sms() as sms:
        make_list(boto3.client(SERVICE))

        assert "mine" in engine_of(sms).account("111122223333", "eu-central-1").opt_out_lists
    assert os.environ["AWS_ACCESS_KEY_ID"] == "111122223333"
    assert os.environ["AWS_DEFAULT_REGION"] == "eu-central-1"


def lent_inside():
    """Which variables a block puts into the environment."""
    before = dict(os.environ)
    with mock_sms():
        inside = {name for name, value in os.environ.items() if before.get(name) != value}
    assert dict(os.environ) == before
    return inside


@pytest.mark.parametrize(
    ("config", "lent"),
    [
        ("", LENT_KEYS | LENT_REGION),
        ("[default]\nregion = eu-west-1\n", LENT_KEYS),
        (f"[default]\nregion = eu-west-1\n{PAIR}", set()),
        ("[profile work]\nregion = eu-west-1\n", LENT_KEYS | LENT_REGION),
        ("[default]\nsso_region = eu-west-1\n", LENT_KEYS | LENT_REGION),
        ("# region = eu-west-1\n", LENT_KEYS | LENT_REGION),
        ("[default]\ns3 =\n  region = eu-west-1\n", LENT_KEYS | LENT_REGION),
    ],
)
def test_the_region_is_found_as_by_botocore(tmp_path, config, lent):
    """Regions of other profiles, for a token or in a comment are ignored."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text(config)

    assert lent_inside() == lent


def test_aws_profile_is_used(tmp_path, monkeypatch):
    """It names the profile, and the files may be anywhere."""
    config = tmp_path / "my-config"
    config.write_text(f"[profile work]\nregion = eu-west-1\n{PAIR}")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "work")

    with mock_sms() as sms:
        make_list(boto3.client(SERVICE))

        assert "mine" in engine_of(sms).account("111122223333", "eu-west-1").opt_out_lists


def test_empty_files_have_no_credentials(monkeypatch):
    """Config files that exist and are empty, such as /dev/null, have no credentials."""
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)

    assert lent_inside() == LENT_KEYS | LENT_REGION


def test_empty_variables_are_ignored_and_restored(monkeypatch):
    """botocore ignores an empty variable; afterwards it is restored."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "")

    with mock_sms():
        assert names(boto3.client(SERVICE)) == ["Default"]
    assert os.environ["AWS_ACCESS_KEY_ID"] == os.environ["AWS_DEFAULT_REGION"] == ""
    assert "AWS_SECRET_ACCESS_KEY" not in os.environ


TOKEN = (
    "[default]\nsso_start_url = https://example.com\nsso_region = us-east-1\n"
    "sso_account_id = 111122223333\nsso_role_name = any\n"
)
ROLE = (
    "[default]\nrole_arn = arn:aws:iam::111122223333:role/any\nsource_profile = base\n"
    f"[profile base]\n{PAIR}"
)


@pytest.mark.parametrize("config", ["[default]\ncredential_process = touch ran\n", TOKEN, ROLE])
def test_no_command_is_run_and_no_service_called(tmp_path, monkeypatch, config):
    """If credentials would need a command or a call, clients get provided ones."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(config)

    assert lent_inside() == LENT_KEYS | LENT_REGION
    with mock_sms():
        assert names(boto3.client(SERVICE)) == ["Default"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("config", [TOKEN, ROLE])
def test_a_client_that_would_call_for_its_credentials_does_not(tmp_path, config):
    """Clients created before the block, or for a profile, are answered without them."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(config)
    before = boto3.Session().client(SERVICE, region_name="us-east-1")

    with mock_sms():
        own = boto3.Session(profile_name="default").client(SERVICE, region_name="us-east-1")

        assert names(before) == names(own) == ["Default"]


def test_config_files_are_read_once(monkeypatch, tmp_path):
    """A second block only checks the environment, and botocore only after changes."""
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with mock_sms():
        pass
    monkeypatch.setattr("botocore.session.Session", None)

    assert lent_inside() == LENT_KEYS | LENT_REGION


@pytest.mark.parametrize("keys", ["", "mine"])
def test_without_any_file_only_the_environment_is_read(monkeypatch, keys):
    """If there are no files, only the environment is read."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys)
    monkeypatch.setattr("botocore.session.Session", None)

    assert lent_inside() == LENT_REGION | (set() if keys else LENT_KEYS)


def test_a_file_that_changes_is_read_again(tmp_path):
    """Changes to the config file between two blocks are used in the second."""
    assert lent_inside() == LENT_KEYS | LENT_REGION
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text("[default]\nregion = eu-west-1\n")

    assert lent_inside() == LENT_KEYS


def test_an_unknown_profile_is_the_clients_error(monkeypatch):
    """The block logs nothing about it: botocore does, when a client is created."""
    monkeypatch.setenv("AWS_PROFILE", "missing")

    assert lent_inside() == set()
