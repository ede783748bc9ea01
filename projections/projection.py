"""What every projection does."""

from __future__ import annotations

from typing import Protocol


class Projection(Protocol):
    """State that is worked out from the events alone, which it is given (`apply`) in the order of the log."""

    def digest(self) -> str:
        """A fingerprint of the whole state: equal for two that were fed the same events."""


def unfit(position: int, error: Exception) -> ValueError:
    """What is raised for an event that can't follow what is there."""
    return ValueError(f"event at position {position} can't be projected: {error!r}")
