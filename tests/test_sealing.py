"""What is made of a new event before it has its place is what is made of its row afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cloud_events import within_the_calendar
from test_codec import EVENTS, TEXT, anything

from domain.events import Event, ReportCorrected, ReportFiled, stream_of
from domain.redacted import Redacted
from domain.report import Report
from domain.when.instant import BEGINNING
from domain.when.window import Occurred
from event_store.codec import encode
from event_store.draft import draft_of
from event_store.entry import Entry
from event_store.growth import leaf_of
from event_store.leaf import framed, leaf, sealed_data
from event_store.salts import SALT_SIZE, Salts, fresh_salt, seal, sealing

INSTANT = st.integers(-(10**16), 10**17)


@pytest.mark.parametrize("kind", EVENTS)
@given(data=st.data(), version=st.integers(1, 9), position=st.integers(1, 10**12), recorded_at=INSTANT)
@settings(max_examples=60)
def test_a_draft_has_the_data_and_the_leaf_of_the_entry_that_it_becomes(
    kind: type[Event], data: st.DataObject, version: int, position: int, recorded_at: int
) -> None:
    event = data.draw(anything(kind).filter(within_the_calendar))
    draft = draft_of(event, version, None, BEGINNING)
    assert (draft.stream, draft.name, draft.data) == (stream_of(event), *encode(event))
    entry = Entry(position, recorded_at, draft.stream, version, draft.name, draft.data, draft.salt)
    assert draft.leaf(position, recorded_at) == leaf_of(entry)


@given(stream=TEXT, name=TEXT, salt=st.binary(min_size=SALT_SIZE, max_size=SALT_SIZE))
def test_a_leaf_put_together_of_its_parts_is_canonical_whatever_it_is_called(
    stream: str, name: str, salt: bytes
) -> None:
    entry = Entry(7, 1_733_335_200_000_000, stream, 3, name, b'{"reason":"why","id":"r"}', salt)
    data = sealed_data({"reason": "why", "id": "r"}, salt)
    assert framed(data, *entry[:2], stream, 3, name) == leaf(entry)


@given(salt=st.binary(min_size=SALT_SIZE, max_size=SALT_SIZE), pointer=TEXT, part=st.text("ab\u0000\u00e9\U0001f600"))
def test_a_part_is_sealed_as_its_own_salt_does_it(salt: bytes, pointer: str, part: str) -> None:
    assert sealing(salt)(pointer, part) == seal(part, Salts(salt).take(pointer))


def test_no_salt_is_given_twice() -> None:
    salts = [fresh_salt() for _ in range(1000)]
    assert len(set(salts)) == 1000
    assert {len(salt) for salt in salts} == {SALT_SIZE}


DIGEST = Redacted("A" * 43 + "=")


@pytest.mark.parametrize(
    "event",
    [
        ReportFiled("r", Report(DIGEST, Occurred("2024", 0, 1))),
        ReportFiled("r", Report("far", Occurred("far", 0, 10**18))),
        ReportCorrected("r", Report("said", Occurred("2024", 0, 1)), DIGEST),
    ],
)
def test_what_no_leaf_can_be_made_of_is_a_value_error(event: Event) -> None:
    with pytest.raises(ValueError, match=r".+"):
        draft_of(event, 1, None, BEGINNING)
