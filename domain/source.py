"""Sources: who says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reliability(StrEnum):
    """The letters of the Admiralty code, from completely reliable to "cannot be judged"."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


@dataclass(frozen=True, slots=True)
class Source:
    """`affiliation` is the force that the source belongs to, if any: its word for that side's gains is its own."""

    id: str
    name: str
    kind: str | None = None
    reliability: Reliability | None = None
    affiliation: str | None = None
