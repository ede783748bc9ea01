"""What becomes of a log past the program is found, and named by position; what the program does leaves it sound."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from running import address, await_true, chronology
from test_crash import BURST

from domain.events import Event, ForceRegistered, Recorded, ReportFiled
from domain.force import Force
from domain.report import Report
from domain.when.window import Occurred
from event_store.entry import Entry
from event_store.faults import Damaged
from event_store.leaf import hash_of, leaf
from event_store.log import read_all
from event_store.sqlite.database import VERSION
from event_store.sqlite.log import SQLiteLog
from service.chronology_verify import root_of
from service.clock import system_clock
from service.tree_check import tree_faults


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with hama-2024 and a checkpoint of it."""
    folder = tmp_path_factory.mktemp("hama")
    assert chronology("load", "hama-2024", store=folder / "chronology.db").status == 0
    kept = chronology("checkpoint", "--output", f"{folder}/kept.txt", store=folder / "chronology.db")
    assert kept.status == 0
    return folder


@pytest.fixture
def store(loaded: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with as one likes."""
    for file in loaded.iterdir():
        shutil.copy(file, tmp_path)
    return tmp_path / "chronology.db"


def change(store: Path, *statements: str) -> None:
    with closing(sqlite3.connect(store)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def faults(store: Path, *arguments: str) -> list[str]:
    found = chronology("verify", *arguments, store=store)
    assert (found.status, found.err) == (1, "")
    verdict = json.loads(found.out)
    assert verdict["sound"] is False
    told: list[str] = verdict["faults"]
    return told


COMMITTED = "it is not what was committed"
SHIFT = [
    "CREATE TEMP TABLE later AS SELECT * FROM stored_events WHERE rowid >= 71",
    "DELETE FROM stored_events WHERE rowid >= 71",
]
PUT_BACK = (
    "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state, recorded_at, salt) "
    "SELECT rowid {by}, originator_id, originator_version, topic, state, recorded_at, salt FROM later "
    "WHERE rowid >= {at}"
)

TAMPERED = {
    "a word changed": (
        ["UPDATE stored_events SET state = replace(state, 'opposition', 'government') WHERE rowid = 71"],
        [f"event at position 71: {COMMITTED}"],
    ),
    "a window changed": (
        ["UPDATE stored_events SET state = json_set(state, '$.report.occurred.earliest', 0) WHERE rowid = 71"],
        [f"event at position 71: {COMMITTED}"],
    ),
    "a text changed": (
        ["UPDATE stored_events SET state = replace(state, 'Khitab', 'Khatab') WHERE rowid = 71"],
        [f"event at position 71: {COMMITTED}"],
    ),
    "a time changed by a microsecond": (
        ["UPDATE stored_events SET recorded_at = recorded_at + 1 WHERE rowid = 74"],
        [f"event at position 74: {COMMITTED}"],
    ),
    "a salt changed": (
        ["UPDATE stored_events SET salt = zeroblob(16) WHERE rowid = 70"],
        [f"event at position 70: {COMMITTED}"],
    ),
    "a salt lost": (
        ["UPDATE stored_events SET salt = NULL WHERE rowid = 70"],
        [f"event at position 70: {COMMITTED}"],
    ),
    "the last ones dropped, without a trace": (
        [
            "DELETE FROM stored_events WHERE rowid > 72",
            "UPDATE sqlite_sequence SET seq = 72 WHERE name = 'stored_events'",
        ],
        ["event at position 73: it is missing", "event at position 74: it is missing"],
    ),
    "one put behind them": (
        [
            "INSERT INTO stored_events (originator_id, originator_version, topic, state, recorded_at, salt) "
            "SELECT 'report:put-in', 1, topic, replace(state, 'hama-2024-s12', 'put-in'), "
            "(SELECT MAX(recorded_at) FROM stored_events), salt "
            "FROM stored_events WHERE originator_id = 'report:hama-2024-s12'"
        ],
        ["event at position 75: it has no leaf in the log's tree"],
    ),
    "one put between them": (
        [
            *SHIFT,
            PUT_BACK.format(by="+ 1", at=71),
            "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state, recorded_at, salt) "
            "SELECT 71, 'report:put-in', 1, topic, replace(state, 'hama-2024-s10', 'put-in'), recorded_at, salt "
            "FROM later WHERE rowid = 71",
        ],
        [
            *(f"event at position {position}: {COMMITTED}" for position in range(71, 75)),
            "event at position 75: it has no leaf in the log's tree",
        ],
    ),
    "one dropped and the others moved up": (
        [*SHIFT, PUT_BACK.format(by="- 1", at=72), "UPDATE sqlite_sequence SET seq = 73 WHERE name = 'stored_events'"],
        [
            *(f"event at position {position}: {COMMITTED}" for position in range(71, 74)),
            "event at position 74: it is missing",
        ],
    ),
    "two that changed places, times and all": (
        [
            "CREATE TEMP TABLE two AS SELECT * FROM stored_events WHERE rowid IN (72, 73)",
            "DELETE FROM stored_events WHERE rowid IN (72, 73)",
            "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state, recorded_at, salt) "
            "SELECT 145 - rowid, originator_id, originator_version, topic, state, "
            "(SELECT recorded_at FROM two AS t WHERE t.rowid = 145 - two.rowid), salt FROM two",
        ],
        [f"event at position 72: {COMMITTED}", f"event at position 73: {COMMITTED}"],
    ),
    "a leaf changed": (
        ["UPDATE tree SET hash = zeroblob(32) WHERE level = 0 AND number = 40"],
        [f"event at position 41: {COMMITTED}"],
    ),
    "a leaf lost": (
        ["DELETE FROM tree WHERE level = 0 AND number = 40"],
        ["event at position 41: it has no leaf in the log's tree"],
    ),
    "a node changed": (
        ["UPDATE tree SET hash = zeroblob(32) WHERE level = 2 AND number = 5"],
        ["event at position 21: the node of the log's tree over positions 21 to 24 is not"],
    ),
}


@pytest.mark.parametrize(("statements", "told"), TAMPERED.values(), ids=list(TAMPERED))
def test_what_was_done_past_the_program_is_named_by_position(
    store: Path, statements: list[str], told: list[str]
) -> None:
    change(store, *statements)
    found = faults(store)
    for fault in told:
        assert any(each.startswith(fault) for each in found), found
    named = {each.split(":")[0] for each in found if each.startswith("event at position")}
    alone = {fault.split(":")[0] for fault in told}
    assert named == alone or all("level" in each for each in statements), found


def rewrite(store: Path, position: int, word: str, other: str) -> None:
    """Change a row and make a tree that fits it: what somebody does who knows the program."""
    log = SQLiteLog(store, system_clock, create=False)
    entries = [
        each._replace(data=each.data.replace(word.encode(), other.encode())) if each.position == position else each
        for each in log.entries(0)
    ]
    log.close()
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("DELETE FROM tree")
        connection.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (entries[position - 1].data, position))
        level, hashes = 0, [hash_of(each) for each in entries]
        while hashes:
            connection.executemany("INSERT INTO tree VALUES (?, ?, ?)", [(level, i, h) for i, h in enumerate(hashes)])
            pairs = zip(hashes[::2], hashes[1::2], strict=False)
            level, hashes = level + 1, [root_of(pair) for pair in pairs]


def test_a_log_that_was_rewritten_with_its_tree_is_found_out_by_a_checkpoint(store: Path) -> None:
    rewrite(store, 71, "opposition", "government")
    assert chronology("verify", store=store).json["sound"]
    assert faults(store, "--checkpoint", f"{store.parent}/kept.txt") == [
        "the log's first 74 events are not those of the checkpoint: it is another log, or was rewritten"
    ]


def test_nothing_is_appended_behind_what_was_put_in(store: Path) -> None:
    """Its leaf would have to be made from what stands there now, whoever wrote it."""
    change(store, *TAMPERED["one put behind them"][0])
    log = SQLiteLog(store, system_clock)
    with pytest.raises(Damaged, match="position 75: the log's tree ends before it"):
        log.append(ForceRegistered(Force("f", "f")), 1).result(20)
    log.close()


# ---------------------------------------------------------------------------------------------------------------
# What the program does
# ---------------------------------------------------------------------------------------------------------------


def sound(store: Path) -> int:
    """That the rows and the tree are; the size."""
    log = SQLiteLog(store, system_clock, create=False)
    try:
        assert list(tree_faults(log)) == []
        entries = [entry for start in range(0, log.head(), 1000) for entry in log.entries(start)]
        assert log.tree.root(log.head()) == root_of(map(hash_of, entries))
        assert log.tree.size() == log.head() == len(entries)
        assert len({each.salt for each in entries}) == len(entries)
        return len(entries)
    finally:
        log.close()


def test_a_kill_while_appending_leaves_a_tree_of_what_is_there(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    size = 0
    for attempt in range(3):
        told = tmp_path / f"told-{attempt}"
        with told.open("wb") as out:
            writer = subprocess.Popen([sys.executable, "-c", BURST, address(store), f"f-{attempt}"], stdout=out)
            try:
                await_true("500 told", lambda told=told: told.stat().st_size > 15_000)
            finally:
                writer.kill()
                writer.wait(20)
        now = sound(store)
        assert now >= size + 500
        size = now


WRITING = """
import sys
from domain.events import ForceRegistered
from domain.force import Force
from service.clock import system_clock
from service.store import open_log

log = open_log(sys.argv[1], system_clock, create=True)
for i in range(300):
    log.append(ForceRegistered(Force(f"{sys.argv[2]}-{i}", "x")), 1).result(20)
log.close()
"""


def test_two_processes_that_append_grow_one_tree(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    writers = [subprocess.Popen([sys.executable, "-c", WRITING, address(store), name]) for name in "ab"]
    assert [each.wait(120) for each in writers] == [0, 0]
    assert sound(store) == 600


def force(id: str) -> Event:
    return ForceRegistered(Force(id, id))


def test_a_refused_append_takes_no_leaf(tmp_path: Path) -> None:
    log = SQLiteLog(tmp_path / "chronology.db", system_clock)
    futures = [log.append(force(id), 1) for id in ("a", "b", "a", "c", "b", "d")]
    assert [future.exception(20) is None for future in futures] == [True, True, False, True, False, True]
    log.close()
    assert sound(tmp_path / "chronology.db") == 4


def test_an_event_comes_back_with_the_salt_that_it_was_sealed_with(tmp_path: Path) -> None:
    log = SQLiteLog(tmp_path / "chronology.db", system_clock)
    told = log.append(ReportFiled("r", Report("said", Occurred("x", 0, 1))), 1).result(20)
    [read], [entry] = log.read(0), log.entries(0)
    assert len(told.salt) == 16
    assert told.salt == read.salt == entry.salt == log.stream("report:r")[0].salt == log.recent(0)[0].salt
    log.close()


def restored(path: Path, events: list[Recorded]) -> bytes:
    log = SQLiteLog(path, system_clock)
    log.restore(events)
    root = log.tree.root(log.tree.size())
    log.close()
    assert sound(path) == len(events)
    return root


def test_a_log_that_was_loaded_has_the_same_root(store: Path, tmp_path: Path) -> None:
    log = SQLiteLog(store, system_clock)
    root, events = log.tree.root(74), list(read_all(log))
    log.close()
    assert restored(tmp_path / "copy.db", events) == root
    chronology("export", "--format", "ndjson", "--output", f"{tmp_path}/log.ndjson", store=store)
    assert chronology("load", f"{tmp_path}/log.ndjson", store=tmp_path / "again.db").json["appended"] == 74
    verified = chronology("verify", "--checkpoint", f"{store.parent}/kept.txt", store=store)
    assert verified.json["sound"]
    chronology("export", "--format", "ndjson", "--output", f"{tmp_path}/again.ndjson", store=tmp_path / "again.db")
    assert (tmp_path / "again.ndjson").read_bytes() == (tmp_path / "log.ndjson").read_bytes()


def test_a_log_that_was_exported_without_salts_gets_its_own(store: Path, tmp_path: Path) -> None:
    chronology("export", "--format", "ndjson", "--output", f"{tmp_path}/log.ndjson", store=store)
    events = [json.loads(line) for line in (tmp_path / "log.ndjson").read_text().splitlines()]
    plain = [{name: value for name, value in event.items() if name != "salt"} for event in events]
    (tmp_path / "plain.ndjson").write_text("".join(json.dumps(event) + "\n" for event in plain))
    copy = tmp_path / "copy.db"
    assert chronology("load", f"{tmp_path}/plain.ndjson", store=copy).json["appended"] == 74
    assert chronology("load", f"{tmp_path}/plain.ndjson", store=copy).json["already_there"] == 74
    assert sound(copy) == 74
    refused = chronology("load", f"{tmp_path}/log.ndjson", store=copy)
    assert refused.status == 2
    assert "position 1 it has the same event under another salt" in refused.complaint


@pytest.mark.parametrize("salt", ["", "AAAA", "no base64", 7, None])
def test_a_line_with_a_salt_that_is_none_is_refused(store: Path, tmp_path: Path, salt: object) -> None:
    chronology("export", "--format", "ndjson", "--output", f"{tmp_path}/log.ndjson", store=store)
    event = json.loads((tmp_path / "log.ndjson").read_text().splitlines()[0])
    (tmp_path / "bad.ndjson").write_text(json.dumps(event | {"salt": salt}))
    found = chronology("load", f"{tmp_path}/bad.ndjson", store=tmp_path / "copy.db")
    assert (found.status, found.complaint) == (2, "line 1, salt: this must be 16 bytes in base64")


# ---------------------------------------------------------------------------------------------------------------
# Stores of before there was a tree
# ---------------------------------------------------------------------------------------------------------------

OLD_TABLE = """
CREATE TABLE stored_events (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    UNIQUE (originator_id, originator_version)
)
"""


def make_old(store: Path) -> None:
    """Bring a store to the form that it had before."""
    change(
        store,
        "DROP TABLE tree",
        "ALTER TABLE stored_events RENAME TO new_events",
        OLD_TABLE,
        "INSERT INTO stored_events SELECT rowid, originator_id, originator_version, topic, state, recorded_at "
        "FROM new_events",
        "DROP TABLE new_events",
        "PRAGMA user_version=1",
    )


@pytest.mark.parametrize("command", [["verify"], ["control", "khitab", "--at", "2024-12-05"]])
def test_a_store_of_before_is_brought_to_this_form_by_whoever_opens_it(store: Path, command: list[str]) -> None:
    make_old(store)
    assert chronology(*command, store=store).status == 0
    assert sound(store) == 74
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        before = connection.execute("SELECT rowid, salt FROM stored_events").fetchall()
    log = SQLiteLog(store, system_clock)
    log.append(force("f"), 1).result(20)
    log.close()
    assert sound(store) == 75
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("SELECT rowid, salt FROM stored_events").fetchall()[:74] == before


def test_a_store_of_before_that_is_damaged_is_left_as_it_was(store: Path) -> None:
    make_old(store)
    change(store, "DELETE FROM stored_events WHERE rowid = 30")
    found = chronology("verify", store=store)
    assert found.status == 1
    assert "event at position 30" in found.complaint
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM pragma_table_info('stored_events')").fetchone() == (6,)


# ---------------------------------------------------------------------------------------------------------------
# How much work it is
# ---------------------------------------------------------------------------------------------------------------


def test_appends_read_and_write_no_more_of_the_tree_as_the_log_grows(tmp_path: Path) -> None:
    """Two nodes for each event, whatever the size; and no proof takes long."""
    log = SQLiteLog(tmp_path / "chronology.db", system_clock)
    for start in range(0, 6000, 1000):
        futures = [log.append(force(f"f{start + i}"), 1) for i in range(1000)]
        for future in futures:
            future.result(30)
    with log.database.reading() as cursor:
        cursor.execute("SELECT count(*) FROM tree")
        assert cursor.fetchone()[0] < 2 * 6000
        cursor.execute("EXPLAIN QUERY PLAN SELECT hash FROM tree WHERE level = ? AND number = ?", (0, 1))
        assert "SEARCH" in str(tuple(cursor.fetchone()))
    began = monotonic()
    for position in range(1, 6001, 60):
        log.tree.inclusion(position, 6000)
    assert monotonic() - began < 5
    log.close()


def test_data_that_is_no_json_has_a_leaf_too() -> None:
    """Others than us may append through the library; what they wrote must be as safe."""
    entry = Entry(1, 0, "s", 1, "topic", b"\xff", bytes(16))
    assert json.loads(leaf(entry))["data_base64"] == "/w=="
    assert hash_of(entry) != hash_of(entry._replace(data=b"\xfe"))
