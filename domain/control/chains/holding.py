"""Who holds it: control.md §5, rules 1 to 6, on runs of chains. Each rule overrules the beginning of a run."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.claims import Effect
from domain.control.chains.bearing_out import borne_out
from domain.control.chains.chain import Key
from domain.control.chains.relations import AGREES, CAPTURES, CONTRADICTS, OVERRULES, OVERRULES_OUTER, Relations
from domain.control.chains.run import Run
from domain.control.chains.x import X

_NOTHING = -(2**70)
"""Less than the `ends` of any claim."""

Rank = tuple[int, bool, int, tuple[str, ...], Key]


class Group(NamedTuple):
    """What is left of runs that agree, and whom they leave as holders, sorted; `first` is of the first claim."""

    runs: tuple[Run, ...]
    holders: tuple[str, ...]
    first: Key

    @property
    def rank(self) -> Rank:
        """Rule 6: best grade, then takes and loses, then the greatest t, then holders, then the first claim."""
        return (
            min(run.make.grade for run in self.runs),
            all(run.make.effect is Effect.HOLDS for run in self.runs),
            -max(run.t for run in self.runs),
            self.holders,
            self.first,
        )


def groups(x: X, q: int, relations: Relations) -> list[Group]:
    """The groups that are left standing, the first of them first; the second, if any, is the challenger."""
    struck = struck_until(x, relations) if x.losses else {}
    standing = [
        left for c in x.words if c not in x.fallen and (left := standing_of(c, x, struck, relations)) is not None
    ]
    found = [_group(runs, struck, q, relations) for runs in together(standing, relations)]
    if x.losses:
        found += vacating(found, x, relations)
    return found if len(found) < 2 else sorted(found, key=lambda group: group.rank)


def struck_until(x: X, relations: Relations) -> Mapping[str, int]:
    """Rule 1: each force that a `loses` covers, with the greatest `ends` of a claim that still loses it by that."""
    found: dict[str, int] = {}
    for loss in x.losses:
        for force in x.holding:
            if relations.covers(loss, force):
                found[force] = max(found.get(force, _NOTHING), loss.begins)
    return found


def standing_of(c: Run, x: X, struck: Mapping[str, int], relations: Relations) -> Run | None:
    """Rules 1 and 2: what of a run of `takes` or `holds` has holders left and is not overruled."""
    chain, start, end = c.chain, c.first, c.last + 1
    if struck:
        start = c.after(min([struck.get(force, _NOTHING) for force in c.make.forces]))
    overruled = contradicted = False
    for d in x.words:
        if start == end:
            x.fallen.add(c)
            return None
        if d.begins < chain.begins[start] - 1:
            break  # whatever d and those after it could do, they would have to begin no sooner
        does = relations.does(d, c)
        if does <= AGREES:
            continue
        if not overruled and (does & OVERRULES or (does & OVERRULES_OUTER and c.depth > d.depth)):
            overruled = True  # and by those after it, no more is
            start = max(start, c.after(d.begins))
        if does & CAPTURES:
            start = min(bisect_right(chain.e, d.e, start, end), bisect_right(chain.l, d.l, start, end))
        contradicted = contradicted or does & CONTRADICTS != 0
    left = c.left(start)
    if left is None:
        x.fallen.add(c)
    if left is None or not contradicted:
        return left
    return left.left(left.after(borne_out(left, x, relations)))


def together(standing: Sequence[Run], relations: Relations) -> list[list[Run]]:
    """Rule 4: those that agree, directly or through others of them, are in one."""
    found: list[list[Run]] = []
    for c in standing:
        joined = [group for group in found if any(relations.does(c, d) & AGREES for d in group)]
        found = [group for group in found if group not in joined]
        found.append([c, *(d for group in joined for d in group)])
    return found


def _group(runs: list[Run], struck: Mapping[str, int], q: int, relations: Relations) -> Group:
    forces = frozenset(
        force for run in runs for force in run.make.forces if run.chain.ends[run.last] > struck.get(force, _NOTHING)
    )
    return Group(tuple(runs), relations.lowest(forces, q), min(run.key for run in runs))


def vacating(found: Iterable[Group], x: X, relations: Relations) -> list[Group]:
    """Rules 3 and 5: the group, if any, of the `loses` that leave nobody there."""
    threshold = x.words[0].begins if x.words else _NOTHING
    losses = [left for d in x.losses if d.ends > threshold and (left := d.left(d.after(threshold))) is not None]
    if found:
        emptied = {force for group in found for force in group.holders if _is_emptied(group, losses, relations)}
        losses = [d for d in losses if any(relations.covers(d, force) for force in emptied)]
    else:
        losses = [left for d in losses if (left := no_repulses(d, x, relations)) is not None]
    return [Group(tuple(losses), (), min(run.key for run in losses))] if losses else []


def _is_emptied(group: Group, losses: Sequence[Run], relations: Relations) -> bool:
    return all(any(relations.covers(d, force) for d in losses) for force in group.holders)


def no_repulses(d: Run, x: X, relations: Relations) -> Run | None:
    """What of a run of `loses` drives off none, or all, of those who had fought there by then."""
    end = d.last + 1
    for c in x.all_contests:
        covered = sum(relations.covers(d, force) for force in c.make.forces)
        if 0 < covered < len(c.make.forces):
            end = min(end, bisect_left(d.chain.e, c.chain.e[c.first_known], d.first, end))
    return d.upto(end)
