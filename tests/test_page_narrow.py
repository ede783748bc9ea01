"""The page on a phone: nothing that a desk has is missing there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browsing import NIGHT, PHONE, Reader, reading
from playwright.sync_api import Browser, expect
from serving import Served


@pytest.fixture
def phone(chromium: Browser, served_hama: Served) -> Iterator[Reader]:
    with reading(chromium, served_hama.url, PHONE, has_touch=True) as found:
        yield found


def test_whoever_comes_first_sees_the_map(phone: Reader) -> None:
    page = phone.open(lang="en")
    expect(page.locator(".map-canvas canvas")).to_be_visible()
    expect(page.locator(".panel")).to_have_count(0)


def test_forces_are_shown_by_side(phone: Reader) -> None:
    page = phone.open(at=NIGHT, lang="en")
    page.get_by_role("button", name="Settings").tap()
    page.get_by_role("button", name="By side").tap()
    expect(page).to_have_url(re.compile("by=side"))


def test_each_clock_has_its_histogram_and_the_quick_ranges_are_there(phone: Reader) -> None:
    page = phone.open(at=NIGHT, lang="en")
    for name in ("The world", "Knowledge"):
        expect(page.get_by_role("region", name=name).get_by_role("img")).to_be_visible()
    page.get_by_role("combobox", name="Range").select_option("A day")
    expect(page).to_have_url(re.compile("from=2024-12-05T12%3A00%3A00Z"))


def test_no_control_of_the_clocks_is_cut_off(phone: Reader) -> None:
    page = phone.open(at=NIGHT, lang="en")
    controls = page.locator(".clocks").locator("button:visible, select:visible, input:visible")
    for box in [each.bounding_box() for each in controls.all()]:
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0]


def test_the_place_that_is_asked_about_is_to_be_seen_above_the_answer(phone: Reader) -> None:
    page = phone.open(at=NIGHT, place="salamiyah", panel="none", lang="en")
    expect(page.locator(".why h2")).to_have_text("Salamiyah")
    looking = re.compile(
        r"map=37\.05\d+%2C34\.[789]\d+"
    )  # the middle of the map, under the answer, is south of the town
    expect(page).to_have_url(looking)


def test_a_broken_connection_is_said(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url, PHONE, quiet=False) as reader:
        page = reader.open(at=NIGHT, lang="en")
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        said = page.get_by_text("Not connected: trying again")
        expect(said).to_be_visible()
        box = said.bounding_box()
        assert box is not None
        assert box["height"] > 10
