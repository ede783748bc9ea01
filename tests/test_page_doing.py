"""What a reader does with the page beyond looking: comparing, sharing, editing, staying while things happen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browsing import NIGHT, WIDE, Reader, hama, reading
from playwright.sync_api import Browser, expect
from serving import Served

from service.tokens import Role

LATER = "2024-12-09T00:00:00Z"


@pytest.fixture
def served_hama(tmp_path: Path) -> Iterator[Served]:
    """Each test its own: they write."""
    with hama(tmp_path) as running:
        yield running


@pytest.fixture
def reader(chromium: Browser, served_hama: Served) -> Iterator[Reader]:
    with reading(chromium, served_hama.url, permissions=["clipboard-read", "clipboard-write"]) as found:
        yield found


@pytest.fixture
def editor(chromium: Browser, served_hama: Served) -> Iterator[Reader]:
    """A refused change is an error in the browser's console, and what these tests are about."""
    _, secret = served_hama.service.tokens.create(Role.EDITOR, "page")
    with reading(chromium, served_hama.url, quiet=False) as found:
        found.as_editor(secret)
        yield found


def test_what_changed_in_the_world_since_a_time(reader: Reader) -> None:
    page = reader.open(at=LATER, panel="differences", since="2024-12-04T20:00:00Z", lang="en")
    salamiyah = page.locator("article.change", has=page.get_by_role("button", name="Salamiyah"))
    expect(salamiyah).to_contain_text("Changing")
    expect(salamiyah).to_contain_text("Held: Syrian opposition")
    salamiyah.get_by_text("because of").click()
    expect(salamiyah).to_contain_text("come to terms beforehand")


def test_what_we_came_to_think_since_an_event(reader: Reader) -> None:
    page = reader.open(at=LATER, panel="differences", lang="en")
    page.get_by_role("button", name="in what was known").click()
    field = page.locator(".panel").get_by_role("textbox", name=re.compile("Since an event"))
    field.fill("73")
    field.press("Enter")
    changes = page.locator("article.change")
    expect(changes).to_have_count(1)
    expect(changes).to_contain_text("Salamiyah")
    expect(page).to_have_url(re.compile("since=73"))


def test_two_lenses_side_by_side(reader: Reader) -> None:
    page = reader.open(at="2024-12-01T12:00:00Z", panel="differences", lang="en")
    page.get_by_role("combobox", name="The other lens").select_option("everything")
    changes = page.locator("article.change")
    expect(changes.filter(has_text="Al-Arba'een")).to_contain_text("Held: Syrian opposition")
    expect(page.locator(".map-canvas")).to_have_count(2)
    expect(page).to_have_url(re.compile("beside=everything"))


def test_the_link_is_copied_and_leads_to_the_same(reader: Reader) -> None:
    page = reader.open(at=NIGHT, place="hama", lang="en")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "place=hama" in link
    assert "at=2024-12-06" in link


