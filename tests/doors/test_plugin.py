"""The pytest plugin, in separate test runs."""

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
    """A test run that does not use the plugin does not load the emulator."""
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
def run(pytester, bare):
    """Run a test file in a separate process, without AWS settings."""

    def run_file(source, **configuration):
        pytester.makepyfile(source)
        if configuration:
            lines = (f"{name} = {value}" for name, value in configuration.items())
            pytester.makeini("\n".join(["[pytest]", *lines]))
        return pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist")

    return run_file


def test_the_fixture_is_fresh_for_each_test(run):
    """`pinpoint_sms` is an emulator that answers boto3, new for each test."""
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
        from pinpoint_sms_emu.emulator import engine_of

        urls = set()

        @pytest.mark.parametrize("time", [1, 2])
        def test_it(pinpoint_sms_server, time):
            urls.add(pinpoint_sms_server.url)
            assert os.environ["AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"] == pinpoint_sms_server.url
            client = boto3.client("pinpoint-sms-voice-v2")
            client.create_opt_out_list(OptOutListName="mine")
            account = engine_of(pinpoint_sms_server.emulator).account("123456789012", "us-east-1")
            assert "mine" in account.opt_out_lists

        def test_afterwards(pinpoint_sms_server):
            assert len(urls) == 1
            assert "mine" not in engine_of(pinpoint_sms_server.emulator).account(
                "123456789012", "us-east-1"
            ).opt_out_lists

        def test_and_the_environment_is_as_before():
            left = {name for name in os.environ if name.startswith("AWS_")}
            assert left == {"AWS_EC2_METADATA_DISABLED"}
        """
    )

    result.assert_outcomes(passed=4)


def test_a_test_may_stop_the_server(run):
    """A test that shows what happens without the service does not affect the next one."""
    result = run(
        """
        import urllib.request, pytest

        def answers(server):
            with urllib.request.urlopen(f"{server.url}/_emulator/health", timeout=60) as answer:
                return answer.status == 200

        def test_without_a_server(pinpoint_sms_server):
            pinpoint_sms_server.stop()
            with pytest.raises(OSError):
                answers(pinpoint_sms_server)

        def test_with_a_closed_emulator(pinpoint_sms_server):
            assert answers(pinpoint_sms_server)
            pinpoint_sms_server.emulator.close()

        def test_afterwards(pinpoint_sms_server):
            assert answers(pinpoint_sms_server)
            path = "/_emulator/messages/stream"
            with urllib.request.urlopen(f"{pinpoint_sms_server.url}{path}", timeout=60) as stream:
                emulator = pinpoint_sms_server.emulator
                emulator.add_number("+12065550100")
                emulator.receive("Hello", sender="+14255550100", recipient="+12065550100")
                assert any(b"Hello" in line for line in stream)
        """
    )

    result.assert_outcomes(passed=3)


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
            monkeypatch.setattr("pinpoint_sms_emu.service.listing.take_page", lambda *_: 1 / 0)
            once = Config(retries={"total_max_attempts": 1})
            client = boto3.client("pinpoint-sms-voice-v2", config=once)
            try:
                client.describe_pools()
            except client.exceptions.InternalServerException:
                pass
        """
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])


def test_the_server_fixture_lends_a_region_and_credentials_to_subprocesses_too(run):
    """Another process finds everything that it needs in the environment."""
    result = run(
        """
        import subprocess, sys
        from pinpoint_sms_emu.emulator import engine_of

        CALL = (
            "import boto3; client = boto3.client('pinpoint-sms-voice-v2'); "
            "client.create_opt_out_list(OptOutListName='mine')"
        )

        def test_it(pinpoint_sms_server):
            subprocess.run([sys.executable, "-c", CALL], check=True)
            account = engine_of(pinpoint_sms_server.emulator).account("123456789012", "us-east-1")
            assert "mine" in account.opt_out_lists
        """
    )

    result.assert_outcomes(passed=1)


# Mistakes.


