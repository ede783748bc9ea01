"""The projections in memory, in step. (The chronology lives in tables, and follows the log by itself.)"""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import Recorded, Run, runs
from domain.faults import Fault
from projections.control import ControlProjection
from projections.garbage import uncollected
from projections.outline import Outline
from projections.parts import Parts
from projections.projection import Projection, unfit
from projections.registries import Registries
from projections.tallies import Tallies
from projections.tellings import Tellings

_UNFIT = (KeyError, ValueError, TypeError, OverflowError, Fault)
"""What is raised of an event that can't follow what is there."""


class Projections:
    """Events go to every projection before anybody asks again, so all stand at one position."""

    def __init__(self) -> None:
        self.tellings = Tellings()
        self.outline = Outline(self.tellings)
        self.registries = Registries()
        self.control = ControlProjection(self.tellings)
        self.tallies = Tallies(self.tellings)
        self.all: dict[str, Projection] = {
            "tellings": self.tellings,
            "outline": self.outline,
            "registries": self.registries,
            "control": self.control,
        }
        self.registered: list[Recorded] = []
        """Every event that is not of a report."""
        self.position = 0

    def parts(self) -> Parts:
        """All that is kept but what is registered."""
        return {**self.tellings.parts(), **self.outline.parts()}

    def restore(self, position: int, registered: Iterable[Recorded]) -> None:
        """Stand at the position where the parts were written that were read, with what was registered by then."""
        self.tellings.restored()
        self.outline.restored()
        for recorded in registered:
            self._register(recorded)
        self.position = position

    @uncollected()
    def apply(self, events: Iterable[Recorded | Run]) -> None:
        """Take in the next events. Raises ValueError for one that is not the next, or that no projection can read."""
        for each in runs(events):
            self._take_run(each) if isinstance(each, Run) else self._take(each)

    def _take_run(self, run: Run) -> None:
        """All of it at once, or one by one where one of them can't follow."""
        try:
            self._follow(run.first)
            self.outline.take(run, self.tellings.take(run))
        except _UNFIT as error:
            if len(run) == 1:
                raise unfit(run.first, error) from error
            for each in run:
                self._take_run(each)
        else:
            self.position += len(run)

    def _take(self, recorded: Recorded) -> None:
        try:
            self._follow(recorded.position)
            self._register(recorded)
            self.outline.register(recorded)
        except _UNFIT as error:
            raise unfit(recorded.position, error) from error
        self.position += 1

    def _follow(self, position: int) -> None:
        if position != self.position + 1:
            raise ValueError(f"position {self.position + 1} is the next")

    def _register(self, recorded: Recorded) -> None:
        self.registered.append(recorded)
        self.registries.apply(recorded)
        self.control.apply(recorded)
