"""Asking as plainly as the page reads (control.md §6). The service asks by a faster way: see domain/control/chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from domain.claims import Effect
from domain.control.answer import Answer, JoinsBy
from domain.control.counting import Count, count
from domain.control.finding import Finding, reports
from domain.control.inquiry import Inquiry
from domain.control.knowledge import Knowledge
from domain.control.sharpening import sharpen
from domain.control.state import State, state
from domain.control.statement import Statement
from domain.control.x import Witnesses, X
from domain.policy import Policy
from domain.when.instant import BEGINNING, END


class PlainInquiry(Inquiry):
    """Goes through all that is known of a place at each question."""

    def __init__(self, known: Knowledge, policy: Policy) -> None:
        self._known = known
        self._policy = policy
        self._counts: dict[str, Count] = {}
        self._witnesses: Witnesses = {}

    def control(self, place: str, q: int, *, by_side: bool = False) -> Answer:
        finding = self._finding(place, q)
        return self._whole(finding, self._shown(place, finding, by_side))

    def control_unless(self, same: JoinsBy | None, place: str, q: int, *, by_side: bool = False) -> Answer | None:
        finding = self._finding(place, q)
        answer = self._shown(place, finding, by_side)
        return None if answer.joins_by == same else self._whole(finding, answer)

    def joins_by(self, place: str, q: int, *, by_side: bool = False) -> JoinsBy:
        return self._shown(place, self._finding(place, q), by_side).joins_by

    def turns(self, place: str) -> list[int]:
        ends = {end for each in self._bearing(place) for end in (each.e, each.l)}
        return sorted((ends | {BEGINNING, *self._known.alignments.turns}) - {END})

    def turning(self, place: str, q: int) -> tuple[str, ...]:
        return reports(each for each in self._bearing(place) if q in (each.e, each.l))

    def _bearing(self, place: str) -> Iterator[Statement]:
        """The counted claims about the place and those it is inside."""
        return (each for id in (place, *self._around(place)) for each in self._count(id).counted)

    def _shown(self, place: str, finding: Finding, by_side: bool) -> Answer:
        return finding.answer(place, self._known.alignments if by_side else None)

    def _whole(self, finding: Finding, answer: Answer) -> Answer:
        """The answer with what is left empty at first."""
        return replace(
            answer,
            unconfirmed=self._unconfirmed(answer.place, finding),
            exceptions=self._exceptions(answer.place, finding),
        )

    def _around(self, place: str) -> tuple[str, ...]:
        return self._known.settlements.around(place)

    def _count(self, place: str) -> Count:
        """The claims about a place itself; the counted ones sharpened."""
        found = self._counts.get(place)
        if found is None:
            found = count(self._known, place, self._policy)
            found = self._counts[place] = found._replace(counted=sharpen(found.counted, self._known.alignments))
        return found

    def _has_own(self, place: str, q: int) -> bool:
        return any(each.settled(q) or each.pending(q) for each in self._count(place).counted)

    def _finding(self, place: str, q: int) -> Finding:
        """What answers for the place: its own claims, or those of the first around it that has any; else nothing."""
        answering = next((id for id in (place, *self._around(place)) if self._has_own(id, q)), place)
        settled = self._x(answering, q, pending=False)
        possible = self._x(answering, q, pending=True)
        pending = tuple(each for each in possible if each.pending(q))
        before = self._state(settled, q)
        return Finding(answering, q, before, self._state(possible, q) if pending else before, pending)

    def _state(self, claims: Iterable[Statement], q: int) -> State:
        return state(X(claims, self._witnesses), q, self._known.alignments, self._known.settlements)

    def _x(self, place: str, q: int, *, pending: bool) -> list[Statement]:
        """The set X: a place's own claims and, beside them, what is said of the places it is inside."""

        def ripe(of: str) -> Iterable[Statement]:
            return (c for c in self._count(of).counted if c.settled(q) or (pending and c.pending(q)))

        own = list(ripe(place))
        best = min((c.grade for c in own if c.has_holder), default=None)
        if not self._has_own(place, q):
            return own
        return own + [
            c
            for of in self._around(place)
            for c in ripe(of)
            if c.effect in (Effect.TAKES, Effect.LOSES)
            or (c.effect is Effect.HOLDS and (best is None or c.grade < best))
        ]

    def _unconfirmed(self, place: str, finding: Finding) -> tuple[str, ...]:
        """What only `min_credibility` or `against_interest` leave out, and is not older than what answers."""
        places = (place, *self._around(place))
        places = places[: places.index(finding.place) + 1]
        since = finding.settled.source_of_since
        return reports(
            each
            for id in places
            for each in self._count(id).left_out
            if each.pending(finding.q) or (each.settled(finding.q) and (since is None or each.t >= since.t))
        )

    def _exceptions(self, place: str, finding: Finding) -> tuple[str, ...]:
        """The places inside a settlement, with claims of their own, whose answer shows something else."""
        shown = finding.answer(place).shown
        return tuple(
            id
            for id in self._known.settlements.within(place)
            if self._has_own(id, finding.q) and self._finding(id, finding.q).answer(id).shown != shown
        )
