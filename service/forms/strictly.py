"""JSON, read strictly: no lone surrogates, no NaN, no name twice, nothing too deep."""

from __future__ import annotations

import json
from typing import Any

import orjson

from domain.faults import Unreadable
from service.forms.texts import MAX_DEPTH


def read_strictly(body: bytes) -> Any:
    """Read JSON. Raises orjson's JSONDecodeError, and Unreadable for what is too deep or has a name twice."""
    found = orjson.loads(body)
    if not _is_plain(body, found):
        _check_depth(found)
        _NAMES.decode(body.decode())
    return found


def _is_plain(body: bytes, found: Any) -> bool:
    """Whether it surely has no name twice, and too few brackets to be too deep: most have, and this is soon seen.

    A name that stands twice is lost in what was found, and with it the quotation marks around it.
    """
    return (
        body.count(b"{") + body.count(b"[") <= MAX_DEPTH
        and b"\\u0022" not in body  # the other way to write a quotation mark within a text
        and body.count(b'"') == orjson.dumps(found).count(b'"')
    )


def _check_depth(value: Any) -> None:
    """Level by level, for whoever goes into it by recursion later could fail."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise Unreadable(f"is nested deeper than {MAX_DEPTH} levels", 0)


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) == len(pairs):
        return
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise Unreadable(f"has an object with {name!r} twice", 0)
        seen.add(name)


_NAMES = json.JSONDecoder(object_pairs_hook=_once)
"""Only to see every name: orjson keeps the last of two that are the same."""