def test_a_picture_of_the_map_is_saved(reader: Reader) -> None:
    page = reader.open(at=NIGHT, lang="en")
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture of the map").click()
    assert download.value.suggested_filename == "chronology-2024-12-06T000000Z-74.png"
    picture = Path(download.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    box = page.locator(".map-canvas canvas").bounding_box()
    assert box is not None
    assert width == box["width"]
    assert height > box["height"] + 60  # the two times, the sources and the credit stand below the map


def test_the_page_can_be_embedded_in_its_own_form_only(chromium: Browser, served_hama: Served) -> None:
    with reading(chromium, served_hama.url, quiet=False) as reader, elsewhere(served_hama.url) as other:
        page = reader.page
        page.goto(other)
        inside = page.frame_locator("#embedded")
        expect(inside.locator(".world .reading")).to_contain_text("6 Dec 2024, 00:00")
        expect(inside.get_by_role("link", name=re.compile("Open the whole page"))).to_be_visible()
        expect(inside.get_by_role("button", name="Edit")).to_have_count(0)
        assert any("frame-ancestors 'none'" in each for each in reader.complaints)
        reader.strangers.clear()


@contextmanager
def elsewhere(url: str) -> Iterator[str]:
    """Somebody else's page, with ours in frames."""
    frame = f'<iframe id="embedded" src="{url}/?embed=1&at={NIGHT}&lang=en" width="800" height="600"></iframe>'

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<!doctype html>{frame}<iframe src="{url}/"></iframe>'.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_new_events_appear_without_a_reload_and_without_moving_the_clock(reader: Reader, served_hama: Served) -> None:
    page = reader.open(at=NIGHT, place="salamiyah", lang="en")
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    served_hama.must(
        "/v1/reports",
        {
            "id": "live-1",
            "text": "They were seen in Salamiyah on the morning of the fifth.",
            "occurred": "2024-12-05T09:00:00Z",
            "claims": [{"kind": "control", "place": "salamiyah", "forces": ["opposition"], "effect": "takes"}],
        },
    )
    expect(page.locator(".sentence")).to_have_text("Salamiyah was held by Syrian opposition.")
    expect(page.get_by_role("status").filter(has_text="new events: 1")).to_be_visible()
    expect(page.locator(".world .reading")).to_contain_text("6 Dec 2024, 00:00")
    expect(page.locator(".chronology li")).to_have_count(14)


def test_with_knowledge_held_still_a_new_event_changes_nothing_that_is_shown(
    reader: Reader, served_hama: Served
) -> None:
    page = reader.open(at=LATER, known_at="73", place="salamiyah", lang="en")
    expect(page.locator(".sentence")).to_have_text("it is not known who held Salamiyah.")
    report = {"id": "live-2", "text": "Quiet.", "occurred": "2024-12-05T09:00:00Z", "claims": []}
    served_hama.must("/v1/reports", report)
    expect(page.get_by_role("status").filter(has_text="new events: 1")).to_be_visible()
    expect(page.locator(".sentence")).to_have_text("it is not known who held Salamiyah.")
    expect(page.locator(".knowledge .reading")).to_contain_text("event 73")


def test_with_the_network_cut_the_clocks_still_turn_and_the_page_says_so(
    chromium: Browser, served_hama: Served
) -> None:
    with reading(chromium, served_hama.url, quiet=False) as reader:
        page = reader.open(at=NIGHT, panel="places", lang="en")
        expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
        page.wait_for_timeout(2000)
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        expect(page.get_by_role("status").filter(has_text="Not connected")).to_be_visible()
        row = page.locator("tr", has=page.get_by_role("button", name="Salamiyah", exact=True))
        expect(row).to_contain_text("Changing")
        page.get_by_role("region", name="The world").get_by_role("slider").press("End")
        expect(row).to_contain_text("Held")
        row.get_by_role("button").click()  # the sentence comes from the spans, the evidence has to wait
        expect(page.locator(".sentence")).to_have_text("Salamiyah was held by Syrian opposition.")
        page.context.set_offline(False)
        expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible(timeout=40_000)


def fill_report(reader: Reader) -> None:
    page = reader.page
    page.get_by_role("textbox", name="Text").fill("A resident said that they had come in the morning.")
    page.get_by_role("textbox", name=re.compile("^When it happened")).fill("2024-12-05 morning")
    claim = page.get_by_role("group", name="Control")
    claim.get_by_label("Place").fill("Salamiyah")
    claim.get_by_label("Place").press("Enter")
    claim.get_by_label("Forces").fill("Syrian opposition")
    claim.get_by_label("Forces").press("Enter")
    claim.get_by_label("Effect").select_option("takes")


def test_a_report_is_tried_out_on_the_map_and_then_filed(editor: Reader, served_hama: Served) -> None:
    page = editor.open(at=NIGHT, panel="editing", lang="en")
    fill_report(editor)
    page.get_by_role("button", name="Try it out").click()
    effect = page.get_by_role("status").filter(has_text="What it would change")
    expect(effect).to_contain_text("Salamiyah")
    assert served_hama.get("/v1/reports")["known_at"] == 74  # nothing was kept
    page.get_by_role("button", name="File it").click()
    expect(page.get_by_role("status").filter(has_text="is event 75")).to_be_visible()
    filed = served_hama.get("/v1/reports")["reports"][0]
    assert filed["occurred"] == "2024-12-05 morning"
    assert filed["claims"][0]["place"] == "salamiyah"
    assert page.get_by_role("textbox", name="Text").input_value() == ""


def test_what_is_wrong_with_a_report_is_said_and_nothing_typed_is_lost(editor: Reader) -> None:
    page = editor.open(at=NIGHT, panel="editing", lang="en")
    fill_report(editor)
    page.get_by_role("textbox", name=re.compile("^When it happened")).fill("2024-12-32")
    page.get_by_role("button", name="File it").click()
    expect(page.get_by_role("alert")).to_contain_text("#/occurred")
    page.get_by_role("button", name="Places").click()
    page.get_by_role("button", name="Edit").click()
    assert "A resident said" in page.get_by_role("textbox", name="Text").input_value()


def test_a_correction_that_was_overtaken_is_shown_what_changed(editor: Reader, served_hama: Served) -> None:
    page = editor.open(at=NIGHT, lang="en")
    card = page.locator("article[data-id=hama-2024-s13]")
    card.get_by_role("button", name="Correct").click()
    page.get_by_role("textbox", name="Text").fill("They moved in by night.")
    page.get_by_role("textbox", name="Reason").fill("A better reading.")
    served_hama.must("/v1/reports/hama-2024-s13/assessments", {"credibility": "doubtful", "reason": "Only one source."})
    page.get_by_role("button", name="Correct it").click()
    alert = page.get_by_role("alert").filter(has_text="Somebody was quicker")
    expect(alert).to_contain_text("doubtful")
    expect(alert).to_contain_text("They moved in by night.")
    assert page.get_by_role("textbox", name="Text").input_value() == "They moved in by night."
    alert.get_by_role("button", name="Send mine on top of it").click()
    expect(page.get_by_role("status").filter(has_text="is event 76")).to_be_visible()
    assert served_hama.get("/v1/reports/hama-2024-s13")["text"] == "They moved in by night."


def test_a_report_is_graded_and_retracted_with_a_reason(editor: Reader, served_hama: Served) -> None:
    page = editor.open(at=LATER, place="salamiyah", panel="none", lang="en")
    card = page.locator(".why article[data-id=hama-2024-s13]").first
    card.get_by_role("button", name="Grade").click()
    card.get_by_label("Credibility").select_option("doubtful")
    card.get_by_label("Reason").fill("Only one source.")
    card.locator("button.main").click()
    expect(page.locator(".sentence")).to_have_text("it is not known who held Salamiyah.")
    card = page.locator(".why article[data-id=hama-2024-s13]").first
    card.get_by_role("button", name="Retract").click()
    card.get_by_label("Reason").fill("It was another town.")
    card.locator("button.main").click()
    expect(page.locator(".why article[data-id=hama-2024-s13]")).to_have_count(0)
    assert served_hama.get("/v1/reports/hama-2024-s13")["retracted"]["reason"] == "It was another town."


def test_what_is_typed_of_a_report_stays_when_its_card_moves_to_another_list(
    editor: Reader, served_hama: Served
) -> None:
    page = editor.open(at=LATER, place="salamiyah", panel="none", lang="en")
    card = page.locator(".why article[data-id=hama-2024-s13]").first
    card.get_by_role("button", name="Retract").click()
    card.get_by_label("Reason").fill("It was another town.")
    served_hama.must("/v1/reports/hama-2024-s13/assessments", {"credibility": "doubtful", "reason": "Only one source."})
    expect(page.locator(".sentence")).to_have_text("it is not known who held Salamiyah.")
    unconfirmed = page.locator(".why section", has=page.get_by_role("heading", name="Said too, but not counted"))
    moved = unconfirmed.locator("article[data-id=hama-2024-s13]")
    expect(moved.get_by_label("Reason")).to_have_value("It was another town.")


def test_a_report_tells_its_history(reader: Reader, served_hama: Served) -> None:
    served_hama.must("/v1/reports/hama-2024-s13/assessments", {"credibility": "probable", "reason": "A second source."})
    page = reader.open(at=LATER, place="salamiyah", panel="none", lang="en")
    card = page.locator(".why article[data-id=hama-2024-s13]")
    card.get_by_text("History").click()
    expect(card.locator(".history li")).to_have_count(2)
    expect(card.locator(".history li").nth(1)).to_contain_text("graded probable (A second source.)")


def test_a_place_is_registered_by_clicking_the_map(editor: Reader, served_hama: Served) -> None:
    page = editor.open(at=NIGHT, panel="editing", map="36.9,35.05,11", lang="en")
    page.get_by_role("button", name="Register a place").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Tell Dawr")
    page.get_by_role("button", name="Click the map to set where it is").click()
    page.locator(".map-canvas canvas").click()
    expect(page.get_by_role("textbox", name="Longitude", exact=True)).to_have_value(re.compile(r"^36\.(89|90)"))
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="tell-dawr is event 75")).to_be_visible()
    location = served_hama.get("/v1/places/tell-dawr")["location"]
    assert abs(location["lon"] - 36.9) < 0.01
    assert abs(location["lat"] - 35.05) < 0.01


