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

    def changes(self, place: str, after: int) -> Sequence[tuple[int, int]]:
        """The positions, in order, of the events after one that are of reports that speak of a place, or did so before.

        Each with its report's number.
        """

    def report_id(self, report: int) -> str: ...

    def account(self, report: int, place: str, known_at: int) -> Account | None:
        """What a report says of a place, as known; None where that is nothing."""

    def allegiances(self, known_at: int) -> Allegiances: ...

    @property
    def realigned(self) -> Sequence[int]:
        """The positions at which alignments became known, in order."""


@dataclass(slots=True)
class _Followed:
    """A ledger, and up to where it was told what concerns it."""

    ledger: Ledger
    position: int = 0
    realigned: int = 0


class Ledgers:
    """A ledger is brought up to date when it is asked for, by what changed about its place since."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._kept: OrderedDict[Policy, dict[str, _Followed]] = OrderedDict()

    def ledger(self, place: str, policy: Policy) -> Ledger:
        """What was ever said of a place, up to now."""
        of_policy = self._kept.setdefault(policy, {})
        self._kept.move_to_end(policy)
        if len(self._kept) > _POLICIES:
            self._kept.popitem(last=False)
        followed = of_policy.get(place)
        if followed is None:
            followed = of_policy[place] = _Followed(Ledger(policy))
        changes = self._record.changes(place, followed.position)
        if changes or followed.realigned < len(self._record.realigned):
            self._follow(place, followed, changes)
        return followed.ledger

    def _follow(self, place: str, followed: _Followed, changes: Sequence[tuple[int, int]]) -> None:
        for position, report in changes:
            self._realign(followed, position)
            account = self._record.account(report, place, position)
            id = self._record.report_id(report)
            followed.ledger.tell(id, account, self._record.allegiances(position), position)
            followed.position = position
        if self._record.realigned:
            self._realign(followed, self._record.realigned[-1])

    def _realign(self, followed: _Followed, upto: int) -> None:
        """Tell a ledger of each time that alignments became known, up to a position."""
        realigned = self._record.realigned
        end = bisect_right(realigned, upto, followed.realigned)
        for position in realigned[followed.realigned : end]:
            followed.ledger.realign(self._record.allegiances(position), position)
        followed.realigned = end
