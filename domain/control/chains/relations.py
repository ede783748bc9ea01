"""What a claim d of one make can do to a claim c of another, whatever their windows (control.md §5, rules 1 to 5).

What a `takes` or `holds` does to another is a sum of these numbers: an enum's would take their time in every rule.
"""

from __future__ import annotations

from bisect import bisect_right

from domain.alignments import Alignments
from domain.claims import Effect
from domain.control.chains.make import Make
from domain.control.chains.run import Run
from domain.control.holding import lowest

AGREES = 1
OVERRULES = 2
"""If it is later."""
OVERRULES_OUTER = 4
"""If it is later and c is about a place that d's place is inside."""
CAPTURES = 8
"""If neither its e nor its l lies before c's."""
CONTRADICTS = 16
"""If it is later and another, independent one bears it out."""


class Relations:
    """By one knowledge of alignments. Instants are valid time; between two of the alignments' turns nothing changes."""

    def __init__(self, alignments: Alignments) -> None:
        self.alignments = alignments
        self.turns = alignments.turns
        self._does: dict[tuple[Make, Make, int], int] = {}
        self._apart: dict[tuple[tuple[str, ...], tuple[str, ...], int], bool] = {}
        self._covers: dict[tuple[Make, str, int], bool] = {}
        self._lowest: dict[tuple[frozenset[str], int], tuple[str, ...]] = {}

    def stretch(self, at: int) -> int:
        """Which of the stretches between turns an instant lies in."""
        return bisect_right(self.turns, at) if self.turns else 0

    def does(self, d: Run, c: Run) -> int:
        """What a run of `takes` or `holds` does to another: a sum of the numbers above."""
        later = d if d.stretch > c.stretch else c
        key = (d.make, c.make, later.stretch)
        found = self._does.get(key)
        if found is None:
            found = self._does[key] = self._find(d.make, c.make, later.l)
        return found

    def are_apart(self, a: Run, b: Run) -> bool:
        """Whether two runs, of one stretch, have no side in common."""
        key = (a.make.forces, b.make.forces, a.stretch)
        found = self._apart.get(key)
        if found is None:
            of_a, of_b = self.alignments.sides(a.make.forces, a.l), self.alignments.sides(b.make.forces, a.l)
            found = self._apart[key] = of_a.isdisjoint(of_b)
        return found

    def covers(self, loss: Run, force: str) -> bool:
        """Whether each of a run of `loses` covers a force, at its own l."""
        key = (loss.make, force, loss.stretch)
        found = self._covers.get(key)
        if found is None:
            found = any(self.alignments.covers(upper, force, loss.l) for upper in loss.make.forces)
            self._covers[key] = found
        return found

    def lowest(self, forces: frozenset[str], q: int) -> tuple[str, ...]:
        """The forces, less any that covers another of them at q, sorted."""
        key = (forces, self.stretch(q))
        found = self._lowest.get(key)
        if found is None:
            found = self._lowest[key] = lowest(forces, q, self.alignments)
        return found

    def _find(self, d: Make, c: Make, at: int) -> int:
        of_d, of_c = self.alignments.sides(d.forces, at), self.alignments.sides(c.forces, at)
        if of_d <= of_c or of_c <= of_d:
            puts_out = d.effect is Effect.TAKES and of_d < of_c
            return AGREES + (OVERRULES if puts_out else 0)
        if d.effect is Effect.TAKES:
            moment_holds = c.effect is Effect.HOLDS and not c.span
            return OVERRULES + (CAPTURES if moment_holds and d.grade <= c.grade else 0)
        if d.grade < c.grade or (d.grade == c.grade and c.effect is Effect.HOLDS):
            return OVERRULES
        return OVERRULES_OUTER + CONTRADICTS if d.grade == c.grade else 0
