"""The windows, as written, of the moments of one make: which lies in which."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

Window = tuple[int, int]
"""[e, l]."""


def narrowness(window: Window) -> tuple[int, int, int]:
    """The least is the narrowest (§3, Sharpened)."""
    e, l = window  # noqa: E741 - the page's own name
    return l - e, e, l


class Windows:
    """Sorted, those of like length together: from a power of two up to the next."""

    def __init__(self) -> None:
        self._by_length: dict[int, list[Window]] = {}  # the shortest first

    def add(self, window: Window) -> None:
        bits = (window[1] - window[0]).bit_length()
        of_length = self._by_length.get(bits)
        if of_length is None:
            self._by_length[bits] = [window]
            self._by_length = dict(sorted(self._by_length.items()))
        else:
            insort(of_length, window)

    def remove(self, window: Window) -> None:
        of_length = self._by_length[(window[1] - window[0]).bit_length()]
        del of_length[bisect_left(of_length, window)]

    def narrowest_in(self, window: Window) -> Window | None:
        """The narrowest that lies in another window and is not the same."""
        e, l = window  # noqa: E741 - the page's own name
        for bits, of_length in self._by_length.items():
            shortest = 1 << bits >> 1
            if shortest > l - e:
                break
            start, end = bisect_left(of_length, (e,)), bisect_right(of_length, (l - shortest + 1,))
            if bits == 0:
                end = min(end, start + 2)  # of instants, the first is the narrowest, or the second if it is the same
            if start < end:  # mostly not
                inside = [each for each in of_length[start:end] if each[1] <= l and each != window]
                if inside:
                    return min(inside, key=narrowness)
        return None

    def around(self, window: Window) -> Iterator[Window]:
        """Those that it lies in, but for the same."""
        e, l = window  # noqa: E741 - the page's own name
        for bits, of_length in self._by_length.items():
            longest = (1 << bits) - 1
            if longest >= l - e:
                start, end = bisect_left(of_length, (l - longest,)), bisect_right(of_length, (e + 1,))
                if start < end:
                    yield from [each for each in of_length[start:end] if each[1] >= l and each != window]
