"""Hears of what other processes append to the log, by PostgreSQL's own notifications."""

from __future__ import annotations

import socket
from collections.abc import Callable
from select import POLLIN, poll
from threading import Thread

import psycopg

from event_store.faults import Unavailable
from event_store.postgres.connection import PatientConnection
from event_store.postgres.recorder import CHANNEL

_PAUSE = 1  # seconds before it is tried again
_RECOVERY = 5  # seconds between looks whether a standby is one still


class Listening:
    """A thread with a connection of its own. `hear` is told of each position; `head` gives it, to begin with.

    On a standby nobody can listen; it waits until that is made the primary.
    """

    def __init__(
        self, connect: Callable[[], PatientConnection], head: Callable[[], int], hear: Callable[[int], None]
    ) -> None:
        self.hears = False
        self._connect = connect
        self._head = head
        self._hear = hear
        self._stop, self._stopped = socket.socketpair()
        self._thread = Thread(target=self._run, name="listening", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.close()
        self._thread.join()

    def _run(self) -> None:
        with self._stopped:
            while not self._is_stopped(0):
                try:
                    with self._connect() as connection:
                        self._listen(connection)
                except (psycopg.Error, Unavailable):
                    self.hears = False
                    self._is_stopped(_PAUSE)

    def _listen(self, connection: PatientConnection) -> None:
        while _is_standby(connection):
            if self._is_stopped(_RECOVERY):
                return
        connection.execute(f"LISTEN {CHANNEL}")
        self._hear(self._head())
        self.hears = True
        while not self._is_stopped(None, connection):
            for notice in connection.notifies(timeout=0):
                self._hear(int(notice.payload))

    def _is_stopped(self, seconds: float | None, connection: PatientConnection | None = None) -> bool:
        """Wait that long, or until the connection has something to say, or until it is to stop."""
        waiting = poll()
        waiting.register(self._stopped, POLLIN)
        if connection is not None:
            waiting.register(connection, POLLIN)
        ready = waiting.poll(None if seconds is None else seconds * 1000)
        return any(file == self._stopped.fileno() for file, _ in ready)


def _is_standby(connection: PatientConnection) -> bool:
    return connection.execute("SELECT pg_is_in_recovery() AS is_standby").fetchone() == {"is_standby": True}
