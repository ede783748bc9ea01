"""What the tellings cite, in columns: a row for each source of each, in the order of the log."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from domain.control.knowledge import Voice
from domain.when.instant import BEGINNING
from projections.claimed import Contents
from projections.columns import INSTANT, Columns
from projections.numbers import Numbers
from projections.parts import Parts
from projections.windows import ends

_UNPUBLISHED = BEGINNING  # nothing was published then


class Cited(NamedTuple):
    """What tellings cite, by column, and how many sources there are up to the end of each telling."""

    sources: list[int]
    published: list[int]
    ends: list[int]


class Citations:
    """Rows are numbered 0, 1, 2, …"""

    def __init__(self) -> None:
        self._sources: Numbers[tuple[str, str | None]] = Numbers()
        self._ends = array("I")  # how many rows there are up to the end of each telling
        self._rows = Columns(source="I", published=INSTANT)  # the number of a source and its origin

    def read(self, contents: Contents) -> Cited:
        """What the next tellings cite. Raises Wrong for a window that ends before it begins."""
        cited, numbers = [report.sources for report in contents.reports], self._sources
        sources, so_far = [each for some in cited for each in some], list(accumulate(map(len, cited)))
        latest = [_UNPUBLISHED if (told := each.published) is None else told.latest for each in sources]
        for row in [row for row, each in enumerate(latest) if each is None] if None in latest else ():
            latest[row] = ends(sources[row].published, contents.recorded_at[bisect_right(so_far, row)])[1]
        return Cited([numbers[each.source, each.origin] for each in sources], latest, so_far)

    def take(self, read: Cited) -> None:
        before = len(self._rows)
        self._ends.fromlist([before + each for each in read.ends])
        self._rows.extend(read.sources, read.published)

    def voices(self, telling: int) -> tuple[Voice, ...]:
        """Who speaks in a telling."""
        start = self._ends[telling - 1] if telling else 0
        return tuple(map(self._voice, range(start, self._ends[telling])))

    def _voice(self, row: int) -> Voice:
        number, published = self._rows.row(row)
        source, origin = self._sources.known[number]
        return Voice(source, origin or source, None if published == _UNPUBLISHED else published)

    def parts(self) -> Parts:
        return {"sources": self._sources.known, "voices.ends": self._ends, **self._rows.parts("voices")}

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        self._sources.restore(lambda pair: (pair[0], pair[1]))
