"""What reports claim of what is counted (casualties, strikes, clashes), in columns: a row for each such claim."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from domain.claims import Figure
from domain.credibility import Credibility
from domain.tally.mention import COUNTED, Mention, figures, said
from domain.when.window import Window
from projections.claimed import Claimed
from projections.columns import INSTANT, Columns
from projections.numbers import Numbers
from projections.parts import Parts
from projections.windows import all_ends

Plain = tuple[Any, ...]
"""A claim's kind, and low, best and high of each of its figures (None where it gives none)."""

Read = tuple[list[int], ...]
"""What tellings mention, by column, that of their numbers first; none for nothing."""


class _Counts(Numbers[Plain]):
    """Whether they come with an event, with its gist or as they are kept, the same counts have one number."""

    def __missing__(self, counts: Plain) -> int:
        kind, *given = counts
        plain = (kind, *(each and (each if isinstance(each, tuple) else _figure(each)) for each in given))
        if plain == counts:
            return super().__missing__(plain)
        number = self[counts] = self[plain]
        return number


def _figure(figure: Any) -> tuple[int, int | None, int | None]:
    return figure.low, figure.best, figure.high


class Mentions:
    """Rows are numbered 0, 1, 2, …; a telling's stand together."""

    def __init__(self) -> None:
        self._names: Numbers[str | None] = Numbers()
        self._lists: Numbers[tuple[str, ...]] = Numbers()
        self._counts = _Counts()
        self._rows = Columns(
            telling="I",
            index="I",
            earliest=INSTANT,
            latest=INSTANT,
            event="I",
            places="I",
            of="I",
            forces="I",
            counts="I",
        )
        self.telling: array[int] = self._rows["telling"]
        """The telling of each row."""

    def read(self, claims: Sequence[Claimed]) -> Read:
        """What is counted among claims, by column. Raises Wrong for a window that ends before it begins."""
        rows = [each for each in claims if each[2].kind in COUNTED]
        if not rows:
            return ()
        tellings, indices, counted, occurred, recorded_at = zip(*rows, strict=True)
        earliest, latest = all_ends(occurred, recorded_at)
        names, lists, counts = self._names, self._lists, self._counts
        numbers = [
            (names[claim.event], lists[places], names[of], lists[forces], counts[given])
            for claim, (places, of, forces, given) in zip(counted, map(said, counted), strict=True)
        ]
        return (list(tellings), list(indices), earliest, latest, *map(list, zip(*numbers, strict=True)))

    def take(self, read: Read) -> None:
        if read:
            self._rows.extend(*read)

    def rows(self, telling: int) -> range:
        """The rows of a telling."""
        return range(bisect_left(self.telling, telling), bisect_left(self.telling, telling + 1))

    def mention(self, row: int, report: str, position: int, grade: Credibility) -> Mention:
        """The claim of a row, of the report with that id whose telling stands at a position, as it is graded."""
        _, index, earliest, latest, event, places, of, forces, counts = self._rows.row(row)
        kind, *given = self._counts.known[counts]
        return Mention(
            report,
            index,
            position,
            grade,
            self._names.known[event],
            self._lists.known[places],
            self._names.known[of],
            self._lists.known[forces],
            figures(kind, *(figure and Figure(*figure) for figure in given)),
            Window(earliest, latest),
        )

    def parts(self) -> Parts:
        return {
            "mentions.said.names": self._names.known,
            "mentions.said.lists": self._lists.known,
            "mentions.said.counts": self._counts.known,
            **self._rows.parts("mentions"),
        }

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        self._names.restore(lambda name: name)
        self._lists.restore(tuple)
        self._counts.restore(lambda counts: tuple(tuple(each) if isinstance(each, list) else each for each in counts))
