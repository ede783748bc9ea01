"""A copy that is taken while events are appended, by the commands of docs/operations.md, is a log that verifies."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from postgres import PostgresServer, demanded, started
from running import address, await_true, chronology, environment
from test_crash import BURST

from event_store.log import Log
from service.clock import system_clock
from service.store import open_log

PAGE = Path(__file__).parent.parent / "docs" / "operations.md"


@contextmanager
def appending(store: str, told: Path) -> Iterator[None]:
    with told.open("wb") as out:
        writer = subprocess.Popen([sys.executable, "-c", BURST, store, "f"], stdout=out)
        try:
            await_true("500 told", lambda: told.stat().st_size > 15_000)
            yield
            assert writer.poll() is None
        finally:
            writer.kill()
            writer.wait(20)


def do_as_shown(name: str, folder: Path, **variables: str) -> None:
    """Run the commands that the page shows under a name, in a folder."""
    [commands] = re.findall(rf"^```sh {name}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    path = os.pathsep.join([str(Path(sys.executable).parent), str(demanded()), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=folder,
        env=environment(PATH=path, **variables),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert '"sound": true' in done.stdout


def check_copy(store: str, copy: str, told: dict[str, int]) -> None:
    """It holds what was told before it was taken, is what the log was then, and can be appended to."""
    one, other = (open_log(each, system_clock, create=False) for each in (store, copy))
    try:
        assert {stream: each for stream, each in positions(other).items() if stream in told} == told
        size = other.head()
        assert size >= len(told)
        assert one.head() > size
        assert one.tree.root(size) == other.tree.root(size)
        assert list(other.entries(size - 100)) == list(one.entries(size - 100, 100))
    finally:
        one.close()
        other.close()
    assert chronology("load", "hama-2024", store=copy).json["appended"] == 74
    assert chronology("verify", store=copy).json["sound"]


def positions(log: Log) -> dict[str, int]:
    found: dict[str, int] = {}
    while page := log.entries(len(found)):
        found |= {each.stream: each.position for each in page}
    return found


def told_so_far(file: Path) -> dict[str, int]:
    lines = file.read_text().splitlines(keepends=True)
    return dict(json.loads(line) for line in lines if line.endswith("\n"))


def test_of_sqlite(tmp_path: Path) -> None:
    if shutil.which("sqlite3") is None and os.environ.get("CI") != "true":
        pytest.skip("needs the program sqlite3")
    store = tmp_path / "chronology.db"
    with appending(address(store), tmp_path / "told"):
        told = told_so_far(tmp_path / "told")
        do_as_shown("backup of sqlite", tmp_path)
        size = len(told)
        await_true("more told", lambda: len(told_so_far(tmp_path / "told")) > size + 2000)
    check_copy(address(store), address(tmp_path / "copy.db"), told)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with started() as found:
        found.do("CREATE DATABASE chronology TEMPLATE template0")
        yield found


def test_of_postgresql(server: PostgresServer, tmp_path: Path) -> None:
    store = server.address("chronology")
    with appending(store, tmp_path / "told"):
        told = told_so_far(tmp_path / "told")
        do_as_shown("backup of postgresql", tmp_path, SERVER=store.rpartition("/")[0])
        size = len(told)
        await_true("more told", lambda: len(told_so_far(tmp_path / "told")) > size + 2000)
    check_copy(store, server.address("copy"), told)
