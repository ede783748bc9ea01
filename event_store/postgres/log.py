"""The log on PostgreSQL: one order for any number of processes, one appender in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from time import monotonic, sleep

from psycopg import Cursor
from psycopg.rows import TupleRow

from domain.events import Event, Recorded
from domain.when.instant import BEGINNING
from event_store.appender import Appender
from event_store.draft import Draft, draft_of
from event_store.end import End
from event_store.entry import Entry, Row
from event_store.faults import CannotOpen, Corrupt, Lost, Misplaced, Unavailable
from event_store.log import PAGE, Unless
from event_store.news import News
from event_store.postgres.batch import Batch
from event_store.postgres.connection import PatientConnection
from event_store.postgres.database import BY_INDEX, PostgresDatabase
from event_store.postgres.listening import Listening
from event_store.postgres.recorder import COLUMNS, TABLE, Asked, AskedTip, ChronologyRecorder, create_tables, entry_of
from event_store.postgres.tree import PostgresTree, size_of
from event_store.promise import Outcome, Promise
from event_store.redactions import Redactions, streams_of
from event_store.rows import check_end, in_order, in_versions, stored_of

_AFTER = f"SELECT {COLUMNS} FROM {TABLE} WHERE notification_id > %s ORDER BY notification_id LIMIT %s"  # noqa: S608 - constants
_PLAIN = _AFTER.replace(", salt", "").replace("originator_id, ", "")
_LEAF = "SELECT hash FROM tree WHERE level = 0 AND number = %s"
_STREAM = f"SELECT {COLUMNS} FROM {TABLE} WHERE originator_id = %s ORDER BY originator_version"  # noqa: S608 - constants
_HEAD = f"SELECT coalesce(max(notification_id), 0) FROM {TABLE}"  # noqa: S608 - a constant
_TAKEN = f"""
SELECT originator_id, originator_version FROM unnest(%b::text[], %b::bigint[]) AS wanted (id, version)
JOIN {TABLE} ON originator_id = wanted.id AND originator_version = wanted.version
"""  # noqa: S608 - a constant
_PLACES = f"""
SELECT notification_id FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS wanted (id, version, nth)
LEFT JOIN {TABLE} ON originator_id = wanted.id AND originator_version = wanted.version ORDER BY nth
"""  # noqa: S608 - a constant
_NEWEST = f"""
SELECT topic, max(notification_id) FROM {TABLE} WHERE topic = ANY(%s) AND notification_id > %s GROUP BY topic
"""  # noqa: S608 - a constant
_STREAMS = f"SELECT {COLUMNS} FROM {TABLE} WHERE originator_id = ANY(%s)"  # noqa: S608 - constants
_VERSIONS = f"""
SELECT originator_id, max(originator_version) FROM {TABLE} WHERE originator_id = ANY(%s) GROUP BY originator_id
"""  # noqa: S608 - a constant

PATIENCE = 10  # seconds from when the server was lost, in which appends are tried again and not yet refused
_PAUSE = 0.1  # seconds between attempts
_POLL = 0.2  # seconds between looks for what other processes append
_POLL_BEHIND = 2  # seconds, where their notifications are heard


class PostgresLog:
    """The duties of `event_store.log.Log`. `clock` returns an instant; nothing else here knows the time.

    `committed` is told of each transaction: how many events it appended, and the seconds that it took.
    """

    def __init__(
        self,
        address: str,
        clock: Callable[[], int],
        *,
        create: bool = True,
        committed: Callable[[int, float], None] = lambda events, seconds: None,
    ) -> None:
        self._committed = committed
        self.database = PostgresDatabase(address, create_tables, create=create)
        self.tree = PostgresTree(self.database)
        self._recorder = ChronologyRecorder(self.database, clock)
        self._news = News(self._first_look())
        self._listening: Listening | None = None
        self._starting = Lock()
        self._looked_at = 0.0
        self._lost_at: float | None = None
        self._appender = Appender(self._commit)

    def _first_look(self) -> int:
        try:
            if self.database.writes():
                self.database.wipe()
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
        streams = list({each.stream for each in events})
        redacted = streams_of(each.event for each in events)

        def ask(connection: PatientConnection) -> tuple[AskedTip, Asked, Asked]:
            return (
                AskedTip(connection),
                Asked(connection, _VERSIONS, (streams,)),
                Asked(connection, _STREAMS, (redacted,)),
            )

        with self.database.appending(ask) as (connection, (asked_tip, held, there)):
            tip = asked_tip.tip()
            redactions = Redactions(map(Entry._make, there.rows()))
            versions: dict[str, int] = dict(held.rows())
            end = End(tip.position, tip.recorded_at, lambda stream: versions.get(stream, 0))
            for each in events:
                end.check_next(each)
                versions[each.stream] = each.version
            entries = [entry_of(stored_of(each), each.position, each.recorded_at, each.salt) for each in events]
            _erase(events, entries, redactions)
            self._recorder.add(connection, tip, [redactions.left_of(entry) for entry in entries])
            self._recorder.rewrite(connection, redactions.before(tip.position))
        self._wipe_after(events)
        self._news.tell([], tip.position + len(events))  # not kept at hand: nobody waits to follow a whole log

    def read(self, after: int, limit: int = PAGE) -> Sequence[Recorded]:
        with self.database.looking() as cursor:
            used = size_of(cursor)  # asked first: what is appended meanwhile can only be more
            cursor.execute(_AFTER, (after, limit), binary=True)
            rows = cursor.fetchall()
            if rows:
                self.database.anchor.move(rows[-1][0], partial(_leaf, cursor, rows[-1][0]))
        found = list(in_order(map(Entry._make, rows), after))
        self._news.forget(found)
        if len(found) < limit:
            check_end(found, after, used)
        return found

    def entries(self, after: int, limit: int = PAGE) -> Sequence[Entry]:
        with self.database.looking() as cursor:
            cursor.execute(_AFTER, (after, limit), binary=True)
            return [Entry._make(row) for row in cursor.fetchall()]

    def places(self, entries: Sequence[Entry]) -> Sequence[int | None]:
        with self.database.reading() as cursor:
            cursor.execute(BY_INDEX)
            cursor.execute(_PLACES, ([entry.stream for entry in entries], [entry.version for entry in entries]))
            return [position for (position,) in cursor.fetchall()]

    def check(self) -> Sequence[str]:
        """The server holds each page that it reads to its checksum, where they are on, and tells by refusing it."""
        return []

    def rows(self, after: int, limit: int = PAGE) -> Sequence[Row]:
        with self.database.looking() as cursor:
            cursor.execute(_PLAIN, (after, limit), binary=True)
            found: list[Row] = cursor.fetchall()
            if found:
                self.database.anchor.move(found[-1][0], partial(_leaf, cursor, found[-1][0]))
        self._news.forget_by(found)
        return found

    def recent(self, after: int, limit: int = PAGE) -> Sequence[Recorded]:
        return self._news.recent(after, limit)

    def stream(self, name: str) -> Sequence[Recorded]:
        with self.database.looking() as cursor:
            cursor.execute(_STREAM, (name,), binary=True)
            rows = cursor.fetchall()
        return list(in_versions(map(Entry._make, rows)))

    def head(self) -> int:
        with self.database.looking() as cursor:
            [head] = cursor.execute(_HEAD).fetchone() or [0]
            found: int = head
            return found

    @property
    def acknowledged(self) -> int:
        return self._news.acknowledged

    def wait(self, after: int, timeout: float) -> int:
        listening = self._listen()
        return self._news.wait(after, timeout, partial(self._look, listening), _POLL)

    def close(self) -> None:
        self._appender.close()
        if self._listening is not None:
            self._listening.close()
        self.database.close()

    def _listen(self) -> Listening:
        """Begin to listen once somebody waits: most commands never do."""
        with self._starting:
            if self._listening is None:
                self._listening = Listening(self.database.connect, self.head, self._news)
            return self._listening

    def _look(self, listening: Listening) -> int:
        """The head; where it is heard of, it is asked for only now and then."""
        if listening.hears and monotonic() - self._looked_at < _POLL_BEHIND:
            return self._news.newest
        self._looked_at = monotonic()
        return self.head()

    def _commit(self, drafts: Sequence[Draft]) -> Sequence[Outcome]:
        start = monotonic()
        batch = Batch(drafts)
        while not self._is_through(batch):
            sleep(_PAUSE)
        committed = [outcome for outcome in batch.outcomes if isinstance(outcome, Recorded)]
        if committed:
            self.database.anchor.move(committed[-1].position, lambda: batch.leaves[-1].hash)
        self._wipe_after(committed)
        self._news.tell(committed, committed[-1].position if committed else 0)
        if committed:
            self._committed(len(committed), monotonic() - start)
        return batch.outcomes

    def _wipe_after(self, committed: Sequence[Recorded]) -> None:
        """Let go of what redactions erased, on the disk and at hand."""
        self._news.forget(committed)
        if streams_of(each.event for each in committed):
            self.database.wipe()

    def _is_through(self, batch: Batch) -> bool:
        """Whether an attempt came through. Raises Unavailable once the server has been lost for too long."""
        try:
            self._attempt(batch)
        except Lost:
            self._lost_at = self._lost_at or monotonic()
            if monotonic() - self._lost_at >= PATIENCE:
                raise
            return False
        self._lost_at = None
        return True

    def _attempt(self, batch: Batch) -> None:
        """Commit a batch, unless an attempt before did and only its answer was lost.

        Under the lock that is settled: while the lost connection's transaction is under way, it still holds it.
        """
        with self.database.appending(partial(_AskedOfBatch, batch)) as (connection, asked):
            if batch.entries and self._recorder.holds(connection, batch.entries[0]):
                return
            tip = asked.tip.tip()
            batch.attempt(
                tip.position, self._recorder.stamp(tip), set(asked.taken.rows()), asked.newest(), asked.redactions()
            )
            self._recorder.add(connection, tip, batch.entries, batch.leaves)
            self._recorder.rewrite(connection, batch.redactions.before(tip.position))


def _leaf(cursor: Cursor[TupleRow], position: int) -> bytes | None:
    row = cursor.execute(_LEAF, (position - 1,), binary=True).fetchone()
    return None if row is None else row[0]


class _AskedOfBatch:
    """What has to be known to append a batch, on its way: the tip, and what may refuse a draft."""

    def __init__(self, batch: Batch, connection: PatientConnection) -> None:
        names, after = batch.unless
        self.tip = AskedTip(connection)
        self.taken = Asked(connection, _TAKEN, batch.versions)
        self._newest = Asked(connection, _NEWEST, (names, after)) if names else None
        redacted = streams_of(draft.event for draft in batch.drafts)
        self._redacted = Asked(connection, _STREAMS, (redacted,)) if redacted else None

    def newest(self) -> dict[str, int]:
        return {} if self._newest is None else dict(self._newest.rows())

    def redactions(self) -> Redactions:
        return Redactions(() if self._redacted is None else map(Entry._make, self._redacted.rows()))


def _erase(events: Sequence[Recorded], entries: Sequence[Entry], redactions: Redactions) -> None:
    """Raises Misplaced for a redaction of what is not there."""
    for recorded, entry in zip(events, entries, strict=True):
        try:
            redactions.erase(recorded.event)
        except ValueError as error:
            raise Misplaced(recorded.position, str(error)) from error
        redactions.add(entry)
