"""Totals: one measure of one group, added up happening by happening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from domain.tally.bounds import Bounds
from domain.tally.happening import Entry, Happening, ReportKey, bring
from domain.tally.membership import Membership

_CHUNK = 5_000
"""How many reports are put in order at a time."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """How a happening belongs to a group: in time, and in every other respect; `ends` if its end does."""

    when: Membership
    otherwise: Membership
    ends: bool


class Total:
    """From `low` to `high` (None: nobody knows), `best` in between; of so many happenings, by these reports.

    `conflicts` are the events whose figures have nothing in common. `ordered` puts the reports in order.
    """

    def __init__(self) -> None:
        self.low = 0
        self.best = 0
        self.high: int | None = 0
        self.happenings = 0
        self.conflicts: set[str] = set()
        self.reports: list[str] = []
        self._brought: dict[str, ReportKey] = {}
        self._last: Happening | None = None

    def add(self, happening: Happening, entry: Entry, bounds: Bounds, belonging: Belonging) -> None:
        """What surely belongs adds its low to its high, what possibly does nothing to its high.

        The best counts once among periods: in the one that holds the end.
        """
        if belonging.otherwise is Membership.SURE:
            if belonging.when is Membership.SURE:
                self.low += bounds.low
            if belonging.when is Membership.SURE or belonging.ends:
                self.best += bounds.low if bounds.best is None else bounds.best
        self.high = None if self.high is None or bounds.high is None else self.high + bounds.high
        if self._last is not happening:
            self.happenings += 1
            self._last = happening
        if bounds.conflict and happening.event is not None:
            self.conflicts.add(happening.event)
        for report, key in entry.reports.items():
            bring(self._brought, report, key)

    def ordered(self) -> Iterator[None]:
        """Put the reports in order, a small step at a time: there can be very many."""
        brought = iter(self._brought.items())
        chunks = []
        while chunk := sorted((*key, report) for report, key in islice(brought, _CHUNK)):
            chunks.append(chunk)
            yield
        for _, _, report in merge(*chunks):
            self.reports.append(report)
            yield