def test_a_token_that_is_not_ours_is_said_and_not_kept(editor: Reader) -> None:
    page = editor.page
    page.goto(f"{editor.url}/?panel=editing&lang=en")
    page.get_by_role("button", name="Forget the token").click()
    page.get_by_label("Token").fill("not-a-real-token-of-ours")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("alert")).to_contain_text("not one of ours")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_token_is_kept_in_the_session_only_and_can_be_forgotten(reader: Reader, served_hama: Served) -> None:
    page = reader.open(at=NIGHT, panel="editing", lang="en")
    _, secret = served_hama.service.tokens.create(Role.READER, "page")
    page.get_by_label("Token").fill(secret)
    page.get_by_role("button", name="Use it").click()
    expect(page.locator(".panel").get_by_role("button", name="Forget the token")).to_be_visible()
    stored = page.evaluate("[JSON.stringify({...sessionStorage}), JSON.stringify({...localStorage}), document.cookie]")
    assert secret in stored[0]
    assert stored[1:] == ["{}", ""]
    assert secret not in page.url
    page.get_by_role("button", name="Forget the token").click()
    assert page.evaluate("sessionStorage.length") == 0


HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>\u202egnol"


def test_the_text_of_a_report_is_never_html(reader: Reader, served_hama: Served) -> None:
    served_hama.must(
        "/v1/places", {"id": "evil", "name": f"<b>{HOSTILE[:60]}", "kind": "town", "location": {"lon": 36.9, "lat": 35}}
    )
    served_hama.must("/v1/sources", {"id": "evil-source", "name": HOSTILE})
    served_hama.must(
        "/v1/reports",
        {
            "id": "evil-report",
            "text": HOSTILE * 20 + "x" * 5000,
            "occurred": "2024-12-05",
            "sources": [{"source": "evil-source", "citation": HOSTILE, "url": 'https://example.org/"onclick=alert(1)'}],
            "claims": [{"kind": "control", "place": "evil", "forces": ["opposition"], "effect": "takes"}],
        },
    )
    page = reader.open(at=LATER, place="evil", lang="en")
    card = page.locator(".why article[data-id=evil-report]")
    expect(card).to_contain_text("<script>document.title='owned'</script>")
    expect(page.locator(".why")).to_contain_text("<b><img")
    card.get_by_role("button", name="Read on").click()
    expect(card).to_contain_text("x" * 5000)
    assert "owned" not in page.title()
    assert page.locator("article img").count() == 0
    assert page.evaluate(
        "document.querySelector('.why-body').scrollWidth <= document.querySelector('.why-body').clientWidth"
    )


