"""Redaction in the store itself: over restarts, kills, processes, exports, and against tampering."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from running import chronology

from domain.claims import Agreement
from domain.credibility import Credibility
from domain.events import Erased, Event, Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRedacted
from domain.redacted import Redacted
from domain.report import Report
from domain.when.window import Occurred
from event_store.faults import Misplaced
from event_store.log import read_all, read_history
from event_store.sqlite.log import SQLiteLog
from projections.chronology.wanted import Wanted
from projections.chronology.words import query
from service.clock import system_clock
from service.verification import verify
from service.wiring import caught_up, open_chronology

WHEN = Occurred("2024", 0, 1_000_000)
TEXT = "Zaynab the baker saw them."
GONE = (Erased(1, ("/report/text", "/report/claims/0/with/0")),)
EVERYTHING = (
    Erased(1, ("/report/text", "/report/claims/0/with/0")),
    Erased(2, ("/reason",)),
)


def filing(id: str = "r", text: str = TEXT) -> ReportFiled:
    return ReportFiled(id, Report(text, WHEN, claims=(Agreement(with_=("Vantongeren",)),)))


EVENTS: tuple[Event, ...] = (
    filing(),
    ReportAssessed("r", Credibility.PROBABLE, "Umbrel said so"),
    ReportRedacted("r", EVERYTHING, "asked for"),
)
WORDS = (b"Zaynab", b"zaynab", b"Vantongeren", b"Umbrel")


@contextmanager
def opened(path: Path) -> Iterator[SQLiteLog]:
    with closing(SQLiteLog(path, system_clock)) as log:
        yield log


def append(log: SQLiteLog, *events: Event) -> list[Recorded]:
    versions: dict[str, int] = {}
    found = []
    for event in events:
        id: str = getattr(event, "id")  # noqa: B009
        history = read_history(log, id)
        versions[id] = 1 if history is None else history.events[-1].version + 1
        found.append(log.append(event, versions[id]).result())
    return found


def on_disk(folder: Path) -> list[tuple[str, bytes]]:
    return [(each.name, word) for each in folder.iterdir() for word in WORDS if word in each.read_bytes()]


def test_the_words_leave_every_file_while_the_store_is_open(tmp_path: Path) -> None:
    with opened(tmp_path / "c.db") as log:
        append(log, *EVENTS[:2])
        with caught_up(log) as tables:
            assert tables.find(Wanted(query=query("zaynab")), 2, 10).found
            assert on_disk(tmp_path)
            root = log.tree.root(2)
            append(log, EVENTS[2])
            with caught_up(log) as tables:
                assert not tables.find(Wanted(query=query("zaynab")), 2, 10).found
                assert tables.find(Wanted(kind="agreement"), 3, 10).found
        assert on_disk(tmp_path) == []
        assert log.tree.root(2) == root
        assert log.recent(0) == []
        assert verify(log, open_chronology(log)).faults == []


@pytest.mark.parametrize("rows", [True, False], ids=["rows", "events"])
def test_who_follows_another_process_s_redaction_has_the_words_no_more(tmp_path: Path, rows: bool) -> None:
    with opened(tmp_path / "c.db") as log, opened(tmp_path / "c.db") as other:
        append(log, *EVENTS[:2])
        append(other, EVENTS[2])
        assert [each.position for each in log.recent(0)] == [1, 2]
        assert len(log.rows(0) if rows else log.read(0)) == 3
        assert log.recent(0) == []


def test_of_many_reports_those_that_are_redacted_leave_no_trace(tmp_path: Path) -> None:
    """Rows and index entries are moved about in their pages as others grow: that must leave nothing behind."""
    count = 300
    with opened(tmp_path / "c.db") as log:
        append(log, *(filing(f"r-{i}", f"word{i:04}x " * (1 + i % 7 * 20)) for i in range(count)))
        with caught_up(log):
            pass
        gone = [i for i in range(count) if i % 3]
        for i in gone:
            append(log, ReportRedacted(f"r-{i}", (Erased(1, ("/report/text",)),), "asked for"))
        with caught_up(log):
            pass
        files = b"".join(each.read_bytes() for each in tmp_path.iterdir())
        assert [i for i in gone if f"word{i:04}x".encode() in files] == []
        assert all(f"word{i:04}x".encode() in files for i in range(0, count, 3))
        assert verify(log, open_chronology(log)).faults == []


def test_tables_that_are_made_anew_know_nothing_of_the_words(tmp_path: Path) -> None:
    with opened(tmp_path / "c.db") as log:
        append(log, *EVENTS)
        tables = open_chronology(log)
        tables.empty()
        with caught_up(log) as tables:
            assert not tables.find(Wanted(query=query("zaynab")), 3, 10).found
        assert verify(log, open_chronology(log)).faults == []


def test_a_redaction_of_what_is_not_there_is_refused_alone_and_takes_no_position(tmp_path: Path) -> None:
    with opened(tmp_path / "c.db") as log:
        append(log, filing())
        for erased in (Erased(1, ("/report/nothing",)), Erased(2, ("/reason",)), Erased(9, ("/reason",))):
            with pytest.raises(ValueError, match="redact"):
                log.append(ReportRedacted("r", (*GONE, erased), "asked for"), 2).result()
        assert [each.event for each in read_all(log)] == [filing()]


def test_a_filing_and_its_redaction_in_one_batch_leave_no_words(tmp_path: Path) -> None:
    with opened(tmp_path / "c.db") as log:
        with log.database.writing():  # what queues up behind it is one batch
            futures = [log.append(event, version) for version, event in enumerate(EVENTS, start=1)]
        assert [each.result().position for each in futures] == [1, 2, 3]
        assert log.recent(0) == []
        assert isinstance(next(read_all(log)).event.report.text, Redacted)  # type: ignore[union-attr]
    assert on_disk(tmp_path) == []


def test_another_process_that_follows_lets_go_of_the_words(tmp_path: Path) -> None:
    with opened(tmp_path / "c.db") as here, opened(tmp_path / "c.db") as there:
        append(here, *EVENTS[:2])
        assert here.recent(0)
        append(there, EVENTS[2])
        assert list(here.read(2))
        assert here.recent(0) == []
        assert on_disk(tmp_path) == []


@pytest.mark.parametrize("by", ["opening", "writing"])
def test_whoever_reads_an_older_state_keeps_the_words_no_longer_than_that(tmp_path: Path, by: str) -> None:
    path = tmp_path / "c.db"
    with opened(path) as log:
        append(log, *EVENTS[:2])
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM stored_events").fetchall()
            append(log, EVENTS[2])
            assert on_disk(tmp_path)
            append(log, ReportFiled("s", Report("more", WHEN)))
            assert on_disk(tmp_path)
            reader.execute("ROLLBACK")
        if by == "opening":
            with opened(path):
                pass
        else:
            append(log, ReportFiled("t", Report("more", WHEN)))
        assert on_disk(tmp_path) == []


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_kill_leaves_all_or_nothing_and_the_next_start_finishes_it(tmp_path: Path, at: str) -> None:
    path = tmp_path / "c.db"
    with opened(path) as log:
        append(log, *EVENTS[:2])
    crash = """
