"""What the page gives away and takes in beside reports: data of every view, roads and areas, whole registries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import NIGHT, PHONE, Reader, hama, reading
from outlines import NOON, STATUSES, register_outlines
from playwright.sync_api import Browser, Page, expect
from serving import Served

from service.tokens import Role


@pytest.fixture
def editor(chromium: Browser, running: Served) -> Iterator[Reader]:
    _, secret = running.service.tokens.create(Role.EDITOR, "page")
    with reading(chromium, running.url) as found:
        found.as_editor(secret)
        yield found


# ---------------------------------------------------------------------------------------------------------------
# Data
# ---------------------------------------------------------------------------------------------------------------

SHOWN: dict[str, tuple[dict[str, str], str]] = {
    "Map": ({}, "khitab"),
    "Why?": ({"place": "salamiyah"}, "salamiyah"),
    "Over time": ({"place": "salamiyah"}, "salamiyah"),
    "Reports": ({}, "hama-2024-s10"),
    "Differences": ({"panel": "differences", "since": "2024-12-01T00:00:00Z"}, "salamiyah"),
    "Holdings: Syrian opposition": ({"panel": "holdings"}, "khitab"),
}
FORMS = {"JSON": "application/json", "GeoJSON": "application/geo+json", "CSV": "text/csv"}


@pytest.mark.parametrize("view", SHOWN)
def test_every_view_links_its_data_in_every_form(chromium: Browser, served_hama: Served, view: str) -> None:
    seen, holds = SHOWN[view]
    with reading(chromium, served_hama.url) as reader:
        page = reader.open(at=NIGHT, lang="en", **seen)
        page.get_by_role("button", name="Share").click()
        for form, media_type in FORMS.items():
            link = page.locator(".data-links").first.get_by_role("link", name=f"{view}: {form}", exact=True)
            answer = served_hama.anyone.get(
                f"/{link.get_attribute('href')}", headers={"Accept": "text/html, */*;q=0.8"}
            )
            assert answer.headers["content-type"].startswith(media_type)
            assert holds in answer.text


@pytest.mark.parametrize(("form", "ending"), [("GeoJSON", "geojson"), ("CSV", "csv")])
@pytest.mark.parametrize("with_token", [False, True])
def test_what_is_shown_is_downloaded(
    chromium: Browser, served_hama: Served, form: str, ending: str, with_token: bool
) -> None:
    with reading(chromium, served_hama.url) as reader:
        if with_token:
            _, secret = served_hama.service.tokens.create(Role.READER, "page")
            reader.as_editor(secret)
        page = reader.open(at=NIGHT, place="hama", panel="none", lang="en")
        page.locator(".why summary", has_text="The same as data").click()
        with page.expect_download() as download:
            page.locator(".why").get_by_role("link", name=f"Over time: {form}", exact=True).click()
        assert download.value.suggested_filename == f"places-hama-timeline.{ending}"
        assert "hama" in Path(download.value.path()).read_text()


# ---------------------------------------------------------------------------------------------------------------
# Roads and areas
# ---------------------------------------------------------------------------------------------------------------


def inked(page: Page, box: dict[str, int]) -> set[str]:
    """The colours of a part of the map, coarsely."""
    return set(
        page.evaluate(
            """({x, y, width, height}) => {
              const canvas = document.querySelector('.map-canvas canvas');
              const copy = document.createElement('canvas');
              [copy.width, copy.height] = [width, height];
              const context = copy.getContext('2d');
              context.drawImage(canvas, x, y, width, height, 0, 0, width, height);
              const { data } = context.getImageData(0, 0, width, height);
              const found = [];
              for (let i = 0; i < data.length; i += 4)
                found.push([data[i], data[i + 1], data[i + 2]].map((part) => part >> 4).join());
              return [...new Set(found)];
            }""",
            box,
        )
    )


def test_roads_and_areas_are_drawn_each_status_in_its_own_way(chromium: Browser, running: Served) -> None:
    register_outlines(running)
    with reading(chromium, running.url, (1200, 700)) as reader:
        page = reader.open(at=NOON, lang="en", panel="none", map="36.85,35.5,8.2", hidden="unknown")
        page.wait_for_timeout(1500)
        counts = page.locator(".legend [aria-label=Statuses] .switch b").all_inner_texts()
        assert counts == ["2"] * len(STATUSES)
        whole = {"x": 0, "y": 0, "width": 1200, "height": 500}
        drawn = inked(page, whole)
        page.get_by_role("button", name=re.compile("^Held")).click()
        page.get_by_role("button", name=re.compile("^Changing")).click()
        page.wait_for_timeout(700)
        assert inked(page, whole) != drawn


def test_a_road_is_opened_by_a_click_on_its_line(chromium: Browser, running: Served) -> None:
    register_outlines(running)
    with reading(chromium, running.url, (1200, 700)) as reader:
        page = reader.open(at=NOON, lang="en", panel="none", map="36.05,35.65,11")  # halfway up its first stretch
        page.wait_for_timeout(1000)
        page.locator(".map-canvas canvas").click()
        expect(page.get_by_role("heading", name="Road held")).to_be_visible()
        expect(page.locator(".sentence")).to_contain_text("was held by red")


def register(page: Page, form: str, **typed: str) -> None:
    page.get_by_role("button", name=form, exact=True).click()
    for name, text in typed.items():
        page.get_by_role("textbox", name=name, exact=True).fill(text)


def test_a_road_is_drawn_by_clicking_the_map(editor: Reader, running: Served) -> None:
    running.register(("somewhere",))
    page = editor.open(panel="editing", map="36.5,35,9", lang="en")
    register(page, "Register a place", Name="The M5")
    page.get_by_role("combobox", name="Kind").select_option("road")
    page.get_by_role("button", name="Draw it on the map").click()
    expect(page.locator(".map-status")).to_contain_text("position by position")
    canvas = page.locator(".map-canvas canvas")
    for x, y in ((300, 200), (350, 260), (400, 300), (500, 300)):
        canvas.click(position={"x": x, "y": y})
    page.get_by_role("button", name="Take the last position back").click()
    expect(page.get_by_text("Positions: 3")).to_be_visible()
    page.get_by_role("button", name="Done drawing").click()
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="the-m5 is event 2")).to_be_visible()
    shape: dict[str, Any] = running.get("/v1/places/the-m5")["shape"]
    assert shape["type"] == "LineString"
    assert len(shape["coordinates"]) == 3
    assert all(abs(lon - 36.5) < 1 and abs(lat - 35) < 1 for lon, lat in shape["coordinates"])


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("36, 35\n37 35\n[37, 36]", {"type": "Polygon", "coordinates": [[[36, 35], [37, 35], [37, 36], [36, 35]]]}),
        (
            '{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[36, 35], [37, 36]]}}',
            {"type": "LineString", "coordinates": [[36, 35], [37, 36]]},
        ),
    ],
)
def test_an_area_is_registered_by_the_keyboard_alone(
    editor: Reader, running: Served, typed: str, shape: dict[str, Any]
) -> None:
    page = editor.open(panel="editing", lang="en")
    register(page, "Register a place", Name="The plain")
    outline = page.get_by_role("button", name="An outline")
    outline.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name=re.compile("Longitude and latitude"))
    field.fill("36, 35\nnowhere")
    expect(page.get_by_text("Not a shape")).to_be_visible()
    field.fill(typed)
    expect(page.get_by_text("Not a shape")).to_have_count(0)
    page.get_by_role("button", name="Register", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="the-plain is event 1")).to_be_visible()
    assert running.get("/v1/places/the-plain")["shape"] == shape


# ---------------------------------------------------------------------------------------------------------------
# Registries
# ---------------------------------------------------------------------------------------------------------------


def test_forces_their_alignment_and_sources_are_registered(editor: Reader, running: Served) -> None:
    page = editor.open(panel="editing", lang="en")
    register(page, "Register a force", Name="The Army", Kind="army")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="the-army is event 1")).to_be_visible()
    register(page, "Register a force", Name="5th Division", **{"Other names, with commas": "The Fifth, الخامسة"})
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="5th-division is event 2")).to_be_visible()
    page.get_by_role("button", name="Align a force").click()
    for label, id in (("Force", "5th-division"), ("Stands under", "the-army")):
        field = page.get_by_role("combobox", name=re.compile(f"^{label}"))
        field.fill(id)  # an id typed whole is taken at once
    page.get_by_role("textbox", name="from").fill("2024-12-01")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="is event 3")).to_be_visible()
    register(page, "Register a source", Name="The Paper", Kind="newspaper")
    page.get_by_role("combobox", name="Reliability").select_option("B")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="the-paper is event 4")).to_be_visible()
    division = running.get("/v1/forces/5th-division")
    assert division["aliases"] == ["The Fifth", "الخامسة"]
    assert [(each["with"], each["from"]) for each in division["alignments"]] == [("the-army", "2024-12-01")]
    paper = running.get("/v1/sources/the-paper")
    assert (paper["kind"], paper["reliability"], paper["affiliation"]) == ("newspaper", "B", None)


def test_what_is_typed_stays_when_the_form_is_left_and_when_it_is_refused(chromium: Browser, running: Served) -> None:
    running.register(("tell",))
    _, secret = running.service.tokens.create(Role.EDITOR, "page")
    with reading(chromium, running.url, quiet=False) as editor:
        editor.as_editor(secret)
        page = editor.open(panel="editing", lang="en")
        register(page, "Register a place", Name="Tell", Longitude="36.5")
        page.get_by_role("navigation").get_by_role("button", name="Reports").click()
        page.get_by_role("navigation").get_by_role("button", name="Edit").click()
        expect(page.get_by_role("textbox", name="Longitude", exact=True)).to_have_value("36.5")
        page.get_by_role("textbox", name="Latitude", exact=True).fill("35")
        page.get_by_role("button", name="Register", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("That id is taken")
        expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Tell")


# ---------------------------------------------------------------------------------------------------------------
# Reports, many
# ---------------------------------------------------------------------------------------------------------------


def test_words_are_found_as_the_service_finds_them(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url) as reader:
        page = reader.open(at=NIGHT, lang="en")
        for typed in ("خطاب", "khatab", "Khita"):
            page.get_by_role("searchbox", name="Words").fill(typed)
            wanted = served_hama.get("/v1/reports", q=f"{typed}*")["reports"]
            assert wanted
            expect(page.locator(".panel [role=status]")).to_have_text(re.compile(f"^Reports: {len(wanted)} of"))
            expect(page.locator(".panel article.report")).to_have_count(len(wanted))
        page.get_by_role("searchbox", name="Words").fill("nothing of the kind")
        expect(page.get_by_text("No report is like that.")).to_be_visible()
        page.get_by_role("searchbox", name="Words").fill("…")
        expect(page.locator(".panel article.report").first).to_be_visible()


def test_of_many_reports_only_those_that_are_looked_at_are_read(chromium: Browser, running: Served) -> None:
    running.register(("town",), ("red",))
    for i in range(260):
        claim = {"kind": "presence", "place": "town", "forces": ["red"]}
        occurred = f"2024-{1 + i // 28:02}-{1 + i % 28:02}"
        body = {"id": f"r{i}", "text": f"The text of report {i}.", "occurred": occurred, "claims": [claim]}
        running.must("/v1/reports", body)
    with reading(chromium, running.url) as reader:
        read: list[str] = []
        reader.page.on(
            "response", lambda answer: read.append(answer.text()) if "/v1/reports?ids" in answer.url else None
        )
        page = reader.open(at="2024-01-01T00:00:00Z", lang="en")
        expect(page.get_by_text("The text of report 0.")).to_be_visible()
        expect(page.locator(".panel [role=status]")).to_contain_text("260 of 260")
        assert "report 250." not in "".join(read)
        for _ in range(8):
            page.locator(".panel-body").hover()
            page.mouse.wheel(0, 60_000)
            page.wait_for_timeout(400)
        expect(page.get_by_text("The text of report 259.")).to_be_attached()


def test_the_forms_fit_a_phone(chromium: Browser, tmp_path: Path) -> None:
    with hama(tmp_path) as running:
        _, secret = running.service.tokens.create(Role.EDITOR, "page")
        with reading(chromium, running.url, PHONE, bypass_csp=True) as editor:
            editor.as_editor(secret)
            page = editor.open(panel="editing", lang="ar")
            for form in ("سجّل مكانًا", "سجّل قوة", "اربط قوة بأخرى", "سجّل مصدرًا"):
                page.get_by_role("button", name=form).click()
                page.wait_for_timeout(200)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                assert editor.violations() == []
