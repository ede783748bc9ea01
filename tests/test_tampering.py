"""What becomes of a log past the program is found, and named by position; what the program does leaves it sound."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

import orjson
import pytest
from engines import ENGINES, Engine, Nodes, another
from running import address, await_true, chronology
from test_crash import BURST

from domain.events import Event, ForceRegistered, Recorded, ReportFiled
from domain.force import Force
from domain.report import Report
from domain.when.window import Occurred
from event_store.entry import Entry
from event_store.faults import Damaged, StoreFault
from event_store.leaf import hash_of, leaf
from event_store.log import read_all
from event_store.sqlite.database import VERSION
from event_store.sqlite.log import SQLiteLog
from projections.chronology.wanted import Wanted
from projections.chronology.words import query
from service.chronology_verify import root_of
from service.clock import system_clock
from service.store import open_log
from service.tree_check import tree_faults
from service.verification import verify
from service.wiring import open_chronology

KEY = b64encode(bytes(range(32))).decode()
SIGNING = {"CHRONOLOGY_SIGNING_KEY": KEY}
"""The same for every store: a checkpoint of one log is one of its copies too."""


@dataclass(frozen=True)
class Hama:
    """The events of hama-2024 as a log gave them, and where a checkpoint of that log is kept."""

    events: list[Recorded]
    kept: Path


@pytest.fixture(scope="module")
def hama(tmp_path_factory: pytest.TempPathFactory) -> Hama:
    folder = tmp_path_factory.mktemp("hama")
    store = folder / "chronology.db"
    assert chronology("load", "hama-2024", store=store).status == 0
    assert chronology("checkpoint", "--output", f"{folder}/kept.txt", store=store, env=SIGNING).status == 0
    log = SQLiteLog(store, system_clock)
    events = list(read_all(log))
    log.close()
    return Hama(events, folder / "kept.txt")


@pytest.fixture
def store(engine: Engine, hama: Hama) -> Engine:
    """A copy of that log, to do with as one likes."""
    engine.open().restore(hama.events)
    return engine


@pytest.fixture
def file(tmp_path: Path, hama: Hama) -> Path:
    """The same in a file of SQLite's."""
    log = SQLiteLog(tmp_path / "hama.db", system_clock)
    log.restore(hama.events)
    log.close()
    return tmp_path / "hama.db"


def faults(store: Engine, *arguments: str) -> list[str]:
    found = chronology("verify", *arguments, store=store.url, env=SIGNING)
    assert (found.status, found.err) == (1, "")
    verdict = json.loads(found.out)
    assert verdict["sound"] is False
    told: list[str] = verdict["faults"]
    return told


Rows = list[Entry]
COMMITTED = "it is not what was committed"


def changed(rows: Rows, position: int, **fields: object) -> None:
    rows[position - 1] = rows[position - 1]._replace(**fields)  # type: ignore[arg-type]


def said(rows: Rows, position: int, word: bytes, other: bytes) -> None:
    assert word in rows[position - 1].data
    changed(rows, position, data=rows[position - 1].data.replace(word, other))


def window_changed(rows: Rows, nodes: Nodes) -> None:
    data = orjson.loads(rows[70].data)
    data["report"]["occurred"]["earliest"] = 0
    changed(rows, 71, data=orjson.dumps(data))


def put_in(rows: Rows, position: int) -> None:
    """Put a report like another in at a position, and move those from there on up."""
    like = next(each for each in rows if each.stream == "report:hama-2024-s12")
    fresh = like._replace(stream="report:put-in", data=like.data.replace(b"hama-2024-s12", b"put-in"))
    fresh = fresh._replace(recorded_at=rows[min(position, len(rows)) - 1].recorded_at)
    rows.insert(position - 1, fresh)
    number_anew(rows)


def drop(rows: Rows, position: int) -> None:
    del rows[position - 1]
    number_anew(rows)


def number_anew(rows: Rows) -> None:
    rows[:] = [each._replace(position=position) for position, each in enumerate(rows, start=1)]


def exchange(rows: Rows, nodes: Nodes) -> None:
    """Two change places, and keep the times of their places."""
    one, other = rows[71], rows[72]
    rows[71] = other._replace(position=one.position, recorded_at=one.recorded_at)
    rows[72] = one._replace(position=other.position, recorded_at=other.recorded_at)


Tamper = Callable[[Rows, Nodes], object]

