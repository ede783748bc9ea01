"""The log of a generated chronology, opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.cache import stored
from benchmarks.chronicle import END
from benchmarks.shape import Shape
from event_store.sqlite.log import SQLiteLog


@contextmanager
def log_at(path: Path) -> Iterator[SQLiteLog]:
    log = SQLiteLog(path, lambda: END, create=False)
    try:
        yield log
    finally:
        log.close()


def log_of(shape: Shape) -> AbstractContextManager[SQLiteLog]:
    """To read only: it is the one that is kept."""
    return log_at(stored(shape))
