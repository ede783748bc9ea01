"""What reports claim of who held what, in columns: a row for each control claim, in the order of the log."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Any

from domain.claims import Effect
from domain.control.statement import Statement
from domain.credibility import Credibility
from projections.columns import Columns
from projections.numbers import Numbers, Parties
from projections.parts import Parts
from projections.windows import core, ends

_EFFECTS = tuple(Effect)
_EFFECT = {effect: number for number, effect in enumerate(_EFFECTS)}
_LASTING = {_EFFECT[Effect.HOLDS], _EFFECT[Effect.CONTESTS]}
_SPAN = 8
"""Added to the number of an effect where the claim is a span."""


class Statements:
    """Rows are numbered 0, 1, 2, …; a telling's stand together."""

    def __init__(self) -> None:
        self.places: Numbers[str] = Numbers()
        self.about: list[array[int]] = []
        """The rows about each place, by its number."""
        self._found = 0  # how many rows are there
        self._forces = Parties()
        self._rows = Columns(telling="I", index="I", place="I", forces="I", effect="B", e="q", l="q")
        self.telling = self._rows["telling"]
        """The telling of each row."""

    def add(self, telling: int, index: int, claim: Any, occurred: Any, recorded_at: int) -> None:
        """A control claim, or its gist. Raises Wrong for a window that ends before it begins."""
        e, l = occurred.earliest, occurred.latest  # noqa: E741
        if e is None or l is None:
            e, l = ends(occurred, recorded_at)  # noqa: E741
        effect = _EFFECT[claim.effect]
        if occurred.core is not None and effect in _LASTING:
            surely = core(occurred, recorded_at)
            if surely is not None:
                (e, l), effect = surely, effect + _SPAN  # noqa: E741
        self._rows.add((telling, index, self.places[claim.place], self._forces[claim.forces], effect, e, l))

    def settle(self) -> None:
        """What was added is there."""
        self._rows.settle()
        self._find()

    def _find(self) -> None:
        """Put the rows that are not there yet to those about their places."""
        about, start = self.about, self._found
        about.extend(array("I") for _ in range(len(self.places.known) - len(about)))
        for row, place in enumerate(self._rows["place"][start:], start):
            about[place].append(row)
        self._found = len(self._rows)

    def rows_about(self, place: str) -> array[int]:
        """The rows about a place, in the order of the log."""
        number = self.places.get(place)
        return array("I") if number is None else self.about[number]

    def rows(self, telling: int) -> range:
        """The rows of a telling."""
        return range(bisect_left(self.telling, telling), bisect_left(self.telling, telling + 1))

    def statement(self, row: int, report: str, grade: Credibility) -> Statement:
        """The claim of a row, of the report with that id, as it is graded."""
        _, index, place, forces, effect, e, l = self._rows.row(row)  # noqa: E741
        return Statement(
            report,
            index,
            self.places.known[place],
            self._forces.known[forces],
            _EFFECTS[effect % _SPAN],
            grade,
            frozenset(),
            e,
            l,
            effect >= _SPAN,
        )

    def place(self, row: int) -> int:
        """The number of the place that a row is about."""
        return self._rows["place"][row]

    def parts(self) -> Parts:
        return {
            "statements.places": self.places.known,
            "statements.sides": self._forces.known,
            **self._rows.parts("statements"),
        }

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        self.places.restore(str)
        self._forces.restore(tuple)
        self._find()
