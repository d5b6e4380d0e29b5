"""The command line: options, variables, sentences and exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
import urllib.request
from dataclasses import fields
from pathlib import Path

import pytest

from pinpoint_sms_emu import Emulator, Server, __version__
from pinpoint_sms_emu.doors.command_line import main
from pinpoint_sms_emu.settings import Settings
from tests.doors.serving import run, serving

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    """A developer's own variables change no test."""
    for each in [*(field.name for field in fields(Settings)), "url", "host", "port"]:
        monkeypatch.delenv(f"PINPOINT_SMS_EMU_{each.upper()}", raising=False)


def health(url):
    """Return the answer of the health route."""
    with urllib.request.urlopen(f"{url}/_emulator/health", timeout=5) as answer:
        return json.load(answer)


def test_serve_announces_itself_when_it_answers():
    """The announcement comes when health answers, with the port that was free."""
    with serving() as server:
        assert re.fullmatch(r"Listening on http://127\.0\.0\.1:[1-9]\d*", server.announced)
        assert health(server.url) == {"status": "ok", "version": __version__, "replica": None}


def test_serve_by_the_name_of_the_program():
    """The program that is installed is the command line."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]

    assert scripts == {"pinpoint-sms-emu": "pinpoint_sms_emu.__main__:main"}


def test_version():
    """--version prints the version."""
    finished = run("--version")

    assert (finished.returncode, finished.stdout) == (0, f"pinpoint-sms-emu {__version__}\n")


def test_no_command_prints_the_help():
    """Without a command, the help is printed."""
    finished = run()

    assert finished.returncode == 0
    assert finished.stdout.startswith("usage: pinpoint-sms-emu")
    assert "serve" in finished.stdout


@pytest.mark.parametrize("each", fields(Settings), ids=lambda each: each.name)
def test_every_setting_is_an_option_and_a_variable(each, capsys):
    """Every setting has an option and an environment variable, which are in the help."""
    with pytest.raises(SystemExit):
        main.main(["serve", "--help"])

    result = capsys.readouterr().out
    assert f"--{each.name.replace('_', '-')}" in result
    assert f"PINPOINT_SMS_EMU_{each.name.upper()}" in result


@pytest.mark.parametrize(
    ("arguments", "variables", "sentence"),
    [
        (["--port", "70000"], {}, "argument --port: must be a number from 0 to 65535"),
        ([], {"PINPOINT_SMS_EMU_PORT": "x"}, "argument --port: must be a number from 0 to 65535"),
        ([], {"PINPOINT_SMS_EMU_LOG_LEVEL": "all"}, "argument --log-level: must be one of debug"),
        (["--allowed-hosts", "*.example.com"], {}, "allowed_hosts must be host names such as"),
        (["--allowed-hosts", "a,http://b"], {}, "not 'http://b'"),
        (["--quotas", "POOLS_PER_ACCOUNT"], {}, "quotas must be NAME=N,NAME=N"),
        (["--quotas", "POOLS_PER_ACCOUNT=x"], {}, "POOLS_PER_ACCOUNT must be a whole number"),
        (["--account-tier", "GOLD"], {}, "account_tier must be PRODUCTION or SANDBOX"),
        ([], {"PINPOINT_SMS_EMU_SEED": "seven"}, "seed must be a whole number"),
        (["--nonsense"], {}, "unrecognized arguments: --nonsense"),
        (["--acc", "SANDBOX"], {}, "unrecognized arguments: --acc SANDBOX"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments, variables, sentence):
    """Wrong usage is one line, with exit code 2."""
    finished = run("serve", *arguments, **variables)

    assert finished.returncode == 2
    assert finished.stdout == ""
    assert finished.stderr.count("\n") == 1
    assert sentence in finished.stderr


def test_an_unknown_option_names_the_help_of_its_command():
    """The error refers to the help of the command that was meant."""
    finished = run("outcomes", "add", "TEXT_BLOCKED", "--status", "x")

    assert finished.returncode == 2
    assert finished.stderr == (
        "pinpoint-sms-emu outcomes add: unrecognized arguments: --status x; "
        "apart from options, it takes EVENT (such as TEXT_BLOCKED or VOICE_BUSY); "
        "see pinpoint-sms-emu outcomes add --help\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["message"], "invalid choice: 'message'; did you mean messages?"),
        (["calls", "lst"], "invalid choice: 'lst'; did you mean list?"),
        (["calls", "--regoin", "x"], "unrecognized arguments: --regoin; did you mean --region?"),
        (["serve", "--prot", "1"], "unrecognized arguments: --prot 1; did you mean --port?"),
        (["clock", "advance", "--days", "3"], "it takes DURATION (such as 90s, 15m, 25h, 30d"),
        (["faults", "add", "SendTextMessage", "X"], "X; apart from options, it takes OPERATION"),
        (["messages", "--limit", "x"], "argument --limit: must be a whole number, not 'x'"),
        (["serve", "--seed", "a.toml"], "resources to start with are in a seed_file"),
    ],
)
def test_a_typo_is_reported_with_a_suggestion(arguments, sentence):
    """A mistyped command, option or value is reported with the likely one, in one line."""
    finished = run(*arguments)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert sentence in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_segments_need_no_server():
    """How a text is sent is computed by the command itself."""
    finished = run("segments", "--country", "US,DE", "--url", "http://127.0.0.1:9", "Grüße")

    assert (finished.returncode, finished.stderr) == (0, "")
    assert "Price to DE:" in finished.stdout


def test_a_missing_key_file_is_reported():
    """The error names the setting."""
    finished = run("serve", "--port", "0", "--signing-keys", "nowhere.txt")

    assert finished.returncode == 1
    assert finished.stderr == (
        f"pinpoint-sms-emu serve: signing_keys {Path.cwd() / 'nowhere.txt'} cannot be read: "
        "No such file or directory\n"
    )


def test_closed_standard_output(monkeypatch):
    """There is no traceback."""
    monkeypatch.setattr("sys.stdout", None)

    with Server(Emulator()) as server:
        assert main.main(["operations", "--url", server.url]) == 0


# Interrupts the process when it imports a module.
INTERRUPTS = """
import os, signal, sys
# A shell lets its background jobs ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
class Finder:
    def find_spec(self, name, *_):
        if name == os.environ["INTERRUPTED_AT"]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
