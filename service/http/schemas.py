"""What answers look like, for the OpenAPI document. A test holds real answers to these."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.control.state import Status
from domain.place import PlaceKind
from domain.shape import ShapeKind
from domain.source import Reliability
from service.forms.reports import CredibilityWord
from service.http.problems import Problem

Instant = Annotated[datetime, Field(json_schema_extra={"format": "date-time"})]
Position = Annotated[int, Field(ge=0, description="A position in the log")]


class Schema(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Receipt(Schema):
    """What was appended: its id, its version there, its position in the log, and when it was recorded."""

    id: str
    version: Annotated[int, Field(ge=1)]
    position: Annotated[int, Field(ge=1)]
    recorded_at: Instant


class LineAnswer(Schema):
    """What became of one line of many: `body` with 201 and 200, else `problem`."""

    line: Annotated[int, Field(ge=1)]
    status: int
    body: Receipt | None = None
    problem: Problem | None = None


class Asked(Schema):
    """`known_at` is the position that the answer is known at, `as_of_position` how far the projections were."""

    at: Instant
    known_at: Position
    as_of_position: Position


class Shown(Schema):
    status: Status
    holders: list[str]
    parties: list[str]
    challenger: list[str] | None


class Since(Schema):
    """Null is minus infinity; `latest` is null only where `earliest` is: it had been so as far back as is told."""

    earliest: Instant | None
    latest: Instant | None


class Answer(Shown):
    """control.md §6. `basis`, `dissent` and `unconfirmed` are ids of reports; the counts come with `evidence`."""

    place: str
    before: Shown | None
    after: Shown | None
    since: Since | None
    last_confirmed: Instant | None
    credibility: CredibilityWord | None
    basis: list[str]
    dissent: list[str]
    unconfirmed: list[str]
    inherited_from: str | None
    exceptions: list[str]
    basis_count: int | None = None
    dissent_count: int | None = None
    unconfirmed_count: int | None = None


class CloudEvent(Schema):
    """An event as a CloudEvent (1.0, structured JSON). `sequence` is its position in digits that sort as text, `salt`
    what the log's tree seals its erasable parts with (base64); once some are erased, `salts` has those of the others.
    """

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: Instant
    recordedtime: Instant
    sequence: Annotated[str, Field(pattern="^[0-9]{20}$")]
    streamversion: Annotated[int, Field(ge=1)]
    datacontenttype: Literal["application/json"]
    data: dict[str, Any]
    salt: str | None = None
    salts: str | None = None


class ProvenEvent(Schema):
    """An event, and that it is in the log of that size: hashes in base64 (RFC 9162)."""

    event: CloudEvent
    position: Annotated[int, Field(ge=1)]
    size: Annotated[int, Field(ge=1)]
    leaf_hash: str
    hashes: list[str]


class Proofs(Schema):
    """The log's checkpoint at `known_at`, and every event until then of the reports in the basis."""

    checkpoint: str
    events: list[ProvenEvent]


class Control(Answer, Asked):
    """The answer about one place; `proofs` where they are asked for."""

    proofs: Proofs | None = None


class Segment(Answer):
    """From `from` until, not including, `until`; null is an open end."""

    from_: Annotated[Instant | None, Field(alias="from")]
    until: Instant | None


class Timeline(Asked):
    place: str
    segments: list[Segment]


class Map(Asked):
    places: list[Answer]


class Holdings(Map):
    """The places that the force, or one aligned under it, held at that instant."""

    force: str


class Total(Schema):
    """At least `low`, at most `high` (null: nobody knows), by so many happenings; `conflicts` are events whose figures
    have nothing in common. The count comes with `evidence`."""

    low: Annotated[int, Field(ge=0)]
    best: Annotated[int, Field(ge=0)]
    high: int | None
    happenings: Annotated[int, Field(ge=1)]
    conflicts: list[str]
    reports: list[str]
    reports_count: int | None = None


