"""The answers as they come: each event judged when it was recorded, and time as it passes in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from domain.when.instant import BEGINNING
from projections.control import ControlProjection
from projections.outline import Outline
from projections.picture import Picture, Steps, View


class Watch:
    """Gives a frame for everything that changed the answers after a moment: a position, and an instant known then.

    Two watches from the same moment give the same frames: whoever comes back with the last one that they had misses
    nothing and gets nothing twice. With `fixed`, all answers are about that one instant, and time does not pass.
    """

    def __init__(
        self, control: ControlProjection, outline: Outline, view: View, known_at: int, at: int, *, fixed: bool
    ) -> None:
        self.known_at = known_at
        self.at = at
        self._control = control
        self._outline = outline
        self._policy = view.policy
        self._picture = Picture(view)
        self._fixed = fixed
        self._inquiry = control.inquire(known_at, view.policy)
        self._next: dict[str, int] = {}  # when each place's answer can change by itself, as known now
        self._due: list[tuple[int, str]] = []  # the same as a heap; an entry that `next` does not have is void

    def begin(self) -> Iterator[None]:
        """See what is there; nothing of it is told."""
        places = self._control.settlements(self.known_at).places
        for _ in self._picture.look(self._inquiry, self.at, places):
            yield None
        yield from self._schedule(places)

    def advance(self, known_at: int, now: int) -> Steps:
        """What changed up to a position, and after it up to an instant. Frames without an answer are left out."""
        while self.known_at < known_at:
            line = self._outline.line(self.known_at + 1)
            yield from self._pass(line.recorded_at - 1)
            self.known_at += 1
            self._inquiry = self._control.inquire_once(self.known_at, self._policy)
            if not self._fixed:
                self.at = max(self.at, line.recorded_at)
            places = {*self._control.touched(line), *self._due_by(self.at)}
            for step in self._picture.frame(self._inquiry, self.at, places, self.known_at, line):
                yield step if step is None or step.answers else None
            yield from self._schedule(places)
        yield from self._pass(now)

    @property
    def next_turn(self) -> int | None:
        """When time alone can change an answer next."""
        return self._due[0][0] if self._due else None

    def _pass(self, until: int) -> Steps:
        """Let time pass: windows begin and end."""
        while self._due and self._due[0][0] <= until:
            turn = self._due[0][0]
            places = self._due_by(turn)
            if places:
                self.at = turn
                for step in self._picture.frame(self._inquiry, turn, places, self.known_at):
                    yield step if step is None or step.answers else None
                yield from self._schedule(places)

    def _due_by(self, until: int) -> set[str]:
        found = set()
        while self._due and self._due[0][0] <= until:
            turn, place = heappop(self._due)
            if self._next.get(place) == turn:
                found.add(place)
        return found

    def _schedule(self, places: Iterable[str]) -> Iterator[None]:
        for place in () if self._fixed else self._picture.view.of(places):
            turn = self._inquiry.next_turn(place, max(self.at, BEGINNING))
            if turn is None:
                self._next.pop(place, None)
            elif self._next.get(place) != turn:  # the heap must not grow with every event about a place
                self._next[place] = turn
                heappush(self._due, (turn, place))
            yield None
