"""What the log does on PostgreSQL beside the duties that it shares with every engine."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import monotonic

import psycopg
import pytest
from postgres import started
from running import await_true
from test_crash import BURST

from domain.events import Event, ForceRegistered
from domain.force import Force
from event_store.faults import Unavailable
from event_store.log import read_all
from event_store.postgres import log as postgres_log
from event_store.postgres import recorder
from event_store.postgres.database import SCHEMA
from event_store.postgres.log import PostgresLog
from service.clock import system_clock
from service.tree_check import tree_faults

PATIENCE = 20  # seconds


@pytest.fixture
def log(postgres_address: str) -> Iterator[PostgresLog]:
    found = PostgresLog(postgres_address, system_clock)
    yield found
    found.close()


def force(id: str) -> Event:
    return ForceRegistered(Force(id, id))


def append(log: PostgresLog, *ids: str) -> list[int]:
    return [each.result(PATIENCE).position for each in [log.append(force(id), 1) for id in ids]]


def test_who_waits_is_notified_of_what_others_append(
    log: PostgresLog, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And does not only find it when it looks again."""
    monkeypatch.setattr(postgres_log, "_POLL", 60)
    another = PostgresLog(postgres_address, system_clock)
    assert log.wait(0, 0.1) == 0
    for position in range(1, 6):
        heads: list[int] = []
        waiting = Thread(target=lambda after=position - 1, heads=heads: heads.append(log.wait(after, PATIENCE)))
        waiting.start()
        start = monotonic()
        append(another, f"f{position}")
        waiting.join(PATIENCE)
        assert heads == [position]
        assert monotonic() - start < 2
    another.close()


def test_who_waits_hardly_asks_the_server(log: PostgresLog, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    head = log.head

    def ask() -> int:
        asked.append(monotonic())
        return head()

    monkeypatch.setattr(log, "head", ask)
    log.wait(0, 0.3)
    asked.clear()
    for _ in range(6):
        log.wait(0, 0.2)
    assert len(asked) <= 1


def test_a_position_that_was_rolled_back_is_given_to_the_next(log: PostgresLog, postgres_address: str) -> None:
    append(log, "a")
    with psycopg.connect(postgres_address, autocommit=True, options=f"-c search_path={SCHEMA}") as connection:
        connection.execute("ALTER TABLE tree ADD CONSTRAINT small CHECK (number < 2)")
        append(log, "b")
        with pytest.raises(Unavailable, match="small"):
            append(log, "c")  # its row was inserted, its leaf was refused
        assert (log.head(), log.tree.size()) == (2, 2)
        connection.execute("ALTER TABLE tree DROP CONSTRAINT small")
    assert append(log, "c", "d") == [3, 4]
    assert list(tree_faults(log)) == []


def test_a_batch_that_is_too_large_for_one_statement_is_one_transaction_all_the_same(
    log: PostgresLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "PORTION", 100)
    ids = [f"f{i}-{'x' * (i % 70)}" for i in range(500)]
    assert append(log, *ids) == list(range(1, 501))
    assert [each.event for each in read_all(log)] == [force(id) for id in ids]
    assert len({each.recorded_at for each in read_all(log)}) < 100
    assert list(tree_faults(log)) == []


def test_vacuum_and_appends_are_not_in_each_other_s_way(log: PostgresLog, postgres_address: str) -> None:
    append(log, "a")
    with psycopg.connect(postgres_address) as connection:
        connection.execute(f"LOCK TABLE {SCHEMA}.stored_events, {SCHEMA}.tree IN SHARE UPDATE EXCLUSIVE MODE")
        assert append(log, "b") == [2]


OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'chronology' AND datname = current_database()"


def test_what_is_looked_up_under_the_lock_is_found_by_an_index(log: PostgresLog, postgres_address: str) -> None:
    """Though the planner last saw the tables when they were empty."""
    with psycopg.connect(postgres_address, autocommit=True) as connection:
        connection.execute(f"ALTER TABLE {SCHEMA}.stored_events SET (autovacuum_enabled = off)")
        connection.execute(f"ALTER TABLE {SCHEMA}.tree SET (autovacuum_enabled = off)")
        connection.execute("ANALYZE")
        for number in range(20):
            append(log, *(f"f{number}-{i}" for i in range(300)))
        log.close()  # a connection that ends tells its figures
        await_true("ended", lambda: connection.execute(OTHERS).fetchone() == (0,))
        [scans] = connection.execute(
            "SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname IN ('stored_events', 'tree')"
        ).fetchone() or [0]
    assert int(scans) == 0


def test_a_server_that_crashes_while_two_processes_append_loses_nothing_that_was_told(tmp_path: Path) -> None:
    """It is back soon, so that whoever appends does not even notice."""
    with started({}) as server:
        store = server.new_database()
        PostgresLog(store, system_clock).close()
        files = [tmp_path / name for name in "ab"]
        with files[0].open("wb") as one, files[1].open("wb") as other:
            writers = [
                subprocess.Popen([sys.executable, "-c", BURST, store, file.name], stdout=out)
                for file, out in zip(files, (one, other), strict=True)
            ]
            try:
                for crash in range(3):
                    told = [file.stat().st_size for file in files]
                    await_true(f"going on, {crash}", lambda told=told: all(map(grown_by_10_000, files, told)))
                    server.stop(signal.SIGQUIT)
                    server.start()
                assert [each.poll() for each in writers] == [None, None]
            finally:
                for each in writers:
                    each.kill()
                    each.wait(20)
        log = PostgresLog(store, system_clock)
        there = {each.stream: each.position for each in read_all(log)}
        acknowledged = dict(json.loads(line) for file in files for line in whole_lines(file))
        assert len(acknowledged) > 1000
        assert acknowledged.items() <= there.items()
        assert len(there) == log.head() == log.tree.size()
        assert list(tree_faults(log)) == []
        log.close()


def grown_by_10_000(file: Path, before: int) -> bool:
    return file.stat().st_size > before + 10_000


def whole_lines(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]
