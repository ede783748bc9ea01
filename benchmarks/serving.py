"""Services to put a load on: ours on a store, and the peers' (`benchmarks.bare`); each is a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

_POLL = 0.1  # seconds
TOKEN = "a-token-for-benchmarks"
AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}"}


@contextmanager
def service(store: Path) -> Iterator[str]:
    """Ours on a store, once it is ready, with its log of requests turned on as it is by default; its address."""
    command = [sys.executable, "-m", "service.cli.main", "serve", "--port", "0", "--store", f"sqlite:///{store}"]
    environment = {**os.environ, "CHRONOLOGY_ADMIN_TOKEN": TOKEN}
    with _serving(command, environment) as url:
        while status(f"{url}/health/ready") != HTTPStatus.OK:  # it still takes its log in
            sleep(_POLL)
        yield url


def status(url: str) -> int:
    """Of the answer to one request, with as little done beside it as can be: whoever asks may be timed."""
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.netloc)) as connection:
        connection.request("GET", parts.path)
        return connection.getresponse().status


@contextmanager
def bare(answers: Path) -> Iterator[str]:
    """The peer: FastAPI with nothing behind it, on the same server; its address."""
    with _serving([sys.executable, "-m", "benchmarks.bare", str(answers)], {**os.environ}) as url:
        yield url


@contextmanager
def _serving(command: list[str], environment: dict[str, str]) -> Iterator[str]:
    environment["PYTHONUNBUFFERED"] = "1"
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            lines: Iterator[str] = iter(process.stdout or ())
            yield next(found[1] for found in (re.search(r" at (http://\S+)$", line.strip()) for line in lines) if found)
        finally:
            process.terminate()
