"""A snapshot is a short cut and no more: a service with one answers as one without, whatever has become of it."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from chronologies import counted_claim, logs, random_log
from feeding import record
from hypothesis import given, settings
from hypothesis import strategies as st
from running import chronology
from test_columns import digests

from domain.events import ForceAligned, ForceRegistered, PlaceRegistered, ReportFiled, SourceRegistered
from domain.force import Force
from domain.place import Location, Place, PlaceKind
from domain.report import Report
from domain.shape import Shape, ShapeKind
from domain.source import Source
from domain.when.instant import BEGINNING
from domain.when.window import Occurred
from event_store.sqlite.log import SQLiteLog
from projections import parts
from projections.projections import Projections
from service import snapshots as module
from service.clock import system_clock
from service.http.app import build_app
from service.settings import Settings
from service.snapshots import Snapshots, snapshot_file, take
from service.verification import verify
from service.wiring import build_projections, open_service

EVENTS = record(random_log(Random(7), 60))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SQLiteLog]:
    with_events = SQLiteLog(tmp_path / "chronology.db", system_clock)
    with_events.restore(EVENTS)
    yield with_events
    with_events.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "chronology.db-snapshot"


def written(log: SQLiteLog, file: Path) -> Projections:
    """What is in memory, and in the file now."""
    projections = build_projections(log)
    Snapshots(log, file).write(take(projections))
    return projections


def aside(log: SQLiteLog, file: Path, caplog: pytest.LogCaptureFixture, why: str) -> None:
    """The snapshot is left aside with one line that says why, and everything is as the log has it."""
    caplog.clear()
    with caplog.at_level(logging.WARNING, "chronology"):
        assert Snapshots(log, file).load().position == 0
    (line,) = caplog.records
    assert line.getMessage() == "the snapshot is left aside"
    assert why in line.fields["why"]  # type: ignore[attr-defined]
    assert digests(build_projections(log, Snapshots(log, file))) == digests(build_projections(log))


def test_what_was_written_is_read_and_the_log_followed_from_there(log: SQLiteLog, file: Path) -> None:
    before = written(log, file)
    again = Snapshots(log, file).load()
    assert again.position == before.position == len(EVENTS)
    assert digests(again) == digests(before)
    log.append(ForceRegistered(Force("late", "Late")), 1).result()
    assert digests(build_projections(log, Snapshots(log, file))) == digests(build_projections(log))


@settings(max_examples=25, deadline=None)
@given(logs(claim=counted_claim), logs())
def test_whatever_the_log_is(tmp_path_factory: pytest.TempPathFactory, first: list, second: list) -> None:  # type: ignore[type-arg]
    for each in (first, second):
        folder = tmp_path_factory.mktemp("log")
        log, events = SQLiteLog(folder / "c.db", system_clock), record(each)
        half = len(events) // 2
        log.restore(events[:half])
        written(log, folder / "snapshot")
        log.restore(events[half:])
        projections = build_projections(log, Snapshots(log, folder / "snapshot"))
        assert digests(projections) == digests(build_projections(log))
        log.close()


@given(st.lists(st.text() | st.none() | st.lists(st.text())) | st.lists(st.text()), st.data())
def test_a_part_is_read_as_it_was_written(values: list[Any], data: st.DataObject) -> None:
    """Also where texts look like the JSON they are written in."""
    values += data.draw(st.permutations(['", "', '"', "\\", "a\nb", ""]))[: data.draw(st.integers(0, 5))]
    again: list[Any] = []
    for piece in parts.written(values, len(values)):
        parts.read(again, piece)
    assert again == values


def test_what_is_registered_is_read_as_it_was_written(log: SQLiteLog, file: Path) -> None:
    shape = Shape.of(ShapeKind.LINE, [[36.0, 35.0], [36.5, 35]])
    road = Place("m5", "M5", PlaceKind.ROAD, None, Location(36, 35.5), ("Damascus road",), (("osm", "1"),), shape)
    plain = replace(road, id="m4", shape=None)
    since = ForceAligned("rebels", "others", Occurred("2020/..", 5, None, (7, None)), Occurred("../2021", BEGINNING, 9))
    source = Source("someone", "Someone", "rebels")
    for event in (PlaceRegistered(road), PlaceRegistered(plain), ForceRegistered(Force("rebels", "R", None, ("r",)))):
        log.append(event, 1).result()
    log.append(since, 2).result()
    log.append(SourceRegistered(source), 1).result()
    before, again = written(log, file), Snapshots(log, file).load()
    assert again.registered == before.registered
    assert [each.event for each in again.registered[-5:-2]] == [
        PlaceRegistered(road),
        PlaceRegistered(plain),
        ForceRegistered(Force("rebels", "R", None, ("r",))),
    ]
    assert [each.event for each in again.registered[-2:]] == [since, SourceRegistered(source)]
    assert digests(again) == digests(before)


def test_a_snapshot_is_of_its_position_though_more_came_while_it_was_written(log: SQLiteLog, file: Path) -> None:
    projections = build_projections(log)
    taken, before = take(projections), digests(projections)
    occurred = Occurred("2024", 1, 2)
    log.append(ReportFiled("late", Report("late", occurred)), 1).result()
    projections.apply(log.read(projections.position))
    Snapshots(log, file).write(taken)
    again = Snapshots(log, file).load()
    assert again.position == len(EVENTS)
    assert digests(again) == before


def test_none_is_made_where_there_is_none(log: SQLiteLog, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert Snapshots(log, file).load().position == 0
    assert Snapshots(log, None).load().position == 0
    Snapshots(log, None).write(take(build_projections(log)))
    assert not Snapshots(log, None).due(10**9)
    assert caplog.records == []
    assert not file.exists()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_one_flipped_bit_is_enough_to_leave_it_aside(
    log: SQLiteLog, file: Path, caplog: pytest.LogCaptureFixture, share: float
) -> None:
    written(log, file)
    data = bytearray(file.read_bytes())
    data[int(share * len(data))] ^= 4
    file.write_bytes(data)
    aside(log, file, caplog, "it is not as it was written")


@pytest.mark.parametrize("left", [0, 1, 31, 40, -1])
def test_one_that_was_cut_off_is_left_aside(
    log: SQLiteLog, file: Path, caplog: pytest.LogCaptureFixture, left: int
) -> None:
    written(log, file)
    file.write_bytes(file.read_bytes()[:left])
    aside(log, file, caplog, "it is not as it was written")


def test_that_of_another_log_is_left_aside(
    log: SQLiteLog, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = SQLiteLog(tmp_path / "other.db", system_clock)
    other.restore(EVENTS)  # the same, but under salts of its own
    written(other, file)
    other.close()
    aside(log, file, caplog, "it is of another log")


def test_that_of_a_log_which_was_set_back_is_left_aside(
    log: SQLiteLog, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The store was restored from an older backup, and other events may come where the snapshot has its own."""
    backup = tmp_path / "backup.db"
    older = SQLiteLog(backup, system_clock)
    older.restore(EVENTS[:30])
    older.close()
    copied = SQLiteLog(Path(shutil.copy(backup, tmp_path / "copied.db")), system_clock)
    copied.restore(EVENTS[30:])
    written(copied, file)
    copied.close()
    again = SQLiteLog(backup, system_clock)
    aside(again, file, caplog, f"the log ends before its position, {len(EVENTS)}")
    for i in range(len(EVENTS)):
        again.append(ForceRegistered(Force(f"other-{i}", "Other")), 1).result()
    aside(again, file, caplog, "it is of another log")
    again.close()


