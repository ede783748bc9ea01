"""The projections in memory, in step. (The chronology lives in tables, and follows the log by itself.)"""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import Recorded
from domain.faults import Fault
from projections.control import ControlProjection
from projections.outline import Outline
from projections.projection import Projection
from projections.registries import Registries
from projections.tallies import Tallies


class Projections:
    """Each event goes to every projection before the next one does, so all stand at one position."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.control = ControlProjection()
        self.registries = Registries()
        self.tallies = Tallies()
        self.all: dict[str, Projection] = {
            "outline": self.outline,
            "control": self.control,
            "registries": self.registries,
            "tallies": self.tallies,
        }
        self.position = 0

    def apply(self, events: Iterable[Recorded]) -> None:
        """Take in the next events. Raises ValueError for one that is not the next, or that no projection can read."""
        for recorded in events:
            if recorded.position != self.position + 1:
                raise ValueError(f"position {recorded.position} follows {self.position}")
            for projection in self.all.values():
                try:
                    projection.apply(recorded)
                except (KeyError, ValueError, Fault) as error:
                    raise ValueError(f"event at position {recorded.position} can't be projected: {error!r}") from error
            self.position = recorded.position
