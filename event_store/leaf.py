"""What of an event is a leaf of the log's tree; docs/verifying.md says it for those who build it themselves.

The leaf is the event's CloudEvent in canonical JSON (RFC 8785), with every part that may have to be erased one day
replaced by a salted digest of it: then the part can go and the leaf stay. Without the salt nobody can find out a part
by trying, so with the part its salt has to go; each part has its own, so that the others need not go with it.
"""

from __future__ import annotations

from typing import Any

import orjson

from domain.when.instant import text
from event_store.entry import JSON, SOURCE, SPEC_VERSION, Entry, Json, cloud_event
from event_store.instants import each_instant
from event_store.merkle.hashing import leaf_hash
from event_store.parts import REDACTED, each_part
from event_store.salts import Salts, seal


def hash_of(entry: Entry) -> bytes:
    """The hash of an entry's leaf. Raises ValueError for a row that no event of ours makes."""
    try:
        return leaf_hash(leaf(entry))
    except (TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def leaf(entry: Entry) -> bytes:
    event = cloud_event(entry)
    if isinstance(event.get("data"), dict):
        event["data"] = _sealed(event["data"], entry.salt)
    return _written(event)


def sealed_data(data: Json, salt: bytes) -> bytes:
    """What the leaf has of an event's data. Raises ValueError for what no event of ours has."""
    try:
        return _written(_sealed(each_instant(data, text), salt))
    except (TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ValueError(str(error)) from error


_FRAME = (
    f'{{"data":%b,"datacontenttype":"{JSON}","id":"%d","recordedtime":"%b","sequence":"%020d","source":"{SOURCE}",'
    f'"specversion":"{SPEC_VERSION}","streamversion":%d,"subject":%b,"time":"%b","type":%b}}'
).encode()


def framed(sealed: bytes, position: int, recorded_at: int, stream: str, version: int, name: str) -> bytes:
    """The leaf whose data is sealed already: what `leaf` writes of the entry at that place."""
    time = text(recorded_at).encode()
    place = (position, time, position, version, orjson.dumps(stream), time, orjson.dumps(name))
    return _FRAME % (sealed, *place)


def _written(value: Json) -> bytes:
    """In canonical JSON."""
    if _is_plain(value):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return orjson.dumps(_canonical(value))


def _sealed(data: Json, salt: bytes) -> Json:
    """The data with a digest in the place of each erasable part. Of an erased one there is nothing else.

    Raises ValueError for salts that do not fit: one is missing, or one is left of what is erased.
    """
    salts, gone = Salts(salt), False

    def change(pointer: str, part: Any) -> str:
        nonlocal gone
        if isinstance(part, dict):
            gone = True
            return _digest(part)
        return seal(part, salts.take(pointer))

    sealed = each_part(data, change)
    if gone or not salts.whole:
        salts.check_gone()
    return sealed


def _digest(part: Json) -> str:
    digest = part[REDACTED] if part.keys() == {REDACTED} else None
    if not isinstance(digest, str):
        raise ValueError("what stands in the place of words is no digest")
    return digest


def _is_plain(value: Any) -> bool:
    """Whether orjson itself writes it in canonical JSON: every name is ASCII, and no number has a fraction."""
    if isinstance(value, dict):
        if not "".join(value).isascii():
            return False
        value = value.values()
    for each in value:
        kind = type(each)
        if kind is float or ((kind is dict or kind is list) and not _is_plain(each)):
            return False
    return True


def _canonical(value: Any) -> Any:
    """The value as orjson has to be given it for canonical JSON: names in their order, numbers in their form."""
    if isinstance(value, dict):
        return {name: _within(value[name]) for name in _in_order(value)}
    if isinstance(value, list):
        return [_within(each) for each in value]
    return orjson.Fragment(number(value))


def _within(value: Any) -> Any:
    return _canonical(value) if isinstance(value, dict | list | float) else value


def _in_order(names: Json) -> list[str]:
    """By UTF-16 code units, which for ASCII, as all of ours are, is how Python sorts."""
    return sorted(names) if "".join(names).isascii() else sorted(names, key=lambda name: name.encode("utf-16-be"))


def number(value: float) -> str:
    """As ECMAScript writes it (RFC 8785 §3.2.2.3): no exponent from 1e-6 up to, not including, 1e21."""
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    digits, _, exponent = repr(value).partition("e")
    if not exponent:
        return digits
    if int(exponent) < -6 or int(exponent) > 0:
        return f"{digits}e{int(exponent):+}"
    sign = "-" if value < 0 else ""
    return f"{sign}0.{'0' * (-int(exponent) - 1)}{digits.lstrip('-').replace('.', '')}"
