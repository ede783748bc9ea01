"""The program as its users run it: a command to its end, or `serve` until it is stopped or killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import monotonic, sleep
from typing import Any

import httpx
from guarding import Guard

PROGRAM = [sys.executable, "-m", "service.cli.main"]
ADMIN = "an-admin-token-for-tests"


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.status == 0, self
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line that it ended with; nothing else was said, and no traceback was shown."""
        assert self.out == "", self
        lines = self.err.splitlines()
        assert len(lines) == 1, self
        assert lines[0].startswith("chronology: "), self
        return lines[0].removeprefix("chronology: ")


def environment(**more: str) -> dict[str, str]:
    """This process's, without its own settings of the program."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CHRONOLOGY_")}
    return {**own, **more}


def address(store: Path | str) -> str:
    """Of a file, or as it is."""
    return store if isinstance(store, str) else f"sqlite:///{store}"


def chronology(
    *arguments: str, store: Path | str | None = None, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Ended:
    """Run a command with its output piped."""
    given = [*arguments, *(() if store is None else ("--store", address(store)))]
    found = subprocess.run(
        [*PROGRAM, *given], capture_output=True, text=True, env=environment(**(env or {})), cwd=cwd, timeout=60
    )
    return Ended(found.returncode, found.stdout, found.stderr)


class Serving:
    """A running `chronology serve`, and where it is."""

    def __init__(self, process: subprocess.Popen[bytes], out: Path, err: Path) -> None:
        self.process = process
        self.url = ""
        self._out = out
        self._err = err

    def await_address(self) -> None:
        until = monotonic() + 40
        while not (found := re.search(r" at (http://\S+)\n", self.said)):
            assert self.process.poll() is None, self.ended()
            assert monotonic() < until, "serve told no address"
            sleep(0.01)
        self.url = found[1]

    @property
    def said(self) -> str:
        return self._out.read_text()

    @property
    def complained(self) -> str:
        return self._err.read_text()

    def client(self, token: str = ADMIN) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)

    def kill(self) -> None:
        """As a power cut does: at once, with nothing to be put in order."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=20)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> Ended:
        self.process.send_signal(by)
        return self.ended()

    def ended(self, within: float = 20) -> Ended:
        """Wait for it to end by itself."""
        status = self.process.wait(timeout=within)
        return Ended(status, self.said, self._err.read_text())


@contextmanager
def started(store: Path | str, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Serving]:
    """`serve` on a free port, perhaps not there yet; killed at the end of the block if it still runs."""
    folder = mkdtemp(prefix="chronology-serving-")
    try:
        with _started(store, Path(folder), arguments, env or {}) as running:
            yield running
    finally:
        rmtree(folder)


@contextmanager
def _started(store: Path | str, folder: Path, arguments: tuple[str, ...], env: Mapping[str, str]) -> Iterator[Serving]:
    out, err = folder / "said", folder / "complained"
    command = [*PROGRAM, "serve", "--port", "0", "--store", address(store), *arguments]
    with out.open("wb") as to, err.open("wb") as complaints:
        process = subprocess.Popen(
            command,
            stdout=to,
            stderr=complaints,
            env=environment(**{"CHRONOLOGY_ADMIN_TOKEN": ADMIN, "CHRONOLOGY_LOG": "warning", **env}),
        )
    running, guard = Serving(process, out, err), Guard(process)
    try:
        yield running
    finally:
        guard.let_go()
        if process.poll() is None:
            running.kill()


@contextmanager
def serving(store: Path | str, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Serving]:
    """`serve` on a free port, from when it has told its address."""
    with started(store, *arguments, env=env) as running:
        running.await_address()
        yield running


def await_true(what: str, holds: Any, within: float = 30) -> None:
    """Wait until something holds."""
    until = monotonic() + within
    while not holds():
        assert monotonic() < until, f"not within {within} s: {what}"
        sleep(0.005)
