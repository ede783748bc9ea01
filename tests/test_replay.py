"""Differences, replay and the picture as it comes say what the answers at both ends say, for every place."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import pytest
import second_reading
from chronologies import HOUR, START, Event, Question, logs, micro, questions, random_log, random_question
from feeding import plain, policy, project
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.control.answer import Answer
from projections.differences import changes, disagreements, revisions
from projections.picture import Frame, Picture, View
from projections.replay import over_knowledge, over_valid_time

BEGIN = micro(START)
SHOWN = ("status", "holders", "parties", "challenger", "before", "after")
T = TypeVar("T")
Asked = tuple[list[Event], Question, int, int]


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """A log, a question, an instant and a position."""
    log = draw(logs())
    question = draw(questions(log))
    return log, question, BEGIN + draw(st.integers(-2, 80)) * HOUR, draw(st.integers(0, len(log)))


def thrown(seed: int) -> Asked:
    rng = random.Random(seed)
    log = random_log(rng, 90)
    return log, random_question(rng, log), BEGIN + rng.randrange(-2, 80) * HOUR, rng.randrange(len(log) + 1)


def done(steps: Iterable[T | None]) -> list[T]:
    return [step for step in steps if step is not None]


def shown(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if answer is None else {name: answer[name] for name in SHOWN}


def the_map(log: Sequence[Event], question: Question, at: int, known_at: int) -> dict[str, dict[str, Any]]:
    """The second reading's answer for every place known."""
    _, _, _, parts, by_side = question
    places = [each["id"] for each in log[:known_at] if each["type"] == "place"]
    return {place: second_reading.control(log, place, at, known_at, parts, by_side) for place in places}


def view(question: Question) -> View:
    return View(policy(question.policy), question.by_side)


def folded(frames: Iterable[Frame]) -> dict[str, Any]:
    found: dict[str, Answer] = {}
    for frame in frames:
        found |= {answer.place: answer for answer in frame.answers}
    return {place: shown(plain(answer)) for place, answer in found.items()}


def check_changes(made: Asked) -> None:
    log, question, other, _ = made
    start, end = sorted((question.at, other))
    known_at = question.known_at
    found = {each.place: each for each in done(changes(project(log).control, view(question), known_at, start, end))}
    before, after = the_map(log, question, start, known_at), the_map(log, question, end, known_at)
    assert set(found) == {place for place in after if shown(before[place]) != shown(after[place])}
    for place, change in found.items():
        assert (plain(change.before), plain(change.after)) == (before[place], after[place])


def check_revisions(made: Asked) -> None:
    log, question, _, other = made
    start, end = sorted((question.known_at, other))
    known = project(log)
    found = {
        each.place: each
        for each in done(revisions(known.control, known.outline, view(question), question.at, start, end))
    }
    before, after = the_map(log, question, question.at, start), the_map(log, question, question.at, end)
    assert set(found) == {place for place in after if shown(before.get(place)) != shown(after[place])}
    for place, change in found.items():
        assert (change.before and plain(change.before), plain(change.after)) == (before.get(place), after[place])
        positions = [each.position for each in change.events]
        assert positions == changing_positions(log, question, place, start, end)
        assert [each.id for each in change.events] == [log[position - 1]["id"] for position in positions]


def changing_positions(log: Sequence[Event], question: Question, place: str, start: int, end: int) -> list[int]:
    found = []
    for position in range(start + 1, end + 1):
        was, now = (the_map(log, question, question.at, known_at).get(place) for known_at in (position - 1, position))
        if shown(was) != shown(now):
            found.append(position)
    return found


def check_valid_replay(made: Asked) -> None:
    log, question, other, _ = made
    start, end = sorted((question.at, other))
    known_at = question.known_at
    frames = done(over_valid_time(project(log).control, view(question), known_at, start, end))
    assert [frame.at for frame in frames] == sorted({frame.at for frame in frames})
    assert frames[0].at == start
    assert all(frame.answers and start < frame.at <= end for frame in frames[1:])
    for i in range(len(frames)):
        the_end = frames[i + 1].at - 1 if i + 1 < len(frames) else end
        then = the_map(log, question, the_end, known_at)
        assert folded(frames[: i + 1]) == {place: shown(answer) for place, answer in then.items()}
    for frame in frames:
        for answer in frame.answers:
            assert plain(answer) == the_map(log, question, frame.at, known_at)[answer.place]


def check_knowledge_replay(made: Asked) -> None:
    log, question, _, other = made
    start, end = sorted((question.known_at, other))
    known = project(log)
    frames = done(over_knowledge(known.control, known.outline, view(question), question.at, start, end))
    assert [frame.known_at for frame in frames] == list(range(start, end + 1))
    assert [frame.line and frame.line.position for frame in frames] == [None, *range(start + 1, end + 1)]
    seen: dict[str, Any] = {}
    for frame in frames:
        then = {place: shown(answer) for place, answer in the_map(log, question, question.at, frame.known_at).items()}
        now = folded([frame])
        assert frame is frames[0] or all(seen.get(place) != answer for place, answer in now.items())
        seen |= now
        assert seen == then


CHECKS = [check_changes, check_revisions, check_valid_replay, check_knowledge_replay]


@settings(max_examples=40, deadline=None)
@given(asked())
def test_changes_are_what_both_instants_say(made: Asked) -> None:
    check_changes(made)


@settings(max_examples=15, deadline=None)
@given(asked())
def test_revisions_are_what_both_positions_say_and_name_the_events_that_changed_it(made: Asked) -> None:
    check_revisions(made)


@settings(max_examples=25, deadline=None)
@given(asked())
def test_the_folded_replay_of_the_world_is_the_map_at_every_instant(made: Asked) -> None:
    check_valid_replay(made)


@settings(max_examples=15, deadline=None)
@given(asked())
def test_the_folded_replay_of_knowledge_is_the_map_at_every_position(made: Asked) -> None:
    check_knowledge_replay(made)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("seed", range(3))
def test_the_same_holds_on_long_logs(check: Any, seed: int) -> None:
    check(thrown(seed))


@settings(max_examples=40, deadline=None)
@given(asked())
def test_lenses_disagree_where_their_answers_do(made: Asked) -> None:
    log, question, _, _ = made
    policies = {name: policy({"lens": name}) for name in ("strict", "everything")}
    control = project(log).control
    found = {
        each.place: each
        for each in done(disagreements(control, policies, view(question), question.known_at, question.at))
    }
    maps = {
        name: the_map(log, question._replace(policy={"lens": name}), question.at, question.known_at)
        for name in policies
    }
    assert set(found) == {
        place for place in maps["strict"] if shown(maps["strict"][place]) != shown(maps["everything"][place])
    }
    for place, each in found.items():
        assert {name: plain(answer) for name, answer in each.answers.items()} == {
            name: answers[place] for name, answers in maps.items()
        }


def test_only_the_places_wanted_are_looked_at() -> None:
    log = random_log(random.Random(1), 60)
    control = project(log).control
    places = sorted(control.settlements(len(log)).places)
    looked = done(Picture(View(places=frozenset(places[:1]))).look(control.inquire(60, View().policy), BEGIN, places))
    assert [answer.place for answer in looked] == places[:1]
