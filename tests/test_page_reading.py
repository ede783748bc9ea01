"""The page as a reader sees it, on the Hama chronology: the map, the clocks, why, the reports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import NIGHT, PHONE, Reader, reading
from playwright.sync_api import Browser, Page, expect
from serving import Served

WIDE_KINDS = ("country", "governorate", "district", "area")


@pytest.fixture
def reader(chromium: Browser, served_hama: Served) -> Iterator[Reader]:
    with reading(chromium, served_hama.url) as found:
        yield found


def counted(page: Page) -> dict[str, int]:
    """The legend's counts of statuses."""
    rows = page.locator(".legend [aria-label=Statuses] .switch")
    return {row.locator("span").inner_text(): int(row.locator("b").inner_text()) for row in rows.all()}


def statuses(served: Served, at: str, **more: str | int) -> dict[str, str]:
    answers = served.get("/v1/control", at=at, **more)["places"]
    return {each["place"]: each["status"] for each in answers}


def clock(page: Page, name: str = "The world") -> Any:
    return page.get_by_role("region", name=name).get_by_role("slider")


def test_the_legend_counts_what_the_service_answers(reader: Reader, served_hama: Served) -> None:
    kinds = {each["id"]: each["kind"] for each in served_hama.get("/v1/places")["places"]}
    page = reader.open(at=NIGHT)
    answered = statuses(served_hama, NIGHT)
    wanted = Counter(word.capitalize() for id, word in answered.items() if kinds[id] not in WIDE_KINDS)
    assert {name: count for name, count in counted(page).items() if count} == wanted


def test_the_table_says_what_the_service_answers_on_a_grid_of_both_clocks(reader: Reader, served_hama: Served) -> None:
    names = {each["name"]: each["id"] for each in served_hama.get("/v1/places")["places"]}
    for at in ("2024-12-04T20:00:00Z", NIGHT, "2024-12-09T00:00:00Z"):
        for known_at in (20, 71):
            page = reader.open(at=at, known_at=str(known_at), panel="places", lang="en")
            rows = page.locator("table.places tbody tr").all()
            shown = {
                names[row.locator("th button").inner_text()]: row.locator("td").first.inner_text().strip().lower()
                for row in rows
            }
            assert shown == statuses(served_hama, at, known_at=known_at)


def test_why_tells_the_answer_in_a_sentence_with_its_evidence(reader: Reader) -> None:
    page = reader.open(at=NIGHT, place="salamiyah", lang="en")
    why = page.get_by_role("complementary", name="Why?")
    expect(why.locator(".sentence")).to_have_text(
        "Salamiyah may have been changing: either it is not known who held it, or Syrian opposition held it."
    )
    expect(why).to_contain_text("The change came between 4 Dec 2024, 14:00 and 8 Dec 2024, 18:00.")
    card = why.locator("article.report")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("come to terms beforehand with the elders")
    expect(card).to_contain_text("English Wikipedia: 2024 Hama offensive, sentence 13")
    expect(card).to_contain_text("possible")
    expect(card).to_contain_text("event 74")
    link = card.get_by_role("link")
    expect(link).to_have_attribute("rel", re.compile("noopener"))


def test_why_tells_how_the_answer_changed_as_reports_came_in_and_what_each_lens_says(reader: Reader) -> None:
    page = reader.open(at="2024-12-09T00:00:00Z", place="salamiyah", lang="en")
    came = page.locator("section", has=page.get_by_role("heading", name="How the answer changed")).locator("li")
    expect(came).to_have_count(2)
    expect(came.nth(1)).to_contain_text("Held: Syrian opposition")
    expect(came.nth(1)).to_contain_text("event 74")
    lenses = page.locator("section", has=page.get_by_role("heading", name="What each lens would say")).locator("li")
    expect(lenses).to_have_text(
        [re.compile("Held.*Default"), re.compile("Unknown.*Strict"), re.compile("Held.*Everything")]
    )
    came.nth(0).get_by_role("button").click()
    expect(page.locator(".sentence")).to_have_text("it is not known who held Salamiyah.")
    expect(page).to_have_url(re.compile("known_at=15"))


def test_the_strip_shows_the_timeline_and_leads_to_its_times(reader: Reader) -> None:
    page = reader.open(at="2024-11-28T00:00:00Z", place="khitab", lang="en")
    parts = page.locator(".strip .segments li")
    expect(parts).to_have_count(2)
    parts.nth(1).get_by_role("button").click()
    expect(page.locator(".world .reading")).to_contain_text("5 Dec 2024, 01:00")
    expect(page.locator(".sentence")).to_have_text("Khitab was held by Syrian opposition.")


