"""Places told again from the first event on, and laid out after each: every answer there ever was, by both clocks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from operator import itemgetter

from domain.control.chains.inquiry import Known
from domain.control.chains.remembering import RememberingInquiry
from domain.control.knowledge import Account, Allegiances
from domain.policy import Policy
from domain.settlements import Settlements
from domain.when.instant import END
from projections.ledgers import Change, Ledgers, Mark, Record

_POSITION = itemgetter(0)


class Upto:
    """A record as it was at a position, as far as it is about some places."""

    def __init__(self, record: Record, places: Iterable[str], settlements: Settlements) -> None:
        self._record = record
        self._changes: dict[str, Sequence[Change]] = dict.fromkeys(places, ())
        self.all_settlements = settlements
        """All the places: those not registered yet at the position are not spoken of yet."""
        self.position = 0

    def positions(self) -> Iterator[int]:
        """Go to 0, and to each position at which anything came to be known, in order; it may be while they are gone
        through."""
        yield self.position
        while more := self._more():
            for self.position in more:
                yield self.position

    def _more(self) -> list[int]:
        self._changes = {place: self._record.changes(place, 0) for place in self._changes}
        told = {position for changes in self._changes.values() for position, _ in changes}
        return sorted(each for each in told.union(self._record.realigned) if each > self.position)

    @property
    def realigned(self) -> Sequence[int]:
        realigned = self._record.realigned
        return realigned[: bisect_right(realigned, self.position)]

    @property
    def mark(self) -> Mark:
        return (self.position, 0), 0

    def noted_since(self, mark: Mark | None) -> Iterable[str]:
        return self._changes

    def noted(self, place: str) -> int:
        return bisect_right(self._changes[place], self.position, key=_POSITION)

    def changes(self, place: str, after: int) -> Sequence[Change]:
        return self._changes[place][bisect_right(self._changes[place], after, key=_POSITION) : self.noted(place)]

    def report_id(self, report: int) -> str:
        return self._record.report_id(report)

    def account(self, report: int, place: str, known_at: int) -> Account | None:
        return self._record.account(report, place, known_at)

    def allegiances(self, known_at: int) -> Allegiances:
        return self._record.allegiances(known_at)


def retold(
    record: Record,
    policy: Policy,
    places: Sequence[str],
    settlements: Settlements,
    known: Callable[[int, Settlements], Known],
) -> Generator[None, None, Ledgers]:
    """The ledgers of places on whose answers no others bear, with all that was ever answered; a step at a time.

    It is told all that is recorded when it is done; `known` is what is known at a position, but for the settlements.
    """
    upto = Upto(record, places, settlements)
    ledgers = Ledgers(upto, policy)
    for position in upto.positions():
        inquiry = RememberingInquiry(known(position, settlements), ledgers)
        for place in places:
            q = ledgers.newest(place, by_side=False).end
            while q < END:
                q = inquiry.cell(place, q).end
                yield
    return ledgers
