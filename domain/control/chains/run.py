"""What of a chain is in X at an instant, as known at a position: a run of its claims."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from domain.control.chains.chain import Chain, Key


class Run:
    """Claims of a chain from its `first` to its `last`, of those known; `last` is known.

    Their l lie in one stretch between turns of alignments, so that the sides of each are the same. `depth` is 0 for
    claims about the place itself, and more the further out the place is that they are about. `begins` and
    `ends` are the last claim's, the greatest.
    """

    __slots__ = ("begins", "chain", "depth", "ends", "first", "known_at", "last", "make", "stretch")

    def __init__(self, chain: Chain, first: int, last: int, stretch: int, depth: int, known_at: int) -> None:
        self.chain = chain
        self.make = chain.make
        self.first = first
        self.last = last
        self.stretch = stretch
        self.depth = depth
        self.known_at = known_at
        self.begins = chain.begins[last]
        self.ends = chain.ends[last]

    @property
    def e(self) -> int:
        """The greatest."""
        return self.chain.e[self.last]

    @property
    def l(self) -> int:  # noqa: E743 - the page's own name
        """The greatest."""
        return self.chain.l[self.last]

    def after(self, threshold: int) -> int:
        """Where those start whose `ends` is more than a threshold; one past the last where there are none."""
        if threshold >= self.ends:
            return self.last + 1
        return bisect_right(self.chain.ends, threshold, self.first, self.last + 1)

    def past(self, q: int) -> int:
        """Where those start whose l lies after an instant."""
        return bisect_right(self.chain.l, q, self.first, self.last + 1)

    def left(self, n: int) -> Run | None:
        """Those from the nth on; None where there are none."""
        if n > self.last:
            return None
        first = self.chain.first_known(n, self.known_at)
        return Run(self.chain, first, self.last, self.stretch, self.depth, self.known_at)

    def upto(self, n: int) -> Run | None:
        """Those before the nth; None where there are none. The first must be known."""
        last = self.chain.last_known(n, self.known_at)
        return None if last < self.first else Run(self.chain, self.first, last, self.stretch, self.depth, self.known_at)

    @property
    def first_known(self) -> int:
        return self.chain.first_known(self.first, self.known_at)

    def __iter__(self) -> Iterator[int]:
        """Where its claims stand in the chain, first to last."""
        return self.chain.known(self.first, self.last, self.known_at)

    @property
    def t(self) -> int:
        """The greatest."""
        return self.chain.t[self.last]

    @property
    def key(self) -> Key:
        """Of the first claim by (t, e, report, index); `first` must be known."""
        chain = self.chain
        if not self.make.span:
            return chain.key(self.first)
        same = bisect_right(chain.e, chain.e[self.first], self.first, self.last + 1)  # these are sorted by l
        return min(chain.key(n) for n in chain.known(self.first, same - 1, self.known_at))


def runs(
    chain: Chain, before: int, depth: int, known_at: int, turns: Sequence[int], start: int | None = None
) -> list[Run]:
    """The first so many claims of a chain, known or not, cut at the turns of alignments.

    With a start, runs whose `ends` is not more may be missing.
    """
    last = chain.last_known(before, known_at)
    if last < 0 or (start is not None and chain.ends[last] <= start):
        return []
    if not turns:
        return [Run(chain, 0, last, 0, depth, known_at)]
    found: list[Run] = []
    while last >= 0 and (start is None or chain.ends[last] > start):
        stretch = bisect_right(turns, chain.l[last])
        first = bisect_left(chain.l, turns[stretch - 1], 0, last) if stretch else 0
        found.append(Run(chain, first, last, stretch, depth, known_at))
        last = chain.last_known(first, known_at) if first else -1
    return found
