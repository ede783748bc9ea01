"""Lines out of a stream of bytes, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import NamedTuple

_CHUNK = 65_536  # bytes


class Line(NamedTuple):
    """A line without its end. `number` is 1 for the first; `content` is None where it is longer than it may be."""

    number: int
    content: bytes | None


class Lines:
    """Fed with chunks, gives whole lines that are not blank. A line that is longer than `longest` bytes is not kept."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._parts: list[bytes] = []
        self._size = 0
        self._number = 0

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """The lines that end in this chunk."""
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            self._add(part)
            yield from self.end()
        self._add(rest)

    def end(self) -> Iterator[Line]:
        """What came since the last line's end, as a line."""
        self._number += 1
        content = None if self._size > self._longest else b"".join(self._parts)
        self._parts, self._size = [], 0
        if content is None or (not content.isspace() and content):
            yield Line(self._number, content)

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._longest:
            self._parts = []
        elif part:
            self._parts.append(part)


def lines_of(file: BufferedReader, longest: int, on_read: Callable[[int], None] = lambda _: None) -> Iterator[Line]:
    """The lines of a file that are not blank, as they come; `on_read` is told how many bytes were read each time."""
    lines = Lines(longest)
    while chunk := file.read1(_CHUNK):
        yield from lines.feed(chunk)
        on_read(len(chunk))
    yield from lines.end()
