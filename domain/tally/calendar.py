"""Days, weeks, months and years by the clock of a zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from domain.tally.stretch import Stretch
from domain.when.instant import DAY
from domain.when.zone import Zone


class Unit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal()
_MARGIN = 2  # days: further than any zone is from UTC


class Calendar:
    """The periods of a unit, one after the other without a gap; weeks are ISO 8601's and begin on Mondays."""

    def __init__(self, zone: Zone, unit: Unit) -> None:
        self.unit = unit
        self._zone = zone
        self._periods: dict[int, Stretch | None] = {}

    def periods(self, during: Stretch) -> Iterator[Stretch]:
        """Those that overlap a stretch, of the years 1 to 9999."""
        day = self._first_day(max(self._day(during.start) - _MARGIN, 1))
        while day <= _LAST_DAY:
            following = self._first_day_after(day)
            period = self._period(day, following)
            if period is not None and period.start >= during.until:
                return
            if period is not None and period.until > during.start:
                yield period
            day = following

    def _period(self, day: int, following: int) -> Stretch | None:
        """None for a day that a clock change leaves out."""
        if day not in self._periods:
            start, until = self._midnight(day), self._midnight(following)
            self._periods[day] = Stretch(start, until) if start < until else None
        return self._periods[day]

    def _midnight(self, day: int) -> int:
        return self._zone.first((day - _EPOCH_DAY) * DAY)

    def _day(self, instant: int) -> int:
        """The local day, as an ordinal of 0001-01-01."""
        try:
            return self._zone.local(instant).toordinal()
        except OverflowError:  # within a day of either end of time
            return min(max(instant // DAY + _EPOCH_DAY, 1), _LAST_DAY)

    def _first_day(self, day: int) -> int:
        """The first day of the period that a day is in."""
        then = date.fromordinal(day)
        match self.unit:
            case Unit.DAY:
                return day
            case Unit.WEEK:
                return day - then.weekday()
            case Unit.MONTH:
                return then.replace(day=1).toordinal()
            case Unit.YEAR:
                return then.replace(month=1, day=1).toordinal()

    def _first_day_after(self, first: int) -> int:
        """The first day of the next period."""
        days = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31, Unit.YEAR: 366}[self.unit]
        if first + days > _LAST_DAY:
            return _LAST_DAY + 1
        return self._first_day(first + days)
