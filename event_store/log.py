"""The log's duties, the same on every engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.events import Event, Recorded, ReportFiled, report_stream
from domain.history import ReportHistory
from domain.when.instant import BEGINNING
from event_store.entry import Entry, Row
from event_store.faults import Damaged
from event_store.promise import Promise
from event_store.tree import Tree

PAGE = 1000
"""How many events are read at a time."""


@dataclass(frozen=True, slots=True)
class Unless:
    """Refuse an append if an event of that kind stands after the position."""

    kind: type[Event]
    after: int


class Log(Protocol):
    """Every event in one order: positions 1, 2, 3, … without a gap, `recorded_at` never running back."""

    def append(
        self,
        event: Event,
        version: int,
        unless: Unless | None = None,
        not_before: int = BEGINNING,
        *,
        at_once: bool = True,
    ) -> Promise:
        """Append an event as that version of its stream (1 for the first), recorded at `not_before` or later.

        The promise MUST NOT have a result before the event is durable. It raises Taken where the version exists or
        `unless` applies, and Unavailable where the store failed: then the event may or may not have been appended.
        A failing append fails alone. Raises ValueError for an event that no leaf can be made of.

        A ReportRedacted MUST erase what it names in the very transaction that appends it (event_store/erasing.py): each
        row gets the data and the salt of the entry without those parts. It raises ValueError where one is not there.
        When it has its result the words MUST be gone from every copy that the engine makes by itself (freed
        pages, dead rows, a write-ahead log, what is at hand), or be marked to be, so that a crash forgets nothing.

        One that is not to be appended `at_once` is held until the next that is, or until `begin`, which its caller MUST
        see to: to wake whoever appends is dear, and who has more to append can do so once for all.
        """

    def begin(self) -> None:
        """Append what is held. From any thread."""

    def restore(self, events: Sequence[Recorded]) -> None:
        """Append events that a log gave, exactly as they are: with their positions, times, versions and salts.

        One that comes without a salt gets one. A ReportRedacted erases as when it is appended, also what came with it.

        It MUST NOT return before they are durable, and appends all of them or none. Raises Misplaced for one that does
        not follow on what the log holds (position, version, `recorded_at`) or stands in another stream than its own,
        and Unavailable where the store failed.
        """

    def read(self, after: int, limit: int = PAGE) -> Sequence[Recorded]:
        """The events after a position, in order, at most `limit`. Raises Damaged for one that can't be read."""

    def entries(self, after: int, limit: int = PAGE) -> Sequence[Entry]:
        """The same as they stand in the store, unread and unchecked: also what is not where it must be."""

    def places(self, entries: Sequence[Entry]) -> Sequence[int | None]:
        """Where `stream` finds each of them: the position that the index has for its stream and version, if any."""

    def check(self) -> Sequence[str]:
        """What the engine itself finds amiss with how the store is kept, a line each, as far as it looks."""

    def rows(self, after: int, limit: int = PAGE) -> Sequence[Row]:
        """The same as fast as can be, without streams and salts."""

    def recent(self, after: int, limit: int = PAGE) -> Sequence[Recorded]:
        """The same, if this process appended them of late and has them at hand; else none, and they are to be read."""

    def stream(self, name: str) -> Sequence[Recorded]:
        """All events of a stream (`report:ID`), in order of version; none for a stream that there is none of.

        Found by an index, however long the log. Raises Damaged for one that can't be read, or that does not follow
        the version before it.
        """

    def head(self) -> int:
        """The newest position, 0 for an empty log."""

    @property
    def tree(self) -> Tree:
        """The log as a Merkle tree: a leaf for each event, put there by whatever appended it."""

    @property
    def acknowledged(self) -> int:
        """The newest position that this process knows of."""

    def wait(self, after: int, timeout: float) -> int:
        """Wait until there are events after a position, or for that many seconds; the newest position."""

    def close(self) -> None: ...


def read_all(log: Log, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
    """The events after a position, up to and including `until` (by default, to the end of the log)."""
    while page := log.read(after):
        for recorded in page:
            if until is not None and recorded.position > until:
                return
            yield recorded
        after = page[-1].position


def read_history(log: Log, id: str) -> ReportHistory | None:
    """All that has happened to a report, from its stream; None where there is no such report.

    Raises Damaged where the stream is not that of a report.
    """
    events = log.stream(report_stream(id))
    if not events:
        return None
    if not isinstance(events[0].event, ReportFiled):
        raise Damaged(events[0].position, f"the report {id!r} was not filed before it")
    history = ReportHistory(id)
    for recorded in events:
        try:
            history.add(recorded)
        except ValueError as error:
            raise Damaged(recorded.position, str(error)) from error
    return history