def test_a_town_turns_during_its_window_and_not_at_a_false_instant(reader: Reader) -> None:
    page = reader.open(at="2024-12-04T17:00:00Z", panel="places", lang="en")
    row = page.locator("tr", has=page.get_by_role("button", name="Khitab", exact=True))
    expect(row).to_contain_text("Unknown")
    page.keyboard.press("]")
    expect(page.locator(".world .reading")).to_contain_text("4 Dec 2024, 18:00")
    expect(row).to_contain_text("Changing")
    for _ in range(3):
        page.keyboard.press("]")
    expect(row).to_contain_text("Held")
    for _ in range(3):
        page.keyboard.press("[")
    expect(page.locator(".world .reading")).to_contain_text("4 Dec 2024, 18:00")
    expect(row).to_contain_text("Changing")


def test_the_clocks_are_moved_with_the_keyboard_alone(reader: Reader) -> None:
    page = reader.open(at=NIGHT, lang="en")
    knowledge = clock(page, "Knowledge")
    knowledge.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".knowledge .reading")).to_contain_text("event 73")
    page.keyboard.press("Home")
    expect(page.locator(".knowledge .reading")).to_have_text("before anything was known")
    expect(page.locator(".chronology li")).to_have_count(0)
    page.keyboard.press("End")
    expect(page.locator(".knowledge .reading")).to_have_text("all that is known")
    clock(page).focus()
    before = page.locator(".world .reading").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator(".world .reading").inner_text() != before


def test_clocks_that_are_loaded_need_nobody(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url, quiet=False) as reader:
        page = reader.open(at=NIGHT, panel="places", lang="en")
        page.wait_for_timeout(3000)  # the sheets of both clocks are there
        page.route("**/v1/**", lambda route: route.abort())
        salamiyah = page.locator("tr", has=page.get_by_role("button", name="Salamiyah", exact=True))
        mubarakat = page.locator("tr", has=page.get_by_role("button", name="Mubarakat", exact=True))
        clock(page).press("End")
        expect(salamiyah).to_contain_text("Held")
        clock(page, "Knowledge").press("ArrowLeft")
        expect(salamiyah).to_contain_text("Unknown")
        expect(mubarakat).to_contain_text("Held")
        clock(page).press("Home")
        expect(mubarakat).to_contain_text("Unknown")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("2024", "1 Jan 2024, 00:00"), ("2024-12", "1 Dec 2024, 00:00"), ("2024-12-05 14:30", "5 Dec 2024, 14:30")],
)
def test_dates_are_typed_also_partial_ones(reader: Reader, typed: str, shown: str) -> None:
    page = reader.open(at=NIGHT, lang="en")
    field = page.get_by_role("textbox", name=re.compile("Go to date,"))
    field.fill(typed)
    field.press("Enter")
    expect(page.locator(".world .reading")).to_contain_text(shown)


def test_a_date_that_cannot_be_read_is_said_and_moves_nothing(reader: Reader) -> None:
    page = reader.open(at=NIGHT, lang="en")
    field = page.get_by_role("textbox", name=re.compile("Go to date,"))
    field.fill("2024-12-32")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Not a date")
    expect(page.locator(".world .reading")).to_contain_text("6 Dec 2024, 00:00")


def test_times_are_shown_in_the_zone_that_is_chosen(reader: Reader) -> None:
    page = reader.open(at=NIGHT, zone="local", lang="en")
    expect(page.locator(".world .reading")).to_contain_text("6 Dec 2024, 01:00 CET")


def test_play_runs_and_pauses_and_loops(reader: Reader) -> None:
    page = reader.open(at="2024-12-01T00:00:00Z", speed="speedWeek", lang="en")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".world .reading")).to_contain_text("9 Dec 2024")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()  # it has come to its end
    page.get_by_role("button", name="Again from the start").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".world .reading")).to_contain_text("Nov 2024")
    page.get_by_role("button", name="Pause", exact=True).click()


def test_knowledge_plays_event_by_event(reader: Reader) -> None:
    page = reader.open(at=NIGHT, known_at="71", lang="en")
    page.get_by_role("button", name="Play, event by event").click()
    expect(page.locator(".knowledge .reading")).to_contain_text("event 72")
    expect(page.locator(".knowledge .reading")).to_have_text("all that is known")
    expect(page.get_by_role("button", name="Play, event by event")).to_be_visible()


