"""A reader in a real browser: the system's chromium, with WebGL in software."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, expect, sync_playwright
from running import chronology
from serving import Served, served

from service.http.page import BUILT

WEB = BUILT.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WIDE, PHONE = (1440, 900), (390, 844)
NIGHT = "2024-12-06T00:00:00Z"
"""When Salamiyah may have been changing, and Khitab was surely held."""

expect.set_options(timeout=15_000)


def needed() -> str | None:
    """What is missing to try the page; None where everything is there."""
    if CHROMIUM is None:
        return "the page needs a browser to be tried: there is no chromium here (apt-get install chromium)"
    if not (BUILT / "index.html").is_file():
        return "the page was not built: make page"
    return None


def need() -> None:
    """Skip what needs a browser where there is none; where CI=true, fail."""
    missing = needed()
    if missing and os.environ.get("CI") == "true":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)


@contextmanager
def browser(*flags: str) -> Iterator[Browser]:
    need()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        try:
            yield launched
        finally:
            launched.close()


@contextmanager
def hama(folder: Path) -> Iterator[Served]:
    """The Hama chronology, served."""
    store = folder / "hama.db"
    done = chronology("load", "hama-2024", store=store)
    assert done.status == 0, done.err
    with served(store) as running:
        yield running


class Reader:
    """A page, what it complained of, and whom it asked."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme.startswith("http") and asked.netloc != urlsplit(self.url).netloc:
            self.strangers.append(request.url)

    def open(self, **seen: str) -> Page:
        """Open the page as an address has it, and wait until it shows what the clocks say."""
        self.page.goto(f"{self.url}/?{urlencode(seen)}")
        self.settled()
        return self.page

    def settled(self) -> None:
        expect(self.page.locator("#app[aria-busy]")).to_have_count(0)
        expect(self.page.locator(".map-status .card")).to_have_count(0)

    def as_editor(self, secret: str) -> None:
        """Give the page a token as a reader would have given it before."""
        self.page.add_init_script(f"sessionStorage.setItem('chronology-token', {secret!r})")

    def violations(self) -> list[str]:
        """What axe finds wrong, each with its places."""
        self.page.evaluate((WEB / "node_modules" / "axe-core" / "axe.min.js").read_text())
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found["violations"]]


@contextmanager
def reading(
    browser: Browser, url: str, size: tuple[int, int] = WIDE, *, quiet: bool = True, **options: Any
) -> Iterator[Reader]:
    """A reader on a page of their own. Nothing may be complained of, and nobody else be asked."""
    wanted: dict[str, Any] = {"locale": "en-GB", "timezone_id": "Europe/Berlin", **options}
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **wanted)
    try:
        reader = Reader(context.new_page(), url)
        yield reader
        if quiet:
            assert reader.complaints == []
        assert reader.strangers == []
    finally:
        context.close()


def answering(body: str, media_type: str = "application/json") -> Any:
    """A route's answer, for what a test has to make up, as a chronology of a size that takes long to file."""
    return lambda route: _fulfil(route, body, media_type)


def _fulfil(route: Route, body: str, media_type: str) -> None:
    route.fulfill(status=200, content_type=media_type, body=body)


def node(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the page's tools."""
    binary = shutil.which("node", path=f"{Path(os.sys.executable).parent}:{os.environ['PATH']}")  # type: ignore[attr-defined]
    assert binary is not None
    return subprocess.run(
        [binary, *arguments], cwd=WEB, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
