"""The list of routes, as JSON and as HTML."""

from __future__ import annotations

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_the_routes_are_listed(control):
    """Every route of the OpenAPI document is there, with a sentence."""
    index = control.get("/_emulator").json

    described = control.get(index["openapi"]).json["paths"]
    assert {(each["method"].lower(), each["path"]) for each in index["routes"]} == {
        (method, path) for path, methods in described.items() for method in methods
    }
    assert all(each["summary"].endswith(".") for each in index["routes"])


def test_a_browser_gets_a_page(control):
    """A browser gets a page without scripts, with the same routes; other clients get JSON."""
    page = control.get("/_emulator", headers={"Accept": BROWSER})

    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.text.count("<tr><td>") == len(control.get("/_emulator").json["routes"])
    for accept in ("*/*", "application/json", "application/json, text/html"):
        answer = control.get("/_emulator", headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/json"


def test_an_unknown_path_names_the_list(control):
    """An unknown path is a 404 whose error names the path of the list."""
    answer = control.get("/_emulator/nothing")

    assert (answer.status, answer.error) == (404, "there is no such route; see /_emulator")
