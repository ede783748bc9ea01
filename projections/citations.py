"""What the tellings cite, in columns: a row for each source of each, in the order of the log."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from domain.control.knowledge import Voice
from domain.when.instant import BEGINNING
from projections.claimed import Content
from projections.columns import Columns
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
        self._rows = Columns(source="I", published="q")  # the number of a source and its origin

    def read(self, contents: Sequence[Content]) -> Cited:
        """What the next tellings cite. Raises Wrong for a window that ends before it begins."""
        numbers = self._sources
        sources, publications, so_far = read = Cited([], [], [])
        for content, recorded_at in contents:
            for each in content.sources:
                published = each.published
                sources.append(numbers[each.source, each.origin])
                publications.append(
                    _UNPUBLISHED if published is None else published.latest or ends(published, recorded_at)[1]
                )
            so_far.append(len(sources))
        return read

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
