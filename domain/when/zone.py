"""Local time: what a wall clock's reading means in a zone whose clocks change (control.md §2).

A *wall* reading is an integer like an instant, counted as if the wall clock showed UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.faults import Wrong
from domain.when.instant import SECOND

_EPOCH = datetime(1970, 1, 1)
_LAST = datetime.max
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NONE = timedelta(0)


class Zone:
    """An IANA zone by its name, such as `Asia/Damascus`; raises Wrong for a name that is none."""

    def __init__(self, name: str) -> None:
        try:
            self._info = ZoneInfo(name)
        except (ValueError, OSError, KeyError) as error:
            raise Wrong(f"{name!r} is not a time zone of the IANA database") from error
        self.name = name
        self.readings = lru_cache(maxsize=4096)(self._readings)

    def __reduce__(self) -> tuple[type[Zone], tuple[str]]:
        return Zone, (self.name,)

    def first(self, wall: int) -> int:
        """The first instant at which the clock shows `wall`, or the first after the gap that leaves it out."""
        return self.readings(wall)[0]

    def local(self, instant: int) -> datetime:
        """The wall clock at an instant of the years 0002 to 9998, for people to read."""
        return (_EPOCH_UTC + timedelta(microseconds=instant)).astimezone(self._info)

    def _readings(self, wall: int) -> tuple[int, int]:
        """The first and the last instant at which the wall clock shows `wall`; the same one but where it comes twice.

        A reading that a clock change leaves out is the first instant after the gap.
        """
        early, late = self._offset(wall, 0), self._offset(wall, 1)
        if early < late:
            after = self._end_of_gap(wall - late, wall - early)
            return after, after
        return wall - early, wall - late

    def _offset(self, wall: int, fold: int) -> int:
        try:
            local = _EPOCH + timedelta(microseconds=wall)
        except OverflowError:  # the midnight that ends year 9999
            local = _LAST
        return (local.replace(tzinfo=self._info, fold=fold).utcoffset() or _NONE) // _MICROSECOND

    def _end_of_gap(self, before: int, after: int) -> int:
        """The instant at which the offset changes: later than `before`, not later than `after`."""
        low, high = before // SECOND, -(-after // SECOND)
        old = self._offset_at(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset_at(middle) == old:
                low = middle
            else:
                high = middle
        return high * SECOND

    def _offset_at(self, second: int) -> timedelta | None:
        return (_EPOCH_UTC + timedelta(seconds=second)).astimezone(self._info).utcoffset()
