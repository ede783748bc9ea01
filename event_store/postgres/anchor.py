"""What a process has seen of the log, held to whatever server it connects to.

A standby may be promoted that lacks the last that was committed, or an older copy be brought back. Every connection
ends when that happens, so it is noticed by whoever connects: before anything is read there, or appended behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from psycopg.errors import UndefinedTable

from event_store.faults import Forked, Unavailable
from event_store.postgres.connection import PatientConnection

_LEAF = """
SELECT pg_is_in_recovery() AS reads, (SELECT hash FROM tree WHERE level = 0 AND number = %s) AS leaf
"""  # its leaf, not its row: words may be erased from a row


def _look(connection: PatientConnection, position: int) -> tuple[bytes | None, bool]:
    """The leaf of a position, if it is there, and whether that is on a standby."""
    try:
        found = connection.execute(_LEAF, (position - 1,), binary=True).fetchone()
    except UndefinedTable:  # nothing at all is there any more
        return None, False
    return (None, False) if found is None else (found["leaf"], found["reads"])


class Anchor:
    """The newest position that this process has followed or appended, with its leaf. `name` is the store's."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: tuple[int, bytes] | None = None
        self._moving = Lock()

    def move(self, position: int, leaf: Callable[[], bytes | None]) -> None:
        """That position was seen; the leaf is only asked for where none behind it was."""
        if self._seen is not None and self._seen[0] >= position:
            return
        found = leaf()
        with self._moving:
            if found is not None and (self._seen is None or self._seen[0] < position):
                self._seen = (position, found)

    def check(self, connection: PatientConnection) -> None:
        """Raise Forked where the log there is another; Unavailable where it is on a standby that may yet get so far."""
        if self._seen is None:
            return
        position, leaf = self._seen
        there, reads = _look(connection, position)
        if there == leaf:
            return
        if there is None and reads:
            raise Unavailable(f"{self._name} is a standby that is behind: it has not got to position {position} yet")
        what = "is not there any more" if there is None else "is another event now"
        raise Forked(
            f"{self._name} is not the log that was followed here: its position {position} {what}. A standby was "
            "promoted that lacked it, or an older copy brought back; start again to go on from what is there"
        )
