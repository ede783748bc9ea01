"""Events as CloudEvents: nothing is lost on the way there and back, and nothing else is taken for one."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import orjson
import pytest
from chronologies import Event as Raw
from chronologies import logs
from feeding import record
from hypothesis import given, settings
from hypothesis import strategies as st
from test_codec import EVENTS, anything

from domain.events import Event, PlaceRegistered, Recorded, ReportFiled, stream_of
from domain.faults import Fault, Unreadable
from domain.place import Place, PlaceKind
from domain.report import Citation, Report
from domain.when.instant import BEGINNING, DAY, of_text, text
from domain.when.notation import read_occurred
from domain.when.window import Occurred
from domain.when.zone import Zone
from event_store.codec import encode
from service.cloud_events import cloud_event, recorded_event

FIRST, LAST = of_text("0000-01-01T00:00:00Z"), of_text("+10000-12-31T23:59:59.999999Z")
FILED = ReportFiled(
    "r1", Report("It fell.", Occurred("../2024", BEGINNING, 5), sources=(Citation("s", published=Occurred("x", 1, 2)),))
)


def sent(body: dict[str, Any]) -> dict[str, Any]:
    """What comes out at the other end of a wire."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(body))
    return found


def check_returns(recorded: Recorded) -> None:
    assert recorded_event(sent(cloud_event(recorded))) == recorded


def within_the_calendar(event: Event) -> bool:
    """Whether every instant in it is one that a window can be read as."""
    return all(FIRST <= int(number) <= LAST for number in re.findall(rb"-?\d{13,}", encode(event)[1]))


@pytest.mark.parametrize("kind", EVENTS)
@given(data=st.data(), position=st.integers(1, 10**17), version=st.integers(1, 10**6), at=st.integers(FIRST, LAST))
@settings(max_examples=40)
def test_every_event_comes_back_as_it_was(
    kind: type[Event], data: st.DataObject, position: int, version: int, at: int
) -> None:
    event: Event = data.draw(anything(kind).filter(within_the_calendar))
    check_returns(Recorded(position, at, stream_of(event), version, event))


@given(logs())
@settings(max_examples=40)
def test_every_log_comes_back_as_it_was(log: list[Raw]) -> None:
    for recorded in record(log):
        check_returns(recorded)


@given(st.integers(FIRST, LAST))
def test_every_instant_is_read_as_it_was_written(instant: int) -> None:
    assert of_text(text(instant)) == instant


@pytest.mark.parametrize(
    "written",
    [
        "0000-02-29T00:00:00Z",
        "0000-12-31T14:00:00Z",
        "0001-01-01T00:00:00Z",
        "1900-02-28T00:00:00Z",
        "2000-02-29T23:59:59.000001Z",
        "9999-12-31T23:59:59.999999Z",
        "+10000-01-01T12:00:00Z",
    ],
)
def test_the_far_ends_of_time_are_read_too(written: str) -> None:
    assert text(of_text(written)) == written


@pytest.mark.parametrize(
    "written",
    [
        *("", "2024-12-04", "2024-12-04T18:00:00", "2024-12-04T18:00:00+00:00", "2024-13-04T18:00:00Z", None, 5, []),
        *("2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-04-31T00:00:00Z", "2024-12-00T00:00:00Z"),
        *("2024-12-04T24:00:00Z", "2024-12-04T18:60:00Z", "2024-12-04T18:00:60Z", "2024-12-04T18:00:00.5Z"),
        *("-0001-12-04T18:00:00Z", "+2024-12-04T18:00:00Z", " 2024-12-04T18:00:00Z", "2024-12-04T18:00:00Z\n"),
        "٢٠٢٤-12-04T18:00:00Z",
    ],
)
def test_no_other_text_is_an_instant(written: Any) -> None:
    with pytest.raises(Unreadable):
        of_text(written)


@pytest.mark.parametrize(("zone", "date"), [("Pacific/Auckland", "0001-01-01"), ("Pacific/Honolulu", "9999-12-31")])
def test_a_local_date_at_either_end_of_time_comes_back(zone: str, date: str) -> None:
    event = ReportFiled("r", Report("x", read_occurred(date, Zone(zone))))
    check_returns(Recorded(1, 0, "report:r", 1, event))


