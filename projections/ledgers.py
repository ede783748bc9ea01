"""The ledgers that questions about control are answered from: one for each place and policy, as they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.control.chains.cells import Cell, Cells
from domain.control.chains.chain import NEWEST
from domain.control.chains.ledger import Ledger
from domain.control.chains.touches import NOT
from domain.control.knowledge import Account, Allegiances
from domain.policy import Policy
from domain.settlements import Settlements
from projections.remembered import Remembered

_POLICIES = 16
"""How many policies keep their ledgers, those that were asked for last."""

AT_A_TIME = 32
"""How many changes a ledger is told before others are let in between."""


class Record(Protocol):
    """Everything recorded so far."""

    @property
    def all_settlements(self) -> Settlements:
        """The places registered by now."""

    @property
    def revision(self) -> int:
        """Another one whenever there is more."""

    @property
    def realigned(self) -> Sequence[int]:
        """The positions at which alignments became known, in order."""

    def noted(self, place: str) -> int:
        """How much there is that concerns a place; it only grows."""

    def changes(self, place: str, after: int) -> Sequence[tuple[int, int]]:
        """The positions, in order, of the events after one that are of reports that speak of a place, or did so before.

        Each with its report's number.
        """

    def report_id(self, report: int) -> str: ...

    def account(self, report: int, place: str, known_at: int) -> Account | None:
        """What a report says of a place, as known; None where that is nothing."""

    def allegiances(self, known_at: int) -> Allegiances: ...


class Policies:
    """The ledgers of the policies that were asked for last."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._kept: OrderedDict[Policy, Ledgers] = OrderedDict()

    def ledgers(self, policy: Policy) -> Ledgers:
        found = self._kept.get(policy)
        if found is None:
            found = self._kept[policy] = Ledgers(self._record, policy)
        self._kept.move_to_end(policy)
        if len(self._kept) > _POLICIES:
            self._kept.popitem(last=False)
        return found


@dataclass(slots=True)
class _Followed:
    """A ledger, how much of what concerns it that it was told, and up to where."""

    ledger: Ledger
    noted: int = 0
    position: int = 0
    realigned: int = 0


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the answers about many places are kept, as long as nothing came, and nothing was forgotten."""

    revision: int
    forgotten: int
    places: Collection[str]
    known_to: int
    cells: Sequence[Cells]


class Ledgers:
    """Those of one policy. Each is brought up to date when it is asked for, by what changed about its place since."""

    def __init__(self, record: Record, policy: Policy) -> None:
        self._record = record
        self._policy = policy
        self._followed: dict[str, _Followed] = {}
        self._remembered = Remembered()
        self._sheets: dict[bool, _Sheet] = {}
        self._laid_out: dict[str, int] = {}

    def ledger(self, place: str) -> Ledger:
        """What was ever said of a place, up to now."""
        followed = self._followed.get(place)
        if followed is None or self._is_behind(place, followed):
            for _ in self.filling(place):
                pass
            followed = self._followed[place]
        return followed.ledger

    def filling(self, place: str) -> Iterator[None]:
        """Bring the ledger of a place up to date, so much at a time; others may come in between."""
        followed = self._followed.get(place)
        if followed is None:
            followed = self._followed[place] = _Followed(Ledger(self._policy))
        if self._is_behind(place, followed):
            yield from self._follow(place, followed)
            followed.noted = self._record.noted(place)

    def _is_behind(self, place: str, followed: _Followed) -> bool:
        return followed.noted < self._record.noted(place) or followed.realigned < len(self._record.realigned)

    @property
    def settlements(self) -> Settlements:
        """All places known now."""
        return self._record.all_settlements

    def cells(self, place: str, q: int, known_at: int, *, by_side: bool) -> Cells:
        """Where the answer about an instant is kept, as known at a position."""
        revision = self._record.revision
        cells = self._remembered.cells(place, by_side, None)
        if cells.checked == revision and cells.known_to <= known_at:
            return cells
        cells.checked = revision
        known_to, until = cells.known_to, None
        for id in self.bearing(place):
            touches = self.ledger(id).touches
            if touches.last > known_to:
                self._remembered.cut(cells, touches.since(known_to))
                cells.known_to = max(cells.known_to, touches.last)
            if touches.last > known_at and touches.since(known_at) <= q:
                following = touches.following(known_at, q)
                until = following if until is None else min(until, following or until)
        return cells if until is None else self._remembered.cells(place, by_side, until)

    def newest(self, places: Collection[str], known_at: int, *, by_side: bool) -> Sequence[Cells] | None:
        """Where the answers about all of the places are kept; None where more is known than was at that position."""
        sheet = self._sheets.get(by_side)
        now = self._record.revision, self._remembered.forgotten
        if sheet is None or (sheet.revision, sheet.forgotten) != now or sheet.places is not places:
            cells = [self.cells(place, NOT, NEWEST, by_side=by_side) for place in places]
            known_to = max((each.known_to for each in cells), default=0)
            sheet = self._sheets[by_side] = _Sheet(now[0], self._remembered.forgotten, places, known_to, cells)
        return sheet.cells if sheet.known_to <= known_at else None

    def bearing(self, place: str) -> tuple[str, ...]:
        """The places whose ledgers bear on the answers about a place."""
        return (place, *self.settlements.around(place), *self.settlements.within(place))

    def to_lay_out(self, place: str) -> int:
        """How much there is that bears on a place; 0 where it is laid out by as much."""
        bearing = self.bearing(place)
        found = 1 + len(bearing) + len(self._record.realigned) + sum(map(self._record.noted, bearing))
        return 0 if self._laid_out.get(place) == found else found

    def laid_out(self, place: str, noted: int) -> None:
        """The newest answers about a place are there, by as much as `to_lay_out` said."""
        self._laid_out[place] = noted

    @property
    def has_room(self) -> bool:
        """Whether what is worked out ahead would not be at the cost of what was asked for."""
        return self._remembered.has_room

    def remember(self, cells: Cells, cell: Cell) -> None:
        self._remembered.put(cells, cell)

    def _follow(self, place: str, followed: _Followed) -> Iterator[None]:
        record = self._record
        while changes := record.changes(place, followed.position):
            known: Allegiances | None = None
            for n, (position, report) in enumerate(changes, start=1):
                if position <= followed.position:
                    continue  # somebody was told of it meanwhile
                if self._realign(followed, position) or known is None:
                    known = record.allegiances(position)  # the same until the next alignment
                account = record.account(report, place, position)
                followed.ledger.tell(record.report_id(report), account, known, position)
                followed.position = position
                if n % AT_A_TIME == 0:
                    yield
                    known = None
        if record.realigned:
            self._realign(followed, record.realigned[-1])

    def _realign(self, followed: _Followed, upto: int) -> bool:
        """Tell a ledger of each time that alignments became known, up to a position; whether there was any."""
        record = self._record
        end = bisect_right(record.realigned, upto, followed.realigned)
        for position in record.realigned[followed.realigned : end]:
            followed.ledger.realign(record.allegiances(position), position)
        before, followed.realigned = followed.realigned, end
        return before < end
