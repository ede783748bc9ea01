"""A connection that does not wait for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.rows import DictRow

RV = TypeVar("RV")

PATIENCE = 310.0  # seconds: a little more than the server gives a statement


class PatientConnection(Connection[DictRow]):
    """Is given up where the server takes too long with an answer.

    The server's own timeouts do not hold for all: a commit that waits for a standby has none, and a server that hangs
    keeps none.
    """

    patience = PATIENCE

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Have another patience for a while."""
        before, self.patience = self.patience, seconds
        try:
            yield
        finally:
            self.patience = before

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        start = monotonic()
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except OperationalError as error:
            if timeout is not None or monotonic() - start < self.patience:
                raise
            self.close()
            raise OperationalError(f"no answer in {self.patience:g} seconds") from error
