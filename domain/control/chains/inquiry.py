"""Asking what the ledgers hold: one knowledge, one policy, any place and any instant (control.md §6)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Protocol

from domain.alignments import Alignments
from domain.control.answer import Answer, JoinsBy
from domain.control.chains.chain import Chain
from domain.control.chains.course import Course, Ripe, ripe_of
from domain.control.chains.finding import Finding, reports, unconfirmed
from domain.control.chains.ledger import Ledger
from domain.control.chains.overturning import overturned
from domain.control.chains.relations import Relations
from domain.control.chains.rest import Rest, counts_inside
from domain.control.chains.run import Run
from domain.control.chains.shelf import Shelf, has_begun
from domain.control.chains.state import NOTHING, state
from domain.control.chains.x import X
from domain.control.inquiry import Inquiry
from domain.credibility import Credibility
from domain.settlements import Settlements
from domain.when.instant import BEGINNING, END


class Known(Protocol):
    """What is known at a position of the log."""

    @property
    def position(self) -> int: ...

    @property
    def settlements(self) -> Settlements: ...

    @property
    def relations(self) -> Relations:
        """By the alignments that are known."""


class Ledgers(Protocol):
    """What counts under one policy."""

    def ledger(self, place: str) -> Ledger:
        """Told everything about the place up to the position of whoever asks; perhaps more."""


class ChainInquiry(Inquiry):
    """Works out what each question needs, and nothing ahead of it."""

    def __init__(self, known: Known, ledgers: Ledgers) -> None:
        self._known = known
        self._ledgers = ledgers
        self._position = known.position

    @cached_property
    def _relations(self) -> Relations:
        return self._known.relations

    def control(self, place: str, q: int, *, by_side: bool = False) -> Answer:
        finding = self._finding(place, q)
        return self._whole(place, finding, finding.joins_by(self._sides(by_side)))

    def control_unless(self, same: JoinsBy | None, place: str, q: int, *, by_side: bool = False) -> Answer | None:
        finding = self._finding(place, q)
        joins_by = finding.joins_by(self._sides(by_side))
        return None if joins_by == same else self._whole(place, finding, joins_by)

    def joins_by(self, place: str, q: int, *, by_side: bool = False) -> JoinsBy:
        return self._finding(place, q).joins_by(self._sides(by_side))

    def course(
        self, place: str, start: int = BEGINNING, end: int = END, *, by_side: bool = False
    ) -> Iterator[tuple[int, JoinsBy]]:
        sides = self._sides(by_side)
        course = Course()
        yield start, self._finding(place, start, course).joins_by(sides)
        turns = self.turns(place)
        for q in islice(turns, bisect_right(turns, start), bisect_left(turns, end)):
            yield q, self._finding(place, q, course).joins_by(sides)

    def turns(self, place: str) -> list[int]:
        known_at = self._position
        found = {BEGINNING, *self._relations.turns}
        for chain in self._bearing(place):
            for n in chain.known(0, len(chain.t) - 1, known_at):
                found.add(chain.e[n])
                found.add(chain.l[n])
        return sorted(found - {END})

    def next_turn(self, place: str, q: int) -> int | None:
        found = [turn for turn in self._relations.turns if q < turn < END][:1]
        for chain in self._bearing(place):
            for ends in (chain.e, chain.l):
                following = chain.known(bisect_right(ends, q), len(ends) - 1, self._position)
                found += [ends[n] for n in islice(following, 1)]
        return min(found, default=None)

    def turning(self, place: str, q: int) -> tuple[str, ...]:
        return reports(
            chain.key(n)
            for chain in self._bearing(place)
            for ends in (chain.e, chain.l)
            for n in chain.known(bisect_left(ends, q), bisect_right(ends, q) - 1, self._position)
        )

    def _bearing(self, place: str) -> Iterator[Chain]:
        """The counted claims about the place and those it is inside."""
        return (chain for id in (place, *self._around(place)) for chain in self._counted(id))

    def _sides(self, by_side: bool) -> Alignments | None:
        return self._relations.alignments if by_side else None

    def _around(self, place: str) -> tuple[str, ...]:
        return self._known.settlements.around(place)

    def _counted(self, place: str) -> Sequence[Chain]:
        return self._ledgers.ledger(place).counted.chains

    def _has_own(self, place: str, q: int) -> bool:
        return has_begun(self._counted(place), q, self._position)

    def _whole(self, place: str, finding: Finding, joins_by: JoinsBy) -> Answer:
        return finding.answer(place, joins_by, self._unconfirmed(place, finding), self._exceptions(place, finding))

    def _finding(self, place: str, q: int, course: Course | None = None) -> Finding:
        """What answers for the place: its own claims, or those of the first around it that has any; else nothing.

        With a course, instants come in order.
        """
        around = self._around(place)
        for nth, answering in enumerate((place, *around)):
            if self._has_own(answering, q):
                return self._find(answering, around[nth:], q, course)
        return Finding(place, q, NOTHING, NOTHING, ())

    def _find(self, place: str, around: Sequence[str], q: int, course: Course | None) -> Finding:
        """By what is said of the place itself, and of those around it."""
        shelves = [self._ledgers.ledger(id).counted for id in (place, *around)]
        start = self._start(shelves, q)
        ripe = [self._ripe(shelf, depth, q, start, course) for depth, shelf in enumerate(shelves)]
        if around:
            ripe[0] = self._ripe(shelves[0], 0, q)  # by whose best grade others are left out
            course = None  # X can have less as time goes on, and less with the pending than without
        settled, possible = _beside([each.settled for each in ripe]), _beside([each.possible for each in ripe])
        rest = None if start is None else self._rest(shelves, q, lambda chain: chain.settled(q), start, ripe[0].settled)
        x = X(settled, course.fallen if course else (), rest)
        before = state(x, q, self._relations)
        moments = tuple(run for run in possible if not run.make.span)
        if course:
            course.fallen = x.fallen.intersection(x.words)
        if not any(run.l > q for run in moments):
            return Finding(place, q, before, before, moments)
        fallen = () if around else (*x.fallen, *(course.fallen_perhaps if course else ()))
        rest = None if start is None else self._rest(shelves, q, lambda chain: chain.begun(q), start, ripe[0].possible)
        x = X(possible, fallen, rest)
        after = state(x, q, self._relations)
        if course:
            course.fallen_perhaps = x.fallen.intersection(x.words)
        return Finding(place, q, before, after, moments)

    def _start(self, shelves: Sequence[Shelf], q: int) -> int | None:
        """What has no greater `ends` need not be looked at; None where everything is to be."""
        takes = (chain for shelf in shelves for chain in shelf.latest_takes(q, self._position))
        return overturned(takes, q, self._position, self._relations)

    def _rest(
        self, shelves: Sequence[Shelf], q: int, ripe: Callable[[Chain], int], start: int, own: Sequence[Run]
    ) -> Rest:
        return Rest(shelves, q, ripe, start, _best(own), self._position, self._relations)

    def _ripe(self, shelf: Shelf, depth: int, q: int, start: int | None = None, course: Course | None = None) -> Ripe:
        """What of a shelf is settled or pending at q; from a start on, if one is given, and perhaps more."""
        known_at, turns = self._position, self._relations.turns
        settled: list[Run] = []
        possible: list[Run] = []
        for chain in shelf.chains if start is None else shelf.reaching((start - 1) // 2, q, known_at):
            if course:
                found = course.ripe(chain, q, depth, known_at, turns)
            else:
                begun = bisect_right(chain.e, q)
                if not begun or (start is not None and chain.ends[begun - 1] <= start):
                    continue
                found = ripe_of(chain, bisect_right(chain.t, q, 0, begun), begun, depth, known_at, turns, start)
            settled += found.settled
            possible += found.possible
        return Ripe(settled, possible)

    def _unconfirmed(self, place: str, finding: Finding) -> tuple[str, ...]:
        """What only `min_credibility` or `against_interest` leave out, and is not older than what answers."""
        places = (place, *self._around(place))
        since = finding.settled.source_of_since
        return reports(
            key
            for id in places[: places.index(finding.place) + 1]
            for key in unconfirmed(self._ledgers.ledger(id).left_out, finding.q, since, self._position)
        )

    def _exceptions(self, place: str, finding: Finding) -> tuple[str, ...]:
        """The places inside a settlement, with claims of their own, whose answer shows something else."""
        within = self._known.settlements.within(place)
        if not within:
            return ()
        shown, _, _ = finding.joins_by()
        q = finding.q
        return tuple(id for id in within if self._has_own(id, q) and self._finding(id, q).joins_by()[0] != shown)


def _beside(runs: Sequence[Sequence[Run]]) -> Sequence[Run]:
    """The set X: a place's own claims and, beside them, what is said of the places it is inside."""
    own, *outer = runs
    if not outer:
        return own
    best = _best(own)
    return [*own, *(run for each in outer for run in each if counts_inside(run.make, best))]


def _best(own: Sequence[Run]) -> Credibility | None:
    return min((run.make.grade for run in own if run.make.has_holder), default=None)
