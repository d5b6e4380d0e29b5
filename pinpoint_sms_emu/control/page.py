"""The page at /: an inbox, and a phone to answer from. It uses only what is under /_emulator."""

from __future__ import annotations

from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pinpoint_sms_emu.control.access import PAGE
from pinpoint_sms_emu.control.routes import Route
from pinpoint_sms_emu.emulator import Emulator

FOLDER = Path(__file__).parent / "inbox"

_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

# Nothing but the page's own files runs or is loaded, whatever a message says.
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


def page(_emulator: Emulator) -> Response:
    """Show the page."""
    return _file(FOLDER / "index.html")


def part(_emulator: Emulator, name: str) -> Response:
    """Give one of the files that the page is made of."""
    path = FOLDER / name
    if path not in FOLDER.iterdir():
        raise NotFound
    return _file(path)


def _file(path: Path) -> Response:
    kind = _TYPES[path.suffix]
    return Response(path.read_bytes(), mimetype=kind, headers=_HEADERS)


PAGES = (
    Route("GET", PAGE, page),
    Route("GET", "/_emulator/inbox/<name>", part),
)
