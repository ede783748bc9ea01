"""What of an event is a leaf of the log's tree; docs/verifying.md says it for those who build it themselves.

The leaf is the event's CloudEvent in canonical JSON (RFC 8785), with every part that may have to be erased one day
replaced by a salted digest of it: then the part can go and the leaf stay. Without the salt nobody can find out a part
by trying, so with the part its salt has to go; each part has its own, so that the others need not go with it.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha256
from typing import Any

import orjson

from event_store.entry import Entry, Json, cloud_event
from event_store.merkle.hashing import leaf_hash

SALT_SIZE = 16  # bytes

OF_SOURCES = frozenset({"citation", "url"})
OF_CLAIMS = frozenset(
    {"persons", "led_by", "with", "terms", "name", "objective", "operation", "cause", "intensity"},
)
"""The fields of a report's sources and claims that hold anybody's own words, and so may hold a person's name."""


def hash_of(entry: Entry) -> bytes:
    """The hash of an entry's leaf. Raises ValueError for a row that no event of ours makes."""
    try:
        return leaf_hash(leaf(entry))
    except (TypeError, AttributeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def leaf(entry: Entry) -> bytes:
    event = cloud_event(entry)
    if isinstance(event.get("data"), dict):
        event["data"] = _sealed(event["data"], entry.salt)
    if _is_plain(event):
        return orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
    return orjson.dumps(_canonical(event))


def _sealed(data: Json, salt: bytes) -> Json:
    """The data with its erasable parts sealed: a reason, a report's text, the free words of its sources and claims."""
    sealed = dict(data)
    if "reason" in data:
        sealed["reason"] = _seal(data["reason"], salt, "/reason")
    if "report" in data:
        report = sealed["report"] = {**data["report"]}
        report["text"] = _seal(report["text"], salt, "/report/text")
        for name, erasable in (("sources", OF_SOURCES), ("claims", OF_CLAIMS)):
            if name in report:
                report[name] = [
                    {
                        field: _seal(value, salt, f"/report/{name}/{i}/{field}") if field in erasable else value
                        for field, value in each.items()
                    }
                    for i, each in enumerate(report[name])
                ]
    return sealed


def _seal(part: Any, salt: bytes, pointer: str) -> Any:
    """SHA-256 over the part's own salt and its UTF-8, in base64; of a list, each. `pointer` says where in the data."""
    if isinstance(part, list):
        return [_seal(each, salt, f"{pointer}/{i}") for i, each in enumerate(part)]
    own = hmac.digest(salt, pointer.encode(), "sha256")[:SALT_SIZE]
    return b64encode(sha256(own + part.encode()).digest()).decode()


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
