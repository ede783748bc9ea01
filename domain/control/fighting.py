"""Who fights: control.md §5, the paragraph of that name."""

from __future__ import annotations

from collections.abc import Iterable

from domain.alignments import Alignments
from domain.claims import Effect
from domain.control.holding import X, struck
from domain.control.statement import Statement


def fights(x: X, holders: tuple[str, ...], q: int, alignments: Alignments) -> list[Statement]:
    """The `contests` that go on at q, in order; `holders` are the standing ones."""
    going = [c for c in x if c.effect is Effect.CONTESTS and _goes_on(c, x, q)]
    return sorted((c for c in going if not _driven_off(c, x, holders, q, alignments)), key=lambda c: c.key)


def _goes_on(c: Statement, x: X, q: int) -> bool:
    """A span to its end; a moment until a capture, a later sighting or a quiet span says otherwise."""
    if c.span:
        return q < c.l
    return not any(_ends(d, c, q) for d in x)


def _ends(d: Statement, c: Statement, q: int) -> bool:
    if d.effect is Effect.TAKES:
        return d.e >= c.e
    if d.effect is Effect.HOLDS:
        return d.later(c) or (d.span and q >= c.l and d.l > c.l)
    return False


def remaining(c: Statement, x: X, alignments: Alignments) -> set[str]:
    """The forces of a `contests` that no `loses` since it covers."""
    losses = _losses(c, x)
    return {force for force in c.forces if not any(struck(force, d, alignments) for d in losses)}


def _losses(c: Statement, x: X) -> list[Statement]:
    return [d for d in x if d.effect is Effect.LOSES and d.e >= c.e]


def _driven_off(c: Statement, x: X, holders: Iterable[str], q: int, alignments: Alignments) -> bool:
    """Whether somebody fought or held there and lost, and what remains is of fewer than two sides."""
    involved = set(c.forces).union(*(h.forces for h in x if h.has_holder))
    if not any(struck(force, d, alignments) for d in _losses(c, x) for force in involved):
        return False
    return len(alignments.sides({*remaining(c, x, alignments), *holders}, q)) < 2
