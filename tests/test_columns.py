"""What the reports say, in columns, is what it is said plainly: an object for each report, told event by event."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from chronologies import counted_claim, logs, random_log
from feeding import record
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_projections import PlainControl, PlainTallies

from domain.events import OF_REPORTS, Recorded
from domain.policy import LENSES, Policy
from event_store.codec import encode
from event_store.entry import Row
from event_store.gist import Gists
from projections.projections import Projections

POLICIES = [*LENSES.values(), Policy(exclude_sources=frozenset({"s0"})), Policy(published_by=1_733_000_000_000_000)]


def rows(events: Sequence[Recorded]) -> list[Row]:
    """As they stand in the store."""
    return [(each.position, each.recorded_at, each.version, *encode(each.event)) for each in events]


def followed(events: Sequence[Recorded], cuts: Sequence[int] = ()) -> Projections:
    """Read from their rows, in runs that end at the cuts."""
    found = Projections()
    for cut in [*sorted(cuts), len(events)]:
        found.apply(Gists(rows(events), 0)[found.position : max(cut, found.position)])
    return found


def compare(events: Sequence[Recorded], found: Projections) -> None:
    """At every knowledge time, everything that is asked of them."""
    control, tallies = PlainControl(), PlainTallies()
    for each in events:
        control.apply(each)
        tallies.apply(each)
    tellings = found.tellings
    assert set(tellings.statements.places) == set(control.about)
    for place, ids in control.about.items():
        assert [tellings.ids[report] for report in tellings.reports_about(place)] == [*ids]
        for known_at in range(len(events) + 1):
            assert [*found.control.accounts(place, known_at)] == [*control.accounts(place, known_at)]
            after = [each for each in control.noted[place] if each[0] > known_at]
            assert [
                (position, tellings.ids[report]) for position, report in tellings.changes_about(place, known_at)
            ] == after
    for id, told in control.reports.items():
        again = tellings.told(id)
        assert again is not None
        for known_at in range(len(events) + 1):
            assert again.statements(known_at) == told.statements(known_at)
    for policy in POLICIES:
        for known_at in range(len(events) + 1):
            mentions = [each for each in found.tallies.mentions(known_at, policy) if each is not None]
            assert sorted(map(repr, mentions)) == sorted(map(repr, tallies.mentions(known_at, policy)))
    for each in events:
        line = found.outline.line(each.position)
        assert (line.recorded_at, line.type, line.id) == (
            each.recorded_at,
            type(each.event),
            each.stream.partition(":")[2],
        )


def digests(found: Projections) -> dict[str, str]:
    return {name: projection.digest() for name, projection in found.all.items()}


@settings(max_examples=40, deadline=None)
@given(logs(), st.lists(st.integers(0, 40), max_size=4))
def test_columns_say_what_is_said_plainly(log: list[dict[str, Any]], cuts: list[int]) -> None:
    events = record(log)
    compare(events, followed(events, cuts))


@settings(max_examples=40, deadline=None)
@given(logs(claim=counted_claim), st.lists(st.integers(0, 40), max_size=4))
def test_so_they_do_of_what_is_counted(log: list[dict[str, Any]], cuts: list[int]) -> None:
    events = record(log)
    compare(events, followed(events, cuts))


@pytest.mark.parametrize("seed", range(4))
def test_so_they_do_for_a_long_log(seed: int) -> None:
    events = record(random_log(random.Random(seed), 90))
    compare(events, followed(events))


@settings(max_examples=40, deadline=None)
@given(logs(), st.lists(st.integers(0, 40), max_size=4))
def test_events_and_their_gists_leave_the_same_however_they_come(log: list[dict[str, Any]], cuts: list[int]) -> None:
    events = record(log)
    one_by_one = Projections()
    for each in events:
        one_by_one.apply([each])
    at_once = Projections()
    at_once.apply(events)
    assert digests(one_by_one) == digests(at_once) == digests(followed(events, cuts))


@settings(max_examples=30, deadline=None)
@given(logs(min_events=10))
def test_an_event_that_cannot_follow_is_named_and_what_stood_before_it_stands(log: list[dict[str, Any]]) -> None:
    events = record(log)
    strangers = [each for each in events if isinstance(each.event, OF_REPORTS) and each.version > 1]
    for stranger in strangers:
        orphaned = [each for each in events[: stranger.position - 1] if each.stream != stranger.stream]
        found = Projections()
        again = [Recorded(i, *_rest(each)) for i, each in enumerate([*orphaned, stranger], start=1)]
        with pytest.raises(ValueError, match=f"event at position {len(again)} can't be projected"):
            found.apply(again)
        assert found.position == len(again) - 1
        before = Projections()
        before.apply(again[:-1])
        assert {**digests(found), "outline": ""} == {**digests(before), "outline": ""}


def _rest(recorded: Recorded) -> tuple[Any, ...]:
    return recorded.recorded_at, recorded.stream, recorded.version, recorded.event


def test_every_part_has_a_name_of_its_own() -> None:
    """What is written under one name would be lost under another's."""
    tellings = Projections().tellings
    parts = [tellings.statements.parts(), tellings.mentions.parts(), tellings.changes.parts()]
    assert [len(each) for each in parts] == [10, 12, 7]
    assert len(tellings.parts()) == 29 + 4 + 3 + 3
