"""Who fights: control.md §5, the paragraph of that name."""

from __future__ import annotations

from collections.abc import Iterable

from domain.alignments import Alignments
from domain.claims import Effect
from domain.control.holding import struck
from domain.control.statement import Statement
from domain.control.x import X


def fights(x: X, holders: tuple[str, ...], q: int, alignments: Alignments) -> list[Statement]:
    """The `contests` that go on at q, one of each likeness; `holders` are the standing ones."""
    going = (c for c in x.contests if _goes_on(c, x, q))
    return [c for c in going if not _driven_off(c, x, holders, q, alignments)]


def _goes_on(c: Statement, x: X, q: int) -> bool:
    """A span to its end; a moment until a capture, a later sighting or a quiet span says otherwise."""
    if c.span:
        return q < c.l
    return not x.against(c, "ended", lambda d: _ends(d, c)) and not any(_quiet_since(d, c, q) for d in x.words)


def _ends(d: Statement, c: Statement) -> bool:
    return d.e >= c.e if d.effect is Effect.TAKES else d.later(c)


def _quiet_since(d: Statement, c: Statement, q: int) -> bool:
    return d.effect is Effect.HOLDS and d.span and q >= c.l and d.l > c.l


def remaining(c: Statement, x: X, alignments: Alignments) -> set[str]:
    """The forces of a `contests` that no `loses` since it covers."""
    losses = _losses(c, x)
    return {force for force in c.forces if not any(struck(force, d, alignments) for d in losses)}


def _losses(c: Statement, x: X) -> list[Statement]:
    return [d for d in x.losses if d.e >= c.e]


def _driven_off(c: Statement, x: X, holders: Iterable[str], q: int, alignments: Alignments) -> bool:
    """Whether somebody fought or held there and lost, and what remains is of fewer than two sides."""
    involved = set(c.forces).union(*(word.forces for word in x.words))
    if not any(struck(force, d, alignments) for d in _losses(c, x) for force in involved):
        return False
    return len(alignments.sides(sorted({*remaining(c, x, alignments), *holders}), q)) < 2
