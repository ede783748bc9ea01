"""Durable appends in one process: ours with 64 writers, beside one `save` per commit of the bare library.

Both write the same events to SQLite on the same disk in the same run, in turn, and both wait for the disk at every
commit (`synchronous=FULL`). The library is spared its own mapper: what it stores comes ready encoded, as ours does. Its
rate is the better one of 1 and 64 threads.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, time_ns

from eventsourcing.application import Application
from eventsourcing.persistence import StoredEvent

from benchmarks.reports import reports
from domain.events import ReportFiled
from event_store.codec import encode
from event_store.sqlite.log import SQLiteLog

WRITERS = 64
Measure = Callable[[Sequence[ReportFiled], Path], None]


def ours(events: Sequence[ReportFiled], folder: Path) -> None:
    """64 writers, each waiting for its append before the next."""
    log = SQLiteLog(folder / "ours.db", lambda: time_ns() // 1000)
    left = iter(events)

    async def write() -> None:
        for event in left:
            await asyncio.wrap_future(log.append(event, 1))

    async def write_all() -> None:
        await asyncio.gather(*(write() for _ in range(WRITERS)))

    asyncio.run(write_all())
    if log.head() != len(events):
        raise AssertionError("an append is missing")
    log.close()


def library(threads: int) -> Measure:
    """The library's recorder as an application uses it: one `save` per commit."""

    def measure(events: Sequence[ReportFiled], folder: Path) -> None:
        environment = {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(folder / f"library-{threads}.db"),
            "ORIGINATOR_ID_TYPE": "text",
        }
        application = Application[str](environment)

        def save(event: ReportFiled) -> None:
            name, data = encode(event)
            application.recorder.insert_events([StoredEvent(f"report:{event.id}", 1, name, data)])

        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(save, events):
                pass

    return measure


def rate(measure: Measure, events: Sequence[ReportFiled]) -> float:
    with TemporaryDirectory() as folder:
        start = perf_counter()
        measure(events, Path(folder))
        return len(events) / (perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--events", type=int, default=4000)
    arguments = parser.parse_args()
    few, many = list(reports(arguments.events // 4)), list(reports(arguments.events))
    ratios = []
    for _ in range(arguments.rounds):
        peer = max(rate(library(1), few), rate(library(WRITERS), few))
        own = rate(ours, many)
        ratios.append(own / peer)
        print(f"ours, {WRITERS} writers: {own:.0f}/s; the library, a commit each: {peer:.0f}/s; {own / peer:.1f} times")
    print(f"median of {arguments.rounds} rounds: {median(ratios):.1f} times")


if __name__ == "__main__":
    main()
