"""The set X that the rules of control.md §5 speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain.claims import Effect
from domain.control.statement import Statement

Witnesses = dict[tuple[str, object], Statement]
"""By what was done and to what likeness: one that did it. Good for one knowledge and one policy."""


class X:
    """Counted control claims about a place (and, inside a settlement, about the places it is inside).

    Claims that differ only in who reports them fare alike under every rule but the one that asks for two independent
    reports. So one of each likeness goes through the rules, and `all_of` gives back the rest: a hundred reports of the
    same capture cost little more than one.
    """

    def __init__(self, claims: Iterable[Statement], witnesses: Witnesses) -> None:
        self._witnesses = witnesses
        self._alike: dict[object, list[Statement]] = {}
        for claim in claims:
            self._alike.setdefault(claim.likeness, []).append(claim)
        one_of_each = [alike[0] for alike in self._alike.values()]
        self.words = [c for c in one_of_each if c.has_holder]
        """Every `takes` and `holds`."""
        self.losses = [c for c in one_of_each if c.effect is Effect.LOSES]
        self.contests = [c for c in one_of_each if c.effect is Effect.CONTESTS]

    def against(self, c: Statement, what: str, does: Callable[[Statement], bool]) -> bool:
        """Whether a `takes` or `holds` in X does to c what it does, or does not, whatever else is in X and whenever.

        The witness found for one X is looked for first in the next.
        """
        witness = self._witnesses.get((what, c.likeness))
        if witness is not None and witness.likeness in self._alike:
            return True
        witness = next((d for d in self.words if does(d)), None)
        if witness is None:
            return False
        self._witnesses[what, c.likeness] = witness
        return True

    def all_of(self, claims: Iterable[Statement]) -> tuple[Statement, ...]:
        """The claims and all that are like them, in order."""
        found = (alike for claim in claims for alike in self._alike[claim.likeness])
        return tuple(sorted(found, key=lambda claim: claim.key))
