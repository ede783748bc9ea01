"""Snapshots: what is kept in memory, written down as it was at a position, so that a restart need not read all the log.

A snapshot is a short cut and no more. It says of which log it is, by the root of the log's tree at its position, and
which edition of the program made it, and it is held to its own hash. One of another log or edition, or one that was cut
off or changed, is left aside, and the log is read from its beginning.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path, PurePosixPath
from time import time
from typing import IO
from urllib.parse import unquote, urlsplit

from domain.events import Recorded
from event_store.faults import StoreFault
from event_store.log import Log
from projections.parts import Part
from projections.projections import Projections
from service.edition import edition
from service.logs import SERVICE
from service.settings import Settings
from service.snapshot_form import Foreign, Index, read_index, read_parts, write
from service.store import sqlite_path

NONE = "none"
"""The setting that keeps none."""

_AT_LEAST = 10_000
_ABANDONED = 3600  # seconds
_SHARE = 20
"""A snapshot is due when so many events, and one in so many of all, have come in since the last."""


def snapshot_file(settings: Settings) -> Path | None:
    """Where the snapshot of a store lies: in the folder that is set, or else beside the store, if that is a file."""
    store = PurePosixPath(unquote(urlsplit(settings.store).path))
    if settings.snapshots == NONE:
        return None
    if settings.snapshots is not None:
        return Path(settings.snapshots) / f"{store.name}-snapshot"
    file = sqlite_path(settings.store) if settings.store.startswith("sqlite:") else None
    return file and file.with_name(f"{file.name}-snapshot")


@dataclass(frozen=True, slots=True)
class Taken:
    """What is in memory at a position: how far each part has grown, and the events of what is registered.

    Nothing is copied: parts only grow, so their beginnings can be written meanwhile.
    """

    position: int
    parts: Mapping[str, tuple[Part, int]]
    registered: Sequence[Recorded]


def take(projections: Projections) -> Taken:
    """To be called between two events."""
    parts = {name: (part, len(part)) for name, part in projections.parts().items()}
    return Taken(projections.position, parts, projections.registered[:])


class Snapshots:
    """The snapshot of a log, in a file; None keeps none."""

    def __init__(self, log: Log, file: Path | None) -> None:
        self._log = log
        self._file = file
        self._position = 0

    def due(self, position: int) -> bool:
        fresh = position - self._position
        return self._file is not None and fresh >= max(_AT_LEAST, position // _SHARE)

    def load(self) -> Projections:
        """The projections as they were; empty ones where there is no snapshot that can be used."""
        if self._file is None:
            return Projections()
        try:
            with self._file.open("rb") as file:
                projections = self._read(file)
        except FileNotFoundError:
            return Projections()
        except (OSError, Foreign, StoreFault) as reason:
            _tell("the snapshot is left aside", self._file, reason)
            return Projections()
        self._position = projections.position
        return projections

    def write(self, taken: Taken) -> None:
        """Put it in the last one's place: whole and durable, or not at all. What stands in the way is logged.

        A kill leaves the last one, and perhaps an unfinished file, which the next write removes.
        """
        if self._file is None:
            return
        fresh = self._file.with_name(f"{self._file.name}-{secrets.token_hex(4)}")
        try:
            self._remove_unfinished(self._file)
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:  # noqa: PTH123 - a mode
                self._write(taken, to)
                to.flush()
                os.fsync(to.fileno())
            fresh.replace(self._file)
            self._position = taken.position
        except (OSError, StoreFault) as reason:
            _tell("no snapshot could be written", self._file, reason)
            with suppress(OSError):
                fresh.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove it."""
        if self._file is not None:
            with suppress(FileNotFoundError):
                self._file.unlink()
        self._position = 0

    def _remove_unfinished(self, file: Path) -> None:
        """What a process that was killed has left; not what another one is just writing."""
        for each in file.parent.glob(f"{escape(file.name)}-????????"):
            if time() - each.stat().st_mtime > _ABANDONED:
                each.unlink(missing_ok=True)

    def _write(self, taken: Taken, to: IO[bytes]) -> None:
        root = self._log.tree.root(taken.position).hex()
        about = {"position": taken.position, "root": root, "edition": edition()}
        write(to, taken.parts, taken.registered, about)

    def _read(self, file: IO[bytes]) -> Projections:
        """Raises Foreign for what is no snapshot of this log."""
        index = read_index(file)
        self._check(index)
        projections = Projections()
        registered = read_parts(file, index, projections.parts())
        projections.restore(index["position"], registered)
        return projections

    def _check(self, index: Index) -> None:
        if index["edition"] != edition():
            raise Foreign("another edition of the program made it")
        position = index["position"]
        if self._log.head() < position or self._log.tree.size() < position:
            raise Foreign(f"the log ends before its position, {position}")
        if self._log.tree.root(position).hex() != index["root"]:
            raise Foreign("it is of another log")


def _tell(what: str, file: Path, reason: Exception) -> None:
    SERVICE.warning(what, extra={"fields": {"file": str(file), "why": str(reason)}})
