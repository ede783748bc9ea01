"""The ledgers that questions about control are answered from: one for each place and policy, as they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from domain.control.answer import JoinsBy
from domain.control.chains.cells import Cell, Cells, Found, covers
from domain.control.chains.ledger import Ledger
from domain.control.chains.touches import following
from domain.control.knowledge import Account, Allegiances
from domain.policy import Policy
from domain.settlements import Settlements
from projections.atlas import Atlas
from projections.remembered import Remembered

_POLICIES = 16
"""How many policies keep their ledgers, those that were asked for last."""

AT_A_TIME = 32
"""How many changes a ledger is told before others are let in between."""


Change = tuple[int, int]
"""The position of an event, and its report's number."""

Mark = tuple[tuple[int, int], int]
"""How much there was that bears on answers, when somebody looked: rows and changes about places, and alignments."""


class Record(Protocol):
    """Everything recorded so far."""

    @property
    def all_settlements(self) -> Settlements:
        """The places registered by now."""

    @property
    def realigned(self) -> Sequence[int]:
        """The positions at which alignments became known, in order."""

    @property
    def mark(self) -> Mark:
        """How much there is."""

    def noted_since(self, mark: Mark | None) -> Iterable[str]:
        """The places that something since then is about; all places where that is None."""

    def noted(self, place: str) -> int:
        """How much there is that concerns a place; it only grows."""

    def changes(self, place: str, after: int) -> Sequence[Change]:
        """The events after a position, in order, that are of reports that speak of a place, or did so before."""

    def report_id(self, report: int) -> str: ...

    def account(self, report: int, place: str, known_at: int) -> Account | None:
        """What a report says of a place, as known; None where that is nothing."""

    def allegiances(self, known_at: int) -> Allegiances: ...


LOOKED_THROUGH = 16
"""How many times at which something was learned that bears on an instant, and changed no answer about it, are gone
through for the one that did: to look through thousands would take longer than to work the answer out."""

TOLD_AGAIN = 2000
"""Places about which more is recorded are not told again: it would take minutes."""


class Policies:
    """The ledgers of the policies that were asked for last."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._kept: OrderedDict[Policy, Ledgers] = OrderedDict()
        self._last: tuple[Policy, Ledgers] | None = None

    def ledgers(self, policy: Policy) -> Ledgers:
        if self._last is None or self._last[0] is not policy:
            self._last = policy, self._find(policy)
        return self._last[1]

    def _find(self, policy: Policy) -> Ledgers:
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


class Ledgers:
    """Those of one policy. Each is brought up to date when it is asked for, by what changed about its place since."""

    def __init__(self, record: Record, policy: Policy) -> None:
        self._record = record
        self._policy = policy
        self._followed: dict[str, _Followed] = {}
        self._remembered = Remembered()
        self._looked: dict[bool, Mark] = {}
        self._laid_out: dict[str, int] = {}
        self._with_past: set[str] = set()

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

    def find(self, place: str, q: int, known_at: int, *, by_side: bool) -> Cell | None:
        """The answer about an instant, as known at a position, where it is there."""
        cells = self.newest(place, by_side=by_side)
        cell = cells.find(q)
        if cells.known_to <= known_at or (cell is not None and cell.known_from <= known_at):
            return cell
        until = following(cells.touches, known_at, q)
        for _ in range(LOOKED_THROUGH):
            if until is None:
                return None
            past = self._remembered.kept(place, by_side, until)
            if past is not None and (cell := past.find(q)) is not None:
                return cell if cell.known_from <= known_at else None
            until = following(cells.touches, until, q)
        return None

    def newest(self, place: str, *, by_side: bool) -> Cells:
        """The answers about a place as known now."""
        cells = self._remembered.newest[by_side].get(place)
        if cells is None:
            cells = self._remembered.cells(place, by_side, None)
        self._check(cells)
        return cells

    def remember(self, place: str, q: int, known_at: int, cell: Cell, *, by_side: bool) -> None:
        """The answer about an instant, as known at a position."""
        touches = self.newest(place, by_side=by_side).touches
        until = following(touches, known_at, q)
        cell.known_from = max(each.newest(q) if until is None else each.last_before(known_at, q) for each in touches)
        cells = self._remembered.cells(place, by_side, until)
        cells.fit(cell, q)
        self._remembered.put(cells, cell)

    def _check(self, cells: Cells) -> None:
        """What was learned since, and bears on the answers as known now, makes them those of before."""
        if cells.checked == (mark := self._record.mark):
            return
        cells.checked = mark
        cells.touches = [self.ledger(id).touches for id in self.bearing(cells.place)]
        last = max(each.last for each in cells.touches)
        if len(cells) and last > cells.known_to:
            for position, instant in sorted(chain.from_iterable(each.after(cells.known_to) for each in cells.touches)):
                if not covers(self._remembered.end(cells, instant, position), instant) and not cells.by_side:
                    self._with_past.discard(cells.place)
        cells.known_to = max(last, cells.known_to)

    def kept(self, places: Collection[str], q: int, known_at: int, *, by_side: bool) -> Found[Cell]:
        """The answers about places that are there, as known at a position."""
        return self._atlas(by_side).cells(places, q, known_at)

    def shown(self, places: Collection[str], q: int, known_at: int, *, by_side: bool) -> Found[JoinsBy]:
        """What they show."""
        return self._atlas(by_side).shown(places, q, known_at)

    def _atlas(self, by_side: bool) -> Atlas:
        """The one of all answers; those that hold no longer are seen to."""
        mark = self._record.mark
        if self._looked.get(by_side) != mark:
            for place in self._record.noted_since(self._looked.get(by_side)):
                self._check_all(place, by_side)
            self._looked[by_side] = mark
        return self._remembered.atlases[by_side]

    def _check_all(self, place: str, by_side: bool) -> None:
        """All that hang on what is said of a place."""
        for id in (place, *self.settlements.around(place), *self.settlements.inheriting(place)):
            cells = self._remembered.kept(id, by_side, None)
            if cells is not None:
                self._check(cells)

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

    def lacks_past(self, family: Collection[str]) -> bool:
        """Whether there are answers of what was known before that are not there, of so many that they can be."""
        if self._with_past.issuperset(family) or not self._remembered.has_room_for_the_past:
            return False
        return sum(map(self._record.noted, family)) <= TOLD_AGAIN

    def take_past(self, family: Collection[str], retold: Ledgers) -> None:
        """Have what was told again."""
        for place in family:
            touches = (retold.ledger(id).touches for id in retold.bearing(place))
            untils = {position for each in touches for position, _ in each.all()}
            self._remembered.replace(place, False, untils, retold._remembered)
            self._with_past.add(place)
        for place in family:
            followed = retold._followed[place]
            followed.noted = 0  # it is counted in another way there
            self._followed.setdefault(place, followed)

    @property
    def has_room(self) -> bool:
        """Whether what is worked out ahead would not be at the cost of what was asked for."""
        return self._remembered.has_room

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