TAMPERED: dict[str, tuple[Tamper, list[str]]] = {
    "a word changed": (
        lambda rows, nodes: said(rows, 71, b"opposition", b"government"),
        [f"event at position 71: {COMMITTED}"],
    ),
    "a window changed": (window_changed, [f"event at position 71: {COMMITTED}"]),
    "a text changed": (
        lambda rows, nodes: said(rows, 71, b"Khitab", b"Khatab"),
        [f"event at position 71: {COMMITTED}"],
    ),
    "a time changed by a microsecond": (
        lambda rows, nodes: changed(rows, 74, recorded_at=rows[73].recorded_at + 1),
        [f"event at position 74: {COMMITTED}"],
    ),
    "a salt changed": (
        lambda rows, nodes: changed(rows, 70, salt=bytes(16)),
        [f"event at position 70: {COMMITTED}"],
    ),
    "a salt lost": (lambda rows, nodes: changed(rows, 70, salt=None), [f"event at position 70: {COMMITTED}"]),
    "the last ones dropped, without a trace": (
        lambda rows, nodes: rows.__delitem__(slice(72, None)),
        ["event at position 73: it is missing", "event at position 74: it is missing"],
    ),
    "one put behind them": (
        lambda rows, nodes: put_in(rows, 75),
        ["event at position 75: it has no leaf in the log's tree"],
    ),
    "one put between them": (
        lambda rows, nodes: put_in(rows, 71),
        [
            *(f"event at position {position}: {COMMITTED}" for position in range(71, 75)),
            "event at position 75: it has no leaf in the log's tree",
        ],
    ),
    "one dropped and the others moved up": (
        lambda rows, nodes: drop(rows, 71),
        [
            *(f"event at position {position}: {COMMITTED}" for position in range(71, 74)),
            "event at position 74: it is missing",
        ],
    ),
    "two that changed places, times and all": (
        exchange,
        [f"event at position 72: {COMMITTED}", f"event at position 73: {COMMITTED}"],
    ),
    "a leaf changed": (
        lambda rows, nodes: nodes.update({(0, 40): bytes(32)}),
        [f"event at position 41: {COMMITTED}"],
    ),
    "a leaf lost": (
        lambda rows, nodes: nodes.pop((0, 40)),
        ["event at position 41: it has no leaf in the log's tree"],
    ),
    "a node changed": (
        lambda rows, nodes: nodes.update({(2, 5): bytes(32)}),
        ["event at position 21: the node of the log's tree over positions 21 to 24 is not"],
    ),
    "a node before its time": (
        lambda rows, nodes: nodes.update({(3, 9): bytes(32)}),
        ["event at position 73: the log's tree has a node over positions 73 to 80 before they are there"],
    ),
}


def tamper(store: Engine, how: Tamper) -> None:
    rows, nodes = list(store.open().entries(0)), store.nodes()
    how(rows, nodes)
    store.overwrite(rows, nodes)


@pytest.mark.parametrize("name", list(TAMPERED))
def test_what_was_done_past_the_program_is_named_by_position(store: Engine, name: str) -> None:
    how, told = TAMPERED[name]
    tamper(store, how)
    found = faults(store)
    for fault in told:
        assert any(each.startswith(fault) for each in found), found
    named = {each.split(":")[0] for each in found if each.startswith("event at position")}
    alone = {fault.split(":")[0] for fault in told}
    assert named == alone or name in ("a leaf changed", "a leaf lost", "a node changed"), found


def test_an_event_that_its_stream_does_not_lead_to_is_named_by_position(store: Engine) -> None:
    """Its row is as it was committed, but who asks for its report would be told that there is none."""
    store.mislead("report:hama-2024-s10")
    told = faults(store)
    assert told[0] == (
        "event at position 71: its stream does not lead to it: the index that streams are read by is damaged"
    )
    assert all("event at position" not in each for each in told[1:]), told


def test_the_same_is_told_of_a_report_with_redacted_words(store: Engine) -> None:
    chronology("redact", "hama-2024-s10", "--reason", "asked for", store=store.url)
    store.mislead("report:hama-2024-s10")
    told = faults(store)
    assert any(each.startswith("event at position 71: its stream does not lead to it") for each in told), told


def rewritten(rows: Rows, nodes: Nodes) -> None:
    """Change a row and make a tree that fits it: what somebody does who knows the program."""
    said(rows, 71, b"opposition", b"government")
    nodes.clear()
    level, hashes = 0, [hash_of(each) for each in rows]
    while hashes:
        nodes.update({(level, number): hash for number, hash in enumerate(hashes)})
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        level, hashes = level + 1, [root_of(pair) for pair in pairs]


def test_a_log_that_was_rewritten_with_its_tree_is_found_out_by_a_checkpoint(store: Engine, hama: Hama) -> None:
    kept = ["--checkpoint", str(hama.kept)]
    assert chronology("verify", *kept, store=store.url, env=SIGNING).json["sound"]
    tamper(store, rewritten)
    assert chronology("verify", store=store.url).json["sound"]
    assert faults(store, *kept) == [
        "the log's first 74 events are not those of the checkpoint: it is another log, or was rewritten"
    ]


