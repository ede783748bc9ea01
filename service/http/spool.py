"""What waits to be taken: first in, first out, in a temporary file."""

from __future__ import annotations

import asyncio
import os
from tempfile import TemporaryFile

_CHUNK = 65_536  # bytes


class Spool:
    """Whoever writes never waits for whoever reads; what is not yet read takes no memory."""

    def __init__(self) -> None:
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `close`
        self._read = 0
        self._written = 0
        self._ended = False
        self._news = asyncio.Event()

    def write(self, data: bytes) -> None:
        while data:
            count = os.pwrite(self._file.fileno(), data, self._written)
            self._written += count
            data = data[count:]
        self._news.set()

    def end(self) -> None:
        """Nothing more is written."""
        self._ended = True
        self._news.set()

    async def read(self) -> bytes:
        """The next bytes, once there are some; none at the end."""
        while self._read == self._written and not self._ended:
            self._news.clear()
            await self._news.wait()
        found = os.pread(self._file.fileno(), _CHUNK, self._read)
        self._read += len(found)
        if self._read == self._written:  # all of it is taken: begin again at the start, or the file would only grow
            self._file.truncate(0)
            self._read = self._written = 0
        return found

    def close(self) -> None:
        self._file.close()
