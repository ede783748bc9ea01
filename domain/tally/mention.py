"""A casualties, strike or clash claim as the tallies see it: when, where, whose, and how many of what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


_ONE = Figure(1, 1, 1)
_ONE_OR_MORE = Figure(1)


def mention(report: str, index: int, position: int, grade: Credibility, claim: Claim, window: Window) -> Mention | None:
    """What a claim says for the tallies; None for a claim of another kind."""
    about = (report, index, position, grade, claim.event)
    match claim:
        case Casualties(places=places, of=of, killed=killed, injured=injured, captured=captured):
            given = ((Measure.KILLED, killed), (Measure.INJURED, injured), (Measure.CAPTURED, captured))
            figures = tuple((measure, figure) for measure, figure in given if figure is not None)
            return Mention(*about, places, of, (of,), figures, window)
        case Strike(places=places, by=by, count=count):
            return Mention(*about, places, None, by, ((Measure.STRIKES, count or _ONE_OR_MORE),), window)
        case Clash(places=places, forces=forces):
            return Mention(*about, places, None, forces, ((Measure.CLASHES, _ONE),), window)
        case _:
            return None
