"""Reports from files: each taken or refused with its place, nothing twice, and the rest whatever happens to one."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from running import PROGRAM, Ended, address, await_true, chronology, environment
from test_moving import count, peak

from domain.when.zone import Zone
from event_store.log import read_all
from event_store.sqlite.log import SQLiteLog
from service.cli.importing import TOLD
from service.clock import system_clock
from service.intake.filings import FilingReader
from service.intake.table import COLUMNS, table_filings

HAMA = 74  # events of hama-2024

HEADER = "text,occurred,place,forces,effect"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("loaded") / "chronology.db"
    assert chronology("load", "hama-2024", store=store).status == 0
    return store


@pytest.fixture
def store(loaded: Path, tmp_path: Path) -> Path:
    found = tmp_path / "chronology.db"
    found.write_bytes(loaded.read_bytes())
    return found


def report(id: str | None = None, **parts: Any) -> dict[str, Any]:
    claim = {"kind": "control", "place": "khitab", "forces": ["opposition"], "effect": "holds"}
    named = {} if id is None else {"id": id}
    return {**named, "text": "seen", "occurred": "2024-12-04", "claims": [claim], **parts}


def written(folder: Path, lines: Sequence[dict[str, Any] | str], name: str = "reports.ndjson") -> Path:
    file = folder / name
    file.write_text("".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in lines))
    return file


def table(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    file = folder / "reports.csv"
    file.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
    return file


def taken(file: Path, store: Path, *options: str) -> Ended:
    return chronology("import", str(file), "--format", file.suffix[1:], *options, store=store)


def numbers(ended: Ended) -> tuple[int, int, int]:
    found = json.loads(ended.out)
    assert ended.status == (1 if found["refused"] else 0)
    return found["appended"], found["already_there"], found["refused"]


def filed(store: Path) -> list[Any]:
    """What was filed behind the chronology of Hama."""
    log = SQLiteLog(store, system_clock, create=False)
    try:
        return [each.event for each in read_all(log, after=HAMA)]
    finally:
        log.close()


def content(store: Path, known_at: int) -> Any:
    """The newest report."""
    log = SQLiteLog(store, system_clock, create=False)
    try:
        return log.read(known_at - 1)[0].event
    finally:
        log.close()


# ---------------------------------------------------------------------------------------------------------------
# A report a line
# ---------------------------------------------------------------------------------------------------------------


def test_lines_are_taken_each_for_itself_and_again_not_at_all(store: Path, tmp_path: Path) -> None:
    lines: list[dict[str, Any] | str] = [
        report("i1"),
        "not json",
        "",
        report("i2", claims=[{"kind": "denial", "of": "i1"}]),
        report("i3", claims=[{"kind": "denial", "of": "nothing"}], occurred="2024-12-04"),
        report("i4", occurred="2024-12-33", credibility="sure"),
        report("i1", text="another"),
        report("i5"),
    ]
    first = taken(written(tmp_path, lines), store)
    assert numbers(first) == (3, 0, 4)
    assert first.err.splitlines() == [
        "line 2: the line is not JSON: invalid literal, expected 'null' at character 0",
        "line 5 at #/claims/0/of: there is no report 'nothing'",
        "line 6 at #/credibility: this must be one of: 'confirmed', 'probable', 'possible', 'doubtful', "
        "'improbable' or 'unverified'",
        "line 7 at #/id: the id 'i1' is taken by another report",
    ]
    again = taken(written(tmp_path, lines), store)
    assert numbers(again) == (0, 3, 4)
    assert sorted(each.id for each in filed(store)) == ["i1", "i2", "i5"]


def test_lines_without_an_id_are_known_again_by_their_content(store: Path, tmp_path: Path) -> None:
    lines = [report(), report(text="other"), report()]
    assert numbers(taken(written(tmp_path, lines), store)) == (3, 0, 0)
    turned = [dict(reversed(each.items())) for each in lines]  # the same in another order is the same
    assert numbers(taken(written(tmp_path, [*turned, report()]), store)) == (1, 3, 0)
    assert len({each.id for each in filed(store)}) == 4


def test_only_the_first_refusals_are_told_one_by_one(store: Path, tmp_path: Path) -> None:
    ended = taken(written(tmp_path, ["x"] * (TOLD + 5)), store)
    assert numbers(ended) == (0, 0, TOLD + 5)
    told = ended.err.splitlines()
    assert len(told) == TOLD + 1
    assert told[-1] == "… and 5 more refused."


def test_standard_input_is_read_too(store: Path) -> None:
    command = [*PROGRAM, "import", "-", "--format", "ndjson", "--store", address(store)]
    sent = json.dumps(report("i1")).encode()
    done = subprocess.run(command, input=sent, capture_output=True, env=environment(), check=True)
    assert json.loads(done.stdout)["appended"] == 1


def test_local_times_are_read_in_the_zone(store: Path, tmp_path: Path) -> None:
    file = written(tmp_path, [report("i1", occurred="2024-12-04T12:00")])
    assert numbers(taken(file, store, "--timezone", "Asia/Damascus")) == (1, 0, 0)
    assert content(store, HAMA + 1).report.occurred.earliest == 1_733_302_800_000_000  # 09:00 in UTC


def test_a_file_that_is_not_there_is_said_in_one_line_and_makes_no_store(tmp_path: Path) -> None:
    ended = taken(tmp_path / "none.ndjson", tmp_path / "new.db")
    assert (ended.status, "can't be read: No such file" in ended.complaint) == (2, True)
    assert not (tmp_path / "new.db").exists()


def test_an_import_that_was_killed_is_completed_by_the_next(store: Path, tmp_path: Path) -> None:
    lines = [report(text=f"text {i // 2}", occurred=f"2024-12-{1 + i % 28:02}") for i in range(6000)]
    file = written(tmp_path, lines)
    command = [*PROGRAM, "import", str(file), "--format", "ndjson", "--store", address(store)]
    for events in (500, 2500):
        importing = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment())
        await_true(f"{events} events", lambda: importing.poll() is not None or count(store) >= events)  # noqa: B023
        importing.kill()
        importing.wait(20)
    before = count(store) - HAMA
    assert 2000 <= before < 6000, "it was killed too late to tell"
    assert numbers(taken(file, store)) == (6000 - before, before, 0)
    found = filed(store)
    assert len(found) == len({each.id for each in found}) == 6000
    assert sorted(each.report.text for each in found) == sorted(line["text"] for line in lines)
    assert chronology("verify", store=store).json["sound"]


def test_ctrl_c_ends_it_at_once_while_its_input_is_idle(store: Path) -> None:
    """The first report is taken in, and the pipe stays open with no more to come."""
    command = [*PROGRAM, "import", "-", "--format", "ndjson", "--store", address(store)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment(), **pipes) as importing:  # type: ignore[call-overload]
        lines = [json.dumps(report(f"i{i}")) for i in range(150)]  # more than are handed over at once
        importing.stdin.write("".join(f"{line}\n" for line in lines).encode())
        importing.stdin.flush()
        await_true("a report", lambda: count(store) > HAMA)
        importing.send_signal(signal.SIGINT)
        assert importing.wait(10) == 130
        assert (importing.stdout.read(), importing.stderr.read()) == (b"", b"")


def test_memory_does_not_grow_with_the_file(loaded: Path, tmp_path: Path) -> None:
    """Blank cells make rows that are no report: what is kept of reports is the projections'."""
    peaks = []
    for rows in (10, 100_000):
        file = table(tmp_path, *[" " * 200 + ",,,,"] * rows)
        peaks.append(peak("import", str(file), "--format", "csv", "--store", address(tmp_path / "new.db")))
    assert peaks[1] - peaks[0] < 10_000, peaks  # the file is 20 MB