def test_with_reduced_motion_play_goes_from_change_to_change(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url, reduced_motion="reduce") as reader:
        page = reader.open(at="2024-12-01T20:00:00Z", lang="en")
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.locator(".world .reading")).to_contain_text("1 Dec 2024, 21:00")
        expect(page.locator(".world .reading")).to_contain_text("3 Dec 2024, 21:00")


def test_quick_ranges_narrow_the_slider(reader: Reader) -> None:
    page = reader.open(at=NIGHT, lang="en")
    page.get_by_role("button", name="A day").click()
    expect(page).to_have_url(re.compile("from=2024-12-05T12%3A00%3A00Z&to=2024-12-06T12"))
    clock(page).press("Home")
    expect(page.locator(".world .reading")).to_contain_text("5 Dec 2024, 12:00")


def test_reports_are_filtered_by_words_place_force_source_and_kind(reader: Reader) -> None:
    page = reader.open(at=NIGHT, lang="en")
    cards = page.locator(".chronology li")
    expect(cards).to_have_count(13)
    page.get_by_role("searchbox", name="Words").fill("elders salamiyah")
    expect(cards).to_have_count(1)
    page.get_by_role("searchbox", name="Words").fill("السلمية")
    expect(cards).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Place, force, source, kind").click()
    page.get_by_role("combobox", name="Place", exact=True).select_option("khan-shaykhun")
    expect(cards).to_have_count(1)
    page.get_by_role("combobox", name="Place", exact=True).select_option("")
    page.get_by_role("combobox", name="Kind").select_option("control")
    expect(cards).to_have_count(7)
    page.get_by_role("combobox", name="Force").select_option("sultan-suleiman-shah-division")
    expect(cards).to_have_count(1)
    expect(page).to_have_url(re.compile("force=sultan-suleiman-shah-division&kind=control"))


def test_a_click_on_a_report_leads_to_its_place_and_time(reader: Reader) -> None:
    page = reader.open(at="2024-11-28T00:00:00Z", lang="en")
    page.get_by_role("button", name="Show on the map, at its time: hama-2024-s10").click()
    expect(page.locator(".world .reading")).to_contain_text("5 Dec 2024, 01:00")
    expect(page.locator(".why h2")).to_have_text("Khitab")
    expect(page).to_have_url(re.compile(r"map=36\.6[67]\d*%2C35\.19"))


def test_a_click_on_the_map_opens_why(reader: Reader) -> None:
    page = reader.open(at=NIGHT, map="36.668538,35.198394,12", lang="en")
    page.locator(".map-canvas canvas").click()
    expect(page.locator(".why h2")).to_have_text("Khitab")
    page.keyboard.press("Escape")
    expect(page.locator(".why")).to_have_count(0)


def test_the_map_is_drawn_and_its_marks_have_the_forces_colours(reader: Reader) -> None:
    page = reader.open(at=NIGHT, map="36.668538,35.198394,12", lang="en")
    page.wait_for_timeout(800)
    pixel = """() => {
      const canvas = document.querySelector('.map-canvas canvas');
      const copy = document.createElement('canvas'); copy.width = canvas.width; copy.height = canvas.height;
      const context = copy.getContext('2d'); context.drawImage(canvas, 0, 0);
      return [...context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data].slice(0, 3);
    }"""
    assert page.evaluate(pixel) == [213, 94, 0]
    clock(page).press("Home")
    page.wait_for_timeout(300)
    assert page.evaluate(pixel) != [213, 94, 0]


def test_a_place_is_found_by_any_of_its_names(reader: Reader) -> None:
    page = reader.open(at=NIGHT, lang="en")
    page.keyboard.press("/")
    page.keyboard.type("salamieh")
    expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".why h2")).to_have_text("Salamiyah")


def test_the_legend_hides_what_is_switched_off(reader: Reader) -> None:
    page = reader.open(at=NIGHT, panel="places", lang="en")
    expect(page.locator("table.places tbody tr")).to_have_count(45)
    page.locator(".legend").get_by_role("button", name=re.compile("Unknown")).click()
    expect(page.locator("table.places tbody tr")).to_have_count(9)
    page.locator(".legend").get_by_role("button", name=re.compile("Syrian opposition")).click()
    expect(page.locator("table.places tbody tr")).to_have_count(7)
    expect(page).to_have_url(re.compile("hide=unknown%2Cforce%3Aopposition"))


