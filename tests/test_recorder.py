"""The recorder passes the library's own cases. They are reached through their module, so that only ours are collected.

The library's optional case of subscriptions applies on PostgreSQL: nothing subscribes to a recorder on SQLite.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.tests import persistence

from event_store.postgres.database import PostgresDatabase
from event_store.postgres.recorder import ChronologyRecorder as PostgresRecorder
from event_store.postgres.recorder import create_tables
from event_store.sqlite.database import Database
from event_store.sqlite.recorder import TABLE, ChronologyRecorder, create_table
from service.clock import system_clock


class _OnAFile:
    """A recorder on a file of its own, whose streams have texts for ids."""

    def new_originator_id(self) -> str:
        return f"report:{uuid4()}"

    def create_recorder(self) -> ChronologyRecorder:
        case: Any = self
        folder = TemporaryDirectory()
        case.addCleanup(folder.cleanup)
        database = Database(Path(folder.name) / "chronology.db", create_table, create=True)
        case.addCleanup(database.close)
        return ChronologyRecorder(database, system_clock)


class TestAsApplicationRecorder(_OnAFile, persistence.ApplicationRecorderTestCase[ChronologyRecorder]):
    """Insert and select, conflicts, many writers at once, throughput."""


class _OnAServer:
    """A recorder on a database of its own, whose streams have texts for ids."""

    @pytest.fixture(autouse=True)
    def _find_database(self, postgres_address: str) -> None:
        self.address = postgres_address

    def new_originator_id(self) -> str:
        return f"report:{uuid4()}"

    def create_recorder(self) -> PostgresRecorder:
        case: Any = self
        database = PostgresDatabase(self.address, create_tables, create=True)
        case.addCleanup(database.close)
        return PostgresRecorder(database, system_clock)


class TestAsApplicationRecorderOnPostgres(_OnAServer, persistence.ApplicationRecorderTestCase[PostgresRecorder]):
    """The same, and subscriptions."""

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPositionsDoNotInterleaveOnPostgres(_OnAServer, persistence.NonInterleavingNotificationIDsBaseCase):
    """The positions of what is inserted together stand together."""


class TestPositionsDoNotInterleave(_OnAFile, persistence.NonInterleavingNotificationIDsBaseCase):
    """The positions of what is inserted together stand together."""


@pytest.fixture
def database(tmp_path: Path) -> Any:
    found = Database(tmp_path / "chronology.db", create_table, create=True)
    yield found
    found.close()


def stored(version: int) -> StoredEvent:
    return StoredEvent("report:r", version, "topic", b"{}")


def test_the_cases_of_the_library_are_those_that_run() -> None:
    def cases(kind: type) -> set[str]:
        return {name for name in dir(kind) if name.startswith("test")}

    assert cases(TestAsApplicationRecorder) == {
        "test_insert_select",
        "test_performance",
        "test_concurrent_no_conflicts",
        "test_concurrent_throughput",
    }
    assert cases(TestPositionsDoNotInterleave) == cases(TestPositionsDoNotInterleaveOnPostgres) == {"test"}
    assert cases(TestAsApplicationRecorderOnPostgres) == cases(TestAsApplicationRecorder) | {"test_insert_subscribe"}


def test_all_of_an_insert_is_kept_or_nothing(database: Database) -> None:
    recorder = ChronologyRecorder(database, system_clock)
    recorder.insert_events([stored(1)])
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(2), stored(1)])
    assert recorder.max_notification_id() == 1
    assert recorder.insert_events([stored(2)]) == [2]


def test_what_is_inserted_together_is_recorded_at_one_time(database: Database) -> None:
    ticks = iter(range(100, 200))
    recorder = ChronologyRecorder(database, lambda: next(ticks))
    recorder.insert_events([stored(1), stored(2)])
    recorder.insert_events([stored(3)])
    with sqlite3.connect(database.path) as connection:
        times = [at for (at,) in connection.execute(f"SELECT recorded_at FROM {TABLE} ORDER BY rowid")]
    connection.close()
    assert times[0] == times[1] < times[2]
