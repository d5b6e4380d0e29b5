"""What the documentation shows works, and every page can be made."""

import argparse
import json
import re
import runpy
import shlex
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import yaml

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.doors.server import Server

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("**/*.md"))
EXAMPLES = [
    pytest.param(code, id=f"{page.stem}-{index}")
    for page in PAGES
    for index, code in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL))
]
TESTS = [example for example in EXAMPLES if re.search(r"def test_|TestCase", example.values[0])]
ON_A_SERVER = [example for example in EXAMPLES if ":7670" in example.values[0]]
PLAIN = [example for example in EXAMPLES if example not in TESTS + ON_A_SERVER]


@pytest.mark.parametrize("code", TESTS)
def test_examples_of_tests_pass(pytester, monkeypatch, code):
    """What is shown as a test passes in a test run of its own."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(code)

    outcomes = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist").parseoutcomes()

    assert set(outcomes) == {"passed"}


@pytest.mark.parametrize("code", PLAIN)
def test_other_examples_run(code):
    """Code that needs nothing else runs as it stands."""
    exec(code, {})  # noqa: S102 it is ours


@pytest.mark.parametrize("code", ON_A_SERVER)
def test_examples_for_a_server_run(code):
    """Code that speaks to a server runs against one, and sends something."""
    with Server(Emulator()) as server:
        exec(code.replace("http://127.0.0.1:7670", server.url), {})  # noqa: S102 it is ours

        assert server.emulator.messages


def curl(url, command):
    """Do what curl would, where there is none; of a stream the first line is enough."""
    parser = argparse.ArgumentParser()
    for option in ("-X", "--data", "--header", "--max-time"):
        parser.add_argument(option)
    parser.add_argument("--no-buffer", action="store_true")
    parser.add_argument("url")
    told = parser.parse_args(shlex.split(command)[1:])
    data = told.data.encode() if told.data else None
    headers = dict([told.header.split(": ")]) if told.header else {}
    address = told.url.replace("http://127.0.0.1:7670", url)
    with urlopen(Request(address, data, headers, method=told.X)) as answer:
        return answer.readline()


def test_examples_of_curl_are_answered():
    """Every curl that is shown is answered well, and a message has the members that are shown."""
    page = (DOCS / "how-to/http.md").read_text()
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    [shown] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)

    with Server(Emulator()) as server:
        for command in "".join(blocks).replace("\\\n", "").splitlines():
            assert curl(server.url, command)
        message = server.emulator.messages[0].as_dict()

    assert list(json.loads(shown)["messages"][0]) == list(message)


def test_there_are_examples_of_each_kind():
    """The examples are found, so that none goes untested unseen."""
    assert TESTS
    assert PLAIN
    assert ON_A_SERVER


def test_what_pages_include_is_there():
    """Files that pages show exist, and so do the pages that the navigation names."""
    shown = re.compile(r'--8<-- "([^":]+)')
    included = [name for page in PAGES for name in shown.findall(page.read_text())]
    assert len(included) == sum(page.read_text().count("--8") for page in PAGES)
    made = {f"reference/{name}.md" for name in ("settings", "command-line", "python", "http")}
    navigation = re.findall(r"([\w/-]+\.md)", (ROOT / "mkdocs.yml").read_text())

    assert [name for name in included if not (ROOT / name).exists()] == []
    assert [
        name
        for name in navigation
        if not (DOCS / name).exists() and name not in made | {"reference/fidelity.md"}
    ] == []


def test_the_reference_is_made():
    """Each page that is made from the code begins with its title, and shows no quoted types."""
    generate = runpy.run_path(str(DOCS / "generate.py"))

    for make in generate["PAGES"].values():
        page = make()
        assert page.startswith("# ")
        assert "Unpack[" not in page
        assert ": 'str'" not in page


def test_the_workflow_can_be_parsed():
    """The GitHub Actions example is YAML with a job that has a service."""
    workflow = yaml.safe_load((DOCS / "examples/github-actions.yml").read_text())

    assert any("services" in job for job in workflow["jobs"].values())