def test_everything_seen_comes_back_from_the_address(reader: Reader) -> None:
    seen = {
        "at": "2024-12-05T10:00:00Z",
        "known_at": "73",
        "lens": "everything",
        "by": "side",
        "place": "hama",
        "panel": "places",
        "hide": "unknown",
        "zone": "UTC",
        "theme": "dark",
        "lang": "ar",
        "map": "36.7500,35.1300,10.00",
    }
    page = reader.open(**seen)
    page.wait_for_timeout(600)
    first = page.url
    for name, value in seen.items():
        assert page.evaluate("name => new URLSearchParams(location.search).get(name)", name) == value
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".why h2")).to_have_text("حماة")
    page.reload()
    reader.settled()
    page.wait_for_timeout(600)
    assert page.url == first


def test_back_closes_what_was_opened(reader: Reader) -> None:
    page = reader.open(at=NIGHT, panel="places", lang="en")
    page.wait_for_timeout(400)
    page.get_by_role("button", name="Salamiyah", exact=True).click()
    expect(page).to_have_url(re.compile("place=salamiyah"))
    page.go_back()
    expect(page.locator(".why")).to_have_count(0)


def test_holdings_are_shown_over_time(reader: Reader) -> None:
    page = reader.open(at=NIGHT, panel="holdings", lang="en")
    expect(page.get_by_role("img", name=re.compile("How many places each side surely held"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Syrian opposition"))).to_contain_text("2")
    clock(page).press("End")
    expect(page.get_by_role("row", name=re.compile("Syrian opposition"))).to_contain_text("3")


def test_on_a_phone_nothing_is_wider_than_the_screen(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url, PHONE, has_touch=True) as reader:
        for panel in ("none", "reports", "places", "differences", "holdings", "editing"):
            page = reader.open(at=NIGHT, panel=panel, lang="en")
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        page.get_by_role("button", name="Places").tap()
        page.get_by_role("button", name="Salamiyah", exact=True).tap()
        expect(page.locator(".sentence")).to_be_visible()
        page.get_by_role("button", name="Close").tap()
        expect(page.locator(".why")).to_have_count(0)


def test_a_period_goes_with_the_clock_that_leaves_it(reader: Reader) -> None:
    page = reader.open(at=NIGHT, lang="en")
    page.get_by_role("button", name="A day").click()
    field = page.get_by_role("textbox", name=re.compile("Go to date,"))
    field.fill("2024-12-01")
    field.press("Enter")
    expect(page).to_have_url(re.compile("from=2024-11-30T12%3A00%3A00Z&to=2024-12-01T12"))


def test_a_place_that_is_not_on_the_map_says_so(reader: Reader) -> None:
    page = reader.open(at="2024-12-09T00:00:00Z", place="m5-hama-homs", lang="en")
    expect(page.locator(".why")).to_contain_text("It is not on the map")
    page = reader.open(at="2024-12-09T00:00:00Z", place="hama", lang="en")
    expect(page.locator(".sentence")).to_contain_text("Hama")
    expect(page.locator(".why")).not_to_contain_text("It is not on the map")


def test_the_table_names_both_sides_of_a_change(reader: Reader) -> None:
    page = reader.open(at=NIGHT, panel="places", lang="en")
    row = page.locator("tr", has=page.get_by_role("button", name="Salamiyah", exact=True))
    expect(row).to_contain_text("Unknown → Syrian opposition")


def test_knowledge_begins_again_where_the_reader_wants_it_to(reader: Reader) -> None:
    page = reader.open(at=NIGHT, known_at="73", pace="paceQuick", lang="en")
    page.get_by_role("button", name="Again from the first event").click()
    page.get_by_role("button", name="Play, event by event").click()
    expect(page.locator(".knowledge .reading")).to_have_text("before anything was known")
    page.get_by_role("button", name="Pause the events").click()
    expect(page).to_have_url(re.compile("pace=paceQuick&again=1"))


def test_the_list_stands_at_the_report_that_happened_last(reader: Reader) -> None:
    page = reader.open(at="2024-12-09T00:00:00Z", lang="en")
    expect(page.locator(".chronology li[aria-current] article")).to_be_in_viewport(ratio=0.5)


def test_a_place_that_is_left_and_opened_again_at_once_has_its_strip(reader: Reader) -> None:
    page = reader.open(at=NIGHT, panel="places", place="khitab", lang="en")
    expect(page.locator(".strip .segments li")).to_have_count(2)
    page.evaluate(
        """() => { const named = (name) => [...document.querySelectorAll('table.places button')].find(
             (each) => each.textContent === name);
           named('Hama').click(); setTimeout(() => named('Khitab').click(), 5); }"""
    )
    expect(page.locator(".why h2")).to_have_text("Khitab")
    page.wait_for_timeout(500)
    expect(page.locator(".strip .segments li")).to_have_count(2)
