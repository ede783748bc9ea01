"""A log that is exported and loaded elsewhere answers everything alike, whatever comes over it on the way."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from chronologies import random_log, random_question
from feeding import policy, project, record
from running import PROGRAM, Ended, address, await_true, chronology, environment
from serving import Served, served

from domain.claims import Control, Denial, Effect
from domain.events import (
    Event,
    ForceAligned,
    ForceRegistered,
    PlaceRegistered,
    Recorded,
    ReportCorrected,
    ReportFiled,
    ReportRetracted,
    SourceRegistered,
    stream_of,
)
from domain.faults import Wrong
from domain.force import Force
from domain.place import Place, PlaceKind
from domain.report import Report
from domain.source import Source
from domain.when.window import Occurred
from event_store.log import read_all
from event_store.sqlite.log import SQLiteLog
from projections.projections import Projections
from service import log_file
from service.clock import system_clock
from service.lines import Line, Lines
from service.log_file import load_log, log_lines
from service.verification import verify_log

HAMA = 74  # events of hama-2024


@pytest.fixture(scope="module")
def hama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported log."""
    folder = tmp_path_factory.mktemp("hama")
    assert chronology("load", "hama-2024", store=folder / "from.db").status == 0
    exported(folder / "from.db", folder / "log.ndjson")
    return folder / "log.ndjson"


def exported(store: Path, file: Path, *options: str) -> bytes:
    ended = chronology("export", "--format", "ndjson", "--output", str(file), *options, store=store)
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    return file.read_bytes()


def load(file: Path, store: Path) -> Ended:
    return chronology("load", str(file), store=store)


def numbers(ended: Ended) -> tuple[int, int]:
    return ended.json["appended"], ended.json["already_there"]


def lines(exported: bytes) -> Iterator[Line]:
    splitter = Lines(log_file.LONGEST)
    yield from splitter.feed(exported)
    yield from splitter.end()


# ---------------------------------------------------------------------------------------------------------------
# There and back
# ---------------------------------------------------------------------------------------------------------------


def test_a_loaded_log_is_the_same_and_is_exported_as_the_same_bytes(hama: Path, tmp_path: Path) -> None:
    store = tmp_path / "to.db"
    assert numbers(load(hama, store)) == (HAMA, 0)
    assert exported(store, tmp_path / "again.ndjson") == hama.read_bytes()
    assert chronology("verify", store=store).json["sound"]


def test_a_loaded_log_gives_the_same_answers_over_http(hama: Path, tmp_path: Path) -> None:
    load(hama, tmp_path / "to.db")
    with served(hama.parent / "from.db") as one, served(tmp_path / "to.db") as other:

        def both(asked: str) -> tuple[Any, Any]:
            found = [each.anyone.get(asked).raise_for_status().json() for each in (one, other)]
            return found[0], found[1]

        for at in ("2024-11-28", "2024-12-01", "2024-12-04", "2024-12-05", "2024-12-06", "2024-12-12"):
            for known_at in (20, 50, 60, HAMA):
                for lens in ("default", "strict", "everything"):
                    asked = f"/v1/control?at={at}T12:00:00Z&known_at={known_at}&lens={lens}"
                    first, second = both(asked)
                    assert first == second, asked
        for id in ("hama", "khitab", "salamiyah"):
            first, second = both(f"/v1/places/{id}/timeline?at=2024-12-12T00:00:00Z")
            assert first == second
        first, second = both("/v1/reports?limit=1000&at=2024-12-12T00:00:00Z")
        assert first == second


