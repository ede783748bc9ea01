"""How registered places, forces and sources look from outside."""

from __future__ import annotations

from domain.alignments import Alignment
from domain.events import ForceAligned, Recorded
from domain.force import Force
from domain.place import Place
from domain.shape import Shape
from domain.source import Source
from domain.when.instant import text, text_or_none
from service.answers import Json


def place_json(place: Place) -> Json:
    location = place.location and {"lon": place.location.lon, "lat": place.location.lat}
    return {
        "id": place.id,
        "name": place.name,
        "kind": place.kind,
        "parent": place.parent,
        "location": location,
        "shape": place.shape and shape_json(place.shape),
        "aliases": place.aliases,
        "identifiers": dict(place.identifiers),
    }


def shape_json(shape: Shape) -> Json:
    """As a GeoJSON geometry."""
    return {"type": shape.kind, "coordinates": shape.coordinates}


def force_json(force: Force, aligned: list[tuple[Recorded, Alignment]]) -> Json:
    return {
        "id": force.id,
        "name": force.name,
        "kind": force.kind,
        "aliases": force.aliases,
        "alignments": [_alignment(recorded, each) for recorded, each in aligned],
    }


def _alignment(recorded: Recorded, alignment: Alignment) -> Json:
    event = recorded.event
    if not isinstance(event, ForceAligned):
        raise TypeError(f"{event!r} is no alignment")
    return {
        "with": alignment.other,
        "from": event.from_ and event.from_.text,
        "until": event.until and event.until.text,
        "window": {"from": text_or_none(alignment.start), "until": text_or_none(alignment.end)},
        "position": recorded.position,
        "recorded_at": text(recorded.recorded_at),
    }


def source_json(source: Source) -> Json:
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "reliability": source.reliability,
        "affiliation": source.affiliation,
    }
