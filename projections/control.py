"""Who held what: answers at any valid time, as known at any knowledge time, under any policy, in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from domain.alignments import Alignment, Alignments, alignment
from domain.control.inquiry import Inquiry
from domain.control.knowledge import Account, Knowledge
from domain.events import (
    OF_REPORTS,
    ForceAligned,
    PlaceRegistered,
    Recorded,
    SourceRegistered,
)
from domain.policy import Policy
from domain.settlements import Settlements
from projections.accounts import Accounts
from projections.fingerprint import fingerprint
from projections.outline import Line
from projections.tellings import Tellings
from projections.told import Told

_INQUIRIES = 64
"""How many pairs of a knowledge time and a policy keep what they have worked out."""


class ControlProjection:
    """Answers by control.md, from the tellings, and from the registries that it follows. Positions are of the log.

    Whoever feeds it MUST feed the tellings first.
    """

    def __init__(self, tellings: Tellings) -> None:
        self._tellings = tellings
        self._accounts = Accounts(tellings)
        self._settlements = Settlements()
        self._registered: list[int] = []  # where each of the places stands
        self._alignments: list[tuple[int, Alignment]] = []
        self._affiliations: dict[str, str] = {}
        self.inquire = lru_cache(maxsize=_INQUIRIES)(self.inquire_once)
        self._alignments_of = lru_cache(maxsize=8)(self._build_alignments)

    def apply(self, recorded: Recorded) -> None:
        """Take in what is registered; of reports, the tellings know."""
        match recorded.event:
            case PlaceRegistered(place):
                self._settlements.add(place)
                self._registered.append(recorded.position)
            case SourceRegistered(source):
                if source.affiliation is not None:
                    self._affiliations[source.id] = source.affiliation
            case ForceAligned() as aligned:
                self._alignments.append((recorded.position, alignment(aligned, recorded.recorded_at)))
            case _:
                pass

    def inquire_once(self, known_at: int, policy: Policy) -> Inquiry:
        """Ask as known at a position, under a policy. (What was recorded up to a position never changes.)

        `inquire` does the same and keeps what it has worked out, for the pairs that were asked for last.
        """
        return Inquiry(_Known(self, known_at), policy)

    def touched(self, line: Line) -> Iterable[str]:
        """The places whose answer an event can change, among others that it can't, as known once it came in."""
        settlements = self.settlements(line.position)
        if line.type is PlaceRegistered:
            return (line.id,)
        if line.type is ForceAligned:
            return settlements.places
        if line.type not in OF_REPORTS:
            return ()
        report = self._tellings.told(line.id)
        if report is None:
            raise KeyError(line.id)
        told = {each.place for known_at in (line.position - 1, line.position) for each in report.statements(known_at)}
        return told.union(*map(settlements.inheriting, told))

    def told(self, report: str) -> Told | None:
        """What a report says of who held what; None where there is no such report."""
        return self._tellings.told(report)

    def supposing(self, report: Told, position: int) -> Knowledge:
        """What would be known if what comes to stand at a position were that a report is told so."""
        return _Supposed(self, position, report)

    def settlements(self, known_at: int) -> Settlements:
        return self._settlements.upto(bisect_right(self._registered, known_at))

    def alignments(self, known_at: int) -> Alignments:
        return self._alignments_of(bisect_right(self._alignments, known_at, key=lambda entry: entry[0]))

    def _build_alignments(self, count: int) -> Alignments:
        return Alignments(each for _, each in self._alignments[:count])

    def affiliation(self, source: str) -> str | None:
        return self._affiliations.get(source)

    def accounts(self, place: str, known_at: int) -> Iterator[Account]:
        """The reports as known, not retracted, with a control claim about the place itself."""
        return self._accounts.of(place, known_at)

    def digest(self) -> str:
        return fingerprint(
            [
                *zip(self._registered, self._settlements.places.values(), strict=True),
                self._alignments,
                sorted(self._affiliations.items()),
            ]
        )


class _Known:
    """The projection up to a position: the Knowledge that the rules ask. What comes later never shows.

    A source's affiliation needs no position: a source stands before every report that names it.
    """

    def __init__(self, projection: ControlProjection, known_at: int) -> None:
        self._projection = projection
        self._known_at = known_at
        self.settlements = projection.settlements(known_at)
        self.alignments = projection.alignments(known_at)

    def accounts(self, place: str) -> Iterable[Account]:
        return self._projection.accounts(place, self._known_at)

    def affiliation(self, source: str) -> str | None:
        return self._projection.affiliation(source)


class _Supposed(_Known):
    """What is known, but for one report that is told otherwise, or that is not there yet."""

    def __init__(self, projection: ControlProjection, position: int, report: Told) -> None:
        super().__init__(projection, position - 1)
        self._position = position
        self._report = report

    def accounts(self, place: str) -> Iterable[Account]:
        yield from (each for each in super().accounts(place) if each.report != self._report.id)
        supposed = self._report.account(place, self._position)
        if supposed is not None:
            yield supposed
