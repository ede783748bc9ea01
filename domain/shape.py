"""Lines and areas: roads, fronts, whatever is more than a point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar, cast

from domain.faults import Fault, Wrong

MOST = 5_000
"""The most positions that a shape can have: it is sent to whoever looks at the registry."""

T = TypeVar("T")
Position = tuple[float, float]
"""Longitude and latitude, WGS 84, in degrees."""

Run = tuple[Position, ...]
"""A line, or a ring of an area, which ends where it began."""


class ShapeKind(StrEnum):
    """As GeoJSON calls them (RFC 7946 §1.4)."""

    LINE = "LineString"
    LINES = "MultiLineString"
    AREA = "Polygon"
    AREAS = "MultiPolygon"

    @property
    def is_area(self) -> bool:
        return self in (ShapeKind.AREA, ShapeKind.AREAS)

    @property
    def depth(self) -> int:
        """How many lists its positions lie in."""
        return {ShapeKind.LINE: 1, ShapeKind.AREAS: 3}.get(self, 2)


@dataclass(frozen=True, slots=True)
class Shape:
    """A line or an area; `coordinates` as in GeoJSON (RFC 7946 §3.1.4 to 3.1.7), without altitudes."""

    kind: ShapeKind
    coordinates: tuple[Any, ...]

    @classmethod
    def of(cls, kind: ShapeKind, coordinates: object) -> Shape:
        """Read what came as lists. Raises Wrong with the place of the first fault, `coordinates` or in it."""
        try:
            shape = cls(kind, _nested(coordinates, kind.depth))
            if sum(map(len, shape.runs())) > MOST:
                raise Wrong(f"a shape has at most {MOST} positions")
            _check_runs(shape.coordinates, kind)
        except Fault as fault:
            raise fault.under("coordinates") from None
        return shape

    def runs(self) -> Iterator[Run]:
        """Every line or ring of it."""
        return _runs(self.coordinates, self.kind.depth)


def _nested(value: object, depth: int) -> tuple[Any, ...]:
    """Tuples of tuples of positions, as deep as they have to be."""
    if not isinstance(value, list | tuple) or not value:
        raise Wrong("this must be a list, and not empty")
    read: Callable[[object], Any] = _position if depth == 1 else lambda each: _nested(each, depth - 1)
    return tuple(_at(i, partial(read, each)) for i, each in enumerate(value))


def _at(i: int, read: Callable[[], T]) -> T:
    try:
        return read()
    except Fault as fault:
        raise fault.under(i) from None


def _position(value: object) -> Position:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Wrong("a position is two numbers: longitude and latitude")
    lon, lat = value
    return _at(0, lambda: _degrees(lon, 180)), _at(1, lambda: _degrees(lat, 90))


def _degrees(value: object, most: int) -> float:
    if type(value) not in (int, float) or not -most <= cast(float, value) <= most:  # also of what is no number
        raise Wrong(f"this must be degrees from -{most} to {most}")
    return float(cast(float, value))


def _check_runs(coordinates: tuple[Any, ...], kind: ShapeKind, depth: int = 0) -> None:
    if depth < kind.depth - 1:
        for i, each in enumerate(coordinates):
            _at(i, partial(_check_runs, each, kind, depth + 1))
    elif kind.is_area:
        if len(coordinates) < 4 or coordinates[0] != coordinates[-1]:
            raise Wrong("a ring has four positions or more, and its last is its first")
    elif len(coordinates) < 2:
        raise Wrong("a line has two positions or more")


def _runs(coordinates: tuple[Any, ...], depth: int) -> Iterator[Run]:
    if depth == 1:
        yield coordinates
        return
    for each in coordinates:
        yield from _runs(each, depth - 1)
