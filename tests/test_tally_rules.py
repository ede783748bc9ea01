"""The rules of docs/tallies.md one by one, with small numbers: times are hours, `a` to `d` forces, A and B sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from domain.alignments import Alignment, Alignments
from domain.claims import Figure
from domain.credibility import Credibility
from domain.faults import Wrong
from domain.place import Place, PlaceKind
from domain.tally import tallying as tallying_module
from domain.tally.bounds import Bounds, Figures
from domain.tally.calendar import Calendar, Unit
from domain.tally.happening import Happenings
from domain.tally.mention import Measure, Mention
from domain.tally.stretch import Stretch, stretch
from domain.tally.tallying import Asked, Group, Tallying
from domain.tally.total import Total
from domain.when.instant import BEGINNING, DAY, END, HOUR, text
from domain.when.notation import read_instant
from domain.when.window import Window
from domain.when.zone import Zone

K, S, C = Measure.KILLED, Measure.STRIKES, Measure.CLASHES
PLACES = {
    id: Place(id, id, PlaceKind.TOWN, parent)
    for id, parent in (("land", None), ("town", "land"), ("quarter", "town"), ("port", "land"))
}
SIDES = [Alignment("a", "A", BEGINNING, END), Alignment("a1", "a", BEGINNING, END), Alignment("b", "B", BEGINNING, END)]


def said(
    measure: Measure = K,
    low: int = 1,
    high: int | None = None,
    best: int | None = None,
    *,
    of: str | None = "a",
    by: Sequence[str] | None = None,
    at: tuple[int, int] = (1, 1),
    event: str | None = None,
    places: Sequence[str] = (),
    report: str = "r1",
    grade: Credibility = Credibility.POSSIBLE,
    position: int = 1,
    index: int = 0,
) -> Mention:
    of = of if measure not in (S, C) else None
    forces = tuple(by if by is not None else [of] if of is not None else [])
    figures = ((measure, Figure(low, best, high)),)
    return Mention(report, index, position, grade, event, tuple(places), of, forces, figures, Window(*at))


def clash(*forces: str, **more: Any) -> Mention:
    return said(C, 1, 1, 1, by=forces, **more)


def tally(
    *mentions: Mention, aligned: Sequence[Alignment] = SIDES, **asked: Any
) -> Mapping[Group, Mapping[Measure, Total]]:
    alignments = Alignments(aligned)
    happenings, tallying = Happenings(), Tallying(Asked(**asked), PLACES, alignments)
    for mention in mentions:
        happenings.take(mention)
    for happening in filter(None, happenings.united(alignments)):
        for _ in tallying.add(happening):
            pass
    for totals in tallying.rows.values():
        for total in totals.values():
            for _ in total.ordered():
                pass
    return tallying.rows


def three(total: Total) -> tuple[int, int, int | None]:
    return total.low, total.best, total.high


def one(*mentions: Mention, measure: Measure = K, **asked: Any) -> Total:
    """The total of the only row."""
    ((_, totals),) = tally(*mentions, **asked).items()
    return totals[measure]


def by(field: str, *mentions: Mention, measure: Measure = K, **asked: Any) -> dict[Any, tuple[int, int, int | None]]:
    grouped = {"by_side": field == "side", "by_place": field == "place", **asked}
    found = tally(*mentions, **grouped)
    return {getattr(group, field): three(totals[measure]) for group, totals in found.items() if measure in totals}


# ---------------------------------------------------------------------------------------------------------------
# Figures for one thing
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "bounds"),
    [
        ([(2, None, 5)], Bounds(2, None, 5)),
        ([(2, 3, 5)], Bounds(2, 3, 5)),
        ([(2, None, None)], Bounds(2, None, None)),
        ([(7, None, 7)], Bounds(7, 7, 7)),
        ([(2, None, 5), (4, None, 8)], Bounds(4, None, 5)),
        ([(2, None, 5), (5, None, 8)], Bounds(5, 5, 5)),
        ([(2, None, None), (1, None, 4)], Bounds(2, None, 4)),
        ([(2, None, None), (3, None, None)], Bounds(3, None, None)),
        ([(2, None, 3), (5, None, 8)], Bounds(2, None, 8, conflict=True)),
        ([(2, 2, 3), (5, None, None)], Bounds(2, 2, None, conflict=True)),
        ([(1, None, 4), (3, None, 6), (5, None, 9)], Bounds(1, None, 9, conflict=True)),
        ([(0, None, 0)], Bounds(0, 0, 0)),
    ],
)
def test_figures_for_one_thing_are_what_they_have_in_common_or_else_all_they_span(
    figures: list[tuple[int, int | None, int | None]], bounds: Bounds
) -> None:
    for order in (figures, figures[::-1]):
        united = Figures()
        for low, best, high in order:
            united.add(Figure(low, best, high), (1, 1, 1))
        assert united.bounds() == bounds


def best_of(*figures: tuple[Figure, tuple[int, int, int]]) -> int | None:
    united = Figures()
    for figure, weight in figures:
        united.add(figure, weight)
    return united.bounds().best


def test_the_best_is_of_the_best_graded_report_that_names_one_and_then_of_the_newest() -> None:
    worse, better = (4, -9, 0), (2, -1, 0)
    assert best_of((Figure(1, 3, 9), worse), (Figure(1, 5, 9), better)) == 5
    assert best_of((Figure(1, 3, 9), worse), (Figure(1, None, 9), better)) == 3
    assert best_of((Figure(1, 3, 9), (3, -1, 0)), (Figure(1, 5, 9), (3, -2, 0))) == 5


def test_a_best_outside_the_bounds_is_none() -> None:
    assert best_of((Figure(1, 2, 9), (1, -1, 0)), (Figure(4, None, 6), (2, -1, 0))) is None
    assert best_of((Figure(1, 8, 9), (1, -1, 0)), (Figure(4, None, 6), (2, -1, 0))) is None


def test_where_low_is_high_the_best_is_that_whatever_is_named() -> None:
    assert best_of((Figure(1, 2, 5), (1, -1, 0)), (Figure(5, None, 9), (2, -1, 0))) == 5


# ---------------------------------------------------------------------------------------------------------------
# Happenings
# ---------------------------------------------------------------------------------------------------------------


def test_claims_with_the_same_event_are_of_one_happening_and_never_added() -> None:
    total = one(said(low=3, high=6, event="x", report="r1"), said(low=4, high=8, event="x", report="r2"))
    assert (three(total), total.happenings, total.reports) == ((4, 4, 6), 1, ["r1", "r2"])


def test_claims_without_an_event_are_each_a_happening_of_its_own_in_one_report_too() -> None:
    total = one(said(low=3, high=6), said(low=4, high=8, index=1))
    assert (three(total), total.happenings, total.reports) == ((7, 7, 14), 2, ["r1"])


def test_a_conflict_is_named_by_its_event() -> None:
    total = one(said(low=1, high=2, event="x"), said(low=5, high=6, event="x"), said(low=1, high=1, event="y"))
    assert (three(total), total.conflicts) == ((2, 2, 7), {"x"})


def test_different_forces_of_one_happening_are_added() -> None:
    total = one(said(low=1, high=2, of="a", event="x"), said(low=5, high=6, of="b", event="x"))
    assert (three(total), total.happenings, total.conflicts) == ((6, 6, 8), 1, set())


def test_the_figure_of_an_upper_force_stands_and_those_under_it_are_not_added() -> None:
    claims = [
        said(low=9, high=9, of="A", event="x"),
        said(low=5, of="a", event="x", report="r2"),
        said(low=3, of="a1", event="x"),
    ]
    total = one(*claims)
    assert (three(total), total.reports) == ((9, 9, 9), ["r1"])
    assert by("side", *claims) == {"A": (9, 9, 9)}
    assert three(one(*claims, force="a")) == (5, 5, None)
    assert three(one(*claims, force="a1")) == (3, 3, None)


def test_an_upper_force_s_figure_stands_for_its_own_measure_and_happening_only() -> None:
    found = tally(
        said(low=9, of="A", event="x"), said(Measure.INJURED, 5, of="a", event="x"), said(low=2, of="a", event="y")
    )
    assert {measure: total.low for measure, total in found[Group()].items()} == {K: 11, Measure.INJURED: 5}


def test_who_stands_under_whom_is_judged_at_the_time() -> None:
    until_3 = [Alignment("a", "A", BEGINNING, 3)]
    claims = [said(low=9, of="A", event="x", at=(1, 4)), said(low=5, of="a", event="x", at=(1, 4))]
    assert one(*claims, aligned=until_3).low == 14
    assert one(*claims).low == 9


@pytest.mark.parametrize(
    ("windows", "when"),
    [
        ([(1, 5)], (1, 5)),
        ([(3, 3)], (3, 4)),
        ([(1, 5), (3, 9)], (3, 5)),
        ([(1, 5), (4, 4)], (4, 5)),
        ([(1, 3), (3, 5)], (1, 5)),
        ([(1, 2), (5, 7), (1, 7)], (1, 7)),
        ([(BEGINNING, 2), (1, 7)], (1, 2)),
    ],
)
def test_a_happening_was_when_its_claims_windows_meet_or_else_somewhere_in_all_they_span(
    windows: list[tuple[int, int]], when: tuple[int, int]
) -> None:
    happenings = Happenings()
    for window in windows:
        happenings.take(said(at=window, event="x"))
    (happening,) = filter(None, happenings.united(Alignments()))
    assert happening.when == Stretch(*when)


# ---------------------------------------------------------------------------------------------------------------
# Belonging
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "total"),
    [
        ((4, 8), (2, 3, 5)),  # within
        ((5, 5), (2, 3, 5)),
        ((4, 4), (2, 3, 5)),  # both ends of what is asked about are in it
        ((8, 8), (2, 3, 5)),
        ((2, 6), (0, 3, 5)),  # its end is in it
        ((6, 10), (0, 0, 5)),  # its end is not
        ((2, 10), (0, 0, 5)),
        ((8, 10), (0, 0, 5)),  # it may have been at 8
        ((2, 4), None),  # it ends where that begins
        ((9, 10), None),
    ],
)
def test_what_possibly_was_in_the_time_adds_nothing_to_the_low_and_its_best_where_it_ended(
    at: tuple[int, int], total: tuple[int, int, int] | None
) -> None:
    found = tally(said(low=2, best=3, high=5, at=at), during=Stretch(4, 9))
    assert [three(row[K]) for row in found.values()] == ([] if total is None else [total])


def test_a_place_has_all_below_it_surely_where_all_the_places_are_and_else_possibly() -> None:
    claims = [said(low=2, high=3, places=["quarter", "town"]), said(low=4, high=4, places=["quarter", "port"])]
    assert by("place", *claims) == {"land": (6, 6, 7), "town": (2, 2, 7), "quarter": (0, 0, 7), "port": (0, 0, 4)}
    assert three(one(*claims, place="town")) == (2, 2, 7)
    assert by("place", *claims, place="town") == {"town": (2, 2, 7), "quarter": (0, 0, 7)}


def test_the_places_of_a_happening_are_those_of_all_its_claims() -> None:
    assert by("place", said(low=2, places=["town"], event="x"), clash("a", places=["port"], event="x")) == {
        "land": (2, 2, None), "town": (0, 0, None), "port": (0, 0, None),
    }  # fmt: skip


def test_what_was_nowhere_is_in_no_place_and_in_the_total() -> None:
    assert by("place", said(low=2)) == {}
    assert tally(said(low=2), place="land") == {}
    assert three(one(said(low=2))) == (2, 2, None)


def test_casualties_are_their_force_s_side_s_and_civilians_a_side_of_their_own() -> None:
    claims = [said(low=2, of="a1"), said(low=3, of="b"), said(low=5, of="civilians"), said(low=1, of="c")]
    assert by("side", *claims) == {
        "A": (2, 2, None), "B": (3, 3, None), "civilians": (5, 5, None), "c": (1, 1, None),
    }  # fmt: skip


def test_the_side_is_that_at_the_claim_s_latest() -> None:
    turned = [Alignment("a", "A", BEGINNING, 3), Alignment("a", "B", 3, END)]
    assert by("side", said(low=2, at=(1, 2)), aligned=turned) == {"A": (2, 2, None)}
    assert by("side", said(low=2, at=(1, 3)), aligned=turned) == {"B": (2, 2, None)}
    both = [said(low=2, at=(1, 2), event="x"), said(low=2, at=(1, 3), event="x")]
    assert by("side", *both, aligned=turned) == {"A": (0, 0, None), "B": (0, 0, None)}


def test_strikes_by_several_sides_are_possibly_of_each_and_by_nobody_knows_whom_of_none() -> None:
    claims = [said(S, 4, 6, by=["a", "b"]), said(S, 1, 1, by=["a", "a1"]), said(S, 2, 2, by=[])]
    assert by("side", *claims, measure=S) == {"A": (1, 1, 7), "B": (0, 0, 6), None: (2, 2, 2)}
    assert three(one(*claims, measure=S)) == (7, 7, 9)


def test_strikes_of_one_happening_are_one_figure_by_all_who_are_named() -> None:
    claims = [said(S, 4, 6, by=["a"], event="x"), said(S, 5, 9, by=["b"], event="x"), said(S, 1, by=[], event="x")]
    assert by("side", *claims, measure=S) == {"A": (0, 0, 6), "B": (0, 0, 6)}
    assert three(one(*claims, measure=S)) == (5, 5, 6)


def test_a_clash_is_surely_one_of_every_side_that_took_part() -> None:
    claims = [clash("a", "b"), clash("a", "a1", "c", event="x"), clash("b", event="x"), clash()]
    assert by("side", *claims, measure=C) == {"A": (2, 2, 2), "B": (2, 2, 2), "c": (1, 1, 1), None: (1, 1, 1)}
    assert three(one(*claims, measure=C)) == (3, 3, 3)


def test_a_force_has_all_that_are_aligned_under_it() -> None:
    claims = [
        said(low=2, of="a1"),
        said(low=3, of="b"),
        said(S, 4, 4, by=["a", "b"]),
        said(S, 1, 1, by=["a1"]),
        clash("a1", "b"),
    ]
    ((_, found),) = tally(*claims, force="a").items()
    assert {measure: three(total) for measure, total in found.items()} == {
        K: (2, 2, None), S: (1, 1, 5), C: (1, 1, 1),
    }  # fmt: skip


def test_an_event_is_asked_about_by_itself() -> None:
    assert three(one(said(low=2, event="x"), said(low=3), said(low=4, event="y"), event="x")) == (2, 2, None)


def test_reports_go_by_the_latest_and_the_earliest_of_what_brings_them_in_and_then_by_id() -> None:
    total = one(
        said(report="d", at=(1, 9)), said(report="c", at=(2, 5)), said(report="b", at=(1, 5)),
        said(report="a", at=(2, 5)), said(report="d", at=(0, 1), index=1),
    )  # fmt: skip
    assert total.reports == ["d", "b", "a", "c"]


def test_very_many_reports_are_put_in_order_too() -> None:
    many = [said(report=f"r{n}", at=(n * 7919 % 12_007, 20_000)) for n in range(12_000)]
    total = one(*many)
    assert total.reports == [each.report for each in sorted(many, key=lambda each: each.window.earliest)]


# ---------------------------------------------------------------------------------------------------------------
# Periods
# ---------------------------------------------------------------------------------------------------------------


def periods(unit: Unit, start: str, until: str, zone: str = "UTC") -> list[str]:
    during = Stretch(read_instant(start), read_instant(until))
    found = list(Calendar(Zone(zone), unit).periods(during))
    assert all(one.until == two.start for one, two in pairwise(found))
    return [text(each.start) for each in found] + [text(found[-1].until)]


@pytest.mark.parametrize(
    ("unit", "zone", "starts"),
    [
        (Unit.DAY, "UTC", ["2024-12-04T00:00:00Z", "2024-12-05T00:00:00Z", "2024-12-06T00:00:00Z"]),
        (Unit.DAY, "Asia/Damascus", ["2024-12-04T21:00:00Z", "2024-12-05T21:00:00Z"]),
        (Unit.WEEK, "UTC", ["2024-12-02T00:00:00Z", "2024-12-09T00:00:00Z"]),
        (Unit.MONTH, "UTC", ["2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z"]),
        (Unit.YEAR, "Asia/Damascus", ["2023-12-31T21:00:00Z", "2024-12-31T21:00:00Z"]),
    ],
)
def test_periods_go_by_the_clock_of_the_zone(unit: Unit, zone: str, starts: list[str]) -> None:
    assert periods(unit, "2024-12-04T21:30:00Z", "2024-12-05T03:00:00Z", zone) == starts


def test_a_day_whose_midnight_is_left_out_begins_after_the_gap_and_one_that_is_left_out_is_none() -> None:
    assert periods(Unit.DAY, "2018-11-04T12:00:00Z", "2018-11-04T13:00:00Z", "America/Sao_Paulo") == [
        "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z",
    ]  # fmt: skip
    assert periods(Unit.DAY, "2011-12-30T09:00:00Z", "2011-12-30T11:00:00Z", "Pacific/Apia") == [
        "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z",
    ]  # fmt: skip


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Apia", "America/New_York"])
def test_the_first_and_the_last_days_of_time_have_periods(unit: Unit, zone: str) -> None:
    for day in (date.min, date.max):
        start = (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY
        for noon in (start, start + 12 * HOUR, start + DAY - 1):
            found = list(Calendar(Zone(zone), unit).periods(Stretch(noon, noon + 1)))
            assert len(found) == 1 or (zone != "UTC" and not found)  # a local year 0 or 10000 has no days
            assert all(each.start <= noon < each.until for each in found)


def test_a_happening_is_possibly_in_each_of_the_periods_it_overlaps_and_its_best_in_the_last() -> None:
    days = Calendar(Zone("UTC"), Unit.DAY)
    claims = [said(low=2, best=3, high=4, at=(12 * HOUR, DAY + HOUR)), said(low=1, high=1, at=(DAY, 2 * DAY))]
    first, second = Stretch(0, DAY), Stretch(DAY, 2 * DAY)
    assert by("period", *claims, calendar=days) == {first: (0, 0, 4), second: (1, 4, 5)}
    assert by("period", *claims, calendar=days, during=Stretch(0, DAY)) == {first: (0, 0, 4)}


def test_a_tally_of_too_many_rows_is_refused_before_it_is_made() -> None:
    centuries = said(at=(-800 * 365 * DAY, 0))
    with pytest.raises(Wrong, match="more than 10,000 rows"):
        tally(centuries, calendar=Calendar(Zone("UTC"), Unit.DAY))
    assert len(tally(centuries, calendar=Calendar(Zone("UTC"), Unit.MONTH))) == pytest.approx(9600, abs=10)
    with pytest.raises(Wrong, match="`from` bounds them"):
        tally(said(at=(BEGINNING, 0)), calendar=Calendar(Zone("UTC"), Unit.YEAR))


def test_happenings_that_stand_in_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallying_module, "MOST_SPREAD", 5)
    days = Calendar(Zone("UTC"), Unit.DAY)
    tally(*[said(at=(0, 1)) for _ in range(9)], calendar=days)
    tally(*[said(at=(0, 2 * DAY)) for _ in range(5)], calendar=days)
    with pytest.raises(Wrong, match="happenings in more than"):
        tally(*[said(at=(0, 2 * DAY)) for _ in range(6)], calendar=days)


def test_an_instant_holds_itself_and_a_window_reaches_up_to_its_latest() -> None:
    assert stretch(Window(3, 3)) == Stretch(3, 4)
    assert stretch(Window(3, 5)) == Stretch(3, 5)
