"""Load over HTTP/1.1, from a process of its own: so many clients, each of whom waits for its answer before the next.

It writes requests that are ready and reads of an answer no more than its status and its length, so that on the second
core it is not what holds a service up.
"""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import uvloop

CLIENTS = 64
_WARMING = 0.15
"""The share of the time that is not counted, at the beginning."""
_LOOK = 0.01  # seconds


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    named = {"Host": "benchmark", **(headers or {}), **({"Content-Length": str(len(body))} if body else {})}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def load(url: str, requests: Sequence[bytes], seconds: float, clients: int = CLIENTS) -> float:
    """How many answers a second there are to the requests, over and over. Raises AssertionError where one fails."""
    with TemporaryDirectory() as folder:
        ready = Path(folder) / "requests"
        ready.write_bytes(pickle.dumps(requests))
        command = [sys.executable, "-m", "benchmarks.load", url, str(ready), str(seconds), str(clients)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return float(done.stdout)


class _Client(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], tally: _Tally) -> None:
        self._requests = requests
        self._tally = tally
        self._wanted = 0
        self._left = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        if not self._wanted:
            data = self._left + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._left = data
                return
            self._left = b""
            head = data[:end].lower()
            if not head.startswith(b"http/1.1 2"):
                self._tally.fail(data)
                return
            at = head.index(b"content-length: ") + 16
            self._wanted = end + 4 + int(head[at:].split(b"\r", 1)[0])
        self._wanted -= len(data)
        if not self._wanted:
            self._tally.count += 1
            self._transport.write(next(self._requests))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._tally.over:
            self._tally.fail(b"the connection was closed")


class _Tally:
    def __init__(self) -> None:
        self.count = 0
        self.over = False
        self.failure = asyncio.get_running_loop().create_future()

    def fail(self, answer: bytes) -> None:
        if not self.failure.done():
            self.failure.set_exception(AssertionError(answer[:2000].decode(errors="replace")))


async def _run(url: str, requests: Sequence[bytes], seconds: float, clients: int) -> float:
    address, loop, tally = urlsplit(url), asyncio.get_running_loop(), _Tally()
    ready = cycle(requests)
    for _ in range(clients):
        await loop.create_connection(lambda: _Client(ready, tally), address.hostname or "", address.port or 80)
    await asyncio.sleep(seconds * _WARMING)
    start, before = perf_counter(), tally.count
    await asyncio.wait([tally.failure], timeout=seconds)
    while tally.count - before < clients and not tally.failure.done():  # each has to have had an answer
        await asyncio.wait([tally.failure], timeout=_LOOK)
    found = (tally.count - before) / (perf_counter() - start)
    tally.over = True
    if tally.failure.done():
        tally.failure.result()
    tally.failure.cancel()
    return found


if __name__ == "__main__":
    _url, _ready, _seconds, _clients = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        _requests = pickle.loads(Path(_ready).read_bytes())
        print(runner.run(_run(_url, _requests, float(_seconds), int(_clients))))
