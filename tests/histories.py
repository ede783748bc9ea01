"""Histories of a town, a quarter in it and a house in that: reports filed, corrected, graded and retracted, and forces
aligned. Times are small numbers, forces and sources few: ties, nested windows and changes of mind are common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from domain.alignments import Alignments, alignment
from domain.claims import Control, Effect
from domain.credibility import Credibility
from domain.events import (
    Event,
    ForceAligned,
    PlaceRegistered,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRetracted,
    SourceRegistered,
    stream_of,
)
from domain.place import Place, PlaceKind
from domain.policy import LENSES, Policy
from domain.report import Citation, Report
from domain.source import Source
from domain.when.instant import BEGINNING
from domain.when.window import Occurred

PLACES = {
    "town": (PlaceKind.TOWN, None),
    "quarter": (PlaceKind.NEIGHBOURHOOD, "town"),
    "house": (PlaceKind.BASE, "quarter"),
}
SOURCES = {"s": None, "t": "A", "u": "B"}
POLICIES = [
    *LENSES.values(),
    Policy(against_interest=True),
    Policy(min_credibility=Credibility.DOUBTFUL, exclude_sources=frozenset({"s"})),
    Policy(sources=frozenset({"s", "t"})),
    Policy(published_by=4),
]


@dataclass(frozen=True)
class Tastes:
    """What a history is made of: `until` is the last time, `forces` and `grades` those that there are."""

    until: int
    forces: str
    grades: tuple[Credibility, ...]
    places: tuple[str, ...]
    aligning: float
    effects: tuple[Effect, ...] = tuple(Effect)


def some_tastes(rng: Random) -> Tastes:
    grades = rng.choice([(Credibility.POSSIBLE,), (Credibility.POSSIBLE, Credibility.PROBABLE), tuple(Credibility)])
    effects = rng.choice([tuple(Effect), tuple(Effect), (Effect.TAKES, Effect.HOLDS), tuple(Effect)[1:]])
    places = rng.choice([("town",), ("town",), ("town", "town", "quarter"), tuple(PLACES)])
    return Tastes(
        rng.choice([2, 4, 6, 12]), "ABCD"[: rng.randint(2, 4)], grades, places, rng.choice([0, 0, 0.1]), effects
    )


def history(rng: Random, events: int) -> Iterator[Recorded]:
    """The events of a log, as recorded at the positions 1, 2, 3, …"""
    tastes = some_tastes(rng)
    versions: dict[str, int] = {}
    for position, event in enumerate(_events(rng, tastes, events), start=1):
        stream = stream_of(event)
        versions[stream] = versions.get(stream, 0) + 1
        yield Recorded(position, tastes.until + position, stream, versions[stream], event)


def _events(rng: Random, tastes: Tastes, count: int) -> Iterator[Event]:
    late = rng.choice(["house", None])
    for id, (kind, parent) in PLACES.items():
        if id != late:
            yield PlaceRegistered(Place(id, id, kind, parent))
    for id, affiliation in SOURCES.items():
        yield SourceRegistered(Source(id, id, affiliation=affiliation))
    known = Alignments()
    aligned: list[ForceAligned] = []
    standing: list[str] = []
    places = tuple(id for id in tastes.places if id != late) or ("town",)
    for n in range(count):
        if late and n == count // 2:
            kind, parent = PLACES[late]
            yield PlaceRegistered(Place(late, late, kind, parent))
            places = tastes.places
        what = rng.random()
        if rng.random() < tastes.aligning:
            new = _aligned(rng, tastes)
            if known.clash(alignment(new, 0)) is None:
                aligned.append(new)
                known = Alignments(alignment(each, 0) for each in aligned)
                yield new
        elif what < 0.7 or not standing:
            standing.append(f"r{rng.randrange(100)}-{n}")
            yield ReportFiled(standing[-1], _report(rng, replace(tastes, places=places)))
        elif what < 0.82:
            yield ReportCorrected(rng.choice(standing), _report(rng, replace(tastes, places=places)), "said otherwise")
        elif what < 0.92:
            yield ReportAssessed(rng.choice(standing), rng.choice(tastes.grades), "judged anew")
        else:
            yield ReportRetracted(standing.pop(rng.randrange(len(standing))), "mistaken")


def _aligned(rng: Random, tastes: Tastes) -> ForceAligned:
    force, other = rng.sample(tastes.forces + "X", 2)
    start, end = sorted(rng.choices(range(tastes.until + 2), k=2))
    return ForceAligned(
        force,
        other,
        None if rng.random() < 0.3 else _at(start),
        None if rng.random() < 0.3 else _at(end + 1),
    )


def _report(rng: Random, tastes: Tastes) -> Report:
    claims = tuple(_claim(rng, tastes) for _ in range(rng.choice([0, 1, 1, 1, 2, 3])))
    sources = tuple(
        Citation(
            rng.choice(list(SOURCES)),
            published=_at(rng.randint(0, tastes.until)) if rng.random() < 0.5 else None,
            origin=rng.choice([None, None, *SOURCES]),
        )
        for _ in range(rng.choice([0, 1, 1, 2]))
    )
    credibility = rng.choice([None, *tastes.grades])
    return Report("said", _occurred(rng, tastes.until), credibility, sources, claims)


def _claim(rng: Random, tastes: Tastes) -> Control:
    return Control(
        place=rng.choice(tastes.places),
        forces=tuple(rng.sample(tastes.forces, rng.choice([1, 1, 1, 2]))),
        effect=rng.choice(tastes.effects),
        occurred=_occurred(rng, tastes.until) if rng.random() < 0.9 else None,
    )


def _occurred(rng: Random, until: int) -> Occurred:
    """An instant, a window, a span, or one of these with an open end."""
    start, end = sorted(rng.choices(range(until + 1), k=2))
    shape = rng.choice(["instant", "instant", "window", "window", "span", "span", "before", "since", "vague"])
    match shape:
        case "instant":
            return _at(start)
        case "window":
            return Occurred(f"[{start}..{end}]", start, end)
        case "span":
            return Occurred(f"{start}/{end}", start, end, (start, end))
        case "before":
            return Occurred(f"../{end}", BEGINNING, end, (BEGINNING, end))
        case "since":
            return Occurred(f"{start}/..", start, None, (start, None))
    return Occurred(f"[..{end}]", BEGINNING, end)


def _at(at: int) -> Occurred:
    return Occurred(str(at), at, at)
