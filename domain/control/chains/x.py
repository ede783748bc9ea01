"""The set X that the rules of control.md §5 speak of, as runs of chains."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from operator import attrgetter

from domain.claims import Effect
from domain.control.chains.rest import Rest
from domain.control.chains.run import Run

_NEVER = -(2**70)


class X:
    """`words` are the `takes` and `holds`, those whose last begins last first.

    `fallen` are those of which nothing is left, whatever more there is in X: whoever knows of some can give them.

    Claims of which nothing can be left may be missing: see overturning.py. With `rest` some are, and it has them.
    """

    def __init__(self, runs: Iterable[Run], fallen: Iterable[Run] = (), rest: Rest | None = None) -> None:
        self.fallen = set(fallen)
        self.rest = rest
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

    @cached_property
    def holding(self) -> frozenset[str]:
        """The forces of all words."""
        return frozenset().union(*{run.make.forces for run in self.words})

    @cached_property
    def all_contests(self) -> list[Run]:
        return self.contests if self.rest is None else self.rest.contests()

    def losses_since(self, e: int) -> list[Run]:
        """The runs of `loses` that have one with no lesser e."""
        if self.rest is not None and 2 * e <= self.rest.start:
            return self.rest.losses_since(e)
        return [run for run in self.losses if run.e >= e]

    @cached_property
    def ending(self) -> tuple[int, int, int]:
        """What ends fights: the greatest e of a `takes`, when the last `holds` begins, the greatest l of a span."""
        holds = [run for run in self.words if run.make.effect is Effect.HOLDS]
        return (
            max((run.e for run in self.words if run.make.effect is Effect.TAKES), default=_NEVER),
            max((run.begins for run in holds), default=_NEVER),
            max((run.l for run in holds if run.make.span), default=_NEVER),
        )
