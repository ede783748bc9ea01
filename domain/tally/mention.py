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
    places, of, forces, figures = said(claim)
    return Mention(report, index, position, grade, claim.event, places, of, forces, figures, window)


Said = tuple[tuple[str, ...], str | None, tuple[str, ...], tuple[tuple[Measure, Figure], ...]]
"""A mention's places, whose, forces and figures."""


def said(claim: Any) -> Said:
    """Of a claim that is counted, or its gist."""
    if claim.kind == Casualties.kind:
        given = ((Measure.KILLED, claim.killed), (Measure.INJURED, claim.injured), (Measure.CAPTURED, claim.captured))
        figures = tuple((measure, figure) for measure, figure in given if figure is not None)
        return claim.places, claim.of, (claim.of,), figures
    if claim.kind == Strike.kind:
        return claim.places, None, claim.by, ((Measure.STRIKES, claim.count or _ONE_OR_MORE),)
    return claim.places, None, claim.forces, ((Measure.CLASHES, _ONE),)
