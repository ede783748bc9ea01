"""A casualties, strike or clash claim as the tallies see it: when, where, whose, and how many of what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.claims import Casualties, Claim, Clash, Figure, Strike
from domain.credibility import Credibility
from domain.when.window import Window


class Measure(StrEnum):
    """What is counted, in the order in which it is shown."""

    KILLED = "killed"
    INJURED = "injured"
    CAPTURED = "captured"
    STRIKES = "strikes"
    CLASHES = "clashes"


@dataclass(frozen=True, slots=True)
class Mention:
    """One claim of one report as known; `position` is where its filing or correction stands in the log.

    `of` is who suffered the casualties; None for strikes and clashes. `forces` are those who suffered, who struck or
    who took part. The window is that of the claim as written, in instants.
    """

    report: str
    index: int
    position: int
    grade: Credibility
    event: str | None
    places: tuple[str, ...]
    of: str | None
    forces: tuple[str, ...]
    figures: tuple[tuple[Measure, Figure], ...]
    window: Window


COUNTED = frozenset({Casualties.kind, Strike.kind, Clash.kind})

_ONE = Figure(1, 1, 1)
_ONE_OR_MORE = Figure(1)


def mention(report: str, index: int, position: int, grade: Credibility, claim: Claim, window: Window) -> Mention | None:
    """What a claim says for the tallies; None for a claim of another kind."""
    if claim.kind not in COUNTED:
        return None
    places, of, forces, counts = said(claim)
    return Mention(report, index, position, grade, claim.event, places, of, forces, figures(*counts), window)


Counts = tuple[str, Any, Any, Any]
"""The kind of a claim, and the figures that one of that kind can give; None for one that it does not."""

Said = tuple[tuple[str, ...], str | None, tuple[str, ...], Counts]
"""Places, whose, forces and counts."""


def said(claim: Any) -> Said:
    """Of a claim that is counted, or of its gist."""
    kind = claim.kind
    if kind == Casualties.kind:
        return claim.places, claim.of, (claim.of,), (kind, claim.killed, claim.injured, claim.captured)
    if kind == Strike.kind:
        return claim.places, None, claim.by, (kind, claim.count, None, None)
    return claim.places, None, claim.forces, (kind, None, None, None)


def figures(kind: str, *given: Any) -> tuple[tuple[Measure, Figure], ...]:
    """What counts come to, in the order in which it is shown."""
    if kind == Casualties.kind:
        measures = (Measure.KILLED, Measure.INJURED, Measure.CAPTURED)
        return tuple((measure, figure) for measure, figure in zip(measures, given, strict=True) if figure is not None)
    if kind == Strike.kind:
        return ((Measure.STRIKES, given[0] or _ONE_OR_MORE),)
    return ((Measure.CLASHES, _ONE),)
