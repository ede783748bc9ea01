"""How much is measured: the full run, a quick one, and the smallest, which tests that all of it works."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.shape import Shape


@dataclass(frozen=True, slots=True)
class Scale:
    """`long` is how many rounds there are of what takes minutes; `seconds`, how long one load over HTTP lasts.

    `reports` is the large chronology, `few` the small one; `spans`, the chronology whose answers are laid out for the
    peers; `claims` is what the contested town has (the quiet one has 100).
    """

    name: str
    rounds: int
    long: int
    appends: int
    bulk: int
    seconds: float
    questions: int
    places: int
    reports: int
    few: int
    spans: int
    claims: int

    @property
    def large(self) -> Shape:
        return Shape(self.reports, self.places)

    @property
    def small(self) -> Shape:
        return Shape(self.few, self.places)

    @property
    def spanned(self) -> Shape:
        return Shape(self.spans, self.places)

    def town(self, claims: int) -> Shape:
        """A chronology nearly all of whose reports tell of one town."""
        return Shape(claims, 20, 0.98)


FULL = Scale(
    name="full",
    rounds=5,
    long=3,
    appends=4000,
    bulk=20_000,
    seconds=4,
    questions=2000,
    places=10_000,
    reports=1_000_000,
    few=10_000,
    spans=1_000_000,
    claims=100_000,
)
QUICK = Scale(
    name="quick",
    rounds=3,
    long=1,
    appends=1500,
    bulk=3000,
    seconds=0.5,
    questions=300,
    places=1000,
    reports=10_000,
    few=2000,
    spans=5_000,
    claims=1000,
)
SMALLEST = Scale(
    name="smallest",
    rounds=1,
    long=1,
    appends=100,
    bulk=100,
    seconds=0.1,
    questions=20,
    places=60,
    reports=400,
    few=200,
    spans=150,
    claims=200,
)
SCALES = {each.name: each for each in (FULL, QUICK, SMALLEST)}