@pytest.mark.parametrize("fixture", ["pinpoint_sms", "pinpoint_sms_server"])
@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        (
            '"SANDBOX"',
            "takes settings by name, not 'SANDBOX': did you mean *(account_tier='SANDBOX')?",
        ),
        ("7", "takes settings by name, not 7: did you mean *(seed=7)?"),
        ('{"seed": 7}', "takes settings by name, not {'seed': 7}: did you mean *(**settings)?"),
        ('colour="red"', "there is no setting colour"),
        ('account_tier="GOLD"', "account_tier must be PRODUCTION or SANDBOX"),
        ('seed_file="nope.toml"', "nope.toml cannot be read: No such file or directory"),
        ('seed_file={"pool": []}', "pool: is unknown; did you mean *"),
    ],
)
def test_a_wrong_marker_is_an_error(run, fixture, marker, sentence):
    """A marker with wrong arguments, or with a wrong file, fails its test with a sentence."""
    result = run(
        f"""
        import pytest

        @pytest.mark.pinpoint_sms({marker})
        def test_it({fixture}):
            pass
        """
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"@pytest.mark.pinpoint_sms*{sentence.replace('[', '[[]')}*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_marker_with_the_name_of_the_other_fixture_is_an_error(run):
    """Both fixtures have the same marker; pytest only warns of unknown ones."""
    result = run(
        """
        import pytest

        @pytest.mark.pinpoint_sms_server(account_tier="SANDBOX")
        def test_it(pinpoint_sms_server):
            pass
        """
    )

    result.assert_outcomes(errors=1, warnings=1)
    result.stdout.fnmatch_lines(["*the marker of both fixtures is @pytest.mark.pinpoint_sms"])


def test_a_marker_without_the_fixture_is_an_error(run):
    """A marker without the fixture has no effect; on a class or module it is allowed."""
    result = run(
        """
        import pytest

        @pytest.mark.pinpoint_sms(seed=7)
        def test_it():
            pass

        @pytest.fixture
        def mine(pinpoint_sms):
            return pinpoint_sms

        @pytest.mark.pinpoint_sms(seed=7)
        def test_through_another_fixture(mine):
            assert mine.settings.seed == 7

        @pytest.mark.pinpoint_sms(seed=7)
        class TestClass:
            def test_without(self):
                pass

        @pytest.mark.usefixtures("pinpoint_sms")
        @pytest.mark.pinpoint_sms(seed=7)
        def test_used():
            pass
        """
    )

    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*pinpoint_sms_server, but test_it asks for neither: make one*"])


# The report of a failure.


def test_a_failing_test_shows_its_calls_and_messages(run):
    """The report has the last twenty messages, also if a fixture of the test uses the emulator."""
    result = run(
        """
        import boto3, pytest

        @pytest.fixture
        def client(pinpoint_sms):
            pinpoint_sms.add_number("+12065550100")
            return boto3.client("pinpoint-sms-voice-v2")

        def test_it(client):
            for index in range(30):
                client.send_text_message(
                    DestinationPhoneNumber="+14255550123", OriginationIdentity="+12065550100",
                    MessageBody=f"text {index} \x1b[31m",
                )
            assert False
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*- pinpoint-sms-emu: *", "*earlier ones are left out)", "*+14255550123*'text 29 *'"]
    )
    lines = result.outlines
    start = next(i for i, line in enumerate(lines) if "- pinpoint-sms-emu: " in line)
    listed = [line for line in lines[start:] if ":" in line[:4]]
    assert len(listed) == 20
    assert not any("\x1b" in line for line in listed)


@pytest.mark.parametrize(
    ("mistake", "error"),
    [
        ('add_number("nonsense")', "ValueError: 'nonsense' is neither"),
        ('receive("Hi", sender="+14255550100", recipient="+12065550100")', "LookupError: there"),
        ('wait_for(recipient="+14255550100", timeout=0)', "TimeoutError: no message"),
        ('assert_called("SendTextMessage")', "AssertionError: Expected SendTextMessage"),
        ("clock.advance(60)", "ValueError: advance takes a length of time"),
        ('wait_for(recipient="4255550100")', "ValueError: recipient 4255550100 may lack"),
    ],
)
def test_the_traceback_of_a_mistake_ends_in_the_test(run, mistake, error):
    """The frames inside the emulator do not help; --full-trace shows them."""
    source = f"""
        def test_it(pinpoint_sms):
            pinpoint_sms.{mistake}
        """
    result = run(source)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f">*pinpoint_sms.{mistake}", f"E*{error}*"])
    result.stdout.no_fnmatch_line("*pinpoint_sms_emu?api*")
    result.stdout.no_fnmatch_line("*All traceback entries are hidden*")
    result.stdout.no_fnmatch_line("*was the direct cause*")
    full = run(source, addopts="--full-trace")
    full.stdout.fnmatch_lines(["*pinpoint_sms_emu?*"])


def test_the_traceback_of_a_mistake_ends_in_the_fixture(run):
    """A mistake in a fixture is reported like one in a test."""
    result = run(
        """
        import pytest

        @pytest.fixture
        def number(pinpoint_sms):
            pinpoint_sms.add_number("+12065550100", two_way_enabled=True)

        def test_it(number):
            pass
        """
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [">*pinpoint_sms.add_number*", "E*ValueError: two_way_channel_arn*"]
    )
    result.stdout.no_fnmatch_line("*pinpoint_sms_emu?*:*")
    result.stdout.no_fnmatch_line("*was the direct cause*")


def test_a_refused_call_says_what_helps(run):
    """The line of a refusal ends with what would help."""
    result = run(
        """
        import boto3

        def test_it(pinpoint_sms):
            boto3.client("pinpoint-sms-voice-v2").send_text_message(
                DestinationPhoneNumber="+14255550123", MessageBody="Hello"
            )
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*can send to US. Add a number for US with sms.add_number, *"])


def test_a_failing_test_with_a_server_shows_its_messages(run):
    """The report shows what the test has sent, and nothing of other tests."""
    result = run(
        """
        import boto3, pytest

        def text(server, body):
            server.emulator.add_number("+12065550100")
            boto3.client("pinpoint-sms-voice-v2").send_text_message(
                DestinationPhoneNumber="+14255550123", OriginationIdentity="+12065550100",
                MessageBody=body,
            )

        def test_one(pinpoint_sms_server):
            text(pinpoint_sms_server, "the first")

        def test_two(pinpoint_sms_server):
            text(pinpoint_sms_server, "the second")
            assert False
        """
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*- pinpoint-sms-emu: *", "*+14255550123*'the second'"])
    result.stdout.no_fnmatch_line("*'the first'*")


def test_other_tests_show_nothing(run):
    """Tests without an emulator, and tests that pass, have no such section."""
    result = run(
        """
        def test_passes(pinpoint_sms):
            pass

        def test_fails():
            assert False
        """
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.no_fnmatch_line("*pinpoint-sms-emu:*")


# The guard.

GUARDED = """
import asyncio, boto3, pytest, socket, threading
from botocore.config import Config
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.errors import NotAnsweredError
from pinpoint_sms_emu import Server

def make(**given):
    once = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    return boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1", config=once, **given)

def test_outside_of_every_block():
    with pytest.raises(NotAnsweredError, match="DescribePools .* pinpoint_sms_server"):
        make().describe_pools()
    with pytest.raises(NotAnsweredError, match="127.0.0.1:9, outside"):
        make(endpoint_url="http://127.0.0.1:9").describe_pools()

def test_inside():
    with mock_sms():
        make().describe_pools()
    with pytest.raises(NotAnsweredError):
        make().describe_pools()

def test_a_thread_that_outlives_its_block():
    left, raised = threading.Event(), []
    def later():
        left.wait(10)
        try:
            client.describe_pools()
        except NotAnsweredError as error:
            raised.append(error)
    with mock_sms():
        client = make()
        thread = threading.Thread(target=later)
        thread.start()
    left.set()
    thread.join()
    assert raised

def test_a_server(pinpoint_sms_server):
    make().describe_pools()

def test_a_passed_through_endpoint():
    with pytest.raises(Exception, match="127.0.0.1:10|credentials") as raised:
        make(endpoint_url="http://127.0.0.1:10").describe_pools()
    assert not isinstance(raised.value, NotAnsweredError)

def test_the_fixture_passes_it_through(pinpoint_sms):
    assert pinpoint_sms.settings.pass_through == ("http://127.0.0.1:10",)

def test_a_client_that_is_not_botocores():
    with pytest.raises(NotAnsweredError):
        socket.create_connection(("sms-voice.us-east-1.amazonaws.com", 443))

def test_other_services():
    with pytest.raises(Exception, match="127.0.0.1:9|credentials"):
        boto3.client("sqs", "us-east-1", endpoint_url="http://127.0.0.1:9").list_queues()
"""


def test_the_guard_refuses_calls_without_an_emulator(run):
    """With pinpoint_sms_guard, a call that no emulator answers raises an error."""
    guarded = {
        "pinpoint_sms_guard": "true",
        "pinpoint_sms_pass_through": "http://127.0.0.1:10",
    }
    result = run(GUARDED, **guarded)

    result.assert_outcomes(passed=8)


def test_without_the_guard_nothing_is_refused(run):
    """Without the fixture there is no emulator, and botocore is unchanged."""
    result = run(
        """
        import pytest
        from botocore.endpoint import Endpoint

        def test_it():
            assert Endpoint.make_request.__module__ == "botocore.endpoint"
        """
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("guard", ["true", "false"])
def test_a_wrong_endpoint_that_is_passed_through_is_an_error(run, guard):
    """The run ends with a sentence, also without the guard: the fixture reads the option too."""
    result = run("", pinpoint_sms_guard=guard, pinpoint_sms_pass_through="localhost")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pinpoint_sms_pass_through must be*"])


def test_emulators_do_not_outlive_their_tests(run):
    """A long run does not keep the emulators of finished tests."""
    result = run(
        """
        import gc, weakref

        left = []

        def test_one(pinpoint_sms):
            left.append(weakref.ref(pinpoint_sms))

        def test_afterwards():
            gc.collect()
            assert left[0]() is None
        """
    )

    result.assert_outcomes(passed=2)