def test_an_event_is_a_cloud_event() -> None:
    found = cloud_event(Recorded(12, 1_733_335_200_000_000, "report:r1", 1, FILED))
    assert found == {
        "specversion": "1.0",
        "id": "12",
        "source": "/v1/events",
        "type": "report-filed.v1",
        "subject": "report:r1",
        "time": "2024-12-04T18:00:00Z",
        "recordedtime": "2024-12-04T18:00:00Z",
        "sequence": "00000000000000000012",
        "streamversion": 1,
        "datacontenttype": "application/json",
        "data": {
            "id": "r1",
            "report": {
                "text": "It fell.",
                "occurred": {"text": "../2024", "earliest": None, "latest": "1970-01-01T00:00:00.000005Z"},
                "sources": [
                    {
                        "source": "s",
                        "published": {
                            "text": "x",
                            "earliest": "1970-01-01T00:00:00.000001Z",
                            "latest": "1970-01-01T00:00:00.000002Z",
                        },
                    }
                ],
            },
        },
    }
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in found)  # CloudEvents 1.0, "Naming conventions"


def test_sequences_sort_as_positions_do() -> None:
    events = [cloud_event(Recorded(n, 0, "report:r1", 1, FILED)) for n in (1, 9, 10, 99, 100, 10**17)]
    assert sorted(events, key=lambda event: str(event["sequence"])) == events


def test_identifiers_that_are_called_like_a_window_s_parts_stay_texts() -> None:
    identifiers = (("text", "a"), ("earliest", "b"), ("latest", "c"))
    place = PlaceRegistered(Place("p", "P", PlaceKind.TOWN, identifiers=identifiers))
    check_returns(Recorded(1, 0, "place:p", 1, place))


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"specversion": "0.3"}, ("specversion",)),
        ({"id": "0"}, ("id",)),
        ({"id": "01"}, ("id",)),
        ({"id": ""}, ("id",)),
        ({"id": 12}, ("id",)),
        ({"id": "9" * 19}, ("id",)),
        ({"source": "/elsewhere"}, ("source",)),
        ({"type": "report-lost.v1"}, ("type",)),
        ({"type": "report-retracted.v1"}, ("data",)),
        ({"subject": "report:r2"}, ("subject",)),
        ({"time": "2024-12-04"}, ("time",)),
        ({"recordedtime": "2024-12-04T18:00:01Z"}, ("recordedtime",)),
        ({"sequence": "12"}, ("sequence",)),
        ({"streamversion": 0}, ("streamversion",)),
        ({"streamversion": True}, ("streamversion",)),
        ({"datacontenttype": "text/plain"}, ("datacontenttype",)),
        ({"data": []}, ("data",)),
        ({"data": {}}, ("data",)),
        ({"traceparent": "x"}, ("traceparent",)),
    ],
)
def test_what_is_not_so_is_refused_with_its_place(change: dict[str, Any], pointer: tuple[str, ...]) -> None:
    body = sent(cloud_event(Recorded(12, DAY, "report:r1", 1, FILED))) | change
    with pytest.raises(Fault) as refused:
        recorded_event(body)
    assert refused.value.pointer == pointer


@pytest.mark.parametrize("name", cloud_event(Recorded(12, DAY, "report:r1", 1, FILED)))
def test_no_attribute_may_be_missing(name: str) -> None:
    body = cloud_event(Recorded(12, DAY, "report:r1", 1, FILED))
    del body[name]
    with pytest.raises(Fault) as refused:
        recorded_event(body)
    assert refused.value.pointer == (name,)


@pytest.mark.parametrize("written", ["2024-12-04", 5, [], {}])
def test_an_instant_that_cannot_be_read_is_named_by_its_place(written: Any) -> None:
    body = deepcopy(cloud_event(Recorded(12, DAY, "report:r1", 1, FILED)))
    body["data"]["report"]["sources"][0]["published"]["latest"] = written
    with pytest.raises(Unreadable) as refused:
        recorded_event(body)
    assert refused.value.pointer == ("data", "report", "sources", 0, "published", "latest")


def test_data_that_only_seems_to_fit_is_refused() -> None:
    body = sent(cloud_event(Recorded(12, DAY, "report:r1", 1, FILED)))
    claim = {"kind": "control", "place": "hama", "forces": "hts", "effect": "takes"}  # a text is no list
    body["data"]["report"]["claims"] = [claim]
    with pytest.raises(Fault) as refused:
        recorded_event(body)
    assert refused.value.pointer == ("data",)
