"""The set X that the rules of control.md §5 speak of, as runs of chains."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from domain.claims import Effect
from domain.control.chains.run import Run


class X:
    """`words` are the `takes` and `holds`, those whose last begins last first."""

    __slots__ = ("contests", "losses", "words")

    def __init__(self, runs: Iterable[Run]) -> None:
        self.words: list[Run] = []
        self.losses: list[Run] = []
        self.contests: list[Run] = []
        for run in runs:
            effect = run.make.effect
            if effect is Effect.LOSES:
                self.losses.append(run)
            elif effect is Effect.CONTESTS:
                self.contests.append(run)
            else:
                self.words.append(run)
        self.words.sort(key=attrgetter("begins"), reverse=True)
