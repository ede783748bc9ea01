"""What the reports say, in columns: their voices, their grades, and what they claim of control and of what is counted.

There is no text in it, and no object for a report: a million of them are a few arrays, which take little memory, are
filled quickly, and are written and read as they lie.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import chain
from typing import Any

from domain.claims import Control
from domain.control.knowledge import Account, Voice
from domain.credibility import UNSAID, Credibility
from domain.events import Event, ReportAssessed, ReportCorrected, ReportFiled, ReportRetracted
from domain.tally.mention import COUNTED
from domain.when.instant import BEGINNING
from projections.changes import CORRECTED, RETRACTED, Changes
from projections.columns import Columns
from projections.mentions import Mentions
from projections.numbers import Numbers
from projections.parts import Parts, digest
from projections.statements import Statements
from projections.told import Telling, Told, by_place
from projections.windows import ends

_CONTROL = Control.kind
_UNPUBLISHED = BEGINNING  # nothing was published then
_UNSAID = int(UNSAID)
_NONE = 0

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
        self.ids: list[str] = []
        """By the report's number."""
        self.mentioning = array("I")
        """The reports that ever mentioned what is counted, in the order in which they first did."""
        self._numbers: dict[str, int] = {}  # of the reports, as far as anybody asked
        self._sources: Numbers[tuple[str, str | None]] = Numbers()
        self._filed = array("I")  # by report: its first telling
        self._told = Columns(report="I", position="q", grade="B", voices_end="I")
        self._voices = Columns(source="I", published="q")  # the number of a source and its origin
        self.settled = 0
        """How often what was taken in has settled."""
        self._telling = 0  # the next one
        self._voice = 0

    def take(self, position: int, recorded_at: int, kind: type[Event], event: Any) -> None:
        """Take in the next event. Raises KeyError or a Fault for one that can't follow."""
        if kind is ReportFiled:
            self._filed.append(self._telling)
            self.ids.append(event.id)
            self._tell(len(self.ids) - 1, position, recorded_at, event.report, _UNSAID)
        elif kind is ReportCorrected:
            self._correct(event, position, recorded_at)
        elif kind is ReportAssessed:
            self.changes.add(self.number(event.id), position, _GRADE[event.credibility])
        elif kind is ReportRetracted:
            self.changes.add(self.number(event.id), position, RETRACTED)

    def _correct(self, corrected: Any, position: int, recorded_at: int) -> None:
        report, telling, grade = self.number(corrected.id), self._telling, _GRADE[corrected.report.credibility]
        self._tell(report, position, recorded_at, corrected.report, _NONE)
        self.changes.add(report, position, CORRECTED, telling)
        if grade != _NONE:
            self.changes.add(report, position, grade)

    def _tell(self, report: int, position: int, recorded_at: int, content: Any, grade: int) -> None:
        """A telling, graded as it says or else so."""
        telling, mentions = self._telling, False
        for each in content.sources:
            published = each.published
            latest = _UNPUBLISHED if published is None else published.latest
            if latest is None:
                latest = ends(published, recorded_at)[1]
            self._voices.add((self._sources[each.source, each.origin], latest))
        for index, claim in enumerate(content.claims):
            kind = claim.kind
            if kind == _CONTROL:
                self.statements.add(telling, index, claim, claim.occurred or content.occurred, recorded_at)
            elif kind in COUNTED:
                self.mentions.add(telling, index, claim, claim.occurred or content.occurred, recorded_at)
                mentions = True
        self._voice += len(content.sources)
        self._told.add((report, position, _GRADE[content.credibility] or grade, self._voice))
        self._telling = telling + 1
        if mentions:
            self._note_mentions(report, telling)

    def _note_mentions(self, report: int, telling: int) -> None:
        if self._filed[report] != telling:
            self.settle()
            if any(map(self.mentions.rows, self.tellings(report))):
                return
        self.mentioning.append(report)

    def settle(self) -> None:
        """What was taken in is there."""
        self.settled += 1
        self._told.settle()
        self._voices.settle()
        self.statements.settle()
        self.mentions.settle()
        self.changes.settle(self._places_of)

    def _places_of(self, report: int, known_at: int) -> set[int]:
        """The numbers of the places that a report had ever spoken of by a position."""
        tellings = (each for each in self.tellings(report) if self.position(each) <= known_at)
        return set(map(self.statements.place, chain.from_iterable(map(self.statements.rows, tellings))))

    def tellings(self, report: int) -> list[int]:
        """Every telling of a report; that of its filing first."""
        course = self.changes.of(report)
        return [self._filed[report], *(telling for _, telling in course.corrected)] if course else [self._filed[report]]

    def number(self, id: str) -> int:
        """The number of a report. Raises KeyError for an id that there is none of."""
        known = len(self._numbers)
        if known < len(self.ids):  # a filing needs no look-up, so there are none until somebody asks
            self._numbers.update(zip(self.ids[known:], range(known, len(self.ids)), strict=True))
        return self._numbers[id]

    def report(self, telling: int) -> int:
        """The number of the report that a telling is of."""
        return self._told["report"][telling]

    def position(self, telling: int) -> int:
        return self._told["position"][telling]

    def grade(self, report: int) -> Credibility:
        """As it was filed."""
        return Credibility(self._told["grade"][self._filed[report]])

    def voices(self, telling: int) -> tuple[Voice, ...]:
        start = self._told["voices_end"][telling - 1] if telling else 0
        return tuple(map(self._heard, range(start, self._told["voices_end"][telling])))

    def _heard(self, voice: int) -> Voice:
        number, published = self._voices.row(voice)
        source, origin = self._sources.known[number]
        return Voice(source, origin or source, None if published == _UNPUBLISHED else published)

    def standing(self, report: int, known_at: int) -> tuple[int, Credibility] | None:
        """Its newest telling at a position, and its grade then; None where it is not filed yet, or is retracted."""
        telling = self._filed[report]
        course = self.changes.of(report)
        if self.position(telling) > known_at or (course and course.is_retracted(known_at)):
            return None
        grade: int = self.grade(report)
        if course:
            telling, grade = course.telling(known_at, telling), course.grade(known_at, grade)
        return telling, Credibility(grade)

    def account(self, report: int, place: str, known_at: int) -> Account | None:
        """What a report says of a place, as known; None where that is nothing, or it is retracted."""
        standing, number = self.standing(report, known_at), self.statements.places.get(place)
        if standing is None or number is None:
            return None
        telling, grade = standing
        rows = [row for row in self.statements.rows(telling) if self.statements.place(row) == number]
        id = self.ids[report]
        said = tuple(self.statements.statement(row, id, grade) for row in rows)
        return Account(id, self.voices(telling), said) if said else None

    def reports_about(self, place: str) -> Iterable[int]:
        """The reports that ever spoke of a place, in the order in which they first did."""
        return dict.fromkeys(self.report(self.statements.telling[row]) for row in self.statements.rows_about(place))

    def noted(self, place: str) -> int:
        """How many rows and changes there are about a place."""
        number = self.statements.places.get(place)
        return 0 if number is None else len(self.statements.about[number]) + self.changes.count(number)

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
            report = self.number(id)
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
            "sources": self._sources.known,
            **self._told.parts("tellings"),
            **self._voices.parts("voices"),
            **self.statements.parts(),
            **self.mentions.parts(),
            **self.changes.parts(),
        }

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        self._sources.restore(lambda pair: (pair[0], pair[1]))
        self._telling, self._voice = len(self._told), len(self._voices)
        self.statements.restored()
        self.mentions.restored()
        self.changes.restored()

    def digest(self) -> str:
        return digest(self.parts())
