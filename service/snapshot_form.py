"""The form of a snapshot's file: parts one behind the other, what is registered, an index of them with their hashes.

It ends with the index's length, and its hash. Nothing is read as anything before its hash has been found right.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import IO, Any

import orjson

from domain.events import Recorded
from event_store.registered import read_registered, write_registered
from projections.parts import Part, Parts, read, written

Index = Mapping[str, Any]

_CHANGED = "it is not as it was written, or another edition of the program wrote it in another form"
_HASH_SIZE = 32
_LENGTH_SIZE = 8


class Foreign(Exception):
    """It is no snapshot of this log by this edition; the message says why."""


def write(to: IO[bytes], parts: Mapping[str, tuple[Part, int]], events: Sequence[Recorded], about: Index) -> None:
    """The first so many of each part, the events of what is registered, and what there is to say about them."""
    hash = sha256()

    def put(piece: bytes) -> int:
        hash.update(piece)
        return to.write(piece)

    lengths = {name: sum(map(put, written(part, count))) for name, (part, count) in parts.items()}
    registered = write_registered(events)
    to.write(registered)
    index = orjson.dumps(
        {
            **about,
            "parts": lengths,
            "hash": hash.hexdigest(),
            "registered": len(registered),
            "registered_hash": sha256(registered).hexdigest(),
        }
    )
    to.write(index + len(index).to_bytes(_LENGTH_SIZE) + sha256(index).digest())


def read_index(file: IO[bytes]) -> Index:
    """What was said about a file, which is then at its beginning. Raises Foreign where it is not as it was written."""
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
    found: Index = orjson.loads(index)
    return found


def read_parts(file: IO[bytes], index: Index, parts: Parts) -> list[Recorded]:
    """Fill the parts, which are empty; the events of what is registered.

    Raises Foreign where they are not as they were written: the parts are then of no use.
    """
    hash, texts = sha256(), []
    with ThreadPoolExecutor(1) as beside:  # to hash takes as long as to read, and lets the others go on
        for name, part in parts.items():
            if isinstance(part, array):
                _fill(part, file, index["parts"][name])
                beside.submit(hash.update, part)
            else:
                text = file.read(index["parts"][name])
                beside.submit(hash.update, text)
                texts.append((part, text))
        registered = file.read(index["registered"])
        if sha256(registered).hexdigest() != index["registered_hash"]:
            raise Foreign(_CHANGED)
        events = read_registered(registered)
    if hash.hexdigest() != index["hash"]:
        raise Foreign(_CHANGED)
    for part, text in texts:
        read(part, text)
    return events


def _fill(part: array[int], file: IO[bytes], length: int) -> None:
    """Put so many bytes into an empty array as they lie. Raises Foreign where there are fewer."""
    try:
        part.fromfile(file, length // part.itemsize)
    except EOFError:
        raise Foreign(_CHANGED) from None
