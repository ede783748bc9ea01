"""Whether two claims agree on who (control.md §4, the end)."""

from __future__ import annotations

from domain.alignments import Alignments
from domain.control.statement import Statement


def both_sides(a: Statement, b: Statement, alignments: Alignments) -> tuple[frozenset[str], frozenset[str]]:
    """The sides of two claims set side by side, both judged at the later of their l."""
    at = max(a.l, b.l)
    return alignments.sides(a.forces, at), alignments.sides(b.forces, at)


def agree(a: Statement, b: Statement, alignments: Alignments) -> bool:
    """The sides of one, by all its forces, are all among the sides of the other."""
    of_a, of_b = both_sides(a, b, alignments)
    return of_a <= of_b or of_b <= of_a
