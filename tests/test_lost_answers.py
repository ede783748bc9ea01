"""A connection to PostgreSQL that is lost around a commit: what came of it is read back, never guessed.

Failed and lost: the commit did not happen, and the append is made again. Failed but kept: it did, and is acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import orjson
import pytest
from postgres import PostgresServer
from proxy import Proxy, proxied
from running import await_true

from domain.events import Event, ForceRegistered
from domain.force import Force
from event_store.faults import Taken, Unavailable
from event_store.log import Log, read_all
from event_store.postgres import database
from event_store.postgres import log as postgres_log
from event_store.postgres.log import PostgresLog
from event_store.postgres.recorder import AskedTip
from event_store.promise import Promise
from event_store.sqlite.log import SQLiteLog
from service.clock import system_clock
from service.lines import Line
from service.log_file import Loaded, load_log, log_lines
from service.tree_check import tree_faults

PATIENCE = 20  # seconds
Loses = Callable[[bytes], bool]


def commits(chunk: bytes) -> bool:
    return b"COMMIT\0" in chunk  # and not a transaction that begins as READ COMMITTED


@pytest.fixture
def proxy(postgres_server: PostgresServer) -> Iterator[Proxy]:
    with proxied(postgres_server.port) as found:
        yield found


@pytest.fixture
def log(postgres_address: str, proxy: Proxy) -> Iterator[PostgresLog]:
    """A log at the far end of the wire; at the end of the test it is sound, and nothing is there twice."""
    database_name = postgres_address.rpartition("/")[2]
    found = PostgresLog(f"postgresql://postgres@127.0.0.1:{proxy.port}/{database_name}", system_clock)
    yield found
    proxy.down = False
    found.close()
    direct = PostgresLog(postgres_address, system_clock)
    check_whole(direct)
    direct.close()


def check_whole(log: Log) -> None:
    everything = list(read_all(log))
    assert [each.position for each in everything] == list(range(1, len(everything) + 1))
    assert len({each.event for each in everything}) == len(everything), "something is there twice"
    assert list(tree_faults(log)) == []


def force(id: str) -> Event:
    return ForceRegistered(Force(id, id))


def append(log: Log, *ids: str) -> list[Promise]:
    return [log.append(force(id), 1) for id in ids]


@pytest.mark.parametrize("way", ["lose_request", "lose_answer"], ids=["failed and lost", "failed but kept"])
def test_an_append_whose_connection_is_lost_around_its_commit_is_acknowledged_once(
    log: PostgresLog, proxy: Proxy, way: str
) -> None:
    before = [each.result(PATIENCE) for each in append(log, "a", "b")]
    setattr(proxy, way, commits)
    told = [each.result(PATIENCE) for each in append(log, "c")]
    assert proxy.cuts == 1
    told += [each.result(PATIENCE) for each in append(log, "d")]
    assert [*before, *told] == list(log.read(0))
    assert [each.salt for each in [*before, *told]] == [each.salt for each in log.read(0)]


@pytest.mark.parametrize("way", ["lose_request", "lose_answer"], ids=["failed and lost", "failed but kept"])
def test_each_of_a_batch_keeps_its_own_outcome(log: PostgresLog, proxy: Proxy, way: str) -> None:
    append(log, "a")[0].result(PATIENCE)
    for number in range(3):
        setattr(proxy, way, commits)
        batch = append(log, *(f"{number}-{i}" for i in range(50)), "a", f"{number}-0")
        outcomes = [each.exception(PATIENCE) for each in batch]
        assert [type(each) for each in outcomes] == [type(None)] * 50 + [Taken] * 2
    assert proxy.cuts == 3
    assert log.head() == 151


@pytest.mark.parametrize("way", ["lose_request", "lose_answer"], ids=["failed and lost", "failed but kept"])
def test_another_process_that_appends_meanwhile_is_neither_taken_for_us_nor_lost(
    log: PostgresLog, proxy: Proxy, postgres_address: str, way: str
) -> None:
    """At the position where ours would have been stands another's, or ours stands and others follow."""
    append(log, "a")[0].result(PATIENCE)
    another = PostgresLog(postgres_address, system_clock)

    def cut(chunk: bytes) -> bool:
        if commits(chunk):
            proxy.down = True
            return True
        return False

    setattr(proxy, way, cut)
    [waiting] = append(log, "b")
    while not proxy.down:
        sleep(0.01)
    theirs = [each.result(PATIENCE).position for each in append(another, "x", "y")]
    proxy.down = False
    ours = waiting.result(PATIENCE).position
    assert ([*theirs, ours]) == ([2, 3, 4] if way == "lose_request" else [3, 4, 2])
    assert list(log.read(0)) == list(another.read(0))
    another.close()


def test_the_version_that_another_process_took_meanwhile_is_refused(
    log: PostgresLog, proxy: Proxy, postgres_address: str
) -> None:
    append(log, "a")[0].result(PATIENCE)
    another = PostgresLog(postgres_address, system_clock)

    def cut(chunk: bytes) -> bool:
        proxy.down = proxy.down or commits(chunk)
        return commits(chunk)

    proxy.lose_request = cut
    waiting = log.append(ForceRegistered(Force("b", "ours")), 1)
    while not proxy.down:
        sleep(0.01)
    assert another.append(ForceRegistered(Force("b", "theirs")), 1).result(PATIENCE).position == 2
    proxy.down = False
    assert isinstance(waiting.exception(PATIENCE), Taken)
    another.close()


