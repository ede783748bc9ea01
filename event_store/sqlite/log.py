"""The log on SQLite: one file, one order, one appender."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from threading import Condition
from time import monotonic

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteCursor

from domain.events import Event, Recorded, stream_of
from domain.when.instant import BEGINNING
from event_store.appender import Appender, Draft, Outcome
from event_store.codec import NAMES, decode, encode
from event_store.end import End
from event_store.entry import Entry, Row
from event_store.faults import CannotOpen, Corrupt, Damaged, Taken, Unavailable
from event_store.log import PAGE, Unless
from event_store.recent import Recent
from event_store.sqlite.database import Database
from event_store.sqlite.recorder import AFTER, COLUMNS, TABLE, ChronologyRecorder, create_table, entry_of
from event_store.sqlite.tree import Leaf, SQLiteTree, grow, leaf_of

_STREAM = f"SELECT {COLUMNS} FROM {TABLE} WHERE originator_id = ? ORDER BY originator_version"  # noqa: S608 - constants
_SINCE = f"SELECT 1 FROM {TABLE} WHERE rowid > ? AND topic = ? LIMIT 1"  # noqa: S608 - constants

_PLAIN = AFTER.replace(", salt", "")

_POLL = 0.2  # seconds between looks for what other processes append


class SQLiteLog:
    """The duties of `event_store.log.Log`. `clock` returns an instant; nothing else here knows the time.

    `committed` is told of each transaction: how many events it appended, and the seconds that it took.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], int],
        *,
        create: bool = True,
        committed: Callable[[int, float], None] = lambda events, seconds: None,
    ) -> None:
        self._committed = committed
        self.database = Database(path, create_table, create=create)
        self.tree = SQLiteTree(self.database)
        self._recorder = ChronologyRecorder(self.database, clock)
        self._news = Condition()
        self._recent = Recent()
        self._acknowledged = self._first_look()
        self._appender = Appender(self._commit)

    def _first_look(self) -> int:
        try:
            return self.head()
        except (Unavailable, Corrupt) as fault:
            self.database.close()
            raise CannotOpen(str(fault)) from fault

    def append(
        self, event: Event, version: int, unless: Unless | None = None, not_before: int = BEGINNING
    ) -> Future[Recorded]:
        name, data = encode(event)
        return self._appender.submit(Draft(event, stream_of(event), version, name, data, unless, not_before))

    def restore(self, events: Sequence[Recorded]) -> None:
        with self.database.writing() as cursor:
            head, recorded_at = self._recorder.last(cursor)
            end = End(head, recorded_at, partial(self._recorder.version, cursor))
            leaves = []
            for each in events:
                end.check_next(each)
                entry = self._recorder.insert(cursor, _stored(each), each.recorded_at, each.salt)
                leaves.append(leaf_of(entry))
            _check_run(leaves, head)
            grow(cursor, leaves)
        self._tell([], head + len(events))  # they are not kept at hand: nobody waits to follow a whole log

    def read(self, after: int, limit: int = PAGE) -> Sequence[Recorded]:
        with self.database.reading() as cursor:
            cursor.execute(AFTER, (after, limit))
            rows = cursor.fetchall()
            at_the_end = len(rows) < limit
            used = self._recorder.last_used(cursor) if at_the_end else 0
        found = list(_in_order(rows, after))
        last = found[-1].position if found else after
        if last < used and after <= used:
            raise Damaged(last + 1, "it is missing, with all after it")
        return found

    def entries(self, after: int, limit: int = PAGE) -> Sequence[Entry]:
        with self.database.reading() as cursor:
            cursor.execute(AFTER, (after, limit))
            return [entry_of(row) for row in cursor.fetchall()]

    def rows(self, after: int, limit: int = PAGE) -> Sequence[Row]:
        with self.database.reading() as cursor:
            cursor.sqlite_cursor.row_factory = None
            cursor.execute(_PLAIN, (after, limit))
            found: list[Row] = cursor.fetchall()
            return found

    def recent(self, after: int, limit: int = PAGE) -> Sequence[Recorded]:
        with self._news:
            return self._recent.after(after, limit)

    def stream(self, name: str) -> Sequence[Recorded]:
        with self.database.reading() as cursor:
            cursor.execute(_STREAM, (name,))
            rows = cursor.fetchall()
        return list(_in_versions(rows))

    def head(self) -> int:
        with self.database.reading() as cursor:
            cursor.execute(f"SELECT MAX(rowid) FROM {TABLE}")  # noqa: S608 - a constant
            return cursor.fetchone()[0] or 0

    @property
    def acknowledged(self) -> int:
        return self._acknowledged

    def wait(self, after: int, timeout: float) -> int:
        until = monotonic() + timeout
        while True:
            head = self._acknowledged if self._acknowledged > after else self.head()
            left = until - monotonic()
            if head > after or left <= 0:
                return head
            with self._news:
                self._news.wait_for(lambda: self._acknowledged > after, min(left, _POLL))

    def close(self) -> None:
        self._appender.close()
        self.database.close()

    def _commit(self, drafts: Sequence[Draft]) -> Sequence[Outcome]:
        start = monotonic()
        with self.database.writing() as cursor:
            head, recorded_at = self._recorder.stamp(cursor)
            recorded_at = max(recorded_at, *(draft.not_before for draft in drafts))
            leaves: list[Leaf] = []
            outcomes = [self._insert(cursor, draft, recorded_at, leaves) for draft in drafts]
            _check_run(leaves, head)
            grow(cursor, leaves)
        committed = [outcome for outcome in outcomes if isinstance(outcome, Recorded)]
        self._tell(committed, head)
        if committed:
            self._committed(len(committed), monotonic() - start)
        return outcomes

    def _tell(self, committed: Sequence[Recorded], head: int = 0) -> None:
        """Committed and durable; only now may anybody hear of it."""
        with self._news:
            self._recent.add(committed)
            self._acknowledged = max(head, self._acknowledged, *(each.position for each in committed[-1:]))
            self._news.notify_all()

    def _insert(self, cursor: SQLiteCursor, draft: Draft, recorded_at: int, leaves: list[Leaf]) -> Outcome:
        """Insert one draft, and put its leaf behind the `leaves`; a refusal undoes it alone and takes no position."""
        if draft.unless is not None:
            cursor.execute(_SINCE, (draft.unless.after, NAMES[draft.unless.kind]))
            if cursor.fetchone() is not None:
                return Taken(f"{draft.stream} was appended to on a view of the log that is out of date")
        stored = StoredEvent(draft.stream, draft.version, draft.name, draft.data)
        try:
            entry = self._recorder.insert(cursor, stored, recorded_at)
        except sqlite3.IntegrityError:
            return Taken(f"{draft.stream} has a version {draft.version} already")
        leaves.append(leaf_of(entry))
        return Recorded(entry.position, recorded_at, draft.stream, draft.version, draft.event, entry.salt)


