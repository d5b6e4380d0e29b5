"""The code in the documentation works, and every page can be built."""

import argparse
import json
import re
import runpy
import shlex
from contextlib import closing
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import yaml

import pinpoint_sms_emu
from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.doors.command_line.main import build_parser
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.seed.seed_file import SECTIONS
from tests.doors.serving import make_client

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("**/*.md"))
# Every page that a forge shows.
MARKDOWN = [*ROOT.glob("*.md"), *ROOT.glob("addons/*/*.md"), *PAGES]
GENERATE = runpy.run_path(str(DOCS / "generate.py"))
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
    """Code that is shown as a test passes in a separate test run."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    # botocore looks here for credentials when a client is created outside any block.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    pytester.makepyfile(code)

    outcomes = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist").parseoutcomes()

    assert set(outcomes) == {"passed"}


@pytest.mark.parametrize("code", PLAIN)
def test_other_examples_run(code):
    """Self-contained code runs as shown."""
    exec(code, {})  # noqa: S102 it is ours


@pytest.mark.parametrize("code", ON_A_SERVER)
def test_examples_for_a_server_run(code):
    """Code for a server runs against one, and sends something."""
    with Server(Emulator()) as server:
        exec(code.replace("http://127.0.0.1:7670", server.url), {})  # noqa: S102 it is ours

        assert server.emulator.messages


def curl(url, command):
    """Do what curl does, which may not be installed; read only the first line of a stream."""
    parser = argparse.ArgumentParser()
    for option in ("-X", "--data", "--header", "--max-time"):
        parser.add_argument(option)
    parser.add_argument("--no-buffer", action="store_true")
    parser.add_argument("url")
    given = parser.parse_args(shlex.split(command)[1:])
    data = given.data.encode() if given.data else None
    headers = dict([given.header.split(": ")]) if given.header else {}
    address = given.url.replace("http://127.0.0.1:7670", url)
    with urlopen(Request(address, data, headers, method=given.X)) as answer:
        return answer.readline()


def commands():
    """Each command of ours in a block of shell commands, or in a line of text."""
    for page in MARKDOWN:
        text = page.read_text().replace("\\\n", "")
        blocks = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
        lines = re.findall(r"^pinpoint-sms-emu .*$", blocks, re.MULTILINE)
        within = re.findall(r"`(pinpoint-sms-emu [^`]+)`", text)
        # A text may name a command without the arguments that it needs.
        within = [f"{each} --help" if re.fullmatch("[a-z -]+", each) else each for each in within]
        for line in dict.fromkeys(lines + within):
            yield pytest.param(line, id=f"{page.stem}: {line}")


@pytest.mark.parametrize("line", list(commands()))
def test_commands_of_ours_are_right_usage(line):
    """Each is understood by the command line; words in capitals stand for values."""
    words = shlex.split(line.removesuffix("&"), comments=True)[1:]

    assert is_right_usage(words)


def is_right_usage(words):
    """Return whether the command line accepts these arguments."""
    try:
        return build_parser().parse_args(words).run is not None
    except SystemExit as ended:  # wrong usage, or after the help
        return ended.code == 0


def send_a_code(server):
    """Send a text as the user's program does between two commands."""
    with closing(make_client(server.url)) as client:
        client.send_text_message(
            DestinationPhoneNumber="+14255550123",
            OriginationIdentity="+12065550100",
            MessageBody="Your code is 482913.",
        )


def test_examples_of_curl_are_answered():
    """Every request succeeds, and a message has the members on the page."""
    page = (DOCS / "how-to/http.md").read_text()
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    [printed] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    commands = "".join(blocks).replace("\\\n", "").splitlines()

    with Server(Emulator()) as server:
        for command in commands:
            if command == commands[2]:
                send_a_code(server)
            curl(server.url, command)  # raises an error for a status of 400 or more
        server.emulator.reset()
        server.emulator.add_number("+12065550100")
        send_a_code(server)
        message = server.emulator.messages[0].as_dict()

    assert list(json.loads(printed)["messages"][0]) == list(message)


def test_requests_for_the_latest_code_are_answered():
    """The documented route for browser tests returns the code."""
    page = (DOCS / "how-to/one-time-codes.md").read_text()
    [command] = re.findall(r"^curl '.*latest.*$", page, re.MULTILINE)

    with Server(Emulator()) as server:
        server.emulator.add_number("+12065550100")
        send_a_code(server)

        assert json.loads(curl(server.url, command))["codes"] == ["482913"]


def test_every_outcome_is_listed():
    """The page about delivery failures has each event that an outcome accepts."""
    page = (DOCS / "how-to/delivery-failures.md").read_text()

    assert dict(re.findall(r"^\| `(\w+)` \| (.*?) ?\|$", page, re.MULTILINE)) == {
        name: each.description for name, each in EVENT_TYPES.items()
    }


