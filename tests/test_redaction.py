"""Redaction over a whole service: words are gone from everything, and nothing else has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag
from typing import Any

import httpx
import pytest
from running import await_true, chronology
from serving import Served, served

from service import chronology_verify

TEXT = "Zaynab the baker of Quince Street saw them come in by the mill."
PERSON = "Haroun Vantongeren"
WORDS = ("Zaynab", "zaynab", "Quince", "Vantongeren", "vantongeren", "Archive of Umbrel", "Lacklustre")


def report(**more: Any) -> dict[str, Any]:
    return {
        "id": "seen",
        "text": TEXT,
        "occurred": "2024-12-05 morning",
        "credibility": "probable",
        "sources": [{"source": "desk", "citation": "Archive of Umbrel, p. 3", "url": "https://example.org/a"}],
        "claims": [
            {"kind": "control", "place": "khitab", "forces": ["opposition"], "effect": "takes"},
            {"kind": "movement", "forces": ["opposition"], "persons": [PERSON, "Idris"]},
        ],
        **more,
    }


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "chronology.db") as found:
        found.register(("khitab",), ("opposition",), ("desk",))
        found.must("/v1/reports", report())
        found.must("/v1/reports/seen/assessments", {"credibility": "confirmed", "reason": "Lacklustre said so"})
        yield found


def redact(running: Served, **body: Any) -> dict[str, Any]:
    return running.must("/v1/reports/seen/redactions", {"reason": "Erasure request 17", **body})


def found_on_disk(folder: Path) -> list[tuple[str, str]]:
    """Every word that is in a file of the store, with the file."""
    return [
        (each.name, word) for each in sorted(folder.iterdir()) for word in WORDS if word.encode() in each.read_bytes()
    ]


def test_the_words_are_in_no_file_of_the_store(running: Served, tmp_path: Path) -> None:
    assert running.get("/v1/reports", q="zaynab")["reports"]
    assert found_on_disk(tmp_path)
    redact(running)
    assert found_on_disk(tmp_path) == []


def test_a_report_is_shown_without_them_at_every_knowledge_time_and_says_so(running: Served) -> None:
    before = running.get("/v1/reports/seen")
    receipt = redact(running)
    for known_at in (4, 5, receipt["position"]):
        shown = running.get("/v1/reports/seen", known_at=known_at)
        assert shown["text"] == ""
        assert shown["claims"][1]["persons"] == ["", ""]
        assert shown["sources"][0] == {"source": "desk", "citation": "", "url": ""}
        (gone,) = shown["redacted"]
        assert gone["position"] == receipt["position"]
        assert gone["reason"] == "Erasure request 17"
        assert gone["parts"] == [
            "/text",
            "/sources/0/citation",
            "/sources/0/url",
            "/claims/1/persons/0",
            "/claims/1/persons/1",
        ]
    assert before["redacted"] == []
    assert shown["window"] == before["window"]
    assert shown["claims"][0] == before["claims"][0]
    assert shown["version"] == 3


def test_a_history_names_what_is_gone_of_each_event(running: Served) -> None:
    redact(running)
    filed, assessed, redacted = running.get("/v1/reports/seen/history")["events"]
    assert filed["text"] == ""
    assert assessed["reason"] == ""
    assert assessed["redacted"][0]["parts"] == ["/reason"]
    assert redacted["reason"] == "Erasure request 17"
    assert redacted["erased"][1] == {"version": 2, "parts": ["/reason"]}
    assert redacted["redacted"] == []


def test_control_stays_as_it_was_at_every_time(running: Served) -> None:
    def answers() -> list[Any]:
        return [
            running.get("/v1/places/khitab/control", at=at, known_at=known_at)
            for at in ("2024-12-04T00:00:00Z", "2024-12-06T00:00:00Z")
            for known_at in (3, 4, 5)
        ]

    before = answers()
    receipt = redact(running)
    assert answers() == before
    newest = running.get("/v1/places/khitab/control", at="2024-12-06T00:00:00Z", known_at=receipt["position"])
    assert {**newest, "known_at": 5, "as_of_position": 5} == before[-1]
    changed = running.anyone.get("/v1/knowledge/changes?from=5&to=6&at=2024-12-06T00:00:00Z").json()
    assert changed["changes"] == []


def test_a_search_finds_it_by_what_is_left_alone(running: Served) -> None:
    redact(running, parts=["text"])
    assert running.get("/v1/reports", q="zaynab")["reports"] == []
    assert [each["id"] for each in running.get("/v1/reports", q="khitab")["reports"]] == ["seen"]
    assert [each["id"] for each in running.get("/v1/reports", place="khitab")["reports"]] == ["seen"]


def test_parts_are_taken_by_field_by_pointer_and_by_version(running: Served) -> None:
    redact(running, parts=["/report/claims/1/persons/0"], versions=[1])
    shown = running.get("/v1/reports/seen")
    assert shown["claims"][1]["persons"] == ["", "Idris"]
    assert shown["text"] == TEXT
    redact(running, parts=["persons", "/report/sources"])
    shown = running.get("/v1/reports/seen")
    assert shown["claims"][1]["persons"] == ["", ""]
    assert shown["sources"][0]["citation"] == ""
    assert [each["position"] for each in shown["redacted"]] == [6, 7]


def test_a_redaction_s_reason_goes_only_where_its_version_is_named(running: Served) -> None:
    redact(running, parts=["text"], reason="Zaynab asked for it")
    redact(running)
    assert running.get("/v1/reports/seen/history")["events"][2]["reason"] == "Zaynab asked for it"
    redact(running, versions=[3])
    assert running.get("/v1/reports/seen/history")["events"][2]["reason"] == ""
    assert running.get("/v1/reports/seen")["redacted"][0]["reason"] == ""


def test_the_same_redaction_again_is_answered_as_before(running: Served) -> None:
    first = redact(running)
    again = running.editor.post("/v1/reports/seen/redactions", json={"reason": "Erasure request 17"})
    assert (again.status_code, again.json()) == (200, first)
    named = running.editor.post(
        "/v1/reports/seen/redactions", json={"reason": "Erasure request 17"}, headers={"If-Match": '"2"'}
    )
    assert (named.status_code, named.json()) == (200, first)


def test_words_that_came_since_are_erased_by_the_same_request(running: Served) -> None:
    redact(running)
    running.must("/v1/reports/seen/corrections", {**_content(), "reason": "more exact"}, **{"If-Match": '"3"'})
    assert redact(running)["version"] == 5
    assert running.get("/v1/reports/seen")["text"] == ""


def _content() -> dict[str, Any]:
    found = report()
    del found["id"]
    return found


@pytest.mark.parametrize(
    ("id", "body", "headers", "status"),
    [
        ("nobody", {"reason": "r"}, {}, 404),
        ("seen", {"reason": "r"}, {"If-Match": '"1"'}, 412),
        ("seen", {}, {}, 422),
        ("seen", {"reason": "r", "parts": ["forces"]}, {}, 422),
        ("seen", {"reason": "r", "parts": ["led_by"]}, {}, 422),
        ("seen", {"reason": "r", "parts": ["/report/claims/0/place"]}, {}, 422),
        ("seen", {"reason": "r", "versions": [3]}, {}, 422),
        ("seen", {"reason": "r", "versions": [0]}, {}, 422),
        ("seen", {"reason": "r", "words": 1}, {}, 422),
    ],
)
def test_what_cannot_be_redacted_is_refused(
    running: Served, id: str, body: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    answer = running.editor.post(f"/v1/reports/{id}/redactions", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert running.get("/v1/reports/seen")["text"] == TEXT


def test_there_is_nothing_to_redact_twice(running: Served) -> None:
    redact(running)
    answer = running.editor.post("/v1/reports/seen/redactions", json={"reason": "another", "parts": ["text"]})
    assert answer.status_code == 409


def test_only_editors_redact(running: Served) -> None:
    assert running.anyone.post("/v1/reports/seen/redactions", json={"reason": "r"}).status_code == 401


def test_a_retracted_report_can_be_redacted(running: Served) -> None:
    running.must("/v1/reports/seen/retraction", {"reason": "Lacklustre was wrong"})
    redact(running)
    shown = running.get("/v1/reports/seen")
    assert shown["retracted"]["reason"] == ""
    assert "/retracted/reason" in [part for each in shown["redacted"] for part in each["parts"]]


def test_a_dry_run_lists_what_would_go_and_erases_nothing(running: Served) -> None:
    answer = running.editor.post("/v1/reports/seen/redactions?dry_run=true", json={"reason": "r", "parts": ["text"]})
    assert answer.status_code == 200
    assert answer.json()["erases"] == [{"version": 1, "parts": ["/report/text"]}]
    assert answer.json()["changes"] == []
    assert running.get("/v1/reports/seen")["text"] == TEXT


def test_a_filing_that_comes_again_puts_nothing_back(running: Served, tmp_path: Path) -> None:
    redact(running)
    again = running.editor.post("/v1/reports", json=report())
    assert (again.status_code, again.json()["position"]) == (200, 4)
    assert running.editor.post("/v1/reports", json=report(occurred="2024-12-06")).status_code == 409
    assert running.get("/v1/reports/seen")["text"] == ""
    assert found_on_disk(tmp_path) == []


def test_a_correction_of_redacted_words_is_told_from_its_repetition_by_the_version(running: Served) -> None:
    correction = {**_content(), "reason": "a slip"}
    running.must("/v1/reports/seen/corrections", correction)
    redact(running)
    path = "/v1/reports/seen/corrections"
    assert running.editor.post(path, json=correction).status_code == 409
    repeated = running.editor.post(path, json=correction, headers={"If-Match": '"2"'})
    assert (repeated.status_code, repeated.json()["version"]) == (200, 3)
    cleaned = {**correction, "text": "They came in by the mill."}
    assert running.editor.post(path, json=cleaned, headers={"If-Match": '"4"'}).status_code == 201
    assert running.get("/v1/reports/seen")["text"] == "They came in by the mill."


def test_what_holds_words_is_never_immutable(running: Served) -> None:
    times = {"at": "2024-12-06T00:00:00Z", "known_at": "5"}
    control = "/v1/places/khitab/control"
    for path in ("/v1/reports/seen", "/v1/reports/seen/history", "/v1/reports", control):
        proofs = {"proofs": "true"} if path == control else {}
        answer = running.anyone.get(path, params={**times, **proofs})
        assert answer.headers["cache-control"] == "no-cache", path
    assert "immutable" in running.anyone.get(control, params=times).headers["cache-control"]


def test_the_feed_carries_it_without_its_words_and_still_proves_it(running: Served) -> None:
    redact(running, parts=["persons", "citation"])
    filed = running.get("/v1/events", after=3)["events"][0]
    assert "salt" not in filed
    assert sorted(json.loads(filed["salts"])) == ["/report/sources/0/url", "/report/text"]
    assert set(filed["data"]["report"]["claims"][1]["persons"][0]) == {"redacted"}
    key = running.anyone.get("/v1/log/key").text
    answer = running.get("/v1/places/khitab/control", at="2024-12-06T00:00:00Z", proofs="true")
    assert "in the log of 6" in chronology_verify.check_answer(answer, key)
    filed = next(each["event"] for each in answer["proofs"]["events"] if each["event"]["id"] == "4")
    filed["data"]["report"]["claims"][1]["persons"][0]["redacted"] = "A" * 43 + "="
    with pytest.raises(chronology_verify.Refuted):
        chronology_verify.check_answer(answer, key)


def test_a_process_that_serves_lets_go_of_what_another_redacts(running: Served, tmp_path: Path) -> None:
    assert running.service.log.recent(3)
    ended = chronology("redact", "seen", "--reason", "asked for", store=tmp_path / "chronology.db")
    running.get("/v1/reports", q="zaynab", after_position=ended.json["position"])
    events = running.anyone.get("/v1/events").text
    assert not any(word in events for word in WORDS)
    assert running.service.log.recent(3) == []
    assert running.get("/v1/reports", q="zaynab")["reports"] == []
    assert found_on_disk(tmp_path) == []


def test_who_reads_meanwhile_sees_it_before_or_after(running: Served) -> None:
    seen: list[tuple[str, int]] = []
    done = Flag()

    def read() -> None:
        with httpx.Client(base_url=running.url, timeout=30) as client:
            while not done.is_set():
                shown = client.get("/v1/reports/seen?known_at=5").json()
                seen.append((shown["text"], len(shown["redacted"])))

    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(read) for _ in range(2)]
        await_true("they read", lambda: len(seen) > 5)
        redact(running)
        after = len(seen)
        await_true("they read on", lambda: len(seen) > after + 5)
        done.set()
        for each in reading:
            each.result(30)
    assert set(seen) == {(TEXT, 0), ("", 1)}
    assert set(seen[after + 4 :]) == {("", 1)}


def test_a_redaction_comes_in_the_feed_as_an_event_of_its_place(running: Served) -> None:
    redact(running)
    (event,) = running.get("/v1/events", types="report-redacted", place="khitab")["events"]
    assert running.get("/v1/events", types="report-redacted.v1")["events"] == [event]
    assert event["subject"] == "report:seen"
    assert event["data"]["erased"][1] == {"version": 2, "parts": ["/reason"]}
