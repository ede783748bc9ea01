"""What the reports of a generated chronology name: a country with its places, forces and their alignments, sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from benchmarks.shape import Shape
from domain.events import Event, ForceAligned, ForceRegistered, PlaceRegistered, SourceRegistered
from domain.force import Force
from domain.place import Location, Place, PlaceKind
from domain.source import Reliability, Source
from domain.when.notation import read_occurred
from domain.when.zone import Zone

ZONE = Zone("Asia/Damascus")
GOVERNORATES = 14
DISTRICTS = 60
SIDES = ("army", "front", "council")
ALIGNED = {  # who fights under whom, and for how long
    "division-1": ("army", None, None),
    "division-4": ("army", None, "2025-06-01"),
    "militia": ("army", "2024-03-01", None),
    "brigade-north": ("front", None, None),
    "brigade-south": ("front", "2024-05-01", "2025-09-01"),
    "battalion": ("brigade-north", "2024-02-01", None),
    "guard": ("council", None, None),
}
FORCES = (*SIDES, *ALIGNED)
SOURCES = 40
_QUARTERS = 0.1
"""The share of the places that lie inside a settlement."""
_KINDS = (PlaceKind.CITY, *[PlaceKind.TOWN] * 4, *[PlaceKind.VILLAGE] * 8, PlaceKind.BASE, PlaceKind.HILL)
_INSIDE = (PlaceKind.NEIGHBOURHOOD, PlaceKind.NEIGHBOURHOOD, PlaceKind.FACILITY)


@dataclass(frozen=True, slots=True)
class Country:
    """Its places (those that reports tell of), and how much of what is told each of them gets, added up.

    A few towns get most of it: the share of the n-th goes with 1/(n + 20).
    """

    places: tuple[str, ...]
    shares: tuple[float, ...]
    events: tuple[Event, ...]


def country(shape: Shape) -> Country:
    random = Random(shape.seed)
    told = list(_places(shape.places, random))
    shares = [1 / (rank + 20) for rank in range(len(told))]
    if shape.focus:
        shares = [share * (1 - shape.focus) / sum(shares[1:] or [1]) for share in shares]
        shares[0] = shape.focus
    events = [*_regions(), *(PlaceRegistered(place) for place in told), *_forces(), *_sources()]
    return Country(tuple(place.id for place in told), tuple(accumulate(shares)), tuple(events))


def _regions() -> Iterator[Event]:
    yield PlaceRegistered(Place("country", "The country", PlaceKind.COUNTRY))
    for i in range(GOVERNORATES):
        yield PlaceRegistered(Place(f"governorate-{i}", f"Governorate {i}", PlaceKind.GOVERNORATE, "country"))
    for i in range(DISTRICTS):
        parent = f"governorate-{i % GOVERNORATES}"
        yield PlaceRegistered(Place(f"district-{i}", f"District {i}", PlaceKind.DISTRICT, parent))


def _places(count: int, random: Random) -> Iterator[Place]:
    settlements: list[str] = []
    for i in range(count):
        inside = i > 10 and random.random() < _QUARTERS
        kind = random.choice(_INSIDE if inside else _KINDS) if i else PlaceKind.CITY
        parent = random.choice(settlements[:200]) if inside else f"district-{i % DISTRICTS}"
        location = Location(round(random.uniform(35.7, 42.3), 5), round(random.uniform(32.3, 37.3), 5))
        place = Place(f"place-{i}", f"Al-Makān {i}", kind, parent, location, (f"مكان {i}", f"Makan {i}"))
        if kind.is_settlement:
            settlements.append(place.id)
        yield place


def _forces() -> Iterator[Event]:
    for id in FORCES:
        yield ForceRegistered(Force(id, id.replace("-", " ").title()))
    for id, (other, start, end) in ALIGNED.items():
        yield ForceAligned(id, other, start and read_occurred(start, ZONE), end and read_occurred(end, ZONE))  # type: ignore[arg-type]


def _sources() -> Iterator[Event]:
    letters = tuple(Reliability)
    for i in range(SOURCES):
        affiliation = FORCES[i] if i < len(FORCES) else None
        reliability = letters[i % len(letters)] if i % 3 else None
        yield SourceRegistered(Source(f"source-{i}", f"The source {i}", "agency", reliability, affiliation))
