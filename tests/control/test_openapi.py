"""The OpenAPI document describes the routes: generated from them, and compared with a server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from pinpoint_sms_emu import Emulator, Server, __version__
from pinpoint_sms_emu.control.page import PAGES
from pinpoint_sms_emu.control.router import ControlRouter
from pinpoint_sms_emu.emulator import engine_of

# What schemathesis may take; it stops by itself.
BUDGET_SECONDS = 20


@pytest.fixture
def document(control) -> dict:
    """Return the document from the server."""
    return control.get("/_emulator/openapi.json").json


def test_it_is_an_openapi_document(document):
    """The document is valid OpenAPI 3.1, of this version."""
    validate(document)

    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == __version__


def test_every_route_is_in_it_and_nothing_else(document, emulator):
    """The document has every path under /_emulator, except the page's own files."""
    pages = {page.path for page in PAGES}
    answered = {
        (rule.endpoint.method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in ControlRouter(emulator).routes.iter_rules()
        if rule.rule not in pages
    }

    described = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert described == answered


def test_members_are_those_of_the_function(document):
    """The query, and the body with its required members, follow the route's signature."""
    members = document["paths"]["/_emulator/messages"]["get"]["parameters"]
    body = document["paths"]["/_emulator/inbound"]["post"]["requestBody"]

    schemas = {each["name"]: each["schema"] for each in members}
    assert schemas["wait_seconds"] == {"type": "number"}
    assert schemas["limit"] == {"type": "integer"}
    assert body["required"] is True
    schema = body["content"]["application/json"]["schema"]
    assert schema["required"] == ["sender", "recipient"]
    assert schema["properties"]["sender"] == {"type": "string"}
    assert schema["properties"]["region"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert schema["additionalProperties"] is False


def test_every_operation_has_a_name_and_a_sentence(document):
    """Names of operations are unique, and each has a description."""
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    names = [each["operationId"] for each in operations]

    assert len(names) == len(set(names))
    assert all(each["summary"].endswith(".") for each in operations)


def test_the_stream_is_no_json(document):
    """The stream answers with server-sent events."""
    answer = document["paths"]["/_emulator/messages/stream"]["get"]["responses"]["200"]

    assert list(answer["content"]) == ["text/event-stream"]


@pytest.mark.timeout(600)
def test_schemathesis_finds_nothing(tmp_path):
    """Valid and invalid requests are answered as described, without a 5xx."""
    emulator = Emulator(seed=7)
    emulator.add_number("+12065550100")
    # Nobody is kept waiting, else a query with wait_seconds would take whatever it asks for.
    engine_of(emulator).closing.set()
    with Server(emulator) as server:
        finished = subprocess.run(
            [
                *(Path(sys.executable).with_name("st"), "run"),
                *(f"{server.url}/_emulator/openapi.json", "--seed", "7", "--max-examples", "15"),
                *("--max-time", str(BUDGET_SECONDS), "--request-timeout", "20", "--no-color"),
                # A schema does not tell which texts are phone numbers, nor which members exclude
                # each other: what it allows may be refused still.
                *("--exclude-checks", "positive_data_acceptance"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert list(engine_of(emulator).crashes) == []
    tested = re.search(r"Tested: (\d+)", finished.stdout)
    assert tested is not None
    assert f"Selected: {tested[1]}/{tested[1]}" in finished.stdout
