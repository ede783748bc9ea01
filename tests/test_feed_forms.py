"""The feeds' forms: pages, batches, lines, server-sent events; what narrows them; what they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cloud_event_rules import check_cloud_event, check_in_order
from listening import Heard, Listener
from running import await_true
from serving import Served, served

from domain.when.instant import DAY, HOUR, MINUTE, SECOND, of_text, text
from event_store.codec import NAMES
from service.cloud_events import recorded_event
from service.feed import Wanted, page, types
from service.http.schemas import AnswerEvents, Events

START = of_text("2024-12-04T12:00:00Z")


class Clock:
    """Stands still until it is set."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def claim(place: str, force: str = "a", effect: str = "holds") -> dict[str, Any]:
    return {"kind": "control", "place": place, "forces": [force], "effect": effect}


def report(id: str, *claims: Mapping[str, Any], occurred: str = "2024-12-01T00:00Z") -> dict[str, Any]:
    return {"id": id, "text": "seen", "occurred": occurred, "credibility": "probable", "claims": list(claims)}


def furnish(running: Served) -> None:
    """Positions 1 to 15."""
    running.register(places=("hama", "homs"), forces=("a", "b"), sources=("s",))  # 1 to 5
    running.must("/v1/places", {"id": "souk", "name": "Souk", "kind": "neighbourhood", "parent": "hama"})  # 6
    running.must("/v1/reports", report("r1", claim("hama")))  # 7
    running.must("/v1/reports", report("r2", claim("homs")))  # 8
    running.must("/v1/reports", report("r3", claim("souk")))  # 9
    moved = report("r2", claim("hama", "b")) | {"reason": "it was Hama"}
    del moved["id"]
    running.must("/v1/reports/r2/corrections", moved)  # 10: to hama
    running.must("/v1/reports/r2/assessments", {"credibility": "doubtful", "reason": "alone"})  # 11: of hama
    back = report("r1", claim("homs")) | {"reason": "it was Homs"}
    del back["id"]
    running.must("/v1/reports/r1/corrections", back)  # 12: from hama
    running.must("/v1/reports/r1/retraction", {"reason": "a rumour"})  # 13: of homs
    running.must("/v1/forces/a/alignments", {"with": "b"})  # 14
    running.must("/v1/reports/r3/retraction", {"reason": "a rumour"})  # 15: of souk


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("feed") / "chronology.db") as running:
        furnish(running)
        yield running


def listed(running: Served, **parameters: str | int) -> list[int]:
    return [int(each["id"]) for each in running.get("/v1/events", **parameters)["events"]]


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


# ---------------------------------------------------------------------------------------------------------------
# The log
# ---------------------------------------------------------------------------------------------------------------


def test_a_page_is_what_its_schema_says_and_every_event_a_cloud_event(world: Served) -> None:
    page = world.get("/v1/events")
    Events.model_validate(page)
    check_in_order(page["events"])
    assert [recorded_event(each).position for each in page["events"]] == list(range(1, 16))
    assert (page["next"], page["known_at"], page["as_of_position"]) == (15, 15, 15)


def test_the_log_comes_in_every_form_the_same(world: Served) -> None:
    page = world.get("/v1/events")["events"]
    batch = world.anyone.get("/v1/events", headers={"Accept": "application/cloudevents-batch+json"})
    assert batch.headers["content-type"] == "application/cloudevents-batch+json"
    assert batch.json() == page
    as_lines = lines(world.anyone.get("/v1/events", headers={"Accept": "application/x-ndjson"}))
    assert as_lines == page
    with Listener(world.url, "/v1/events") as listener:
        heard: list[Heard] = []
        while len(heard) < len(page):
            heard += listener.heard()
    assert [each.json for each in heard] == page
    assert [each.id for each in heard] == [each["id"] for each in page]


