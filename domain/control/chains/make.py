"""What claims that fare alike but for their windows have in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from domain.claims import Effect
from domain.credibility import Credibility


@dataclass(frozen=True, slots=True, eq=False)
class Make:
    """Forces, sorted; what they did; how it is graded; whether it is a span. There is one of each: see `make`."""

    forces: tuple[str, ...]
    effect: Effect
    grade: Credibility
    span: bool

    @property
    def has_holder(self) -> bool:
        """Whether it is a `takes` or a `holds`."""
        return self.effect is Effect.TAKES or self.effect is Effect.HOLDS


@cache
def make(forces: tuple[str, ...], effect: Effect, grade: Credibility, span: bool) -> Make:
    """The one of its kind; so makes are told apart by what they are, without looking into them."""
    return Make(forces, effect, grade, span)
