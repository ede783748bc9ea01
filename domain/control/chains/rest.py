"""What is in the set X (control.md §5), and was left out of what is worked with, as nothing can be left of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from domain.claims import Effect
from domain.control.chains.chain import Chain
from domain.control.chains.make import Make
from domain.control.chains.relations import Relations
from domain.control.chains.run import Run, runs
from domain.control.chains.shelf import Shelf
from domain.credibility import Credibility


@dataclass(frozen=True, slots=True)
class Rest:
    """Of the shelf of a place and those of the places around it, from the inside out.

    `ripe` tells how many claims of a chain are in X; `start`, that whatever has greater `ends` was not left out;
    `best` is the best grade of the place's own words.
    """

    shelves: Sequence[Shelf]
    ripe: Callable[[Chain], int]
    start: int
    best: Credibility | None
    known_at: int
    relations: Relations

    def losses(self) -> list[Run]:
        """All `loses` in X."""
        return list(self._runs(Effect.LOSES, self.shelves))

    def contests(self) -> list[Run]:
        """All `contests` in X."""
        return list(self._runs(Effect.CONTESTS, self.shelves[:1]))

    def had(self, losses: Sequence[Run]) -> bool:
        """Whether some `loses` covers a force of any `takes` or `holds` in X."""
        words = (
            chain
            for depth, shelf in enumerate(self.shelves)
            for chain in (*shelf.by_effect[Effect.TAKES], *shelf.by_effect[Effect.HOLDS])
            if not depth or counts_inside(chain.make, self.best)
        )
        return any(
            any(self.relations.covers(loss, force) for loss in losses for force in chain.make.forces)
            and chain.last_known(self.ripe(chain), self.known_at) >= 0
            for chain in words
        )

    def _runs(self, effect: Effect, shelves: Sequence[Shelf]) -> Iterator[Run]:
        for depth, shelf in enumerate(shelves):
            for chain in shelf.by_effect[effect]:
                yield from runs(chain, self.ripe(chain), depth, self.known_at, self.relations.turns)


def counts_inside(make: Make, best: Credibility | None) -> bool:
    """Whether what is said of a place around is in X (§6), by the best grade of the place's own words."""
    if make.effect is Effect.HOLDS:
        return best is None or make.grade < best
    return make.effect is not Effect.CONTESTS
