"""What is registered, as a snapshot of it is written: JSON that is read straight into the domain's objects.

It is for what is known to be as it was written: the codec takes ten times as long, and says what is amiss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, starmap
from operator import attrgetter
from typing import Any

from msgspec import Raw, Struct, field, json
from msgspec.json import Decoder

from domain.events import ForceAligned, ForceRegistered, PlaceRegistered, Recorded, SourceRegistered
from event_store.codec import decode, encode

_PLACED = attrgetter("position", "recorded_at", "stream", "version")


class _Registered(Struct, array_like=True):
    """Events that are not of reports, without their salts."""

    places: list[tuple[int, int, str, int, PlaceRegistered]] = field(default_factory=list)
    forces: list[tuple[int, int, str, int, ForceRegistered]] = field(default_factory=list)
    alignments: list[tuple[int, int, str, int, ForceAligned]] = field(default_factory=list)
    sources: list[tuple[int, int, str, int, SourceRegistered]] = field(default_factory=list)
    others: list[tuple[int, int, str, int, str, Raw]] = field(default_factory=list)
    """By name, as the codec writes them: places with a shape, whose lists would not come back as tuples."""

    def add(self, recorded: Recorded) -> None:
        match recorded.event:
            case PlaceRegistered(place) if place.shape is None:
                self.places.append((*_PLACED(recorded), recorded.event))
            case ForceRegistered():
                self.forces.append((*_PLACED(recorded), recorded.event))
            case ForceAligned():
                self.alignments.append((*_PLACED(recorded), recorded.event))
            case SourceRegistered():
                self.sources.append((*_PLACED(recorded), recorded.event))
            case other:
                name, data = encode(other)
                self.others.append((*_PLACED(recorded), name, Raw(data)))


_DECODER = Decoder(_Registered)


def write_registered(events: Iterable[Recorded]) -> bytes:
    found = _Registered()
    for each in events:
        found.add(each)
    return json.encode(found)


def read_registered(data: bytes) -> list[Recorded]:
    """In the order of the log, without salts."""
    found = _DECODER.decode(data)
    others = ((*placed, decode(name, bytes(raw))) for *placed, name, raw in found.others)
    lines: Iterator[tuple[Any, ...]] = chain(found.places, found.forces, found.alignments, found.sources, others)
    return list(starmap(Recorded, sorted(lines)))
