"""Stretches of valid time: of happenings, of periods, of what is asked about."""

from __future__ import annotations

from dataclasses import dataclass

from domain.tally.membership import Membership
from domain.when.window import Window


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """The instants from `start` until, not including, `until`; `start` is before `until`."""

    start: int
    until: int

    def membership(self, happening: Stretch) -> Membership:
        """Surely in this if it lies within it, possibly if it overlaps it."""
        if happening.start >= self.until or self.start >= happening.until:
            return Membership.NONE
        within = self.start <= happening.start and happening.until <= self.until
        return Membership.SURE if within else Membership.POSSIBLE

    def holds_end(self, happening: Stretch) -> bool:
        return self.start < happening.until <= self.until

    def common(self, other: Stretch) -> Stretch | None:
        """The part of both; None where there is none."""
        start, until = max(self.start, other.start), min(self.until, other.until)
        return Stretch(start, until) if start < until else None


def stretch(window: Window) -> Stretch:
    """A window reaches up to its latest, as a day does to the midnight that ends it; an instant holds itself."""
    return Stretch(window.earliest, max(window.latest, window.earliest + 1))
