"""Reports are searched over HTTP: by words too, page after page while more come in, all of them as lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import Any

import pytest
from serving import Served, served

from domain.events import Recorded
from event_store.faults import CannotOpen
from projections.chronology.chronology import Chronology
from service import wiring
from service.http import reports as endpoint
from service.verification import verify

NDJSON = {"Accept": "application/x-ndjson"}


@pytest.fixture
def running(every_store: str) -> Iterator[Served]:
    """A service on an empty store of each engine."""
    with served(every_store) as found:
        yield found


def report(id: str, text: str = "seen", **more: Any) -> dict[str, Any]:
    return {"id": id, "text": text, "occurred": "2024-12-04", "claims": [], **more}


def ids(found: dict[str, Any]) -> list[str]:
    return [each["id"] for each in found["reports"]]


def lines(running: Served, **parameters: str | int) -> list[dict[str, Any]]:
    answer = running.anyone.get("/v1/reports", params=parameters, headers=NDJSON)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_reports_are_found_by_words_and_by_every_name_of_what_they_name(running: Served) -> None:
    town = {"id": "khitab", "name": "Khitab", "kind": "town", "aliases": ["Khattab", "خطاب"]}
    running.must("/v1/places", town)
    claim = {"kind": "presence", "place": "khitab", "forces": ["reds"]}
    running.register((), ("reds",), ())
    running.must("/v1/reports", report("a", "Shots were heard.", claims=[claim]))
    running.must("/v1/reports", report("b", "Shots near Ḥamāh"))
    for q, expected in {
        "shots": ["b", "a"],
        "Khattab": ["a"],
        "خطاب shots": ["a"],
        '"were heard"': ["a"],
        "hama": ["b"],
        "sh* ham*": ["b"],
        "none": [],
    }.items():
        assert ids(running.get("/v1/reports", q=q)) == expected, q
        assert [each["id"] for each in lines(running, q=q)] == expected, q
    assert ids(running.get("/v1/reports", q="shots", place="khitab")) == ["a"]
    assert ids(running.get("/v1/reports", q="shots", known_at=3)) == ["a"]


@pytest.mark.parametrize("q", ["", "*", '"', "…", "a" * 201])
def test_a_query_without_words_or_too_long_is_answered_422(running: Served, q: str) -> None:
    answer = running.anyone.get("/v1/reports", params={"q": q})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/q"]


def test_a_registry_finds_a_name_however_it_is_transliterated(running: Served) -> None:
    running.must("/v1/places", {"id": "s", "name": "As-Suqaylabiyah", "kind": "town", "aliases": ["السقيلبية"]})
    running.must("/v1/places", {"id": "h", "name": "Homs", "kind": "city"})
    for q, expected in {
        "Suqailabiya": ["s"],
        "al-suqaylabiya": ["s"],
        "Hims": ["h"],
        "suqay": ["s"],
        "him": [],
    }.items():
        assert [each["id"] for each in running.get("/v1/places", q=q)["places"]] == expected, q


def test_what_was_acknowledged_is_found_at_once(running: Served) -> None:
    for i in range(40):
        position = running.must("/v1/reports", report(f"r{i}", f"word{i}"))["position"]
        found = running.get("/v1/reports", q=f"word{i}")
        assert ids(found) == [f"r{i}"]
        assert found["as_of_position"] >= found["known_at"] >= position


def test_pages_neither_repeat_nor_miss_while_more_is_filed_and_corrected(running: Served) -> None:
    for i in range(30):
        running.must("/v1/reports", report(f"r{i}"))
    done = Flag()

    def go_on() -> None:
        for i in range(1000):
            if done.is_set():
                return
            running.must("/v1/reports", report(f"more{i}"))
            correction = {"text": f"again {i}", "occurred": "2024-12-04", "claims": [], "reason": "x"}
            running.must(f"/v1/reports/r{i % 30}/corrections", correction)

    writing = Thread(target=go_on)
    writing.start()
    try:
        first = running.get("/v1/reports", q="seen", limit=7)
        pages, cursor = ids(first), first["next"]
        while cursor is not None:
            page = running.get("/v1/reports", q="seen", limit=7, cursor=cursor)
            assert page["known_at"] == first["known_at"]
            pages += ids(page)
            cursor = page["next"]
    finally:
        done.set()
        writing.join()
    whole = lines(running, q="seen", known_at=first["known_at"])
    assert pages == [each["id"] for each in whole]
    assert len(pages) == len(set(pages)) > 5


def test_lines_are_every_report_as_the_pages_have_them(running: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_PORTION", 3)
    for i in range(11):
        running.must("/v1/reports", report(f"r{i}"))
    page = running.get("/v1/reports")
    assert lines(running) == page["reports"]
    assert lines(running, limit=4) == page["reports"][:4]
    assert lines(running, known_at=5) == page["reports"][6:]
    assert lines(running, limit=2, cursor=f"11-{6}") == page["reports"][6:8]
    assert lines(running, q="unheard") == []


def test_what_cannot_be_streamed_is_told_before_the_first_line(running: Served) -> None:
    for parameters, status in (({"known_at": 7}, 422), ({"after_position": 7}, 503), ({"q": "*"}, 422)):
        answer = running.anyone.get("/v1/reports", params=parameters, headers=NDJSON)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.fixture
def standing(running: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flag]:
    """The tables stand still until the flag is set."""
    go_on = Flag()
    apply = running.service.chronology.apply

    def wait(_: Chronology, events: Sequence[Recorded]) -> None:
        go_on.wait(20)
        apply(events)

    monkeypatch.setattr(Chronology, "apply", wait)
    yield go_on
    go_on.set()


def test_control_never_waits_for_the_tables_and_reports_do(running: Served, standing: Flag) -> None:
    running.register(("khitab",))
    running.must("/v1/reports", report("r"))
    start = monotonic()
    assert running.get("/v1/places/khitab/control")["as_of_position"] == 2
    assert running.get("/v1/reports/r")["as_of_position"] == 2
    assert running.get("/v1/reports/r/history")["events"][0]["text"] == "seen"
    assert monotonic() - start < 4
    late = running.anyone.get("/v1/reports")
    assert (late.status_code, late.headers["retry-after"]) == (503, "1")
    standing.set()
    assert ids(running.get("/v1/reports")) == ["r"]


def test_it_is_ready_once_the_tables_have_caught_up_too(running: Served, standing: Flag) -> None:
    running.register(("khitab",))
    answer = running.anyone.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "catching up", "position": 0, "head": 1, "writes": True}
    standing.set()
    running.get("/v1/reports")
    assert running.get("/health/ready") == {"status": "ok", "position": 1, "head": 1, "writes": True}


def test_tables_that_another_process_set_back_are_waited_for(running: Served) -> None:
    for i in range(5):
        running.must("/v1/reports", report(f"r{i}"))
    assert len(ids(running.get("/v1/reports"))) == 5
    database = running.service.log.database
    none = [
        f"DELETE FROM chronology_{table}" for table in ("reports", "contents", "links", "windows", "claims", "things")
    ]
    none.append(
        "INSERT INTO chronology_words (chronology_words) VALUES ('delete-all')"
        if database.dialect == "sqlite"
        else "DELETE FROM chronology_words"
    )
    for _ in range(3):
        with database.writing() as cursor:
            for statement in (*none, "UPDATE chronology_state SET position = 0"):
                cursor.execute(statement)
        assert len(ids(running.get("/v1/reports"))) == 5
    assert verify(running.service.log, running.service.chronology).faults == []


def test_reports_are_found_while_another_process_makes_the_tables_anew(running: Served) -> None:
    for i in range(5):
        running.must("/v1/reports", report(f"r{i}"))
    others = Chronology(running.service.log.database)
    for _ in range(10):
        others.empty()
        assert len(ids(running.get("/v1/reports"))) == 5
    assert verify(running.service.log, running.service.chronology).faults == []


def test_two_services_on_one_store_fill_the_same_tables(every_store: str) -> None:
    with served(every_store) as one, served(every_store) as other:
        threads = [
            Thread(target=lambda of=of, name=name: [of.must("/v1/reports", report(f"{name}{i}")) for i in range(60)])
            for name, of in (("a", one), ("b", other))
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        for running in (one, other):
            assert len(ids(running.get("/v1/reports", after_position=120, limit=1000))) == 120
        assert one.service.chronology.digests() == other.service.chronology.digests()
        assert verify(one.service.log, one.service.chronology).faults == []


def test_a_fresh_report_is_filed_without_a_look_at_the_store(running: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    running.register(("khitab",), ("reds",), ("herald",))
    running.get("/v1/sources/herald", after_position=3)  # or the filing is decided again
    looks: list[str] = []
    stream = running.service.log.stream

    def look(name: str) -> Sequence[Recorded]:
        looks.append(name)
        return stream(name)

    monkeypatch.setattr(running.service.log, "stream", look)
    claim = {"kind": "presence", "place": "khitab", "forces": ["reds"]}
    running.must("/v1/reports", report("r", claims=[claim], sources=[{"source": "herald"}]))
    assert looks == []
    again = running.editor.post("/v1/reports", json=report("r", claims=[claim], sources=[{"source": "herald"}]))
    assert again.status_code == 200
    assert set(looks) == {"report:r"}


def test_an_id_that_is_taken_is_told_before_what_is_unknown(running: Served) -> None:
    running.must("/v1/reports", report("r"))
    unknown = {"kind": "presence", "place": "nowhere", "forces": ["nobody"]}
    answer = running.editor.post("/v1/reports", json=report("r", claims=[unknown]))
    assert answer.status_code == 409
    denial = {"kind": "denial", "of": "never"}
    answer = running.editor.post("/v1/reports", json=report("s", claims=[unknown, denial]))
    assert answer.status_code == 422
    pointers = [each["pointer"] for each in answer.json()["errors"]]
    assert pointers == ["#/claims/0/place", "#/claims/0/forces/0", "#/claims/1/of"]
    running.must("/v1/reports", report("s", claims=[denial | {"of": "r"}]))


def test_an_sqlite_without_full_text_is_told_at_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "has_full_text", lambda: False)
    with pytest.raises(CannotOpen, match="FTS5"), served(tmp_path / "chronology.db"):
        pass
