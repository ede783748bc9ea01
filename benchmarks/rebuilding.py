"""What is worked out from the log, made again from its first event, beside the least that it could take."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson

from benchmarks.cache import copied, stored
from benchmarks.measure import Measure, Round
from benchmarks.opened import log_at, log_of
from benchmarks.scale import Scale
from benchmarks.serving import service, status
from benchmarks.timing import rate, seconds
from domain.events import ReportAssessed, ReportCorrected, ReportRetracted
from event_store.gist import read_gists
from event_store.log import PAGE
from event_store.sqlite.database import Database
from event_store.sqlite.log import SQLiteLog
from event_store.sqlite.recorder import TABLE, create_table
from projections.chronology import filling, tables
from projections.chronology.chronology import Chronology
from projections.chronology.engine import engine_on
from service.wiring import build_projections, catch_up

_ROWS = f"SELECT rowid, recorded_at, originator_id, originator_version, topic, state FROM {TABLE} ORDER BY rowid"
_CHANGES = (ReportAssessed, ReportCorrected, ReportRetracted)


def control(scale: Scale) -> Iterator[Round]:
    path = stored(scale.large)
    _read(path)  # or only the first round would fetch it from the disk
    for _ in range(scale.long):
        with log_of(scale.large) as log:
            count = log.head()
            own = rate(lambda: build_projections(log), count)
        yield Round(own, rate(lambda: _read(path), count))


def _read(path: Path) -> None:
    """The rows and their JSON, and nothing else."""
    with closing(sqlite3.connect(path)) as connection:
        for row in connection.execute(_ROWS):
            orjson.loads(row[5])


def restart(scale: Scale) -> Iterator[Round]:
    """Seconds from the start of the program on a store that it has served before to its first answer, all told."""
    with TemporaryDirectory() as name:
        store = copied(scale.large, Path(name))
        with service(store):
            pass  # it makes its tables, and keeps a snapshot once it has taken its log in
        for _ in range(scale.long):
            own = _first_answer(store)
            with log_at(store) as log:
                yield Round(own, seconds(lambda: build_projections(log)))


def _first_answer(store: Path) -> float:
    """How long it takes; the program's end is no part of it."""
    gc.collect()
    start = perf_counter()
    with service(store) as url:
        if status(f"{url}/v1/places/place-1/control") != HTTPStatus.OK:
            raise RuntimeError("it does not answer")
        return perf_counter() - start


def chronology(scale: Scale) -> Iterator[Round]:
    """From the log into the tables, beside the same rows, ready, into the same tables in transactions as large."""
    with log_of(scale.large) as log:
        found = list(_rows(log))
        for _ in range(scale.long):
            with TemporaryDirectory() as name:
                own_database = Database(Path(name) / "ours.db", create_table, create=True)
                made = Chronology(own_database)
                made.empty()
                own = rate(lambda: catch_up(made, log), log.head())  # noqa: B023
                own_database.close()
                peer_database = Database(Path(name) / "peer.db", create_table, create=True)
                peer = rate(lambda: _put(peer_database, found), log.head())  # noqa: B023
                peer_database.close()
                yield Round(own, peer)


def _rows(log: SQLiteLog) -> Iterator[filling.Rows]:
    """The rows of each page of the log, ready. Those that change a row that is there are few, and are left out."""
    things = filling.Things(lambda _: ())
    after = 0
    while page := list(read_gists(log, after)):
        after = page[-1].position
        rows = filling.Rows({})
        for step in filling.worked_out(page, things):
            if step.kind not in _CHANGES:
                rows.take(step)
        yield rows


def _put(database: Database, found: Sequence[filling.Rows]) -> None:
    engine = engine_on(database)
    with engine.writing() as cursor:
        tables.create(engine, cursor)
    for rows in found:
        with engine.writing() as cursor:
            rows.put(engine, cursor)


def _size(scale: Scale) -> str:
    return f"{scale.reports:,} reports, {scale.places:,} places"


MEASURES = (
    Measure(
        "rebuild-control",
        "rebuild of what is kept in memory, control above all",
        "reading the rows and `orjson.loads`, nothing else",
        "events/s",
        0.4,
        control,
        size=_size,
    ),
    Measure(
        "rebuild-chronology",
        "rebuild of the chronology's tables",
        f"`executemany` of the same rows into the same tables, {PAGE} events a transaction",
        "events/s",
        0.6,
        chronology,
        size=_size,
    ),
    Measure(
        "restart",
        "restart with a checkpoint, to the first answer",
        "the rebuild of control",
        "s",
        0.1,
        restart,
        small=True,
        size=_size,
    ),
)