@pytest.mark.parametrize("url", ["javascript:document.title='owned'", "data:text/html,x", "JaVaScRiPt:1"])
def test_only_addresses_of_the_web_are_links(chromium: Browser, served_hama: Served, url: str) -> None:
    answer = served_hama.get("/v1/reports", limit=1000)
    answer["reports"][0]["sources"][0]["url"] = url
    with reading(chromium, served_hama.url) as reader:
        # The service may refuse such an address at its door; the page must not trust that it did.
        reader.page.route(
            "**/v1/reports?ids=*", lambda route: route.fulfill(body=json.dumps(answer), content_type="application/json")
        )
        page = reader.open(at=LATER, lang="en")
        card = page.locator("article.report", has=page.get_by_text(answer["reports"][0]["text"])).first
        expect(card).to_be_visible()
        assert card.get_by_role("link").count() == 0


def test_a_window_of_every_state_is_designed(chromium: Browser, tmp_path: Path, served_hama: Served) -> None:
    with reading(chromium, served_hama.url, WIDE, quiet=False) as reader:
        reader.page.route("**/v1/**", lambda route: route.abort())
        page = reader.page
        page.goto(f"{served_hama.url}/?lang=en")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("The service can’t be reached")
        page.unroute("**/v1/**")
        alert.get_by_role("button", name="Try again").click()
        expect(page.locator(".chronology li")).to_have_count(13)


