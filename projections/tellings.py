"""What the reports say, in columns: their voices, their grades, and what they claim of control and of what is counted.

There is no text in it, and no object for a report: a million of them are a few arrays, which take little memory, are
filled quickly, and are written and read as they lie.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any

from domain.claims import Control
from domain.control.knowledge import Account, Voice
from domain.credibility import UNSAID, Credibility
from domain.events import OF_REPORTS, Event, ReportAssessed, ReportCorrected, ReportFiled, ReportRetracted, Run
from projections.changes import CORRECTED, RETRACTED, Changes
from projections.citations import Citations
from projections.claimed import Contents
from projections.columns import Columns
from projections.mentions import Mentions
from projections.parts import Parts, digest
from projections.reports import Reports
from projections.statements import Statements
from projections.told import Telling, Told, by_place

_CONTROL = Control.kind
_NONE, _UNSAID = 0, int(UNSAID)

_KINDS: dict[type[Event], int] = {kind: number for number, kind in enumerate(OF_REPORTS)}
_FILES = bytes.maketrans(bytes(range(len(OF_REPORTS))), bytes(kind is ReportFiled for kind in OF_REPORTS))
_TELLS = bytes.maketrans(
    bytes(range(len(OF_REPORTS))), bytes(kind in (ReportFiled, ReportCorrected) for kind in OF_REPORTS)
)
"""Of kinds by their numbers, one in a byte, whether they file, and whether they tell something."""

_GRADES = {int(grade): grade for grade in Credibility}

_GRADE: dict[Any, int] = {None: _NONE}
"""By a grade or its word: its number."""
for _grade in Credibility:
    _GRADE |= {_grade: int(_grade), _grade.word: int(_grade)}


class Tellings:
    """Every filing and every correction is a telling; tellings and reports are numbered 0, 1, 2, … as they come."""

    def __init__(self) -> None:
        self.statements = Statements()
        self.mentions = Mentions()
        self.changes = Changes()
        self.reports = Reports()
        self.ids = self.reports.ids
        """By the report's number."""
        self.mentioning = array("I")
        """The reports that ever mentioned what is counted, in the order in which they first did."""
        self.mark = (0, 0)
        """How many rows and changes there are about places."""
        self._citations = Citations()
        self._filed = array("I")  # by report: its first telling
        self._told = Columns(report="I", position="L", grade="B")
        self._report, self._position, self._grade = self._told.by_name.values()

    def take(self, run: Run) -> list[int]:
        """Take in the next events of reports, all or none; the number of each one's report.

        What they say is put column by column: one event after the other would take twice as long. Raises KeyError or
        a Fault for one that can't follow.
        """
        kinds = bytes(map(_KINDS.__getitem__, run.kinds))
        files, tells = kinds.translate(_FILES), kinds.translate(_TELLS)
        numbers, filed = self.reports.read(run, files)
        first = len(self._told)
        reports = [event.report for event in compress(run.events, tells)]
        contents = Contents(reports, list(compress(run.recorded_at, tells)))
        cited = self._citations.read(contents)
        stated = self.statements.read(contents, first)
        mentioned = self.mentions.read(stated.others)
        self.reports.take(filed)  # from here on nothing is amiss
        self._tell(run, numbers, tells, bytes(compress(files, tells)), reports)
        self._citations.take(cited)
        self.statements.take(stated)
        self.mentions.take(mentioned)
        if len(filed) < len(run):
            self._change(run, numbers, files, first)
        self._note_mentions(dict.fromkeys(mentioned[0] if mentioned else ()))
        self.mark = len(self.statements), len(self.changes)
        return numbers

    def _tell(self, run: Run, numbers: list[int], tells: bytes, files: bytes, reports: Sequence[Any]) -> None:
        """The filings and corrections of a run, of each whether it files; the numbers are those of the reports."""
        first = len(self._told)
        self._filed.fromlist(list(compress(range(first, first + len(files)), files)))
        grades = [_GRADE[each.credibility] for each in reports]
        if _NONE in grades:
            grades = [grade or (_UNSAID if filed else _NONE) for grade, filed in zip(grades, files, strict=True)]
        self._told.extend(
            list(compress(numbers, tells)),
            list(compress(range(run.first, run.position + 1), tells)),
            grades,
        )

    def _change(self, run: Run, numbers: list[int], files: bytes, tellings: int) -> None:
        """What becomes of reports; `tellings` is how many there are before the run."""
        rows = []
        for i in [i for i, is_filed in enumerate(files) if not is_filed]:
            number, position, event, kind = numbers[i], run.first + i, run.events[i], run.kinds[i]
            if kind is ReportCorrected:
                rows.append((number, position, CORRECTED, tellings + i))
                if (grade := _GRADE[event.report.credibility]) != _NONE:
                    rows.append((number, position, grade, 0))
                continue
            tellings -= 1  # it tells nothing
            if kind is ReportAssessed:
                rows.append((number, position, _GRADE[event.credibility], 0))
            elif kind is ReportRetracted:
                rows.append((number, position, RETRACTED, 0))
        self.changes.take(rows, self._filed, self.statements.places_of)

    def _note_mentions(self, tellings: Iterable[int]) -> None:
        """Of tellings that mention what is counted, in order, the reports whose first they are to do so."""
        reports = self._report
        for telling in tellings:
            report = reports[telling]
            if self._filed[report] == telling or not self._mentioned(report, telling):
                self.mentioning.append(report)

    def _mentioned(self, report: int, before: int) -> bool:
        """Whether a telling of the report, before that one, mentions what is counted."""
        return any(map(self.mentions.rows, (telling for telling in self.tellings(report) if telling < before)))

    def tellings(self, report: int) -> list[int]:
        """Every telling of a report; that of its filing first."""
        return [self._filed[report], *self.changes.tellings(report)]

    def report(self, telling: int) -> int:
        """The number of the report that a telling is of."""
        return self._report[telling]

    def position(self, telling: int) -> int:
        return self._position[telling]

    def grade(self, report: int) -> Credibility:
        """As it was filed."""
        return _GRADES[self._grade[self._filed[report]]]

    def voices(self, telling: int) -> tuple[Voice, ...]:
        return self._citations.voices(telling)

    def standing(self, report: int, known_at: int) -> tuple[int, Credibility] | None:
        """Its newest telling at a position, and its grade then; None where it is not filed yet, or is retracted."""
        telling = self._filed[report]
        course = self.changes.of(report)
        if self._position[telling] > known_at or (course and course.is_retracted(known_at)):
            return None
        grade = self._grade[telling]
        if course:
            telling, grade = course.telling(known_at, telling), course.grade(known_at, grade)
        return telling, _GRADES[grade]

    def account(self, report: int, place: str, known_at: int) -> Account | None:
        """What a report says of a place, as known; None where that is nothing, or it is retracted."""
        standing, number = self.standing(report, known_at), self.statements.places.get(place)
        if standing is None or number is None:
            return None
        telling, grade = standing
        rows = self.statements.rows_of(telling, number)
        id = self.ids[report]
        said = tuple(self.statements.statement(row, id, grade) for row in rows)
        return Account(id, self.voices(telling), said) if said else None

    def reports_about(self, place: str) -> Iterable[int]:
        """The reports that ever spoke of a place, in the order in which they first did."""
        return dict.fromkeys(self.report(self.statements.telling[row]) for row in self.statements.rows_about(place))

    def noted(self, place: str) -> int:
        """How many rows and changes there are about a place."""
        number = self.statements.places.get(place)
        return 0 if number is None else len(self.statements.rows_about(place)) + self.changes.count(number)

    def noted_since(self, mark: tuple[int, int]) -> set[str]:
        """The places that more is about than there was at a mark."""
        rows, changes = mark
        numbers = self.statements.places_since(rows) | self.changes.places_since(changes)
        return {self.statements.places.known[number] for number in numbers}

    def changes_about(self, place: str, after: int) -> list[tuple[int, int]]:
        """The positions, in order, of what came after one of reports that speak of a place, or did so before; each with
        its report's number."""
        rows = self.statements.rows_about(place)
        start = bisect_right(rows, after, key=self._position_of)
        told = {(self._position_of(row), self.report(self.statements.telling[row])) for row in rows[start:]}
        number = self.statements.places.get(place)
        return sorted(told.union(() if number is None else self.changes.about(number, after)))

    def _position_of(self, row: int) -> int:
        return self.position(self.statements.telling[row])

    def told(self, id: str) -> Told | None:
        """What a report says of who held what; None where there is no such report."""
        try:
            report = self.reports.number(id)
        except KeyError:
            return None
        tellings = [self._telling_of(each, id) for each in self.tellings(report)]
        course = self.changes.of(report)
        grades = [(tellings[0].position, self.grade(report))]
        grades += [(position, Credibility(grade)) for position, grade in course.graded] if course else []
        return Told(id, tellings, grades, course.retracted if course else None)

    def _telling_of(self, telling: int, id: str) -> Telling:
        said = (self.statements.statement(row, id, UNSAID) for row in self.statements.rows(telling))
        return Telling(self.position(telling), self.voices(telling), by_place(said))

    def parts(self) -> Parts:
        return {
            "reports.ids": self.ids,
            "reports.filed": self._filed,
            "reports.mentioning": self.mentioning,
            **self._told.parts("tellings"),
            **self._citations.parts(),
            **self.statements.parts(),
            **self.mentions.parts(),
            **self.changes.parts(),
        }

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        self._citations.restored()
        self.statements.restored()
        self.mentions.restored()
        self.changes.restored()
        self.mark = len(self.statements), len(self.changes)

    def digest(self) -> str:
        return digest(self.parts())
