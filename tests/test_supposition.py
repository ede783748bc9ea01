"""A dry run says what the real thing does: no more, no less, and it leaves no trace."""

from __future__ import annotations

import random
from typing import Any

import pytest
from chronologies import HOUR, Event, logs, random_log
from feeding import plain, project, record
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import Served

from domain.when.instant import BEGINNING
from projections.picture import View
from projections.supposition import Supposition

REPORTS = ("report", "correction", "assessment", "retraction")
SHOWN = ("status", "holders", "parties", "challenger", "before", "after")
NOON = "2024-12-04T12:00:00Z"


def check(log: list[Event], position: int, now: int) -> None:
    """The event at a position supposed on what came before it, and then really recorded."""
    recorded = record(log)[position - 1]
    before, after = project(log[: position - 1]), project(log[:position])
    untouched = before.control.digest()
    supposition = Supposition(before.control, recorded)
    for _ in supposition.work_out(now):
        pass
    assert before.control.digest() == untouched
    announced = {(each.place, each.at): (plain(each.before), plain(each.after)) for each in supposition.effects}
    assert list(announced) == sorted(announced)
    policy = View().policy
    was, became = before.control.inquire(position - 1, policy), after.control.inquire(position, policy)
    for place in before.control.settlements(position - 1).places:
        for at in {now, *ends(before, recorded.stream, position), *ends(after, recorded.stream, position)}:
            first, second = was.control(place, at), became.control(place, at)
            if (place, at) in announced:
                assert announced.pop((place, at)) == (plain(first), plain(second))
                assert first.joins_by != second.joins_by
            elif bears(after, before, recorded.stream, place, at, now, position):
                assert first.joins_by == second.joins_by
    for (place, at), answers in announced.items():  # the first instant at which it changes, where it does not then
        first, second = was.control(place, at), became.control(place, at)
        assert answers == (plain(first), plain(second))
        assert first.joins_by != second.joins_by
    for place in set(before.control.settlements(position - 1).places) - {each.place for each in supposition.effects}:
        assert all(
            was.joins_by(place, at) == became.joins_by(place, at) for at in {*was.turns(place), *became.turns(place)}
        )


def said(known: Any, stream: str, position: int) -> list[Any]:
    told = known.control.told(stream.partition(":")[2])
    return [] if told is None else [each for at in (position - 1, position) for each in told.statements(at)]


def ends(known: Any, stream: str, position: int) -> set[int]:
    return {end for each in said(known, stream, position) for end in (each.e, each.l)} - {BEGINNING}


def bears(after: Any, before: Any, stream: str, place: str, at: int, now: int, position: int) -> bool:
    """Whether the instant is one of those that are asked about for the place."""
    around = {place, *after.control.settlements(position).around(place)}
    bearing = [each for known in (before, after) for each in said(known, stream, position) if each.place in around]
    return at == now or any(at in (each.e, each.l) for each in bearing)


@settings(max_examples=60, deadline=None)
@given(logs(), st.data())
def test_a_dry_run_says_what_the_real_thing_does(log: list[Event], data: st.DataObject) -> None:
    positions = [each["position"] for each in log if each["type"] in REPORTS]
    if positions:
        position = data.draw(st.sampled_from(positions))
        check(log, position, log[position - 1]["recorded_at"] - data.draw(st.integers(0, 90)) * HOUR)


@pytest.mark.parametrize("seed", range(4))
def test_the_same_holds_on_long_logs(seed: int) -> None:
    rng = random.Random(seed)
    log = random_log(rng, 90)
    for position in [each["position"] for each in log if each["type"] in REPORTS][-12:]:
        check(log, position, log[position - 1]["recorded_at"] - rng.randrange(90) * HOUR)


# ---------------------------------------------------------------------------------------------------------------
# Over HTTP
# ---------------------------------------------------------------------------------------------------------------


def report(effect: str, force: str, occurred: str = NOON, **more: Any) -> dict[str, Any]:
    claim = {"kind": "control", "place": "town", "forces": [force], "effect": effect}
    return {"text": "seen", "occurred": occurred, "claims": [claim], **more}


