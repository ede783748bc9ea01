"""A gist is read as strictly as the codec reads, and says the same; what it does not know, the codec decides."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from chronologies import logs
from feeding import record
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec import JSON, anything

from domain.events import OF_REPORTS, PlaceRegistered, Recorded, ReportFiled, Run
from domain.when.instant import BEGINNING, END
from event_store.codec import NAMES, decode, encode
from event_store.entry import Row
from event_store.faults import Damaged
from event_store.gist import Gists
from projections.projections import Projections


def row(name: str, data: bytes, position: int = 1, *, recorded_at: Any = 5, version: Any = 1) -> Row:
    return (position, recorded_at, version, name, data)


def read(name: str, data: bytes) -> Any:
    """The event that a row is read as, made what it is."""
    (found,) = Gists([row(name, data)], 0)
    if isinstance(found, Recorded):
        return found.event
    assert (found.first, list(found.recorded_at)) == (1, [5])
    (event,), (kind,) = found.events, found.kinds
    made = event.made() if hasattr(event, "made") else event  # the codec read it
    assert isinstance(made, kind)
    return made


ODD = [BEGINNING, END, END + 1, BEGINNING - 1, 1.0, "holds", "probable"]


@settings(max_examples=100)
@given(log=logs(max_events=12))
def test_a_gist_says_what_the_event_says(log: list[dict[str, Any]]) -> None:
    for each in record(log):
        (found,) = Gists([row(*encode(each.event))], 0)
        assert isinstance(found, Recorded) is not isinstance(each.event, OF_REPORTS)
        assert read(*encode(each.event)) == each.event


@settings(max_examples=300, deadline=None)
@given(log=logs(max_events=8), data=st.data())
def test_a_part_that_became_something_else_is_read_or_refused_as_the_codec_does(
    log: list[dict[str, Any]], data: st.DataObject
) -> None:
    reports = [each for each in record(log) if isinstance(each.event, OF_REPORTS)]
    if reports:
        check_a_change(*encode(data.draw(st.sampled_from(reports)).event), data)


@settings(max_examples=200, deadline=None)
@given(event=anything(PlaceRegistered), data=st.data())
def test_so_it_is_of_a_place(event: PlaceRegistered, data: st.DataObject) -> None:
    assert repr(read(*encode(event))) == repr(decode(*encode(event)))
    check_a_change(*encode(event), data)


def check_a_change(name: str, written: bytes, data: st.DataObject) -> None:
    """Some part of an event is left out, or becomes something else."""
    whole = orjson.loads(written)
    part: Any = whole
    while True:
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.booleans()):
            break
        part = part[key]
    if data.draw(st.booleans()) and isinstance(part, dict):
        del part[key]
    else:
        part[key] = data.draw(JSON | st.sampled_from(ODD))
    changed = json.dumps(whole).encode()
    try:
        expected = decode(name, changed)
    except ValueError:
        with pytest.raises(Damaged, match="event at position 1"):
            read(name, changed)
    else:
        assert read(name, changed) == expected


FILED = NAMES[ReportFiled]


def filed(earliest: str, latest: str) -> bytes:
    occurred = f'{{"text":"x","earliest":{earliest},"latest":{latest}}}'
    return f'{{"id":"r","report":{{"text":"t","occurred":{occurred}}}}}'.encode()


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [
        ("3", "2"),
        ("null", "null"),
        (str(BEGINNING), "null"),
        ("1", str(END + 1)),
        (str(BEGINNING - 1), "1"),
        ("1.0", "2"),
    ],
)
def test_a_window_that_is_none_is_refused(earliest: str, latest: str) -> None:
    with pytest.raises(Damaged, match="event at position 1: it can't be read"):
        read(FILED, filed(earliest, latest))


def test_a_gap_is_named() -> None:
    with pytest.raises(Damaged, match="event at position 3: it is missing: the next one stands at position 4"):
        list(Gists([row(FILED, filed("1", "2"), 2), row(FILED, filed("1", "2"), 4)], 1))


@pytest.mark.parametrize("wrong", [{"recorded_at": "now"}, {"version": "one"}, {"recorded_at": None}])
def test_a_column_that_is_no_number_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(Damaged, match="its version or its recording time is no number"):
        list(Gists([row(FILED, filed("1", "2"), **wrong)], 0))


def test_a_part_of_a_run_is_read_as_it_is_in_the_whole() -> None:
    whole = Gists([row(FILED, filed("1", "2"), position) for position in range(8, 13)], 7)
    assert len(whole) == 5
    assert stretches(whole) == [(8, 5)]
    assert stretches(whole[2:4]) == [(10, 2)]
    assert stretches(whole[4:]) == [(12, 1)]


def stretches(gists: Gists) -> list[tuple[int, int]]:
    """Where the runs begin, and how long they are."""
    return [(each.first, len(each)) for each in gists if isinstance(each, Run)]


def test_what_stands_around_an_odd_row_is_read_at_once() -> None:
    odd = row("source-registered.v1", b'{"source":{"id":"s","name":"S"}}', 5)
    whole = Gists(
        [*(row(FILED, filed("1", "2"), position) for position in range(1, 5)), odd, row(FILED, filed("1", "2"), 6)], 0
    )
    first, *_, registered, last = whole
    assert isinstance(first, Run)
    assert isinstance(registered, Recorded)
    assert registered.position == 5
    assert isinstance(last, Run)
    assert last.first == 6


def test_what_can_be_read_before_a_fault_is_read() -> None:
    damaged = Gists([row(FILED, filed("1", "2"), 1), row(FILED, filed("1", "2"), 2), row(FILED, b"{", 3)], 0)
    found: list[int] = []
    with pytest.raises(Damaged, match="event at position 3"):
        found.extend(each.first for each in damaged if isinstance(each, Run))
    projections = Projections()
    with pytest.raises(Damaged, match="event at position 3"):
        projections.apply(damaged)
    assert projections.position == 2
