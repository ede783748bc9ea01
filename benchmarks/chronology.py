"""The chronology's tables: how fast they fill, beside the bare rows, and how long a page of reports takes.

The peer puts the same rows into the same tables with `executemany`, in transactions as large, and does nothing else:
what the chronology takes longer is to work out what a report is found by. Both wait for the disk at every commit.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.reports import registrations, reports
from domain.events import Event, Recorded, stream_of
from domain.when.instant import DAY
from event_store.log import PAGE
from event_store.sqlite.database import Database
from event_store.sqlite.recorder import create_table
from projections.chronology import filling, tables
from projections.chronology.chronology import Chronology
from projections.chronology.engine import Engine, engine_on
from projections.chronology.search import find
from projections.chronology.wanted import Wanted
from projections.chronology.words import query

NOW = 1_733_500_000_000_000


def recorded(events: Sequence[Event]) -> list[Recorded]:
    return [Recorded(i, NOW + i, stream_of(event), 1, event) for i, event in enumerate(events, 1)]


def batches(events: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (events[start : start + PAGE] for start in range(0, len(events), PAGE))


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def fill(chronology: Chronology, events: Sequence[Recorded]) -> None:
    for batch in batches(events):
        chronology.apply(batch)


def rows_of(events: Sequence[Recorded]) -> list[filling.Rows]:
    """The rows of each batch, ready."""
    things = filling.Things(lambda _: ())
    found = []
    for batch in batches(events):
        rows = filling.Rows({})
        for recorded, brings in filling.worked_out(batch, things):
            rows.take(recorded, brings)
        found.append(rows)
    return found


def put(engine: Engine, found: Sequence[filling.Rows]) -> None:
    with engine.writing() as cursor:
        tables.create(engine, cursor)
    for rows in found:
        with engine.writing() as cursor:
            rows.put(engine, cursor)


FILTERS = {
    "none": Wanted(),
    "a place (1 in 500)": Wanted(place="place-7"),
    "a region (all)": Wanted(place="country"),
    "a force (1 in 7)": Wanted(forces=frozenset({"force-3"})),
    "seven forces": Wanted(forces=frozenset(f"force-{i}" for i in range(7))),
    "a source (1 in 20)": Wanted(source="source-3"),
    "a kind (all)": Wanted(kind="control"),
    "a kind (none)": Wanted(kind="strike"),
    "a day (1 in 28)": Wanted(start=NOW // DAY * DAY - 3 * DAY, end=NOW // DAY * DAY - 2 * DAY),
    "a year before": Wanted(end=NOW - 365 * DAY),
    "words (all)": Wanted(query=query("fighting night")),
    "words (1 in 500)": Wanted(query=query('"place 499"')),
    "beginnings (all)": Wanted(query=query("fight*")),
    "words, place and force (none)": Wanted("place-7", frozenset({"force-5"}), query=query("fighting")),
    "place, source and day": Wanted("place-7", source="source-7", start=NOW - 30 * DAY, end=NOW),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    count = parser.parse_args().reports
    events = recorded([*registrations(), *reports(count)])
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "ours.db", create_table, create=True)
        chronology = Chronology(database)
        chronology.empty()
        own = seconds(lambda: fill(chronology, events))
        peer_database = Database(Path(folder) / "peer.db", create_table, create=True)
        rows, engine = rows_of(events), engine_on(database)
        peer = seconds(lambda: put(engine_on(peer_database), rows))
        size = sum(each.stat().st_size for each in Path(folder).glob("ours.db*")) / count
        print(f"{count} reports: {count / own:.0f}/s; the bare rows: {count / peer:.0f}/s; {size:.0f} bytes each")
        for name, wanted in FILTERS.items():
            for known_at, when in ((len(events), "now"), (len(events) // 2, "as known halfway")):
                with engine.reading() as cursor:
                    took = [seconds(lambda: find(engine, cursor, wanted, known_at, None, 51)) for _ in range(5)]  # noqa: B023
                    found = len(find(engine, cursor, wanted, known_at, None, 51))
                print(f"  {name + ', ' + when:50} {found:3} found, {1000 * median(took):7.2f} ms")
        database.close()
        peer_database.close()


if __name__ == "__main__":
    main()