@pytest.mark.parametrize("limit", [1, 2, 4, 14, 15, 16])
def test_pages_by_next_and_by_link_have_every_event_once(world: Served, limit: int) -> None:
    by_next, after = [], 0
    while found := world.get("/v1/events", after=after, limit=limit):
        assert len(found["events"]) <= limit
        by_next += found["events"]
        after = found["next"]
        if not found["events"]:
            break
    by_link, address = [], f"/v1/events?limit={limit}&types=report-filed,report-corrected.v1"
    while True:
        answer = world.anyone.get(address)
        by_link += answer.json()["events"]
        if "next" not in answer.links:
            break
        address = answer.links["next"]["url"]
        assert parse_qs(urlsplit(address).query)["limit"] == [str(limit)]
    assert [int(each["id"]) for each in by_next] == list(range(1, 16))
    assert [int(each["id"]) for each in by_link] == [7, 8, 9, 10, 12]


@pytest.mark.parametrize(
    "name", sorted(set(NAMES.values()) - {"report-redacted.v1"})
)  # which tests/test_redaction.py asks for
def test_types_narrow_the_log_with_or_without_their_versions(world: Served, name: str) -> None:
    whole = world.get("/v1/events")["events"]
    expected = [int(each["id"]) for each in whole if each["type"] == name]
    assert expected
    assert listed(world, types=name) == listed(world, types=name.partition(".")[0]) == expected


def test_a_place_is_told_what_was_ever_said_of_it_and_of_what_lies_in_it(world: Served) -> None:
    """A correction that moves a report away is about the place that it leaves, and the one that it comes to."""
    assert listed(world, place="hama") == [1, 6, 7, 9, 10, 11, 12, 13, 15]
    assert listed(world, place="souk") == [6, 9, 15]
    assert listed(world, place="homs") == [2, 8, 10, 11, 12, 13]
    assert listed(world, place="homs", types="report-retracted,place-registered") == [2, 13]
    assert listed(world, place="hama", after=9, limit=2) == [10, 11]


def test_a_place_registered_below_another_later_is_told_to_who_listens_already(running: Served) -> None:
    running.register(places=("hama", "homs"))
    with Listener(running.url, "/v1/events?place=hama") as listener:
        heard = list(listener.heard())
        while not heard:
            heard += listener.heard()
        running.must("/v1/places", {"id": "souk", "name": "Souk", "kind": "neighbourhood", "parent": "hama"})
        while len(heard) < 2:
            heard += listener.heard()
    assert [each.json["subject"] for each in heard] == ["place:hama", "place:souk"]


def test_who_comes_back_to_a_narrowed_feed_need_not_look_at_the_rest_again(world: Served) -> None:
    with Listener(world.url, "/v1/events?types=place-registered") as listener:
        while listener.last != "15":
            listener.heard()


