"""What counts: policies, and the lenses that give them names (control.md §4)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.credibility import Credibility


@dataclass(frozen=True, slots=True)
class Policy:
    """The defaults are the lens `default`. `sources` None is all of them; `published_by` is an instant or None."""

    sources: frozenset[str] | None = None
    exclude_sources: frozenset[str] = frozenset()
    published_by: int | None = None
    min_credibility: Credibility = Credibility.POSSIBLE
    against_interest: bool = False


LENSES = {
    "default": Policy(),
    "strict": Policy(min_credibility=Credibility.PROBABLE, against_interest=True),
    "everything": Policy(min_credibility=Credibility.UNVERIFIED),
}
