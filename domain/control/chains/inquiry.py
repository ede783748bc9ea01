"""Asking what the ledgers hold: one knowledge, one policy, any place and any instant (control.md §6)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from domain.alignments import Alignments
from domain.claims import Effect
from domain.control.answer import Answer, JoinsBy
from domain.control.chains.chain import Chain
from domain.control.chains.finding import Finding, reports, unconfirmed
from domain.control.chains.ledger import Ledger
from domain.control.chains.relations import Relations
from domain.control.chains.run import Run, runs
from domain.control.chains.shelf import has_begun
from domain.control.chains.state import state
from domain.control.chains.x import X
from domain.control.inquiry import Inquiry
from domain.policy import Policy
from domain.settlements import Settlements
from domain.when.instant import BEGINNING, END


class Kept(Protocol):
    """What is known at a position of the log, and may be known after it."""

    @property
    def position(self) -> int: ...

    @property
    def settlements(self) -> Settlements:
        """As known at the position."""

    @property
    def relations(self) -> Relations:
        """By the alignments as known at the position."""

    def ledger(self, place: str, policy: Policy) -> Ledger:
        """Told everything up to the position; perhaps more."""


class ChainInquiry(Inquiry):
    """Works out what each question needs, and nothing ahead of it."""

    def __init__(self, known: Kept, policy: Policy) -> None:
        self._known = known
        self._policy = policy
        self._position = known.position
        self._relations = known.relations

    def control(self, place: str, q: int, *, by_side: bool = False) -> Answer:
        finding = self._finding(place, q)
        return self._whole(place, finding, finding.joins_by(self._sides(by_side)))

    def control_unless(self, same: JoinsBy | None, place: str, q: int, *, by_side: bool = False) -> Answer | None:
        finding = self._finding(place, q)
        joins_by = finding.joins_by(self._sides(by_side))
        return None if joins_by == same else self._whole(place, finding, joins_by)

    def joins_by(self, place: str, q: int, *, by_side: bool = False) -> JoinsBy:
        return self._finding(place, q).joins_by(self._sides(by_side))

    def turns(self, place: str) -> list[int]:
        known_at = self._position
        found = {BEGINNING, *self._relations.turns}
        for chain in self._bearing(place):
            for n in chain.known(0, len(chain.t) - 1, known_at):
                found.add(chain.e[n])
                found.add(chain.l[n])
        return sorted(found - {END})

    def next_turn(self, place: str, q: int) -> int | None:
        found = [turn for turn in self._relations.turns if q < turn < END][:1]
        for chain in self._bearing(place):
            for ends in (chain.e, chain.l):
                following = chain.known(bisect_right(ends, q), len(ends) - 1, self._position)
                found += [ends[n] for n in islice(following, 1)]
        return min(found, default=None)

    def turning(self, place: str, q: int) -> tuple[str, ...]:
        return reports(
            chain.key(n)
            for chain in self._bearing(place)
            for ends in (chain.e, chain.l)
            for n in chain.known(bisect_left(ends, q), bisect_right(ends, q) - 1, self._position)
        )

    def _bearing(self, place: str) -> Iterator[Chain]:
        """The counted claims about the place and those it is inside."""
        return (chain for id in (place, *self._around(place)) for chain in self._counted(id))

    def _sides(self, by_side: bool) -> Alignments | None:
        return self._relations.alignments if by_side else None

    def _around(self, place: str) -> tuple[str, ...]:
        return self._known.settlements.around(place)

    def _counted(self, place: str) -> Sequence[Chain]:
        return self._known.ledger(place, self._policy).counted.chains

    def _has_own(self, place: str, q: int) -> bool:
        return has_begun(self._counted(place), q, self._position)

    def _whole(self, place: str, finding: Finding, joins_by: JoinsBy) -> Answer:
        return finding.answer(place, joins_by, self._unconfirmed(place, finding), self._exceptions(place, finding))

    def _finding(self, place: str, q: int) -> Finding:
        """What answers for the place: its own claims, or those of the first around it that has any; else nothing."""
        answering = next((id for id in (place, *self._around(place)) if self._has_own(id, q)), place)
        settled = self._x(answering, q, pending=False)
        possible = self._x(answering, q, pending=True)
        moments = tuple(run for run in possible if not run.make.span)
        before = state(X(settled), q, self._relations)
        after = state(X(possible), q, self._relations) if any(run.l > q for run in moments) else before
        return Finding(answering, q, before, after, moments)

    def _x(self, place: str, q: int, *, pending: bool) -> list[Run]:
        """The set X: a place's own claims and, beside them, what is said of the places it is inside."""

        def ripe(chain: Chain, depth: int) -> Iterator[Run]:
            before = chain.begun(q) if pending else chain.settled(q)
            return runs(chain, before, depth, self._position, self._relations.turns)

        found = [run for chain in self._counted(place) for run in ripe(chain, 0)]
        around = self._around(place)
        if not around or not (found or self._has_own(place, q)):
            return found
        best = min((run.make.grade for run in found if run.make.has_holder), default=None)
        for depth, outer in enumerate(around, start=1):
            for chain in self._counted(outer):
                effect = chain.make.effect
                better = effect is Effect.HOLDS and (best is None or chain.make.grade < best)
                if effect is Effect.TAKES or effect is Effect.LOSES or better:
                    found += ripe(chain, depth)
        return found

    def _unconfirmed(self, place: str, finding: Finding) -> tuple[str, ...]:
        """What only `min_credibility` or `against_interest` leave out, and is not older than what answers."""
        places = (place, *self._around(place))
        since = finding.settled.source_of_since
        return reports(
            key
            for id in places[: places.index(finding.place) + 1]
            for key in unconfirmed(
                self._known.ledger(id, self._policy).left_out.chains, finding.q, since, self._position
            )
        )

    def _exceptions(self, place: str, finding: Finding) -> tuple[str, ...]:
        """The places inside a settlement, with claims of their own, whose answer shows something else."""
        within = self._known.settlements.within(place)
        if not within:
            return ()
        shown, _, _ = finding.joins_by()
        q = finding.q
        return tuple(id for id in within if self._has_own(id, q) and self._finding(id, q).joins_by()[0] != shown)
