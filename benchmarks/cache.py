"""Generated chronologies as stores, kept from one run to the next."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

from benchmarks.chronicle import END, Chronicle
from benchmarks.shape import Shape
from domain.events import Recorded
from event_store.sqlite.database import VERSION
from event_store.sqlite.log import SQLiteLog

_AT_A_TIME = 10_000


def folder() -> Path:
    """Where they are kept: `CHRONOLOGY_BENCHMARKS`, or a folder of the system's for what may be lost."""
    found = Path(os.environ.get("CHRONOLOGY_BENCHMARKS") or Path(tempfile.gettempdir()) / "chronology-benchmarks")
    found.mkdir(parents=True, exist_ok=True)
    return found


def stored(shape: Shape) -> Path:
    """A store with the chronology of a shape: only its log. It is made if this generator has not made it yet.

    It is for all to read; who writes takes a copy (`copied`).
    """
    path = folder() / f"{shape.name}-{_generator()}.db"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        for each in folder().glob(f"{unfinished.name}*"):
            each.unlink()
        _fill(unfinished, shape)
        unfinished.rename(path)
    return path


def copied(shape: Shape, into: Path) -> Path:
    """A copy of the store, for one's own use."""
    return Path(shutil.copyfile(stored(shape), into / "chronology.db"))


def _generator() -> str:
    """What made it: the text of the generator, and the form of a store's tables."""
    texts = b"".join((Path(__file__).parent / name).read_bytes() for name in ("chronicle.py", "country.py"))
    return sha256(texts + str(VERSION).encode()).hexdigest()[:12]


def _fill(path: Path, shape: Shape) -> None:
    log = SQLiteLog(path, lambda: END)
    try:
        for batch in _batches(iter(Chronicle(shape).recorded())):
            log.restore(batch)
    finally:
        log.close()


def _batches(events: Iterator[Recorded]) -> Iterator[list[Recorded]]:
    while batch := list(islice(events, _AT_A_TIME)):
        yield batch
