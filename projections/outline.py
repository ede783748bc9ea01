"""What stands at each position of the log: when it was recorded, of what type it is, and what it is about."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import get_args

from domain.events import OF_REPORTS, Event, Recorded, Run, subject_of
from projections.columns import INSTANT
from projections.numbers import Numbers
from projections.parts import Parts, digest
from projections.tellings import Tellings

_TYPES: tuple[type[Event], ...] = get_args(Event)
_NUMBER = {type: number for number, type in enumerate(_TYPES)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline. `id` is of the report, place, force or source that the event is about."""

    position: int
    recorded_at: int
    type: type[Event]
    id: str


class Outline:
    """A line for each event, without what it says. Positions are of the log: 1, 2, 3, …"""

    def __init__(self, tellings: Tellings) -> None:
        self._tellings = tellings
        self._recorded_at = array(INSTANT)
        self._types = array("B")
        self._subjects = array("I")  # a report's number, or that of the id of something else
        self._others: Numbers[str] = Numbers()

    def take(self, run: Run, reports: list[int]) -> None:
        """Take in the next events of reports, and the number of each one's report."""
        self._recorded_at.fromlist(list(run.recorded_at))
        self._types.frombytes(bytes(map(_NUMBER.__getitem__, run.kinds)))
        self._subjects.fromlist(reports)

    def register(self, recorded: Recorded) -> None:
        """Take in the next event, which is not of a report."""
        self._recorded_at.append(recorded.recorded_at)
        self._types.append(_NUMBER[type(recorded.event)])
        self._subjects.append(self._others[subject_of(recorded.event)])

    def line(self, position: int) -> Line:
        i = position - 1
        kind = _TYPES[self._types[i]]
        ids = self._tellings.ids if kind in OF_REPORTS else self._others.known
        return Line(position, self._recorded_at[i], kind, ids[self._subjects[i]])

    def recorded_at(self, position: int) -> int:
        return self._recorded_at[position - 1]

    def position_at(self, instant: int) -> int:
        """The newest position recorded at or before an instant; 0 before the first."""
        return bisect_right(self._recorded_at, instant)

    def parts(self) -> Parts:
        return {
            "outline.recorded_at": self._recorded_at,
            "outline.types": self._types,
            "outline.subjects": self._subjects,
            "outline.others": self._others.known,
        }

    def restored(self) -> None:
        """Work out what follows from the parts, once they were read."""
        self._others.restore(str)

    def digest(self) -> str:
        return digest(self.parts())
