"""Who fights: control.md §5, the paragraph of that name, on runs of chains."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable

from domain.claims import Effect
from domain.control.chains.relations import Relations
from domain.control.chains.run import Run
from domain.control.chains.x import X

_NEVER = -(2**70)


def fights(x: X, holders: tuple[str, ...], q: int, relations: Relations) -> list[Run]:
    """What is left of the runs of `contests` at q; `holders` are the standing ones."""
    going = [left for c in x.contests if (left := _going_on(c, x, q)) is not None]
    if not x.losses:
        return going
    return [left for c in going if (left := _not_driven_off(c, x, holders, q, relations)) is not None]


def _going_on(c: Run, x: X, q: int) -> Run | None:
    """Spans to their end; moments until a capture, a later sighting or a quiet span says otherwise."""
    chain = c.chain
    start = c.first
    end = c.last + 1
    if c.make.span:
        return c.left(bisect_right(chain.l, q, start, end))
    for d in x.words:
        if d.make.effect is Effect.TAKES:
            start = max(start, bisect_right(chain.e, d.e, start, end))
        else:
            start = max(start, c.after(d.begins))
            if d.make.span:
                start = max(start, bisect_right(chain.l, min(q, d.l - 1), start, end))
    return c.left(start)


def remaining(c: Run, x: X, relations: Relations) -> set[str]:
    """The forces of the last claim of a run that no `loses` since it covers; those before it have no more left."""
    return _remaining(c, c.e, x.losses, relations)


def _remaining(c: Run, e: int, losses: Iterable[Run], relations: Relations) -> set[str]:
    since = [d for d in losses if d.e >= e]
    return {force for force in c.make.forces if not _is_struck(force, since, relations)}


def _is_struck(force: str, losses: Iterable[Run], relations: Relations) -> bool:
    return any(relations.covers(d.make, force, d.l) for d in losses)


def _not_driven_off(c: Run, x: X, holders: tuple[str, ...], q: int, relations: Relations) -> Run | None:
    """What began too late for somebody to have fought or held there and lost, if too few sides remain of it.

    Of two claims of a run, every `loses` since the later is since the earlier too.
    """
    involved = {force for run in (c, *x.words) for force in run.make.forces}
    left: Run | None = c
    while left is not None:
        e = left.chain.e[left.first]
        since = [d for d in x.losses if d.e >= e]
        if not any(_is_struck(force, since, relations) for force in involved):
            break
        if len(_sides({*_remaining(c, e, since, relations), *holders}, q, relations)) >= 2:
            break
        left = left.left(bisect_right(left.chain.e, min(d.e for d in since), left.first, left.last + 1))
    return left


def _sides(forces: Collection[str], q: int, relations: Relations) -> frozenset[str]:
    return relations.alignments.sides(sorted(forces), q)
