"""Reading `occurred`: the profile of EDTF (ISO 8601-2) and RFC 3339 of control.md §2, and what each form means.

The functions follow the grammar of that page from the top down. A fault names the 0-based position of the first
character that can't be read: what stands before it could still have become something valid.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from domain.faults import Unreadable
from domain.when.instant import BEGINNING, DAY, HOUR, MINUTE, SECOND, of_day
from domain.when.window import Occurred
from domain.when.zone import Zone

_DIGITS = "0123456789"
_PLAIN = re.compile(r"(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?Z", re.ASCII)

PARTS = {  # hours of the day; past 24 is the next day
    "overnight": (0, 6),
    "early": (0, 9),
    "morning": (6, 12),
    "afternoon": (12, 17),
    "evening": (17, 21),
    "late": (18, 24),
    "night": (21, 28),
}


class _End(NamedTuple):
    """A `when`, by itself or as one end of a window: its own earliest and latest instant."""

    earliest: int
    latest: int


def read_occurred(text: str, zone: Zone) -> Occurred:
    """Read an `occurred`, dates and local times in `zone`. Raises Unreadable with a position, or Wrong as a whole."""
    if text.endswith("Z"):  # an instant is soon read, and seldom twice
        instant = _plain_instant(text)
        if instant is not None:
            return Occurred(text, instant, instant)
    return _read_occurred(text, zone)


@lru_cache(maxsize=4096)  # reports of one day are written with the same few windows
def _read_occurred(text: str, zone: Zone) -> Occurred:
    scan = _Scan(text)
    if scan.take("["):
        return _one_of(scan, zone)
    if scan.open_end():
        first_earliest = first_latest = BEGINNING
    else:
        first_earliest, first_latest = _when(scan, zone)
        if scan.done():
            return Occurred(text, first_earliest, first_latest)
    scan.must("/")
    second = None if scan.open_end() else _when(scan, zone)
    scan.must_end()
    if second is None:
        return Occurred(text, first_earliest, None, (first_latest, None))
    return Occurred(text, first_earliest, second.latest, (first_latest, second.earliest))


def read_instant(text: str) -> int:
    """Read an instant of RFC 3339 (`2024-12-04T18:00:00Z`, or with an offset). Raises Unreadable."""
    plain = _plain_instant(text)
    if plain is not None:
        return plain
    scan = _Scan(text)
    day = _real_day(scan)
    scan.must("T")
    wall = of_day(day) + _hours(scan) * HOUR
    scan.must(":")
    wall += _minutes_and_seconds(scan, bracket=False)
    instant = wall - _offset(scan)
    scan.must_end()
    return instant


def _plain_instant(text: str) -> int | None:
    """An instant of UTC, as nearly every one is written: no need to look for where it can't be read."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return None
    year, month, day, hours, minutes, seconds, fraction = plain.groups("0")
    try:
        midnight = of_day(date(int(year), int(month), int(day)))
    except ValueError:  # there is no such day
        return None
    clock = int(hours) * HOUR + int(minutes) * MINUTE + int(seconds) * SECOND
    return midnight + clock + int(fraction.ljust(6, "0"))


def read_moment(text: str, zone: Zone) -> int:
    """Read the start of what a person may type for a moment: an instant, a local time, a date. Raises Unreadable."""
    scan = _Scan(text)
    moment = _when(scan, zone)
    scan.must_end()
    return moment.earliest


