"""What stands at each position of the log: when it was recorded, of what type it is, and what it is about."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from domain.events import Event, Recorded, subject_of
from projections.fingerprint import fingerprint


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline. `id` is of the report, place, force or source that the event is about."""

    position: int
    recorded_at: int
    type: type[Event]
    id: str


class Outline:
    """A line for each event, without what it says. Positions are of the log: 1, 2, 3, …"""

    def __init__(self) -> None:
        self._recorded_at: list[int] = []
        self._types: list[type[Event]] = []
        self._ids: list[str] = []

    def apply(self, recorded: Recorded) -> None:
        self._recorded_at.append(recorded.recorded_at)
        self._types.append(type(recorded.event))
        self._ids.append(subject_of(recorded.event))

    def line(self, position: int) -> Line:
        i = position - 1
        return Line(position, self._recorded_at[i], self._types[i], self._ids[i])

    def recorded_at(self, position: int) -> int:
        return self._recorded_at[position - 1]

    def position_at(self, instant: int) -> int:
        """The newest position recorded at or before an instant; 0 before the first."""
        return bisect_right(self._recorded_at, instant)

    def digest(self) -> str:
        lines = zip(self._recorded_at, self._types, self._ids, strict=True)
        return fingerprint((recorded_at, type.__name__, id) for recorded_at, type, id in lines)
