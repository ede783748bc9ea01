"""Places as they were registered, which are most of what is, read as fast as can be and as strictly as must be.

What is not recognised to the last field, such as a place with a shape, the codec reads, or refuses.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.json import Decoder

from domain.events import PlaceRegistered
from domain.place import Location, Place, PlaceKind


class _Location(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    lon: float
    lat: float


class _Place(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The form of a Place, as it is written."""

    id: str
    name: str
    kind: PlaceKind
    parent: str | None = None
    location: _Location | None = None
    aliases: tuple[str, ...] = ()
    identifiers: dict[str, str] = {}


class _Registered(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    place: _Place


_read = Decoder(_Registered).decode


def read_place(data: bytes) -> PlaceRegistered:
    """The event of that data. Raises ValueError for what the codec has to read."""
    place = _read(data).place
    location = None if place.location is None else Location(place.location.lon, place.location.lat)
    identifiers = tuple(place.identifiers.items())
    return PlaceRegistered(Place(place.id, place.name, place.kind, place.parent, location, place.aliases, identifiers))
