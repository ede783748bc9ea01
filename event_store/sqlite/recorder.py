"""The library's application recorder on our table: positions that are never used again, and a recording time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor

from domain.when.instant import BEGINNING
from event_store.sqlite.database import Database

TABLE = "stored_events"

CREATE_TABLE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    UNIQUE (originator_id, originator_version)
)
"""  # the library reads positions from a column of this name; AUTOINCREMENT keeps a deleted last one from coming back

INSERT = (
    f"INSERT INTO {TABLE} (originator_id, originator_version, topic, state, recorded_at) "  # noqa: S608 - a constant
    "VALUES (?, ?, ?, ?, ?)"
)
LAST = f"SELECT rowid, recorded_at FROM {TABLE} ORDER BY rowid DESC LIMIT 1"  # noqa: S608 - a constant
NEWEST = f"SELECT MAX(originator_version) FROM {TABLE} WHERE originator_id = ?"  # noqa: S608 - a constant


def create_table(cursor: SQLiteCursor) -> None:
    cursor.execute(CREATE_TABLE)


class ChronologyRecorder(SQLiteApplicationRecorder):
    """Stamps every event with when it was recorded: the later of the clock and the event before it.

    `clock` returns an instant.
    """

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        super().__init__(database.datastore, TABLE)
        self._database = database
        self._clock = clock

    def construct_create_table_statements(self) -> list[str]:
        return [CREATE_TABLE]

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Insert all of the events or none; their positions. Raises IntegrityError for a version taken."""
        try:
            with self._database.writing() as cursor:
                return self._insert_events(cursor, stored_events, **kwargs)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error

    def _insert_events(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        recorded_at = self.stamp(c)[1]
        return [self.insert(c, stored, recorded_at) for stored in stored_events]

    def stamp(self, c: SQLiteCursor) -> tuple[int, int]:
        """The newest position, and the time that the next events are recorded at. Only inside a writing transaction."""
        position, recorded_at = self.last(c)
        return position, max(self._clock(), recorded_at)

    def last(self, c: SQLiteCursor) -> tuple[int, int]:
        """The newest position and when it was recorded; 0 and BEGINNING for an empty log."""
        c.execute(LAST)
        position, recorded_at = c.fetchone() or (0, BEGINNING)
        return position, recorded_at

    def version(self, c: SQLiteCursor, stream: str) -> int:
        """The newest version of a stream; 0 for one that there is none of."""
        c.execute(NEWEST, (stream,))
        found: int = c.fetchone()[0] or 0
        return found

    def last_used(self, c: SQLiteCursor) -> int:
        """The newest position ever given, also to an event that is not there any more."""
        c.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (TABLE,))
        row = c.fetchone()
        return row[0] if row else 0

    def insert(self, c: SQLiteCursor, stored: StoredEvent, recorded_at: int) -> int:
        """Insert one event; its position. Raises sqlite3.IntegrityError for a version taken, which undoes it alone."""
        id = stored.originator_id if isinstance(stored.originator_id, str) else stored.originator_id.hex
        c.execute(INSERT, (id, stored.originator_version, stored.topic, stored.state, recorded_at))
        position: int = c.lastrowid
        return position
