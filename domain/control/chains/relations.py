"""What a claim of one make can do to one of another, whatever their windows (control.md §5, rules 1 to 5)."""

from __future__ import annotations

from bisect import bisect_right
from enum import IntFlag

from domain.alignments import Alignments
from domain.claims import Effect
from domain.control.chains.make import Make
from domain.control.holding import lowest


class Does(IntFlag):
    """What d does to c, a `takes` or `holds` each."""

    NOTHING = 0
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
        self._covers: dict[tuple[Make, str, int], bool] = {}
        self._lowest: dict[tuple[frozenset[str], int], tuple[str, ...]] = {}

    def stretch(self, at: int) -> int:
        """Which of the stretches between turns an instant lies in."""
        return bisect_right(self.turns, at)

    def does(self, d: Make, c: Make, at: int) -> int:
        """What a claim of one make does to one of another where the later of their l is `at`; see Does."""
        key = (d, c, bisect_right(self.turns, at))
        found = self._does.get(key)
        if found is None:
            found = self._does[key] = int(self._find(d, c, at))
        return found

    def covers(self, loss: Make, force: str, at: int) -> bool:
        """Whether a `loses` of a make covers a force at its own l."""
        key = (loss, force, bisect_right(self.turns, at))
        found = self._covers.get(key)
        if found is None:
            found = any(self.alignments.covers(upper, force, at) for upper in loss.forces)
            self._covers[key] = found
        return found

    def lowest(self, forces: frozenset[str], q: int) -> tuple[str, ...]:
        """The forces, less any that covers another of them at q, sorted."""
        key = (forces, bisect_right(self.turns, q))
        found = self._lowest.get(key)
        if found is None:
            found = self._lowest[key] = lowest(forces, q, self.alignments)
        return found

    def _find(self, d: Make, c: Make, at: int) -> Does:
        of_d, of_c = self.alignments.sides(d.forces, at), self.alignments.sides(c.forces, at)
        if of_d <= of_c or of_c <= of_d:
            puts_out = d.effect is Effect.TAKES and of_d < of_c
            return Does.AGREES | (Does.OVERRULES if puts_out else Does.NOTHING)
        if d.effect is Effect.TAKES:
            moment_holds = c.effect is Effect.HOLDS and not c.span
            return Does.OVERRULES | (Does.CAPTURES if moment_holds and d.grade <= c.grade else Does.NOTHING)
        if d.grade < c.grade or (d.grade == c.grade and c.effect is Effect.HOLDS):
            return Does.OVERRULES
        return Does.OVERRULES_OUTER | Does.CONTRADICTS if d.grade == c.grade else Does.NOTHING
