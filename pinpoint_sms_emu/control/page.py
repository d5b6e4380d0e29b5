"""The page at /: an inbox, and a phone to answer from. It uses only routes under /_emulator."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pinpoint_sms_emu.control.access import PAGE
from pinpoint_sms_emu.control.route import Route
from pinpoint_sms_emu.emulator import Emulator

FOLDER = Path(__file__).parent / "inbox"

_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

# Only the page's own files are loaded and run, whatever messages contain.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


# Where the page finds its parts, as seen from /; relative, since a proxy may add to the path.
_PARTS = '"_emulator/inbox/'


def page(_emulator: Emulator) -> Response:
    """Show the page."""
    return _file(FOLDER / "index.html")


def part(_emulator: Emulator, name: str) -> Response:
    """Return one of the page's files."""
    path = FOLDER / name
    if path not in FOLDER.iterdir():
        raise NotFound
    if name == "index.html":  # the page where / is another program's
        text = path.read_text("utf-8").replace(_PARTS, '"')
        return Response(text, mimetype=_TYPES[path.suffix], headers=_HEADERS)
    return _file(path)


def index_page(index: Mapping[str, Any]) -> Response:
    """Return the list of routes as an HTML page."""
    rows = "".join(
        f"<tr><td>{each['method']}</td><td><code>{escape(each['path'])}</code></td>"
        f"<td>{escape(each['summary'])}</td></tr>"
        for each in index["routes"]
    )
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<title>The routes of pinpoint-sms-emu</title><h1>The routes of pinpoint-sms-emu</h1>"
        f'<p>The <a href="{index["openapi"]}">OpenAPI document</a> describes them in full; '
        '<a href="/">the inbox</a> shows the messages.</p>'
        "<table><thead><tr><th scope=col>Method<th scope=col>Path<th scope=col>What it does"
        f"</thead><tbody>{rows}</tbody></table></html>"
    )
    return Response(text, mimetype="text/html", headers=_HEADERS)


def _file(path: Path) -> Response:
    kind = _TYPES[path.suffix]
    return Response(path.read_bytes(), mimetype=kind, headers=_HEADERS)


PAGES = (
    Route("GET", PAGE, page),
    Route("GET", "/_emulator/inbox/<name>", part),
)
