"""Durable appends in one process by 64 writers, each of whom waits for its append before the next.

The writers are the intake's kind: coroutines of one loop. What the peers write is the same, to the same disk, and all
wait for the disk at every commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time_ns

from benchmarks import library
from benchmarks.chronicle import Chronicle
from benchmarks.measure import Measure, Round
from benchmarks.postgres import new_database, postgres
from benchmarks.scale import Scale
from benchmarks.timing import rate
from domain.events import ReportFiled, stream_of
from event_store.codec import encode
from event_store.log import Log
from event_store.sqlite.database import Database
from event_store.sqlite.log import SQLiteLog
from event_store.sqlite.recorder import INSERT, create_table
from service.intake.landing import Landing

WRITERS = 64
THREADS = 16
_LIMIT_BATCH = 500


def clock() -> int:
    return time_ns() // 1000


def filings(scale: Scale, count: int) -> list[ReportFiled]:
    return list(islice(Chronicle(scale.small).filings(), count))


def append_all(log: Log, events: Sequence[ReportFiled]) -> None:
    left = iter(events)

    async def write(landing: Landing) -> None:
        for event in left:
            await landing.of(log.append(event, 1, at_once=False))

    async def write_all() -> None:
        landing = Landing(log.begin)
        await asyncio.gather(*(write(landing) for _ in range(WRITERS)))

    asyncio.run(write_all())
    if log.head() != len(events):
        raise AssertionError("an append is missing")


def ours(events: Sequence[ReportFiled], folder: Path) -> float:
    log = SQLiteLog(folder / "ours.db", clock)
    try:
        return rate(lambda: append_all(log, events), len(events))
    finally:
        log.close()


def beside_library(scale: Scale) -> Iterator[Round]:
    """The library's rate is the better one of 1 and 64 threads."""
    events = filings(scale, scale.appends)
    few = events[: len(events) // 4]
    for _ in range(scale.rounds):
        with TemporaryDirectory() as name:
            folder = Path(name)
            own = ours(events, folder)
            peer = max(_library(few, folder / f"library-{threads}.db", threads) for threads in (1, WRITERS))
            yield Round(own, peer)


def _library(events: Sequence[ReportFiled], path: Path, threads: int) -> float:
    return rate(lambda: library.save(events, library.on_sqlite(path), threads=threads), len(events))


def beside_limit(scale: Scale) -> Iterator[Round]:
    """The same rows, ready, into the same table: what SQLite takes by itself."""
    events = filings(scale, scale.appends)
    rows = [(stream_of(event), 1, *encode(event), clock(), bytes(16)) for event in events]
    for _ in range(scale.rounds):
        with TemporaryDirectory() as name:
            folder = Path(name)
            own = ours(events, folder)
            database = Database(folder / "limit.db", create_table, create=True)
            try:
                yield Round(own, rate(lambda: _put(database, rows), len(rows)))  # noqa: B023 - called at once
            finally:
                database.close()


def _put(database: Database, rows: Sequence[tuple[object, ...]]) -> None:
    for start in range(0, len(rows), _LIMIT_BATCH):
        with database.writing() as cursor:
            cursor.executemany(INSERT, rows[start : start + _LIMIT_BATCH])


def on_postgres(scale: Scale) -> Iterator[Round]:
    """The library's rate is that of 16 threads, each with a connection."""
    from event_store.postgres.log import PostgresLog

    events = filings(scale, scale.appends)
    few = events[: len(events) // 4]
    with postgres() as url:
        for _ in range(scale.rounds):
            log = PostgresLog(new_database(url, "ours"), clock)
            try:
                own = rate(lambda: append_all(log, events), len(events))  # noqa: B023 - called at once
            finally:
                log.close()
            environment = library.on_postgres(new_database(url, "library"), THREADS)
            peer = rate(lambda: library.save(few, environment, threads=THREADS), len(few))  # noqa: B023
            yield Round(own, peer)


def _size(scale: Scale) -> str:
    return f"{scale.appends:,} reports"


MEASURES = (
    Measure(
        "appends",
        f"durable appends in process, {WRITERS} writers, SQLite",
        "the eventsourcing library, one `save` per commit",
        "events/s",
        10,
        beside_library,
        size=_size,
    ),
    Measure(
        "appends-limit",
        f"durable appends in process, {WRITERS} writers, SQLite",
        f"`executemany` of the same rows, {_LIMIT_BATCH} a transaction",
        "events/s",
        0.5,
        beside_limit,
        size=_size,
    ),
    Measure(
        "appends-postgres",
        f"durable appends in process, {WRITERS} writers, PostgreSQL",
        f"the eventsourcing library, one `save` per commit, {THREADS} threads",
        "events/s",
        15,
        on_postgres,
        size=_size,
    ),
)
