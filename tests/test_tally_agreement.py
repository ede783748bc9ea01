"""The service and the second reading of docs/tallies.md give the same tallies, and both keep what is promised there."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import second_tally
from chronologies import (
    HOUR,
    START,
    Event,
    RandomDie,
    begin,
    counted_claim,
    happening,
    logs,
    micro,
    opening,
    policies,
)
from feeding import policy, project
from hypothesis import given, settings
from hypothesis import strategies as st
from second_tally import Asked
from test_agreement import closed, shuffled

from domain.faults import Wrong
from domain.tally.calendar import Calendar, Unit
from domain.tally.mention import Measure
from domain.tally.stretch import Stretch
from domain.tally.tallying import EVER, MOST_ROWS
from domain.tally.tallying import Asked as ServiceAsked
from domain.when.zone import Zone
from projections.projections import Projections
from service.tallies import Tally, Wanted, rows

ZONES = ["UTC", "Asia/Damascus", "America/Sao_Paulo", "Pacific/Apia"]
GROUPS: list[tuple[str, ...]] = [
    (), ("side",), ("place",), ("side", "place"), ("month",), ("side", "week"), ("place", "month"), ("day",),
    ("day", "side"), ("year", "place", "side"), ("week",),
]  # fmt: skip
BEGIN = micro(START)
YEAR = (BEGIN - 330 * 24 * HOUR, BEGIN + 400 * 24 * HOUR)
DAYS = (BEGIN - 24 * HOUR, BEGIN + 4 * 24 * HOUR)

Row = dict[str, Any]


def plain(tally: Tally, fields: Sequence[str]) -> Row:
    """A row in the form of the second reading."""
    row: Row = {}
    for field in fields:
        value = getattr(tally.group, field)
        row[field] = (value.start, value.until) if isinstance(value, Stretch) else value
    for measure in Measure:
        total = tally.totals.get(measure)
        row[measure.value] = total and {
            "low": total.low,
            "best": total.best,
            "high": total.high,
            "happenings": total.happenings,
            "conflicts": sorted(total.conflicts),
            "reports": total.reports,
        }
    return row


def ask(
    projections: Projections, known_at: int, parts: Mapping[str, Any], asked: Asked, timezone: str = "UTC"
) -> list[Row]:
    unit = next((Unit(each) for each in asked.group if each in [unit.value for unit in Unit]), None)
    fields = tuple("period" if each == unit else each for each in asked.group)
    during = EVER if asked.during == Asked().during else Stretch(int(asked.during[0]), int(asked.during[1]))
    wanted = ServiceAsked(
        during,
        asked.place,
        asked.force,
        asked.event,
        "side" in asked.group,
        "place" in asked.group,
        None if unit is None else Calendar(Zone(timezone), unit),
    )
    found = rows(projections, policy(parts), known_at, Wanted(wanted, fields))
    return [plain(each, fields) for each in found if each is not None]


def comparable(row: Row) -> str:
    return repr(sorted(row.items(), key=lambda item: item[0]))


@st.composite
def asked(draw: st.DrawFn) -> tuple[list[Event], int, dict[str, Any], Asked]:
    """A log, a position of it, a policy and what is asked."""
    log = draw(logs(claim=counted_claim))
    known_at = draw(st.sampled_from([len(log), len(log), len(log) // 2, len(log) * 3 // 4]))
    parts = draw(policies())
    group = draw(st.sampled_from(GROUPS))
    during: tuple[float, float]
    if "day" in group:
        during = DAYS
    elif any(each in group for each in ("week", "month", "year")):
        during = draw(st.sampled_from([YEAR, DAYS, (BEGIN, BEGIN + 1), (BEGIN + 30 * HOUR, BEGIN + 31 * HOUR)]))
    else:
        during = draw(st.sampled_from([Asked().during, DAYS, (BEGIN + 24 * HOUR, BEGIN + 48 * HOUR + 1)]))
    places = [event["id"] for event in log if event["type"] == "place"]
    forces = [event["id"] for event in log if event["type"] == "force"]
    return (
        log,
        known_at,
        parts,
        Asked(
            during,
            draw(st.sampled_from([None, None, *places[:3]])),
            draw(st.sampled_from([None, None, *forces[:3]])),
            draw(st.sampled_from([None, None, None, "the-fall", "the-raid"])),
            group,
        ),
    )


Made = tuple[list[Event], int, dict[str, Any], Asked]


@settings(max_examples=300)
@given(asked(), st.sampled_from(ZONES))
def test_tallies_are_those_of_the_second_reading(made: Made, timezone: str) -> None:
    log, known_at, parts, what = made
    found = ask(project(log, timezone), known_at, parts, what, timezone)
    second = second_tally.tallies(log, known_at, parts, timezone, what)
    assert sorted(map(comparable, found)) == sorted(map(comparable, second))


@settings(max_examples=100)
@given(asked())
def test_what_was_known_is_what_a_service_fed_only_that_would_say(made: Made) -> None:
    log, known_at, parts, what = made
    fed = project(log[:known_at])
    assert ask(project(log), known_at, parts, what) == ask(fed, known_at, parts, what)


def without_best(found: list[Row]) -> list[Row]:
    """Where two reports of one grade name different bests, the newest recorded has the word: that is order."""
    for row in found:
        for measure in Measure:
            if row[measure.value] is not None:
                del row[measure.value]["best"]
    return found


@settings(max_examples=100)
@given(asked(), st.integers(0, 2**32))
def test_the_same_reports_filed_in_another_order_give_the_same_tallies(made: Made, seed: int) -> None:
    log, _, parts, what = made
    log = closed(log)
    other = shuffled(log, random.Random(seed))
    one, two = (ask(project(each), len(log), parts, what) for each in (log, other))
    assert without_best(one) == without_best(two)


@settings(max_examples=100)
@given(asked(), st.sampled_from(ZONES))
def test_bounds_are_in_order_and_periods_add_up_to_the_bests_of_the_whole(made: Made, timezone: str) -> None:
    log, known_at, parts, what = made
    projections = project(log, timezone)
    for row in ask(projections, known_at, parts, what, timezone):
        for total in filter(None, (row[measure.value] for measure in Measure)):
            assert total["low"] <= total["best"]
            assert total["high"] is None or total["best"] <= total["high"]
    during = (YEAR[0] - 400 * 24 * HOUR, YEAR[1] + 400 * 24 * HOUR)
    whole = ask(projections, known_at, parts, Asked(during), timezone)
    months = ask(projections, known_at, parts, Asked(during, group=("month",)), timezone)
    for measure in Measure:
        bests = [row[measure.value]["best"] for row in months if row[measure.value]]
        assert sum(bests) == sum(row[measure.value]["best"] for row in whole if row[measure.value])


def test_the_made_up_chronologies_have_what_the_rules_are_about() -> None:
    seen = {"conflict": 0, "open": 0, "several": 0, "possible": 0}
    for seed in range(40):
        log = long_log(seed)
        found = ask(project(log), len(log), {"lens": "everything"}, Asked(group=("side",)))
        totals = [row[measure.value] for row in found for measure in Measure if row[measure.value]]
        seen["conflict"] += sum(bool(total["conflicts"]) for total in totals)
        seen["open"] += sum(total["high"] is None for total in totals)
        seen["several"] += sum(total["happenings"] < len(total["reports"]) for total in totals)
        seen["possible"] += sum(total["low"] < total["best"] for total in totals)
    assert min(seen.values()) > 10, seen


def long_log(seed: int) -> list[Event]:
    die = RandomDie(random.Random(seed))
    assembly = begin(die)
    for recipe in opening(die):
        assembly.add(recipe)
    for _ in range(60):
        assembly.add(happening(die, counted_claim))
    return assembly.events


@pytest.mark.parametrize("seed", range(6))
def test_a_long_log_is_tallied_as_the_second_reading_does(seed: int) -> None:
    log = long_log(seed)
    projections = project(log)
    for group in GROUPS[:6]:
        what = Asked(YEAR, group=group)
        found = ask(projections, len(log), {"lens": "everything"}, what)
        second = second_tally.tallies(log, len(log), {"lens": "everything"}, "UTC", what)
        assert sorted(map(comparable, found)) == sorted(map(comparable, second))
        assert len(found) <= MOST_ROWS


def test_periods_of_what_began_nobody_knows_when_are_refused_unless_they_are_bounded() -> None:
    log = [
        {"position": 1, "recorded_at": BEGIN, "type": "report", "id": "r", "body": {
            "id": "r", "text": "x", "occurred": "../2024-11-20", "claims": [{"kind": "strike", "places": []}]}},
    ]  # fmt: skip
    with pytest.raises(Wrong, match="`from` bounds them"):
        ask(project(log), 1, {}, Asked(group=("year",)))
    assert len(ask(project(log), 1, {}, Asked((BEGIN - 100 * 24 * HOUR, BEGIN), group=("year",)))) == 1
