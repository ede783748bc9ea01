"""Every state of the page, for everyone: axe in each, other scripts, no WebGL, nothing there, a lot there."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, NIGHT, PHONE, WIDE, answering, reading
from playwright.sync_api import Browser, expect
from serving import Served, served

from service.tokens import Role

STATES: list[dict[str, str]] = [
    {"panel": "reports", "place": "salamiyah", "lang": "en"},
    {"panel": "places", "lang": "en", "theme": "dark"},
    {"panel": "differences", "since": "2024-12-01T00:00:00Z", "lang": "en"},
    {"panel": "differences", "beside": "everything", "lang": "en", "theme": "dark"},
    {"panel": "holdings", "lang": "en"},
    {"panel": "editing", "lang": "en"},
    {"panel": "reports", "place": "hama", "lang": "ar"},
    {"panel": "places", "place": "khitab", "lang": "ar", "theme": "dark"},
    {"embed": "1", "lang": "en"},
]


@pytest.mark.parametrize("seen", STATES, ids=lambda seen: "-".join(seen.values()))
def test_axe_finds_nothing_wrong(chromium: Browser, served_hama: Served, seen: dict[str, str]) -> None:
    with reading(chromium, served_hama.url, bypass_csp=True) as reader:
        page = reader.open(at=NIGHT, **seen)
        page.wait_for_timeout(800)
        assert reader.violations() == []


@pytest.mark.parametrize("what", ["Share", "Settings", "form"])
def test_axe_finds_nothing_wrong_in_what_is_opened(chromium: Browser, served_hama: Served, what: str) -> None:
    _, secret = served_hama.service.tokens.create(Role.EDITOR, "page")
    with reading(chromium, served_hama.url, PHONE if what == "Settings" else WIDE, bypass_csp=True) as reader:
        reader.as_editor(secret)
        page = reader.open(at=NIGHT, panel="editing" if what == "form" else "reports", lang="en")
        if what != "form":
            page.get_by_role("button", name=what).click()
        page.wait_for_timeout(500)
        assert reader.violations() == []


def test_every_part_is_reached_and_used_with_the_keyboard_alone(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url) as reader:
        page = reader.open(at=NIGHT, lang="en")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the map")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "CANVAS"
        page.keyboard.press("Enter")  # the place nearest to the middle of the map
        expect(page.locator(".why h2")).to_be_focused()
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "CANVAS"  # the focus goes back to where it was
        page.keyboard.press("/")
        page.keyboard.type("السلمية")
        page.keyboard.press("Enter")
        expect(page.locator(".why h2")).to_have_text("Salamiyah")
        page.keyboard.press("]")
        expect(page.locator(".world .reading")).to_contain_text("8 Dec 2024, 18:00")
        expect(page.locator(".sentence")).to_have_text("Salamiyah was held by Syrian opposition.")
        page.keyboard.press("{")
        expect(page.locator(".sentence")).to_have_text("it is not known who held Salamiyah.")


def test_the_page_is_right_to_left_in_arabic(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url, locale="ar-SY") as reader:
        page = reader.open(at=NIGHT, place="salamiyah")
        expect(page.locator("html")).to_have_attribute("lang", "ar")
        panel, why = page.locator(".panel").bounding_box(), page.locator(".why").bounding_box()
        assert panel is not None
        assert why is not None
        assert panel["x"] > why["x"]
        expect(page.locator(".sentence")).to_contain_text("ربما كانت السلمية تتغيّر")


def test_without_webgl_the_table_and_the_answers_still_work(chromium: Browser, served_hama: Served) -> None:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-3d-apis"]
    blind = chromium.browser_type.launch(executable_path=CHROMIUM, args=flags)
    with closing(blind), reading(blind, served_hama.url, quiet=False) as reader:
        page = reader.open(at=NIGHT, lang="en")
        expect(page.locator(".no-map")).to_contain_text("can’t draw the map")
        page.locator(".no-map").get_by_role("button", name="Places").click()
        page.get_by_role("button", name="Salamiyah", exact=True).click()
        expect(page.locator(".sentence")).to_contain_text("Salamiyah may have been changing")


def test_an_empty_store_says_how_to_fill_it(chromium: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "empty.db") as running, reading(chromium, running.url) as reader:
        page = reader.open(lang="en")
        expect(page.locator(".panel")).to_contain_text("chronology load hama-2024")


def test_what_had_always_been_so_is_told_without_a_time(chromium: Browser, tmp_path: Path) -> None:
    claim = {"kind": "control", "place": "town", "forces": ["red"], "effect": "holds"}
    report = {"id": "r", "text": "As ever.", "occurred": "../2024-12-04", "claims": [claim]}
    with served(tmp_path / "ever.db") as running:
        running.register(("town",), ("red",))
        running.must("/v1/reports", report)
        with reading(chromium, running.url) as reader:
            page = reader.open(at="2024-12-01T00:00:00Z", place="town", lang="en")
            expect(page.locator(".sentence")).to_contain_text("held")
            expect(page.locator("body")).to_contain_text("As far back as anything is told.")


def test_a_private_chronology_asks_for_a_token(chromium: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "private.db", private=True) as running:
        _, secret = running.service.tokens.create(Role.EDITOR, "page")
        with reading(chromium, running.url, quiet=False) as reader:
            page = reader.page
            page.goto(f"{running.url}/?lang=en")
            expect(page.get_by_role("alert")).to_contain_text("needs a token")
            page.get_by_label("Token").fill(secret)
            page.get_by_role("button", name="Use it").click()
            expect(page.locator(".panel")).to_contain_text("chronology load hama-2024")


def test_a_server_without_replay_is_said_to_have_none(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url, quiet=False) as reader:
        reader.page.route("**/v1/replay?*", lambda route: route.fulfill(status=404, body="{}"))
        reader.page.goto(f"{served_hama.url}/?at={NIGHT}&lang=en")
        expect(reader.page.locator(".map-status")).to_have_text("Not available on this server")


def test_tiles_that_were_set_are_asked_for_and_nobody_else_is(chromium: Browser, tmp_path: Path) -> None:
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
    with served(tmp_path / "tiles.db", tiles=tiles) as running, reading(chromium, running.url, quiet=False) as reader:
        reader.page.route("https://tiles.example.org/**", lambda route: route.abort())
        running.register(places=("a",), forces=("f",))
        running.must("/v1/places", {"id": "b", "name": "B", "kind": "town", "location": {"lon": 10, "lat": 50}})
        reader.open(lang="en")
        expect(reader.page.locator(".credit")).to_have_text("tiles.example.org")
        reader.page.wait_for_timeout(1000)
        assert reader.strangers
        assert {each.split("/")[2] for each in reader.strangers} == {"tiles.example.org"}
        assert not [each for each in reader.complaints if "Content Security Policy" in each]
        reader.strangers.clear()


def test_the_policy_of_the_page_is_strict(served_hama: Served) -> None:
    answer = served_hama.anyone.get("/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert re.search(r"<script(?![^>]*\ssrc=)", answer.text) is None
    asset = re.search(r"assets/index-[^\"]+\.js", answer.text)
    assert asset is not None
    headers = served_hama.anyone.get(f"/{asset[0]}", headers={"Accept-Encoding": "gzip"}).headers
    assert "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-cache"


TOWNS, SPANS = 10_000, 10
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


def town(i: int) -> str:
    return f"town-{i:05}"


def answer_of(i: int, span: int) -> dict[str, Any]:
    holder = f"force-{(i * 7 + span) % 4}"
    shown = {"status": "held", "holders": [holder], "parties": [], "challenger": None}
    other = {**shown, "holders": [f"force-{(i + span) % 3}"]}
    changing = span % 3 == 1
    evidence: dict[str, Any] = {"last_confirmed": None, "credibility": "possible"}
    evidence |= {"basis": [], "dissent": [], "unconfirmed": []}
    now: dict[str, Any] = {**shown, "before": None, "after": None}
    state = {**now, "status": "changing", "holders": [], "before": shown, "after": other} if changing else now
    return {"place": town(i), **state, "since": None, **evidence, "inherited_from": None, "exceptions": []}


def many_frames() -> str:
    """Ten spans for each of ten thousand towns, at a thousand instants."""
    changes: dict[int, list[dict[str, Any]]] = {}
    for i in range(TOWNS):
        for span in range(SPANS):
            hour = 0 if span == 0 else span * 100 + (i * 31) % 100
            changes.setdefault(hour, []).append(answer_of(i, span))
    frames = [
        json.dumps({"at": f"{BEGINNING + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}", "known_at": 1, "places": places})
        for hour, places in sorted(changes.items())
    ]
    return "\n".join(frames) + "\n"


def test_ten_thousand_towns_take_less_than_a_frame_of_script_a_step(chromium: Browser, served_hama: Served) -> None:
    entry: dict[str, Any] = {"kind": "town", "parent": None, "aliases": [], "identifiers": {}, "version": 1}
    places = [
        entry
        | {"id": town(i), "name": f"Town {i}"}
        | {"location": {"lon": 35 + (i % 100) * 0.06, "lat": 32 + (i // 100) * 0.05}}
        for i in range(TOWNS)
    ]
    side: dict[str, Any] = {"kind": "side", "aliases": [], "alignments": []}
    forces = [side | {"id": f"force-{i}", "name": f"Force {i}"} for i in range(4)]
    times = {"at": NIGHT, "known_at": 1, "as_of_position": 1}
    with reading(chromium, served_hama.url, (800, 600)) as reader:
        page = reader.page
        page.route("**/v1/places", answering(json.dumps({"places": places, **times})))
        page.route("**/v1/forces", answering(json.dumps({"forces": forces, **times})))
        page.route("**/v1/reports?*", answering("", "application/x-ndjson"))
        page.route("**/v1/replay?*", answering(many_frames(), "application/x-ndjson"))
        page.route("**/v1/replay?axis=knowledge&*", answering("", "application/x-ndjson"))  # the other clock rests
        first, last = BEGINNING, BEGINNING + timedelta(hours=1100)
        stretch = {"from": f"{first:%Y-%m-%dT%H:%M:%SZ}", "to": f"{last:%Y-%m-%dT%H:%M:%SZ}"}
        reader.open(at="2020-01-10T00:00:00Z", panel="none", lang="en", **stretch)
        slider = page.get_by_role("region", name="The world").get_by_role("slider")
        slider.focus()
        steps = page.evaluate(
            """async () => {
              const slider = document.querySelector('.world input[type=range]');
              const took = [];
              for (let i = 0; i < 30; i++) {
                const before = performance.now();
                slider.valueAsNumber = slider.max * (i / 30);
                slider.dispatchEvent(new Event('input', {bubbles: true}));
                await new Promise((done) => {
                  const { port1, port2 } = new MessageChannel();
                  port1.onmessage = done;
                  port2.postMessage(0);
                });
                took.push(performance.now() - before);
                await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
              }
              return took;
            }"""
        )
        middle = sorted(steps)[len(steps) // 2]
        print(f"step: median {middle:.1f} ms, longest {max(steps):.1f} ms")
        assert middle < 16
        expect(page.locator(".legend [aria-label=Statuses] b").first).not_to_have_text("0")
