"""What a projection is made of, as it is written and read: arrays of integers and lists of plain values.

They only ever grow, so a beginning of them is what they were: it can be written while more is appended.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, TypeAlias

Part: TypeAlias = "array[int] | list[Any]"
"""What a list holds JSON gives back, though a tuple as a list."""

Parts = Mapping[str, Part]

_AT_A_TIME = 20_000


def lengths(parts: Parts) -> dict[str, int]:
    """How far each has grown."""
    return {name: len(part) for name, part in parts.items()}


def written(part: Part, length: int) -> Iterator[bytes]:
    """The first so many, in pieces; nobody is kept waiting for longer than one takes."""
    for start in range(0, length, _AT_A_TIME):
        piece = part[start : min(start + _AT_A_TIME, length)]
        yield piece.tobytes() if isinstance(piece, array) else f"{json.dumps(piece)}\n".encode()


def read(part: Part, data: bytes) -> None:
    """Put what was written into an empty part. Raises ValueError for what was not."""
    if isinstance(part, array):
        part.frombytes(data)
    else:
        for line in data.decode().splitlines():
            part.extend(_texts(line) or json.loads(line))


def _texts(line: str) -> list[str]:
    """What a list holds, in half the time, if it is plain texts and no more: then every second quote ends one."""
    if "\\" in line or not (line.startswith('["') and line.endswith('"]')):
        return []
    found = line[2:-2].split('", "')
    return found if line.count('"') == 2 * len(found) else []


def digest(parts: Parts) -> str:
    """A fingerprint of all that there is in them."""
    found = sha256()
    for name, part in parts.items():
        found.update(f"{name} {len(part)}\n".encode())
        for piece in written(part, len(part)):
            found.update(piece)
    return found.hexdigest()
