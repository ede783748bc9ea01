"""Answers as GeoJSON (RFC 7946): each view as a FeatureCollection, one place as a Feature.

A place has the geometry of its shape, or else of its location, or else none.
"""

from __future__ import annotations

from typing import Any

from domain.claims import Names
from domain.place import Place
from service.answers import Json
from service.registry_view import shape_json
from service.report_view import named
from service.sheets import Places


def of_map(answer: Json, places: Places) -> Json:
    """A place a feature."""
    return _collection(answer, "places", [feature_of(places[each["place"]], each) for each in answer["places"]])


def of_place(answer: Json, places: Places) -> Json:
    return feature_of(places[answer["place"]], answer)


def of_timeline(answer: Json, places: Places) -> Json:
    """A segment a feature, with the time that it stands for."""
    place = places[answer["place"]]
    features = [feature_of(place, each, id=f"{place.id}-{i}") for i, each in enumerate(answer["segments"])]
    return _collection(answer, "segments", features)


def of_changes(answer: Json, places: Places) -> Json:
    """A place a feature, also of what came to be thought."""
    return _collection(answer, "changes", [feature_of(places[each["place"]], each) for each in answer["changes"]])


def of_tallies(answer: Json, places: Places) -> Json:
    """A group a feature, where its place is if it is of one."""
    features = [
        {"type": "Feature", "id": i, "geometry": _where(places, each.get("place")), "properties": each}
        for i, each in enumerate(answer["tallies"])
    ]
    return _collection(answer, "tallies", features)


def of_reports(answer: Json, places: Places) -> Json:
    """A report a feature, at the locations of the places that its claims name."""
    features = [
        {"type": "Feature", "id": each["id"], "geometry": _locations(each, places), "properties": each}
        for each in answer["reports"]
    ]
    return _collection(answer, "reports", features)


def geometry(place: Place) -> Json | None:
    if place.shape is not None:
        return shape_json(place.shape)
    location = place.location
    return None if location is None else {"type": "Point", "coordinates": [location.lon, location.lat]}


def feature_of(place: Place, properties: Json, id: str | None = None) -> Json:
    named = {"name": place.name, "kind": place.kind, **properties}
    return {"type": "Feature", "id": id or place.id, "geometry": geometry(place), "properties": named}


def _collection(answer: Json, without: str, features: list[Json]) -> Json:
    """What else the answer has stands beside the features, as RFC 7946 §6.1 allows."""
    rest: dict[str, Any] = {name: value for name, value in answer.items() if name != without}
    return {"type": "FeatureCollection", "features": features, **rest}


def _where(places: Places, id: str | None) -> Json | None:
    return None if id is None else geometry(places[id])


def _locations(report: Json, places: Places) -> Json | None:
    found = (places[id].location for id in named(report, Names.PLACE) if id in places)
    points = [[each.lon, each.lat] for each in found if each is not None]
    return {"type": "MultiPoint", "coordinates": points} if points else None