def test_nothing_is_appended_behind_what_was_put_in(store: Engine) -> None:
    """Its leaf would have to be made from what stands there now, whoever wrote it."""
    tamper(store, TAMPERED["one put behind them"][0])
    with pytest.raises(Damaged, match="position 75: the log's tree ends before it"):
        store.open().append(ForceRegistered(Force("f", "f")), 1).result(20)


# ---------------------------------------------------------------------------------------------------------------
# The file itself
# ---------------------------------------------------------------------------------------------------------------


def told_by(file: Path) -> list[object]:
    """What is read of a store by every way into it: in order, by stream, by proof, by search."""
    log = SQLiteLog(file, system_clock, create=False)
    try:
        chronology = open_chronology(log)
        everything = list(read_all(log))
        streams = [log.stream(each.stream) for each in everything]
        later = [log.read(after, 2) for after in range(len(everything))]
        proofs = [log.tree.inclusion(each.position, len(everything)) for each in everything]
        asked = [Wanted(), Wanted(place="hama"), Wanted(query=query("khitab")), Wanted(query=query("r* opposition"))]
        found = [chronology.find(each, len(everything), 100).found for each in asked]
        return [everything, streams, later, proofs, log.tree.hashes(1, 0, 99), found, log.head()]
    finally:
        log.close()


def test_a_flipped_bit_is_found_or_changes_nothing_that_is_told(hama: Hama, tmp_path: Path) -> None:
    """Anywhere in the file: rows, tree, indexes, the tables that reports are searched in, free space."""
    file = tmp_path / "hama.db"
    shutil.copy(hama.kept.parent / "chronology.db", file)
    whole, told = file.read_bytes(), told_by(file)
    dice = Random(9162)
    used = [at for at, byte in enumerate(whole) if byte]
    found = 0
    for at in dice.sample(used, 100):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :])
        try:
            log = SQLiteLog(file, system_clock, create=False)
            try:
                sound = verify(log, open_chronology(log)).sound
            finally:
                log.close()
        except StoreFault:  # which is a line that names the file
            sound = False
        assert not sound or told_by(file) == told, f"the byte {at}, unfound"
        found += not sound
    assert found > 50


def test_an_index_of_words_that_leads_elsewhere_is_found(file: Path) -> None:
    chronology("rebuild", store=file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE chronology_words_idx SET term = x'30ff' WHERE term > x'30'")
    found = json.loads(chronology("verify", store=file).out)["faults"]
    assert len(found) == 1
    assert "tables (word index) are not what the log makes them" in found[0]


def test_a_schema_that_is_no_text_is_told_in_one_line(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE tree (", b"CREATE TABLE tree \xee"))
    found = chronology("verify", store=file)
    assert found.status == 2
    assert found.complaint.startswith(f"{file} ")


def test_a_text_that_is_none_is_damage_and_is_not_shown(file: Path) -> None:
    change(file, "UPDATE stored_events SET topic = CAST(x'ff' || topic AS TEXT) WHERE rowid = 30")
    [fault, *_] = json.loads(chronology("verify", store=file).out)["faults"]
    assert fault.endswith("hama.db is damaged: a text in it is no UTF-8")


# ---------------------------------------------------------------------------------------------------------------
# What the program does
# ---------------------------------------------------------------------------------------------------------------


def sound(store: str) -> int:
    """That the rows and the tree are; the size."""
    log = open_log(store, system_clock, create=False)
    try:
        assert list(tree_faults(log)) == []
        entries = [entry for start in range(0, log.head(), 1000) for entry in log.entries(start)]
        assert log.tree.root(log.head()) == root_of(map(hash_of, entries))
        assert log.tree.size() == log.head() == len(entries)
        assert len({each.salt for each in entries}) == len(entries)
        return len(entries)
    finally:
        log.close()


def test_a_kill_while_appending_leaves_a_tree_of_what_is_there(engine: Engine, tmp_path: Path) -> None:
    size = 0
    for attempt in range(3):
        told = tmp_path / f"told-{attempt}"
        with told.open("wb") as out:
            writer = subprocess.Popen([sys.executable, "-c", BURST, engine.url, f"f-{attempt}"], stdout=out)
            try:
                await_true("500 told", lambda told=told: told.stat().st_size > 15_000)
            finally:
                writer.kill()
                writer.wait(20)
        now = sound(engine.url)
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


def test_two_processes_that_append_grow_one_tree(engine: Engine) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITING, engine.url, name]) for name in "ab"]
    assert [each.wait(120) for each in writers] == [0, 0]
    assert sound(engine.url) == 600


def force(id: str) -> Event:
    return ForceRegistered(Force(id, id))


