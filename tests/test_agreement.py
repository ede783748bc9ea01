"""The service and the second reading of control.md give the same answers, and both keep what §7 promises."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
import second_reading
from chronologies import HOUR, START, Event, Question, logs, micro, questions, random_log, random_question
from feeding import plain, plain_segment, policy, project
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.control.inquiry import Inquiry

Answer = dict[str, Any]
Parts = Mapping[str, Any]

BEGIN = micro(START)
ZONES = ["UTC", "Asia/Damascus", "America/Sao_Paulo", "Pacific/Apia"]
SHOWN = ("status", "holders", "parties", "challenger", "before", "after")
REPORTS = ("report", "correction", "assessment", "retraction")
LONG = [(seed, 200 + 30 * seed) for seed in range(4)]


def inquiry(log: Sequence[Event], known_at: int, parts: Parts, timezone: str = "UTC") -> Inquiry:
    return project(log, timezone).control.inquire(known_at, policy(parts))


def answer(log: Sequence[Event], question: Question) -> Answer:
    place, at, known_at, parts, by_side = question
    return plain(inquiry(log, known_at, parts).control(place, at, by_side=by_side))


def newest(log: Sequence[Event], question: Question) -> Answer:
    """The answer to a question by all that the log says."""
    return answer(log, question._replace(known_at=len(log)))


def numbered(events: Sequence[Event]) -> list[Event]:
    """The same events at the positions 1, 2, 3, …; each keeps when it was recorded, which ends what is open."""
    return [{**each, "position": position} for position, each in enumerate(events, start=1)]


def added(log: Sequence[Event], what: str, target: str, body: dict[str, Any]) -> list[Event]:
    """The log and one more event."""
    more = {"recorded_at": log[-1]["recorded_at"] + HOUR, "type": what, "id": target, "body": body}
    return numbered([*log, more])


def standing(log: Sequence[Event]) -> list[str]:
    """The reports that are not retracted."""
    retracted = {each["id"] for each in log if each["type"] == "retraction"}
    return [each["id"] for each in log if each["type"] == "report" and each["id"] not in retracted]


def shown(found: Answer) -> Answer:
    return {field: found[field] for field in SHOWN}


@st.composite
def asked(draw: st.DrawFn, change: Callable[[list[Event]], list[Event]] = list) -> tuple[list[Event], Question]:
    """A log, perhaps changed, and a question about it."""
    log = change(draw(logs()))
    return log, draw(questions(log))


# ---------------------------------------------------------------------------------------------------------------
# The second reading
# ---------------------------------------------------------------------------------------------------------------


@settings(max_examples=250)
@given(asked(), st.sampled_from(ZONES))
def test_an_answer_is_that_of_the_second_reading(made: tuple[list[Event], Question], zone: str) -> None:
    log, (place, at, known_at, parts, by_side) = made
    found = plain(inquiry(log, known_at, parts, zone).control(place, at, by_side=by_side))
    assert found == second_reading.control(log, place, at, known_at, parts, by_side, zone)


@settings(max_examples=80)
@given(asked(), st.sampled_from(ZONES))
def test_a_timeline_is_that_of_the_second_reading(made: tuple[list[Event], Question], zone: str) -> None:
    log, (place, now, known_at, parts, by_side) = made
    found = inquiry(log, known_at, parts, zone).timeline(place, now, by_side=by_side)
    second = second_reading.timeline(log, place, known_at, parts, by_side, zone, now)
    assert [plain_segment(each) for each in found] == second


@pytest.mark.parametrize(("seed", "events"), LONG)
def test_a_long_log_is_read_as_the_second_reading_reads_it(seed: int, events: int) -> None:
    rng = random.Random(seed)
    log = random_log(rng, events)
    control = project(log).control
    for _ in range(40):
        place, at, known_at, parts, by_side = random_question(rng, log)
        found = plain(control.inquire(known_at, policy(parts)).control(place, at, by_side=by_side))
        assert found == second_reading.control(log, place, at, known_at, parts, by_side)


@pytest.mark.parametrize("seed", range(3))
def test_a_timeline_of_a_long_log_is_that_of_the_second_reading(seed: int) -> None:
    rng = random.Random(seed)
    log = random_log(rng, 200)
    place, now, known_at, parts, by_side = random_question(rng, log)
    found = inquiry(log, known_at, parts).timeline(place, now, by_side=by_side)
    second = second_reading.timeline(log, place, known_at, parts, by_side, "UTC", now)
    assert [plain_segment(each) for each in found] == second


def test_a_timestamp_means_every_event_recorded_by_then() -> None:
    for seed in range(10):
        log = random_log(random.Random(seed), 60)
        outline = project(log).outline
        for instant in {each["recorded_at"] + aside for each in log for aside in (-1, 0, 1)}:
            assert outline.position_at(instant) == second_reading.position_at(log, instant)


# ---------------------------------------------------------------------------------------------------------------
# §7: what must always be true
# ---------------------------------------------------------------------------------------------------------------


@settings(max_examples=80)
@given(asked())
def test_the_timeline_shows_what_the_answer_shows(made: tuple[list[Event], Question]) -> None:
    log, (place, at, known_at, parts, by_side) = made
    known = inquiry(log, known_at, parts)
    segments = known.timeline(place, at, by_side=by_side)
    here = [each for each in segments if each.start <= at and (each.end is None or at < each.end)]
    found = known.control(place, at, by_side=by_side)
    assert len(here) == (0 if not segments or at < segments[0].start else 1)
    if here:
        assert here[0].answer.joins_by == found.joins_by
    else:
        assert found.is_unknown


@settings(max_examples=60)
@given(asked())
def test_a_timeline_has_no_gaps_and_no_two_neighbours_alike(made: tuple[list[Event], Question]) -> None:
    log, (place, at, known_at, parts, by_side) = made
    segments = inquiry(log, known_at, parts).timeline(place, at, by_side=by_side)
    for one, next_one in pairwise(segments):
        assert one.end == next_one.start > one.start
        assert one.answer.joins_by != next_one.answer.joins_by
    if segments:
        assert segments[-1].end is None
        assert not segments[0].answer.is_unknown


@settings(max_examples=80)
@given(asked())
def test_what_was_known_is_what_a_service_fed_only_that_would_say(made: tuple[list[Event], Question]) -> None:
    log, question = made
    place, at, known_at, parts, by_side = question
    fed = inquiry(log[:known_at], known_at, parts)
    assert answer(log, question) == plain(fed.control(place, at, by_side=by_side))
    known = inquiry(log, known_at, parts)
    assert known.timeline(place, at, by_side=by_side) == fed.timeline(place, at, by_side=by_side)


def closed(log: Sequence[Event]) -> list[Event]:
    """The log without open ends (which end at their recording): each is its first end alone."""

    def closing(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: closing(each) for key, each in value.items()}
        if isinstance(value, list):
            return [closing(each) for each in value]
        if isinstance(value, str) and value.endswith("/.."):
            return value.removesuffix("/..")
        return value[1:-3] if isinstance(value, str) and value.endswith("..]") else value

    return [{**each, "body": closing(each["body"])} for each in log]


def shuffled(log: Sequence[Event], rng: random.Random) -> list[Event]:
    """Registrations first, as they were; then the reports in another order, what happened to each in its own."""
    registered = [each for each in log if each["type"] not in REPORTS]
    filed = [each for each in log if each["type"] in REPORTS]
    order = [each["id"] for each in filed]
    rng.shuffle(order)
    left = {id: iter([each for each in filed if each["id"] == id]) for id in order}
    moved = registered + [next(left[id]) for id in order]
    times = [each["recorded_at"] for each in log]
    return [
        {**each, "position": position, "recorded_at": at}
        for position, (each, at) in enumerate(zip(moved, times, strict=True), start=1)
    ]


@settings(max_examples=80)
@given(asked(closed), st.integers(0, 2**32))
def test_the_same_reports_filed_in_another_order_give_the_same_answers(
    made: tuple[list[Event], Question], seed: int
) -> None:
    log, question = made
    other = shuffled(log, random.Random(seed))
    assert newest(log, question) == newest(other, question)
    place, now, _, parts, by_side = question
    one, two = inquiry(log, len(log), parts), inquiry(other, len(log), parts)
    assert one.timeline(place, now, by_side=by_side) == two.timeline(place, now, by_side=by_side)


@settings(max_examples=80)
@given(asked(), st.data())
def test_a_retracted_report_leaves_no_trace_later_and_every_trace_earlier(
    made: tuple[list[Event], Question], data: st.DataObject
) -> None:
    log, question = made
    reports = standing(log)
    assume(reports)
    report = data.draw(st.sampled_from(reports))
    retracted = added(log, "retraction", report, {"reason": "mistaken"})
    never = numbered([each for each in log if each["type"] not in REPORTS or each["id"] != report])
    assert newest(retracted, question) == newest(never, question)
    assert answer(retracted, question) == answer(log, question)


def copied(log: Sequence[Event], report: str, **changes: Any) -> list[Event]:
    """The log and one more report, which says what another did when it was filed, but for the changes."""
    body = next(each["body"] for each in log if each["type"] == "report" and each["id"] == report)
    return closed(added(log, "report", "copy", {**body, "id": "copy", **changes}))


def place_of(log: Sequence[Event], report: str) -> str | None:
    """A place that a report makes a control claim about."""
    body = next(each["body"] for each in log if each["type"] == "report" and each["id"] == report)
    return next((claim["place"] for claim in body["claims"] if claim["kind"] == "control"), None)


@settings(max_examples=80)
@given(asked(closed), st.data())
def test_a_report_that_is_graded_too_low_changes_nothing_but_unconfirmed(
    made: tuple[list[Event], Question], data: st.DataObject
) -> None:
    log, question = made
    reports = standing(log)
    assume(reports)
    report = data.draw(st.sampled_from(reports))
    parts = {**question.policy, "min_credibility": data.draw(st.sampled_from(["improbable", "possible", "confirmed"]))}
    question = question._replace(policy=parts, place=place_of(log, report) or question.place)
    before, after = newest(log, question), newest(copied(log, report, credibility="unverified"), question)
    assert {**after, "unconfirmed": before["unconfirmed"]} == before
    assert set(after["unconfirmed"]) - {"copy"} == set(before["unconfirmed"])


@settings(max_examples=80)
@given(asked(closed), st.data())
def test_a_report_whose_sources_are_all_struck_changes_nothing(
    made: tuple[list[Event], Question], data: st.DataObject
) -> None:
    log, question = made
    reports = standing(log)
    assume(reports)
    report = data.draw(st.sampled_from(reports))
    parts: Parts = data.draw(
        st.sampled_from([{"exclude_sources": ["s1", "s2"]}, {"sources": ["s3"]}, {"published_by": BEGIN + 24 * HOUR}])
    )
    question = question._replace(policy={**question.policy, **parts}, place=place_of(log, report) or question.place)
    sources = [{"source": "s1", "origin": "s3"}, {"source": "s2"}]
    with_copy = copied(log, report, sources=sources, credibility="confirmed")
    assert newest(with_copy, question) == newest(log, question)


@settings(max_examples=60)
@given(asked())
def test_a_place_that_is_not_known_yet_has_no_answer(made: tuple[list[Event], Question]) -> None:
    log, question = made
    known = next(each["position"] for each in log if each["type"] == "place" and each["id"] == question.place)
    with pytest.raises(KeyError):
        answer(log, question._replace(known_at=known - 1))


@settings(max_examples=60)
@given(asked())
def test_by_side_changes_only_the_forces_shown_and_what_they_show_as_changing(
    made: tuple[list[Event], Question],
) -> None:
    log, question = made
    plainly, by_side = (answer(log, question._replace(by_side=by_side)) for by_side in (False, True))
    apart = {*SHOWN, "since"} if plainly["status"] == "changing" else {*SHOWN}
    assert {field for field in plainly if plainly[field] != by_side[field]} <= apart
    if plainly["status"] != "changing":
        assert plainly["status"] == by_side["status"]
