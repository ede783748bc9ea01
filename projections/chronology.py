"""The reports: one by its id with its history, or those about a place, a force, a source, a kind or a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.claims import Names
from domain.events import Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRetracted
from domain.history import Content, ReportHistory
from domain.report import Report
from domain.when.instant import BEGINNING, END
from projections.fingerprint import fingerprint


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports: every part that is given must fit. `start` and `end` are instants of valid time."""

    places: frozenset[str] | None = None
    forces: frozenset[str] | None = None
    source: str | None = None
    kind: str | None = None
    start: int = BEGINNING
    end: int = END

    def fits(self, content: Content) -> bool:
        report = content.report
        return (
            (self.places is None or _names(report, _PLACES, self.places))
            and (self.forces is None or _names(report, _FORCES, self.forces))
            and (self.source is None or any(self.source in (each.source, each.origin) for each in report.sources))
            and (self.kind is None or any(claim.kind == self.kind for claim in report.claims))
            and self._overlaps(content)
        )

    def _overlaps(self, content: Content) -> bool:
        claims = content.report.claims
        windows = [(each.occurred or content.report.occurred).window(content.recorded_at) for each in claims]
        windows.append(content.report.occurred.window(content.recorded_at))
        return any(window.earliest <= self.end and self.start <= window.latest for window in windows)


_PLACES = frozenset({Names.PLACE})
_FORCES = frozenset({Names.FORCE, Names.FORCE_OR_CIVILIANS, Names.FORCE_OR_SOURCE})


def _names(report: Report, registries: frozenset[Names], ids: frozenset[str]) -> bool:
    """Whether the report names one of the ids as an entry of such a registry."""
    return any(each.names in registries and each.id in ids for each in report.references())


class Chronology:
    """Reports by the order in which they were filed."""

    def __init__(self) -> None:
        self._reports: dict[str, ReportHistory] = {}
        self._filed: list[ReportHistory] = []

    def apply(self, recorded: Recorded) -> None:
        match recorded.event:
            case ReportFiled(id=id):
                history = self._reports[id] = ReportHistory(id)
                history.add(recorded)
                self._filed.append(history)
            case ReportCorrected(id=id) | ReportAssessed(id=id) | ReportRetracted(id=id):
                self._reports[id].add(recorded)
            case _:
                pass

    def get(self, id: str, known_at: int | None = None) -> ReportHistory | None:
        """A report's history; None where there is none, or none yet at that position."""
        history = self._reports.get(id)
        return history if history and (known_at is None or history.filed.position <= known_at) else None

    def find(self, wanted: Wanted, known_at: int, before: int | None = None) -> Iterator[ReportHistory]:
        """The reports as known, newest filed first, those filed before a position only."""
        for history in reversed(self._filed):
            if before is not None and history.filed.position >= before:
                continue
            content = history.content(known_at)
            if content is not None and wanted.fits(content):
                yield history

    def digest(self) -> str:
        return fingerprint((id, self._reports[id].events) for id in sorted(self._reports))