def test_that_of_another_edition_is_left_aside(
    log: SQLiteLog, file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(log, file)
    monkeypatch.setattr(module, "edition", lambda: "the next one")
    aside(log, file, caplog, "another edition of the program made it")


def test_one_that_cannot_be_written_is_in_nobodys_way(
    log: SQLiteLog, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.mkdir()  # whoever runs the tests as root may write anywhere
    projections = build_projections(log)
    with caplog.at_level(logging.WARNING, "chronology"):
        Snapshots(log, file).write(take(projections))
    assert [each.getMessage() for each in caplog.records] == ["no snapshot could be written"]
    assert [*tmp_path.glob("chronology.db-snapshot-*")] == []


def test_what_a_killed_process_left_is_removed_once_it_is_surely_abandoned(log: SQLiteLog, file: Path) -> None:
    old, fresh = file.with_name(f"{file.name}-0123abcd"), file.with_name(f"{file.name}-0123abce")
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(old, (0, 0))
    written(log, file)
    assert not old.exists()
    assert fresh.exists()


def test_it_is_for_its_owner_alone(log: SQLiteLog, file: Path) -> None:
    written(log, file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_no_word_of_a_report_stands_in_it(log: SQLiteLog, file: Path) -> None:
    occurred = Occurred("2024", 1, 2)
    log.append(ReportFiled("told", Report("a word that nobody else says", occurred)), 1).result()
    written(log, file)
    assert b"nobody else" not in file.read_bytes()
    assert b"told" in file.read_bytes()


def test_one_is_due_after_many_events_and_after_a_share_of_all(file: Path, log: SQLiteLog) -> None:
    snapshots = Snapshots(log, file)
    assert not snapshots.due(9_999)
    assert snapshots.due(10_000)
    written(log, file)
    snapshots.load()
    assert not snapshots.due(10_000)
    assert snapshots.due(10_000 + len(EVENTS))


WRITING = """
import sys
from pathlib import Path
from event_store.sqlite.log import SQLiteLog
from service.clock import system_clock
from service.snapshots import Snapshots, take
from service.wiring import build_projections
log = SQLiteLog(Path(sys.argv[1]), system_clock)
projections = build_projections(log)
print("ready", flush=True)
while True:
    Snapshots(log, Path(sys.argv[2])).write(take(projections))
"""


def test_a_kill_while_it_is_written_leaves_a_whole_one_or_none(log: SQLiteLog, file: Path) -> None:
    random = Random(3)
    expected = digests(build_projections(log))
    for _ in range(4):
        command = [sys.executable, "-c", WRITING, str(log.database.path), str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(random.random() * 0.05)
            process.send_signal(signal.SIGKILL)
        again = Snapshots(log, file).load()
        assert again.position in ({0} if not file.exists() else {len(EVENTS)})
        if again.position:
            assert digests(again) == expected


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (Settings(store="sqlite:////there/hama.db"), "/there/hama.db-snapshot"),
        (Settings(store="sqlite:////there/hama.db", snapshots="/elsewhere"), "/elsewhere/hama.db-snapshot"),
        (Settings(store="sqlite:////there/hama.db", snapshots="none"), None),
        (Settings(store="postgresql://someone@there/hama"), None),
        (Settings(store="postgresql://someone@there/hama", snapshots="/elsewhere"), "/elsewhere/hama-snapshot"),
    ],
)
def test_it_lies_beside_the_store_or_in_the_folder_that_is_set(settings: Settings, name: str | None) -> None:
    found = snapshot_file(settings)
    assert (found and str(found)) == name


def test_a_service_keeps_one_while_it_runs_and_begins_from_it(
    tmp_path: Path, log: SQLiteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_LEAST", 10)
    given = Settings(store=f"sqlite:///{log.database.path}")

    async def serve() -> tuple[int, int]:
        failures: list[Exception] = []
        service = open_service(given, system_clock, failures.append, create=False)
        begun = service.projections.position
        async with build_app(service).router.lifespan_context(service):
            assert await service.follower.reach(len(EVENTS), 10)
            until = time.monotonic() + 10
            while not (tmp_path / "chronology.db-snapshot").exists() and time.monotonic() < until:  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # a file tells nobody of itself
        service.log.close()
        assert failures == []
        return begun, service.projections.position

    assert asyncio.run(serve()) == (0, len(EVENTS))
    assert asyncio.run(serve()) == (len(EVENTS), len(EVENTS))


def test_one_that_says_something_else_than_its_log_is_found_by_verifying(log: SQLiteLog, file: Path) -> None:
    projections = written(log, file)
    assert verify(log, snapshots=Snapshots(log, file)).faults == []
    projections.tellings.statements.parts()["statements.e"][0] += 1
    Snapshots(log, file).write(take(projections))
    (fault,) = verify(log, snapshots=Snapshots(log, file)).faults
    assert fault.startswith("the projection 'tellings' is not what the log makes it: the snapshot has to go")


def test_commands_answer_from_it_and_a_rebuild_removes_it(tmp_path: Path) -> None:
    store, file = tmp_path / "hama.db", tmp_path / "hama.db-snapshot"
    assert chronology("load", "hama-2024", store=store).status == 0
    without = chronology("map", "--at", "2024-12-05", "--json", store=store)
    log = SQLiteLog(store, system_clock)
    written(log, file)
    log.close()
    assert chronology("map", "--at", "2024-12-05", "--json", store=store).json == without.json
    file.write_bytes(b"something else")
    assert chronology("map", "--at", "2024-12-05", "--json", store=store).json == without.json
    assert chronology("rebuild", store=store).status == 0
    assert not file.exists()
