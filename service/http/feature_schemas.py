"""What answers look like as GeoJSON (RFC 7946), for the OpenAPI document. A test holds real answers to these."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.place import PlaceKind
from service.http.schemas import (
    Answer,
    Asked,
    Disagreement,
    Instant,
    Position,
    ReportItem,
    Revision,
    Schema,
    Segment,
    Shape,
    Tally,
)
from service.http.schemas import Change as ChangedPlace


class Point(Schema):
    type: Literal["Point"]
    coordinates: list[float]


class MultiPoint(Schema):
    type: Literal["MultiPoint"]
    coordinates: list[list[float]]


class Named(Schema):
    name: str
    kind: PlaceKind


class Feature(Schema):
    """Of a place: its shape, or else its location, or else none."""

    type: Literal["Feature"]
    id: str
    geometry: Point | Shape | None


class Properties(Answer, Named):
    pass


class MapFeature(Feature):
    properties: Properties


class MapFeatures(Asked):
    """A GeoJSON FeatureCollection (RFC 7946) with the times of the answer beside it."""

    type: Literal["FeatureCollection"]
    features: list[MapFeature]


class HoldingFeatures(MapFeatures):
    force: str


class ControlFeature(MapFeature, Asked):
    """The answer about one place."""


class SegmentProperties(Segment, Named):
    pass


class SegmentFeature(Feature):
    """A stretch of time: the place's geometry, and what was so from `from` until `until`."""

    properties: SegmentProperties


class TimelineFeatures(Asked):
    type: Literal["FeatureCollection"]
    place: str
    features: list[SegmentFeature]


class ChangeProperties(ChangedPlace, Named):
    pass


class ChangeFeature(Feature):
    properties: ChangeProperties


class ChangeFeatures(Asked):
    type: Literal["FeatureCollection"]
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    features: list[ChangeFeature]


class RevisionProperties(Revision, Named):
    pass


class RevisionFeature(Feature):
    properties: RevisionProperties


class RevisionFeatures(Asked):
    type: Literal["FeatureCollection"]
    from_: Annotated[Position, Field(alias="from")]
    to: Position
    features: list[RevisionFeature]


class DisagreementProperties(Disagreement, Named):
    pass


class DisagreementFeature(Feature):
    properties: DisagreementProperties


class ComparisonFeatures(Asked):
    type: Literal["FeatureCollection"]
    features: list[DisagreementFeature]


class TallyFeature(Schema):
    """A group; where its place is, if it is of one."""

    type: Literal["Feature"]
    id: int
    geometry: Point | Shape | None
    properties: Tally


class TallyFeatures(Asked):
    type: Literal["FeatureCollection"]
    features: list[TallyFeature]


class ReportFeature(Schema):
    """A report, at the locations of the places that its claims name."""

    type: Literal["Feature"]
    id: str
    geometry: MultiPoint | None
    properties: ReportItem


class ReportFeatures(Asked):
    """`next` is the `cursor` of the page after this; null on the last."""

    type: Literal["FeatureCollection"]
    features: list[ReportFeature]
    next: str | None


LINKED: tuple[type[Schema], ...] = (
    MapFeatures,
    HoldingFeatures,
    ControlFeature,
    TimelineFeatures,
    ChangeFeatures,
    RevisionFeatures,
    ComparisonFeatures,
    TallyFeatures,
    ReportFeatures,
)
"""Those that calls refer to by name."""
