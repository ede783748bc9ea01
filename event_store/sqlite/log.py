"""The log on SQLite: one file, one order, one appender."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path
from time import monotonic

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteCursor

from domain.events import Event, Recorded, ReportRedacted
from domain.when.instant import BEGINNING
from event_store.appender import Appender
from event_store.codec import NAMES
from event_store.draft import Draft, draft_of
from event_store.end import End
from event_store.entry import Entry, Row
from event_store.faults import CannotOpen, Corrupt, Damaged, Misplaced, Taken, Unavailable
from event_store.growth import Leaf, leaf_of
from event_store.log import PAGE, Unless
from event_store.news import News
from event_store.promise import Outcome, Promise
from event_store.rows import check_end, in_order, in_versions, stored_of
from event_store.sqlite.database import Database
from event_store.sqlite.recorder import AFTER, COLUMNS, TABLE, ChronologyRecorder, create_table, entry_of
from event_store.sqlite.runs import runs
from event_store.sqlite.tree import SQLiteTree, grow

_STREAM = f"SELECT {COLUMNS} FROM {TABLE} WHERE originator_id = ? ORDER BY originator_version"  # noqa: S608 - constants
_SINCE = f"SELECT 1 FROM {TABLE} WHERE rowid > ? AND topic = ? LIMIT 1"  # noqa: S608 - constants

_PLAIN = AFTER.replace(", salt", "").replace("originator_id, ", "")

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
        self._news = News(self._first_look())
        self._appender = Appender(self._commit)

    def _first_look(self) -> int:
        try:
            return self.head()
        except (Unavailable, Corrupt) as fault:
            self.database.close()
            raise CannotOpen(str(fault)) from fault

    def append(
        self,
        event: Event,
        version: int,
        unless: Unless | None = None,
        not_before: int = BEGINNING,
        *,
        at_once: bool = True,
    ) -> Promise:
        return self._appender.submit(draft_of(event, version, unless, not_before), at_once=at_once)

    def begin(self) -> None:
        self._appender.begin()

    def restore(self, events: Sequence[Recorded]) -> None:
        with self._writing(each.event for each in events) as cursor:
            head, recorded_at = self._recorder.last(cursor)
            end = End(head, recorded_at, partial(self._recorder.version, cursor))
            leaves = []
            for each in events:
                end.check_next(each)
                self._recorder.rewrite(cursor, self._erased_by(cursor, each))
                entry = self._recorder.insert(cursor, stored_of(each), each.recorded_at, each.salt)
                leaves.append(leaf_of(entry))
            _check_run(leaves, head)
            grow(cursor, leaves)
        self._news.forget(events)
        self._news.tell([], head + len(events))  # they are not kept at hand: nobody waits to follow a whole log

    def read(self, after: int, limit: int = PAGE) -> Sequence[Recorded]:
        with self.database.reading() as cursor:
            cursor.execute(AFTER, (after, limit))
            rows = cursor.fetchall()
            at_the_end = len(rows) < limit
            used = self._recorder.last_used(cursor) if at_the_end else 0
        found = list(in_order(map(entry_of, rows), after))
        self._news.forget(found)
        check_end(found, after, used)
        return found

    def entries(self, after: int, limit: int = PAGE) -> Sequence[Entry]:
        with self.database.reading() as cursor:
            cursor.execute(AFTER, (after, limit))
            return [entry_of(row) for row in cursor.fetchall()]

    def places(self, entries: Sequence[Entry]) -> Sequence[int | None]:
        with self.database.reading() as cursor:
            return [self._recorder.place(cursor, entry.stream, entry.version) for entry in entries]

    def check(self) -> Sequence[str]:
        return self.database.check()

    def rows(self, after: int, limit: int = PAGE) -> Sequence[Row]:
        with self.database.reading() as cursor:
            cursor.sqlite_cursor.row_factory = None
            cursor.execute(_PLAIN, (after, limit))
            found: list[Row] = cursor.fetchall()
        self._news.forget_by(found)
        return found

    def recent(self, after: int, limit: int = PAGE) -> Sequence[Recorded]:
        return self._news.recent(after, limit)

    def stream(self, name: str) -> Sequence[Recorded]:
        with self.database.reading() as cursor:
            cursor.execute(_STREAM, (name,))
            rows = cursor.fetchall()
        return list(in_versions(map(entry_of, rows)))

    def head(self) -> int:
        with self.database.reading() as cursor:
            cursor.execute(f"SELECT MAX(rowid) FROM {TABLE}")  # noqa: S608 - a constant
            return cursor.fetchone()[0] or 0

    @property
    def acknowledged(self) -> int:
        return self._news.acknowledged

    def wait(self, after: int, timeout: float) -> int:
        return self._news.wait(after, timeout, self.head, _POLL)

    def close(self) -> None:
        self._appender.close()
        self.database.close()

    def _commit(self, drafts: Sequence[Draft]) -> Sequence[Outcome]:
        start = monotonic()
        with self._writing(draft.event for draft in drafts) as cursor:
            head, recorded_at = self._recorder.stamp(cursor)
            recorded_at = max(recorded_at, *(draft.not_before for draft in drafts))
            leaves: list[Leaf] = []
            outcomes = [each for run in runs(drafts) for each in self._insert_run(cursor, run, recorded_at, leaves)]
            _check_run(leaves, head)
            grow(cursor, leaves)
        committed = [outcome for outcome in outcomes if isinstance(outcome, Recorded)]
        self._news.forget(committed)
        self._news.tell(committed, head + len(committed))
        self.database.wipe_if_left()
        if committed:
            self._committed(len(committed), monotonic() - start)
        return outcomes

    def _writing(self, events: Iterable[Event]) -> AbstractContextManager[SQLiteCursor]:
        """A transaction that writes; with a redaction in it, one that leaves nothing of what it erases."""
        redacts = any(isinstance(event, ReportRedacted) for event in events)
        return self.database.erasing() if redacts else self.database.writing()

    def _erased_by(self, cursor: SQLiteCursor, recorded: Recorded) -> list[Entry]:
        try:
            return self._recorder.erased_by(cursor, recorded.event)
        except ValueError as error:
            raise Misplaced(recorded.position, str(error)) from error

    def _insert_run(
        self, cursor: SQLiteCursor, run: Sequence[Draft], recorded_at: int, leaves: list[Leaf]
    ) -> Sequence[Outcome]:
        """Insert a run at once; one that is refused, or could be, draft by draft."""
        if len(run) > 1 and not any(draft.unless or isinstance(draft.event, ReportRedacted) for draft in run):
            with suppress(sqlite3.IntegrityError):
                first = self._recorder.insert_run(cursor, run, recorded_at)
                leaves += [draft.leaf(position, recorded_at) for position, draft in enumerate(run, first)]
                return [_appended(draft, position, recorded_at) for position, draft in enumerate(run, first)]
        return [self._insert(cursor, draft, recorded_at, leaves) for draft in run]

    def _insert(self, cursor: SQLiteCursor, draft: Draft, recorded_at: int, leaves: list[Leaf]) -> Outcome:
        """Insert one draft, and put its leaf behind the `leaves`; a refusal undoes it alone and takes no position."""
        if draft.unless is not None:
            cursor.execute(_SINCE, (draft.unless.after, NAMES[draft.unless.kind]))
            if cursor.fetchone() is not None:
                return Taken(f"{draft.stream} was appended to on a view of the log that is out of date")
        stored = StoredEvent(draft.stream, draft.version, draft.name, draft.data)
        try:
            erased = self._recorder.erased_by(cursor, draft.event)
            position = self._recorder.insert(cursor, stored, recorded_at, draft.salt).position
        except sqlite3.IntegrityError:
            return Taken(f"{draft.stream} has a version {draft.version} already")
        except ValueError as error:
            return error
        self._recorder.rewrite(cursor, erased)
        leaves.append(draft.leaf(position, recorded_at))
        return _appended(draft, position, recorded_at)


def _appended(draft: Draft, position: int, recorded_at: int) -> Recorded:
    return Recorded(position, recorded_at, draft.stream, draft.version, draft.event, draft.salt)


def _check_run(leaves: Sequence[Leaf], head: int) -> None:
    """Raise Damaged, which undoes the transaction, where what was inserted does not follow on the head."""
    for leaf in leaves:
        head += 1
        if leaf.position != head:
            raise Damaged(head, f"it is missing: the next one would stand at position {leaf.position}")
