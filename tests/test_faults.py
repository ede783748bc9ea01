"""Whatever fails under writers and a reader: what was acknowledged is there once, nothing is missed, `verify` passes.

Each test prints its account in a line; docs/faults.md has them all in a table.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import sleep

import pytest
from disk import Disk, small_disk
from postgres import PostgresServer, demanded, free_port, started
from proxy import Proxy, proxied
from running import Serving, address, await_true, environment, serving
from traffic import Heard, Traffic, accounted, appending, head_of, register, traffic

from domain.when.instant import HOUR
from event_store.log import Log
from service.clock import Clock, system_clock
from service.store import open_log

WRITERS = 4
ENGINES = ("sqlite", "postgres")


@pytest.fixture(scope="module")
def durable() -> Iterator[PostgresServer]:
    """A server that is as durable as it is by default."""
    demanded()
    with started({}) as server:
        yield server


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store on the engine that the test names."""
    if request.param == "sqlite":
        yield address(tmp_path / "chronology.db")
    else:
        server: PostgresServer = request.getfixturevalue("durable")
        yield server.new_database()


both = pytest.mark.parametrize("store", ENGINES, indirect=True)
on_postgres = pytest.mark.parametrize("store", ["postgres"], indirect=True)


@contextmanager
def opened(store: str, clock: Clock = system_clock) -> Iterator[Log]:
    log = open_log(store, clock, create=True)
    try:
        yield log
    finally:
        log.close()


def balance(what: str, store: str, acknowledged: Mapping[str, int], tails: Iterable[Heard], least: int) -> None:
    account = accounted(store, acknowledged, tails)
    engine = "SQLite" if store.startswith("sqlite") else "PostgreSQL"
    print(f"{engine}, {what}: {account.line}")
    account.must_balance(least)


WRITING = """
import json, sys
from domain.events import ForceRegistered
from domain.force import Force
from service.clock import Clock, system_clock
from service.store import open_log

log = open_log(sys.argv[1], system_clock, create=True)

def tell(promises):
    for recorded in (each.result() for each in promises):
        sys.stdout.write(json.dumps([recorded.stream, recorded.position]) + "\\n")
        sys.stdout.flush()

for i in range(1_000_000):
    promise = log.append(ForceRegistered(Force(f"{sys.argv[2]}-{i}", f"{sys.argv[2]}-{i}")), 1)
    promise.tell(tell)
    if i % 20 == 19:
        promise.result()
"""


@both
def test_writers_that_are_killed(store: str, tmp_path: Path) -> None:
    told = [tmp_path / f"told-{number}" for number in range(6)]

    def lines() -> int:
        return sum(each.read_bytes().count(b"\n") for each in told if each.exists())

    with opened(store) as log, traffic() as work:
        work.tail_log(log)
        running = [writer(store, each) for each in told[:3]]
        try:
            for each in told[3:]:
                wanted = lines() + 200
                await_true("more are told", lambda wanted=wanted: lines() >= wanted)
                victim = running.pop(0)
                victim.kill()
                victim.wait(20)
                running.append(writer(store, each))
            wanted = lines() + 200
            await_true("more are told", lambda: lines() >= wanted)
        finally:
            for left in running:
                left.kill()
                left.wait(20)
        work.stop(log.head)
        whole = [line for each in told for line in each.read_text().splitlines(keepends=True) if line.endswith("\n")]
        balance("six writers killed", store, dict(map(json.loads, whole)), work.tails, 800)


def writer(store: str, told: Path) -> subprocess.Popen[bytes]:
    with told.open("wb") as out:
        return subprocess.Popen([sys.executable, "-c", WRITING, store, told.name], stdout=out, env=environment())


@both
def test_a_service_that_is_killed(store: str) -> None:
    port = str(free_port())
    with traffic() as work:
        for life in range(3):
            with serving(store, "--port", port) as running:
                if life == 0:
                    register(running.url)
                    set_to_work(work, running)
                work.await_more(40)
                if life < 2:
                    running.kill()
                else:
                    work.stop(lambda: head_of(store))
        balance("serve killed twice", store, work.acknowledged, work.tails, 120)


def set_to_work(work: Traffic, running: Serving) -> None:
    for number in range(WRITERS):
        work.file(f"r{number}", running.url)
    work.tail_feed(running.url)


@on_postgres
def test_a_database_that_is_killed(store: str, durable: PostgresServer) -> None:
    with serving(store) as running, traffic() as work:
        register(running.url)
        set_to_work(work, running)
        for _ in range(2):
            work.await_more(40)
            durable.crash()
            sleep(0.5)
            durable.start()
        work.await_more(40)
        work.stop(lambda: head_of(store))
        balance("the database killed twice", store, work.acknowledged, work.tails, 120)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_disk_that_is_full(engine: str, tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk") as disk,
        kept_on(engine, disk) as (store, server),
        serving(store) as running,
        traffic() as work,
    ):
        register(running.url)
        set_to_work(work, running)
        work.await_more(40)
        disk.fill(lambda: processes(running, server))
        work.await_refusals(WRITERS)
        disk.free(lambda: processes(running, server))
        if server is not None:
            server.revive()  # a write-ahead log that can't be written ends it
        work.await_more(40)
        work.stop(lambda: head_of(store))
        balance(f"the disk full ({disk.kind})", store, work.acknowledged, work.tails, 80)


@contextmanager
def kept_on(engine: str, disk: Disk) -> Iterator[tuple[str, PostgresServer | None]]:
    if engine == "sqlite":
        yield address(disk.folder / "chronology.db"), None
        return
    demanded()
    server = PostgresServer(disk.folder, {"min_wal_size": "32MB", "max_wal_size": "32MB"})
    try:
        server.make()
        server.start()
        yield server.address(), server
    finally:
        server.stop()


def processes(running: Serving, server: PostgresServer | None) -> list[int]:
    return [running.process.pid] if server is None else server.processes


@both
def test_a_clock_that_is_set_back_an_hour(store: str) -> None:
    back = 0

    def clock() -> int:
        return system_clock() - back

    with opened(store, clock) as log, traffic() as work:
        work.tail_log(log)
        for number in range(WRITERS):
            work.write(f"force:w{number}", appending(log))
        work.await_more(200)
        back = HOUR
        work.await_more(200)
        work.stop(log.head)
        times = [each.recorded_at for each in log.entries(0, 10_000)]
        assert times == sorted(times)
        balance("the clock set back an hour", store, work.acknowledged, work.tails, 400)


def commits(chunk: bytes) -> bool:
    """A statement ends with a zero: a transaction that begins as READ COMMITTED is none."""
    return b"COMMIT\0" in chunk


def has_cut(proxy: Proxy, times: int) -> bool:
    return proxy.cuts >= times


@on_postgres
@pytest.mark.parametrize("way", ["lose_request", "lose_answer"], ids=["before the commit", "after the commit"])
def test_a_connection_that_is_cut(store: str, durable: PostgresServer, way: str) -> None:
    with proxied(durable.port) as proxy, opened(store.replace(str(durable.port), str(proxy.port))) as log:
        with traffic() as work:
            work.tail_log(log)
            for number in range(WRITERS):
                work.write(f"force:w{number}", appending(log))
            for cuts in range(1, 11):
                work.await_more(20)
                setattr(proxy, way, commits)
                work.await_true("cut", partial(has_cut, proxy, cuts), within=120)
            work.await_more(20)
            work.stop(log.head)
        when = "before" if way == "lose_request" else "after"
        balance(f"ten connections cut {when} the commit", store, work.acknowledged, work.tails, 200)