def test_on_a_terminal_the_sum_is_told_in_words_beside_a_bar(store: Path, tmp_path: Path) -> None:
    file = written(tmp_path, [report("i1")])
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    command = [*PROGRAM, "import", str(file), "--format", "ndjson", "--store", address(store)]
    with subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment()):
        os.close(follower)
        printed = b""
        while more := _read(leader):
            printed += more
    os.close(leader)
    assert b"Importing" in printed
    assert b"1 appended, 0 already there, 0 refused." in printed


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:
        return b""


# ---------------------------------------------------------------------------------------------------------------
# A report a row
# ---------------------------------------------------------------------------------------------------------------


def test_a_row_is_a_report(store: Path, tmp_path: Path) -> None:
    header = ",".join(COLUMNS)
    row = (
        'i1,"It fell,\r\nthey ""said"".",2024-12-04 night,probable,sana,p. 3,https://x.example/1,2024-12-05,khitab,'
        "opposition; government,contests,"
    )
    ended = taken(table(tmp_path, row, header=header, encoding="utf-8-sig"), store)  # as Excel writes it
    assert numbers(ended) == (1, 0, 0), ended
    event = content(store, HAMA + 1)
    assert event.id == "i1"
    assert event.report.text == 'It fell,\r\nthey "said".'
    assert event.report.occurred.text == "2024-12-04 night"
    assert event.report.credibility.word == "probable"
    (source,) = event.report.sources
    assert (source.source, source.citation, source.url) == ("sana", "p. 3", "https://x.example/1")
    assert source.published.text == "2024-12-05"
    (claim,) = event.report.claims
    assert (claim.place, claim.forces, claim.effect) == ("khitab", ("opposition", "government"), "contests")


