"""What counts of everything ever said about one place, under one policy, from which position of the log until which."""

from __future__ import annotations

from collections.abc import Iterable

from domain.alignments import Alignments
from domain.control.chains.make import Make, make
from domain.control.chains.sharpening import Moments
from domain.control.chains.shelf import Shelf
from domain.control.chains.touches import NOT, Touches
from domain.control.counting import count_of
from domain.control.knowledge import Account, Allegiances
from domain.control.statement import Statement
from domain.policy import Policy
from domain.when.instant import BEGINNING

_Claim = tuple[Make, tuple[int, int], int, frozenset[str], bool]
"""Its make, its window as written, its index, who says it, and whether it counts or is left out."""


class Ledger:
    """It is told each change as it comes, in the order of the log.

    `counted` are the claims that count, sharpened; `left_out`, those that only `min_credibility` or `against_interest`
    leave out, as written. `touches` tells from which instant on each change bears on answers.
    """

    __slots__ = ("_accounts", "_claims", "_moments", "_policy", "counted", "left_out", "touches")

    def __init__(self, policy: Policy) -> None:
        self.counted = Shelf()
        self.left_out = Shelf()
        self.touches = Touches()
        self._policy = policy
        self._moments = Moments(self.counted, Alignments())
        self._claims: dict[str, frozenset[_Claim]] = {}
        self._accounts: dict[str, Account] = {}  # where what counts hangs on alignments

    @classmethod
    def of(cls, accounts: Iterable[Account], known: Allegiances, policy: Policy) -> Ledger:
        """Of what is known at one time, from position 0 on."""
        found = cls(policy)
        found._moments.realign(known.alignments)
        for account in accounts:
            found._put(account.report, account, known, 0)
        found._moments.settle(0)
        return found

    def tell(self, report: str, account: Account | None, known: Allegiances, position: int) -> None:
        """What a report says of the place from a position on; None where it no longer says anything."""
        self._put(report, account, known, position)
        self._moments.settle(position)
        touched = min(self.counted.touched, self.left_out.touched)
        if touched != NOT:
            self.touches.add(position, touched)
        self.counted.touched = self.left_out.touched = NOT

    def realign(self, known: Allegiances, position: int) -> None:
        """Other alignments are known from a position on."""
        self._moments.realign(known.alignments)
        for report, account in self._accounts.items():
            self._put(report, account, known, position)
        self._moments.settle(position)
        self.counted.touched = self.left_out.touched = NOT
        if self.counted.chains or self.left_out.chains:
            self.touches.add(position, BEGINNING)

    def _put(self, report: str, account: Account | None, known: Allegiances, position: int) -> None:
        before = self._claims.pop(report, frozenset())
        now = frozenset[_Claim]()
        if account is None:
            self._accounts.pop(report, None)
        else:
            if self._policy.against_interest:
                self._accounts[report] = account
            counted, left_out = count_of(account, known, self._policy)
            now = frozenset((*(_claim(each, True) for each in counted), *(_claim(each, False) for each in left_out)))
            self._claims[report] = now
        for claim in before - now:
            self._remove(report, claim, position)
        for claim in now - before:
            self._add(report, claim, position)

    def _add(self, report: str, claim: _Claim, position: int) -> None:
        made, window, index, origins, counts = claim
        if counts and not made.span:
            self._moments.add(made, window, (report, index), origins)
        else:
            (self.counted if counts else self.left_out).add(made, window, report, index, origins, position)

    def _remove(self, report: str, claim: _Claim, position: int) -> None:
        made, window, index, _, counts = claim
        if counts and not made.span:
            self._moments.remove(made, window, (report, index), position)
        else:
            (self.counted if counts else self.left_out).end(made, window, report, index, position)


def _claim(statement: Statement, counts: bool) -> _Claim:
    made = make(statement.forces, statement.effect, statement.grade, statement.span)
    return made, (statement.e, statement.l), statement.index, statement.origins, counts
