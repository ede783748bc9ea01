"""Taking words out of an entry: its leaf stays, and nothing of the words does."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_cloud_events import within_the_calendar
from test_codec import anything

from domain.events import (
    Event,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
    has_redacted,
    same_request,
    stream_of,
)
from domain.faults import Wrong
from domain.redacted import Redacted
from event_store.codec import decode, encode
from event_store.entry import Entry
from event_store.erasing import erased, parts_of, words_of
from event_store.leaf import hash_of, leaf
from event_store.parts import field_of
from service import chronology_verify
from service.cloud_events import cloud_event, entry_of, recorded_event

SALT = bytes(range(16))
OF_REPORTS = (ReportFiled, ReportCorrected, ReportAssessed, ReportRetracted, ReportRedacted)


def entry(event: Event) -> Entry:
    return entry_of(Recorded(7, 1_733_335_200_000_000, stream_of(event), 3, event, SALT))


def recorded(of: Entry) -> Recorded:
    return Recorded(of.position, of.recorded_at, of.stream, of.version, decode(of.name, of.data), of.salt)


@pytest.mark.parametrize("kind", OF_REPORTS)
@given(data=st.data())
@settings(max_examples=60)
def test_the_leaf_of_what_is_redacted_is_that_of_the_whole(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(anything(kind).filter(within_the_calendar))
    parts = parts_of(event)
    assume(parts)
    whole = entry(event)
    first = data.draw(st.lists(st.sampled_from(parts), min_size=1, unique=True))
    once = erased(whole, first)
    twice = erased(once, data.draw(st.lists(st.sampled_from(parts), unique=True)))
    for left in (once, twice):
        assert leaf(left) == leaf(whole)
        found = recorded(left)
        assert encode(found.event) == (left.name, left.data)
        assert parts_of(found.event) == parts
        assert has_redacted(found.event)
        assert same_request(found.event, event)
        assert same_request(event, found.event)
        assert recorded_event(orjson.loads(orjson.dumps(cloud_event(found)))) == found
        assert recorded_event(cloud_event(found)).salt == found.salt
        exported = chronology_verify.read_json(orjson.dumps(cloud_event(found)).decode())
        assert chronology_verify.leaf_of(exported) == leaf(whole)
    assert words_of(recorded(once).event) == [part for part in parts if part not in first]


def filed() -> Entry:
    data = {
        "id": "r",
        "report": {
            "text": "Seen by Ahab.",
            "occurred": {"text": "2024", "earliest": 0, "latest": 1},
            "claims": [{"kind": "movement", "forces": ["red"], "persons": ["Ishmael", "Queequeg"]}],
        },
    }
    return Entry(1, 0, "report:r", 1, "report-filed.v1", orjson.dumps(data), SALT)


def test_with_the_words_goes_all_that_they_could_be_found_out_by() -> None:
    found = erased(filed(), ["/report/text", "/report/claims/0/persons/0"])
    assert b"Ahab" not in found.data
    assert b"Ishmael" not in found.data
    assert b"Queequeg" in found.data
    assert SALT not in found.salt
    assert list(orjson.loads(found.salt)) == ["/report/claims/0/persons/1"]


def test_nothing_is_erased_that_is_not_there() -> None:
    for pointer in ("/report/texts", "/report/occurred", "/report/claims/0/persons", "/report/claims/0/persons/2", ""):
        with pytest.raises(ValueError, match="nothing to redact"):
            erased(filed(), ["/report/text", pointer])


@pytest.mark.parametrize(
    "salt",
    [
        SALT,
        b"{}",
        b"",
        b"[]",
        b'{"/report/claims/0/persons/1":"AAAA"}',
        b'{"/report/claims/0/persons/1":7}',
    ],
)
def test_salts_that_do_not_fit_are_not_those_of_the_entry(salt: bytes) -> None:
    """Also one too many: by the event's own salt the erased words could be found out."""
    found = erased(filed(), ["/report/text", "/report/claims/0/persons/0"])
    with pytest.raises(ValueError, match=r"."):
        hash_of(found._replace(salt=salt))


def test_a_salt_of_what_is_erased_is_one_too_many() -> None:
    part, all_of_them = ["/report/text"], ["/report/text", "/report/claims/0/persons/0"]
    more, fewer = erased(filed(), part), erased(filed(), all_of_them)
    with pytest.raises(ValueError, match="the salt of /report/claims/0/persons/0 is there"):
        hash_of(fewer._replace(salt=more.salt))


@pytest.mark.parametrize("digest", ["", "AAAA", "A" * 44, "%" * 44, "word"])
def test_what_is_no_digest_stands_for_no_words(digest: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Redacted(digest)


def test_words_are_no_objects() -> None:
    data = orjson.loads(filed().data)
    for text in ({"redacted": "word"}, {"redacted": None}, {"erased": "A" * 43 + "="}, {}, ["x"], None):
        data["report"]["text"] = text
        with pytest.raises(ValueError, match=r"."):
            decode("report-filed.v1", orjson.dumps(data))


def test_what_comes_in_redacted_comes_with_the_salts_of_the_rest() -> None:
    found = cloud_event(recorded(erased(filed(), ["/report/text"])))
    assert recorded_event(found).salt == found["salts"].encode()
    for wrong in (
        {name: value for name, value in found.items() if name != "salts"},
        found | {"salts": "{}"},
        found | {"salts": found["salts"].replace(":", ": ")},
        found | {"salt": "AAECAwQFBgcICQoLDA0ODw=="},
        {name: value for name, value in found.items() if name != "salts"} | {"salt": "AAECAwQFBgcICQoLDA0ODw=="},
    ):
        with pytest.raises(Wrong):
            recorded_event(wrong)


def test_a_part_is_of_the_field_that_it_stands_in() -> None:
    assert [field_of(part) for part in parts_of(recorded(filed()).event)] == ["text", "persons", "persons"]


def test_erased_words_could_have_been_any_and_what_is_left_could_not() -> None:
    whole, left = recorded(filed()).event, recorded(erased(filed(), ["/report/text"])).event
    assert isinstance(whole, ReportFiled)
    other = replace(whole, report=replace(whole.report, text="another"))
    assert same_request(left, whole)
    assert same_request(left, other)
    assert not same_request(whole, other)
    assert not same_request(left, replace(whole, id="s"))
    assert not same_request(left, replace(whole, report=replace(whole.report, claims=())))
