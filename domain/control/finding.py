"""What the settled and the pending claims leave of a place's own question, before it is put into an answer (§6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.alignments import Alignments
from domain.control.answer import Answer, Since
from domain.control.state import Shown, State, Status
from domain.control.statement import Statement


@dataclass(frozen=True, slots=True)
class Finding:
    """s and s′ of a place at q, with the pending claims in the X of s′. The place is the one that answered."""

    place: str
    q: int
    settled: State
    possible: State
    pending: tuple[Statement, ...]

    def answer(self, place: str, by_side: Alignments | None = None) -> Answer:
        """The answer for `place`, which is this one or inherits from it; `unconfirmed` and `exceptions` are left empty.

        With alignments given for `by_side`, each force shown is replaced by its side at q.
        """
        before, after = self.settled.shown, self.possible.shown
        if by_side is not None:
            before, after = by_sides(before, self.q, by_side), by_sides(after, self.q, by_side)
        changing = before != after
        basis = self.settled.basis
        return Answer(
            place=place,
            status=Status.CHANGING if changing else before.status,
            holders=before.holders,
            parties=before.parties,
            challenger=before.challenger,
            before=before if changing else None,
            after=after if changing else None,
            since=self._since_changing() if changing else self._since(),
            last_confirmed=max((min(claim.l, self.q) for claim in basis), default=None),
            credibility=min((claim.grade for claim in basis), default=None),
            basis=reports(basis),
            dissent=reports(self.settled.dissent),
            unconfirmed=(),
            inherited_from=None if place == self.place else self.place,
            exceptions=(),
        )

    def _since(self) -> Since | None:
        claim = self.settled.source_of_since
        return None if claim is None else Since(claim.e, claim.t)

    def _since_changing(self) -> Since:
        return Since(min(claim.e for claim in self.pending), max(claim.l for claim in self.pending))


def reports(claims: Iterable[Statement]) -> tuple[str, ...]:
    """The reports of claims by (t, e, report id), each once, at its first."""
    return tuple(dict.fromkeys(claim.report for claim in sorted(claims, key=lambda claim: claim.key)))


def by_sides(shown: Shown, q: int, alignments: Alignments) -> Shown:
    """Each force replaced by its side at q, once each."""

    def named(forces: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(alignments.sides(forces, q)))

    challenger = None if shown.challenger is None else named(shown.challenger)
    return replace(shown, holders=named(shown.holders), parties=named(shown.parties), challenger=challenger)
