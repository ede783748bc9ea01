"""Claims of one make about one place, in an order in which neither e nor l ever falls."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from domain.control.chains.make import Make

NEVER = 2**63 - 1
"""Until when what still stands is known."""

NEWEST = NEVER - 1
"""The knowledge of all that there is."""

Key = tuple[int, int, str, int]
"""What claims go by, first to last: t, e, report, index (§5, rule 6)."""


class Chain:
    """The nth claim has e[n], l[n], t[n], begins[n] and ends[n], none of which ever falls.

    It is known from a position of the log on until, not including, another.

    d is later than c if e(d) ≥ l(c) and their windows differ: that is just where begins(d) ≥ ends(c).
    """

    __slots__ = (
        "_earliest",
        "_order",
        "begins",
        "e",
        "ends",
        "known_from",
        "known_to",
        "l",
        "make",
        "origins",
        "t",
        "voices",
    )

    def __init__(self, make: Make) -> None:
        self.make = make
        self.e: list[int] = []
        self.l: list[int] = []
        self.t = self.e if make.span else self.l
        self.begins: list[int] = []
        self.ends: list[int] = []
        self.origins: list[frozenset[str]] = []
        self.voices: set[frozenset[str]] = set()
        """All the `origins` that there ever were."""
        self.known_from: list[int] = []
        self.known_to: list[int] = []
        self._earliest: list[int] = []  # the least known_from from there on
        self._order: list[tuple[int, int, str, int]] = []  # e, l, report, index

    def add(self, e: int, l: int, report: str, index: int, origins: frozenset[str], position: int) -> bool:  # noqa: E741
        """Take in a claim, known from a position on that is no earlier than any before; False where it does not fit."""
        order = (e, l, report, index)
        n = bisect_right(self._order, order)
        last = n == len(self.l)
        if (n and self.l[n - 1] > l) or (not last and self.l[n] < l):
            return False
        self._earliest.insert(n, position if last else self._earliest[n])
        self._order.insert(n, order)
        self.e.insert(n, e)
        self.l.insert(n, l)
        self.begins.insert(n, 2 * e + (e != l))
        self.ends.insert(n, 2 * l + (e == l))
        self.origins.insert(n, origins)
        self.voices.add(origins)
        self.known_from.insert(n, position)
        self.known_to.insert(n, NEVER)
        return True

    def end(self, e: int, l: int, report: str, index: int, position: int) -> bool:  # noqa: E741
        """Let a claim no longer be known from a position on; False where it is not in here."""
        order = (e, l, report, index)
        n = bisect_left(self._order, order)
        while n < len(self._order) and self._order[n] == order:
            if self.known_to[n] == NEVER:
                self.known_to[n] = position
                return True
            n += 1
        return False

    def settled(self, q: int) -> int:
        """How many have t ≤ q, known or not."""
        return bisect_right(self.t, q)

    def begun(self, q: int) -> int:
        """How many have e ≤ q, known or not: those that are settled or pending."""
        return bisect_right(self.e, q)

    def last_known(self, before: int, known_at: int) -> int:
        """The last of the first so many that is known then, or -1."""
        known_from, known_to = self.known_from, self.known_to
        n = before - 1
        if n >= 0 and known_from[n] > known_at:
            n = min(n, bisect_right(self._earliest, known_at) - 1)
        while n >= 0 and not known_from[n] <= known_at < known_to[n]:
            n -= 1
        return n

    def first_known(self, n: int, known_at: int) -> int:
        """The first from the nth on that is known then; there is one."""
        known_from, known_to = self.known_from, self.known_to
        while not known_from[n] <= known_at < known_to[n]:
            n += 1
        return n

    def known(self, first: int, last: int, known_at: int) -> Iterator[int]:
        """Those known then, of a first to a last."""
        known_from, known_to = self.known_from, self.known_to
        return (n for n in range(first, last + 1) if known_from[n] <= known_at < known_to[n])

    def key(self, n: int) -> Key:
        e, _, report, index = self._order[n]
        return self.t[n], e, report, index

    def report(self, n: int) -> str:
        return self._order[n][2]