class Tally(Schema):
    """`side`, `place`, and `from` and `until` of the period are there where they are grouped by; a `side` is null for
    strikes by nobody knows whom. A measure of which nothing is said is null."""

    side: str | None = None
    place: str | None = None
    from_: Annotated[Instant | None, Field(alias="from")] = None
    until: Instant | None = None
    killed: Total | None
    injured: Total | None
    captured: Total | None
    strikes: Total | None
    clashes: Total | None


class Tallies(Asked):
    tallies: list[Tally]


class AnswerEffect(Schema):
    """The answer about a place at an instant, as it is and as it would be."""

    place: str
    at: Instant
    from_: Annotated[Answer, Field(alias="from")]
    to: Answer


class DryRun(Asked):
    """What a request would do. `contradicts` are the reports that would stand against it, or that it denies; `repeats`
    those that make such a claim already: of its kind, about the same places and forces, in the same window. `erases` is
    there for redactions.
    """

    dry_run: Literal[True]
    id: str
    version: Annotated[int, Field(ge=1)]
    already_there: bool
    changes: list[AnswerEffect]
    contradicts: list[str]
    repeats: list[str]
    erases: list[Erased] | None = None


class Change(Schema):
    """`reports` are those whose windows begin or end where the answer changed in between."""

    place: str
    before: Answer
    after: Answer
    reports: list[str]


class Changes(Asked):
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    changes: list[Change]


class EventLine(Schema):
    """An event in brief: where it stands, what it was, and of what."""

    position: Annotated[int, Field(ge=1)]
    type: str
    id: str


class Revision(Schema):
    """`before` is null for a place that was not known then; `events` are those that changed the answer in between."""

    place: str
    before: Answer | None
    after: Answer
    events: list[EventLine]


class Revisions(Asked):
    from_: Annotated[Position, Field(alias="from")]
    to: Position
    changes: list[Revision]


class Disagreement(Schema):
    """The answer under each lens, by its name."""

    place: str
    answers: dict[str, Answer]


class Comparison(Asked):
    places: list[Disagreement]


class EventThatCameIn(EventLine):
    recorded_at: Instant


class Frame(Schema):
    """One step of a replay: the places whose answer changed. `event` is there on the axis `knowledge`."""

    at: Instant
    known_at: Position
    event: EventThatCameIn | None = None
    places: list[Answer]


class Events(Asked):
    """`next` is the `after` of the page after this; at the end of the log, of what will come."""

    events: list[CloudEvent]
    next: Position


class AnswerEvent(Schema):
    """A CloudEvent: the answers that changed at an instant, as known at a position; `event` is what came in then."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: Literal["control-changed.v1"]
    time: Instant
    recordedtime: Instant
    sequence: str
    datacontenttype: Literal["application/json"]
    data: Frame


class AnswerEvents(Asked):
    """`next` is the `after` of the page after this."""

    events: list[AnswerEvent]
    next: str


class Inclusion(Schema):
    """That the event at a position is in the log of that size: hashes in base64 (RFC 9162, leaf index position - 1)."""

    position: Annotated[int, Field(ge=1)]
    size: Annotated[int, Field(ge=1)]
    leaf_hash: str
    hashes: list[str]


class Consistency(Schema):
    """That the log of size `to` begins with the one of size `from`: hashes in base64 (RFC 9162)."""

    from_: Annotated[int, Field(alias="from", ge=1)]
    to: Annotated[int, Field(ge=1)]
    hashes: list[str]


class Window(Schema):
    """What an `occurred` was read as; null is minus infinity."""

    earliest: Instant | None
    latest: Instant


class When(Schema):
    position: Annotated[int, Field(ge=1)]
    recorded_at: Instant


class Retraction(When):
    reason: str


class Redaction(When):
    """What is gone, and when and why. `parts` are JSON Pointers to the texts that are empty for it."""

    parts: list[str]
    reason: str


class Erased(Schema):
    """What a redaction erased of the event of a version: JSON Pointers in that event's data."""

    version: Annotated[int, Field(ge=1)]
    parts: list[str]


