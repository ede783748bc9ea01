"""A replay that is about to begin, along either clock: its steps, where each stands, and how long to wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.when.instant import SECOND, text
from projections.picture import Frame, Steps
from projections.projections import Projections
from projections.replay import first_turn, over_knowledge, over_valid_time
from service.ends import check_order
from service.question import KnownAt, Question, read_time, resolve, whole_number


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a frame stands on it, the same as an id and back, and what time it is there by the axis's own clock."""

    place: Callable[[Frame], int]
    id: Callable[[Frame], str]
    place_of: Callable[[str], int]
    clock: Callable[[Frame], int]


@dataclass(frozen=True, slots=True)
class Run:
    """A replay's steps, and the axis that they go along."""

    steps: Steps
    axis: Axis


_VALID = Axis(lambda frame: frame.at, lambda frame: text(frame.at), read_time, lambda frame: frame.at)


@dataclass(frozen=True, slots=True)
class Replaying:
    """What is replayed: `at` is an instant, `known_at` a position."""

    known: Projections
    question: Question
    at: int
    known_at: int

    def first_turn(self) -> Iterator[int | None]:
        """When a replay over valid time begins by default, as the last step; none where nothing is told of."""
        inquiry = self.known.control.inquire(self.known_at, self.question.policy)
        return first_turn(inquiry, self.known.control.settlements(self.known_at).places)

    def over_valid_time(self, start: int, end: int) -> Run:
        """Raises Wrong where the end lies before the start."""
        check_order(start, end)
        return Run(over_valid_time(self.known.control, self.question.view(), self.known_at, start, end), _VALID)

    def over_knowledge(self, first: KnownAt | None, last: KnownAt | None) -> Run:
        """By default from the empty log. Raises Wrong for ends that the log has not reached, or the wrong way round."""
        start = 0 if first is None else resolve(first, self.known, "from")
        end = self.known_at if last is None else resolve(last, self.known, "to")
        check_order(start, end)
        steps = over_knowledge(self.known.control, self.known.outline, self.question.view(), self.at, start, end)
        return Run(
            steps, Axis(lambda frame: frame.known_at, lambda frame: str(frame.known_at), whole_number, self._told)
        )

    def _told(self, frame: Frame) -> int:
        """When a frame's position was recorded; the empty log, when the first event was."""
        return self.known.outline.recorded_at(max(1, frame.known_at)) if self.known.position else 0


def seconds_between(before: int, now: int, speed: float) -> float:
    """How long to wait between two times of a replay's clock."""
    return max(0.0, (now - before) / SECOND / speed)
