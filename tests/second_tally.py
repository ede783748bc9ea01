"""A second reading of docs/tallies.md, as plainly and as slowly as it reads: for every row that could be, every
happening is asked whether it belongs. Tests hold the service to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from second_reading import (
    FOREVER,
    GRADES,
    Event,
    Time,
    World,
    chain,
    know,
    midnight,
    parse_occurred,
    read_policy,
    readings,
    reports,
    sources_left,
)

MEASURES = ("killed", "injured", "captured", "strikes", "clashes")
SURE, POSSIBLE, NONE = "sure", "possible", "none"
Span = tuple[Time, Time]  # from, until: the second is not in it
Row = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """A claim that counts."""

    report: str
    index: int
    position: int
    grade: int
    body: Mapping[str, Any]
    e: Time
    l: Time  # noqa: E741

    @property
    def forces(self) -> Sequence[str]:
        if self.body["kind"] == "casualties":
            return [self.body["of"]]
        return self.body.get("by" if self.body["kind"] == "strike" else "forces") or []

    @property
    def span(self) -> Span:
        return self.e, max(self.l, self.e + 1)

    def figure(self, measure: str) -> Mapping[str, int] | None:
        if measure == "clashes":
            return {"low": 1, "best": 1, "high": 1} if self.body["kind"] == "clash" else None
        if measure == "strikes":
            return (self.body.get("count") or {"low": 1}) if self.body["kind"] == "strike" else None
        return self.body.get(measure) if self.body["kind"] == "casualties" else None


@dataclass(frozen=True)
class Asked:
    during: Span = (-FOREVER, FOREVER)
    place: str | None = None
    force: str | None = None
    event: str | None = None
    group: Sequence[str] = ()


def said(log: Sequence[Event], known_at: int, policy: Mapping[str, Any], timezone: str) -> list[Said]:
    """Every casualties, strike and clash claim that counts."""
    events = [event for event in log if event["position"] <= known_at]
    rules = replace(read_policy(policy), against_interest=False)
    found = []
    for report in reports(events):
        filings = [e for e in events if e["id"] == report.id and e["type"] in ("report", "correction")]
        if report.grade > GRADES.index(rules.min_credibility) or sources_left(report, rules, timezone) is None:
            continue
        for index, body in enumerate(report.body["claims"]):
            if body["kind"] in ("casualties", "strike", "clash"):
                occurred = parse_occurred(body.get("occurred") or report.body["occurred"], timezone)
                window = occurred.window(report.recorded_at)
                position = filings[-1]["position"]
                found.append(Said(report.id, index, position, report.grade, body, window.earliest, window.latest))
    return found


def happenings(claims: Sequence[Said]) -> list[list[Said]]:
    events = sorted({c.body["event"] for c in claims if c.body.get("event")})
    together = [[c for c in claims if c.body.get("event") == event] for event in events]
    return together + [[c] for c in claims if not c.body.get("event")]


def when(happening: Sequence[Said]) -> Span:
    start, until = max(c.span[0] for c in happening), min(c.span[1] for c in happening)
    if start < until:
        return start, until
    return min(c.span[0] for c in happening), max(c.span[1] for c in happening)


def in_time(span: Span, period: Span) -> str:
    if span[1] <= period[0] or period[1] <= span[0]:
        return NONE
    return SURE if period[0] <= span[0] and span[1] <= period[1] else POSSIBLE


def some_or_all(those: Sequence[bool]) -> str:
    if not any(those):
        return NONE
    return SURE if all(those) else POSSIBLE


def in_place(world: World, happening: Sequence[Said], place: str) -> str:
    places = {place for c in happening for place in c.body.get("places") or []}
    return some_or_all([place in up(world, each) for each in places])


def up(world: World, place: str | None) -> list[str]:
    return [] if place is None else [place, *up(world, world.parents[place])]


def on_side(world: World, claims: Sequence[Said], measure: str, side: str | None) -> str:
    """Whether what these claims say of a measure is of a side; None is nobody knows whose."""
    sides = {chain(world, force, c.l)[-1] for c in claims for force in c.forces}
    if not sides:
        return SURE if side is None else NONE
    if side not in sides:
        return NONE
    return SURE if len(sides) == 1 or measure == "clashes" else POSSIBLE


def of_force(world: World, claims: Sequence[Said], measure: str, force: str | None) -> str:
    if force is None:
        return SURE
    those = [force in chain(world, each, c.l) for c in claims for each in c.forces]
    return SURE if measure == "clashes" and any(those) else some_or_all(those)


def united(claims: Sequence[Said], measure: str) -> tuple[int, int | None, float, bool]:
    """Low, best, high (infinite: open) and whether they conflict."""
    figures = [(c, c.figure(measure) or {}) for c in claims]
    lows = [f["low"] for _, f in figures]
    highs = [f.get("high", FOREVER) for _, f in figures]
    conflict = max(lows) > min(highs)
    low, high = (min(lows), max(highs)) if conflict else (max(lows), min(highs))
    named = [((c.grade, -c.position, c.index), f["best"]) for c, f in figures if "best" in f]
    best = min(named)[1] if named else None
    if low == high:
        best = low
    return low, best if best is not None and low <= best <= high else None, high, conflict


def shares(
    world: World, happening: Sequence[Said], measure: str, force: str | None
) -> list[tuple[Sequence[Said], str]]:
    """The claims about each thing that is counted, without those that stand under another; whether of the force."""
    about = [c for c in happening if c.figure(measure) is not None]
    things = {
        of: [c for c in about if c.body.get("of") == of] for of in sorted({c.body.get("of") or "" for c in about})
    }
    if measure in ("strikes", "clashes"):
        things = {"": about} if about else {}
    wanted = {of: those for of, those in things.items() if of_force(world, those, measure, force) != NONE}
    at = max(c.l for c in happening)
    return [
        (those, of_force(world, those, measure, force))
        for of, those in wanted.items()
        if not of or not any(above in wanted for above in chain(world, of, at)[1:])
    ]


def total(world: World, found: list[list[Said]], measure: str, row: Row, asked: Asked) -> Row | None:
    low, best, high, conflicts, many = 0, 0, 0.0, set(), 0
    keys: dict[str, tuple[Time, Time]] = {}
    for happening in found:
        span = when(happening)
        periods = [asked.during, *([row["period"]] if "period" in row else [])]
        time = [in_time(span, period) for period in periods]
        ends = all(start < span[1] <= until for start, until in periods)
        wheres = [asked.place, row.get("place")]
        where = [in_place(world, happening, place) for place in wheres if place is not None]
        event = happening[0].body.get("event")
        if NONE in time + where or (asked.event and asked.event != event):
            continue
        counted = False
        for claims, of_it in shares(world, happening, measure, asked.force):
            others = [of_it, *where, *([on_side(world, claims, measure, row["side"])] if "side" in row else [])]
            if NONE in others:
                continue
            counted = True
            figure = united(claims, measure)
            if POSSIBLE not in others + time:
                low += figure[0]
            if POSSIBLE not in others and (POSSIBLE not in time or ends):
                best += figure[0] if figure[1] is None else figure[1]
            high += figure[2]
            conflicts |= {event} if figure[3] else set()
            for c in claims:
                keys[c.report] = min((c.l, c.e), keys.get(c.report, (c.l, c.e)))
        many += counted
    if not many:
        return None
    ordered = sorted(keys, key=lambda report: (*keys[report], report))
    return {
        "low": low,
        "best": best,
        "high": None if high == FOREVER else int(high),
        "happenings": many,
        "conflicts": sorted(conflicts),
        "reports": ordered,
    }


def starts(unit: str) -> list[date]:
    """The first days of the periods that the made-up chronologies can touch, and of one more."""
    days = [date(2022, 12, 1) + timedelta(days=n) for n in range(1500)]
    if unit == "week":
        return [day for day in days if day.isoweekday() == 1]
    return [day for day in days if unit == "day" or (day.day == 1 and (unit == "month" or day.month == 1))]


@lru_cache(maxsize=20)
def periods(unit: str, timezone: str) -> list[Span]:
    begin = [readings(midnight(day.year, day.month, day.day), timezone).earliest for day in starts(unit)]
    return [(start, until) for start, until in pairwise(begin) if start < until]


def tallies(log: Sequence[Event], known_at: int, policy: Mapping[str, Any], timezone: str, asked: Asked) -> list[Row]:
    world = know(log, known_at, policy, timezone)
    found = happenings(said(log, known_at, policy, timezone))
    rows: list[Row] = [{}]
    for group in asked.group:
        if group == "side":
            named = {chain(world, force, c.l)[-1] for happening in found for c in happening for force in c.forces}
            rows = [{**row, "side": each} for row in rows for each in [*sorted(named), None]]
        elif group == "place":
            below = [p for p in sorted(world.parents) if asked.place is None or asked.place in up(world, p)]
            rows = [{**row, "place": each} for row in rows for each in below]
        else:
            inside = [each for each in periods(group, timezone) if in_time(each, asked.during) != NONE]
            rows = [{**row, "period": each} for row in rows for each in inside]
    full = [{**row, **{each: total(world, found, each, row, asked) for each in MEASURES}} for row in rows]
    return [row for row in full if any(row[measure] for measure in MEASURES)]
