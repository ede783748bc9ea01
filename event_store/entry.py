"""A row of the log as it stands in the store, unread, and the CloudEvent that it is outside."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, NamedTuple

import orjson

from domain.when.instant import text
from event_store.instants import each_instant

Json = dict[str, Any]

SPEC_VERSION = "1.0"
SOURCE = "/v1/events"
"""Relative, so that it is the same wherever a log is kept."""
JSON = "application/json"


class Entry(NamedTuple):
    """`recorded_at` is an instant, `data` JSON as the codec wrote it, `salt` seals its erasable parts.

    Once some of these are erased, `salt` has the salts of those that are left (event_store/salts.py).
    """

    position: int
    recorded_at: int
    stream: str
    version: int
    name: str
    data: bytes
    salt: bytes


Row = tuple[int, int, int, str, bytes]
"""The same without its stream and its salt, and without names for its parts: for whoever reads very many."""


def cloud_event(entry: Entry) -> Json:
    """The event in the form of docs/events.md, without its salt. Raises ValueError or TypeError for a row that is none.

    Data that is no JSON, which only others than us would append, is a text in `data_base64`.
    """
    time = text(entry.recorded_at)
    return {
        "specversion": SPEC_VERSION,
        "id": str(entry.position),
        "source": SOURCE,
        "type": entry.name,
        "subject": entry.stream,
        "time": time,
        "recordedtime": time,
        "sequence": sequence(entry.position),
        "streamversion": entry.version,
        "datacontenttype": JSON,
        **_data(entry.data),
    }


def sequence(position: int) -> str:
    """Of 20 digits, so that texts sort as positions do."""
    return f"{position:020}"


def _data(data: bytes) -> Json:
    try:
        return {"data": each_instant(orjson.loads(data), text)}
    except orjson.JSONDecodeError:
        return {"data_base64": b64encode(data).decode()}
