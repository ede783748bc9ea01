"""A generated chronology opened: its log, and the projections that have followed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.cache import stored
from benchmarks.chronicle import END
from benchmarks.shape import Shape
from event_store.log import read_all
from event_store.sqlite.log import SQLiteLog
from projections.control import ControlProjection
from projections.outline import Outline
from projections.projections import Projections
from service.wiring import build_projections


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


def control_of(log: SQLiteLog) -> tuple[ControlProjection, Outline]:
    """Only what answers who held what, and the outline of the events."""
    control, outline = ControlProjection(), Outline()
    for recorded in read_all(log):
        control.apply(recorded)
        outline.apply(recorded)
    return control, outline


def projections_of(shape: Shape) -> Projections:
    with log_of(shape) as log:
        return build_projections(log)
