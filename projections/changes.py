"""What became of the reports that did not stay as they were filed, in the order of the log."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from operator import itemgetter

from projections.columns import Columns
from projections.parts import Parts

RETRACTED, CORRECTED = 0, 7
"""Beside the grades 1 to 6: what a change is."""


@dataclass(slots=True)
class Course:
    """What became of one report, by position: its tellings and its grades after those of its filing."""

    corrected: list[tuple[int, int]] = field(default_factory=list)
    graded: list[tuple[int, int]] = field(default_factory=list)
    retracted: int | None = None

    def add(self, position: int, what: int, telling: int) -> None:
        if what == RETRACTED:
            self.retracted = position
        elif what == CORRECTED:
            self.corrected.append((position, telling))
        else:
            self.graded.append((position, what))

    def is_retracted(self, known_at: int) -> bool:
        return self.retracted is not None and self.retracted <= known_at

    def telling(self, known_at: int, filed: int) -> int:
        """The newest telling, which is the filing's before any correction."""
        return _newest(self.corrected, known_at, filed)

    def grade(self, known_at: int, filed: int) -> int:
        """The newest grade, which is the filing's before any other."""
        return _newest(self.graded, known_at, filed)


def _newest(changes: list[tuple[int, int]], known_at: int, before: int) -> int:
    found = bisect_right(changes, known_at, key=itemgetter(0))
    return changes[found - 1][1] if found else before


Change = tuple[int, int, int, int]
"""A report, the position, what, and for a correction its telling."""


class Changes:
    """Few reports change, so these alone are kept by report, and by the places that they ever spoke of."""

    def __init__(self) -> None:
        self._rows = Columns(report="I", position="L", what="B", telling="I", before="I")
        self._concerned = Columns(place="I", change="I")
        self._last: dict[int, int] = {}  # by report: its last row and one; `before` has the one before that, or 0
        self._about: dict[int, array[int]] = {}  # by place: the rows of what concerns it

    def take(self, rows: Sequence[Change], filed: Sequence[int], places_of: Callable[[int], Sequence[int]]) -> None:
        """Further rows. `filed` has by report the telling of its filing, `places_of` the places that a telling is of.

        Each concerns the places that its report speaks of, or spoke of before.
        """
        last, concerned = self._last, []
        tellings: dict[int, list[int]] = {}  # by report: all up to the change
        before = []
        for row, (report, _, what, telling) in enumerate(rows, len(self._rows)):
            if (told := tellings.get(report)) is None:
                told = tellings[report] = [filed[report], *self.tellings(report)]
            if what == CORRECTED:
                told.append(telling)
            before.append(last.get(report, 0))
            last[report] = row + 1
            places = places_of(told[0]) if len(told) == 1 else [place for each in told for place in places_of(each)]
            concerned += [(place, row) for place in (places if len(places) < 2 else sorted(set(places)))]
        self._rows.extend_rows([(*row, each) for row, each in zip(rows, before, strict=True)])
        self._concerned.extend_rows(concerned)
        self._concern(concerned)

    def _concern(self, concerned: Iterable[tuple[int, int]]) -> None:
        about = self._about
        for place, row in concerned:
            if place in about:
                about[place].append(row)
            else:
                about[place] = array("I", (row,))

    def _of(self, report: int) -> list[int]:
        """The rows of a report, in order."""
        rows, before = [], self._rows["before"]
        row = self._last.get(report, 0)
        while row:
            rows.append(row - 1)
            row = before[row - 1]
        return rows[::-1]

    def of(self, report: int) -> Course | None:
        """What became of a report; None where it stands as it was filed."""
        if report not in self._last:
            return None
        course, (_, *columns, _) = Course(), self._rows.by_name.values()
        for row in self._of(report):
            course.add(*(column[row] for column in columns))
        return course

    def tellings(self, report: int) -> list[int]:
        """The corrections of a report."""
        if report not in self._last:
            return []
        what, telling = self._rows["what"], self._rows["telling"]
        return [telling[row] for row in self._of(report) if what[row] == CORRECTED]

    def count(self, place: int) -> int:
        """How many there are that concern a place, by its number."""
        return len(self._about.get(place, ()))

    def about(self, place: int, after: int) -> list[tuple[int, int]]:
        """The changes after a position of reports that ever spoke of a place, by its number: positions and reports."""
        rows, positions = self._about.get(place, ()), self._rows["position"]
        start = bisect_right(rows, after, key=positions.__getitem__)
        return [(positions[row], self._rows["report"][row]) for row in rows[start:]]

    def __len__(self) -> int:
        """How often a change concerned a place."""
        return len(self._concerned)

    def places_since(self, count: int) -> set[int]:
        """The numbers of the places that were concerned, but for the first so many times."""
        return set(self._concerned["place"][count:])

    def parts(self) -> Parts:
        return {**self._rows.parts("changes"), **self._concerned.parts("concerned")}

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        self._last.update(zip(self._rows["report"], count(1)))
        self._concern(zip(*self._concerned.by_name.values(), strict=True))
