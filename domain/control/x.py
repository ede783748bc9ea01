"""The set X that the rules of control.md §5 speak of."""

from __future__ import annotations

from collections.abc import Iterable

from domain.claims import Effect
from domain.control.statement import Statement


class X:
    """Counted control claims about a place (and, inside a settlement, about the places it is inside).

    Claims that differ only in who reports them fare alike under every rule but the one that asks for two independent
    reports. So one of each likeness goes through the rules, and `all_of` gives back the rest: a hundred reports of the
    same capture cost little more than one.
    """

    def __init__(self, claims: Iterable[Statement]) -> None:
        self._alike: dict[object, list[Statement]] = {}
        for claim in claims:
            self._alike.setdefault(claim.likeness, []).append(claim)
        one_of_each = [alike[0] for alike in self._alike.values()]
        self.words = [c for c in one_of_each if c.has_holder]
        """Every `takes` and `holds`."""
        self.losses = [c for c in one_of_each if c.effect is Effect.LOSES]
        self.contests = [c for c in one_of_each if c.effect is Effect.CONTESTS]

    def all_of(self, claims: Iterable[Statement]) -> tuple[Statement, ...]:
        """The claims and all that are like them, in order."""
        found = (alike for claim in claims for alike in self._alike[claim.likeness])
        return tuple(sorted(found, key=lambda claim: claim.key))