def dry(running: Served, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = running.editor.post(path, json=body, params={"dry_run": "true"}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["dry_run"] is True
    return found


def shown_at(running: Served, effect: dict[str, Any]) -> dict[str, Any]:
    return running.get(f"/v1/places/{effect['place']}/control", at=effect["at"])


def test_nothing_is_kept_and_no_position_is_used(running: Served) -> None:
    running.register(("town",), ("red",))
    head = running.get("/health/ready")["head"]
    found = dry(running, "/v1/reports", report("takes", "red", id="r"))
    assert running.get("/health/ready")["head"] == head
    assert running.anyone.get("/v1/reports/r").status_code == 404
    assert (found["id"], found["version"], found["already_there"], found["known_at"]) == ("r", 1, False, head)
    assert running.must("/v1/reports", report("takes", "red", id="r"))["position"] == head + 1


def test_a_filing_a_correction_an_assessment_and_a_retraction_do_what_was_announced(running: Served) -> None:
    running.register(("town",), ("red", "blue"))
    steps: list[tuple[str, dict[str, Any]]] = [
        ("/v1/reports", report("takes", "red", id="r")),
        ("/v1/reports/r/corrections", report("takes", "blue", "2024-12-04", reason="misread")),
        ("/v1/reports/r/assessments", {"credibility": "doubtful", "reason": "a rumour"}),
        ("/v1/reports/r/assessments", {"credibility": "confirmed", "reason": "seen by many"}),
        ("/v1/reports/r/retraction", {"reason": "made up"}),
    ]
    for path, body in steps:
        effects = dry(running, path, body)["changes"]
        assert effects
        for effect in effects:
            now = shown_at(running, effect)
            assert {name: now[name] for name in effect["from"]} == effect["from"]
        running.must(path, body)
        for effect in effects:
            then = shown_at(running, effect)
            assert {name: then[name] for name in effect["to"]} == effect["to"]


def test_it_names_whom_it_contradicts_and_whom_it_repeats(running: Served) -> None:
    running.register(("town",), ("red", "blue"))
    running.must("/v1/reports", report("takes", "red", id="first"))
    again = dry(running, "/v1/reports", report("takes", "red", id="second"))
    assert (again["contradicts"], again["repeats"]) == ([], ["first"])
    otherwise = dry(running, "/v1/reports", report("takes", "blue", id="second"))
    assert (otherwise["contradicts"], otherwise["repeats"]) == (["first"], [])
    denial = {"text": "no", "occurred": NOON, "claims": [{"kind": "denial", "of": "first"}]}
    assert dry(running, "/v1/reports", denial)["contradicts"] == ["first"]


def test_other_kinds_of_claims_are_repeated_too(running: Served) -> None:
    running.register(("town", "village"), ("red", "blue"))
    clash = {"kind": "clash", "places": ["town", "village"], "forces": ["red", "blue"]}
    body = {"text": "fighting", "occurred": "2024-12-04", "claims": [clash]}
    running.must("/v1/reports", {**body, "id": "first"})
    turned = {**body, "claims": [{**clash, "places": ["village", "town"], "forces": ["blue", "red"]}]}
    assert dry(running, "/v1/reports", turned)["repeats"] == ["first"]
    assert dry(running, "/v1/reports", {**turned, "occurred": "2024-12-05"})["repeats"] == []
    running.must("/v1/reports/first/retraction", {"reason": "made up"})
    assert dry(running, "/v1/reports", turned)["repeats"] == []


def test_the_same_request_again_would_change_nothing(running: Served) -> None:
    running.register(("town",), ("red",))
    running.must("/v1/reports", report("takes", "red", id="r"))
    found = dry(running, "/v1/reports", report("takes", "red", id="r"))
    assert (found["already_there"], found["changes"], found["version"]) == (True, [], 1)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/reports", report("takes", "nobody", id="new"), 422),
        ("/v1/reports", report("takes", "red", id="r", text="other"), 409),
        ("/v1/reports/none/retraction", {"reason": "x"}, 404),
        ("/v1/reports/r/corrections", {"text": "x"}, 422),
    ],
)
def test_what_would_be_refused_is_refused(running: Served, path: str, body: dict[str, Any], status: int) -> None:
    running.register(("town",), ("red",))
    running.must("/v1/reports", report("takes", "red", id="r"))
    assert running.editor.post(path, json=body, params={"dry_run": "true"}).status_code == status


def test_it_takes_the_role_that_the_real_thing_takes(running: Served) -> None:
    assert running.anyone.post("/v1/reports", json={}, params={"dry_run": "true"}).status_code == 401


def test_a_stale_version_is_told(running: Served) -> None:
    running.register(("town",), ("red",))
    running.must("/v1/reports", report("takes", "red", id="r"))
    answer = running.editor.post(
        "/v1/reports/r/retraction", json={"reason": "x"}, params={"dry_run": "true"}, headers={"If-Match": '"7"'}
    )
    assert answer.status_code == 412


def test_many_at_once_are_not_rehearsed(running: Served) -> None:
    head = running.get("/health/ready")["head"]
    answer = running.editor.post(
        "/v1/reports?dry_run=true", content=b"{}\n", headers={"Content-Type": "application/x-ndjson"}
    )
    assert answer.status_code == 422
    assert running.get("/health/ready")["head"] == head


@pytest.mark.parametrize("value", ["yes", "1", ""])
def test_dry_run_is_true_or_false(running: Served, value: str) -> None:
    assert running.editor.post("/v1/reports", json={}, params={"dry_run": value}).status_code == 422
