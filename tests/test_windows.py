"""Control.md §2: what `occurred` can say, which window that is, and where exactly it can't be read."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
import second_reading
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.faults import Unreadable, Wrong
from domain.when.instant import BEGINNING, DAY, END, HOUR, text, text_or_none
from domain.when.notation import read_instant, read_moment, read_occurred
from domain.when.window import Window
from domain.when.zone import Zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLAIN = Zone("UTC")


def utc(written: str) -> int:
    """Microseconds since 1970 of a time in UTC, by the standard library."""
    return (datetime.fromisoformat(written).replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


FIRST_INSTANT = utc("0001-01-01")
AFTER_LAST = utc("9999-12-31T23:59:59.999999") + 1


def ends(written: str, zone: str = "UTC") -> tuple[int, int | None]:
    occurred = read_occurred(written, Zone(zone))
    assert occurred.text == written
    return occurred.earliest, occurred.latest


# ---------------------------------------------------------------------------------------------------------------
# The table
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-12-04T18:05Z", "2024-12-04T18:05"),
        ("2024-12-04T18:05:09Z", "2024-12-04T18:05:09"),
        ("2024-12-04T18:05:09.5Z", "2024-12-04T18:05:09.500000"),
        ("2024-12-04T18:05:09.000001Z", "2024-12-04T18:05:09.000001"),
        ("2024-12-04T18:05:09.012Z", "2024-12-04T18:05:09.012000"),
        ("2024-12-04T18:05+03:00", "2024-12-04T15:05"),
        ("2024-12-04T18:05-05:30", "2024-12-04T23:35"),
        ("2024-12-04T18:05+14:00", "2024-12-04T04:05"),
        ("2024-12-04T18:05-14:00", "2024-12-05T08:05"),
        ("2024-12-04T18:05+13:59", "2024-12-04T04:06"),
        ("2024-12-04T18:05+00:00", "2024-12-04T18:05"),
        ("2024-12-04T18:05-00:00", "2024-12-04T18:05"),
        ("2024-12-04T23:59:59.999999Z", "2024-12-04T23:59:59.999999"),
        ("2024-02-29T00:00Z", "2024-02-29T00:00"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000"),
    ],
)
def test_an_instant_is_itself_in_every_zone(written: str, instant: str) -> None:
    for zone in ("UTC", "Asia/Damascus", "America/Sao_Paulo"):
        assert ends(written, zone) == (utc(instant), utc(instant))
    assert read_instant(written) == utc(instant)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-12-04T18:05", "2024-12-04T15:05"),
        ("2024-12-04T18:05:09", "2024-12-04T15:05:09"),
        ("2024-12-04T01:05:09.25", "2024-12-03T22:05:09.250000"),
        ("2020-12-04T18:05", "2020-12-04T16:05"),  # before the clocks of Damascus stayed on summer time
    ],
)
def test_a_local_time_with_minutes_is_an_instant_of_the_local_zone(written: str, instant: str) -> None:
    assert ends(written, "Asia/Damascus") == (utc(instant), utc(instant))


@pytest.mark.parametrize(
    ("written", "earliest", "latest"),
    [
        ("2024-12-04T18", "2024-12-04T18:00", "2024-12-04T19:00"),
        ("2024-12-04T23", "2024-12-04T23:00", "2024-12-05T00:00"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-11", "2024-11-01", "2024-12-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-12-04", "2024-12-04", "2024-12-05"),
        ("2024-12-31", "2024-12-31", "2025-01-01"),
        ("2024-12-04 overnight", "2024-12-04T00:00", "2024-12-04T06:00"),
        ("2024-12-04 early", "2024-12-04T00:00", "2024-12-04T09:00"),
        ("2024-12-04 morning", "2024-12-04T06:00", "2024-12-04T12:00"),
        ("2024-12-04 afternoon", "2024-12-04T12:00", "2024-12-04T17:00"),
        ("2024-12-04 evening", "2024-12-04T17:00", "2024-12-04T21:00"),
        ("2024-12-04 late", "2024-12-04T18:00", "2024-12-05T00:00"),
        ("2024-12-04 night", "2024-12-04T21:00", "2024-12-05T04:00"),
        ("2024-12-31 night", "2024-12-31T21:00", "2025-01-01T04:00"),
        ("2024-12-0X", "2024-12-01", "2024-12-10"),
        ("2024-12-1X", "2024-12-10", "2024-12-20"),
        ("2024-12-2X", "2024-12-20", "2024-12-30"),
        ("2024-12-3X", "2024-12-30", "2025-01-01"),
        ("2024-11-3X", "2024-11-30", "2024-12-01"),
        ("2024-02-2X", "2024-02-20", "2024-03-01"),
        ("2023-02-2X", "2023-02-20", "2023-03-01"),
        ("2024-02-XX", "2024-02-01", "2024-03-01"),
        ("2023-02-XX", "2023-02-01", "2023-03-01"),
        ("2024-12-XX", "2024-12-01", "2025-01-01"),
        ("2024-XX", "2024-01-01", "2025-01-01"),
        ("2024-XX-XX", "2024-01-01", "2025-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2023-02-28", "2023-02-28", "2023-03-01"),
        ("1900-02-28", "1900-02-28", "1900-03-01"),
        ("1900-02", "1900-02-01", "1900-03-01"),
        ("2000-02-29", "2000-02-29", "2000-03-01"),
        ("2000", "2000-01-01", "2001-01-01"),
        ("1900", "1900-01-01", "1901-01-01"),
        ("2024-01-31", "2024-01-31", "2024-02-01"),
        ("2024-04-30", "2024-04-30", "2024-05-01"),
        ("0001", "0001-01-01", "0002-01-01"),
        ("0001-01-01", "0001-01-01", "0001-01-02"),
        ("0010-01-0X", "0010-01-01", "0010-01-10"),
    ],
)
def test_a_span_runs_from_its_start_to_the_start_of_what_follows(written: str, earliest: str, latest: str) -> None:
    assert ends(written) == (utc(earliest), utc(latest))


@pytest.mark.parametrize("mark", ["?", "~", "%"])
@pytest.mark.parametrize(
    "written", ["2024", "2024-12", "2024-12-04", "2024-12-3X", "2024-12-XX", "2024-XX", "2024-XX-XX"]
)
def test_a_mark_is_kept_and_moves_nothing(written: str, mark: str) -> None:
    assert ends(written + mark) == ends(written)
    assert ends(f"{written}{mark}/..")[0] == ends(written)[0]


@pytest.mark.parametrize("mark", ["?", "~", "%"])
def test_a_marked_day_has_parts(mark: str) -> None:
    assert ends(f"2024-12-04{mark} late") == (utc("2024-12-04T18:00"), utc("2024-12-05"))


@pytest.mark.parametrize(
    ("written", "earliest", "latest"),
    [
        ("2024-11-27/2024-12-01", "2024-11-27", "2024-12-02"),
        ("[2024-11-27..2024-12-01]", "2024-11-27", "2024-12-02"),
        ("[2024-11-27..2024-12-01 early]", "2024-11-27", "2024-12-01T09:00"),
        ("2024-12-04T18:05Z/2024-12-04T21:05+03:00", "2024-12-04T18:05", "2024-12-04T18:05"),
        ("2024-12-04T10/2024-12-04T11:30:05.5", "2024-12-04T10:00", "2024-12-04T11:30:05.500000"),
        ("[2024-12-04T10:00:05..2024-12-04T10:00:06]", "2024-12-04T10:00:05", "2024-12-04T10:00:06"),
        ("[2024-12-04T10:00:05.25..2024-12]", "2024-12-04T10:00:05.250000", "2025-01-01"),
        ("[2024-12-04T10:00..2024-12-04T10:00]", "2024-12-04T10:00", "2024-12-04T10:00"),
        ("2024-12/2024", "2024-12-01", "2025-01-01"),
        ("2024-12-04/2024-12-04", "2024-12-04", "2024-12-05"),
        ("2024-12-04 late/2024-12-04", "2024-12-04T18:00", "2024-12-05"),  # the second begins first
        ("2024-12-1X?/2024-12-2X~", "2024-12-10", "2024-12-30"),
        ("../2024-12-04", None, "2024-12-05"),
        ("[..2024-12-04]", None, "2024-12-05"),
        ("2024-12-04/..", "2024-12-04", None),
        ("[2024-12-04..]", "2024-12-04", None),
    ],
)
def test_an_interval_runs_from_the_earliest_of_its_first_end_to_the_latest_of_its_second(
    written: str, earliest: str | None, latest: str | None
) -> None:
    assert ends(written) == (utc(earliest) if earliest else BEGINNING, utc(latest) if latest else None)


@pytest.mark.parametrize("written", ["2024-12-04/..", "[2024-12-04..]"])
def test_an_open_end_is_the_recording(written: str) -> None:
    occurred, begin = read_occurred(written, PLAIN), utc("2024-12-04")
    occurred.check_recordable(begin)
    assert occurred.window(begin + 7).latest == begin + 7
    with pytest.raises(Wrong, match="begins after it"):
        occurred.check_recordable(begin - 1)


def test_a_closed_window_can_lie_after_its_recording() -> None:
    occurred = read_occurred("2024-12-04", PLAIN)
    occurred.check_recordable(utc("2024-12-03"))
    assert occurred.window(utc("2024-12-03")) == Window(utc("2024-12-04"), utc("2024-12-05"))


@pytest.mark.parametrize("written", ["../..", "[..]"])
def test_open_at_both_ends_is_refused_as_a_whole(written: str) -> None:
    with pytest.raises(Wrong, match="both ends"):
        read_occurred(written, PLAIN)


@pytest.mark.parametrize(
    "written",
    [
        "2025/2023",
        "[2024-12-05..2024-12-04 early]",
        "2024-12-04T18:00Z/2024-12-04T17:59:59.999999Z",
        "[2024-12-04T18:00Z..2024-12-04T20:59+03:00]",
    ],
)
def test_a_latest_before_the_earliest_is_refused_as_a_whole(written: str) -> None:
    with pytest.raises(Wrong, match="ends before"):
        read_occurred(written, PLAIN)


def test_ends_that_touch_are_not_refused() -> None:
    assert ends("2024-12-05/2024-12-04") == (utc("2024-12-05"), utc("2024-12-05"))


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("2024-12-01/2024-12-03", ("2024-12-02", "2024-12-03")),
        ("2024-12-01T10:00Z/2024-12-03T11:00Z", ("2024-12-01T10:00", "2024-12-03T11:00")),
        ("2024-11/2025", ("2024-12-01", "2025-01-01")),
        ("2024-12-01 early/2024-12-01 late", ("2024-12-01T09:00", "2024-12-01T18:00")),
        ("2024-12-01T10/2024-12-1X", ("2024-12-01T11:00", "2024-12-10")),
        ("2024-12-01/2024-12-02", None),  # empty
        ("2024-12-01T10:00Z/2024-12-01T10:00Z", None),
        ("2024-12-01/2024-12-01", None),  # turned round
        ("2024-12/2024-12-03", None),
        ("[2024-12-01..2024-12-03]", None),  # one instant of it, nobody knows which
        ("2024-12-01", None),
        ("[..2024-12-03]", None),
        ("[2024-12-01..]", None),
    ],
)
def test_what_an_interval_surely_covers(written: str, core: tuple[str, str] | None) -> None:
    found = read_occurred(written, PLAIN).window(utc("2026-01-01")).core
    assert found == (core and (utc(core[0]), utc(core[1])))


def test_an_open_interval_surely_covers_all_up_to_its_closed_end() -> None:
    recorded = utc("2024-12-09")
    first_open = read_occurred("../2024-12-03", PLAIN).window(recorded)
    assert first_open == Window(BEGINNING, utc("2024-12-04"), (BEGINNING, utc("2024-12-03")))
    second_open = read_occurred("2024-12-03/..", PLAIN).window(recorded)
    assert second_open == Window(utc("2024-12-03"), recorded, (utc("2024-12-04"), recorded))
    assert read_occurred("2024-12-09/..", PLAIN).window(recorded).core is None


def test_a_window_checks_itself() -> None:
    assert Window(3, 3).core is None
    for earliest, latest, core in ((3, 2, None), (1, 9, (4, 4)), (1, 9, (5, 4))):
        with pytest.raises(Wrong):
            Window(earliest, latest, core)


# ---------------------------------------------------------------------------------------------------------------
# The edges of the years
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "zone", "earliest", "latest"),
    [
        ("9999", "UTC", utc("9999-01-01"), AFTER_LAST),
        ("9999-12-31", "UTC", utc("9999-12-31"), AFTER_LAST),
        ("9999-12-3X", "UTC", utc("9999-12-30"), AFTER_LAST),
        ("9999-12-31T23", "UTC", AFTER_LAST - HOUR, AFTER_LAST),
        ("9999-12-31 night", "UTC", AFTER_LAST - 3 * HOUR, AFTER_LAST + 4 * HOUR),
        ("9999-12-31", "America/New_York", utc("9999-12-31T05:00"), AFTER_LAST + 5 * HOUR),
        ("9999-12-31", "Asia/Damascus", utc("9999-12-30T21:00"), AFTER_LAST - 3 * HOUR),
        ("9999-12-31T23:59-14:00", "UTC", AFTER_LAST + 14 * HOUR - HOUR // 60, AFTER_LAST + 14 * HOUR - HOUR // 60),
        ("0001-01-01T00:00+14:00", "UTC", FIRST_INSTANT - 14 * HOUR, FIRST_INSTANT - 14 * HOUR),
        # the sun's own time in Damascus, 2:25:12 ahead
        ("0001-01-01", "Asia/Damascus", FIRST_INSTANT - 8_712_000_000, utc("0001-01-01T21:34:48")),
        ("0001-01-01T00:00", "Asia/Damascus", FIRST_INSTANT - 8_712_000_000, FIRST_INSTANT - 8_712_000_000),
    ],
)
def test_the_first_and_the_last_day_are_whole(written: str, zone: str, earliest: int, latest: int) -> None:
    assert ends(written, zone) == (earliest, latest)


# ---------------------------------------------------------------------------------------------------------------
# Clocks that change
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "written", "earliest", "latest"),
    [
        # 02:00 becomes 03:00
        ("Europe/Berlin", "2024-03-31T02:30", "2024-03-31T01:00", "2024-03-31T01:00"),
        ("Europe/Berlin", "2024-03-31T02:00", "2024-03-31T01:00", "2024-03-31T01:00"),
        ("Europe/Berlin", "2024-03-31T01:59:59.999999", "2024-03-31T00:59:59.999999", "2024-03-31T00:59:59.999999"),
        ("Europe/Berlin", "2024-03-31T03:00", "2024-03-31T01:00", "2024-03-31T01:00"),
        ("Europe/Berlin", "2024-03-31T02", "2024-03-31T01:00", "2024-03-31T01:00"),
        ("Europe/Berlin", "2024-03-31", "2024-03-30T23:00", "2024-03-31T22:00"),
        ("Europe/Berlin", "2024-03-31 overnight", "2024-03-30T23:00", "2024-03-31T04:00"),
        # midnight becomes 01:00
        ("Asia/Damascus", "2022-03-25", "2022-03-24T22:00", "2022-03-25T21:00"),
        ("Asia/Damascus", "2022-03-24", "2022-03-23T22:00", "2022-03-24T22:00"),
        ("Asia/Damascus", "2022-03-25T00:30", "2022-03-24T22:00", "2022-03-24T22:00"),
        ("Asia/Damascus", "2022-03-24 late", "2022-03-24T16:00", "2022-03-24T22:00"),
        ("Asia/Damascus", "2022-03-24 night", "2022-03-24T19:00", "2022-03-25T01:00"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", "2018-11-05T02:00"),
        ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00", "2018-11-04T03:00"),
        ("America/Sao_Paulo", "2018-11-04T00:59", "2018-11-04T03:00", "2018-11-04T03:00"),
        ("America/Sao_Paulo", "2018-11-04T01:00", "2018-11-04T03:00", "2018-11-04T03:00"),
        ("Africa/Cairo", "2024-04-26", "2024-04-25T22:00", "2024-04-26T21:00"),
        # the thirtieth was left out
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-30 afternoon", "2011-12-30T10:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-30T18:15", "2011-12-30T10:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00", "2011-12-31T10:00"),
        ("Pacific/Apia", "2011-12-29 night", "2011-12-30T07:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-3X", "2011-12-30T10:00", "2011-12-31T10:00"),
        # 03:00 becomes 02:00
        ("Europe/Berlin", "2024-10-27T02:30", "2024-10-27T00:30", "2024-10-27T01:30"),
        ("Europe/Berlin", "2024-10-27T02:00", "2024-10-27T00:00", "2024-10-27T01:00"),
        ("Europe/Berlin", "2024-10-27T03:00", "2024-10-27T02:00", "2024-10-27T02:00"),
        ("Europe/Berlin", "2024-10-27T01", "2024-10-26T23:00", "2024-10-27T00:00"),
        ("Europe/Berlin", "2024-10-27T02", "2024-10-27T00:00", "2024-10-27T02:00"),
        ("Europe/Berlin", "2024-10-27", "2024-10-26T22:00", "2024-10-27T23:00"),
        ("Europe/Berlin", "2024-10-27T02:30+02:00", "2024-10-27T00:30", "2024-10-27T00:30"),
        ("Europe/Berlin", "2024-10-27T02:30/2024-10-27T12:00", "2024-10-27T00:30", "2024-10-27T11:00"),
        ("Europe/Berlin", "2024-10-27T00:00/2024-10-27T02:30", "2024-10-26T22:00", "2024-10-27T01:30"),
        ("Europe/Berlin", "[2024-10-27T02:30..2024-10-27T02:30]", "2024-10-27T00:30", "2024-10-27T01:30"),
        ("Europe/Berlin", "[2024-10-27T02:45..2024-10-27T02:15]", "2024-10-27T00:45", "2024-10-27T01:15"),
        # half an hour
        ("Australia/Lord_Howe", "2024-04-07T01:45", "2024-04-06T14:45", "2024-04-06T15:15"),
        ("Australia/Lord_Howe", "2024-10-06T02:15", "2024-10-05T15:30", "2024-10-05T15:30"),
        # 01:00 becomes midnight
        ("America/Havana", "2024-11-03", "2024-11-03T04:00", "2024-11-04T05:00"),
        ("America/Havana", "2024-11-02", "2024-11-02T04:00", "2024-11-03T04:00"),
        ("America/Havana", "2024-11-03T00:00", "2024-11-03T04:00", "2024-11-03T05:00"),
        ("America/Havana", "2024-11-03T00", "2024-11-03T04:00", "2024-11-03T06:00"),
        ("America/Havana", "2024-11-02 late", "2024-11-02T22:00", "2024-11-03T04:00"),
    ],
)
def test_a_reading_left_out_is_the_first_instant_after_and_one_that_comes_twice_is_both(
    zone: str, written: str, earliest: str, latest: str
) -> None:
    assert ends(written, zone) == (utc(earliest), utc(latest))


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("2024-10-27T02:30/2024-10-27T12:00", ("2024-10-27T01:30", "2024-10-27T11:00")),
        ("2024-10-26T12:00/2024-10-27T02:30", ("2024-10-26T10:00", "2024-10-27T00:30")),
        ("2024-10-27T02:15/2024-10-27T02:45", None),
    ],
)
def test_an_interval_surely_covers_nothing_that_hangs_on_which_reading_was_meant(
    written: str, core: tuple[str, str] | None
) -> None:
    found = read_occurred(written, Zone("Europe/Berlin")).window(utc("2026-01-01")).core
    assert found == (core and (utc(core[0]), utc(core[1])))


@pytest.mark.parametrize("name", ["Middle/Earth", "", "../UTC", "/UTC", "UTC\0"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Wrong, match="not a time zone"):
        Zone(name)


# ---------------------------------------------------------------------------------------------------------------
# Where it can't be read
# ---------------------------------------------------------------------------------------------------------------

UNREADABLE = [
    ("", 0),
    ("x", 0),
    (" 2024", 0),
    ("+2024", 0),
    ("-2024", 0),
    ("２０２４", 0),
    ("{2024}", 0),
    ("2", 1),
    ("202", 3),
    ("20245", 4),
    ("20XX", 2),
    ("0000", 3),
    ("2024 ", 4),
    ("2024\n", 4),
    ("2024Z", 4),
    ("2024T10", 4),
    ("2024..2025", 4),
    ("2024??", 5),
    ("2024-", 5),
    ("2024-1", 6),
    ("2024-2", 5),
    ("2024-00", 6),
    ("2024-13", 6),
    ("2024-12 morning", 7),
    ("2024-12T10", 7),
    ("2024-X", 6),
    ("2024-X2", 6),
    ("2024-XX-", 8),
    ("2024-XX-04", 8),
    ("2024-XX-X", 9),
    ("2024-XX-XX-", 10),
    ("2024-12-", 8),
    ("2024-12-4", 8),
    ("2024-12-00", 9),
    ("2024-12-32", 9),
    ("2024-04-31", 9),
    ("2024-02-30", 8),
    ("2024-02-3X", 8),
    ("2023-02-29", 9),
    ("1900-02-29", 9),
    ("2100-02-29", 9),
    ("2024-12-X", 9),
    ("2024-12-X4", 9),
    ("2024-12-0x", 9),
    ("2024-12-041", 10),
    ("2024-12-0XT10", 10),
    ("2024-12-0X morning", 10),
    ("2024-12-XX?~", 11),
    ("2024-12-04-", 10),
    ("2024-12-04t10", 10),
    ("2024-12-04T", 11),
    ("2024-12-04T3", 11),
    ("2024-12-04T1", 12),
    ("2024-12-04T24", 12),
    ("2024-12-04T10Z", 13),
    ("2024-12-04T10?", 13),
    ("2024-12-04T10 morning", 13),
    ("2024-12-04T10:", 14),
    ("2024-12-04T10:60", 14),
    ("2024-12-04T10:5", 15),
    ("2024-12-04T10:00z", 16),
    ("2024-12-04T10:00?", 16),
    ("2024-12-04T10:00.5", 16),
    ("2024-12-04T10:00ZZ", 17),
    ("2024-12-04T10:00+", 17),
    ("2024-12-04T10:00+2", 17),
    ("2024-12-04T10:00+15:00", 18),
    ("2024-12-04T10:00+03", 19),
    ("2024-12-04T10:00+0300", 19),
    ("2024-12-04T10:00+14:10", 20),
    ("2024-12-04T10:00-14:01", 21),
    ("2024-12-04T10:00+13:60", 20),
    ("2024-12-04T10:00:60", 17),
    ("2024-12-04T10:00:00,5", 19),
    ("2024-12-04T10:00:00.", 20),
    ("2024-12-04T10:00:00.Z", 20),
    ("2024-12-04T10:00:00..2025", 20),
    ("2024-12-04T10:00:00.1234567", 26),
    ("2024-12-04 ", 11),
    ("2024-12-04  morning", 11),
    ("2024-12-04 Morning", 11),
    ("2024-12-04 dawn", 11),
    ("2024-12-04 m", 12),
    ("2024-12-04 mourning", 13),
    ("2024-12-04 ez", 12),
    ("2024-12-04 late2", 15),
    ("2024-12-04 lately", 15),
    ("2024-12-04 night?", 16),
    ("2024-12-04?T10", 11),
    (".", 1),
    ("..", 2),
    ("...", 2),
    ("../", 3),
    ("../.", 4),
    ("..2024", 2),
    ("2024/", 5),
    ("2024//2025", 5),
    ("2024/.", 6),
    ("2024/...", 7),
    ("2024/2025/", 9),
    ("2024/[2025]", 5),
    ("2024-12-04 early/", 17),
    ("[", 1),
    ("[]", 1),
    ("[.", 2),
    ("[..", 3),
    ("[..2024", 7),
    ("[...", 3),
    ("[2024", 5),
    ("[2024]", 5),
    ("[2024/2025]", 5),
    ("[2024 ..2025]", 5),
    ("[2024.", 6),
    ("[2024..", 7),
    ("[2024...2025]", 7),
    ("[2024..2025", 11),
    ("[2024..2025)", 11),
    ("[2024..2025]?", 12),
    ("[2024..2025]/2026", 12),
    ("[2024-12-04T10:00:00.", 21),
    ("[2024-12-04T10:00:00.x", 21),
    ("[2024-12-04T10:00:00...5]", 22),
    ("[2024-12-04T10:00:00.1234567..]", 27),
]


@pytest.mark.parametrize(("written", "position"), UNREADABLE)
def test_a_fault_is_at_the_first_character_that_nothing_valid_could_have_there(written: str, position: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read_occurred(written, PLAIN)
    assert refused.value.position == position


@pytest.mark.parametrize(
    ("written", "position"),
    [
        ("", 0),
        ("2024-12-04", 10),
        ("2024-12-04T18", 13),
        ("2024-12-04T18:05", 16),
        ("2024-12-04T18:05:09", 19),
        ("2024-12-04 18:05Z", 10),
        ("2024-12-04T18:05Z/", 17),
        ("2024-12-0XT18:05Z", 9),
        ("2024-XX", 5),
        ("2024-12-04?", 10),
        ("2024-12-04T18:05:09.1234567Z", 26),
        ("2024-12-04T18:05+14:01", 21),
    ],
)
def test_an_instant_alone_has_no_other_form(written: str, position: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read_instant(written)
    assert refused.value.position == position


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-12-04T18:05Z", "2024-12-04T18:05"),
        ("2024-12-04T18:05", "2024-12-04T15:05"),
        ("2024-12-04T18", "2024-12-04T15:00"),
        ("2024-12-04", "2024-12-03T21:00"),
        ("2024-12-04? late", "2024-12-04T15:00"),
        ("2024-12-XX", "2024-11-30T21:00"),
        ("2022-03-25", "2022-03-24T22:00"),
    ],
)
def test_what_a_person_types_for_a_moment_is_its_start(written: str, instant: str) -> None:
    assert read_moment(written, Zone("Asia/Damascus")) == utc(instant)


@pytest.mark.parametrize(("written", "position"), [("2024/2025", 4), ("..", 0), ("[2024..]", 0), ("now", 0), ("", 0)])
def test_a_moment_is_no_interval(written: str, position: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read_moment(written, PLAIN)
    assert refused.value.position == position


# ---------------------------------------------------------------------------------------------------------------
# Writing an instant
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (utc("2024-12-04T18:05:09"), "2024-12-04T18:05:09Z"),
        (utc("2024-12-04T18:05:09.500000"), "2024-12-04T18:05:09.500000Z"),
        (utc("2024-12-04T18:05:09.000001"), "2024-12-04T18:05:09.000001Z"),
        (FIRST_INSTANT, "0001-01-01T00:00:00Z"),
        (FIRST_INSTANT - 1, "0000-12-31T23:59:59.999999Z"),
        (FIRST_INSTANT - 14 * HOUR, "0000-12-31T10:00:00Z"),
        (AFTER_LAST - 1, "9999-12-31T23:59:59.999999Z"),
        (AFTER_LAST, "+10000-01-01T00:00:00Z"),
        (AFTER_LAST + 16 * HOUR, "+10000-01-01T16:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_six_digits_where_there_is_a_fraction(instant: int, written: str) -> None:
    assert text(instant) == text_or_none(instant) == written


def test_an_open_end_is_written_as_nothing() -> None:
    assert text_or_none(BEGINNING) is None
    assert text_or_none(END) is None


@given(st.integers(FIRST_INSTANT, AFTER_LAST - 1))
def test_what_is_written_of_an_instant_reads_as_that_instant(instant: int) -> None:
    assert read_instant(text(instant)) == instant
    assert ends(text(instant)) == (instant, instant)


@given(st.integers(FIRST_INSTANT, AFTER_LAST - DAY), st.integers(-14 * 60, 14 * 60))
def test_an_instant_written_with_an_offset_reads_as_that_instant(instant: int, ahead: int) -> None:
    local = text(instant + ahead * HOUR // 60).removesuffix("Z")
    sign = "-" if ahead < 0 else "+"
    if FIRST_INSTANT <= instant + ahead * HOUR // 60 < AFTER_LAST:
        assert read_instant(f"{local}{sign}{abs(ahead) // 60:02}:{abs(ahead) % 60:02}") == instant


# ---------------------------------------------------------------------------------------------------------------
# Generated texts
# ---------------------------------------------------------------------------------------------------------------

ZONES = [
    "UTC",
    "Asia/Damascus",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "America/Havana",
    "Pacific/Apia",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Monrovia",
    "Europe/Dublin",
    "Pacific/Kiritimati",
]
CHANGES = [  # days on which some of these clocks change
    "2024-03-31", "2024-10-27", "2022-03-25", "2021-10-29", "2018-11-04", "2019-02-17", "2024-11-03", "2024-03-10",
    "2011-12-29", "2011-12-30", "2024-04-26", "2024-10-31", "2024-04-07", "2024-10-06", "1972-01-07", "1994-12-31",
    "1986-01-01", "0001-01-01", "9999-12-31",
]  # fmt: skip


@st.composite
def days(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        return draw(st.sampled_from(CHANGES))
    year = draw(st.sampled_from([1, 1900, 2000, 2023, 2024, 9999]) | st.integers(1, 9999))
    month = draw(st.integers(1, 12))
    return f"{year:04}-{month:02}-{draw(st.integers(1, monthrange(year, month)[1])):02}"


@st.composite
def dates(draw: st.DrawFn) -> str:
    day = draw(days())
    masked = draw(st.sampled_from([day, day[:4], day[:7], day[:9] + "X", day[:7] + "-XX", day[:4] + "-XX"]))
    if masked == day[:4] + "-XX" and draw(st.booleans()):
        masked += "-XX"
    marked = masked + draw(st.sampled_from(["", "", "?", "~", "%"]))
    parts = ["overnight", "early", "morning", "afternoon", "evening", "late", "night"]
    return f"{marked} {draw(st.sampled_from(parts))}" if masked == day and draw(st.booleans()) else marked


@st.composite
def times(draw: st.DrawFn) -> str:
    """A local hour, a local time or an instant."""
    clock = f"{draw(days())}T{draw(st.integers(0, 4) | st.integers(0, 23)):02}"
    if draw(st.booleans()):
        return clock
    clock += f":{draw(st.integers(0, 59)):02}"
    if draw(st.booleans()):
        clock += f":{draw(st.integers(0, 59)):02}"
        clock += draw(st.just("") | st.from_regex(r"\.[0-9]{1,6}", fullmatch=True))
    offsets = st.from_regex(r"[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00|Z", fullmatch=True)
    return clock + draw(st.just("") | offsets)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """What the grammar allows, refused as a whole or not."""
    whens = dates() | times()
    form = draw(st.sampled_from(["{0}", "{0}/{1}", "../{0}", "{0}/..", "[{0}..{1}]", "[..{0}]", "[{0}..]", "[..]"]))
    first, second = sorted((draw(whens), draw(whens)))
    return form.format(first, second)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    written = draw(texts())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(written)))
        more = draw(st.text("0123456789-:.TZX+?~%/[] aeghlmnortuv", max_size=2))
        written = written[:at] + more + written[at + draw(st.integers(0, 2)) :]
    return written


Outcome = tuple[object, ...]


def outcome(written: str, zone: str, recorded: int) -> Outcome:
    """What reading gives: a window and what it surely covers, a position, or a refusal as a whole."""
    try:
        occurred = read_occurred(written, Zone(zone))
        occurred.check_recordable(recorded)
    except Unreadable as fault:
        return ("unreadable", fault.position)
    except Wrong:
        return ("refused",)
    window = occurred.window(recorded)
    return ("read", window.earliest, window.latest, window.core)


def second_outcome(written: str, zone: str, recorded: int) -> Outcome:
    """The same, by the second reading."""

    def edge(time: float) -> int:
        return BEGINNING if time == second_reading.ALWAYS else int(time)

    try:
        occurred = second_reading.parse_occurred(written, zone)
        window, core = occurred.window(recorded), occurred.core(recorded)
    except second_reading.Unreadable as fault:
        return ("unreadable", fault.position)
    except second_reading.Refused:
        return ("refused",)
    covered = None if core is None else (edge(core.earliest), edge(core.latest))
    return ("read", edge(window.earliest), edge(window.latest), covered)


RECORDED = utc("2024-12-04T12:00")


@given(texts())
def test_every_beginning_of_what_can_be_read_reads_or_just_ends(written: str) -> None:
    assert outcome(written, "UTC", RECORDED)[0] != "unreadable"
    for length in range(len(written)):
        found = outcome(written[:length], "UTC", RECORDED)
        assert found[0] != "unreadable" or found == ("unreadable", length)


@given(texts(), st.data())
def test_a_character_that_never_stands_anywhere_is_the_fault(written: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(written) - 1))
    spoiled = written[:at] + "\x00" + written[at + 1 :]
    assert outcome(spoiled, "UTC", RECORDED) == ("unreadable", at)


@settings(max_examples=400)
@given(texts(), st.sampled_from(ZONES))
def test_the_second_reading_reads_the_same(written: str, zone: str) -> None:
    assert outcome(written, zone, RECORDED) == second_outcome(written, zone, RECORDED)


@settings(max_examples=400)
@given(mutated(), st.sampled_from(ZONES))
def test_the_second_reading_refuses_the_same_at_the_same_position(written: str, zone: str) -> None:
    assert outcome(written, zone, RECORDED) == second_outcome(written, zone, RECORDED)