def test_a_refused_append_takes_no_leaf(engine: Engine) -> None:
    log = engine.open()
    futures = [log.append(force(id), 1) for id in ("a", "b", "a", "c", "b", "d")]
    assert [future.exception(20) is None for future in futures] == [True, True, False, True, False, True]
    assert sound(engine.url) == 4


def test_an_event_comes_back_with_the_salt_that_it_was_sealed_with(engine: Engine) -> None:
    log = engine.open()
    told = log.append(ReportFiled("r", Report("said", Occurred("x", 0, 1))), 1).result(20)
    [read], [entry] = log.read(0), log.entries(0)
    assert len(told.salt) == 16
    assert told.salt == read.salt == entry.salt == log.stream("report:r")[0].salt == log.recent(0)[0].salt


def exported(store: str, file: Path) -> bytes:
    assert chronology("export", "--format", "ndjson", "--output", str(file), store=store).status == 0
    return file.read_bytes()


@pytest.mark.parametrize("by", ENGINES)
def test_a_log_that_was_loaded_is_the_same_whatever_engine_keeps_it(
    store: Engine, hama: Hama, tmp_path: Path, request: pytest.FixtureRequest, by: type[Engine]
) -> None:
    """Positions, times, salts and the root: by way of a file, and one by one."""
    file = exported(store.url, tmp_path / "log.ndjson")
    copy = another(by, request)
    try:
        assert chronology("load", f"{tmp_path}/log.ndjson", store=copy.url).json["appended"] == 74
        assert chronology("load", f"{tmp_path}/log.ndjson", store=copy.url).json["already_there"] == 74
        log = copy.open()
        assert list(log.entries(0)) == list(store.open().entries(0))
        assert log.tree.root(74) == store.open().tree.root(74)
        assert copy.nodes() == store.nodes()
        assert sound(copy.url) == 74
        assert chronology("verify", "--checkpoint", str(hama.kept), store=copy.url, env=SIGNING).json["sound"]
        assert exported(copy.url, tmp_path / "again.ndjson") == file
    finally:
        copy.close()


def test_a_log_that_was_exported_without_salts_gets_its_own(store: Engine, tmp_path: Path) -> None:
    exported(store.url, tmp_path / "log.ndjson")
    events = [json.loads(line) for line in (tmp_path / "log.ndjson").read_text().splitlines()]
    plain = [{name: value for name, value in event.items() if name != "salt"} for event in events]
    (tmp_path / "plain.ndjson").write_text("".join(json.dumps(event) + "\n" for event in plain))
    copy = tmp_path / "copy.db"
    assert chronology("load", f"{tmp_path}/plain.ndjson", store=copy).json["appended"] == 74
    assert chronology("load", f"{tmp_path}/plain.ndjson", store=copy).json["already_there"] == 74
    assert sound(address(copy)) == 74
    refused = chronology("load", f"{tmp_path}/log.ndjson", store=copy)
    assert refused.status == 2
    assert "position 1 it has the same event under another salt" in refused.complaint


@pytest.mark.parametrize("salt", ["", "AAAA", "no base64", 7, None])
def test_a_line_with_a_salt_that_is_none_is_refused(file: Path, tmp_path: Path, salt: object) -> None:
    exported(address(file), tmp_path / "log.ndjson")
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


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def make_old(file: Path) -> None:
    """Bring a store to the form that it had before."""
    change(
        file,
        "DROP TABLE tree",
        "ALTER TABLE stored_events RENAME TO new_events",
        OLD_TABLE,
        "INSERT INTO stored_events SELECT rowid, originator_id, originator_version, topic, state, recorded_at "
        "FROM new_events",
        "DROP TABLE new_events",
        "PRAGMA user_version=1",
    )


@pytest.mark.parametrize("command", [["verify"], ["control", "khitab", "--at", "2024-12-05"]])
def test_a_store_of_before_is_brought_to_this_form_by_whoever_opens_it(file: Path, command: list[str]) -> None:
    make_old(file)
    assert chronology(*command, store=file).status == 0
    assert sound(address(file)) == 74
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        before = connection.execute("SELECT rowid, salt FROM stored_events").fetchall()
    log = SQLiteLog(file, system_clock)
    log.append(force("f"), 1).result(20)
    log.close()
    assert sound(address(file)) == 75
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT rowid, salt FROM stored_events").fetchall()[:74] == before


def test_a_store_of_before_that_is_damaged_is_left_as_it_was(file: Path) -> None:
    make_old(file)
    change(file, "DELETE FROM stored_events WHERE rowid = 30")
    found = chronology("verify", store=file)
    assert found.status == 1
    assert "event at position 30" in found.complaint
    with closing(sqlite3.connect(file)) as connection:
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
