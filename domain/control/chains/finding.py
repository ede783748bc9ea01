"""What the settled and the pending claims leave of a place's own question (control.md §6), its claims as runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.alignments import Alignments
from domain.control.answer import Answer, JoinsBy, Since
from domain.control.chains.chain import Key
from domain.control.chains.run import Run
from domain.control.chains.shelf import Shelf
from domain.control.chains.state import State
from domain.control.finding import by_sides
from domain.control.state import Shown, Status


@dataclass(frozen=True, slots=True)
class Finding:
    """s and s′ of a place at q, with the runs of moments in the X of s′. The place is the one that answered."""

    place: str
    q: int
    settled: State
    possible: State
    moments: tuple[Run, ...]

    def joins_by(self, by_side: Alignments | None = None) -> JoinsBy:
        """What answers are told apart by, each force shown by its side at q where alignments are given."""
        before, after = self.settled.shown, self.possible.shown
        if by_side is not None:
            before, after = by_sides(before, self.q, by_side), by_sides(after, self.q, by_side)
        if before == after:
            return before, None, None
        return Shown(Status.CHANGING, before.holders, before.parties, before.challenger), before, after

    def answer(
        self, place: str, joins_by: JoinsBy, unconfirmed: tuple[str, ...], exceptions: tuple[str, ...]
    ) -> Answer:
        """The answer for `place`, which is this one or inherits from it."""
        shown, before, after = joins_by
        basis = self.settled.basis
        return Answer(
            place=place,
            status=shown.status,
            holders=shown.holders,
            parties=shown.parties,
            challenger=shown.challenger,
            before=before,
            after=after,
            since=self._since() if before is None else self._since_changing(),
            last_confirmed=max((min(run.l, self.q) for run in basis), default=None),
            credibility=min((run.make.grade for run in basis), default=None),
            basis=reports(key for run in basis for key in map(run.chain.key, run)),
            dissent=reports(key for run in self.settled.dissent for key in map(run.chain.key, run)),
            unconfirmed=unconfirmed,
            inherited_from=None if place == self.place else self.place,
            exceptions=exceptions,
        )

    def _since(self) -> Since | None:
        key = self.settled.source_of_since
        return None if key is None else Since(key[1], key[0])

    def _since_changing(self) -> Since:
        pending = [left for run in self.moments if (left := run.left(run.past(self.q))) is not None]
        return Since(min(run.chain.e[run.first] for run in pending), max(run.l for run in pending))


def reports(keys: Iterable[Key]) -> tuple[str, ...]:
    """The reports of claims by (t, e, report id), each once, at its first."""
    return tuple(dict.fromkeys(report for _, _, report, _ in sorted(keys)))


def unconfirmed(left_out: Shelf, q: int, since: Key | None, known_at: int) -> Iterator[Key]:
    """Of what is left out, the claims that are pending at q, or settled with t not before that of `since`."""
    for chain in left_out.chains if since is None else left_out.reaching(since[0], q, known_at):
        last = chain.begun(q) - 1
        if last >= 0 and (since is None or chain.t[last] >= since[0]):
            first = 0 if since is None else chain.settled(since[0] - 1)
            yield from map(chain.key, chain.known(first, last, known_at))
