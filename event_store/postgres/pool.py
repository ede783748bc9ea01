"""Connections to one server, kept open between their uses.

`psycopg_pool` connects in threads of its own: who asks in an outage waits for a timeout that does not say why, and
once the server is back, for a pause that has grown with the outage. Here whoever needs a connection makes it, and is
told at once what is the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from select import POLLIN, poll
from threading import BoundedSemaphore, Lock
from typing import Any

from psycopg import InterfaceError
from psycopg.pq import TransactionStatus

from event_store.postgres.connection import PatientConnection

PATIENCE = 10  # seconds that somebody waits for one of the connections to be free


class Pool:
    """At most `size` connections at once, for any thread. `connect` makes one; it MUST be in autocommit."""

    def __init__(self, connect: Callable[[], PatientConnection], size: int) -> None:
        self._connect = connect
        self._free = BoundedSemaphore(size)
        self._idle: list[PatientConnection] = []
        self._changing = Lock()
        self._closed = False

    def open(self, *_: Any) -> None:
        """For the library, which opens a pool before each use."""

    @contextmanager
    def connection(self) -> Iterator[PatientConnection]:
        """A connection of one's own for a while. Raises psycopg.OperationalError where none can be made.

        Raises psycopg.InterfaceError where the pool is closed, or all are in use.
        """
        if not self._free.acquire(timeout=PATIENCE):
            raise InterfaceError("all of this process's connections to it are in use")
        try:
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close every connection; those in use, when they are given back."""
        with self._changing:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> PatientConnection:
        while True:
            with self._changing:
                if self._closed:
                    raise InterfaceError("it is closed")
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._connect()
            if _is_quiet(connection):
                return connection
            connection.close()

    def _give_back(self, connection: PatientConnection) -> None:
        sound = not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE
        with self._changing:
            if sound and not self._closed:
                self._idle.append(connection)
                return
        connection.close()


def _is_quiet(connection: PatientConnection) -> bool:
    """Whether nothing has come from the server unasked: what does is that it ended the connection."""
    if connection.closed:
        return False
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    return not waiting.poll(0)