def test_a_report_that_was_redacted_says_so_with_the_reason(reader: Reader, served_hama: Served) -> None:
    page = reader.open(at=LATER, place="salamiyah", lang="en")
    card = page.locator(".why article[data-id=hama-2024-s13]").first
    expect(card).to_contain_text("elders")
    served_hama.must("/v1/reports/hama-2024-s13/redactions", {"reason": "Erasure request 17"})
    expect(card).to_contain_text(re.compile("Words of this report were erased on .*: Erasure request 17"))
    expect(card).not_to_contain_text("elders")
    expect(page.locator(".sentence")).to_have_text("Salamiyah was held by Syrian opposition.")  # only words are gone
    card.get_by_text("History").click()
    expect(card.locator(".history")).to_contain_text("redacted (Erasure request 17)")


def test_what_could_not_be_asked_is_asked_again_when_the_service_is_back(
    chromium: Browser, served_hama: Served
) -> None:
    with reading(chromium, served_hama.url, quiet=False) as reader:
        page = reader.open(at=NIGHT, panel="differences", since="2024-12-04T20:00:00Z", lang="en")
        expect(page.locator(".panel")).to_contain_text("Places that are different: 4")
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        page.get_by_role("region", name="The world").get_by_role("slider").press("End")
        page.keyboard.press("/")
        page.keyboard.type("khitab")
        page.keyboard.press("Enter")
        expect(page.locator(".why .notice")).to_contain_text("can’t be reached")
        expect(page.locator(".panel .notice")).to_contain_text("can’t be reached")
        page.context.set_offline(False)
        expect(page.locator(".why article.report")).to_have_count(1, timeout=40_000)
        expect(page.locator(".panel")).to_contain_text("Places that are different: 8")
        expect(page.locator(".notice")).to_have_count(0)


def test_a_report_that_is_being_written_waits_until_a_correction_is_done(editor: Reader) -> None:
    page = editor.open(at=NIGHT, panel="editing", place="salamiyah", lang="en")
    page.get_by_role("textbox", name="Text").fill("Half a report")
    page.locator(".why article[data-id=hama-2024-s13]").first.get_by_role("button", name="Correct").click()
    text = page.get_by_role("textbox", name="Text")
    expect(text).to_have_value(re.compile("elders"))
    text.fill("Half a correction")
    page.get_by_role("button", name="Cancel").click()
    expect(text).to_have_value("Half a report")


