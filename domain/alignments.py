"""Who stands with whom, over valid time (control.md §4, Alignment)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from domain.events import ForceAligned
from domain.when.instant import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Alignment:
    """`force` is aligned with `other` at every instant from `start` until, not including, `end`."""

    force: str
    other: str
    start: int
    end: int


def alignment(aligned: ForceAligned, recorded_at: int) -> Alignment:
    """An alignment runs from the earliest of its `from` until the latest of its `until`; what is left out is open."""
    start = BEGINNING if aligned.from_ is None else aligned.from_.window(recorded_at).earliest
    end = END if aligned.until is None else aligned.until.window(recorded_at).latest
    return Alignment(aligned.force, aligned.with_, start, end)


class Alignments:
    """All alignments known. At any instant each force has at most one, and there is no circle."""

    def __init__(self, alignments: Iterable[Alignment] = ()) -> None:
        self._of: dict[str, list[Alignment]] = {}
        for alignment in alignments:
            self._of.setdefault(alignment.force, []).append(alignment)
        ends = {end for of in self._of.values() for each in of for end in (each.start, each.end)}
        self.turns = sorted(ends)
        self._chains: dict[tuple[str, int], tuple[str, ...]] = {}
        self._sides: dict[tuple[tuple[str, ...], int], frozenset[str]] = {}
        self._ever_alike: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}

    def chain(self, force: str, at: int) -> tuple[str, ...]:
        """The force, the one it is aligned with at that instant, that one's, and so on to its side."""
        key = (force, bisect_right(self.turns, at))  # nothing changes between two turns
        chain = self._chains.get(key)
        if chain is None:
            other = next((each.other for each in self._of.get(force, ()) if each.start <= at < each.end), None)
            chain = self._chains[key] = (force,) if other is None else (force, *self.chain(other, at))
        return chain

    def covers(self, upper: str, lower: str, at: int) -> bool:
        """Whether `upper` is `lower` or stands in its chain at that instant."""
        return upper in self.chain(lower, at)

    def side(self, force: str, at: int) -> str:
        return self.chain(force, at)[-1]

    def sides(self, forces: Iterable[str], at: int) -> frozenset[str]:
        forces = tuple(forces)
        key = (forces, bisect_right(self.turns, at))
        sides = self._sides.get(key)
        if sides is None:
            sides = self._sides[key] = frozenset(self.side(force, at) for force in forces)
        return sides

    def ever_alike(self, some: tuple[str, ...], others: tuple[str, ...]) -> bool:
        """Whether there is an instant at which the sides of some forces are those of others."""
        found = self._ever_alike.get((some, others))
        if found is None:
            found = any(self.sides(some, at) == self.sides(others, at) for at in (BEGINNING, *self.turns))
            self._ever_alike[some, others] = self._ever_alike[others, some] = found
        return found

    def clash(self, new: Alignment) -> str | None:
        """Why the alignment can't be added: it overlaps another of its force or closes a circle. None where it can."""
        for each in self._of.get(new.force, ()):
            if each.start < new.end and new.start < each.end:
                return f"{new.force} is aligned with {each.other} at a time that overlaps this"
        for at in [new.start, *(turn for turn in self.turns if new.start < turn < new.end)]:
            if self.covers(new.force, new.other, at):
                return f"{new.other} is aligned under {new.force} at a time in this: that would make a circle"
        return None