class _Scan:
    """A place in a text, moving forward."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def done(self) -> bool:
        return self.at == len(self.text)

    def sees(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def take(self, text: str) -> bool:
        if self.sees(text):
            self.at += len(text)
            return True
        return False

    def open_end(self) -> bool:
        """Take the `..` of an open end, if one begins here."""
        if not self.sees("."):
            return False
        self.must("..")
        return True

    def must(self, text: str) -> None:
        """Take the text, or fail at its first character that is not there."""
        for wanted in text:
            if not self.take(wanted):
                raise self.fault(f"{wanted!r} is expected")

    def one_of(self, allowed: str, what: str) -> str:
        if self.done() or self.text[self.at] not in allowed:
            raise self.fault(f"{what} is expected")
        self.at += 1
        return self.text[self.at - 1]

    def must_end(self) -> None:
        if not self.done():
            raise self.fault("nothing more is expected")

    def fault(self, expected: str) -> Unreadable:
        found = f"found {self.text[self.at]!r}" if self.at < len(self.text) else "the text ends"
        return Unreadable(f"{self.text!r} can't be read at position {self.at}: {expected}, {found}", self.at)


def _one_of(scan: _Scan, zone: Zone) -> Occurred:
    """`[A..B]`: one instant of the range, either end open but not both."""
    earliest = BEGINNING if scan.sees(".") else _when(scan, zone, bracket=True).earliest
    scan.must("..")
    latest = None if scan.sees("]") else _when(scan, zone, bracket=True).latest
    scan.must("]")
    scan.must_end()
    return Occurred(scan.text, earliest, latest)


def _when(scan: _Scan, zone: Zone, bracket: bool = False) -> _End:
    """An instant, a local time, a date or a date with a part of the day."""
    first, following, is_day = _date(scan)
    if is_day and scan.take("T"):
        return _time(scan, first, zone, bracket)
    if scan.sees("?") or scan.sees("~") or scan.sees("%"):
        scan.at += 1  # the mark stays in the text and moves nothing
    if is_day and scan.take(" "):
        start, end = _part(scan)
        return _End(zone.first(first + start * HOUR), zone.first(first + end * HOUR))
    return _End(zone.first(first), zone.first(following))


def _date(scan: _Scan) -> tuple[int, int, bool]:
    """The wall clock at the start of the date and of what follows it, and whether it is one whole day."""
    year = _year(scan)
    if not scan.take("-"):
        return *_span(date(year, 1, 1), 366 if _leap(year) else 365), False
    if scan.take("X"):
        scan.must("X")
        if scan.take("-"):
            scan.must("XX")
        return *_span(date(year, 1, 1), 366 if _leap(year) else 365), False
    month = _month(scan)
    length = monthrange(year, month)[1]
    if not scan.take("-"):
        return *_span(date(year, month, 1), length), False
    if scan.take("X"):
        scan.must("X")
        return *_span(date(year, month, 1), length), False
    return _day_of_month(scan, year, month, length)


def _day_of_month(scan: _Scan, year: int, month: int, length: int) -> tuple[int, int, bool]:
    """`DD`, or `dX` for the days of the month that begin with that digit."""
    tens = int(scan.one_of("0123" if length >= 30 else "012", "a day of that month"))
    if scan.take("X"):
        start = max(10 * tens, 1)
        return *_span(date(year, month, start), min(10 * tens + 9, length) - start + 1), False
    ones = "".join(one for one in _DIGITS if 1 <= 10 * tens + int(one) <= length)
    day = 10 * tens + int(scan.one_of(ones + "X", "a day of that month"))
    return *_span(date(year, month, day), 1), True


def _real_day(scan: _Scan) -> date:
    """`YYYY-MM-DD`, with no mask."""
    year = _year(scan)
    scan.must("-")
    month = _month(scan)
    scan.must("-")
    length = monthrange(year, month)[1]
    tens = int(scan.one_of("0123" if length >= 30 else "012", "a day of that month"))
    ones = "".join(one for one in _DIGITS if 1 <= 10 * tens + int(one) <= length)
    return date(year, month, 10 * tens + int(scan.one_of(ones, "a day of that month")))


def _span(first: date, days: int) -> tuple[int, int]:
    start = of_day(first)
    return start, start + days * DAY


def _leap(year: int) -> bool:
    return monthrange(year, 2)[1] == 29


def _year(scan: _Scan) -> int:
    head = "".join(scan.one_of(_DIGITS, "a digit of the year") for _ in range(3))
    return int(head + scan.one_of(_DIGITS[1:] if head == "000" else _DIGITS, "a digit of a year from 0001"))


def _month(scan: _Scan) -> int:
    tens = scan.one_of("01", "a month 01 to 12")
    return int(tens + scan.one_of("123456789" if tens == "0" else "012", "a month 01 to 12"))


def _hours(scan: _Scan) -> int:
    tens = scan.one_of("012", "an hour 00 to 23")
    return int(tens + scan.one_of("0123" if tens == "2" else _DIGITS, "an hour 00 to 23"))


def _sixty(scan: _Scan, what: str) -> int:
    return int(scan.one_of("012345", f"{what} 00 to 59") + scan.one_of(_DIGITS, f"{what} 00 to 59"))


def _time(scan: _Scan, day: int, zone: Zone, bracket: bool) -> _End:
    """What follows the `T`: a local hour, a local time or an instant."""
    wall = day + _hours(scan) * HOUR
    if not scan.take(":"):
        return _End(zone.first(wall), zone.first(wall + HOUR))
    wall += _minutes_and_seconds(scan, bracket)
    if scan.sees("Z") or scan.sees("+") or scan.sees("-"):
        instant = wall - _offset(scan)
        return _End(instant, instant)
    return _End(*zone.readings(wall))


def _minutes_and_seconds(scan: _Scan, bracket: bool) -> int:
    wall = _sixty(scan, "minutes") * MINUTE
    if not scan.take(":"):
        return wall
    wall += _sixty(scan, "seconds") * SECOND
    if (bracket and scan.sees("..")) or not scan.take("."):
        return wall
    fraction = scan.one_of(_DIGITS, "a digit of the fraction")
    while len(fraction) < 6 and not scan.done() and scan.text[scan.at] in _DIGITS:
        fraction += scan.one_of(_DIGITS, "a digit of the fraction")
    return wall + int(fraction.ljust(6, "0"))


def _offset(scan: _Scan) -> int:
    """`Z`, or a sign, hours and minutes, at most 14:00 either way; how far the wall clock is ahead of UTC."""
    sign = scan.one_of("Z+-", "'Z' or an offset")
    if sign == "Z":
        return 0
    tens = scan.one_of("01", "an offset of at most 14:00")
    hours = int(tens + scan.one_of("01234" if tens == "1" else _DIGITS, "an offset of at most 14:00"))
    scan.must(":")
    if hours == 14:
        scan.must("00")
        minutes = 0
    else:
        minutes = _sixty(scan, "minutes")
    ahead = hours * HOUR + minutes * MINUTE
    return -ahead if sign == "-" else ahead


def _part(scan: _Scan) -> tuple[int, int]:
    """The hours of a part of the day."""
    for name, hours in PARTS.items():
        if scan.take(name):
            return hours
    start = scan.at
    scan.at = start + max(_shared(scan.text, start, name) for name in PARTS)
    raise scan.fault(f"a part of the day ({', '.join(PARTS)}) is expected")


def _shared(text: str, start: int, name: str) -> int:
    """How many characters of `name` stand in the text at `start`."""
    return next((i for i, wanted in enumerate(name) if text[start + i : start + i + 1] != wanted), len(name))
