"""The library's application recorder on our table: positions without a gap, a recording time, a salt.

One advisory lock is taken by whoever appends, and let go by the end of the transaction, after its commit is visible.
So what a position follows on is committed when it is given, a rollback gives it back, and no reader ever sees one
before those below it. A standby takes in commits in the order in which they were written, so its readers neither.

A sequence would leave gaps, and a lock of the table would be in the way of VACUUM.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Cursor
from psycopg.rows import TupleRow, tuple_row

from domain.when.instant import BEGINNING
from event_store.entry import Entry
from event_store.faults import Damaged
from event_store.growth import Leaf, grown, leaf_of
from event_store.postgres.arrays import Byteas, Int2s, Int8s, Texts, columns
from event_store.postgres.connection import PatientConnection
from event_store.postgres.database import MARK_TO_WIPE, PostgresDatabase
from event_store.postgres.subscription import Subscription
from event_store.postgres.tree import CREATE_TREE, EDGE, INSERT_NODES, Place, node_of
from event_store.salts import SALT_SIZE

TABLE = "stored_events"
PORTION = 64_000_000  # bytes of data
CHANNEL = "chronology_log"
"""Notified of the newest position."""

CREATE_TABLE = f"""
CREATE TABLE {TABLE} (
    notification_id bigint PRIMARY KEY,
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    recorded_at bigint NOT NULL,
    salt bytea,
    UNIQUE (originator_id, originator_version)
)
"""  # the library reads positions from a column of this name

COLUMNS = "notification_id, recorded_at, originator_id, originator_version, topic, state, salt"
"""In the order of an Entry."""
_ENTRY = (Int8s, Int8s, Texts, Int8s, Texts, Byteas, Byteas)
_INSERT = f"""
INSERT INTO {TABLE} ({COLUMNS})
SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::bigint[], %b::text[], %b::bytea[], %b::bytea[])
"""  # noqa: S608 - constants
_REWRITE = f"""
UPDATE {TABLE} SET state = erased.state, salt = erased.salt
FROM unnest(%b::bigint[], %b::bytea[], %b::bytea[]) AS erased (position, state, salt)
WHERE notification_id = erased.position
"""  # noqa: S608 - a constant
_LAST = f"SELECT notification_id, recorded_at FROM {TABLE} ORDER BY notification_id DESC LIMIT 1"  # noqa: S608 - constants
_AGAIN = f"SELECT salt FROM {TABLE} WHERE notification_id = %s FOR UPDATE"  # noqa: S608 - constants
_GROW = f"WITH grown AS ({INSERT_NODES}) SELECT pg_notify('{CHANNEL}', %s)"


def create_tables(cursor: Cursor[TupleRow]) -> None:
    cursor.execute(CREATE_TABLE)
    cursor.execute(CREATE_TREE)


class Tip(NamedTuple):
    """The end of the log: its newest position and when that was recorded, its tree's size and right edge."""

    position: int
    recorded_at: int
    size: int
    edge: Mapping[Place, bytes]


class Asked:
    """A statement on its way; its answer is waited for when it is fetched."""

    def __init__(self, connection: PatientConnection, statement: str, values: Sequence[Any] = ()) -> None:
        self._cursor = connection.cursor(row_factory=tuple_row)
        self._cursor.execute(statement, values, binary=True)

    def rows(self) -> list[TupleRow]:
        return self._cursor.fetchall()


class AskedTip:
    """The end of the log, on its way. Under the lock it stays that until the end of the transaction."""

    def __init__(self, connection: PatientConnection) -> None:
        self._last, self._edge = Asked(connection, _LAST), Asked(connection, EDGE)

    def tip(self) -> Tip:
        """Raises Damaged where the log's own end is lost."""
        [(position, recorded_at)] = self._last.rows() or [(0, BEGINNING)]
        nodes = self._edge.rows()
        size: int = nodes[0][0]
        if position < size:
            raise Damaged(position + 1, f"it is missing: the next one would stand at position {size + 1}")
        return Tip(position, recorded_at, size, {(level, number): hash for _, level, number, hash in nodes})


class ChronologyRecorder(PostgresApplicationRecorder):
    """Stamps every event with when it was recorded: the later of the clock and the event before it.

    `clock` returns an instant. What takes a connection MUST be called inside `PostgresDatabase.appending`.
    """

    def __init__(self, database: PostgresDatabase, clock: Callable[[], int]) -> None:
        super().__init__(database.datastore, events_table_name=TABLE)
        self.channel_name = CHANNEL
        self._database = database
        self._clock = clock

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Insert all of the events or none; their positions. Raises IntegrityError for a version taken."""
        try:
            with self._database.appending(AskedTip) as (connection, asked):
                tip = asked.tip()
                recorded_at = self.stamp(tip)
                entries = [
                    entry_of(stored, position, recorded_at)
                    for position, stored in enumerate(stored_events, start=tip.position + 1)
                ]
                self.add(connection, tip, entries)
        except psycopg.IntegrityError as error:
            raise IntegrityError(error) from error
        return [entry.position for entry in entries]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription:
        return Subscription(self, gt, topics)

    def stamp(self, tip: Tip) -> int:
        """The time that what follows on the tip is recorded at."""
        return max(self._clock(), tip.recorded_at)

    def add(
        self, connection: PatientConnection, tip: Tip, entries: Sequence[Entry], leaves: Sequence[Leaf] | None = None
    ) -> None:
        """Put entries behind the tip, in the table and in the tree, and tell everybody who listens at the commit.

        `leaves` are theirs, where they are known.
        """
        if not entries:
            return
        nodes = grown(tip.size, leaves or [leaf_of(entry) for entry in entries], node_of(tip.edge))
        for portion in _portions(entries):
            Asked(connection, _INSERT, columns(portion, *_ENTRY))
        runs = [(level, first, b"".join(hashes)) for level, first, hashes in nodes]
        Asked(connection, _GROW, (*columns(runs, Int2s, Int8s, Byteas), str(entries[-1].position)))

    def rewrite(self, connection: PatientConnection, entries: Sequence[Entry]) -> None:
        """Put entries in the place of those that they were. Their leaves MUST be the same."""
        if entries:
            rows = [(each.position, each.data, each.salt) for each in entries]
            Asked(connection, _REWRITE, columns(rows, Int8s, Byteas, Byteas))
            Asked(connection, MARK_TO_WIPE)

    def holds(self, connection: PatientConnection, entry: Entry) -> bool:
        """Whether this very entry, known by its salt, is there.

        It is locked, so that the transaction has something to commit: then it waits for as many standbys as the
        one that put the entry there, and after that the entry is as safe as it would be had that been answered.
        """
        return Asked(connection, _AGAIN, (entry.position,)).rows() == [(entry.salt,)]


def entry_of(stored: StoredEvent, position: int, recorded_at: int, salt: bytes = b"") -> Entry:
    """By default with a fresh salt."""
    id = stored.originator_id if isinstance(stored.originator_id, str) else stored.originator_id.hex
    salt = salt or secrets.token_bytes(SALT_SIZE)
    return Entry(position, recorded_at, id, stored.originator_version, stored.topic, stored.state, salt)


def _portions(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """As many at a time as one statement takes: PostgreSQL has no value, of arrays neither, of more than a gigabyte."""
    portion: list[Entry] = []
    size = 0
    for entry in entries:
        if portion and size + len(entry.data) > PORTION:
            yield portion
            portion, size = [], 0
        portion.append(entry)
        size += len(entry.data)
    yield portion
