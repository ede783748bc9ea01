"""Instants: whole microseconds since 1970-01-01T00:00:00Z, in UTC, as plain integers.

Integers order, subtract and store without a zone to forget; texts are RFC 3339 with `Z`. Open ends are the
sentinels BEGINNING and END inside, and `null` only at the edge.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from domain.faults import Unreadable

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

BEGINNING = -(2**63)
END = 2**63 - 1

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097  # the Gregorian calendar repeats itself every 400 years


def of_day(day: date) -> int:
    """Midnight at the start of a day, read as UTC."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


@lru_cache(maxsize=8192, typed=True)  # reports of one day speak of the same few instants
def text(instant: int) -> str:
    """RFC 3339 in UTC: `2024-12-04T18:00:00Z`, with six digits of fraction only where there is one.

    The day beside either end of years 0001 to 9999 (a local midnight seen from UTC) is year 0000 or +10000.
    """
    days, rest = divmod(instant, DAY)
    ordinal = days + _EPOCH_DAY
    cycles = 1 if ordinal < 1 else -1 if ordinal > date.max.toordinal() else 0
    day = date.fromordinal(ordinal + cycles * _CYCLE_DAYS)
    year = day.year - cycles * _CYCLE_YEARS
    seconds, fraction = divmod(rest, SECOND)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    point = f".{fraction:06}" if fraction else ""
    sign = "+" if year > date.max.year else ""
    return f"{sign}{year:04}-{day.month:02}-{day.day:02}T{clock}{point}Z"


_TEXT = re.compile(
    r"(\+10000|\d{4})-(0[1-9]|1[0-2])-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{6}))?Z", re.ASCII
)


def of_text(written: object) -> int:
    """The instant that `text` wrote so, also of year 0000 or +10000. Raises Unreadable for anything else."""
    found = _TEXT.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise Unreadable(f"{written!r} is no instant such as 2024-12-04T18:00:00Z", 0)
    year, month, day, hours, minutes, seconds, fraction = (int(part or 0) for part in found.groups())
    within = year - year % _CYCLE_YEARS  # the same day of a year that Python's calendar has
    if not 1 <= day <= monthrange(2000 + year - within, month)[1]:
        raise Unreadable(
            f"{written!r} can't be read at position {found.start(3)}: there is no such day", found.start(3)
        )
    days = date(2000 + year - within, month, day).toordinal() + (within - 2000) // _CYCLE_YEARS * _CYCLE_DAYS
    clock = (hours * 60 + minutes) * 60 + seconds
    return (days - _EPOCH_DAY) * DAY + clock * SECOND + fraction


def text_or_none(instant: int) -> str | None:
    """As `text`, and None for an open end: how an instant leaves the house."""
    return None if instant in (BEGINNING, END) else text(instant)
