"""Events that were recorded elsewhere or long ago, held to what the intake takes."""

from __future__ import annotations

from collections.abc import Iterator

from domain.events import (
    Event,
    ForceAligned,
    ForceRegistered,
    PlaceRegistered,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
    SourceRegistered,
    report_stream,
)
from domain.faults import Conflict, Fault, Several, Wrong
from domain.when.instant import BEGINNING
from event_store.codec import NAMES
from event_store.end import End
from event_store.faults import Misplaced
from projections.registries import Registries
from service.intake.checks import (
    check_alignment,
    check_force,
    check_place,
    check_redacted,
    check_report,
    check_source,
)

_FIRST = (PlaceRegistered, ForceRegistered, SourceRegistered, ReportFiled)
"""What every stream begins with, and has nowhere else."""


class Admission:
    """Follows a log from its first event, and checks each on those before it: its place, and what it says."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._end = self._after(0, BEGINNING)
        self._registries = Registries()
        self._reports: set[str] = set()
        self._retracted: set[str] = set()
        self.position = 0

    def check_next(self, recorded: Recorded) -> None:
        """Raise Misplaced for an event that does not follow, and a Fault for one that the intake would have refused.

        The next one is checked as if this had been right, so that one fault is told once; but an alignment that can't
        be is left out, for nothing can be asked of a circle.
        """
        right = False
        try:
            self._check_version(recorded)
            self._end.check_next(recorded)
            self._check(recorded.event, recorded.recorded_at)
            right = True
        finally:
            self._follow(recorded, right)

    def _check_version(self, recorded: Recorded) -> None:
        if isinstance(recorded.event, _FIRST) != (recorded.version == 1):
            name = NAMES[type(recorded.event)]
            raise Wrong(f"a {name} can't be version {recorded.version} of its stream", ("streamversion",))

    def _check(self, event: Event, recorded_at: int) -> None:
        match event:
            case PlaceRegistered(place):
                check_place(place, self._registries)
            case ForceRegistered(force):
                check_force(force)
            case SourceRegistered(source):
                check_source(source, self._registries)
            case ForceAligned() as aligned:
                check_alignment(aligned, self._registries, recorded_at)
            case ReportFiled(report=report):
                check_report(report, self._registries, self._reports, recorded_at)
            case ReportCorrected(id=id, report=report):
                self._check_standing(id)
                check_report(report, self._registries, self._reports, recorded_at)
            case ReportAssessed(id=id) | ReportRetracted(id=id):
                self._check_standing(id)
            case ReportRedacted(id=id) as redacted:
                check_redacted(redacted, self._versions.get(report_stream(id), 0))

    def _check_standing(self, id: str) -> None:
        if id in self._retracted:
            raise Conflict(f"the report {id!r} is retracted")

    def _follow(self, recorded: Recorded, right: bool) -> None:
        match recorded.event:
            case ReportFiled(id=id):
                self._reports.add(id)
            case ReportRetracted(id=id):
                self._retracted.add(id)
            case event if right or not isinstance(event, ForceAligned):
                self._registries.apply(recorded)
        self._versions[recorded.stream] = recorded.version
        self.position = recorded.position
        if not right:
            self._end = self._after(recorded.position, recorded.recorded_at)

    def _after(self, position: int, recorded_at: int) -> End:
        return End(position, recorded_at, lambda stream: self._versions.get(stream, 0))


def told(fault: Fault | Misplaced) -> Iterator[str]:
    """What is wrong, each with its place in the event."""
    if isinstance(fault, Misplaced):
        yield fault.detail
        return
    for each in fault.faults if isinstance(fault, Several) else [fault]:
        place = "/".join(map(str, each.pointer))
        yield f"{place}{': ' if place else ''}{each.detail}"
