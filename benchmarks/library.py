"""The bare library as its own pages use it: an application that saves events through its mapper, so many a commit.

The events are its own kind, each with the same content as ours; they are saved without an aggregate around them, which
is the quicker of its two ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent

from domain.events import ReportFiled
from event_store.codec import encode


def on_sqlite(path: Path) -> dict[str, str]:
    return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}


def on_postgres(url: str, threads: int) -> dict[str, str]:
    address = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": address.path.removeprefix("/"),
        "POSTGRES_HOST": parse_qs(address.query)["host"][0],
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": address.username or "postgres",
        "POSTGRES_PASSWORD": "",
        "POSTGRES_POOL_SIZE": str(threads),
    }


@dataclass(frozen=True)
class Filed(DomainEvent):
    """A report filed, as a domain event of the library's."""

    report: dict[str, Any]


def save(events: Sequence[ReportFiled], environment: dict[str, str], *, threads: int = 1, at_a_time: int = 1) -> None:
    """Save them all, so many a commit."""
    batches = [events[start : start + at_a_time] for start in range(0, len(events), at_a_time)]
    with closing(Application[UUID](environment)) as application, ThreadPoolExecutor(threads) as pool:

        def save_batch(batch: Iterable[ReportFiled]) -> None:
            application.save(*[_filed(event) for event in batch])

        for _ in pool.map(save_batch, batches):
            pass


def _filed(event: ReportFiled) -> Filed:
    content = orjson.loads(encode(event)[1])
    return Filed(originator_id=uuid4(), originator_version=1, timestamp=datetime.now(UTC), report=content["report"])