@pytest.mark.parametrize("seed", range(8))
def test_any_log_is_loaded_as_it_was_and_gives_the_same_answers(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    raw = random_log(dice, 40)
    log = SQLiteLog(tmp_path / "one.db", system_clock)
    other = SQLiteLog(tmp_path / "other.db", system_clock)
    try:
        log.restore(record(raw))
        loaded = load_log(lines(b"".join(log_lines(log))), other)
        assert (loaded.appended, loaded.before) == (len(raw), 0)
        assert list(read_all(other)) == list(read_all(log)) == record(raw)
        assert list(log_lines(other)) == list(log_lines(log))
        again = Projections()
        again.apply(list(read_all(other)))
    finally:
        log.close()
        other.close()
    first = project(raw)
    for _ in range(40):
        asked = random_question(dice, raw)
        inquiries = [each.control.inquire(asked.known_at, policy(asked.policy)) for each in (first, again)]
        one, two = (each.control(asked.place, asked.at, by_side=asked.by_side) for each in inquiries)
        assert one == two


def test_a_log_is_exported_up_to_a_position(hama: Path, tmp_path: Path) -> None:
    found = exported(hama.parent / "from.db", tmp_path / "part.ndjson", "--until", "10")
    assert found == b"".join(hama.read_bytes().splitlines(keepends=True)[:10])


def test_what_is_piped_is_what_is_written(hama: Path, tmp_path: Path) -> None:
    piped = chronology("export", "--format", "ndjson", store=hama.parent / "from.db")
    assert piped.out.encode() == hama.read_bytes()
    loading = [*PROGRAM, "load", "-", "--store", address(tmp_path / "to.db")]
    done = subprocess.run(loading, input=hama.read_bytes(), capture_output=True, env=environment(), check=True)
    assert json.loads(done.stdout)["appended"] == HAMA


# ---------------------------------------------------------------------------------------------------------------
# Into a store that holds something
# ---------------------------------------------------------------------------------------------------------------


def test_loading_again_appends_nothing_and_goes_on_from_where_it_was(hama: Path, tmp_path: Path) -> None:
    store = tmp_path / "to.db"
    exported(hama.parent / "from.db", tmp_path / "part.ndjson", "--until", "30")
    assert numbers(load(tmp_path / "part.ndjson", store)) == (30, 0)
    assert numbers(load(hama, store)) == (HAMA - 30, 30)
    assert numbers(load(hama, store)) == (0, HAMA)
    assert numbers(load(tmp_path / "part.ndjson", store)) == (0, 30)
    assert exported(store, tmp_path / "again.ndjson") == hama.read_bytes()


def test_another_log_is_refused_with_the_first_position_that_differs(hama: Path, tmp_path: Path) -> None:
    store = tmp_path / "to.db"
    events = hama.read_bytes().splitlines(keepends=True)
    other = [*events[:40], events[40].replace(b'"name":"', b'"name":"New '), *events[41:]]
    if other == events:
        other[40] = events[40].replace(b'"text":"', b'"text":"New ', 1)
    (tmp_path / "other.ndjson").write_bytes(b"".join(other))
    load(tmp_path / "other.ndjson", store)
    ended = load(hama, store)
    assert ended.status == 2
    assert "the store holds another log: at position 41 it has" in ended.complaint
    assert exported(store, tmp_path / "still.ndjson") == b"".join(other)


def test_a_store_with_events_of_its_own_is_not_mixed_with_a_log(hama: Path, tmp_path: Path) -> None:
    store = tmp_path / "own.db"
    chronology("load", "hama-2024", store=store)  # the same events, recorded at other times
    ended = load(hama, store)
    assert (ended.status, "position 1 " in ended.complaint) == (2, True)


# ---------------------------------------------------------------------------------------------------------------
# Damage
# ---------------------------------------------------------------------------------------------------------------


def changed(event: bytes, **parts: Any) -> bytes:
    return json.dumps(json.loads(event) | parts).encode() + b"\n"


@pytest.mark.parametrize("at", [1, 30, 74])
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda event: event[: len(event) // 2], "not JSON, or was cut off"),
        (lambda event: b"\xff" + event, "not JSON"),
        (lambda event: b"[]\n", "an event is an object"),
        (lambda event: b"x" * (log_file.LONGEST + 1) + b"\n", "longer than"),
        (lambda event: changed(event, type="no.v1"), "type: no event is called 'no.v1'"),
        (lambda event: changed(event, time="now"), "time: 'now' is no instant"),
        (lambda event: changed(event, data={}), "data: "),
        (lambda event: changed(event, streamversion=7), "streamversion: "),
    ],
)
def test_a_damaged_line_is_named_and_what_came_before_it_stays(
    hama: Path, tmp_path: Path, at: int, damage: Any, says: str
) -> None:
    events = hama.read_bytes().splitlines(keepends=True)
    store = SQLiteLog(tmp_path / "to.db", system_clock)
    try:
        whole = b"".join([*events[: at - 1], damage(events[at - 1])])
        with pytest.raises(Exception, match=f"line {at}[:,].*{re.escape(says)}"):
            load_log(lines(whole), store)
        assert store.head() == at - 1
        assert load_log(lines(hama.read_bytes()), store).appended == HAMA - at + 1
    finally:
        store.close()