def test_what_is_tried_out_is_seen_on_the_map(editor: Reader, served_hama: Served) -> None:
    page = editor.open(at="2024-12-05T12:00:00Z", panel="editing", lang="en", map="37.051147,35.011914,12")
    left = """() => {
      const canvas = document.querySelector('.map-canvas canvas');
      const copy = document.createElement('canvas'); copy.width = canvas.width; copy.height = canvas.height;
      const context = copy.getContext('2d'); context.drawImage(canvas, 0, 0);
      return [...context.getImageData(canvas.width / 2 - 3, canvas.height / 2, 1, 1).data].slice(0, 3);
    }"""
    fill_report(editor)
    page.wait_for_timeout(800)
    opposition = [213, 94, 0]
    assert page.evaluate(left) != opposition  # of what may be changing, the half before
    page.get_by_role("button", name="Try it out").click()
    effect = page.get_by_role("status").filter(has_text="What it would change")
    expect(effect).to_contain_text("Salamiyah")
    page.wait_for_timeout(800)
    assert page.evaluate(left) == opposition
    assert served_hama.get("/v1/reports")["known_at"] == 74  # nothing was kept


def test_names_of_one_long_word_push_nothing_off_the_screen(chromium: Browser, served_hama: Served) -> None:
    served_hama.must("/v1/forces", {"id": "long", "name": "W" * 200})
    served_hama.must("/v1/places", {"id": "q", "name": "Q" * 200, "kind": "town", "location": {"lon": 36.9, "lat": 35}})
    claim = {"kind": "control", "place": "q", "forces": ["long"], "effect": "takes"}
    served_hama.must("/v1/reports", {"id": "q1", "text": "Z" * 10_000, "occurred": "2024-12-05", "claims": [claim]})
    for size in (WIDE, (390, 844)):
        with reading(chromium, served_hama.url, size) as reader:
            page = reader.open(at=LATER, place="q", panel="places", lang="en")
            close = page.get_by_role("button", name="Close").bounding_box()
            assert close is not None
            assert close["x"] + close["width"] <= size[0]
            legend = page.locator(".legend").bounding_box()
            assert legend is not None
            assert legend["width"] < 300
            assert page.evaluate(
                "document.querySelector('.why-body').scrollWidth <= document.querySelector('.why').clientWidth"
            )


def test_a_name_that_turns_letters_around_turns_nothing_but_itself(reader: Reader, served_hama: Served) -> None:
    served_hama.must("/v1/sources", {"id": "turned", "name": "\u202eecruos A"})
    source = {"source": "turned", "citation": "page 3"}
    claim = {"kind": "control", "place": "salamiyah", "forces": ["opposition"], "effect": "holds"}
    report = {"id": "r", "text": "Seen.", "occurred": "2024-12-06", "sources": [source], "claims": [claim]}
    served_hama.must("/v1/reports", report)
    page = reader.open(at=LATER, place="salamiyah", lang="en")
    line = page.locator(".why article[data-id=r] dd").last
    expect(line).to_contain_text("page 3")
    name, citation = (line.locator("bdi").nth(i).bounding_box() for i in (0, 1))
    assert name is not None
    assert citation is not None
    assert name["x"] < citation["x"]


def test_what_was_known_is_compared_since_a_date_too(reader: Reader) -> None:
    page = reader.open(at=LATER, panel="differences", lang="en")
    page.get_by_role("button", name="in what was known").click()
    field = page.get_by_role("textbox", name=re.compile("Since an event or date"))
    field.fill("2024-01-01")
    field.press("Enter")
    expect(page).to_have_url(re.compile("since=0"))
    expect(page.locator(".panel")).to_contain_text("Places that are different:")


def test_the_forms_speak_the_readers_language(editor: Reader) -> None:
    page = editor.open(at=NIGHT, panel="editing", lang="ar")
    page.get_by_role("button", name="سجّل مكانًا").click()
    expect(page.locator("form.form select").first).to_contain_text("مدينة")
    words = page.evaluate("document.querySelector('form.form').innerText")
    assert not re.search("city|village|crossing", words)
