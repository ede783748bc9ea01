"""How large a generated chronology is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """So many reports filed about so many places; `focus` is the share of them that tell of the first place alone.

    A chronology of one shape and `seed` is the same on every machine.
    """

    reports: int
    places: int = 10_000
    focus: float = 0.0
    seed: int = 20241127

    @property
    def name(self) -> str:
        return f"{self.reports}-reports-{self.places}-places-{self.focus:g}-focus-{self.seed}"