def _stored(recorded: Recorded) -> StoredEvent:
    name, data = encode(recorded.event)
    return StoredEvent(recorded.stream, recorded.version, name, data)


def _check_run(leaves: Sequence[Leaf], head: int) -> None:
    """Raise Damaged, which undoes the transaction, where what was inserted does not follow on the head."""
    for leaf in leaves:
        head += 1
        if leaf.position != head:
            raise Damaged(head, f"it is missing: the next one would stand at position {leaf.position}")


def _in_order(rows: Iterable[sqlite3.Row], after: int) -> Iterable[Recorded]:
    for row in rows:
        after += 1
        if row["rowid"] != after:
            raise Damaged(after, f"it is missing: the next one stands at position {row['rowid']}")
        yield _recorded(row)


def _in_versions(rows: Iterable[sqlite3.Row]) -> Iterable[Recorded]:
    for version, row in enumerate(rows, start=1):
        recorded = _recorded(row)
        if recorded.version != version:
            raise Damaged(recorded.position, f"it is version {recorded.version}, where {version} is the next")
        yield recorded


def _recorded(row: sqlite3.Row) -> Recorded:
    try:
        event = decode(row["topic"], row["state"])
    except ValueError as error:
        raise Damaged(row["rowid"], f"it can't be read: {error}") from error
    entry = entry_of(row)
    recorded = Recorded(*entry[:4], event, entry.salt or b"")
    if type(recorded.recorded_at) is not int or type(recorded.version) is not int:  # a column's type is but a hint
        raise Damaged(recorded.position, "its version or its recording time is no number")
    return recorded