def test_a_row_can_do_without_a_claim_and_without_an_id(store: Path, tmp_path: Path) -> None:
    file = table(tmp_path, "seen,2024-12-04", ",,,,", "seen,2024-12-04,,,", " seen ,2024-12-04,,,")
    assert numbers(taken(file, store)) == (3, 0, 0)
    assert numbers(taken(file, store)) == (0, 3, 0)
    assert content(store, HAMA + 1).report.claims == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("x,2024-12-33,,,", "row 3, column occurred: '2024-12-33' can't be read at position 9"),
        (",2024,,,", "row 3, column text: this field is required"),
        ("x,2024,nowhere,opposition,takes", "row 3, column place: there is no place 'nowhere'"),
        ("x,2024,khitab,opposition;nobody,takes", "row 3, column forces: there is no force 'nobody'"),
        ("x,2024,khitab,opposition,grabs", "row 3, column effect: this must be one of"),
        ("x,2024,khitab,opposition,", "row 3, column effect: this field is required"),
        ("x,2024,,opposition,takes", "row 3, column place: this field is required"),
        ("x,2024,khitab,opposition,takes,more", "row 3: there are more cells than columns"),
        ('x,"2024"5,,,', "row 3: the row can't be read: ',' expected after '\"'"),
        (f"{'x' * 20_001},2024,,,", "row 3, column text: "),
        (f"{'x' * 200_000},2024,,,", "row 3: the row can't be read: field larger than field limit (131072)"),
    ],
)
def test_a_bad_row_is_told_with_its_column_and_stops_no_other(store: Path, tmp_path: Path, row: str, says: str) -> None:
    ended = taken(table(tmp_path, "before,2024,,,", row, "after,2024,,,"), store)
    assert numbers(ended) == (2, 0, 1)
    assert ended.err.startswith(says)
    assert ended.err.count("\n") == 1


def test_a_cell_that_is_not_utf_8_is_told_with_its_column(store: Path, tmp_path: Path) -> None:
    ended = taken(table(tmp_path, "caf\xe9,2024,,,", "cafe,2024,,,", encoding="latin-1"), store)
    assert numbers(ended) == (1, 0, 1)
    assert ended.err == "row 2, column text: this is not UTF-8\n"


def test_a_citation_needs_its_source(store: Path, tmp_path: Path) -> None:
    ended = taken(table(tmp_path, "x,2024,p. 3", header="text,occurred,citation"), store)
    assert (numbers(ended), ended.err) == ((0, 0, 1), "row 2, column source: this field is required\n")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("text,occurred,town", "row 1: there is no column 'town'; there are id, text,"),
        ("text;occurred", "row 1: there is no column 'text;occurred'"),
        ("text,occurred,text", "row 1: the column 'text' is there twice"),
        ("text,place", "row 1: the column 'occurred' is missing"),
        ("", "row 1: the column 'text' is missing"),
        ('"text"x', "row 1: the row can't be read"),
    ],
)
def test_a_table_whose_header_is_not_understood_is_refused_whole(tmp_path: Path, header: str, says: str) -> None:
    ended = taken(table(tmp_path, "x,2024,khitab", header=header), tmp_path / "new.db")
    assert (ended.status, ended.complaint[: len(says)]) == (2, says)
    assert not (tmp_path / "new.db").exists()


def test_the_size_of_a_row_is_in_bytes(tmp_path: Path) -> None:
    """What is under way at once is bounded by it."""
    with table(tmp_path, "حماة,2024-12-04,hama,opposition,holds").open("rb") as file:
        [row] = table_filings(file, FilingReader(Zone("UTC"), lambda *_: "r"))
    assert row.size == len("حماة".encode()) + len("2024-12-04hamaoppositionholds")
