"""Asking: one knowledge, one policy, any place and any instant (control.md §6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from domain.claims import Effect
from domain.control.answer import Answer, JoinsBy
from domain.control.counting import Count, count
from domain.control.finding import Finding, reports
from domain.control.knowledge import Knowledge
from domain.control.sharpening import sharpen
from domain.control.state import State, state
from domain.control.statement import Statement
from domain.control.x import Witnesses, X
from domain.policy import Policy
from domain.when.instant import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a timeline from `start` until, not including, `end`; BEGINNING and None are open ends."""

    start: int
    end: int | None
    answer: Answer


class Inquiry:
    """Questions to one knowledge under one policy. Instants are valid time.

    A place that is not known raises KeyError.
    """

    def __init__(self, known: Knowledge, policy: Policy) -> None:
        self._known = known
        self._policy = policy
        self._counts: dict[str, Count] = {}
        self._witnesses: Witnesses = {}

    def control(self, place: str, q: int, *, by_side: bool = False) -> Answer:
        """The answer of §6."""
        finding = self._finding(place, q)
        return self._whole(finding, self._shown(place, finding, by_side))

    def control_unless(self, same: JoinsBy | None, place: str, q: int, *, by_side: bool = False) -> Answer | None:
        """The answer, or None where it is still the same by what answers are told apart by."""
        finding = self._finding(place, q)
        answer = self._shown(place, finding, by_side)
        return None if answer.joins_by == same else self._whole(finding, answer)

    def timeline(self, place: str, now: int, *, by_side: bool = False) -> list[Segment]:
        """The answers at every instant, neighbours joined, from the first that is not `unknown` (§6, Timeline).

        `now` is the instant that the last segment's other fields are of.
        """
        return [step for step in self.timeline_steps(place, now, by_side=by_side) if step is not None]

    def timeline_steps(self, place: str, now: int, *, by_side: bool = False) -> Iterator[Segment | None]:
        """The same a small step at a time, None for a step that ends no segment: a long one need not hold up others."""
        start: int | None = None
        last: object = None
        for q in self.turns(place):
            answer = self._shown(place, self._finding(place, q), by_side)
            if answer.joins_by == last or (last is None and answer.is_unknown):
                yield None
                continue
            if start is not None:
                yield Segment(start, q, self.control(place, q - 1, by_side=by_side))
            start, last = q, answer.joins_by
        if start is not None:
            yield Segment(start, None, self.control(place, max(now, start), by_side=by_side))

    def joins_by(self, place: str, q: int, *, by_side: bool = False) -> JoinsBy:
        """What the answer changes by, without the rest of it."""
        return self._shown(place, self._finding(place, q), by_side).joins_by

    def turns(self, place: str) -> list[int]:
        """Every instant at which the answer can change, in order: the ends of windows and of alignments."""
        ends = {end for each in self._bearing(place) for end in (each.e, each.l)}
        return sorted((ends | {BEGINNING, *self._known.alignments.turns}) - {END})

    def turning(self, place: str, q: int) -> tuple[str, ...]:
        """The reports with a counted claim that can change the answer at q: its window begins or ends then."""
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
