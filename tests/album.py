"""The album of docs/page.md: pictures of the page on the Hama chronology. `make album` takes them again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from browsing import NIGHT, PHONE, WIDE, browser, hama, reading
from outlines import NOON, register_outlines
from playwright.sync_api import Browser
from serving import served

from service.tokens import Role

ALBUM = Path(__file__).resolve().parents[1] / "docs" / "album"
LATER = "2024-12-09T00:00:00Z"

PICTURES: dict[str, tuple[tuple[int, int], dict[str, str]]] = {
    "wide": (WIDE, {"at": NIGHT, "place": "salamiyah", "lang": "en", "zone": "service"}),
    "dark": (WIDE, {"at": NIGHT, "place": "hama", "panel": "places", "theme": "dark", "lang": "en"}),
    "arabic": (WIDE, {"at": NIGHT, "place": "salamiyah", "lang": "ar"}),
    "differences": (WIDE, {"at": LATER, "panel": "differences", "since": "2024-12-04T20:00:00Z", "lang": "en"}),
    "lenses": (WIDE, {"at": "2024-12-01T12:00:00Z", "panel": "differences", "beside": "everything", "lang": "en"}),
    "holdings": (WIDE, {"at": LATER, "panel": "holdings", "lang": "en"}),
    "editing": (WIDE, {"at": NIGHT, "panel": "editing", "lang": "en"}),
    "embedded": ((800, 600), {"at": NIGHT, "embed": "1", "lang": "en"}),
    "phone": (PHONE, {"at": NIGHT, "panel": "none", "lang": "en"}),
    "phone-why": (PHONE, {"at": NIGHT, "panel": "none", "place": "salamiyah", "theme": "dark", "lang": "en"}),
}


def main() -> None:
    ALBUM.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, hama(Path(folder)) as running, browser() as chromium:
        _, secret = running.service.tokens.create(Role.EDITOR, "album")
        for name, (size, seen) in PICTURES.items():
            with reading(chromium, running.url, size) as reader:
                if name == "editing":
                    reader.as_editor(secret)
                page = reader.open(**seen)
                page.wait_for_timeout(4000)
                page.screenshot(path=ALBUM / f"{name}.png")
        take_outlines(chromium, Path(folder))


def take_outlines(chromium: Browser, folder: Path) -> None:
    """The Hama chronology has no shapes: these are made up."""
    with served(folder / "outlines.db") as running:
        register_outlines(running)
        with reading(chromium, running.url, (1200, 700)) as reader:
            page = reader.open(at=NOON, panel="none", lang="en", map="36.75,35.42,8.5")
            page.wait_for_timeout(4000)
            page.screenshot(path=ALBUM / "outlines.png")


if __name__ == "__main__":
    main()
