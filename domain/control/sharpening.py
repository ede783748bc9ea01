"""A summary that comes after the news does not blur it (control.md §3, Sharpened)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.alignments import Alignments
from domain.claims import Effect
from domain.control.agreement import both_sides
from domain.control.statement import Statement


def sharpen(counted: tuple[Statement, ...], alignments: Alignments) -> tuple[Statement, ...]:
    """The counted claims about one place, each moment in the narrowest window that another one gives it."""
    moments = {each.likeness: each for each in counted if not each.span}  # those that are alike are sharpened alike
    sharpest = {likeness: _sharpest(c, moments.values(), alignments) for likeness, c in moments.items()}
    return tuple(c if c.span else c.at(sharpest[c.likeness]) for c in counted)


def _sharpest(c: Statement, moments: Iterable[Statement], alignments: Alignments) -> Statement:
    """The moment whose window c has: the narrowest that sharpens it, or else itself."""
    return min((d for d in moments if sharpens(d, c, alignments)), key=lambda d: (d.l - d.e, d.e, d.l), default=c)


def sharpens(d: Statement, c: Statement, alignments: Alignments) -> bool:
    """Whether d, of two moments about the same place, tells more exactly when what c says was so."""
    if not (c.e <= d.e and d.l <= c.l and (d.e, d.l) != (c.e, c.l) and d.grade <= c.grade):
        return False
    if d.effect is not c.effect and (c.effect, d.effect) != (Effect.HOLDS, Effect.TAKES):
        return False
    of_d, of_c = both_sides(d, c, alignments)
    return of_d == of_c
