"""The code in the README works."""

import re
from pathlib import Path

from pinpoint_sms_emu import Emulator, Server

README = Path(__file__).parent.parent.joinpath("README.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def example(holding):
    """Find the one example that contains a text."""
    [found] = [code for code in EXAMPLES if holding in code]
    return found


def test_the_example_of_the_fixture_passes(pytester):
    """The tests in the README pass in a separate test run."""
    pytester.makepyfile(example("def test_the_code_arrives"))

    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist")

    result.assert_outcomes(passed=2)


def test_the_example_of_the_block_runs(capsys):
    """The README's code for `mock_sms` prints what was sent."""
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
