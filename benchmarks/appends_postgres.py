"""Durable appends on PostgreSQL in one process: ours with 16 writers, beside one `save` per commit of the bare library.

Both write the same events to one server with its durable defaults, each to a database of its own, in the same run, in
turn. The library is spared its own mapper: what it stores comes ready encoded, as ours does. It saves from 16 threads.
The server is the one that the tests start.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter, time_ns

from eventsourcing.application import Application
from eventsourcing.persistence import StoredEvent
from postgres import PostgresServer, started

from benchmarks.reports import reports
from domain.events import ReportFiled
from event_store.codec import encode
from event_store.postgres.log import PostgresLog

WRITERS = 16
Measure = Callable[[Sequence[ReportFiled], PostgresServer], float]


def ours(events: Sequence[ReportFiled], server: PostgresServer) -> float:
    """16 writers, each waiting for its append before the next; the rate."""
    log = PostgresLog(server.new_database(), lambda: time_ns() // 1000)
    left = iter(events)

    async def write() -> None:
        for event in left:
            await asyncio.wrap_future(log.append(event, 1))

    async def write_all() -> None:
        await asyncio.gather(*(write() for _ in range(WRITERS)))

    start = perf_counter()
    asyncio.run(write_all())
    seconds = perf_counter() - start
    if log.head() != len(events) or log.tree.size() != len(events):
        raise AssertionError("an append is missing")
    log.close()
    return len(events) / seconds


def library(events: Sequence[ReportFiled], server: PostgresServer) -> float:
    """The library's recorder as an application uses it: one `save` per commit; the rate."""
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": server.new_database().rpartition("/")[2],
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PORT": str(server.port),
        "POSTGRES_USER": "postgres",
        "POSTGRES_PASSWORD": "",
        "POSTGRES_POOL_SIZE": str(WRITERS),
        "ORIGINATOR_ID_TYPE": "text",
    }
    application = Application[str](environment)

    def save(event: ReportFiled) -> None:
        name, data = encode(event)
        application.recorder.insert_events([StoredEvent(f"report:{event.id}", 1, name, data)])

    start = perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        for _ in pool.map(save, events):
            pass
    seconds = perf_counter() - start
    if application.recorder.max_notification_id() != len(events):
        raise AssertionError("a save is missing")
    application.close()
    return len(events) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--events", type=int, default=4000)
    arguments = parser.parse_args()
    few, many = list(reports(arguments.events // 4)), list(reports(arguments.events))
    ratios = []
    with started({}) as server:
        for _ in range(arguments.rounds):
            peer, own = library(few, server), ours(many, server)
            ratios.append(own / peer)
            print(f"ours: {own:.0f}/s; the library, a commit each: {peer:.0f}/s; {own / peer:.1f} times")
    print(f"median of {arguments.rounds} rounds: {median(ratios):.1f} times")


if __name__ == "__main__":
    main()
