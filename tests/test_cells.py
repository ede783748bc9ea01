"""Answers that were given before: from where until where, and for how long, they hold."""

from __future__ import annotations

from collections.abc import Iterable

from claims_builder import DEFAULT, PLACES, content, followed

from domain.control.answer import Answer
from domain.control.chains.cells import Cell, Cells, covers
from domain.control.chains.touches import NOT, Touches
from domain.control.inquiry import Inquiry
from domain.control.state import Status
from domain.events import Event, ForceAligned, PlaceRegistered, ReportFiled, ReportRetracted
from domain.place import Place, PlaceKind
from domain.when.instant import END
from domain.when.window import Occurred
from projections.control import ControlProjection

REGISTERED: list[Event] = [
    PlaceRegistered(Place(id, id, PlaceKind(kind), parent)) for id, (kind, parent) in PLACES.items()
]
NEWEST = 6


def told(*claims: str) -> ControlProjection:
    """Reports r1, r2, … at the positions after the registrations."""
    return followed(*REGISTERED, *(ReportFiled(f"r{n}", content(each)) for n, each in enumerate(claims, start=1)))


def at(known: ControlProjection, known_at: int) -> Inquiry:
    return known.inquire_once(known_at, DEFAULT)


def test_an_answer_that_nothing_bears_on_is_the_very_same() -> None:
    known = told("holds A 0", "takes B 10", "holds B 20")
    assert at(known, NEWEST).control("town", 12) is at(known, NEWEST).control("town", 19)


def test_it_ends_where_a_window_begins_or_ends() -> None:
    known = at(told("holds A 0", "takes B [10..20]", "holds B 30"), NEWEST)
    assert [known.control("town", q).status for q in (9, 10, 19, 20)] == ["held", "changing", "changing", "held"]


def test_what_is_learned_of_later_leaves_it_as_it_is_also_as_of_before() -> None:
    known = told("holds A 0", "takes B 10", "holds B 20")
    answer = at(known, NEWEST).control("town", 5)
    assert at(known, NEWEST - 1).control("town", 5) is answer
    assert at(known, NEWEST - 2).control("town", 5) is answer


def test_what_is_learned_of_before_does_not() -> None:
    known = told("holds A 0", "takes B 10", "takes C 2")
    assert at(known, NEWEST).control("town", 5).holders == ("C",)
    assert at(known, NEWEST - 1).control("town", 5).holders == ("A",)
    assert at(known, NEWEST).control("town", 5).holders == ("C",)


def test_the_last_confirmation_goes_with_the_question_while_a_span_lasts() -> None:
    known = at(told("holds A 0/9"), 4)
    assert [known.control("town", q).last_confirmed for q in (3, 5, 9, 12)] == [3, 5, 9, 9]


def test_a_town_learns_of_its_exceptions_and_a_quarter_of_its_town() -> None:
    events = [
        *REGISTERED,
        *(ReportFiled(f"r{n}", content(each)) for n, each in enumerate(("holds A 0", "quarter takes B 5"))),
    ]
    known = followed(*events[:-1])
    assert at(known, 4).control("town", 7).exceptions == ()
    assert at(known, 4).control("quarter", 7).inherited_from == "town"
    known = followed(*events)
    assert at(known, 4).control("town", 7).exceptions == ()
    assert at(known, 4).control("quarter", 7).inherited_from == "town"
    assert at(known, 5).control("town", 7).exceptions == ("quarter",)
    assert at(known, 5).control("quarter", 7).inherited_from is None


def test_an_answer_of_before_a_place_was_known_ends_where_that_place_begins_to_differ() -> None:
    town, quarter, house = REGISTERED
    differs = ReportFiled("r2", content("quarter takes B 10"))
    known = followed(town, ReportFiled("r1", content("holds A 0")), quarter, house, differs)
    assert at(known, 2).control("town", 5).exceptions == ()
    assert at(known, 5).control("town", 12).exceptions == ("quarter",)


def test_an_alignment_bears_on_every_answer() -> None:
    start = Occurred("3", 3, 3)
    known = followed(
        *REGISTERED,
        ReportFiled("r1", content("takes A 0")),
        ReportFiled("r2", content("holds B 5")),
        ForceAligned("B", "A", from_=start),
        ReportRetracted("r2", "mistaken"),
    )
    assert [at(known, position).control("town", 6).status for position in (5, 6, 7)] == ["disputed", "held", "held"]
    assert at(known, 6).control("town", 6).holders == ("B",)


def test_touches_tell_the_first_instant_since_and_the_first_position_after() -> None:
    touches = Touches()
    instants = [(n * 7919) % 1000 for n in range(300)]
    for position, instant in enumerate(instants, start=1):
        touches.add(position, instant)
    for position in range(302):
        later = list(enumerate(instants, start=1))[position:]
        assert touches.since(position) == min((instant for _, instant in later), default=NOT)
        assert list(touches.after(position)) == later
        for q in (-1, 0, 10, 400, 1000):
            assert touches.following(position, q) == next((at for at, instant in later if instant <= q), None)
            before = [at for at, instant in enumerate(instants[:position], start=1) if instant <= q]
            assert touches.last_before(position, q) == max(before, default=0)
    for q in range(-1, 1001):
        assert touches.newest(q) == touches.last_before(300, q)


def cell(start: int, end: int, known_from: int = 0, holder: str = "A") -> Cell:
    held = Answer("town", Status.HELD, (holder,), (), None, None, None, None, 3, None, (), (), (), None, ())
    return Cell(start, end, held, False, known_from)


def stretches(cells: Iterable[Cell | None]) -> list[tuple[int, int] | None]:
    return [None if each is None else (each.start, each.end) for each in cells]


def test_neighbours_that_say_the_same_since_as_long_are_one() -> None:
    cells = Cells()
    for each in (cell(0, 5), cell(5, 9), cell(9, 12, 4), cell(12, 15, 4, "B")):
        cells.put(each)
    assert stretches(cells) == [(0, 9), (9, 12), (12, 15)]


def test_one_is_put_in_as_far_as_there_is_room() -> None:
    cells = Cells()
    cells.take([cell(0, 5), cell(9, 12)])
    for q, given, fits in [(7, (3, 20), (5, 9)), (8, (6, 9), (6, 9)), (-1, (-9, 1), (-9, 0)), (12, (2, 30), (12, 30))]:
        cells.fit(each := cell(*given), q)
        assert (each.start, each.end) == fits


def test_cells_are_cut_in_two_and_a_stretch_is_carved_out_of_one() -> None:
    cells = Cells()
    cells.take([cell(0, 10), cell(10, 20, holder="B")])
    assert stretches(cells.cut(4)) == [(4, 10), (10, 20)]
    assert stretches(cells) == [(0, 4)]
    assert stretches(cells.carve(1, 2)) == [(0, 1), (2, 4)]
    assert stretches(cells.carve(2, 4)) == [(2, 2), None]
    assert stretches(cells.carve(0, 1)) == [(0, 0), None]
    assert len(cells) == 0


def test_it_is_seen_whether_cells_leave_anything_out() -> None:
    assert covers([cell(0, 5), cell(5, END)], 3)
    assert not covers([cell(0, 5), cell(6, END)], 3)
    assert not covers([cell(0, 5)], 3)
    assert not covers([], 3)
