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
        position = self.position
        gists: list[Gist] = []
        registered: list[Recorded] = []
        for each in events:
            gist = each.gist() if isinstance(each, Recorded) else each
            if isinstance(each, Recorded) and gist[2] not in OF_REPORTS:
                registered.append(each)
            position += 1
            if gist[0] != position:
                raise ValueError(f"position {gist[0]} follows {position - 1}")
            gists.append(gist)
        self.tellings.apply(gists)
        self.outline.apply(gists)
        for recorded in registered:
            self._register(recorded)
        self.position = position

    def _register(self, recorded: Recorded) -> None:
        self.registered.append(recorded)
        try:
            self.registries.apply(recorded)
            self.control.apply(recorded)
        except (KeyError, ValueError, Fault) as error:
            raise unfit(recorded.position, error) from error
