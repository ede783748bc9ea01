"""The ledgers that questions about control are answered from: one for each place and policy, as they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.control.chains.ledger import Ledger
from domain.control.knowledge import Account, Allegiances
from domain.policy import Policy

_POLICIES = 16
"""How many policies keep their ledgers, those that were asked for last."""


class Record(Protocol):
    """Everything recorded so far."""

    def account(self, report: str, place: str, known_at: int) -> Account | None:
        """What a report says of a place, as known; None where that is nothing."""

    def allegiances(self, known_at: int) -> Allegiances: ...

    @property
    def realigned(self) -> Sequence[int]:
        """The positions at which alignments became known, in order."""


@dataclass(slots=True)
class _Followed:
    """A ledger, and how much of what concerns it that it was told."""

    ledger: Ledger
    changes: int = 0
    realigned: int = 0


class Ledgers:
    """A ledger is brought up to date when it is asked for, by what was noted of its place since."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._changes: dict[str, list[tuple[int, str]]] = {}  # by place: positions and reports
        self._kept: OrderedDict[Policy, dict[str, _Followed]] = OrderedDict()

    def note(self, position: int, report: str, places: set[str]) -> None:
        """An event, of a report that speaks of these places or did so before it."""
        for place in places:
            self._changes.setdefault(place, []).append((position, report))

    def ledger(self, place: str, policy: Policy) -> Ledger:
        """What was ever said of a place, up to now."""
        of_policy = self._kept.setdefault(policy, {})
        self._kept.move_to_end(policy)
        if len(self._kept) > _POLICIES:
            self._kept.popitem(last=False)
        followed = of_policy.get(place)
        if followed is None:
            followed = of_policy[place] = _Followed(Ledger(policy))
        changes = self._changes.get(place, ())
        if followed.changes < len(changes) or followed.realigned < len(self._record.realigned):
            self._follow(place, followed, changes)
        return followed.ledger

    def _follow(self, place: str, followed: _Followed, changes: Sequence[tuple[int, str]]) -> None:
        for position, report in changes[followed.changes :]:
            self._realign(followed, position)
            account = self._record.account(report, place, position)
            followed.ledger.tell(report, account, self._record.allegiances(position), position)
        followed.changes = len(changes)
        if self._record.realigned:
            self._realign(followed, self._record.realigned[-1])

    def _realign(self, followed: _Followed, upto: int) -> None:
        """Tell a ledger of each time that alignments became known, up to a position."""
        realigned = self._record.realigned
        end = bisect_right(realigned, upto, followed.realigned)
        for position in realigned[followed.realigned : end]:
            followed.ledger.realign(self._record.allegiances(position), position)
        followed.realigned = end
