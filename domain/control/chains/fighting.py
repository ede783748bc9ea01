"""Who fights: control.md §5, the paragraph of that name, on runs of chains."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

from domain.control.chains.relations import Relations
from domain.control.chains.run import Run
from domain.control.chains.x import X


def fights(x: X, holders: tuple[str, ...], q: int, relations: Relations) -> list[Run]:
    """What is left of the runs of `contests` at q; `holders` are the standing ones."""
    going = [left for c in x.contests if (left := _going_on(c, x, q)) is not None]
    return [left for c in going if (left := _not_driven_off(c, x, holders, q, relations)) is not None]


def _going_on(c: Run, x: X, q: int) -> Run | None:
    """Spans to their end; moments until a capture, a later sighting or a quiet span says otherwise."""
    chain = c.chain
    start = c.first
    end = c.last + 1
    if c.make.span:
        return c.left(bisect_right(chain.l, q, start, end))
    captured, seen, quiet = x.ending
    if c.ends <= seen or c.e <= captured:
        return None
    start = bisect_right(chain.e, captured, start, end)
    start = bisect_right(chain.ends, seen, start, end)
    start = bisect_right(chain.l, min(q, quiet - 1), start, end)
    return c.left(start)


def remaining(c: Run, x: X, relations: Relations) -> set[str]:
    """The forces of the last claim of a run that no `loses` since it covers; those before it have no more left."""
    return _remaining(c, x.losses_since(c.e), relations)


def _remaining(c: Run, since: Sequence[Run], relations: Relations) -> set[str]:
    return {force for force in c.make.forces if not _is_struck(force, since, relations)}


def _is_struck(force: str, losses: Iterable[Run], relations: Relations) -> bool:
    return any(relations.covers(d, force) for d in losses)


def _not_driven_off(c: Run, x: X, holders: tuple[str, ...], q: int, relations: Relations) -> Run | None:
    """What began too late for somebody to have fought or held there and lost, if too few sides remain of it.

    Of two claims of a run, every `loses` since the later is since the earlier too.
    """
    left: Run | None = c
    while left is not None:
        e = left.chain.e[left.first]
        since = x.losses_since(e)
        if not since or not _some_lost(c, since, x, relations):
            break
        if len(_sides({*_remaining(c, since, relations), *holders}, q, relations)) >= 2:
            break
        left = left.left(bisect_right(left.chain.e, min(d.e for d in since), left.first, left.last + 1))
    return left


def _some_lost(c: Run, losses: Sequence[Run], x: X, relations: Relations) -> bool:
    """Whether anybody who fought there, or ever held it, did."""
    forces = (force for forces in (c.make.forces, x.holding) for force in forces)
    return any(_is_struck(force, losses, relations) for force in forces) or (x.rest is not None and x.rest.had(losses))


def _sides(forces: Collection[str], q: int, relations: Relations) -> frozenset[str]:
    return relations.alignments.sides(sorted(forces), q)