RED, BLUE = Force("red", "Red"), Force("blue", "Blue")
CLAIM = Control(place="hama", forces=("red",), effect=Effect.HOLDS)
SEEN = Report("seen", Occurred("1970", 0, 1), claims=(CLAIM,))
HAMA_CITY = Place("hama", "Hama", PlaceKind.CITY)
FILED = ReportFiled("r", SEEN)
STANDING = (ForceRegistered(RED), ForceRegistered(BLUE), PlaceRegistered(HAMA_CITY), FILED)
AHEAD = Occurred("1970-01-02..", 86_400_000_000, None)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([ForceAligned("red", "red")], "red is aligned under red"),
        ([ForceAligned("red", "green")], "with: there is no force 'green'"),
        ([ForceAligned("red", "blue"), ForceAligned("blue", "red")], "that would make a circle"),
        ([ForceAligned("red", "blue"), ForceAligned("red", "blue", AHEAD)], "from: '1970-01-02..' is open to the time"),
        ([ForceRegistered(Force("civilians", "Civilians"))], "id: 'civilians' are no force"),
        ([SourceRegistered(Source("s", "S", affiliation="green"))], "affiliation: there is no force 'green'"),
        ([PlaceRegistered(replace(HAMA_CITY, id="p", parent="nowhere"))], "parent: there is no place 'nowhere'"),
        ([ReportFiled("q", replace(SEEN, occurred=AHEAD))], "occurred: '1970-01-02..' is open to the time"),
        (
            [ReportFiled("q", replace(SEEN, claims=(replace(CLAIM, place="nowhere", forces=("green",)),)))],
            "claims/0/place: there is no place 'nowhere'; claims/0/forces/0: there is no force 'green'",
        ),
        ([ReportFiled("q", replace(SEEN, claims=(Denial(of="q"),)))], "claims/0/of: there is no report 'q'"),
        ([ReportRetracted("r", "wrong"), ReportCorrected("r", SEEN, "right")], "the report 'r' is retracted"),
    ],
)
def test_what_would_be_refused_is_not_loaded_nor_sound(tmp_path: Path, events: list[Event], says: str) -> None:
    streams: Counter[str] = Counter()
    whole = []
    for position, event in enumerate([*STANDING, *events], 1):
        streams[stream_of(event)] += 1
        whole.append(Recorded(position, position, stream_of(event), streams[stream_of(event)], event))
    store, forged = (SQLiteLog(tmp_path / name, system_clock) for name in ("to.db", "forged.db"))
    try:
        forged.restore(whole)
        with pytest.raises(Wrong, match=f"^line {len(whole)}, .*{re.escape(says)}"):
            load_log(lines(b"".join(log_lines(forged))), store)
        assert list(read_all(store)) == whole[:-1]
        faults = verify_log(forged).faults
        assert all(fault.startswith(f"event at position {len(whole)}") for fault in faults)
        assert says in faults[0]
        assert verify_log(store).sound
    finally:
        store.close()
        forged.close()


def test_a_log_s_later_part_follows_on_what_the_store_holds(hama: Path, tmp_path: Path) -> None:
    events = hama.read_bytes().splitlines(keepends=True)
    for name, part in (("first", events[:40]), ("rest", events[40:])):
        (tmp_path / f"{name}.ndjson").write_bytes(b"".join(part))
    assert numbers(load(tmp_path / "first.ndjson", tmp_path / "to.db")) == (40, 0)
    assert numbers(load(tmp_path / "rest.ndjson", tmp_path / "to.db")) == (HAMA - 40, 0)


@pytest.mark.parametrize(
    ("pick", "says"),
    [
        (lambda events: events[1:], "event at position 2: the log goes on with position 1"),
        (lambda events: [*events[:9], *events[10:]], "event at position 11: the log goes on with position 10"),
        (lambda events: [*events[:9], events[8], *events[9:]], "event at position 9: the log goes on with position 10"),
    ],
)
def test_lines_that_are_missing_or_there_twice_are_refused(hama: Path, tmp_path: Path, pick: Any, says: str) -> None:
    file = tmp_path / "log.ndjson"
    file.write_bytes(b"".join(pick(hama.read_bytes().splitlines(keepends=True))))
    ended = load(file, tmp_path / "to.db")
    assert (ended.status, ended.complaint) == (2, says)


def test_what_cannot_be_loaded_is_said_in_one_line(tmp_path: Path) -> None:
    ended = load(tmp_path / "none.ndjson", tmp_path / "to.db")
    assert (ended.status, "can't be read: No such file" in ended.complaint) == (2, True)
    assert not (tmp_path / "to.db").exists()