def test_there_are_examples_of_each_kind():
    """The number of examples is as expected, so that none is skipped by mistake."""
    assert TESTS
    assert PLAIN
    assert ON_A_SERVER


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_copied_code_is_up_to_date(page):
    """Code copied from a file equals it: `python docs/generate.py` copies it."""
    text = page.read_text()

    assert "--8<--" not in text, "a forge shows this line instead of the code"
    assert text.count("<!-- copy of") == len(GENERATE["COPY"].findall(text))
    assert text == GENERATE["copy_code"](text), "run .venv/bin/python docs/generate.py"


def test_the_packages_are_those_on_disk():
    """The tree that the page about the code shows is the tree of the package."""
    page = (DOCS / "how-it-is-built.md").read_text()
    [tree] = re.findall(r"```text\npinpoint_sms_emu/\n(.*?)```", page, re.DOTALL)
    generated, outer = set(), ""
    for line in tree.splitlines():
        name = re.findall(r"(\w+)/", line)[0]
        if line[0] in "├└":
            outer = name
            generated.add(name)
        else:
            generated.add(f"{outer}/{name}")

    package = ROOT / "pinpoint_sms_emu"
    folders = [each.relative_to(package) for each in package.glob("**/") if each != package]
    on_disk = {
        str(each)
        for each in folders
        if "__pycache__" not in each.parts and "data" not in each.parts[:-1]
    }
    assert generated == on_disk


@pytest.mark.parametrize("page", ["how-it-is-built.md", "../CONTRIBUTING.md"])
def test_files_that_pages_name_exist(page):
    """A page about the code names modules and folders that exist."""
    text = (DOCS / page).resolve().read_text()
    named = set(re.findall(r"(?<![\w/])((?:\w+/)+\w+\.py)\b|`([\w/]+/)`", text))
    named = {path or folder for path, folder in named} - {"pinpoint_sms_emu/"}

    assert named
    assert [
        name
        for name in named
        if not (ROOT / name).exists() and not (ROOT / "pinpoint_sms_emu" / name).exists()
    ] == []


def test_public_names_are_listed():
    """The page about public names lists the package's exports."""
    page = (DOCS / "public.md").read_text()

    assert set(re.findall(r"^ +\| `(\w+)` \|", page, re.MULTILINE)) == set(pinpoint_sms_emu.__all__)


def test_sections_of_seed_files_are_listed():
    """The page about seed files lists each section that a file can have."""
    page = (DOCS / "how-to/seed-files.md").read_text()

    assert set(re.findall(r"^\| `\[+(\w+)\]+` \|", page, re.MULTILINE)) == {
        *SECTIONS,
        "spend_limit_overrides",
        "accounts",
    }


@pytest.mark.since("1.44")
def test_the_list_of_operations_is_up_to_date():
    """The page of operations is the output of `python docs/generate.py`."""
    assert (DOCS / "operations.md").read_text() == GENERATE["operations_page"]()


def anchors(page):
    """The anchors of a page's headings, as a forge and mkdocs make them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    words = (re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings)
    return {each.replace(" ", "-") for each in words}


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_links_exist(page):
    """Links and pictures lead to files of the repository, and to existing headings.

    Nothing in the page is of a form that only mkdocs knows.
    """
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`]*`", "", text)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    assert re.findall(r"^(?:!!!|\?\?\?|===|:::) .*$", text, re.MULTILINE) == []

    dead = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if link.startswith("https://"):
            continue
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


def test_links_lead_from_the_readme_to_every_page():
    """Whoever reads the repository without building the documentation finds all of it."""
    found: set[Path] = set()
    following = [ROOT / "README.md"]
    while following:
        page = following.pop()
        if page in found or page.suffix != ".md":
            continue
        found.add(page)
        links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
        following += [(page.parent / link).resolve() for link in links if "://" not in link]

    assert set(PAGES) <= found

    """Each page is in the navigation, which names no page that does not exist."""
    named = set(re.findall(r"([\w/-]+\.md)", (ROOT / "mkdocs.yml").read_text()))
    written = {str(page.relative_to(DOCS)) for page in PAGES}

    assert named == written | {f"reference/{name}.md" for name in GENERATE["PAGES"]}


def test_the_reference_is_made():
    """Each page that is made from the code begins with its title, and shows no quoted types."""
    for make in GENERATE["PAGES"].values():
        page = make()
        assert page.startswith("# ")
        assert "Unpack[" not in page
        assert ": 'str'" not in page


def test_the_workflow_can_be_parsed():
    """The GitHub Actions example is YAML with a job that has a service."""
    workflow = yaml.safe_load((DOCS / "examples/github-actions.yml").read_text())

    assert any("services" in job for job in workflow["jobs"].values())