"""


@pytest.mark.parametrize(
    "module",
    ["pinpoint_sms_emu.doors.command_line.main", "pinpoint_sms_emu.doors.command_line.state"],
)
def test_an_interrupt_while_modules_are_imported(tmp_path, module):
    """There is no traceback, whenever Ctrl-C is pressed."""
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTS)
    line = [sys.executable, "-m", "pinpoint_sms_emu", "state", "save", "-"]
    variables = os.environ | {"PYTHONPATH": str(tmp_path), "INTERRUPTED_AT": module}
    done = subprocess.run(line, capture_output=True, env=variables, check=False)

    assert done.returncode in (-signal.SIGINT, 130)
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("buffering", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "command", [[], ["--version"], ["messages", "--help"], ["seed", "init"]], ids=" ".join
)
def test_output_that_cannot_be_written(command, buffering):
    """A full disk is an error of one line, for help too."""
    line = [sys.executable, "-m", "pinpoint_sms_emu", *command]
    variables = os.environ | {"PYTHONUNBUFFERED": buffering}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, env=variables, check=False)

    assert done.returncode == 1
    assert done.stderr.endswith(b": No space left on device\n")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["state", "save", "-"], ""),
        (["state", "load", "-"], "pinpoint-sms-emu state load: there is no standard input\n"),
    ],
)
def test_closed_standard_streams_of_a_state(monkeypatch, capsys, command, sentence):
    """There is no traceback."""
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stdin", None)

    with Server(Emulator()) as server:
        status = main.main([*command, "--url", server.url])

    assert status == bool(sentence)
    assert capsys.readouterr().err == sentence


@pytest.mark.parametrize("host", ["no-such-name.invalid", ""])
def test_an_unavailable_address_is_reported(host):
    """The error is one sentence."""
    finished = run("serve", "--port", "0", "--host", host)

    assert finished.returncode == 1
    assert finished.stderr.startswith(f"pinpoint-sms-emu serve: there is no address '{host}': ")
    assert finished.stderr.count("\n") == 1


def test_options_win_over_variables(monkeypatch):
    """An option overrides its variable, and an empty variable is ignored."""
    monkeypatch.setenv("PINPOINT_SMS_EMU_ACCOUNT_TIER", "SANDBOX")
    monkeypatch.setenv("PINPOINT_SMS_EMU_PORT", "18000")
    monkeypatch.setenv("PINPOINT_SMS_EMU_HOST", "")
    served = []

    def serve(host, port, options, **_):
        served.append((host, port, options))
        return 0

    monkeypatch.setattr("pinpoint_sms_emu.doors.http.server.serve", serve)

    assert main.main(["serve", "--port", "18001", "--throttling"]) == 0
    assert served == [
        ("127.0.0.1", 18001, {"account_tier": "SANDBOX", "throttling": "true"}),
    ]


def test_reset_and_operations():
    """The commands for a running server talk to it."""
    with Server(Emulator()) as server:
        reset = run("reset", "--url", server.url)
        operations = run("operations", PINPOINT_SMS_EMU_URL=server.url)

    assert (reset.returncode, reset.stderr) == (0, "")
    assert (operations.returncode, operations.stderr) == (0, "")
    assert re.search(r"^yes +CreatePool$", operations.stdout, re.MULTILINE)
    assert re.search(r"^\d+ of \d+ operations are emulated\.$", operations.stdout, re.MULTILINE)


def test_a_missing_server_is_reported():
    """Without a server, a command fails with one sentence and exit code 1."""
    finished = run("reset", "--url", "http://127.0.0.1:9")

    assert finished.returncode == 1
    assert finished.stderr == (
        "pinpoint-sms-emu reset: nothing answers at http://127.0.0.1:9: Connection refused; "
        "start it with pinpoint-sms-emu serve, or give its --url\n"
    )


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("127.0.0.1:7670", "must start with http:// or https://"),
        ("http://", "must name a host"),
        ("http://[::1", "must name a host"),
        ("http://127.0.0.1:99999", "a port up to 65535"),
    ],
)
def test_an_invalid_url_is_wrong_usage(url, sentence):
    """It has no scheme, or no host."""
    finished = run("reset", "--url", url)

    assert finished.returncode == 2
    assert sentence in finished.stderr
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [
        ("PINPOINT_SMS_EMU_SEEED", "did you mean PINPOINT_SMS_EMU_SEED?"),
        ("PINPOINT_SMS_EMU_ACOUNT_TIER", "did you mean PINPOINT_SMS_EMU_ACCOUNT_TIER?"),
        ("PINPOINT_SMS_EMU_UURL", "did you mean PINPOINT_SMS_EMU_URL?"),
    ],
)
@pytest.mark.parametrize("command", ["serve --port 0", "messages", "faults list", "segments Hi"])
def test_an_unknown_variable_is_wrong_usage(command, variable, sentence):
    """An unknown variable with the program's prefix is refused by every command."""
    finished = run(*command.split(), **{variable: "1"})

    assert (finished.returncode, finished.stdout) == (2, "")
    words = " ".join(each for each in command.split() if each.isalpha() and each != "Hi")
    assert finished.stderr == (
        f"pinpoint-sms-emu {words}: the environment variable {variable} is unknown; {sentence}\n"
    )


