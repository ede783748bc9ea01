"""Forms for what can be named in a report: places, forces, alignments, sources."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from domain.events import ForceAligned
from domain.faults import Fault
from domain.force import Force
from domain.place import Location, Place, PlaceKind
from domain.shape import MOST, Shape, ShapeKind
from domain.source import Reliability, Source
from domain.when.zone import Zone
from service.forms.reading import read_optional
from service.forms.texts import MAX_LIST, Form, Line, Lines, Slug, Written

PlaceKindWord = Annotated[PlaceKind, Field(strict=False)]
ShapeType = Annotated[ShapeKind, Field(strict=False)]
ReliabilityLetter = Annotated[Reliability, Field(strict=False)]


class LocationForm(Form):
    """WGS 84, in degrees."""

    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class ShapeForm(Form):
    """A line or an area as a GeoJSON geometry (RFC 7946): WGS 84, in degrees, longitude first, without altitudes."""

    type: ShapeType
    coordinates: Annotated[
        list[Any],
        Field(
            min_length=1,
            description=f"At most {MOST} positions [lon, lat]; the rings of an area end where they began",
            examples=[[[36.75, 35.13], [36.72, 34.73]]],
        ),
    ]

    def shape(self) -> Shape:
        """Raises Wrong for coordinates that are none of its type."""
        try:
            return Shape.of(self.type, self.coordinates)
        except Fault as fault:
            raise fault.under("shape") from None


class PlaceForm(Form):
    id: Slug
    name: Line
    kind: PlaceKindWord
    parent: Slug | None = None
    location: LocationForm | None = None
    shape: ShapeForm | None = None
    aliases: Lines = []
    identifiers: Annotated[dict[Slug, Line], Field(max_length=MAX_LIST)] = {}

    def place(self) -> Place:
        """Raises Wrong for a shape that is none."""
        location = None if self.location is None else Location(self.location.lon, self.location.lat)
        identifiers = tuple(sorted(self.identifiers.items()))
        shape = None if self.shape is None else self.shape.shape()
        return Place(self.id, self.name, self.kind, self.parent, location, tuple(self.aliases), identifiers, shape)


class ForceForm(Form):
    id: Slug
    name: Line
    kind: Line | None = None
    aliases: Lines = []

    def force(self) -> Force:
        return Force(self.id, self.name, self.kind, tuple(self.aliases))


class AlignmentForm(Form):
    """Runs from the earliest of `from` until the latest of `until`; either left out is open."""

    with_: Annotated[Slug, Field(alias="with")]
    from_: Annotated[Written | None, Field(alias="from")] = None
    until: Written | None = None

    def aligned(self, force: str, zone: Zone) -> ForceAligned:
        """Raises Unreadable or Wrong for windows that can't be read."""
        return ForceAligned(
            force, self.with_, read_optional(self.from_, zone, "from"), read_optional(self.until, zone, "until")
        )


class SourceForm(Form):
    id: Slug
    name: Line
    kind: Line | None = None
    reliability: ReliabilityLetter | None = None
    affiliation: Slug | None = None

    def source(self) -> Source:
        return Source(self.id, self.name, self.kind, self.reliability, self.affiliation)
