"""Reports over HTTP: one NDJSON body, beside single POSTs by 64 clients of the same reports in the same run.

Both go to a service of their own on an empty store, in another process on the same machine, in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import httpx

CLIENTS = 64
TOKEN = "a-token-for-benchmarks"
PLACES, FORCES, SOURCES = 500, 7, 20

Send = Callable[[str, Sequence[bytes]], Coroutine[Any, Any, None]]


def report(i: int) -> bytes:
    """A report alike in size to those of hama-2024."""
    text = f"Force {i % FORCES} was said to have taken place {i % PLACES} after fighting that went on into the night."
    claim = {"kind": "control", "place": f"p-{i % PLACES}", "forces": [f"f-{i % FORCES}"], "effect": "takes"}
    source = {"source": f"s-{i % SOURCES}", "citation": f"sentence {i}"}
    occurred = f"2024-12-{1 + i % 28:02} night"
    body = {"id": f"r-{i:012}", "text": text, "occurred": occurred, "sources": [source], "claims": [claim]}
    return json.dumps(body).encode()


@contextmanager
def service(folder: Path) -> Iterator[str]:
    """A service on an empty store, with the places, forces and sources registered; its address."""
    command = [sys.executable, "-m", "service.cli.main", "serve", "--port", "0", "--store", f"sqlite:///{folder}/c.db"]
    environment = {**os.environ, "CHRONOLOGY_ADMIN_TOKEN": TOKEN, "CHRONOLOGY_LOG": "warning"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            lines: Iterator[str] = iter(process.stdout or ())
            url = next(found[1] for found in (re.search(r" at (http://\S+)$", line.strip()) for line in lines) if found)
            register(url)
            yield url
        finally:
            process.terminate()


def register(url: str) -> None:
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        for i in range(PLACES):
            client.post("/v1/places", json={"id": f"p-{i}", "name": f"p {i}", "kind": "town"}).raise_for_status()
        for i in range(FORCES):
            client.post("/v1/forces", json={"id": f"f-{i}", "name": f"f {i}"}).raise_for_status()
        for i in range(SOURCES):
            client.post("/v1/sources", json={"id": f"s-{i}", "name": f"s {i}"}).raise_for_status()


async def bulk(url: str, reports: Sequence[bytes]) -> None:
    reader, writer = await connect(url)
    body = b"\n".join(reports)
    writer.write(head("application/x-ndjson", len(body)) + body)
    await reader.readuntil(b"\r\n\r\n")
    answer = bytearray()
    while size := int(await reader.readline(), 16):
        answer += (await reader.readexactly(size + 2))[:-2]
    writer.close()
    if answer.count(b'"status":201') != len(reports):
        raise AssertionError("a report was not taken")


async def single(url: str, reports: Sequence[bytes]) -> None:
    left = iter(reports)

    async def client() -> None:
        reader, writer = await connect(url)
        for each in left:
            writer.write(head("application/json", len(each)) + each)
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 201"):
                raise AssertionError(answer)
            length = re.search(rb"content-length: (\d+)", answer)
            await reader.readexactly(int(length[1]) if length else 0)
        writer.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = httpx.URL(url)
    return await asyncio.open_connection(address.host, address.port)


def head(media_type: str, length: int) -> bytes:
    lines = (
        "POST /v1/reports HTTP/1.1",
        "Host: benchmark",
        f"Authorization: Bearer {TOKEN}",
        f"Content-Type: {media_type}",
        f"Content-Length: {length}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def rate(send: Send, reports: Sequence[bytes]) -> float:
    with TemporaryDirectory() as folder, service(Path(folder)) as url:
        start = perf_counter()
        asyncio.run(send(url, reports))
        return len(reports) / (perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reports", type=int, default=20_000)
    arguments = parser.parse_args()
    reports = [report(i) for i in range(arguments.reports)]
    ratios = []
    for _ in range(arguments.rounds):
        one_by_one, together = rate(single, reports[: len(reports) // 4]), rate(bulk, reports)
        ratios.append(together / one_by_one)
        print(f"bulk: {together:.0f} lines/s; {CLIENTS} clients: {one_by_one:.0f} posts/s; {ratios[-1]:.1f} times")
    print(f"median of {arguments.rounds} rounds: {median(ratios):.1f} times")


if __name__ == "__main__":
    main()
