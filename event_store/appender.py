"""One appender: all appends of a process go through one writer, which commits what has queued up in one transaction.

It makes the order, turns one wait for the disk per request into one per batch, and gives SQLite the single writing
connection that it wants. An answer leaves only after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Lock, Thread

from event_store.draft import Draft
from event_store.faults import StoreFault, Unavailable
from event_store.promise import Outcome, Promise, settle

ENOUGH = 1000
"""To a batch of so many nothing more is added."""

Submitted = tuple[Draft, Promise]
Commit = Callable[[Sequence[Draft]], Sequence[Outcome]]
"""Commit a batch in one transaction; an outcome for each draft. Raises StoreFault where the whole batch failed."""


class Appender:
    """Takes drafts from any thread."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._held: list[Submitted] = []
        self._queue: SimpleQueue[list[Submitted] | None] = SimpleQueue()
        self._closing = Lock()  # nothing may queue up behind the end
        self._closed = False
        self._thread = Thread(target=self._run, name="appender", daemon=True)
        self._thread.start()

    def submit(self, draft: Draft, *, at_once: bool = True) -> Promise:
        """Queue a draft; it has its outcome once that is durable. It can't be cancelled.

        One that is not to be appended at once is held until the next that is, or until `begin`.
        """
        promise = Promise()
        with self._closing:
            if not self._closed:
                self._held.append((draft, promise))
                if at_once:
                    self._let_go()
                return promise
        settle([promise], [Unavailable("the store is closed")])
        return promise

    def begin(self) -> None:
        """Append what is held."""
        with self._closing:
            self._let_go()

    def _let_go(self) -> None:
        if self._held:
            self._queue.put(self._held)
            self._held = []

    def close(self) -> None:
        """Commit what is held or has queued up, then stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._let_go()
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = first
            last = False
            while len(batch) < ENOUGH and not self._queue.empty():
                more = self._queue.get()
                if more is None:
                    last = True
                    break
                batch += more
            self._answer(batch)
            if last:
                return

    def _answer(self, batch: Sequence[Submitted]) -> None:
        outcomes: Sequence[Outcome]
        try:
            outcomes = self._commit([draft for draft, _ in batch])
        except StoreFault as fault:
            outcomes = [fault] * len(batch)
        except Exception as error:  # the appender must outlive anything, or every later append would hang
            outcomes = [Unavailable(f"the store failed: {error}")] * len(batch)
        settle([promise for _, promise in batch], outcomes)
