"""Places that can be held, and how they lie inside each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.shape import Shape


class PlaceKind(StrEnum):
    COUNTRY = "country"
    GOVERNORATE = "governorate"
    DISTRICT = "district"
    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"
    NEIGHBOURHOOD = "neighbourhood"
    FACILITY = "facility"
    BASE = "base"
    HILL = "hill"
    ROAD = "road"
    CROSSING = "crossing"
    AREA = "area"

    @property
    def is_settlement(self) -> bool:
        """A place whose answer stands for the places inside it that nothing is said about (control.md §6)."""
        return self in _SETTLEMENTS

    @property
    def is_region(self) -> bool:
        """A place too wide for that: nothing is inherited through it."""
        return self in _REGIONS


_SETTLEMENTS = frozenset({PlaceKind.CITY, PlaceKind.TOWN, PlaceKind.VILLAGE})
_REGIONS = frozenset({PlaceKind.COUNTRY, PlaceKind.GOVERNORATE, PlaceKind.DISTRICT, PlaceKind.AREA})


@dataclass(frozen=True, slots=True)
class Location:
    """WGS 84, in degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Place:
    """A registered place. `identifiers` maps a scheme (`geonames`) to the place's id there.

    A road or an area can have a `shape`, with or without a `location`, which is where its mark stands.
    """

    id: str
    name: str
    kind: PlaceKind
    parent: str | None = None
    location: Location | None = None
    aliases: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    shape: Shape | None = None
