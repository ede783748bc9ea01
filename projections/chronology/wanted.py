"""Which reports are wanted."""

from __future__ import annotations

from dataclasses import dataclass

from domain.when.instant import BEGINNING, END
from projections.chronology.link import link
from projections.chronology.words import Query


@dataclass(frozen=True, slots=True)
class Wanted:
    """Every part that is given must fit. `start` and `end` are instants of valid time.

    `place` stands for itself and every place below it, `forces` for a force and all that were ever aligned under it.
    """

    place: str | None = None
    forces: frozenset[str] | None = None
    source: str | None = None
    kind: str | None = None
    start: int = BEGINNING
    end: int = END
    query: Query | None = None

    def links(self) -> list[frozenset[str]]:
        """What a content must be linked to: to one of each."""
        found = [
            frozenset({link(what, id)})
            for what, id in (("place", self.place), ("source", self.source), ("kind", self.kind))
            if id is not None
        ]
        if self.forces is not None:
            found.append(frozenset(link("force", id) for id in self.forces))
        return found

    @property
    def timed(self) -> bool:
        return (self.start, self.end) != (BEGINNING, END)
