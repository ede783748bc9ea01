"""A watch tells every change of an answer once, when it came, however often it is broken off and begun again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from chronologies import HOUR, START, Event, Question, logs, micro, questions, random_log, random_question, window_ends
from feeding import plain, project
from hypothesis import given, settings
from hypothesis import strategies as st
from test_replay import done, shown, the_map, view

from projections.picture import Frame
from projections.projections import Projections
from projections.watch import Watch

Moment = tuple[int, int]
"""A position of the log, and an instant."""


class Watched(NamedTuple):
    """A log, what is asked, between which moments it is watched, and the seed of the rest."""

    log: list[Event]
    question: Question
    begin: Moment
    end: Moment
    seed: int


def stays_until(log: Sequence[Event], position: int) -> int:
    """The last instant at which a position is the newest."""
    if position < len(log):
        return int(log[position]["recorded_at"]) - 1
    return int(max(micro(START) + 100 * HOUR, log[-1]["recorded_at"] + 30 * HOUR))


def comes_at(log: Sequence[Event], position: int) -> int:
    """When a position was recorded; of 0, some time before the first."""
    return int(log[position - 1]["recorded_at"]) if position else int(log[0]["recorded_at"]) - 40 * HOUR


def some_moment(rng: random.Random, log: Sequence[Event], first: int = 0) -> Moment:
    """A position, and mostly an instant at which it is the newest, or else the one it was recorded at."""
    position = rng.randint(first, len(log))
    start, last = comes_at(log, position), stays_until(log, position)
    return position, start if last < start or rng.random() < 0.4 else rng.randint(start, last)


def watched(log: list[Event], question: Question, seed: int) -> Watched:
    rng = random.Random(seed)
    begin = some_moment(rng, log)
    position, instant = some_moment(rng, log, begin[0])
    return Watched(log, question, begin, (position, max(begin[1], instant)), seed)


@st.composite
def watchings(draw: st.DrawFn) -> Watched:
    log = draw(logs())
    return watched(log, draw(questions(log)), draw(st.integers(0, 10_000)))


def thrown(seed: int) -> Watched:
    """One that is recorded while it happens, watched from early on."""
    rng = random.Random(seed)
    log = random_log(rng, 80)
    while log[0]["recorded_at"] > micro(START):
        log = random_log(rng, 80)
    begin = some_moment(rng, log[:20])
    return Watched(log, random_question(rng, log), begin, (80, stays_until(log, 80)), seed)


def watch(known: Projections, made: Watched, begin: Moment, fixed: int | None = None) -> Watch:
    known_at, at = begin
    found = Watch(
        known.control,
        known.outline,
        view(made.question),
        known_at,
        at if fixed is None else fixed,
        fixed=fixed is not None,
    )
    assert done(found.begin()) == []
    return found


def moment_of(log: Sequence[Event], frame: Frame) -> Moment:
    """Where to go on after a frame: at an event when that was recorded, else at the instant that had come."""
    return frame.known_at, frame.at if frame.line is None else comes_at(log, frame.known_at)


def hops(rng: random.Random, made: Watched) -> list[Moment]:
    """Moments on the way to the end; of some the log is ahead of the instant, as it is when the clock is behind."""
    way = sorted(some_moment(rng, made.log, made.begin[0]) for _ in range(rng.randrange(5)))
    between = [(p, t - rng.choice([0, 0, 3 * HOUR])) for p, t in way if made.begin <= (p, t) <= made.end]
    return [*between, made.end]


def moments(rng: random.Random, made: Watched) -> list[Moment]:
    """Moments that the watch went through, most of them where something can change."""
    ends = window_ends(made.log)
    found = []
    for position in range(made.begin[0], made.end[0] + 1):
        first = max(comes_at(made.log, position), made.begin[1]) if position == made.begin[0] else None
        start = comes_at(made.log, position) if first is None else first
        last = made.end[1] if position == made.end[0] else stays_until(made.log, position)
        turns = {t + by for t in ends for by in (-1, 0) if start <= t + by <= last}
        if start <= last:
            found += [(position, t) for t in {start, last, *rng.sample(sorted(turns), min(4, len(turns)))}]
    return [*rng.sample(found, min(25, len(found))), max(made.end, made.begin)]


def maps(made: Watched, moment: Moment) -> dict[str, Any]:
    known_at, at = moment
    return the_map(made.log, made.question, at, known_at)


def check_told(made: Watched, frames: Sequence[Frame], through: Sequence[Moment], fixed: int | None = None) -> None:
    """Each frame is what the second reading says, and new; what was said last of each place is so at every moment."""
    begin = (made.begin[0], made.begin[1] if fixed is None else fixed)
    said = {place: shown(answer) for place, answer in maps(made, begin).items()}
    states: list[tuple[Moment, dict[str, Any]]] = [(made.begin, dict(said))]
    for frame in frames:
        then = maps(made, (frame.known_at, frame.at))
        assert frame.answers
        for answer in frame.answers:
            assert plain(answer) == then[answer.place]
            assert said.get(answer.place) != shown(plain(answer)), "this was said before"
            said[answer.place] = shown(plain(answer))
        states.append(((frame.known_at, moment_of(made.log, frame)[1]), dict(said)))
    for position, instant in through:
        known = [state for moment, state in states if moment <= (position, instant)][-1]
        at = instant if fixed is None else fixed
        assert known == {place: shown(answer) for place, answer in maps(made, (position, at)).items()}


def check(made: Watched) -> None:
    rng = random.Random(made.seed)
    known = project(made.log)
    frames = done(watch(known, made, made.begin).advance(*made.end))
    places = [(frame.known_at, frame.at) for frame in frames]
    assert places == sorted(set(places))
    check_told(made, frames, moments(rng, made))
    hopping = watch(known, made, made.begin)
    assert [frame for hop in hops(rng, made) for frame in done(hopping.advance(*hop))] == frames
    for i in rng.sample(range(len(frames)), min(4, len(frames))):
        again = watch(known, made, moment_of(made.log, frames[i]))
        assert done(again.advance(*made.end)) == frames[i + 1 :]


def check_fixed(made: Watched) -> None:
    rng = random.Random(made.seed)
    known = project(made.log)
    at = made.question.at
    frames = done(watch(known, made, made.begin, fixed=at).advance(*made.end))
    assert all(frame.at == at and frame.line is not None for frame in frames)
    through = [(position, comes_at(made.log, position)) for position in range(made.begin[0] + 1, made.end[0] + 1)]
    check_told(made, frames, rng.sample(through, min(15, len(through))) + through[-1:], fixed=at)
    for frame in rng.sample(frames, min(3, len(frames))):
        again = watch(known, made, moment_of(made.log, frame), fixed=at)
        assert done(again.advance(*made.end)) == frames[frames.index(frame) + 1 :]


@settings(max_examples=25, deadline=None)
@given(watchings())
def test_every_change_is_told_once_when_it_came_and_from_any_frame_on(made: Watched) -> None:
    check(made)


@settings(max_examples=15, deadline=None)
@given(watchings())
def test_with_a_fixed_instant_only_events_change_what_is_told(made: Watched) -> None:
    check_fixed(made)


@pytest.mark.parametrize("seed", [*range(5), 10])  # in 10 a window ends as an event about another place comes in
def test_the_same_holds_on_long_logs(seed: int) -> None:
    check(thrown(seed))
    check_fixed(thrown(seed))


def test_long_logs_are_changed_by_events_and_by_time_alone() -> None:
    told = [
        frame
        for made in map(thrown, range(6))
        for frame in done(watch(project(made.log), made, made.begin).advance(*made.end))
    ]
    assert any(frame.line is None for frame in told)
    assert any(frame.line is not None for frame in told)


def test_only_the_next_turn_of_each_place_is_waited_for() -> None:
    """However often a place is touched: a watch that is open for weeks must not grow."""
    made = thrown(3)
    known = project(made.log)
    long = watch(known, made, (0, comes_at(made.log, 0)))
    done(long.advance(len(made.log), made.log[0]["recorded_at"]))
    assert len(long._due) <= 2 * len(known.control.settlements(len(made.log)).places)
