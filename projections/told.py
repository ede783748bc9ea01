"""What the rules of control need of one report, at any knowledge time: no text, and of its claims those of control."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from domain.claims import Control
from domain.control.knowledge import Account, Voice
from domain.control.statement import Statement, state
from domain.credibility import UNSAID, Credibility
from domain.events import Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRetracted
from domain.report import Report
from projections.voices import voices


@dataclass(frozen=True, slots=True)
class Telling:
    """What a filing or a correction says of who held what. `statements` are by place, graded as if nobody had."""

    position: int
    voices: tuple[Voice, ...]
    statements: dict[str, tuple[Statement, ...]]


class Told:
    """A report, from its filing on. Knowledge times are positions."""

    __slots__ = ("_grades", "_retracted", "_tellings", "id")

    def __init__(
        self,
        id: str,
        tellings: Iterable[Telling] = (),
        grades: Iterable[tuple[int, Credibility]] = (),
        retracted: int | None = None,
    ) -> None:
        self.id = id
        self._tellings = list(tellings)
        self._grades = list(grades)
        self._retracted = retracted

    def add(self, recorded: Recorded) -> None:
        """The next event of the report."""
        position = recorded.position
        match recorded.event:
            case ReportFiled(report=report):
                self._tellings.append(_telling(self.id, report, recorded))
                self._grades.append((position, report.credibility or UNSAID))
            case ReportCorrected(report=report):
                self._tellings.append(_telling(self.id, report, recorded))
                if report.credibility is not None:
                    self._grades.append((position, report.credibility))
            case ReportAssessed(credibility=credibility):
                self._grades.append((position, credibility))
            case ReportRetracted():
                self._retracted = position
            case _:
                pass

    def account(self, place: str, known_at: int) -> Account | None:
        """What it says of a place by its newest content; None where that is nothing, or it is retracted."""
        before = bisect_right(self._tellings, known_at, key=lambda telling: telling.position)
        if not before or (self._retracted is not None and self._retracted <= known_at):
            return None
        telling = self._tellings[before - 1]
        statements = telling.statements.get(place)
        if statements is None:
            return None
        grade = self._grades[bisect_right(self._grades, known_at, key=lambda each: each[0]) - 1][1]
        return Account(self.id, telling.voices, tuple(each.graded(grade) for each in statements))

    def statements(self, known_at: int) -> list[Statement]:
        """Everything its newest content says, graded as if nobody had; none before its filing."""
        before = bisect_right(self._tellings, known_at, key=lambda telling: telling.position)
        telling = self._tellings[before - 1] if before else None
        return [] if telling is None else [each for said in telling.statements.values() for each in said]

    def supposing(self, recorded: Recorded) -> Told:
        """The same with one more event; this one stays as it is."""
        found = Told(self.id, self._tellings, self._grades, self._retracted)
        found.add(recorded)
        return found


def _telling(id: str, report: Report, recorded: Recorded) -> Telling:
    said = []
    for index, claim in enumerate(report.claims):
        if isinstance(claim, Control):
            window = (claim.occurred or report.occurred).window(recorded.recorded_at)
            said.append(state(id, index, claim, window, UNSAID))
    return Telling(recorded.position, voices(report, recorded.recorded_at), by_place(said))


def by_place(said: Iterable[Statement]) -> dict[str, tuple[Statement, ...]]:
    found: dict[str, tuple[Statement, ...]] = {}
    for each in said:
        found[each.place] = (*found.get(each.place, ()), each)
    return found
