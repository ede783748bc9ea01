"""Snapshots: what is kept in memory, written down as it was at a position, so that a restart need not read all the log.

A snapshot is a short cut and no more. It says of which log it is, by the root of the log's tree at its position, and
which edition of the program made it, and it is held to its own hash. One of another log or edition, or one that was cut
off or changed, is left aside, and the log is read from its beginning.

Its file has the parts one behind the other, then an index with the hash of them all, the index's length, and its hash.
Nothing is read as anything before its hash has been found right.
"""

from __future__ import annotations

import os
import secrets
from array import array
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from glob import escape
from hashlib import sha256
from pathlib import Path, PurePosixPath
from time import time
from typing import IO
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.json import Decoder, encode

from domain.events import Recorded
from event_store.faults import StoreFault
from event_store.log import Log
from projections.parts import Part, read, written
from projections.projections import Projections
from service.edition import edition
from service.logs import SERVICE
from service.registered import Registered
from service.settings import Settings
from service.store import sqlite_path

NONE = "none"
"""The setting that keeps none."""

_CHANGED = "it is not as it was written, or another edition of the program wrote it in another form"
_HASH_SIZE = 32
_LENGTH_SIZE = 8
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


class _Index(Struct):
    """Of a snapshot; `parts` are the lengths of them, in bytes."""

    position: int
    root: str
    edition: str
    hash: str
    parts: dict[str, int]
    registered: Registered


_INDEX = Decoder(_Index)


class Foreign(Exception):
    """It is no snapshot of this log by this edition; the message says why."""


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
        hash = sha256()

        def put(piece: bytes) -> int:
            hash.update(piece)
            return to.write(piece)

        lengths = {name: sum(map(put, written(part, count))) for name, (part, count) in taken.parts.items()}
        root, registered = self._log.tree.root(taken.position).hex(), Registered.of(taken.registered)
        index = encode(_Index(taken.position, root, edition(), hash.hexdigest(), lengths, registered))
        to.write(index + len(index).to_bytes(_LENGTH_SIZE) + sha256(index).digest())

    def _read(self, file: IO[bytes]) -> Projections:
        """Raises Foreign for what is no snapshot of this log."""
        index = _index(file)
        self._check(index)
        projections, hash, texts = Projections(), sha256(), []
        with ThreadPoolExecutor(1) as beside:  # to hash takes as long as to read, and lets the others go on
            for name, part in projections.parts().items():
                if isinstance(part, array):
                    _fill(part, file, index.parts[name])
                    beside.submit(hash.update, part)
                else:
                    texts.append((part, file.read(index.parts[name])))
                    beside.submit(hash.update, texts[-1][1])
            registered = index.registered.events()
        if hash.hexdigest() != index.hash:
            raise Foreign(_CHANGED)
        for part, text in texts:
            read(part, text)
        projections.restore(index.position, registered)
        return projections

    def _check(self, index: _Index) -> None:
        if index.edition != edition():
            raise Foreign("another edition of the program made it")
        if self._log.head() < index.position or self._log.tree.size() < index.position:
            raise Foreign(f"the log ends before its position, {index.position}")
        if self._log.tree.root(index.position).hex() != index.root:
            raise Foreign("it is of another log")


def _index(file: IO[bytes]) -> _Index:
    """What stands at the end of a file, which is then at its beginning. Raises Foreign where it is not right."""
    behind = _LENGTH_SIZE + _HASH_SIZE
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - behind))
    end = file.read()
    length = int.from_bytes(end[:_LENGTH_SIZE])
    if length > size - behind:
        raise Foreign(_CHANGED)
    file.seek(size - behind - length)
    index = file.read(length)
    if sha256(index).digest() != end[_LENGTH_SIZE:]:
        raise Foreign(_CHANGED)
    file.seek(0)
    return _INDEX.decode(index)


def _fill(part: array[int], file: IO[bytes], length: int) -> None:
    """Put so many bytes into an empty array as they lie. Raises Foreign where there are fewer."""
    try:
        part.fromfile(file, length // part.itemsize)
    except EOFError:
        raise Foreign(_CHANGED) from None


def _tell(what: str, file: Path, reason: Exception) -> None:
    SERVICE.warning(what, extra={"fields": {"file": str(file), "why": str(reason)}})
