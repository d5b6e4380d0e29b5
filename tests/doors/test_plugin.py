"""The pytest plugin, in test runs of its own."""

import json
import subprocess
import sys

import pytest

IMPORTED_BY_LOADING = """
import json, sys
import pytest
before = set(sys.modules)
import pinpoint_sms_emu.doors.pytest_plugin
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_loading_the_plugin_loads_nothing_else():
    """A test run that does not use the plugin pays nothing for it."""
    code = [sys.executable, "-c", IMPORTED_BY_LOADING]
    loaded = json.loads(subprocess.run(code, capture_output=True, check=True).stdout)

    ours = [name for name in loaded if name.startswith("pinpoint_sms_emu")]
    heavy = {name.partition(".")[0] for name in loaded}

    assert ours == [
        "pinpoint_sms_emu",
        "pinpoint_sms_emu.doors",
        "pinpoint_sms_emu.doors.pytest_plugin",
    ]
    assert heavy.isdisjoint({"phonenumbers", "werkzeug", "boto3", "botocore", "granian"})


@pytest.fixture
def run(pytester, monkeypatch):
    """Run a test file in a process of its own, as a user would."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def run_file(source):
        pytester.makepyfile(source)
        return pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist")

    return run_file


def test_the_fixture_is_fresh_for_each_test(run):
    """`pinpoint_sms` gives an emulator that answers boto3, and nothing stays for the next test."""
    result = run(
        """
        import boto3, pytest

        @pytest.mark.parametrize("time", [1, 2])
        def test_it(pinpoint_sms, time):
            client = boto3.client("pinpoint-sms-voice-v2")
            client.create_opt_out_list(OptOutListName="mine")
            assert len(client.describe_opt_out_lists()["OptOutLists"]) == 2
            assert pinpoint_sms.messages == []
        """
    )

    result.assert_outcomes(passed=2)


def test_a_marker_configures_the_fixture(run):
    """Settings come from the marker, the nearest one first."""
    result = run(
        """
        import pytest

        pytestmark = pytest.mark.pinpoint_sms(seed=1, account_tier="SANDBOX")

        @pytest.mark.pinpoint_sms(seed=7)
        def test_it(pinpoint_sms):
            assert pinpoint_sms.settings.seed == 7
            assert pinpoint_sms.settings.account_tier == "SANDBOX"
        """
    )

    result.assert_outcomes(passed=1)


def test_the_server_fixture_is_one_server_reset_for_each_test(run):
    """`pinpoint_sms_server` is found by boto3 through the environment and reset between tests."""
    result = run(
        """
        import boto3, os, pytest

        urls = set()

        @pytest.mark.parametrize("time", [1, 2])
        def test_it(pinpoint_sms_server, monkeypatch, time):
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
            urls.add(pinpoint_sms_server.url)
            assert os.environ["AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"] == pinpoint_sms_server.url
            client = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")
            client.create_opt_out_list(OptOutListName="mine")
            account = pinpoint_sms_server.emulator.account("123456789012", "us-east-1")
            assert "mine" in account.opt_out_lists

        def test_afterwards(pinpoint_sms_server):
            assert len(urls) == 1
            assert "mine" not in pinpoint_sms_server.emulator.account(
                "123456789012", "us-east-1"
            ).opt_out_lists

        def test_and_the_environment_is_as_before():
            assert "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2" not in os.environ
        """
    )

    result.assert_outcomes(passed=4)


def test_settings_of_one_test_do_not_reach_the_next(run):
    """A marker configures the server for its own test only."""
    result = run(
        """
        import pytest

        @pytest.mark.pinpoint_sms(account_tier="SANDBOX")
        def test_one(pinpoint_sms_server):
            assert pinpoint_sms_server.emulator.settings.account_tier == "SANDBOX"

        def test_two(pinpoint_sms_server):
            assert pinpoint_sms_server.emulator.settings.account_tier == "PRODUCTION"
        """
    )

    result.assert_outcomes(passed=2)


def test_a_crash_in_the_server_fails_the_test_that_hit_it(run):
    """A broken emulator is not a 500 that the client tries again: the test fails with the cause."""
    result = run(
        """
        import boto3
        from botocore.config import Config

        def test_it(pinpoint_sms_server, monkeypatch):
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
            monkeypatch.setattr("pinpoint_sms_emu.service.listing.cut", lambda *_: 1 / 0)
            once = Config(retries={"total_max_attempts": 1})
            client = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1", config=once)
            try:
                client.describe_pools()
            except client.exceptions.InternalServerException:
                pass
        """
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])
