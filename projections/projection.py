"""What every projection does."""

from __future__ import annotations

from typing import Protocol

from domain.events import Recorded


class Projection(Protocol):
    """State that is worked out from the events alone, one after the other in the order of the log."""

    def apply(self, recorded: Recorded) -> None:
        """Take in the next event. Raises ValueError for one that can't follow what is there."""

    def digest(self) -> str:
        """A fingerprint of the whole state: equal for two that were fed the same events."""