def test_a_server_that_stays_away_is_unavailable_and_what_was_kept_is_met_again(
    log: PostgresLog, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_log, "PATIENCE", 0.3)
    append(log, "a")[0].result(PATIENCE)

    def cut(chunk: bytes) -> bool:
        proxy.down = proxy.down or commits(chunk)
        return commits(chunk)

    proxy.lose_answer = cut
    with pytest.raises(Unavailable, match="can't be written"):
        append(log, "b")[0].result(PATIENCE)
    start = monotonic()
    with pytest.raises(Unavailable):
        append(log, "c")[0].result(PATIENCE)
    assert monotonic() - start < 0.2, "it was known to be away"
    with pytest.raises(Unavailable, match="does not answer"):
        log.read(0)
    proxy.down = False
    with pytest.raises(Taken):
        append(log, "b")[0].result(PATIENCE)
    assert append(log, "c")[0].result(PATIENCE).position == 3


@pytest.mark.parametrize("salted", [True, False], ids=["with salts", "without"])
@pytest.mark.parametrize("way", ["lose_request", "lose_answer"], ids=["failed and lost", "failed but kept"])
def test_a_log_whose_loading_was_cut_at_a_commit_is_loaded_again_to_its_end(
    log: PostgresLog, proxy: Proxy, tmp_path: Path, way: str, salted: bool
) -> None:
    """What was kept of it is known again, whoever asks: the same process or the next."""
    source = SQLiteLog(tmp_path / "chronology.db", system_clock)
    for future in append(source, *map(str, range(2500))):
        future.result(PATIENCE)
    lines = [orjson.loads(line) for line in log_lines(source)]
    file = [
        Line(number, orjson.dumps(line if salted else {name: line[name] for name in line if name != "salt"}))
        for number, line in enumerate(lines, start=1)
    ]
    passing = iter([False])  # the first commit of the second try, where there is one more to lose
    for cut in (commits, lambda chunk: commits(chunk) and (way == "lose_answer" or next(passing, True))):
        setattr(proxy, way, cut)
        with pytest.raises(Unavailable):
            load_log(file, log)
    there = 2000 if way == "lose_answer" else 1000
    assert load_log(file, log) == Loaded(2500 - there, there)
    assert load_log(file, log) == Loaded(0, 2500)
    if salted:
        assert log.tree.root(2500) == source.tree.root(2500)
    source.close()


def test_connections_that_were_cut_while_idle_are_not_noticed(log: PostgresLog, proxy: Proxy) -> None:
    append(log, "a")[0].result(PATIENCE)
    log.read(0)
    proxy.cut_all()
    assert append(log, "b")[0].result(PATIENCE).position == 2
    assert log.head() == 2


def test_who_waits_hears_again_after_the_connection_was_cut(
    log: PostgresLog, proxy: Proxy, postgres_address: str
) -> None:
    another = PostgresLog(postgres_address, system_clock)
    for number in range(1, 4):
        proxy.cut_all()
        append(another, f"f{number}")[0].result(PATIENCE)
        assert log.wait(number - 1, PATIENCE) == number
    another.close()


@pytest.fixture
def standby_missing(log: PostgresLog, postgres_server: PostgresServer) -> Iterator[None]:
    """No commit is confirmed by the standby that it has to wait for."""
    set_standby(postgres_server, "nobody")
    yield
    set_standby(postgres_server, "")


def set_standby(server: PostgresServer, name: str) -> None:
    server.do(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
    server.do("SELECT pg_reload_conf()")
    await_true("reloaded", lambda: server.do("SHOW synchronous_standby_names") == [(name,)])


def commits_waiting(server: PostgresServer) -> list[object]:
    return [pid for (pid,) in server.do("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")]


@pytest.mark.usefixtures("standby_missing")
def test_a_commit_that_no_standby_confirmed_is_not_acknowledged(
    log: PostgresLog, postgres_server: PostgresServer
) -> None:
    """To the server it is only a warning when its wait is ended: the event is there, and would be lost with it."""
    [waiting] = append(log, "a")
    await_true("waiting", lambda: commits_waiting(postgres_server))
    [pid] = commits_waiting(postgres_server)
    postgres_server.do(f"SELECT pg_cancel_backend({pid})")
    with pytest.raises(Unavailable, match="synchronous replication"):
        waiting.result(PATIENCE)


@pytest.mark.usefixtures("standby_missing")
def test_a_commit_that_waits_for_a_standby_for_too_long_is_unavailable_and_then_met_again(
    log: PostgresLog, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "APPEND_PATIENCE", 0.5)
    monkeypatch.setattr(postgres_log, "PATIENCE", 1)
    [waiting] = append(log, "a")
    with pytest.raises(Unavailable, match=r"no answer in 0\.5 seconds"):
        waiting.result(PATIENCE)
    set_standby(postgres_server, "")
    await_true("committed", lambda: not commits_waiting(postgres_server))
    with pytest.raises(Taken):
        append(log, "a")[0].result(PATIENCE)
    assert append(log, "b")[0].result(PATIENCE).position == 2


def test_who_stops_in_the_middle_of_an_append_does_not_keep_the_lock(
    log: PostgresLog, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process hangs, say, and its connection stands."""
    monkeypatch.setattr(database, "_LOCK", database._LOCK.replace("'10s'", "'300ms'"))
    hanging = PostgresLog(postgres_address, system_clock)
    with pytest.raises(Unavailable), hanging.database.appending(AskedTip):
        append(log, "a")[0].result(PATIENCE)
    assert append(hanging, "b")[0].result(PATIENCE).position == 2
    hanging.close()
