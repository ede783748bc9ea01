"""From when on it matters what was said about a place.

Let a and b be `takes` that have no side in common, b the one that begins first. Every word that b is later than is
overruled: if it does not agree with one of them, by that one; if it agrees with both, it has the sides of both, and a
puts those of b out. What has fallen so does nothing to what has not, for it would have to reach beyond it. A `contests`
that b is later than is over. A `loses` that b is later than is overruled, and can only have ended a longer `contests`.

So of all claims, those matter whose `ends` is more than the `begins` of b; and of the others, only who had ever held
the place or fought for it, and who lost it while a span of fighting went on: see X.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.control.chains.chain import Chain
from domain.control.chains.relations import Relations
from domain.control.chains.run import Run


def overturned(takes: Iterable[Chain], q: int, known_at: int, relations: Relations) -> int | None:
    """The `begins` of such a b, settled at q as a is; None where there is none, or none for sure.

    The chains of `takes` come with those first that may have the last.

    An older claim is set beside a and b at their own l: these must lie in one stretch of alignments.
    """
    last: dict[Chain, Run | None] = {}
    for chain in takes:
        if chain in last:
            continue
        n = chain.last_known(chain.settled(q), known_at)
        b = last[chain] = None if n < 0 else Run(chain, n, n, relations.stretch(chain.l[n]), 0, known_at)
        for a in last.values():
            if a and b and a.stretch == b.stretch and relations.are_apart(a, b):
                return min(a.begins, b.begins)
    return None