# ---------------------------------------------------------------------------------------------------------------
# A kill, and a long log
# ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_log(hama: Path) -> Path:
    """The log of Hama with a report repeated under other ids."""
    events = hama.read_bytes().splitlines(keepends=True)
    report = json.loads(events[-1])
    file = hama.with_name("long.ndjson")
    with file.open("wb") as out:
        out.writelines(events)
        for i in range(HAMA + 1, 6_001):
            report["data"]["id"] = f"r{i}"
            out.write(changed(json.dumps(report).encode(), id=str(i), sequence=f"{i:020}", subject=f"report:r{i}"))
    return file


def test_a_load_that_was_killed_is_completed_by_the_next(long_log: Path, tmp_path: Path) -> None:
    store = tmp_path / "to.db"
    for events in (500, 2500):
        loading = subprocess.Popen(
            [*PROGRAM, "load", str(long_log), "--store", address(store)], stdout=subprocess.DEVNULL, env=environment()
        )
        await_true(f"{events} events", lambda: loading.poll() is not None or count(store) >= events)  # noqa: B023
        loading.kill()
        loading.wait(20)
    before = count(store)
    assert 2500 <= before < 6_000, "it was killed too late to tell"
    assert numbers(load(long_log, store)) == (6_000 - before, before)
    with long_log.open("rb") as file:
        assert [json.loads(line) for line in exported(store, tmp_path / "x").splitlines()] == [
            json.loads(line) for line in file
        ]


def count(store: Path) -> int:
    if not store.exists():
        return 0
    try:
        log = SQLiteLog(store, system_clock, create=False)
    except Exception:
        return 0
    try:
        return log.head()
    finally:
        log.close()


PEAK = r"""
import re, sys
from pathlib import Path
from service.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1], file=sys.stderr)
"""


