"""What the README shows works."""

import re
from pathlib import Path

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.doors.server import Server
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import service_model, snake

README = Path(__file__).parent.parent.joinpath("README.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def example(holding):
    """The one example in which these words stand."""
    [found] = [code for code in EXAMPLES if holding in code]
    return found


def test_the_example_of_the_fixture_passes(pytester):
    """The tests that the README shows pass in a test run of their own."""
    pytester.makepyfile(example("def test_the_code_arrives"))

    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist")

    result.assert_outcomes(passed=2)


def test_the_example_of_the_block_runs(capsys):
    """The code that the README shows for `mock_sms` prints what was sent."""
    exec(example("mock_sms(seed=7)"), {})  # noqa: S102 it is ours

    assert capsys.readouterr().out == "['Hello']\n"


def test_the_example_of_the_server_runs():
    """The code that the README shows for other processes sends through a server and reads back."""
    with Server(Emulator()) as server:
        code = example("urlopen").replace("http://127.0.0.1:7670", server.url)

        exec(code, {})  # noqa: S102 it is ours

        assert [message.body for message in server.emulator.messages] == [
            "Hello from another process"
        ]


def test_every_example_is_run():
    """No Python in the README goes untested."""
    assert len(EXAMPLES) == 3


@pytest.mark.since("1.44")
def test_the_operations_that_are_told_are_those_that_are_emulated():
    """The README lists what is emulated, no more and no less, and counts it."""
    emulated = {name for name in service_model().operations if snake(name) in OPERATIONS}
    told = set(re.findall(r"`([A-Z][A-Za-z]+)`", README)) & set(service_model().operations)
    [counted] = re.findall(r"\*\*(\d+) of (\d+) operations\*\*", README)

    assert told == emulated
    assert counted == (str(len(emulated)), str(len(service_model().operations)))