class Citation(Schema):
    source: str
    citation: str | None = None
    url: str | None = None
    published: str | None = None
    origin: str | None = None


class Content(Schema):
    """A claim has the fields it came with (see the forms), and the window it is read as."""

    text: str
    occurred: str
    window: Window
    sources: list[Citation]
    claims: list[dict[str, Any]]


class ReportItem(Content):
    id: str
    version: int
    credibility: CredibilityWord
    filed: When
    retracted: Retraction | None
    redacted: list[Redaction]


class ReportInBrief(Schema):
    """Of a report when, about which places and by whom it is (`brief=true`)."""

    id: str
    version: int
    window: Window
    credibility: CredibilityWord
    filed: When
    retracted: When | None
    sources: list[str]
    places: list[str]


class Report(ReportItem, Asked):
    """A report as known."""


class Reports(Asked):
    """`next` is the `cursor` of the page after this; null on the last."""

    reports: list[ReportItem | ReportInBrief]
    next: str | None


class ReportEvent(When):
    type: str
    version: int
    text: str | None = None
    occurred: str | None = None
    window: Window | None = None
    sources: list[Citation] | None = None
    claims: list[dict[str, Any]] | None = None
    credibility: CredibilityWord | None = None
    reason: str | None = None
    erased: list[Erased] | None = None
    redacted: list[Redaction]


class History(Asked):
    id: str
    events: list[ReportEvent]


class LonLat(Schema):
    lon: float
    lat: float


class Shape(Schema):
    """A line or an area as a GeoJSON geometry (RFC 7946), WGS 84."""

    type: ShapeKind
    coordinates: list[Any]


class PlaceItem(Schema):
    id: str
    name: str
    kind: PlaceKind
    parent: str | None
    location: LonLat | None
    shape: Shape | None
    aliases: list[str]
    identifiers: dict[str, str]
    version: int


class Place(PlaceItem, Asked):
    """A place as known."""


class Places(Asked):
    places: list[PlaceItem]


class AlignmentWindow(Schema):
    """From `from` until, not including, `until`; null is an open end."""

    from_: Annotated[Instant | None, Field(alias="from")]
    until: Instant | None


class Alignment(When):
    with_: Annotated[str, Field(alias="with")]
    from_: Annotated[str | None, Field(alias="from")]
    until: str | None
    window: AlignmentWindow


class ForceItem(Schema):
    id: str
    name: str
    kind: str | None
    aliases: list[str]
    alignments: list[Alignment]
    version: int


class Force(ForceItem, Asked):
    """A force as known."""


class Forces(Asked):
    forces: list[ForceItem]


class SourceItem(Schema):
    id: str
    name: str
    kind: str | None
    reliability: Reliability | None
    affiliation: str | None
    version: int


class Source(SourceItem, Asked):
    """A source as known."""


class Sources(Asked):
    sources: list[SourceItem]


class Health(Schema):
    """`position` is how far the projections are, `head` how far the log is; a node on a standby `writes` nothing."""

    status: Literal["ok", "catching up"]
    position: Position | None = None
    head: Position | None = None
    writes: bool | None = None


LINKED: tuple[type[Schema], ...] = (
    Receipt,
    DryRun,
    LineAnswer,
    Control,
    Timeline,
    Map,
    Holdings,
    Tallies,
    Changes,
    Revisions,
    Comparison,
    Reports,
    Report,
    ReportInBrief,
    History,
    Places,
    Place,
    Forces,
    Force,
    Sources,
    Source,
    Events,
    AnswerEvents,
    Frame,
    Inclusion,
    Consistency,
    Health,
)
"""Those that calls refer to by name; what is in them comes with them."""
