"""What is registered, as a snapshot has it: JSON that is read straight into the domain's objects.

The codec takes ten times as long, and says what is amiss; a snapshot in which anything is, is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, starmap
from operator import attrgetter
from typing import Any

from msgspec import Raw, Struct, field

from domain.events import ForceAligned, ForceRegistered, PlaceRegistered, Recorded, SourceRegistered
from event_store.codec import decode, encode

_PLACED = attrgetter("position", "recorded_at", "stream", "version")


class Registered(Struct, array_like=True):
    """Events that are not of reports, without their salts, which nobody asks the projections for."""

    places: list[tuple[int, int, str, int, PlaceRegistered]] = field(default_factory=list)
    forces: list[tuple[int, int, str, int, ForceRegistered]] = field(default_factory=list)
    alignments: list[tuple[int, int, str, int, ForceAligned]] = field(default_factory=list)
    sources: list[tuple[int, int, str, int, SourceRegistered]] = field(default_factory=list)
    others: list[tuple[int, int, str, int, str, Raw]] = field(default_factory=list)
    """By name, as the codec writes them: places with a shape, whose lists would not come back as tuples."""

    @classmethod
    def of(cls, events: Iterable[Recorded]) -> Registered:
        found = cls()
        for each in events:
            match each.event:
                case PlaceRegistered(place) if place.shape is None:
                    found.places.append((*_PLACED(each), each.event))
                case ForceRegistered():
                    found.forces.append((*_PLACED(each), each.event))
                case ForceAligned():
                    found.alignments.append((*_PLACED(each), each.event))
                case SourceRegistered():
                    found.sources.append((*_PLACED(each), each.event))
                case other:
                    name, data = encode(other)
                    found.others.append((*_PLACED(each), name, Raw(data)))
        return found

    def events(self) -> list[Recorded]:
        """In the order of the log."""
        lines: Iterator[tuple[Any, ...]] = chain(
            self.places,
            self.forces,
            self.alignments,
            self.sources,
            ((*placed, decode(name, bytes(data))) for *placed, name, data in self.others),
        )
        return list(starmap(Recorded, sorted(lines)))
