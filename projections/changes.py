"""What became of the reports that did not stay as they were filed, in the order of the log."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
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


class Changes:
    """Few reports change, so these alone are kept by report, and by the places that they ever spoke of."""

    def __init__(self) -> None:
        self._courses: dict[int, Course] = {}
        self._rows = Columns(report="I", position="q", what="B", telling="I")
        self._concerned = Columns(place="I", change="I")
        self._about: dict[int, list[int]] = {}  # by place: the rows of what concerns it
        self._settled = 0

    def add(self, report: int, position: int, what: int, telling: int = 0) -> None:
        self._rows.add((report, position, what, telling))
        self._follow(report, position, what, telling)

    def _follow(self, report: int, position: int, what: int, telling: int) -> None:
        course = self._courses.get(report)
        if course is None:
            course = self._courses[report] = Course()
        course.add(position, what, telling)

    def of(self, report: int) -> Course | None:
        """What became of a report; None where it stands as it was filed."""
        return self._courses.get(report)

    def count(self, place: int) -> int:
        """How many there are that concern a place, by its number."""
        return len(self._about.get(place, ()))

    def about(self, place: int, after: int) -> list[tuple[int, int]]:
        """The changes after a position of reports that ever spoke of a place, by its number: positions and reports."""
        rows, positions = self._about.get(place, []), self._rows["position"]
        start = bisect_right(rows, after, key=positions.__getitem__)
        return [(positions[row], self._rows["report"][row]) for row in rows[start:]]

    def settle(self, places_of: Callable[[int, int], Iterable[int]]) -> None:
        """What was added is there; the places that a report had spoken of by a position are asked for."""
        self._rows.settle()
        for row in range(self._settled, len(self._rows)):
            for place in sorted(places_of(self._rows["report"][row], self._rows["position"][row])):
                self._concerned.add((place, row))
                self._about.setdefault(place, []).append(row)
        self._concerned.settle()
        self._settled = len(self._rows)

    def parts(self) -> Parts:
        return {**self._rows.parts("changes"), **self._concerned.parts("concerned")}

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        for row in zip(*self._rows.by_name.values(), strict=True):
            self._follow(*row)
        for place, row in zip(*self._concerned.by_name.values(), strict=True):
            self._about.setdefault(place, []).append(row)
        self._settled = len(self._rows)
