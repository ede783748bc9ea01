"""Events as CloudEvents 1.0 in structured JSON, and back: how the log leaves the house and comes in again.

Nothing is lost on the way: `recorded_event(cloud_event(recorded)) == recorded`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import orjson

from domain.events import Recorded, has_redacted, stream_of
from domain.faults import Fault, Wrong
from domain.when.instant import of_text
from event_store.codec import NAMES, decode, encode
from event_store.entry import JSON, SOURCE, SPEC_VERSION, Entry, Json, sequence
from event_store.entry import cloud_event as event_of_entry
from event_store.instants import each_instant
from event_store.leaf import hash_of
from event_store.salts import SALT_SIZE, in_one_form

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
"""Every attribute that must be there. `recordedtime`, `sequence` and `streamversion` are extensions."""

SALT = "salt"
"""One more extension: what the log's tree seals the event's erasable parts with, in base64. A log may come without."""
SALTS = "salts"
"""In its place, once parts are erased: the salts of those that are left, by their pointers, as JSON in a text."""


def cloud_event(recorded: Recorded) -> Json:
    """The event, its position as `id` and (of 20 digits, which sort as text) as `sequence`."""
    event = event_of_entry(entry_of(recorded))
    return event | _salt_out(recorded.salt)


def entry_of(recorded: Recorded) -> Entry:
    """The entry as it stands, or would stand, in a store."""
    name, data = encode(recorded.event)
    return Entry(recorded.position, recorded.recorded_at, recorded.stream, recorded.version, name, data, recorded.salt)


def _salt_out(salt: bytes) -> Json:
    if not salt:
        return {}
    return {SALT: b64encode(salt).decode()} if len(salt) == SALT_SIZE else {SALTS: salt.decode()}


def recorded_event(body: Json) -> Recorded:
    """The event again. Raises Fault with the place of what can't be read, or is not as `cloud_event` writes it."""
    _check_attributes(body)
    position = _number(body["id"])
    _must_be(body, "sequence", sequence(position))
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
    recorded = Recorded(position, recorded_at, body["subject"], body["streamversion"], event, _salt(body))
    if has_redacted(event) or SALTS in body:
        _check_redacted(recorded)
    return recorded


def _check_redacted(recorded: Recorded) -> None:
    """Raise Wrong where what is erased, what is left, and the salts of that do not go together."""
    if not recorded.salt:
        raise Wrong("parts of it are redacted: the salts of those that are left are missing", (SALTS,))
    try:
        hash_of(entry_of(recorded))
    except ValueError as error:
        raise Wrong(str(error), (SALTS,)) from None


def _check_attributes(body: Json) -> None:
    for name in body:
        if name not in ATTRIBUTES and name not in (SALT, SALTS):
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


def _salt(body: Json) -> bytes:
    if SALTS in body:
        return _salts(body)
    if SALT not in body:
        return b""
    try:
        salt = b64decode(body[SALT], validate=True)
    except (TypeError, ValueError):
        salt = b""
    if len(salt) != SALT_SIZE:
        raise Wrong(f"this must be {SALT_SIZE} bytes in base64", (SALT,))
    return salt


def _salts(body: Json) -> bytes:
    if SALT in body:
        raise Wrong("an event has a salt, or the salts of the parts that are left", (SALTS,))
    try:
        salts = in_one_form(body[SALTS])
    except (TypeError, ValueError, AttributeError) as error:
        raise Wrong(f"these are no salts of parts: {error}", (SALTS,)) from None
    if salts.decode() != body[SALTS]:
        raise Wrong("the salts are not as they are written: names in order, no spaces", (SALTS,))
    return salts


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
        return each_instant(data, _instant)
    except Fault as fault:
        raise fault.under("data") from None
