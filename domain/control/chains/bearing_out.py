"""Two later sightings that bear each other out (control.md §5, rule 2)."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from domain.control.chains.relations import AGREES, CONTRADICTS, Relations
from domain.control.chains.run import Run
from domain.control.chains.x import X

_NONE = -(2**70)


class Sighting(NamedTuple):
    """The greatest `begins` are first."""

    order: int
    place: int  # among the runs
    n: int
    run: Run

    @property
    def origins(self) -> frozenset[str]:
        return self.run.chain.origins[self.n]

    @property
    def report(self) -> str:
        return self.run.chain.report(self.n)


def borne_out(c: Run, x: X, relations: Relations) -> int:
    """Of a run of `takes`, whose first is known: up to which `ends` its claims are overruled by such a pair.

    Both are later than the claim and contradict it, and no word for it is later than either.
    """
    at_least = c.chain.ends[c.first]
    for_c = max(d.begins for d in x.words if relations.does(d, c) & AGREES)
    against = [
        left
        for d in x.words
        if d.begins >= at_least and relations.does(d, c) & CONTRADICTS and (left := d.left(d.after(for_c))) is not None
    ]
    if not _can_pair(against):
        return _NONE
    heard: dict[object, list[Sighting]] = {}
    for one in merge(*(_sightings(place, run, at_least) for place, run in enumerate(against))):
        alike = heard.setdefault((one.place, one.origins), [])
        if len(alike) == 2 or any(other.report == one.report for other in alike):
            continue  # it can't make a pair that others don't
        if any(_pair(one, other, relations) for others in heard.values() for other in others):
            return -one.order
        alike.append(one)
    return _NONE


def _can_pair(against: list[Run]) -> bool:
    """Whether not all have one and the same sources."""
    voices = frozenset().union(*(run.chain.voices for run in against))
    return len(voices) > 1 or frozenset() in voices


def _sightings(place: int, run: Run, at_least: int) -> Iterator[Sighting]:
    """Those that begin late enough, last first."""
    chain = run.chain
    for n in range(run.last, run.first - 1, -1):
        order = chain.begins[n]
        if order < at_least:
            return
        if chain.known_from[n] <= run.known_at < chain.known_to[n]:
            yield Sighting(-order, place, n, run)


def _pair(one: Sighting, other: Sighting, relations: Relations) -> bool:
    """From two reports that have no source in common, and agreeing."""
    if one.report == other.report or one.origins & other.origins:
        return False
    return relations.does(one.run, other.run) & AGREES != 0
