"""Who holds it: control.md §5, rules 1 to 6, one function each.

q is an instant. Where a rule speaks of a d in X, d need be neither standing itself nor the place's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from domain.alignments import Alignments
from domain.claims import Effect
from domain.control.agreement import agree, both_sides
from domain.control.statement import Statement
from domain.control.x import X
from domain.settlements import Settlements


class Group(NamedTuple):
    """Claims that agree, in order, and whom they leave as holders, sorted."""

    claims: tuple[Statement, ...]
    holders: tuple[str, ...]


def groups(x: X, q: int, alignments: Alignments, settlements: Settlements) -> list[Group]:
    """The groups that are left standing, the first of them first; the second, if any, is the challenger."""
    standing = [c for c in x.words if not overruled(c, x, alignments, settlements)]
    holders = {c: left for c in standing if (left := still_holding(c, x, alignments))}
    losses = [d for d in x.losses if not superseded(d, x)]
    found = [_group(claims, holders, x, q, alignments) for claims in together(holders, alignments)]
    return sorted(found + vacating(found, losses, x, alignments), key=_rank)


def still_holding(c: Statement, x: X, alignments: Alignments) -> frozenset[str]:
    """Rule 1: its forces, less those that a later `loses` covers."""
    since = [d for d in x.losses if d.later(c)]
    return frozenset(force for force in c.forces if not any(struck(force, d, alignments) for d in since))


def struck(force: str, loss: Statement, alignments: Alignments) -> bool:
    """Whether a `loses` covers the force, at its own l."""
    return any(alignments.covers(upper, force, loss.l) for upper in loss.forces)


def overruled(c: Statement, x: X, alignments: Alignments, settlements: Settlements) -> bool:
    """Rule 2, of a `takes` or `holds` with holders left."""

    def overrules(d: Statement) -> bool:
        if _captured_from(c, d) or _seen_otherwise(c, d, settlements):
            return not agree(c, d, alignments) or _partner_put_out(c, d, alignments)
        return _partner_put_out(c, d, alignments)

    return x.against(c, "overruled", overrules) or _borne_out(c, x, alignments)


def superseded(d: Statement, x: X) -> bool:
    """Rule 3, of a `loses`: any `takes` or `holds` came later."""
    return x.against(d, "superseded", lambda c: c.later(d))


def _captured_from(c: Statement, d: Statement) -> bool:
    """By a later `takes`, or one graded no worse that comes no sooner than a momentary sighting."""
    if d.effect is not Effect.TAKES:
        return False
    moment_holds = c.effect is Effect.HOLDS and not c.span
    return d.later(c) or (moment_holds and d.grade <= c.grade and d.e >= c.e and d.l >= c.l)


def _seen_otherwise(c: Statement, d: Statement, settlements: Settlements) -> bool:
    """By a later `holds` graded better, or as well where c is no capture of that very place."""
    if d.effect is not Effect.HOLDS or not d.later(c) or d.grade > c.grade:
        return False
    return d.grade < c.grade or c.effect is Effect.HOLDS or c.place in settlements.around(d.place)


def _borne_out(c: Statement, x: X, alignments: Alignments) -> bool:
    """By two later `holds`, graded as c is, that agree and are independent, with no word for c after either."""
    later = [d for d in x.words if d.effect is Effect.HOLDS and d.grade == c.grade and d.later(c)]
    against = [d for d in later if not agree(c, d, alignments)]
    for_c = [word for word in x.words if agree(word, c, alignments)] if against else []
    last = x.all_of(d for d in against if not any(word.later(d) for word in for_c))
    return any(independent(a, b) and agree(a, b, alignments) for a, b in combinations(_distinct(last), 2))


def independent(a: Statement, b: Statement) -> bool:
    """From two reports that have no source in common; one without sources has none in common with any."""
    return a.report != b.report and not a.origins & b.origins


def _distinct(sightings: Iterable[Statement]) -> Iterator[Statement]:
    """Less what can't make a pair that others don't: a third report of the same by the same sources."""
    heard: dict[object, set[str]] = {}
    for each in sightings:
        reports = heard.setdefault((each.likeness, each.origins), set())
        if len(reports) < 2 and each.report not in reports:
            reports.add(each.report)
            yield each


def _partner_put_out(c: Statement, d: Statement, alignments: Alignments) -> bool:
    """By a later `takes` that agrees with it, but without one of its sides."""
    if d.effect is not Effect.TAKES or not d.later(c):
        return False
    of_d, of_c = both_sides(d, c, alignments)
    return of_d < of_c


def together(claims: Iterable[Statement], alignments: Alignments) -> list[list[Statement]]:
    """Rule 4: claims that agree, directly or through others of them, are in one."""
    found: list[list[Statement]] = []
    for c in claims:
        joined = [group for group in found if any(agree(c, other, alignments) for other in group)]
        found = [group for group in found if group not in joined]
        found.append([c, *(other for group in joined for other in group)])
    return found


def _group(
    claims: list[Statement], holders: dict[Statement, frozenset[str]], x: X, q: int, alignments: Alignments
) -> Group:
    forces = frozenset().union(*(holders[c] for c in claims))
    return Group(x.all_of(claims), lowest(forces, q, alignments))


def lowest(forces: Iterable[str], q: int, alignments: Alignments) -> tuple[str, ...]:
    """The forces, less any that covers another of them at q, sorted."""
    above = {upper for force in forces for upper in alignments.chain(force, q)[1:]}
    return tuple(sorted(set(forces) - above))


def vacating(found: list[Group], losses: Sequence[Statement], x: X, alignments: Alignments) -> list[Group]:
    """Rule 5: the group, if any, of the `loses` that leave nobody there."""
    if found:
        emptied = {
            force
            for group in found
            if all(any(struck(force, d, alignments) for d in losses) for force in group.holders)
            for force in group.holders
        }
        claims = [d for d in losses if any(struck(force, d, alignments) for force in emptied)]
    else:
        claims = [d for d in losses if not repulse(d, x, alignments)]
    return [Group(x.all_of(claims), ())] if claims else []


def repulse(d: Statement, x: X, alignments: Alignments) -> bool:
    """Whether a `loses` drives off some of those who fought there, and not all."""
    fights = (c for c in x.contests if d.e >= c.e)
    return any(0 < sum(struck(force, d, alignments) for force in c.forces) < len(c.forces) for c in fights)


def _rank(group: Group) -> tuple[int, bool, int, tuple[str, ...], tuple[int, int, str, int]]:
    """Rule 6: best grade, then takes and loses, then the greatest t, then holders, then the first claim."""
    return (
        min(c.grade for c in group.claims),
        all(c.effect is Effect.HOLDS for c in group.claims),
        -max(c.t for c in group.claims),
        group.holders,
        group.claims[0].key,
    )
