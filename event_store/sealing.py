"""The data of a new event as its leaf has it, made in one pass of the values that the codec has at hand.

It is what event_store/leaf.py makes of the data that was written, which need not be read again: reports are most of
what is ever appended. tests/test_sealing.py holds the one to the other.
"""

from __future__ import annotations

from typing import Any

import orjson

from domain.when.instant import text
from event_store.entry import Json
from event_store.leaf import sealed_data
from event_store.parts import OF_CLAIMS, OF_SOURCES
from event_store.salts import Seal, sealing


def sealed(values: Json, salt: bytes) -> bytes:
    """Canonical JSON, with a digest in the place of each erasable part; the values are changed to it.

    Raises ValueError for words that are erased already, or an instant beyond the calendar.
    """
    if "report" not in values:
        return sealed_data(orjson.loads(orjson.dumps(values)), salt)
    try:
        _seal(values, sealing(salt))
    except (AttributeError, OverflowError) as error:
        raise ValueError(f"there is no leaf of it: {error}") from error
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)  # no number in it has a fraction, every name is ASCII


def _seal(values: Json, seal: Seal) -> None:
    report = values["report"]
    if "reason" in values:
        values["reason"] = seal("/reason", values["reason"])
    report["text"] = seal("/report/text", report["text"])
    _tell(report["occurred"])
    for i, source in enumerate(report.get("sources", ())):
        if not OF_SOURCES.isdisjoint(source):
            _seal_fields(source, OF_SOURCES, f"/report/sources/{i}/", seal)
        if "published" in source:
            _tell(source["published"])
    for i, claim in enumerate(report.get("claims", ())):
        if not OF_CLAIMS.isdisjoint(claim):
            _seal_fields(claim, OF_CLAIMS, f"/report/claims/{i}/", seal)
        if "occurred" in claim:
            _tell(claim["occurred"])


def _seal_fields(values: Json, erasable: frozenset[str], under: str, seal: Seal) -> None:
    for name, part in values.items():
        if name in erasable:
            if isinstance(part, str):
                values[name] = seal(under + name, part)
            else:
                values[name] = [seal(f"{under}{name}/{i}", each) for i, each in enumerate(part)]


def _tell(window: dict[str, Any]) -> None:
    """A window's instants as texts; an open end stays None."""
    if window["earliest"] is not None:
        window["earliest"] = text(window["earliest"])
    if window["latest"] is not None:
        window["latest"] = text(window["latest"])
    if "core" in window:
        window["core"] = [None if each is None else text(each) for each in window["core"]]
