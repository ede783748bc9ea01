"""The answers as they were last looked at: to look again gives those that have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.control.answer import Answer, JoinsBy
from domain.control.inquiry import Inquiry
from domain.policy import LENSES, Policy
from projections.outline import Line


@dataclass(frozen=True, slots=True)
class View:
    """What counts, whether forces are shown by their sides, and which places are looked at (None: all)."""

    policy: Policy = LENSES["default"]
    by_side: bool = False
    places: frozenset[str] | None = None

    def of(self, places: Iterable[str]) -> list[str]:
        """Those that are wanted, in order."""
        return sorted(place for place in places if self.places is None or place in self.places)


@dataclass(frozen=True, slots=True)
class Frame:
    """The answers that changed at an instant, as known at a position; `line` is the event that came in, if one did."""

    at: int
    known_at: int
    answers: tuple[Answer, ...]
    line: Line | None = None


Steps = Iterator[Frame | None]
"""Frames, and None for a step that makes none: whatever takes long need not hold up others."""


class Picture:
    def __init__(self, view: View) -> None:
        self.view = view
        self._seen: dict[str, JoinsBy] = {}

    def look(self, inquiry: Inquiry, at: int, places: Iterable[str]) -> Iterator[Answer | None]:
        """The answers about the places that are new or no longer what they were; None for one that is the same."""
        for place in self.view.of(places):
            answer = inquiry.control_unless(self._seen.get(place), place, at, by_side=self.view.by_side)
            if answer is not None:
                self._seen[place] = answer.joins_by
            yield answer

    def frame(self, inquiry: Inquiry, at: int, places: Iterable[str], known_at: int, line: Line | None = None) -> Steps:
        """A look, gathered; the last step is the frame, also an empty one."""
        found: list[Answer] = []
        for answer in self.look(inquiry, at, places):
            if answer is not None:
                found.append(answer)
            yield None
        yield Frame(at, known_at, tuple(found), line)
