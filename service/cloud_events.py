"""Events as CloudEvents 1.0 in structured JSON, and back: how the log leaves the house and comes in again.

Nothing is lost on the way: `recorded_event(cloud_event(recorded)) == recorded`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from domain.events import Recorded, stream_of
from domain.faults import Fault, Wrong
from domain.when.instant import of_text, text
from event_store.codec import NAMES, decode, encode

Json = dict[str, Any]

SPEC_VERSION = "1.0"
SOURCE = "/v1/events"
"""Relative, so that it is the same wherever a log is kept."""
JSON = "application/json"

ATTRIBUTES: dict[str, type] = {
    "specversion": str,
    "id": str,
    "source": str,
    "type": str,
    "subject": str,
    "time": str,
    "recordedtime": str,
    "sequence": str,
    "streamversion": int,
    "datacontenttype": str,
    "data": dict,
}
"""Every attribute, all of them required. `recordedtime`, `sequence` and `streamversion` are extensions."""

_WINDOW = {"text", "earliest", "latest"}


def cloud_event(recorded: Recorded) -> Json:
    """The event, its position as `id` and (of 20 digits, which sort as text) as `sequence`."""
    name, data = encode(recorded.event)
    time = text(recorded.recorded_at)
    return {
        "specversion": SPEC_VERSION,
        "id": str(recorded.position),
        "source": SOURCE,
        "type": name,
        "subject": recorded.stream,
        "time": time,
        "recordedtime": time,
        "sequence": _sequence(recorded.position),
        "streamversion": recorded.version,
        "datacontenttype": JSON,
        "data": _each_instant(orjson.loads(data), text),
    }


def recorded_event(body: Json) -> Recorded:
    """The event again. Raises Fault with the place of what can't be read, or is not as `cloud_event` writes it."""
    _check_attributes(body)
    position = _number(body["id"])
    _must_be(body, "sequence", _sequence(position))
    recorded_at = _instant(body["time"], "time")
    _must_be(body, "recordedtime", body["time"])
    if body["streamversion"] < 1:
        raise Wrong("versions begin at 1", ("streamversion",))
    data = _instants_in(body["data"])
    try:
        event = decode(body["type"], orjson.dumps(data))
    except (ValueError, TypeError) as error:  # TypeError is of a number that is too large
        raise Wrong(str(error), ("data",) if body["type"] in NAMES.values() else ("type",)) from error
    name, written = encode(event)
    if name == body["type"] and orjson.loads(written) != data:
        raise Wrong("the data is not as an event is written", ("data",))
    _must_be(body, "subject", stream_of(event))
    return Recorded(position, recorded_at, body["subject"], body["streamversion"], event)


def _check_attributes(body: Json) -> None:
    for name in body:
        if name not in ATTRIBUTES:
            raise Wrong("an event has no such attribute", (name,))
    for name, kind in ATTRIBUTES.items():
        if name not in body:
            raise Wrong("this attribute is missing", (name,))
        if type(body[name]) is not kind:
            raise Wrong(f"this must be {_KINDS[kind]}", (name,))
    for name, value in (("specversion", SPEC_VERSION), ("source", SOURCE), ("datacontenttype", JSON)):
        _must_be(body, name, value)


_KINDS = {str: "a text", int: "a whole number", dict: "an object"}


def _must_be(body: Json, name: str, value: str) -> None:
    if body[name] != value:
        raise Wrong(f"this must be {value!r}, and is {body[name]!r}", (name,))


def _sequence(position: int) -> str:
    return f"{position:020}"


def _number(id: str) -> int:
    if not (id.isascii() and id.isdigit() and id[0] != "0" and len(id) < 19):
        raise Wrong(f"{id!r} is no position of a log", ("id",))
    return int(id)


def _instant(value: Any, *place: str | int) -> int:
    try:
        return of_text(value)
    except Fault as fault:
        raise fault.under(*place) from None


def _instants_in(data: Json) -> Any:
    """The data with every instant as a number again. Raises Fault with its place."""
    try:
        return _each_instant(data, _instant)
    except Fault as fault:
        raise fault.under("data") from None


def _each_instant(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every instant in it changed: those of windows. An open end stays None."""
    if isinstance(value, list):
        return [_step(each, i, change) for i, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if not value.keys() >= _WINDOW:
        return {  # identifiers are anybody's names, and hold no window
            name: each if name == "identifiers" else _step(each, name, change) for name, each in value.items()
        }
    changed = {name: _step_or_none(value[name], name, change) for name in ("earliest", "latest")}
    if isinstance(value.get("core"), list):
        changed["core"] = [_step_or_none(each, i, change, "core") for i, each in enumerate(value["core"])]
    return {**value, **changed}


def _step(value: Any, place: str | int, change: Callable[[Any], Any]) -> Any:
    try:
        return _each_instant(value, change)
    except Fault as fault:
        raise fault.under(place) from None


def _step_or_none(value: Any, place: str | int, change: Callable[[Any], Any], *outer: str) -> Any:
    if value is None:
        return None
    try:
        return change(value)
    except Fault as fault:
        raise fault.under(*outer, place) from None
