"""What a report takes on each engine, in bytes and in time, at a few sizes: the slopes that docs/scale.md goes by.

Time is that of this process on its core: neither waits nor what a database does in processes of its own.

python -m benchmarks.slopes 10000 30000 100000
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import psycopg

from benchmarks.chronicle import END, Chronicle
from benchmarks.shape import Shape
from domain.claims import Control
from domain.events import Recorded, ReportCorrected, ReportFiled
from event_store.log import Log, read_all
from service.snapshots import Snapshots, take
from service.store import StoredLog, open_log
from service.wiring import build_projections, catch_up, open_chronology

_AT_A_TIME = 1000
_PARTS = {
    "log": ("stored_events",),
    "tree": ("tree",),
    "tables": ("chronology_",),
}
_SIZES = """
SELECT c.relname, pg_relation_size(c.oid) + coalesce(pg_relation_size(c.reltoastrelid), 0), pg_indexes_size(c.oid)
FROM pg_class c WHERE c.relnamespace = 'chronology'::regnamespace AND c.relkind = 'r'
"""


def main(reports: int, address: str) -> None:
    chronicle = Chronicle(Shape(reports))
    log = open_log(address, lambda: END, create=True)
    engine = log.database.dialect
    try:
        _tell(engine, reports, "restore", _rate(lambda: _fill(log, chronicle), log), "events/s")
        chronology = open_chronology(log)
        chronology.prepare(log.head)
        _tell(engine, reports, "tables", _rate(lambda: catch_up(chronology, log), log), "events/s")
        sizes = _in_sqlite(address) if engine == "sqlite" else _in_postgres(address)
        for name, size in _summed(sizes):
            _tell(engine, reports, name, size / reports, "bytes a report")
        _tell(engine, reports, "read", _rate(lambda: sum(1 for _ in read_all(log)), log), "events/s")
        if engine == "sqlite":
            for what, value, unit in _in_memory(log, _path(address).with_name("snapshot")):
                _tell("memory", reports, what, value, unit)
    finally:
        log.close()


def _fill(log: StoredLog, chronicle: Chronicle) -> None:
    events: Iterator[Recorded] = iter(chronicle.recorded())
    while batch := list(islice(events, _AT_A_TIME)):
        log.restore(batch)


def _rate(work: Callable[[], object], log: Log) -> float:
    start = process_time()
    work()
    return log.head() / (process_time() - start)


def _path(address: str) -> Path:
    return Path(address.removeprefix("sqlite:///"))


def _in_sqlite(address: str) -> list[tuple[str, int, int]]:
    """Bytes of each table and of its indexes. SQLite's own index of a table WITHOUT ROWID is the table."""
    with closing(sqlite3.connect(_path(address))) as connection:
        rows = connection.execute(
            "SELECT m.tbl_name, m.type, sum(d.pgsize) FROM dbstat AS d JOIN sqlite_master AS m ON m.name = d.name "
            "GROUP BY 1, 2"
        ).fetchall()
    return [(name, size if kind == "table" else 0, size if kind == "index" else 0) for name, kind, size in rows]


def _in_postgres(address: str) -> list[tuple[str, int, int]]:
    with psycopg.connect(address) as connection:
        return [(name, int(own), int(indexes)) for name, own, indexes in connection.execute(_SIZES).fetchall()]


def _summed(sizes: list[tuple[str, int, int]]) -> Iterator[tuple[str, int]]:
    for part, beginnings in _PARTS.items():
        of_it = [each for each in sizes if each[0].startswith(beginnings)]
        yield f"{part}", sum(own for _, own, _ in of_it)
        yield f"{part}, indexes", sum(indexes for _, _, indexes in of_it)


def _in_memory(log: Log, file: Path) -> Iterator[tuple[str, float, str]]:
    """What the projections that answer take: by the pages that the process grew by, and in a snapshot."""
    claims = sum(
        isinstance(claim, Control)
        for each in read_all(log)
        if isinstance(each.event, ReportFiled | ReportCorrected)
        for claim in each.event.report.claims
    )
    before, start = _resident(), process_time()
    projections = build_projections(log)
    seconds, grown = process_time() - start, _resident() - before
    yield "projections", log.head() / seconds, "events/s"
    yield "projections", grown / claims, f"bytes a claim of control ({claims} claims)"
    yield "projections", grown / log.head(), "bytes an event"
    snapshots = Snapshots(log, file)
    snapshots.write(take(projections))
    start = process_time()
    snapshots.load()
    yield "a snapshot", log.head() / (process_time() - start), "events/s"
    yield "a snapshot", file.stat().st_size / log.head(), "bytes an event"


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _tell(engine: str, reports: int, what: str, value: float, unit: str) -> None:
    print(f"{engine:9} {reports:>9,} reports  {what:18} {value:>12,.0f} {unit}", flush=True)


def at(reports: int) -> None:
    with TemporaryDirectory() as folder:
        main(reports, f"sqlite:///{folder}/chronology.db")
    if given := os.environ.get("CHRONOLOGY_BENCHMARK_POSTGRES"):
        with psycopg.connect(given, autocommit=True) as maker:
            maker.execute("DROP SCHEMA IF EXISTS chronology CASCADE")
        main(reports, given)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        at(int(sys.argv[1]))
    else:  # each in a process of its own: what one lets go of, the next would take for nothing
        for each in sys.argv[1:]:
            subprocess.run([sys.executable, "-m", "benchmarks.slopes", each], check=True)
