"""What is opened as a store is a chronology, or one clear line says what it is instead; and nothing is harmed by it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from eventsourcing.sqlite import SQLiteCursor

from domain.events import ForceRegistered
from domain.force import Force
from event_store.faults import CannotOpen
from event_store.sqlite.database import APPLICATION_ID, VERSION
from event_store.sqlite.log import SQLiteLog
from service.clock import system_clock


def refusal(path: Path, *, create: bool = True) -> str:
    """Why a path can't be opened, in one line that names it."""
    with pytest.raises(CannotOpen) as refused:
        SQLiteLog(path, system_clock, create=create)
    why = str(refused.value)
    assert "\n" not in why
    assert str(path) in why or path.name in why
    return why


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A sound store with some events, closed."""
    path = tmp_path / "chronology.db"
    log = SQLiteLog(path, system_clock)
    for i in range(300):
        log.append(ForceRegistered(Force(f"f{i}", "a force " * 20)), 1)
    log.close()
    return path


def test_a_store_is_made_where_there_is_none(tmp_path: Path) -> None:
    SQLiteLog(tmp_path / "new.db", system_clock, create=True).close()
    log = SQLiteLog(tmp_path / "new.db", system_clock, create=False)
    assert log.head() == 0
    log.close()


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    """As it is left by whoever was stopped before the first write."""
    (tmp_path / "empty.db").touch()
    log = SQLiteLog(tmp_path / "empty.db", system_clock)
    assert log.head() == 0
    log.close()


@pytest.mark.parametrize("name", ["a b.db", "%41.db", "what?.db", "#1.db", "حماة.db", "a&mode=ro.db"])
def test_a_file_can_be_called_anything(tmp_path: Path, name: str) -> None:
    log = SQLiteLog(tmp_path / name, system_clock)
    log.append(ForceRegistered(Force("f", "f")), 1).result(10)
    log.close()
    assert (tmp_path / name).stat().st_size > 0
    again = SQLiteLog(tmp_path / name, system_clock, create=False)
    assert again.head() == 1
    again.close()


def test_a_missing_file_is_not_made_unasked(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.db", create=False) == f"there is no chronology at {tmp_path / 'none.db'}"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    assert "there is no folder" in refusal(tmp_path / "none" / "chronology.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_chronology(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


def test_a_text_is_no_chronology_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Hama, 4 December\n" * 500)
    before = path.read_bytes()
    assert "is no chronology" in refusal(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_no_chronology_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is no file" in refusal(tmp_path / "pipe")


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_the_database_of_another_program_is_refused_and_left_as_it_was(tmp_path: Path, journal: str) -> None:
    path = tmp_path / "music.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("CREATE TABLE songs (title TEXT)")
    before = path.read_bytes()
    assert "is an SQLite database, but no chronology" in refusal(path)
    assert path.read_bytes() == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == (journal,)
    assert not (tmp_path / "music.db-lock").exists()


def test_a_database_that_only_names_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA application_id=7")
    assert "no chronology" in refusal(path)


def test_the_store_of_a_newer_program_is_refused_and_left_as_it_was(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    before = store.read_bytes()
    assert f"newer chronology (version {VERSION + 1} of its tables; this one knows {VERSION})" in refusal(store)
    assert store.read_bytes() == before


def test_a_file_cut_short_is_refused(store: Path) -> None:
    whole = store.read_bytes()
    store.write_bytes(whole[: len(whole) // 2])
    assert "malformed" in refusal(store)


@pytest.mark.parametrize("kept", [16, 50, 100, 4096])
def test_a_file_with_only_its_head_left_is_refused(store: Path, kept: int) -> None:
    store.write_bytes(store.read_bytes()[:kept])
    refusal(store)


def test_a_file_with_its_pages_overwritten_is_refused(store: Path) -> None:
    with store.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    assert "malformed" in refusal(store)


def test_a_path_where_nothing_can_be_written_is_refused() -> None:
    """/proc takes no files, of root's neither."""
    if not Path("/proc/self").exists():
        pytest.skip("this system has no /proc")
    assert "can't be written" in refusal(Path("/proc/chronology.db"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "can't be written" in refusal(tmp_path / "chronology.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(store: Path) -> None:
    store.chmod(0)
    assert "can't be read" in refusal(store)


def test_a_device_is_no_chronology() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    assert "no chronology" in refusal(Path("/dev/full"))


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    assert "can't be read" in refusal(tmp_path / ("x" * 300))


def test_a_store_that_another_program_keeps_locked_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("event_store.sqlite.database.LOCK_TIMEOUT", 0.1)
    with closing(sqlite3.connect(store, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert "locked" in refusal(store)


# ---------------------------------------------------------------------------------------------------------------
# How it is opened
# ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def log(store: Path) -> Iterator[SQLiteLog]:
    found = SQLiteLog(store, system_clock)
    yield found
    found.close()


def test_every_connection_is_durable(log: SQLiteLog) -> None:
    pool = log.database.datastore.pool
    connections = [pool.get_connection() for _ in range(pool.pool_size + pool.max_overflow)]
    with log.database.datastore.get_connection(commit=True) as writer:
        assert all(writer is not each for each in connections)
    with log.database.datastore.get_connection(commit=True) as again:
        assert again is writer
    for connection in (*connections, writer):
        cursor = connection.cursor()
        for pragma, value in (("synchronous", 2), ("journal_mode", "wal")):
            cursor.execute(f"PRAGMA {pragma}")
            assert cursor.fetchone()[0] == value, pragma
    for connection in connections:
        pool.put_connection(connection)


def test_after_what_can_be_made_again_commits_are_durable_as_before(log: SQLiteLog) -> None:
    def synchronous(cursor: SQLiteCursor) -> int:
        cursor.execute("PRAGMA synchronous")
        found: int = cursor.fetchone()[0]
        return found

    with log.database.deriving() as cursor:
        cursor.execute("CREATE TABLE derived (id INTEGER)")
        assert synchronous(cursor) == 1
    with log.database.writing() as cursor:
        assert synchronous(cursor) == 2
    with pytest.raises(KeyError), log.database.deriving():
        raise KeyError
    with pytest.raises(sqlite3.IntegrityError), log.database.deriving() as cursor:
        cursor.execute("INSERT INTO to_wipe VALUES (1), (1)")
    with log.database.writing() as cursor:
        assert synchronous(cursor) == 2


def test_a_store_says_what_it_is(store: Path) -> None:
    head = store.read_bytes()[:100]
    assert int.from_bytes(head[68:72]) == APPLICATION_ID
    assert int.from_bytes(head[60:64]) == VERSION


def test_the_write_ahead_log_is_folded_back_and_does_not_grow_for_ever(log: SQLiteLog, store: Path) -> None:
    wal = store.with_name(store.name + "-wal")
    for i in range(40):
        futures = [log.append(ForceRegistered(Force(f"g-{i}-{j}", "a force " * 250)), 1) for j in range(100)]
        for future in futures:
            future.result(20)
    assert store.stat().st_size > 4_000_000, "nothing was folded back"
    assert wal.stat().st_size < 8_000_000
    log.close()
    assert not wal.exists()


def test_a_store_moved_with_its_write_ahead_log_is_whole(log: SQLiteLog, store: Path, tmp_path: Path) -> None:
    """What is committed may stand in the write-ahead log alone: as a copy after a power cut has it."""
    log.append(ForceRegistered(Force("newest", "newest")), 1).result(10)
    moved = tmp_path / "moved.db"
    moved.write_bytes(store.read_bytes())
    moved.with_name("moved.db-wal").write_bytes(store.with_name(store.name + "-wal").read_bytes())
    again = SQLiteLog(moved, system_clock, create=False)
    assert again.head() == 301
    again.close()
