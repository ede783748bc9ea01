"""Which places of the map are wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.alignments import Alignments
from domain.control.answer import Answer
from domain.control.state import Status
from domain.faults import Unreadable, Wrong
from domain.place import Location, Place, PlaceKind
from domain.shape import Shape
from service.forms.reading import read_given
from service.question import slug, some_of

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Box:
    """In degrees. `west` lies east of `east` in a box across the antimeridian (RFC 7946 §5.2)."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, location: Location) -> bool:
        if not self.south <= location.lat <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= location.lon <= self.east
        return location.lon >= self.west or location.lon <= self.east

    def meets(self, shape: Shape) -> bool:
        """Whether it and the bounds of one of the shape's lines or rings have something in common."""
        return any(self._meets(*zip(*run, strict=True)) for run in shape.runs())

    def _meets(self, lons: tuple[float, ...], lats: tuple[float, ...]) -> bool:
        if max(lats) < self.south or min(lats) > self.north:
            return False
        if self.west <= self.east:
            return min(lons) <= self.east and max(lons) >= self.west
        return max(lons) >= self.west or min(lons) <= self.east

    def shows(self, place: Place) -> bool:
        """Whether the place, or a part of it, may lie in the box."""
        if place.location is not None and self.holds(place.location):
            return True
        return place.shape is not None and self.meets(place.shape)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Every part that is given must fit. `force` may hold or fight there, `holder` has to hold it."""

    box: Box | None = None
    force: str | None = None
    holder: str | None = None
    statuses: frozenset[str] | None = None
    kinds: frozenset[str] | None = None

    @property
    def by_place(self) -> bool:
        """Whether there are places that are not wanted whatever is said of them."""
        return self.kinds is not None or self.box is not None

    @property
    def by_answer(self) -> bool:
        """Whether there are answers that are not wanted."""
        return self.statuses is not None or self.force is not None or self.holder is not None

    def place(self, place: Place) -> bool:
        if self.kinds is not None and place.kind not in self.kinds:
            return False
        return self.box is None or self.box.shows(place)

    def answer(self, answer: Answer, at: int, alignments: Alignments) -> bool:
        """By status, and by a force that is, or covers at that instant, one of those shown to hold or fight."""
        if self.statuses is not None and answer.status not in self.statuses:
            return False
        shown = {*answer.holders, *answer.parties, *(answer.challenger or ())}
        for possible in (answer.before, answer.after):
            if possible is not None:
                shown |= {*possible.holders, *possible.parties, *(possible.challenger or ())}
        return self.force is None or any(alignments.covers(self.force, each, at) for each in shown)

    def holds(self, answer: Answer, at: int, alignments: Alignments) -> bool:
        """Whether one of the holders is the holder that is wanted, or aligned under it at that instant."""
        return self.holder is None or any(alignments.covers(self.holder, each, at) for each in answer.holders)


def narrowing(given: Mapping[str, str]) -> Narrowing:
    """Read `bbox`, `force`, `status` and `kind`. Raises Several with every one that can't be read."""
    found = read_given(given, {"bbox": box, "force": slug, "status": some_of(*Status), "kind": some_of(*PlaceKind)})
    return Narrowing(
        box=found.get("bbox"), force=found.get("force"), statuses=found.get("status"), kinds=found.get("kind")
    )


def box(text: str) -> Box:
    """`west,south,east,north` in degrees. Raises Unreadable for what is no number, Wrong for what is no box."""
    numbers: list[float] = []
    position = 0
    for part in text.split(","):
        if not _NUMBER.fullmatch(part):
            raise Unreadable(f"{part!r} is no number", position)
        numbers.append(float(part))
        position += len(part) + 1
    if len(numbers) != 4:
        raise Wrong("a bbox is four numbers: west,south,east,north")
    found = Box(*numbers)
    if not (-90 <= found.south <= found.north <= 90 and all(-180 <= lon <= 180 for lon in (found.west, found.east))):
        raise Wrong("a bbox is west,south,east,north in degrees, south not above north")
    return found
