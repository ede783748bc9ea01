"""What of a chain is in X at an instant, as known at a position: a run of its claims."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from domain.control.chains.chain import Chain, Key, begins


class Run:
    """Claims of a chain from its `first` to its `last`, of those known; `last` is known.

    Their l lie in one stretch between turns of alignments, so that the sides of each are the same. `depth` is 0 for
    claims about the place itself, and more the further out the place is that they are about. `e`, `l` and `begins`
    are the last claim's.
    """

    __slots__ = ("begins", "chain", "depth", "e", "first", "known_at", "l", "last", "make")

    def __init__(self, chain: Chain, first: int, last: int, depth: int, known_at: int) -> None:
        self.chain = chain
        self.make = chain.make
        self.first = first
        self.last = last
        self.depth = depth
        self.known_at = known_at
        self.e = chain.e[last]
        self.l = chain.l[last]
        self.begins = begins(self.e, self.l)

    def after(self, threshold: int) -> int:
        """Where those start whose `ends` is more than a threshold."""
        return bisect_right(self.chain.ends, threshold, self.first, self.last + 1)

    def past(self, q: int) -> int:
        """Where those start whose l lies after an instant."""
        return bisect_right(self.chain.l, q, self.first, self.last + 1)

    def left(self, n: int) -> Run | None:
        """Those from the nth on; None where there are none."""
        if n > self.last:
            return None
        first = self.chain.first_known(n, self.known_at)
        return Run(self.chain, first, self.last, self.depth, self.known_at)

    def upto(self, n: int) -> Run | None:
        """Those before the nth; None where there are none. The first must be known."""
        last = self.chain.last_known(n, self.known_at)
        return None if last < self.first else Run(self.chain, self.first, last, self.depth, self.known_at)

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


def runs(chain: Chain, before: int, depth: int, known_at: int, turns: Sequence[int]) -> Iterator[Run]:
    """The first so many claims of a chain, known or not, cut at the turns of alignments."""
    last = chain.last_known(before, known_at)
    while last >= 0:
        stretch = bisect_right(turns, chain.l[last])
        first = bisect_left(chain.l, turns[stretch - 1], 0, last) if stretch else 0
        yield Run(chain, first, last, depth, known_at)
        last = chain.last_known(first, known_at) if first else -1