@pytest.mark.parametrize("path", ["/v1/events", "/v1/control/events", "/v1/replay?axis=knowledge&speed=1e-9"])
def test_the_head_of_a_stream_is_all_that_is_asked_for_by_head(running: Served, path: str) -> None:
    """The connection is free again, and the stream ends."""
    running.register(places=("p", "q"))
    answer = running.anyone.head(path, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert running.anyone.get("/v1/control", timeout=10).status_code == 200
    await_true("no stream", lambda: "chronology_open_streams 0.0" in running.anyone.get("/metrics").text)


def test_a_page_looks_at_so_many_events_at_the_most_and_says_where_to_look_on(world: Served) -> None:
    wanted = Wanted(types=types("force-aligned"))
    looked = page(world.service.log, wanted, 0, until=15, limit=5, look=6)
    assert (looked.events, looked.next) == ([], 6)
    assert page(world.service.log, wanted, 12, until=13, limit=5).next == 13
    found = page(world.service.log, wanted, 12, until=15, limit=1)
    assert ([each.position for each in found.events], found.next) == ([14], 14)


@pytest.mark.parametrize(
    ("query", "status", "pointer", "says"),
    [
        ("after=x", 400, "#/after", "'x' is no whole number"),
        ("after=3x", 400, "#/after", "'3x' is no whole number"),
        ("after=-1", 400, "#/after", "no whole number"),
        ("after=16", 422, "#/after", "the log ends at position 15"),
        ("after=9999999999999999999", 422, "#/after", "too large"),
        ("limit=0", 422, "#/limit", "1 to 1000"),
        ("limit=1001", 422, "#/limit", "1 to 1000"),
        ("types=battle-won", 422, "#/types", "'battle-won' is none of"),
        ("types=", 422, "#/types", "none of"),
        ("place=atlantis", 422, "#/place", "there is no place 'atlantis'"),
        ("place=A B", 422, "#/place", "is no id"),
        ("until=3", 400, "#/until", "there is no parameter 'until'"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", "application/x-ndjson"])
def test_what_cannot_be_fed_is_refused_in_every_form(
    world: Served, query: str, status: int, pointer: str, says: str, accept: str
) -> None:
    answer = world.anyone.get(f"/v1/events?{query}", headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert says in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "id", "status", "says"),
    [
        ("/v1/events", "soon", 400, "'soon' is no whole number"),
        ("/v1/events", "16", 422, "the log ends at position 15"),
        ("/v1/control/events", "7@", 400, "after the @, '' can't be read at position 0"),
        ("/v1/control/events", "7@2024-12-0", 400, "can't be read at position "),
        ("/v1/control/events", "x@2024-12-04", 400, "'x' is no whole number"),
        ("/v1/control/events", "16", 422, "the log ends at position 15"),
        ("/v1/replay", "7", 400, "can't be read at position"),
        ("/v1/replay?axis=knowledge", "2024-12-04T00:00:00Z", 400, "is no whole number"),
    ],
)
def test_an_id_that_nobody_was_given_is_refused_by_the_header_s_name(
    world: Served, path: str, id: str, status: int, says: str
) -> None:
    answer = world.anyone.get(path, headers={"Accept": "text/event-stream", "Last-Event-ID": id})
    assert answer.status_code == status, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/Last-Event-ID"]
    assert says in answer.json()["detail"]


# ---------------------------------------------------------------------------------------------------------------
# The feed of answers
# ---------------------------------------------------------------------------------------------------------------


def test_a_page_of_answers_is_what_its_schema_says(world: Served) -> None:
    page = world.get("/v1/control/events", after=0)
    AnswerEvents.model_validate(page)
    assert page["events"]
    check_in_order(page["events"])


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_answers_go_on_where_the_last_one_ended(world: Served, limit: int) -> None:
    whole = world.get("/v1/control/events", after=0)["events"]
    found: list[Any] = []
    after = "0"
    while page := world.get("/v1/control/events", after=after, limit=limit):
        found += page["events"]
        after = page["next"]
        if not page["events"]:
            break
    assert found == whole


def test_only_the_places_wanted_are_told_of(world: Served) -> None:
    events = world.get("/v1/control/events", after=0, places="homs")["events"]
    assert {answer["place"] for each in events for answer in each["data"]["places"]} == {"homs"}
    both = world.get("/v1/control/events", after=0, places="homs,hama,souk")["events"]
    whole = world.get("/v1/control/events", after=0)["events"]
    assert [each["data"] for each in both] == [each["data"] for each in whole]
    sources = {each["source"] for each in (*both, *events)}
    assert len(sources) == 2  # ids are unique among those of one source: of each way to narrow the feed


def test_of_a_fixed_instant_only_events_are_told(world: Served) -> None:
    at = "2024-11-30T00:00:00Z"
    events = world.get("/v1/control/events", after=0, at=at)["events"]
    assert {each["data"]["at"] for each in events} == {at}
    assert all("event" in each["data"] and "@" not in each["id"] for each in events)
    rest = world.get("/v1/control/events", after=events[1]["id"], at=at)["events"]
    assert rest == events[2:]


def test_a_page_that_nothing_follows_yet_is_empty_and_says_where_to_go_on(tmp_path: Path) -> None:
    clock = Clock(START)
    with served(tmp_path / "c.db", clock=clock) as running:
        empty = running.get("/v1/control/events")
        assert (empty["events"], empty["next"]) == ([], f"0@{text(START - SECOND)}")
        running.register(places=("hama",), forces=("a",))
        soon = f"[{text(START + HOUR)}..{text(START + 2 * HOUR)}]"
        running.must("/v1/reports", report("r", claim("hama"), occurred=soon))
        clock.now += MINUTE
        first = running.get("/v1/control/events", after=empty["next"])
        assert [each["id"] for each in first["events"]] == ["1"]  # the place came to be known
        assert first["next"] == f"3@{text(START + MINUTE - SECOND)}"
        clock.now = START + DAY
        events = running.get("/v1/control/events", after=first["next"])["events"]
        assert [(each["id"], each["data"]["places"][0]["status"]) for each in events] == [
            (f"3@{text(START + HOUR)}", "changing"),
            (f"3@{text(START + 2 * HOUR)}", "held"),
        ]
        for each in events:
            check_cloud_event(each)
            assert (each["time"], each["recordedtime"]) == (each["data"]["at"], text(START))


def test_time_alone_tells_who_listens_live(running: Served) -> None:
    running.register(places=("hama",), forces=("a",))
    with Listener(running.url, "/v1/control/events") as listener:
        now = running.service.clock() + SECOND
        occurred = f"[{text(now + SECOND)}..{text(now + 2 * SECOND)}]"
        running.must("/v1/reports", report("r", claim("hama"), occurred=occurred))
        heard: list[Heard] = []
        while len(heard) < 2:
            heard += [each for each in listener.heard() if each.json["data"]["places"][0]["status"] != "unknown"]
    assert [each.json["data"]["places"][0]["status"] for each in heard] == ["changing", "held"]


def test_an_event_that_comes_in_late_is_told_at_the_instant_that_had_come(tmp_path: Path) -> None:
    """A commit that takes long, or a clock set back: time had passed the recording before the event was there."""
    clock = Clock(START)
    with served(tmp_path / "c.db", clock=clock) as running:
        running.register(places=("hama", "homs"), forces=("a", "b"))
        for i, turn in enumerate((START + 10 * MINUTE, START + 70 * MINUTE)):
            running.must("/v1/reports", report(f"r{i}", claim("hama", "ab"[i], "takes"), occurred=text(turn)))
        clock.now = START + HOUR
        before = running.get("/v1/control/events", after=0)
        clock.now = START + MINUTE
        running.must("/v1/reports", report("late", claim("homs", "b")))
        clock.now = START + DAY
        events = running.get("/v1/control/events", after=before["next"])["events"]
        passed = START + HOUR - SECOND
        assert [each["id"] for each in events] == [f"7@{text(passed)}", f"7@{text(START + 70 * MINUTE)}"]
        check_in_order(before["events"] + events)
        assert events[0]["data"]["event"]["id"] == "late"
        assert running.get("/v1/control/events", after=events[0]["id"])["events"] == events[1:]
        assert running.get("/v1/control/events", after=before["next"], limit=1)["next"] == events[0]["id"]


def test_the_passing_of_time_before_1970_is_told_in_order_too(running: Served) -> None:
    running.register(places=("p",), forces=("a", "b"))
    for i, occurred in enumerate(("1920-01-01T00:00Z", "1950-01-01T00:00Z", "1990-01-01T00:00Z")):
        running.must("/v1/reports", report(f"r{i}", claim("p", "ab"[i % 2], "takes"), occurred=occurred))
    events = running.get("/v1/control/events", after="6@1900-01-01T00:00:00Z")["events"]
    assert [each["time"][:4] for each in events] == ["1920", "1950", "1990"]
    check_in_order(events)


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ("known_at=3", 400, "#/known_at"),
        ("after=16", 422, "#/after"),
        ("after=x", 400, "#/after"),
        ("after=3@soon", 400, "#/after"),
        ("places=atlantis", 422, "#/places"),
        ("places=hama,", 422, "#/places"),
        ("limit=0", 422, "#/limit"),
        ("lens=rosy", 422, "#/lens"),
    ],
)
def test_what_answers_cannot_be_fed_is_refused(world: Served, query: str, status: int, pointer: str) -> None:
    for accept in ("application/json", "text/event-stream"):
        answer = world.anyone.get(f"/v1/control/events?{query}", headers={"Accept": accept})
        assert answer.status_code == status, answer.text
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_a_private_feed_needs_a_token(tmp_path: Path) -> None:
    with served(tmp_path / "c.db", private=True) as running:
        for path in ("/v1/events", "/v1/control/events", "/v1/replay"):
            for accept in ("application/json", "text/event-stream"):
                assert running.anyone.get(path, headers={"Accept": accept}).status_code == 401
        assert running.editor.get("/v1/events").status_code == 200
