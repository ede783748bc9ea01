"""The whole service and the second reading of the rules agree, on every field, on made-up chronologies."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from chronologies import Event, Question, micro, random_log, random_question
from second_reading import control, timeline
from serving import Served, served

from service.verification import verify

SEEDS = (1, 2, 3)
EVENTS = 120
QUESTIONS = 250
TIMELINES = 14
ZONES = {1: "UTC", 2: "Asia/Damascus", 3: "America/New_York"}

PATHS = {
    "place": "/v1/places",
    "force": "/v1/forces",
    "source": "/v1/sources",
    "report": "/v1/reports",
    "alignment": "/v1/forces/{id}/alignments",
    "correction": "/v1/reports/{id}/corrections",
    "assessment": "/v1/reports/{id}/assessments",
    "retraction": "/v1/reports/{id}/retraction",
}


class Told(NamedTuple):
    """A chronology that the service was told, each event with the time that the service recorded it at."""

    running: Served
    log: list[Event]
    timezone: str
    seed: int

    def questions(self, count: int) -> Iterator[Question]:
        rng = random.Random(f"questions {self.seed} {count}")
        return (random_question(rng, self.log) for _ in range(count))


def instant(text: str) -> int:
    return micro(datetime.fromisoformat(text))


def written(at: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).isoformat()


def tell(running: Served, log: Sequence[Event]) -> list[Event]:
    """Append a log through the API. (What is open in it has begun: it was made up as of 2024.)"""
    told = []
    for position, event in enumerate(log, start=1):
        receipt = running.must(PATHS[event["type"]].format(id=event["id"]), event["body"])
        assert receipt["position"] == position
        told.append({**event, "recorded_at": instant(receipt["recorded_at"])})
    return told


@pytest.fixture(scope="module", params=SEEDS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    seed: int = request.param
    rng = random.Random(f"agreement {seed}")
    store: Path = tmp_path_factory.mktemp("agreement") / "chronology.db"
    with served(store, timezone=ZONES[seed]) as running:
        yield Told(running, tell(running, random_log(rng, EVENTS)), ZONES[seed], seed)


def asked(policy: Mapping[str, Any], by_side: bool) -> dict[str, str]:
    """A policy as parameters."""
    parameters = {}
    for name, value in policy.items():
        if isinstance(value, bool):
            parameters[name] = str(value).lower()
        elif isinstance(value, list):
            parameters[name] = ",".join(value)
        else:
            parameters[name] = written(value) if name == "published_by" else value
    return parameters | ({"by": "side"} if by_side else {})


def edge(text: str | None) -> int | None:
    return None if text is None else instant(text)


def as_integers(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of the API in the form of the second reading, without the times that it carries."""
    found = {name: value for name, value in answer.items() if name not in ("at", "known_at", "as_of_position")}
    for name in ("from", "until", "last_confirmed"):
        if name in found:
            found[name] = edge(found[name])
    if found["since"] is not None:
        found["since"] = {name: edge(value) for name, value in found["since"].items()}
    return found


def known_at_instant(log: Sequence[Event], known_at: int) -> str | None:
    """The same knowledge by a time, where there is one: events can share the instant of their recording."""
    recorded_at: int = log[known_at - 1]["recorded_at"]
    if known_at < len(log) and log[known_at]["recorded_at"] == recorded_at:
        return None
    return written(recorded_at)


def knowledge(told: Told, known_at: int) -> list[str]:
    """The ways to ask for what was known at a position."""
    by_time = known_at_instant(told.log, known_at)
    return [str(known_at)] if by_time is None else [str(known_at), by_time]


def test_every_answer_is_the_second_readings(told: Told) -> None:
    running, log, timezone, _ = told
    seen: dict[str, int] = {}
    for question in told.questions(QUESTIONS):
        place, at, known_at, policy, by_side = question
        expected = control(log, place, at, known_at, policy, by_side, timezone)
        for way in knowledge(told, known_at):
            parameters = {"at": written(at), "known_at": way, **asked(policy, by_side)}
            answer = running.get(f"/v1/places/{place}/control", **parameters)
            assert as_integers(answer) == expected, (question, way)
            assert (instant(answer["at"]), answer["known_at"]) == (at, known_at)
        seen[expected["status"]] = seen.get(expected["status"], 0) + 1
    assert len(seen) >= 4, seen


def test_every_timeline_is_the_second_readings(told: Told) -> None:
    running, log, timezone, _ = told
    segments = 0
    for place, at, known_at, policy, by_side in told.questions(TIMELINES):
        expected = timeline(log, place, known_at, policy, by_side, timezone, now=at)
        for way in knowledge(told, known_at):
            parameters = {"at": written(at), "known_at": way, **asked(policy, by_side)}
            answer = running.get(f"/v1/places/{place}/timeline", **parameters)
            assert [as_integers(segment) for segment in answer["segments"]] == expected, (place, at, known_at, policy)
        segments += len(expected)
    assert segments > TIMELINES


def test_the_map_has_the_second_readings_answer_for_every_place_known(told: Told) -> None:
    running, log, timezone, _ = told
    for _, at, known_at, policy, by_side in told.questions(8):
        parameters = {"at": written(at), "known_at": str(known_at), **asked(policy, by_side)}
        places = sorted(event["id"] for event in log[:known_at] if event["type"] == "place")
        expected = [control(log, place, at, known_at, policy, by_side, timezone) for place in places]
        assert [as_integers(each) for each in running.get("/v1/control", **parameters)["places"]] == expected


def test_what_was_told_twice_is_kept_once_and_the_log_is_sound(told: Told) -> None:
    running, log, _, _ = told
    newest: dict[tuple[str, str], Event] = {}
    for event in log:
        if event["type"] in ("place", "force", "source", "report"):
            newest[event["type"], event["id"]] = event
    for event in newest.values():
        answer = running.editor.post(PATHS[event["type"]], json=event["body"])
        assert (answer.status_code, answer.json()["position"]) == (200, event["position"])
    verdict = verify(running.service.log)
    assert (verdict.faults, verdict.position) == ([], len(log))


def test_a_report_is_read_as_it_was_told(told: Told) -> None:
    running, log, _, _ = told
    for event in log:
        if event["type"] in ("report", "correction"):
            found = running.get(f"/v1/reports/{event['id']}", known_at=event["position"])
            assert (found["text"], found["occurred"]) == (event["body"]["text"], event["body"]["occurred"])
            assert found["sources"] == event["body"].get("sources", [])
            claims = [{name: value for name, value in claim.items() if name != "window"} for claim in found["claims"]]
            assert claims == event["body"]["claims"]
