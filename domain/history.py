"""A report as of any knowledge time (control.md §4, the first paragraph)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from domain.credibility import UNSAID, Credibility
from domain.events import Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRedacted, ReportRetracted
from domain.report import Report


@dataclass(frozen=True, slots=True)
class Content:
    """What a filing or a correction says, as which version, and when and where it was recorded."""

    report: Report
    version: int
    position: int
    recorded_at: int


class ReportHistory:
    """Everything that has happened to one report. Knowledge times are positions.

    It is built from the report's stream, event by event; nothing keeps a second copy of those.
    """

    __slots__ = ("_contents", "_erased", "_grades", "events", "id", "retraction")

    def __init__(self, id: str) -> None:
        self.id = id
        self.events: list[Recorded] = []
        self.retraction: Recorded | None = None
        self._contents: list[Content] = []
        self._grades: list[tuple[int, Credibility]] = []
        self._erased: dict[int, dict[str, Recorded]] = {}

    def add(self, recorded: Recorded) -> None:
        """The next event of the report."""
        match recorded.event:
            case ReportFiled(report=report):
                self._put(recorded, report)
                self._grades.append((recorded.position, report.credibility or UNSAID))
            case ReportCorrected(report=report):
                self._put(recorded, report)
                if report.credibility is not None:
                    self._grades.append((recorded.position, report.credibility))
            case ReportAssessed(credibility=credibility):
                self._grades.append((recorded.position, credibility))
            case ReportRetracted():
                self.retraction = recorded
            case ReportRedacted(erased=erased):
                for each in erased:
                    self._erased.setdefault(each.version, {}).update(dict.fromkeys(each.parts, recorded))
            case other:
                raise ValueError(f"{type(other).__name__} does not happen to a report")
        self.events.append(recorded)

    def _put(self, recorded: Recorded, report: Report) -> None:
        self._contents.append(Content(report, recorded.version, recorded.position, recorded.recorded_at))

    @property
    def filed(self) -> Recorded:
        return self.events[0]

    def content(self, known_at: int) -> Content | None:
        """The newest filing or correction; None before the filing."""
        before = bisect_right(self._contents, known_at, key=lambda content: content.position)
        return self._contents[before - 1] if before else None

    def grade(self, known_at: int) -> Credibility:
        """By the newest assessment; a filing's or a correction's own credibility is one."""
        before = bisect_right(self._grades, known_at, key=lambda grade: grade[0])
        return self._grades[before - 1][1]

    def retracted(self, known_at: int) -> bool:
        return self.retraction is not None and self.retraction.position <= known_at

    def version(self, known_at: int) -> int:
        """How many events there were."""
        return bisect_right(self.events, known_at, key=lambda event: event.position)

    def erased(self, version: int) -> Mapping[str, Recorded]:
        """What is gone of the event of that version: its parts by their JSON Pointers, and what redacted them.

        It is gone at every knowledge time, also at those before the redaction.
        """
        return self._erased.get(version, {})
