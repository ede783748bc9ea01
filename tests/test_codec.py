"""Events as data: whatever can be recorded comes back as it was, under names that are kept for ever."""

from __future__ import annotations

import dataclasses
import types
from contextlib import suppress
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import orjson
import pytest
from chronologies import logs
from feeding import record
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.claims import KINDS, Claim, Control, Effect, Movement
from domain.credibility import Credibility
from domain.events import (
    Event,
    ForceAligned,
    ForceRegistered,
    PlaceRegistered,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
    SourceRegistered,
)
from domain.force import Force
from domain.place import Place, PlaceKind
from domain.redacted import Redacted
from domain.report import Report
from domain.shape import Shape, ShapeKind
from domain.when.instant import BEGINNING
from domain.when.window import Occurred
from event_store.codec import NAMES, decode, encode
from event_store.raising import newest

EVENTS: list[type[Event]] = [
    PlaceRegistered,
    ForceRegistered,
    ForceAligned,
    SourceRegistered,
    ReportFiled,
    ReportCorrected,
    ReportAssessed,
    ReportRedacted,
    ReportRetracted,
]

# ---------------------------------------------------------------------------------------------------------------
# Anything that the domain's types allow
# ---------------------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)  # what JSON can carry
INSTANT = st.integers(-(10**17), 10**18)


@st.composite
def _occurred(draw: st.DrawFn) -> Occurred:
    earliest = draw(st.one_of(st.just(BEGINNING), INSTANT))
    closed = st.integers(max(earliest, -(10**17)), 10**18)
    latest = draw(closed if earliest == BEGINNING else st.one_of(st.none(), closed))
    core = draw(st.none() | st.tuples(st.just(BEGINNING) | INSTANT, st.none() | INSTANT))
    return Occurred(draw(TEXT), earliest, latest, core)