def test_variables_of_others_are_ignored():
    """Those of serve are set for a whole container, and one is that of compose.yaml."""
    variables = {"PINPOINT_SMS_EMU_ACCOUNT_TIER": "SANDBOX", "PINPOINT_SMS_EMU_IMAGE": "mine:1"}

    assert run("segments", "Hi", **variables).returncode == 0
    with serving(**variables) as server:
        assert health(server.url)["status"] == "ok"


def test_kubernetes_variables_are_ignored():
    """Kubernetes sets them for a service named pinpoint-sms-emu."""
    variables = {
        "PINPOINT_SMS_EMU_SERVICE_HOST": "10.0.0.7",
        "PINPOINT_SMS_EMU_SERVICE_PORT": "7670",
        "PINPOINT_SMS_EMU_SERVICE_PORT_HTTP": "7670",
        "PINPOINT_SMS_EMU_PORT": "tcp://10.0.0.7:7670",
        "PINPOINT_SMS_EMU_PORT_7670_TCP": "tcp://10.0.0.7:7670",
        "PINPOINT_SMS_EMU_PORT_7670_TCP_ADDR": "10.0.0.7",
        "PINPOINT_SMS_EMU_URL": "http://10.0.0.7:7670",
        "PINPOINT_SMS_EMU_ACCESS_TOKEN": "",
    }
    with serving(**variables) as server:
        assert health(server.url)["status"] == "ok"


def test_a_data_folder_needs_an_existing_parent(tmp_path):
    """A missing parent folder is probably a mistake."""
    finished = run("serve", "--port", "0", "--data-dir", str(tmp_path / "no" / "data"))

    assert finished.returncode == 1
    assert finished.stderr == (
        f"pinpoint-sms-emu serve: data_dir {tmp_path}/no/data cannot be used: "
        f"there is no folder {tmp_path}/no\n"
    )
