"""A real Chromium that looks at the page, and complains of what a page must not do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

DESKTOP = {"width": 1280, "height": 800}
WIDE = {"width": 1500, "height": 860}
PHONE = {"width": 390, "height": 780}
NARROW = {"width": 320, "height": 640}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; it is Debian's, playwright brings none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_ARGUMENTS)
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What pages did that they must not do: errors, and requests to anywhere else."""

    url: str
    wrong: list[str] = field(default_factory=list)
    # Parts of what a test has provoked, such as the status of a refusal.
    expected: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        """Watch a page."""
        page.on("pageerror", lambda error: self.complain(f"an error: {error}"))
        page.on("console", self._hear)
        page.on("request", self._follow)
        page.on("dialog", self._refuse)
        return page

    def complain(self, what: str) -> None:
        """Note what was wrong, unless the test is about that."""
        if not any(each in what for each in self.expected):
            self.wrong.append(what)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complain(f"the console: {message.text}")

    def _follow(self, request: Request) -> None:
        members, own = urlsplit(request.url), urlsplit(self.url)
        if members.scheme != "data" and members.netloc != own.netloc:
            self.complain(f"a request to elsewhere: {request.url}")

    def _refuse(self, dialog: Dialog) -> None:
        self.complain(f"a dialog of the browser's: {dialog.message}")
        dialog.dismiss()


def nodes(page: Page) -> int:
    """How many elements the document has."""
    count: int = page.evaluate("document.getElementsByTagName('*').length")
    return count


def violations(page: Page) -> list[str]:
    """What axe has to say against the page as it is."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]