import os, sys
from pathlib import Path
from event_store.sqlite import database
from event_store.sqlite.log import SQLiteLog
from service.clock import system_clock
sys.path.insert(0, sys.argv[2])
from test_redacted_stores import EVENTS
log = SQLiteLog(Path(sys.argv[1]), system_clock)
if sys.argv[3] == "after":
    database.Database.wipe = lambda self: os._exit(9)
else:
    log._recorder.rewrite = lambda *_: os._exit(9)
log.append(EVENTS[2], 3).result()
"""
    program = [sys.executable, "-c", crash, str(path), str(Path(__file__).parent), at]
    assert subprocess.run(program, cwd=Path(__file__).parents[1], timeout=60).returncode == 9
    with opened(path) as log:
        head = log.head()
        assert head == (3 if at == "after" else 2)
        assert verify(log).faults == []
        assert (on_disk(tmp_path) == []) == (at == "after")


def test_a_store_of_an_older_program_is_rewritten_without_what_it_had_deleted(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with opened(path) as log:
        append(log, *(filing(f"r-{i}") for i in range(50)))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE old (words TEXT)")
        connection.execute("INSERT INTO old VALUES (?)", ("Umbrel " * 5000,))
        connection.commit()
        connection.execute("DROP TABLE old")
        connection.execute("DROP TABLE to_wipe")
        connection.execute("PRAGMA user_version=2")
    assert (path.name, b"Umbrel") in on_disk(tmp_path)
    with opened(path) as log:
        assert (path.name, b"Umbrel") not in on_disk(tmp_path)
        assert log.head() == 50


# ---------------------------------------------------------------------------------------------------------------
# Leaving the house and coming back
# ---------------------------------------------------------------------------------------------------------------


def exported(store: Path, file: Path, *options: str) -> list[str]:
    assert chronology("export", "--format", "ndjson", "--output", str(file), *options, store=store).status == 0
    return file.read_text().splitlines()


def test_a_redacted_log_is_the_same_log_wherever_it_is_loaded(tmp_path: Path) -> None:
    store, file, copy = tmp_path / "c.db", tmp_path / "log.ndjson", tmp_path / "copy" / "c.db"
    copy.parent.mkdir()
    with opened(store) as log:
        append(log, *EVENTS)
        root = log.tree.root(3)
    note, key = tmp_path / "kept.txt", tmp_path / "key.txt"
    assert chronology("checkpoint", "--output", str(note), store=store).status == 0
    assert chronology("checkpoint", "--verifier-key", "--output", str(key), store=store).status == 0
    lines = exported(store, file)
    assert not any(word.decode() in line for word in WORDS for line in lines)
    checked = subprocess.run(
        [sys.executable, "service/chronology_verify.py", "log", file, note, "--key", key],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (checked.returncode, checked.stdout.startswith("The first 3 events")) == (0, True), checked.stderr
    assert chronology("load", str(file), store=copy).status == 0
    assert chronology("load", str(file), store=copy).json == {"position": 3, "appended": 0, "already_there": 3}
    assert exported(copy, tmp_path / "again.ndjson") == lines
    with opened(copy) as log:
        assert log.tree.root(3) == root
        assert verify(log).faults == []


def test_an_older_export_puts_no_words_back_and_a_newer_one_takes_them(tmp_path: Path) -> None:
    store, old, new, copy = tmp_path / "c.db", tmp_path / "old.ndjson", tmp_path / "new.ndjson", tmp_path / "copy.db"
    with opened(store) as log:
        append(log, *EVENTS[:2])
    exported(store, old)
    assert chronology("load", str(old), store=copy).status == 0
    with opened(store) as log:
        append(log, EVENTS[2])
    exported(store, new)
    assert chronology("load", str(old), store=store).json == {"position": 3, "appended": 0, "already_there": 2}
    assert chronology("load", str(new), store=copy).json == {"position": 3, "appended": 1, "already_there": 2}
    old.unlink()
    assert on_disk(tmp_path) == []
    assert chronology("verify", store=copy).json["sound"]


def test_a_file_with_words_and_their_redaction_leaves_no_words(tmp_path: Path) -> None:
    store, old, new = tmp_path / "c.db", tmp_path / "old.ndjson", tmp_path / "new.ndjson"
    with opened(store) as log:
        append(log, *EVENTS[:2])
    before = exported(store, old)
    with opened(store) as log:
        append(log, EVENTS[2])
    after = exported(store, new)
    copy = tmp_path / "copy" / "c.db"
    copy.parent.mkdir()
    new.write_text("\n".join([*before, after[2]]) + "\n")
    assert chronology("load", str(new), store=copy).status == 0
    assert on_disk(copy.parent) == []
    assert exported(copy, old) == after


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event["data"].update(erased=[]),
        lambda event: event["data"]["erased"][0].update(parts=[]),
        lambda event: event["data"]["erased"][0].update(version=3),
        lambda event: event["data"]["erased"][1].update(version=1),
        lambda event: event["data"]["erased"][0]["parts"].append("/report/nothing"),
    ],
)
def test_a_redaction_that_cannot_be_is_not_loaded(tmp_path: Path, change: Callable[[dict[str, object]], None]) -> None:
    store, file = tmp_path / "c.db", tmp_path / "log.ndjson"
    with opened(store) as log:
        append(log, *EVENTS)
    lines = exported(store, file)
    event = json.loads(lines[2])
    change(event)
    file.write_text("\n".join([*lines[:2], json.dumps(event)]) + "\n")
    assert chronology("load", str(file), store=tmp_path / "copy.db").status == 2


# ---------------------------------------------------------------------------------------------------------------
# Tampering
# ---------------------------------------------------------------------------------------------------------------


def tampered(tmp_path: Path, statement: str, *values: object) -> Sequence[str]:
    path = tmp_path / "c.db"
    with opened(path) as log:
        append(log, *EVENTS, ReportCorrected("r", Report("more", WHEN), "why"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)
    with opened(path) as log:
        return verify(log).faults


def test_a_digest_that_is_not_that_of_the_words_is_named_by_its_position(tmp_path: Path) -> None:
    other = json.dumps({"redacted": "A" * 43 + "="})
    faults = tampered(
        tmp_path, "UPDATE stored_events SET state = json_set(state, '$.report.text', json(?)) WHERE rowid = 1", other
    )
    assert faults == ["event at position 1: it is not what was committed"]


def test_words_that_went_past_the_program_are_named_by_their_position(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with opened(path) as log:
        append(log, filing(), filing("s"))
        from event_store.erasing import erased

        left = erased(log.entries(0)[1], ["/report/text"])
        with log.database.writing() as cursor:
            log._recorder.rewrite(cursor, [left])
        assert verify(log).faults == ["event at position 2: /report/text is gone, and no redaction after it says so"]


def test_words_that_are_back_are_named_by_their_position(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with opened(path) as log:
        append(log, *EVENTS[:2])
        before = log.entries(0)[0]
        append(log, EVENTS[2])
        with log.database.writing() as cursor:
            log._recorder.rewrite(cursor, [before])
        assert verify(log).faults[0] == "event at position 1: /report/text was redacted at position 3, and is there"


def test_a_salt_that_was_put_back_is_found(tmp_path: Path) -> None:
    faults = tampered(tmp_path, "UPDATE stored_events SET salt = ? WHERE rowid = 1", bytes(16))
    assert faults == [
        "event at position 1: it is not what was committed: parts of it are redacted, and the salt is there with which "
        "they could be found out"
    ]


def test_tables_that_have_yet_to_follow_a_redaction_are_told(tmp_path: Path) -> None:
    with opened(tmp_path / "c.db") as log:
        append(log, *EVENTS[:2])
        with caught_up(log):
            pass
        append(log, EVENTS[2])
        (fault,) = verify(log, open_chronology(log)).faults
        assert "may hold words that were redacted at position 3" in fault


def test_a_redaction_that_misses_its_report_is_not_restored(tmp_path: Path) -> None:
    with opened(tmp_path / "c.db") as log:
        with pytest.raises(Misplaced):
            log.restore([Recorded(1, 0, "report:r", 1, EVENTS[2])])
        assert log.head() == 0


# ---------------------------------------------------------------------------------------------------------------
# On the command line
# ---------------------------------------------------------------------------------------------------------------


def test_whoever_runs_the_service_redacts_without_it(tmp_path: Path) -> None:
    store = tmp_path / "c.db"
    with opened(store) as log:
        append(log, *EVENTS[:2])
        with caught_up(log):
            pass
    tried = chronology("redact", "r", "--reason", "asked for", "--dry-run", store=store)
    parts = [{"version": 1, "parts": list(EVERYTHING[0].parts)}, {"version": 2, "parts": ["/reason"]}]
    assert tried.json == {"id": "r", "dry_run": True, "already_there": False, "erased": parts}
    assert on_disk(tmp_path)
    done = chronology("redact", "r", "--reason", "asked for", store=store)
    assert (done.json["position"], done.json["version"], done.json["erased"]) == (3, 3, parts)
    assert on_disk(tmp_path) == []
    assert chronology("redact", "r", "--reason", "asked for", store=store).json["already_there"]
    assert chronology("verify", store=store).json == {"sound": True, "position": 3, "faults": []}
    assert "[redacted]" not in chronology("reports", "--json", store=store).out


def test_a_chronology_that_is_loaded_again_puts_nothing_back(tmp_path: Path) -> None:
    store = tmp_path / "c.db"
    assert chronology("load", "hama-2024", store=store).status == 0
    assert chronology("redact", "hama-2024-s10", "--reason", "asked for", store=store).json["position"] == 75
    assert chronology("load", "hama-2024", store=store).json["appended"] == 0
    with opened(store) as log:
        history = read_history(log, "hama-2024-s10")
        assert history is not None
        assert isinstance(history.filed.event.report.text, Redacted)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nobody",), "there is no report 'nobody'"),
        (("r", "--parts", "forces"), "'forces' is no pointer"),
        (("r", "--versions", "x"), "no list of versions"),
        (("r", "--versions", "9"), "has no version 9"),
    ],
)
def test_what_cannot_be_redacted_is_said(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    store = tmp_path / "c.db"
    with opened(store) as log:
        append(log, *EVENTS[:2])
    ended = chronology("redact", *options, "--reason", "asked for", store=store)
    assert ended.status == 2
    assert said in ended.err


def test_a_store_that_there_is_none_of_is_not_made(tmp_path: Path) -> None:
    assert chronology("redact", "r", "--reason", "x", store=tmp_path / "none.db").status == 2
    assert not (tmp_path / "none.db").exists()
