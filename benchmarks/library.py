"""The bare library: its own recorder as an application of it has one, on SQLite or PostgreSQL.

It is spared its mapper: what it stores comes ready encoded, as what we store does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from eventsourcing.application import Application
from eventsourcing.persistence import StoredEvent

from domain.events import ReportFiled, stream_of
from event_store.codec import encode


def on_sqlite(path: Path) -> dict[str, str]:
    return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path), "ORIGINATOR_ID_TYPE": "text"}


def save(events: Sequence[ReportFiled], environment: dict[str, str], *, threads: int = 1, at_a_time: int = 1) -> None:
    """Save them all, so many a commit."""
    batches = [events[start : start + at_a_time] for start in range(0, len(events), at_a_time)]
    with closing(Application[str](environment)) as application, ThreadPoolExecutor(threads) as pool:

        def insert(batch: Iterable[ReportFiled]) -> None:
            application.recorder.insert_events([_stored(event) for event in batch])

        for _ in pool.map(insert, batches):
            pass


def _stored(event: ReportFiled) -> StoredEvent:
    name, data = encode(event)
    return StoredEvent(stream_of(event), 1, name, data)
