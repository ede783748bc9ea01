"""A control claim as the rules see it: when, where, who, how well graded and from whom (control.md §3)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from domain.claims import Control, Effect
from domain.credibility import Credibility
from domain.when.window import Window


@dataclass(frozen=True, slots=True)
class Statement:
    """One control claim of one report as known. [e, l] are instants; `span` tells a span from a moment.

    `origins` are who said it first: of each source that the policy left, its `origin` or else itself.
    """

    report: str
    index: int
    place: str
    forces: tuple[str, ...]
    effect: Effect
    grade: Credibility
    origins: frozenset[str]
    e: int
    l: int  # noqa: E741 - the page's own name
    span: bool
    likeness: object = field(init=False, repr=False, compare=False)
    """Everything the rules go by but who says it."""

    def __post_init__(self) -> None:
        likeness = (self.place, self.forces, self.effect, self.grade, self.e, self.l, self.span)
        object.__setattr__(self, "likeness", likeness)

    @property
    def t(self) -> int:
        return self.e if self.span else self.l

    @property
    def key(self) -> tuple[int, int, str, int]:
        """What claims go by, first to last (§5, rule 6)."""
        return self.t, self.e, self.report, self.index

    @property
    def has_holder(self) -> bool:
        """Whether it is a `takes` or a `holds`."""
        return self.effect in (Effect.TAKES, Effect.HOLDS)

    def settled(self, q: int) -> bool:
        return self.t <= q

    def pending(self, q: int) -> bool:
        return not self.span and self.e <= q < self.l

    def later(self, other: Statement) -> bool:
        """Surely after the other."""
        return self.e >= other.l and (self.e, self.l) != (other.e, other.l)

    def graded(self, grade: Credibility) -> Statement:
        """This, as its report is graded."""
        return self if grade is self.grade else replace(self, grade=grade)

    def said_by(self, origins: frozenset[str]) -> Statement:
        """This, as what the policy left of its sources says it first."""
        return Statement(
            self.report,
            self.index,
            self.place,
            self.forces,
            self.effect,
            self.grade,
            origins,
            self.e,
            self.l,
            self.span,
        )

    def at(self, other: Statement) -> Statement:
        """This, moved to the window of another."""
        return replace(self, e=other.e, l=other.l)


def state(report: str, index: int, claim: Control, window: Window, grade: Credibility) -> Statement:
    """A claim by its window as written: a span over what the window surely covers, or else a moment in it."""
    core = window.core if claim.effect in (Effect.HOLDS, Effect.CONTESTS) else None
    e, l = core or (window.earliest, window.latest)  # noqa: E741
    forces = tuple(sorted(set(claim.forces)))
    return Statement(report, index, claim.place, forces, claim.effect, grade, frozenset(), e, l, core is not None)
