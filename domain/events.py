"""What has happened to the chronology: past tense, one per fact, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from domain.credibility import Credibility
from domain.force import Force
from domain.place import Place
from domain.redacted import Redacted, Words
from domain.report import Report
from domain.source import Source
from domain.when.window import Occurred


@dataclass(frozen=True, slots=True)
class PlaceRegistered:
    place: Place


@dataclass(frozen=True, slots=True)
class ForceRegistered:
    force: Force


@dataclass(frozen=True, slots=True)
class ForceAligned:
    """`force` is aligned with `with_` from the earliest of `from_` until the latest of `until`; None is open."""

    force: str
    with_: str
    from_: Occurred | None = None
    until: Occurred | None = None


@dataclass(frozen=True, slots=True)
class SourceRegistered:
    source: Source


@dataclass(frozen=True, slots=True)
class ReportFiled:
    id: str
    report: Report


@dataclass(frozen=True, slots=True)
class ReportCorrected:
    """Replaces the whole content; a report that names no credibility leaves the grade as it stands."""

    id: str
    report: Report
    reason: Words


@dataclass(frozen=True, slots=True)
class ReportAssessed:
    id: str
    credibility: Credibility
    reason: Words


@dataclass(frozen=True, slots=True)
class ReportRetracted:
    id: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Erased:
    """Parts of the event of that version, each by its JSON Pointer in the event's data (`/report/text`)."""

    version: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportRedacted:
    """Words of the report's earlier events are gone, everywhere. It changes nothing of what the report counts for."""

    id: str
    erased: tuple[Erased, ...]
    reason: Words


Event = (
    PlaceRegistered
    | ForceRegistered
    | ForceAligned
    | SourceRegistered
    | ReportFiled
    | ReportCorrected
    | ReportAssessed
    | ReportRetracted
    | ReportRedacted
)


OF_REPORTS = (ReportFiled, ReportCorrected, ReportAssessed, ReportRetracted, ReportRedacted)
"""The events of a report's stream."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in the log: its position (1, 2, 3, …), when it was recorded (an instant), its stream and version.

    `salt` is what the log's tree seals its erasable parts with (event_store/salts.py); empty where it is not known.
    """

    position: int
    recorded_at: int
    stream: str
    version: int
    event: Event
    salt: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Run:
    """Events of reports that stand one behind the other, in columns; `first` is the position of the first.

    What an event says need not be made into what it is here: it has the same fields under the same names, and theirs
    have too, down to each claim's, with its `kind`. Then an open start of a window is None, a grade is its word, and
    `made()` gives the domain's own.
    """

    first: int
    recorded_at: Sequence[int]
    versions: Sequence[int]
    kinds: Sequence[type[Event]]
    events: Sequence[Any]

    @property
    def position(self) -> int:
        """Of the last."""
        return self.first + len(self) - 1

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> Iterator[Run]:
        """Each by itself."""
        columns = zip(self.recorded_at, self.versions, self.kinds, self.events, strict=True)
        for position, (recorded_at, version, kind, event) in enumerate(columns, self.first):
            yield Run(position, [recorded_at], [version], [kind], [event])


def runs(events: Iterable[Recorded | Run]) -> Iterator[Recorded | Run]:
    """The same, events of reports put together as far as they stand one behind the other."""
    apart: list[Recorded] = []
    for each in events:
        if isinstance(each, Recorded) and isinstance(each.event, OF_REPORTS):
            if apart and each.position != apart[-1].position + 1:
                yield _run(apart)
                apart = []
            apart.append(each)
            continue
        if apart:
            yield _run(apart)
            apart = []
        yield each
    if apart:
        yield _run(apart)


def _run(recorded: Sequence[Recorded]) -> Run:
    return Run(
        recorded[0].position,
        [each.recorded_at for each in recorded],
        [each.version for each in recorded],
        [type(each.event) for each in recorded],
        [each.event for each in recorded],
    )


def stream_of(event: Event) -> str:
    """The stream an event belongs to: a report, or an entry of a registry, each by its id."""
    match event:
        case (  # first: most events are of reports
            ReportFiled(id=id)
            | ReportCorrected(id=id)
            | ReportAssessed(id=id)
            | ReportRetracted(id=id)
            | ReportRedacted(id=id)
        ):
            return report_stream(id)
        case PlaceRegistered(place):
            return f"place:{place.id}"
        case ForceRegistered(force):
            return f"force:{force.id}"
        case ForceAligned(force=id):
            return f"force:{id}"
        case SourceRegistered(source):
            return f"source:{source.id}"


def report_stream(id: str) -> str:
    """The stream of a report."""
    return f"report:{id}"


def subject_of(event: Event) -> str:
    """The id of what an event is about."""
    return stream_of(event).partition(":")[2]


def same_request(a: Event, b: Event) -> bool:
    """Whether two events say the same as it was written, as far as can be told: erased words could have been any.

    What a window was read as is left aside: a zone's rules may have been revised between a request and its repetition.
    """
    return _alike(a, b)


def _alike(a: object, b: object) -> bool:
    if isinstance(a, Redacted) or isinstance(b, Redacted):
        return isinstance(a, Words) and isinstance(b, Words)
    if type(a) is not type(b):
        return False
    if isinstance(a, Occurred) and isinstance(b, Occurred):
        return a.text == b.text
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_alike, a, b))
    if is_dataclass(a):
        return all(_alike(getattr(a, each.name), getattr(b, each.name)) for each in fields(a))
    return a == b


def has_redacted(value: object) -> bool:
    """Whether words of an event, or of a part of one, were erased."""
    if isinstance(value, tuple):
        return any(map(has_redacted, value))
    if is_dataclass(value) and not isinstance(value, Redacted):
        return any(has_redacted(getattr(value, each.name)) for each in fields(value))
    return isinstance(value, Redacted)
