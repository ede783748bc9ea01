"""The library's application recorder on our table: positions that are never used again, a recording time, a salt."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor

from domain.events import Event
from domain.when.instant import BEGINNING
from event_store.draft import Draft
from event_store.entry import Entry
from event_store.erasing import left_by
from event_store.growth import leaf_of
from event_store.salts import SALT_SIZE
from event_store.sqlite.database import CREATE_TO_WIPE, Database
from event_store.sqlite.runs import put
from event_store.sqlite.tree import CREATE_TREE, grow

TABLE = "stored_events"

CREATE_TABLE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    salt BLOB,
    UNIQUE (originator_id, originator_version)
)
"""  # the library reads positions from a column of this name; AUTOINCREMENT keeps a deleted last one from coming back

INTO = f"{TABLE} (originator_id, originator_version, topic, state, recorded_at, salt)"
INSERT = f"INSERT INTO {INTO} VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
LAST = f"SELECT rowid, recorded_at FROM {TABLE} ORDER BY rowid DESC LIMIT 1"  # noqa: S608 - a constant
NEWEST = f"SELECT MAX(originator_version) FROM {TABLE} WHERE originator_id = ?"  # noqa: S608 - a constant


COLUMNS = "rowid, recorded_at, originator_id, originator_version, topic, state, salt"
AFTER = f"SELECT {COLUMNS} FROM {TABLE} WHERE rowid > ? ORDER BY rowid LIMIT ?"  # noqa: S608 - constants
REWRITE = f"UPDATE {TABLE} SET state = ?, salt = ? WHERE rowid = ?"  # noqa: S608 - a constant
OF_STREAM = f"SELECT {COLUMNS} FROM {TABLE} WHERE originator_id = ? AND originator_version = ?"  # noqa: S608 - constants
PLACE = f"SELECT rowid FROM {TABLE} WHERE originator_id = ? AND originator_version = ?"  # noqa: S608 - a constant
_AT_A_TIME = 1000


def create_table(cursor: SQLiteCursor) -> None:
    """Make the tables, or bring those of an older program to this one's form: salts are made, and the tree is grown."""
    cursor.execute(CREATE_TABLE)
    cursor.execute(CREATE_TREE)
    cursor.execute(CREATE_TO_WIPE)
    cursor.execute(f"SELECT count(*) FROM pragma_table_info('{TABLE}') WHERE name = 'salt'")  # noqa: S608 - a constant
    if cursor.fetchone()[0] == 0:
        cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN salt BLOB")
        cursor.execute(f"UPDATE {TABLE} SET salt = randomblob({SALT_SIZE})")  # noqa: S608 - constants
        _grow_from_rows(cursor)


def _grow_from_rows(cursor: SQLiteCursor) -> None:
    after = 0
    while True:
        cursor.execute(AFTER, (after, _AT_A_TIME))
        leaves = [leaf_of(entry_of(row)) for row in cursor.fetchall()]
        if not leaves:
            return
        grow(cursor, leaves)
        after = leaves[-1].position


def entry_of(row: sqlite3.Row) -> Entry:
    """The entry of a row of COLUMNS, whose order is an entry's."""
    return Entry._make(row)


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
        leaves = [leaf_of(self.insert(c, stored, recorded_at)) for stored in stored_events]
        grow(c, leaves)
        return [leaf.position for leaf in leaves]

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

    def erased_by(self, c: SQLiteCursor, event: Event) -> list[Entry]:
        """The entries as a redaction leaves them; none for other events. Raises ValueError for what is not there."""
        return left_by(event, partial(self._entry, c))

    def rewrite(self, c: SQLiteCursor, entries: Sequence[Entry]) -> None:
        """Put entries in the place of those that they were. Their leaves MUST be the same."""
        for entry in entries:
            c.execute(REWRITE, (entry.data, entry.salt, entry.position))

    def place(self, c: SQLiteCursor, stream: str, version: int) -> int | None:
        """The position of a version of a stream, as the index has it."""
        c.execute(PLACE, (stream, version))
        row = c.fetchone()
        return None if row is None else row[0]

    def _entry(self, c: SQLiteCursor, stream: str, version: int) -> Entry | None:
        c.execute(OF_STREAM, (stream, version))
        row = c.fetchone()
        return None if row is None else entry_of(row)

    def insert(self, c: SQLiteCursor, stored: StoredEvent, recorded_at: int, salt: bytes = b"") -> Entry:
        """Insert one event, by default with a fresh salt; whoever commits it MUST grow the tree by its leaf.

        Raises sqlite3.IntegrityError for a version taken, which undoes it alone.
        """
        id = stored.originator_id if isinstance(stored.originator_id, str) else stored.originator_id.hex
        salt = salt or secrets.token_bytes(SALT_SIZE)
        c.execute(INSERT, (id, stored.originator_version, stored.topic, stored.state, recorded_at, salt))
        return Entry(c.lastrowid, recorded_at, id, stored.originator_version, stored.topic, stored.state, salt)

    def insert_run(self, c: SQLiteCursor, run: Sequence[Draft], recorded_at: int) -> int:
        """Insert a run of drafts, which stand behind each other; the position of the first.

        Raises sqlite3.IntegrityError where a version of any is taken, which undoes all of them.
        """
        put(c, INTO, [(each.stream, each.version, each.name, each.data, recorded_at, each.salt) for each in run])
        last: int = c.lastrowid
        return last - len(run) + 1