def peak(*arguments: str) -> int:
    """The most memory that a command took, in kilobytes."""
    command = [sys.executable, "-c", PEAK, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stderr
    return int(done.stderr.splitlines()[-1])


def test_memory_does_not_grow_with_the_log(hama: Path, long_log: Path, tmp_path: Path) -> None:
    """A page of the long log is a sixth of it."""
    small, large = address(tmp_path / "small.db"), address(tmp_path / "large.db")
    loading = [peak("load", str(file), "--store", at) for file, at in ((hama, small), (long_log, large))]
    exporting = [
        peak("export", "--format", "ndjson", "--output", str(tmp_path / "x"), "--store", at) for at in (small, large)
    ]
    assert loading[1] - loading[0] < 10_000, loading
    assert exporting[1] - exporting[0] < 10_000, exporting


# ---------------------------------------------------------------------------------------------------------------
# Files
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--format", "ndjson", "--at", "2024"], "--at does not go with --format ndjson"),
        (["--format", "csv", "--until", "3"], "--until does not go with --format csv"),
        (["--format", "ndjson", "--until", "75"], "--until: '75' is no position of the log, which ends at 74"),
        (["--format", "ndjson", "--until", "x"], "--until: 'x' is no position of the log, which ends at 74"),
        (["--format", "ndjson", "--output", "/nowhere/x"], "--output: /nowhere/x can't be written: No such file"),
        (["--format", "csv", "--kind", "x"], "--kind: 'x' is none of"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(hama: Path, options: list[str], says: str) -> None:
    ended = chronology("export", *options, store=hama.parent / "from.db")
    assert (ended.status, ended.complaint[: len(says)]) == (2, says)


def test_a_file_stays_as_it_was_where_an_export_fails(hama: Path, tmp_path: Path) -> None:
    store, out = tmp_path / "from.db", tmp_path / "out.ndjson"
    load(hama, store)
    log = SQLiteLog(store, system_clock)
    with log.database.writing() as cursor:
        cursor.execute("UPDATE stored_events SET state = x'00' WHERE rowid = 60")
    log.close()
    out.write_text("before")
    ended = chronology("export", "--format", "ndjson", "--output", str(out), store=store)
    assert (ended.status, "position 60" in ended.complaint) == (1, True)
    assert out.read_text() == "before"
    assert {each.name for each in tmp_path.iterdir() if "out" in each.name} == {"out.ndjson"}


def test_a_file_is_written_where_a_link_leads_and_keeps_its_mode(hama: Path, tmp_path: Path) -> None:
    real, link = tmp_path / "real.ndjson", tmp_path / "link.ndjson"
    real.write_text("before")
    real.chmod(0o640)
    link.symlink_to(real)
    assert exported(hama.parent / "from.db", link) == hama.read_bytes()
    assert link.is_symlink()
    assert (real.read_bytes(), real.stat().st_mode & 0o777) == (hama.read_bytes(), 0o640)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")  # noqa: PTH110
def test_a_full_disk_is_said_in_one_line(hama: Path) -> None:
    ended = chronology("export", "--format", "ndjson", "--output", "/dev/full", store=hama.parent / "from.db")
    assert (ended.status, ended.complaint) == (2, "the output can't be written: No space left on device")


# ---------------------------------------------------------------------------------------------------------------
# Sheets
# ---------------------------------------------------------------------------------------------------------------


def sheet(text: str) -> list[dict[str, str]]:
    assert text.endswith("\r\n")
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def furnish(running: Served) -> None:
    for place in (
        {"id": "tricky", "name": '=HYPERLINK("x")', "kind": "town", "location": {"lon": -172.5, "lat": -13}},
        {"id": "quoted", "name": 'The "Mill", east\nside', "kind": "hill"},
        {"id": "-x-", "name": "@cmd", "kind": "town"},
        {"id": "inner", "name": "حماة", "kind": "neighbourhood", "parent": "tricky"},
    ):
        running.must("/v1/places", place)
    running.register((), ("red", "blue"))
    fight = {"kind": "control", "place": "tricky", "forces": ["red", "blue"], "effect": "contests"}
    running.must("/v1/reports", {"id": "r1", "text": "x", "occurred": "2024-12-04", "claims": [fight]})
    running.must("/v1/reports", {"id": "r2", "text": "y", "occurred": "2024-12-04", "claims": [fight]})


def test_a_map_is_a_sheet_for_the_asking(running: Served) -> None:
    furnish(running)
    asked = "/v1/control?at=2024-12-04T23:59:59Z"
    answer = running.anyone.get(asked, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; header=present; charset=utf-8"
    assert "Accept" in answer.headers["vary"].split(", ")
    found = {row["place"]: row for row in sheet(answer.text)}
    json_ = {each["place"]: each for each in running.anyone.get(asked).json()["places"]}
    assert set(found) == {"tricky", "quoted", "'-x-", "inner"}
    assert found["tricky"]["name"] == '\'=HYPERLINK("x")'
    assert found["'-x-"]["name"] == "'@cmd"
    assert found["quoted"]["name"] == 'The "Mill", east\nside'
    assert found["inner"]["name"] == "حماة"
    assert (found["tricky"]["lon"], found["tricky"]["lat"]) == ("-172.5", "-13.0")
    row, whole = found["tricky"], json_["tricky"]
    assert row["status"] == whole["status"] == "changing"
    assert row["after_parties"] == ";".join(whole["after"]["parties"]) == "blue;red"
    assert (row["since_earliest"], row["since_latest"]) == (whole["since"]["earliest"], whole["since"]["latest"])
    assert (row["at"], row["known_at"], row["as_of_position"]) == ("2024-12-04T23:59:59Z", "8", "8")
    later = running.anyone.get("/v1/control?at=2024-12-05T12:00:00Z&evidence=1", headers={"Accept": "text/csv"})
    row = {each["place"]: each for each in sheet(later.text)}["tricky"]
    assert (row["parties"], row["basis"], row["basis_count"]) == ("blue;red", "r1", "2")


def test_the_sheet_on_the_command_line_is_the_one_over_http(hama: Path, tmp_path: Path) -> None:
    store = hama.parent / "from.db"
    options = ["--at", "2024-12-05T12:00:00Z", "--status", "unknown,contested", "--by", "side", "--known-at", "70"]
    file = tmp_path / "map.csv"
    assert chronology("export", "--format", "csv", "--output", str(file), *options, store=store).status == 0
    with served(store) as running:
        asked = "/v1/control?at=2024-12-05T12:00:00Z&status=unknown,contested&by=side&known_at=70&after_position=74"
        over_http = running.anyone.get(asked, headers={"Accept": "text/csv"})
    assert file.read_bytes() == over_http.content
    assert {row["status"] for row in sheet(over_http.text)} == {"unknown", "contested"}


def test_a_map_is_exported_as_the_geojson_of_the_api(hama: Path) -> None:
    store = hama.parent / "from.db"
    made = chronology("export", "--format", "geojson", "--at", "2024-12-05T12:00:00Z", store=store).json
    with served(store) as running:
        answer: httpx.Response = running.anyone.get(
            "/v1/control?at=2024-12-05T12:00:00Z", headers={"Accept": "application/geo+json"}
        )
    assert made == answer.json()


def test_the_document_knows_of_the_sheet(running: Served) -> None:
    call: dict[str, Any] = running.get("/openapi.json")["paths"]["/v1/control"]["get"]
    content: Sequence[str] = call["responses"]["200"]["content"]
    assert set(content) == {"application/json", "application/geo+json", "text/csv"}
