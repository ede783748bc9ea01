"""The windows, as written, of the moments of one make: which lies in which."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
        self._by_length: dict[int, tuple[list[int], list[Window]]] = {}  # the shortest first; where each begins, and it

    def add(self, window: Window) -> None:
        bits = (window[1] - window[0]).bit_length()
        if bits not in self._by_length:
            self._by_length = dict(sorted([*self._by_length.items(), (bits, ([], []))]))
        begins, windows = self._by_length[bits]
        n = bisect_left(windows, window)
        begins.insert(n, window[0])
        windows.insert(n, window)

    def remove(self, window: Window) -> None:
        begins, windows = self._by_length[(window[1] - window[0]).bit_length()]
        n = bisect_left(windows, window)
        del begins[n], windows[n]

    def narrowest_in(self, window: Window, found: Window) -> Window:
        """The narrowest that lies in a window and is not the same, or what was found before where that is narrower."""
        e, l = window  # noqa: E741 - the page's own name
        length = found[1] - found[0]
        for bits, (begins, windows) in self._by_length.items():
            shortest = 1 << bits >> 1
            if shortest > length:
                break
            start, end = bisect_left(begins, e), bisect_right(begins, l - shortest)
            if bits == 0:
                end = min(end, start + 2)  # of instants, the first is the narrowest, or the second if it is the same
            if start < end:  # mostly not
                inside = [each for each in windows[start:end] if each[1] <= l and each != window]
                if inside:
                    return min(found, *inside, key=narrowness)
        return found

    def around(self, window: Window) -> Iterator[Window]:
        """Those that it lies in, but for the same."""
        e, l = window  # noqa: E741 - the page's own name
        for bits, (begins, windows) in self._by_length.items():
            longest = (1 << bits) - 1
            if bits and longest >= l - e:  # in an instant lies nothing else
                start, end = bisect_left(begins, l - longest), bisect_right(begins, e)
                if start < end:
                    yield from [each for each in windows[start:end] if each[1] >= l and each != window]
