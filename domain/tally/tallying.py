"""Adding happenings up, in groups (docs/tallies.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from domain.alignments import Alignments
from domain.faults import Wrong
from domain.place import Place
from domain.tally.calendar import Calendar
from domain.tally.happening import Happening
from domain.tally.membership import Membership, share
from domain.tally.mention import Measure
from domain.tally.stretch import Stretch
from domain.tally.total import Belonging, Total
from domain.when.instant import BEGINNING, END

MOST_ROWS = 10_000
MOST_SPREAD = 1_000_000
"""How often a happening can stand in one more row: the work and the answer grow by it."""

EVER = Stretch(BEGINNING, END)


class Group(NamedTuple):
    """What a row is of: each None where it is not grouped by, `side` also for strikes by nobody knows whom."""

    side: str | None = None
    place: str | None = None
    period: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted, and how it is grouped: `calendar` None is by no period. `force` and `place` have all below."""

    during: Stretch = EVER
    place: str | None = None
    force: str | None = None
    event: str | None = None
    by_side: bool = False
    by_place: bool = False
    calendar: Calendar | None = None


class Tallying:
    """A tally as it grows. Raises Wrong for happenings that fall into too many rows."""

    def __init__(self, asked: Asked, places: Mapping[str, Place], alignments: Alignments) -> None:
        self.rows: dict[Group, dict[Measure, Total]] = {}
        self._asked = asked
        self._places = places
        self._alignments = alignments
        self._spread = 0

    def add(self, happening: Happening) -> Iterator[None]:
        """Add a happening, a row at a step."""
        asked, when = self._asked, happening.when
        inside = self._above(happening) if asked.place or asked.by_place else {}
        there = Membership.SURE if asked.place is None else inside.get(asked.place, Membership.NONE)
        if asked.event not in (None, happening.event) or not there or not asked.during.membership(when):
            return
        shares = [
            (entry, entry.figures.bounds(), side, min(there, of_force, of_side))
            for entry, of_force in happening.entries(asked.force, self._alignments)
            for side, of_side in entry.shown_under(asked.by_side)
        ]
        self._spread -= 1  # its first row is no spreading
        for period in self._periods(when):
            spans = [asked.during] if period is None else [asked.during, period]
            in_time = min(span.membership(when) for span in spans)
            ends = all(span.holds_end(when) for span in spans)
            for place, within in self._groups(inside):
                for entry, bounds, side, otherwise in shares:
                    total = self._total(Group(side, place, period), entry.measure)
                    total.add(happening, entry, bounds, Belonging(in_time, min(otherwise, within), ends))
                    yield
                self._spread += 1
                self._check()

    def _above(self, happening: Happening) -> dict[str, Membership]:
        """Every place that some of the happening's places are, or lie below; surely, if all of them do."""
        found: Counter[str] = Counter()
        for each in happening.places:
            place = self._places.get(each)
            while place is not None:
                found[place.id] += 1
                place = self._places.get(place.parent or "")
        return {place: share(inside, len(happening.places)) for place, inside in found.items()}

    def _groups(self, inside: Mapping[str, Membership]) -> list[tuple[str | None, Membership]]:
        """The groups of places that it belongs to; of a place that is asked about, those in it."""
        if not self._asked.by_place:
            return [(None, Membership.SURE)]
        return [(place, within) for place, within in inside.items() if self._wanted(place)]

    def _wanted(self, place: str) -> bool:
        """Whether a place is the one asked about, or lies below it."""
        above: str | None = place
        while above is not None and above != self._asked.place:
            above = self._places[above].parent
        return above == self._asked.place

    def _periods(self, when: Stretch) -> Iterator[Stretch | None]:
        common = self._asked.during.common(when)
        if self._asked.calendar is None or common is None:
            yield None
        elif common.start == BEGINNING:
            raise Wrong(
                "a happening began nobody knows when, in periods without number: `from` bounds them", ("group",)
            )
        else:
            yield from self._asked.calendar.periods(common)

    def _total(self, group: Group, measure: Measure) -> Total:
        return self.rows.setdefault(group, {}).setdefault(measure, Total())

    def _check(self) -> None:
        if len(self.rows) > MOST_ROWS or self._spread > MOST_SPREAD:
            raise Wrong(
                f"that makes more than {MOST_ROWS:,} rows, or happenings in more than {MOST_SPREAD:,} of them: "
                "ask for longer periods, or for less by `from` and `to`, `place` or `force`",
                ("group",),
            )


def in_order(group: Group, fields: tuple[str, ...]) -> tuple[tuple[bool, str | Stretch], ...]:
    """What rows are sorted by, field by field; nobody knows whose comes last."""
    values = (getattr(group, field) for field in fields)
    return tuple((value is None, "" if value is None else value) for value in values)
