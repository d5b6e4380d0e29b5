"""Terraform's AWS provider creates, updates, imports, replaces and destroys what it can describe.

The provider is downloaded, or taken from the mirror that the file in TF_CLI_CONFIG_FILE names.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pinpoint_sms_emu import Server

EXAMPLE = Path(__file__).parent.parent.parent / "docs/examples/main.tf"
NUMBER = "aws_pinpointsmsvoicev2_phone_number.marketing"

# Numbers become ACTIVE after a second, for which the provider waits.
pytestmark = [
    pytest.mark.needs("terraform"),
    pytest.mark.pinpoint_sms(transition_seconds=1),
    pytest.mark.timeout(600),
]


class Project:
    """A folder with the configuration of the documentation."""

    def __init__(self, folder):
        self.folder = folder
        self.write(EXAMPLE.read_text())

    def write(self, configuration):
        """Replace the configuration."""
        self.configuration = configuration
        (self.folder / "main.tf").write_text(configuration)

    def edit(self, before, after):
        """Change the configuration in one place."""
        assert self.configuration.count(before) == 1
        self.write(self.configuration.replace(before, after))

    def run(self, *arguments):
        """Run Terraform, which must succeed, and return what it prints."""
        done = subprocess.run(
            ["terraform", *arguments, "-no-color"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def apply(self, *arguments):
        """Apply the configuration, after which there is nothing left to do."""
        printed = self.run("apply", "-auto-approve", *arguments)
        # With this option, a plan that contains changes has a status of 2.
        self.run("plan", "-detailed-exitcode")
        return printed


@pytest.fixture(scope="module")
def initialized(tmp_path_factory):
    """A folder with the provider, which takes Terraform a while to get and check."""
    folder = tmp_path_factory.mktemp("initialized")
    Project(folder).run("init")
    return folder


@pytest.fixture
def project(emulator, tmp_path, initialized):
    """A project with the example, for the emulator."""
    folder = shutil.copytree(initialized, tmp_path / "project", symlinks=True)
    with Server(emulator) as server:
        project = Project(folder)
        project.write(project.configuration.replace("http://127.0.0.1:7670", server.url))
        yield project


def test_the_life_of_the_example(account, project):
    """All resources of the example are created, and destroyed in the right order."""
    assert "4 added" in project.apply()

    [number] = account.phone_numbers
    assert (number.status, number.opt_out_list_name) == ("ACTIVE", "marketing")
    assert "marketing" in account.configuration_sets

    assert "4 destroyed" in project.run("destroy", "-auto-approve")
    assert [each.name for each in account.opt_out_lists] == ["Default"]
    assert not [*account.configuration_sets]


def test_updates_in_place(account, project):
    """Arguments that are added and removed reach the resources, which stay the same ones."""
    project.apply()
    before = project.configuration
    [number] = account.phone_numbers
    configuration_set = account.configuration_sets["marketing"]

    project.edit(
        '"TOLL_FREE"',
        """"TOLL_FREE"
  deletion_protection_enabled   = true
  two_way_channel_enabled       = true
  two_way_channel_arn           = "arn:aws:sns:us-east-1:123456789012:inbound"
  self_managed_opt_outs_enabled = true
  tags                          = { team = "growth" }""",
    )
    # The provider sets these two only in an update.
    project.edit(
        'configuration_set" "marketing" {',
        """configuration_set" "marketing" {
  default_sender_id    = "EXAMPLE"
  default_message_type = "TRANSACTIONAL\"""",
    )
    assert "0 added, 2 changed, 0 destroyed" in project.apply()

    assert [*account.phone_numbers] == [number]
    assert number.deletion_protection_enabled
    assert number.two_way_channel_arn == "arn:aws:sns:us-east-1:123456789012:inbound"
    assert number.self_managed_opt_outs_enabled
    assert number.tags == {"team": "growth"}
    assert configuration_set.default_sender_id == "EXAMPLE"
    assert configuration_set.default_message_type == "TRANSACTIONAL"

    project.write(before)
    assert "0 added, 2 changed, 0 destroyed" in project.apply()

    assert [*account.phone_numbers] == [number]
    assert not number.two_way_enabled
    assert not number.tags
    assert configuration_set.default_sender_id is None
    assert configuration_set.default_message_type is None


def test_import_and_replacement(account, project):
    """A number that Terraform has forgotten is imported, and another one takes its place."""
    project.apply()
    [number] = account.phone_numbers

    project.run("state", "rm", NUMBER)
    project.run("import", NUMBER, number.id)
    assert "0 added, 0 changed, 0 destroyed" in project.apply()

    assert "1 added, 0 changed, 1 destroyed" in project.apply(f"-replace={NUMBER}")
    assert [each.id for each in account.phone_numbers if each.status == "ACTIVE"] != [number.id]
