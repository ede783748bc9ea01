"""The projections in memory, in step. (The chronology lives in tables, and follows the log by itself.)"""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import OF_REPORTS, Gist, Recorded
from domain.faults import Fault
from projections.control import ControlProjection
from projections.outline import Outline
from projections.parts import Parts
from projections.projection import Projection, unfit
from projections.registries import Registries
from projections.tallies import Tallies
from projections.tellings import Tellings


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

    def apply(self, events: Iterable[Recorded | Gist]) -> None:
        """Take in the next events. Raises ValueError for one that is not the next, or that no projection can read."""
        tell, line = self.tellings.take, self.outline.take
        try:
            for each in events:  # each is through before the next is read: what is at hand is quickly had
                position, recorded_at, kind, event = each if isinstance(each, tuple) else each.gist()
                if position != self.position + 1:
                    raise ValueError(f"position {position} follows {self.position}")
                try:
                    tell(position, recorded_at, kind, event)
                    line(recorded_at, kind, event)
                    if isinstance(each, Recorded) and kind not in OF_REPORTS:
                        self._register(each)
                except (KeyError, ValueError, TypeError, OverflowError, Fault) as error:
                    raise unfit(position, error) from error
                self.position = position
        finally:
            self.tellings.settle()

    def _register(self, recorded: Recorded) -> None:
        self.registered.append(recorded)
        self.registries.apply(recorded)
        self.control.apply(recorded)