POSITION = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
LINE = st.lists(POSITION, min_size=2, max_size=4).map(tuple)
RING = st.lists(POSITION, min_size=3, max_size=4).map(lambda found: (*found, found[0]))
SHAPE = st.one_of(
    LINE.map(lambda line: Shape(ShapeKind.LINE, line)),
    st.lists(LINE, min_size=1, max_size=2).map(lambda lines: Shape(ShapeKind.LINES, tuple(lines))),
    RING.map(lambda ring: Shape(ShapeKind.AREA, (ring,))),
    RING.map(lambda ring: Shape(ShapeKind.AREAS, ((ring,), (ring, ring)))),
)


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of the domain."""
    if get_origin(hint) in (types.UnionType, tuple) and (parts := get_args(hint)):
        if get_origin(hint) is types.UnionType:
            return st.one_of([anything(part) for part in parts])
        if parts[1] is Ellipsis:
            return st.lists(anything(parts[0]), max_size=3).map(tuple)
        return st.tuples(*map(anything, parts))
    if hint in _OWN:
        return _OWN[hint]
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    if hint is Claim:
        return st.one_of([anything(kind) for kind in KINDS.values()])
    return st.builds(hint, **{name: _field(hint, name, of) for name, of in _fields(hint).items()})


def _fields(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in dataclasses.fields(kind)}


def _field(kind: type, name: str, of: Any) -> st.SearchStrategy[Any]:
    if (kind, name) == (Place, "identifiers"):  # an object in JSON: each scheme once
        return st.dictionaries(TEXT, TEXT, max_size=3).map(lambda found: tuple(found.items()))
    return anything(of)


_OWN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(0, 10**9),
    float: st.floats(allow_nan=False, allow_infinity=False),
    type(None): st.none(),
    Occurred: _occurred(),
    Redacted: TEXT,  # words as they came in; tests/test_erasing.py erases them
    Shape: SHAPE,
}


@pytest.mark.parametrize("kind", EVENTS)
@given(data=st.data())
@settings(max_examples=40)
def test_every_event_comes_back_as_it_was(kind: type[Event], data: st.DataObject) -> None:
    event: Event = data.draw(anything(kind))
    assert decode(*encode(event)) == event


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(data=st.data())
@settings(max_examples=40)
def test_every_claim_comes_back_as_it_was(kind: type[Claim], data: st.DataObject) -> None:
    claim = data.draw(anything(kind))
    event = ReportFiled("r", Report("text", Occurred("2024", 0, 1), claims=(claim,)))
    again = decode(*encode(event))
    assert again == event
    assert isinstance(again, ReportFiled)
    assert type(again.report.claims[0]) is kind


@given(log=logs())
@settings(max_examples=25)
def test_what_the_service_takes_in_comes_back_as_it_was(log: list[dict[str, Any]]) -> None:
    for recorded in record(log, "Asia/Damascus"):
        assert decode(*encode(recorded.event)) == recorded.event


@given(data=st.data())
@settings(max_examples=20)
def test_an_event_is_written_the_same_each_time(data: st.DataObject) -> None:
    name, written = encode(data.draw(anything(ReportFiled)))
    assert encode(decode(name, written)) == (name, written)


# ---------------------------------------------------------------------------------------------------------------
# Names, and what is written
# ---------------------------------------------------------------------------------------------------------------


def test_the_names_are_these_for_ever() -> None:
    assert {kind.__name__: name for kind, name in NAMES.items()} == {
        "PlaceRegistered": "place-registered.v1",
        "ForceRegistered": "force-registered.v1",
        "ForceAligned": "force-aligned.v1",
        "SourceRegistered": "source-registered.v1",
        "ReportFiled": "report-filed.v1",
        "ReportCorrected": "report-corrected.v1",
        "ReportAssessed": "report-assessed.v1",
        "ReportRetracted": "report-retracted.v1",
        "ReportRedacted": "report-redacted.v1",
    }
    assert list(KINDS) == [
        *("control", "clash", "strike", "casualties", "movement"),
        *("operation", "presence", "agreement", "joining", "denial"),
    ]


def test_every_event_has_a_name_of_its_own() -> None:
    assert set(NAMES) == set(get_args(Event)) == set(EVENTS)
    assert len(set(NAMES.values())) == len(NAMES)


def words_in(value: Any) -> set[str]:
    """Every key and text in a JSON value."""
    if isinstance(value, dict):
        return set(value).union(*map(words_in, value.values()))
    if isinstance(value, list):
        return set[str]().union(*map(words_in, value))
    return {value} if isinstance(value, str) else set()


@given(log=logs(max_events=15))
@settings(max_examples=15)
def test_nothing_written_tells_of_the_program(log: list[dict[str, Any]]) -> None:
    for recorded in record(log):
        name, data = encode(recorded.event)
        for word in {name, *words_in(orjson.loads(data))}:
            assert not word.startswith("_")
            assert not word.endswith("_")
            assert not any(part in word for part in ("domain.", "event_store.", "__", type(recorded.event).__name__))


def test_a_filed_report_is_written_so() -> None:
    """The form of what is in stores already: a change here must come with a new name and a raise."""
    report = Report(
        "They came.",
        Occurred("2024-12-04..", 1733270400000000, None),
        Credibility.PROBABLE,
        claims=(
            Control(place="hama", forces=("hts",), effect=Effect.TAKES),
            Movement(forces=("hts",), from_="idlib", event="march"),
        ),
    )
    name, data = encode(ReportFiled("r1", report))
    assert name == "report-filed.v1"
    assert orjson.loads(data) == {
        "id": "r1",
        "report": {
            "text": "They came.",
            "occurred": {"text": "2024-12-04..", "earliest": 1733270400000000, "latest": None},
            "credibility": "probable",
            "claims": [
                {"kind": "control", "place": "hama", "forces": ["hts"], "effect": "takes"},
                {"kind": "movement", "event": "march", "forces": ["hts"], "from": "idlib"},
            ],
        },
    }


def test_a_place_and_an_alignment_are_written_so() -> None:
    place = Place("hama", "Hama", PlaceKind.CITY, aliases=("Hamah",), identifiers=(("geonames", "170017"),))
    assert orjson.loads(encode(PlaceRegistered(place))[1]) == {
        "place": {
            "id": "hama",
            "name": "Hama",
            "kind": "city",
            "aliases": ["Hamah"],
            "identifiers": {"geonames": "170017"},
        }
    }
    aligned = ForceAligned("hts", "opposition", None, Occurred("..5", BEGINNING, 5, (BEGINNING, None)))
    assert orjson.loads(encode(aligned)[1]) == {
        "force": "hts",
        "with": "opposition",
        "until": {"text": "..5", "earliest": None, "latest": 5, "core": [None, None]},
    }


# ---------------------------------------------------------------------------------------------------------------
# Older versions
# ---------------------------------------------------------------------------------------------------------------


def test_what_was_written_in_an_older_way_is_raised_step_by_step() -> None:
    raises = {
        "army-listed.v1": lambda data: ("force-registered.v0", {"id": data["code"]}),
        "force-registered.v0": lambda data: ("force-registered.v1", {"force": {**data, "name": data["id"]}}),
    }
    name, data = newest("army-listed.v1", {"code": "hts"}, raises)
    assert decode(name, orjson.dumps(data)) == ForceRegistered(Force("hts", "hts"))


def test_what_is_written_now_is_raised_to_nothing_else() -> None:
    assert newest("force-registered.v1", {"force": {}}) == ("force-registered.v1", {"force": {}})


def test_no_name_that_is_written_now_is_raised() -> None:
    for name in NAMES.values():
        assert newest(name, {})[0] == name


# ---------------------------------------------------------------------------------------------------------------
# What can't be read
# ---------------------------------------------------------------------------------------------------------------

FORCE = "force-registered.v1"
FILED = "report-filed.v1"
SHAPED = b'{"place":{"id":"a","name":"b","kind":"road","shape":{"type":"LineString","coordinates":[[1,2],[2,3.5]]}}}'


def test_a_shape_is_written_as_geojson() -> None:
    shape = Shape(ShapeKind.LINE, ((1.0, 2.0), (2.0, 3.5)))
    road = PlaceRegistered(Place("a", "b", PlaceKind.ROAD, shape=shape))
    name, data = encode(road)
    assert orjson.loads(data) == orjson.loads(SHAPED)
    assert decode(name, data) == decode(name, SHAPED) == road


def filed(**occurred: Any) -> bytes:
    whole = {"text": "2024", "earliest": 1, "latest": 2, **occurred}
    return orjson.dumps({"id": "r", "report": {"text": "t", "occurred": whole}})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("no-such-event.v1", b"{}"),
        ("", b"{}"),
        ("domain.events:ForceRegistered", b'{"force":{"id":"a","name":"b"}}'),
        (FORCE, b""),
        (FORCE, b"{"),
        (FORCE, b"\xff\xfe"),
        (FORCE, b"null"),
        (FORCE, b"[]"),
        (FORCE, b'"text"'),
        (FORCE, b"7"),
        (FORCE, b"{}"),
        (FORCE, b'{"force":null}'),
        (FORCE, b'{"force":{"id":"a"}}'),
        (FORCE, b'{"force":{"id":7,"name":"b"}}'),
        (FORCE, b'{"force":{"id":"a","name":null}}'),
        (FORCE, b'{"force":{"id":"a","name":"b","aliases":[7]}}'),
        (FORCE, b'{"force":{"id":"a","name":"b","rank":1}}'),
        (FORCE, b'{"force":{"id":"a","name":"b"},"rank":1}'),
        (FORCE, b'{"force":{"id":"a","name":"b","aliases":7}}'),
        ("place-registered.v1", b'{"place":{"id":"a","name":"b","kind":"moon"}}'),
        ("place-registered.v1", b'{"place":{"id":"a","name":"b","kind":"town","identifiers":[]}}'),
        ("place-registered.v1", b'{"place":{"id":"a","name":"b","kind":"town","location":{"lon":"east","lat":1}}}'),
        ("place-registered.v1", b'{"place":{"id":"a","name":"b","kind":"road","shape":7}}'),
        ("place-registered.v1", b'{"place":{"id":"a","name":"b","kind":"road","shape":{"type":"LineString"}}}'),
        ("place-registered.v1", SHAPED.replace(b"[2,3.5]", b"[2,93.5]")),
        ("place-registered.v1", SHAPED.replace(b"LineString", b"Point")),
        ("place-registered.v1", SHAPED.replace(b'"type"', b'"bbox":[],"type"')),
        ("report-assessed.v1", b'{"id":"r","credibility":"certain","reason":"x"}'),
        ("report-assessed.v1", b'{"id":"r","credibility":3,"reason":"x"}'),
        (FILED, filed(earliest=3)),
        (FILED, filed(earliest=None, latest=None)),
        (FILED, filed(earliest="now")),
        (FILED, filed(earliest="now", latest=None)),
        (FILED, filed(latest="now")),
        (FILED, filed(latest=1.5)),
        (FILED, filed(text=None)),
        (FILED, filed(core=5)),
        (FILED, filed(core=[1])),
        (FILED, filed(core=["a", "b"])),
        (FILED, filed(certain=True)),
        (FILED, b'{"id":"r","report":{"text":"t","occurred":{"text":"x","latest":2}}}'),
        (FILED, filed().replace(b'"text":"t"', b'"text":"t","claims":[{"kind":"rumour"}]')),
        (FILED, filed().replace(b'"text":"t"', b'"text":"t","claims":[{"place":"hama"}]')),
        (FILED, filed().replace(b'"text":"t"', b'"text":"t","claims":[7]')),
        (
            FILED,
            filed().replace(b'"text":"t"', b'"text":"t","claims":[{"kind":"presence","place":"a","forces":[],"x":1}]'),
        ),
    ],
)
def test_what_cannot_be_read_is_a_value_error_that_says_so(name: str, data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(name, data)


@given(name=st.sampled_from(sorted(NAMES.values())), data=st.binary(max_size=40))
def test_garbage_is_a_value_error(name: str, data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode(name, data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(log=logs(max_events=6), data=st.data())
@settings(max_examples=100)
def test_a_part_that_became_something_else_is_read_or_a_value_error(log: list[dict[str, Any]], data: Any) -> None:
    """Never another exception, whatever stands in the place of whatever part."""
    name, written = encode(data.draw(st.sampled_from(record(log))).event)
    whole = orjson.loads(written)
    part: Any = whole
    while True:
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.booleans()):
            break
        part = part[key]
    part[key] = data.draw(JSON)
    with suppress(ValueError):
        decode(name, orjson.dumps(whole))
