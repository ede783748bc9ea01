"""The log's duties, the same on every engine: an engine joins by being one more parameter of `engine`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Event as Flag
from threading import Thread
from time import monotonic

import pytest
from engines import Engine, SQLiteEngine

from domain.credibility import Credibility
from domain.events import (
    Erased,
    Event,
    ForceAligned,
    ForceRegistered,
    Recorded,
    ReportAssessed,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
    SourceRegistered,
)
from domain.force import Force
from domain.report import Report
from domain.source import Source
from domain.when.window import Occurred
from event_store.codec import encode
from event_store.entry import Entry
from event_store.faults import CannotOpen, Damaged, Misplaced, Taken, Unavailable
from event_store.leaf import hash_of
from event_store.log import PAGE, Log, Unless, read_all, read_history
from event_store.promise import Promise
from service.clock import system_clock

HOUR = 3_600_000_000
PATIENCE = 20  # seconds


@pytest.fixture
def log(engine: Engine) -> Iterator[Log]:
    """A log that is sound at the end of the test, whatever came over it."""
    yield engine.open()
    check_sound(engine.open())


def force(id: str) -> Event:
    return ForceRegistered(Force(id, id))


def forces(count: int, prefix: str = "f") -> list[Event]:
    return [force(f"{prefix}{i}") for i in range(count)]


def fill(log: Log, events: Sequence[Event]) -> list[Recorded]:
    return [each.result(PATIENCE) for each in [log.append(event, 1) for event in events]]


def check_sound(log: Log) -> None:
    """Positions 1, 2, 3, … without a gap, versions likewise in each stream, `recorded_at` never running back."""
    everything = list(read_all(log))
    assert [each.position for each in everything] == list(range(1, len(everything) + 1))
    assert log.head() == len(everything)
    times = [each.recorded_at for each in everything]
    assert times == sorted(times)
    for stream in {each.stream for each in everything}:
        versions = [each.version for each in everything if each.stream == stream]
        assert versions == list(range(1, len(versions) + 1)), stream


# ---------------------------------------------------------------------------------------------------------------
# One order
# ---------------------------------------------------------------------------------------------------------------


def test_an_empty_log_has_no_head_and_no_events(log: Log) -> None:
    assert (log.head(), log.acknowledged, list(log.read(0))) == (0, 0, [])


def test_events_stand_in_the_order_they_were_appended_in(log: Log) -> None:
    appended = fill(log, forces(25))
    assert [each.position for each in appended] == list(range(1, 26))
    assert list(log.read(0)) == appended
    assert log.head() == log.acknowledged == 25


def test_a_log_is_the_same_when_it_is_opened_again(engine: Engine) -> None:
    log = engine.open()
    appended = fill(log, forces(5))
    log.close()
    again = engine.open()
    assert list(again.read(0)) == appended
    assert again.acknowledged == 5
    assert again.append(force("next"), 1).result(PATIENCE).position == 6


def test_a_page_is_what_follows_a_position_and_at_most_the_limit(log: Log) -> None:
    appended = fill(log, forces(10))
    assert list(log.read(0, 3)) == appended[:3]
    assert list(log.read(3, 3)) == appended[3:6]
    assert list(log.read(8, 3)) == appended[8:]


def test_there_is_nothing_past_the_end(log: Log) -> None:
    fill(log, forces(2))
    assert list(log.read(2)) == []
    assert list(log.read(1_000_000)) == []


def test_all_of_it_is_read_over_many_pages(log: Log) -> None:
    fill(log, forces(PAGE + 5))
    assert [each.position for each in read_all(log)] == list(range(1, PAGE + 6))
    assert [each.position for each in read_all(log, after=PAGE, until=PAGE + 2)] == [PAGE + 1, PAGE + 2]


def test_every_stream_counts_its_own_versions(log: Log) -> None:
    fill(log, forces(2))
    log.append(ForceAligned("f0", "f1"), 2).result(PATIENCE)
    found = [(each.position, each.stream, each.version) for each in log.read(0)]
    assert found == [(1, "force:f0", 1), (2, "force:f1", 1), (3, "force:f0", 2)]


def test_what_was_appended_here_of_late_is_at_hand_as_it_is_read(log: Log) -> None:
    assert list(log.recent(0)) == []
    fill(log, forces(10))
    for after in range(12):
        assert list(log.recent(after)) == list(log.read(after))
    assert list(log.recent(3, 2)) == list(log.read(3, 2))


def test_what_was_appended_elsewhere_is_not_at_hand_and_never_left_out(engine: Engine) -> None:
    log, another = engine.open(), engine.open()
    fill(log, forces(3))
    fill(another, forces(2, "elsewhere"))
    fill(log, forces(3, "again"))
    everything = list(log.read(0))
    for after in range(9):
        at_hand = list(log.recent(after))
        assert at_hand == everything[after : after + len(at_hand)]
    assert list(another.recent(0)) == []


# ---------------------------------------------------------------------------------------------------------------
# Streams
# ---------------------------------------------------------------------------------------------------------------


def test_a_stream_is_all_its_events_in_order_and_no_others(log: Log) -> None:
    fill(log, forces(3))
    log.append(ForceAligned("f1", "f2"), 2).result(PATIENCE)
    fill(log, [SourceRegistered(Source("f1", "a source of the same id"))])
    log.append(ForceAligned("f1", "f0"), 3).result(PATIENCE)
    everything = list(log.read(0))
    for name in {each.stream for each in everything}:
        assert list(log.stream(name)) == [each for each in everything if each.stream == name]
    assert [each.version for each in log.stream("force:f1")] == [1, 2, 3]


def test_a_stream_that_there_is_none_of_is_empty(log: Log) -> None:
    fill(log, forces(1))
    for name in ("force:f", "force:f00", "report:f0", "", "force:f0'; --"):
        assert list(log.stream(name)) == []


def test_a_stream_has_what_was_acknowledged_also_elsewhere(engine: Engine) -> None:
    log, another = engine.open(), engine.open()
    fill(log, [force("a")])
    assert [each.position for each in another.stream("force:a")] == [1]
    another.append(ForceAligned("a", "b"), 2).result(PATIENCE)
    assert [each.position for each in log.stream("force:a")] == [1, 2]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE stored_events SET state = '{' WHERE rowid = 2",
        "UPDATE stored_events SET topic = 'rumour-heard.v1' WHERE rowid = 2",
        "UPDATE stored_events SET originator_version = 3 WHERE rowid = 2",
    ],
)
def test_a_stream_with_an_event_that_cannot_be_read_is_damaged_there_and_no_other_is(
    engine: Engine, damage: str
) -> None:
    log = engine.open()
    fill(log, [force("a")])
    log.append(ForceAligned("a", "b"), 2).result(PATIENCE)
    fill(log, [force("b")])
    engine.tamper(damage)
    with pytest.raises(Damaged, match="position 2") as damaged:
        log.stream("force:a")
    assert damaged.value.position == 2
    assert len(log.stream("force:b")) == 1


def test_the_history_of_a_report_is_its_stream(log: Log) -> None:
    report = Report("seen", Occurred("1", 1, 1))
    fill(log, [*forces(2), ReportFiled("a", report), ReportFiled("b", report)])
    log.append(ReportAssessed("a", Credibility.DOUBTFUL, "why"), 2).result(PATIENCE)
    log.append(ReportRetracted("a", "why"), 3).result(PATIENCE)
    history = read_history(log, "a")
    assert history is not None
    assert history.events == log.stream("report:a")
    assert [history.version(known_at) for known_at in range(7)] == [0, 0, 0, 1, 1, 2, 3]
    assert (history.filed.position, history.grade(6), history.retracted(5), history.retracted(6)) == (3, 4, False, True)
    assert read_history(log, "f0") is None


def test_a_stream_that_does_not_begin_with_a_filing_is_no_report(engine: Engine) -> None:
    log = engine.open()
    fill(log, [ReportRetracted("never", "why")])
    with pytest.raises(Damaged, match="position 1"):
        read_history(log, "never")


# ---------------------------------------------------------------------------------------------------------------
# Refusals
# ---------------------------------------------------------------------------------------------------------------


def test_a_version_is_taken_once_and_a_refusal_takes_no_position(log: Log) -> None:
    fill(log, [force("a")])
    with pytest.raises(Taken):
        log.append(ForceRegistered(Force("a", "another")), 1).result(PATIENCE)
    assert log.head() == 1
    assert log.append(force("b"), 1).result(PATIENCE).position == 2


def test_a_refused_append_fails_alone_in_its_batch(engine: Engine) -> None:
    gate = Flag()

    def clock() -> int:
        gate.wait(PATIENCE)
        return system_clock()

    log = engine.open(clock)
    first = log.append(force("first"), 1)  # the writer waits in its commit, so the rest queues up into one batch
    batch = [log.append(force(id), 1) for id in ("a", "first", "b", "a", "c")]
    gate.set()
    assert first.result(PATIENCE).position == 1
    found = [each.exception(PATIENCE) or each.result().position for each in batch]
    assert [each if isinstance(each, int) else type(each) for each in found] == [2, Taken, 3, Taken, 4]
    recorded = [each.recorded_at for each in log.read(1)]
    assert len(set(recorded)) == 1, "they were not one batch"
    check_sound(log)


def test_an_append_is_refused_if_such_an_event_stands_after_a_position(log: Log) -> None:
    fill(log, forces(3))
    log.append(ForceAligned("f0", "f1"), 2).result(PATIENCE)
    with pytest.raises(Taken):
        log.append(ForceAligned("f1", "f2"), 2, Unless(ForceAligned, after=3)).result(PATIENCE)
    assert log.append(ForceAligned("f1", "f2"), 2, Unless(ForceAligned, after=4)).result(PATIENCE).position == 5


def test_other_events_after_the_position_refuse_nothing(log: Log) -> None:
    fill(log, forces(3))
    assert log.append(ForceAligned("f0", "f1"), 2, Unless(ForceAligned, after=0)).result(PATIENCE).position == 4


def test_of_two_that_were_decided_on_at_once_one_is_refused(log: Log) -> None:
    fill(log, forces(3))
    both = [log.append(ForceAligned(id, "f2"), 2, Unless(ForceAligned, after=3)) for id in ("f0", "f1")]
    assert [isinstance(each.exception(PATIENCE), Taken) for each in both] == [False, True]


def test_a_failed_batch_takes_no_position_and_stops_nothing(engine: Engine) -> None:
    failing = False

    def clock() -> int:
        if failing:
            raise RuntimeError("no clock")
        return system_clock()

    log = engine.open(clock)
    fill(log, [force("a")])
    failing = True
    with pytest.raises(Unavailable, match="no clock"):
        log.append(force("b"), 1).result(PATIENCE)
    failing = False
    assert log.append(force("b"), 1).result(PATIENCE).position == 2
    check_sound(log)


def test_an_append_that_nobody_waits_for_stops_nothing(log: Log) -> None:
    for event in forces(20):
        log.append(event, 1)
    fill(log, forces(5, "g"))


def test_what_is_held_is_appended_once_it_is_begun_or_with_the_next_that_is(log: Log) -> None:
    held, begun, at_once = forces(3)
    first = log.append(held, 1, at_once=False)
    with pytest.raises(TimeoutError):
        first.result(0.1)
    log.begin()
    assert first.result(PATIENCE).position == 1
    second = log.append(begun, 1, at_once=False)
    third = log.append(at_once, 1)
    assert [each.result(PATIENCE).position for each in (second, third)] == [2, 3]


def test_what_is_held_is_appended_when_the_log_is_closed(engine: Engine) -> None:
    log = engine.open()
    held = log.append(forces(1)[0], 1, at_once=False)
    log.close()
    assert held.result(PATIENCE).position == 1


def test_whoever_fails_to_hear_of_an_append_keeps_nobody_else_from_it(
    log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("the loop is gone")

    for event in forces(20):
        log.append(event, 1).tell(fail)
    fill(log, forces(5, "g"))
    assert "the loop is gone" in caplog.text


# ---------------------------------------------------------------------------------------------------------------
# Both clocks, and durability
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("then", [-HOUR, 0, 1], ids=["set back an hour", "frozen", "ahead"])
def test_recorded_at_never_runs_back(engine: Engine, then: int) -> None:
    now = system_clock()
    log = engine.open(lambda: now)
    before = now
    fill(log, forces(3))
    now += then
    fill(log, forces(3, "g"))
    assert [each.recorded_at for each in log.read(0)] == [before] * 3 + [max(before, now)] * 3
    check_sound(log)


def test_recorded_at_never_runs_back_over_a_restart(engine: Engine) -> None:
    now = system_clock()
    before = engine.open(lambda: now)
    fill(before, [force("a")])
    before.close()
    after = engine.open(lambda: now - HOUR)
    assert after.append(force("b"), 1).result(PATIENCE).recorded_at == now


def test_an_answer_comes_after_everybody_can_read_the_event(engine: Engine) -> None:
    log, another = engine.open(), engine.open()
    seen: list[bool] = []

    def look(promises: Sequence[Promise]) -> None:
        for recorded in (each.result() for each in promises):
            seen.append(list(another.read(recorded.position - 1, 1)) == [recorded])

    for event in forces(30):
        log.append(event, 1).tell(look)
    log.close()
    assert seen == [True] * 30


# ---------------------------------------------------------------------------------------------------------------
# Waiting and closing
# ---------------------------------------------------------------------------------------------------------------


def test_waiting_ends_at_once_where_there_is_news(log: Log) -> None:
    fill(log, forces(2))
    assert log.wait(1, PATIENCE) == 2


def test_waiting_ends_with_the_timeout_where_there_is_none(log: Log) -> None:
    fill(log, forces(2))
    start = monotonic()
    assert log.wait(2, 0.3) == 2
    assert 0.3 <= monotonic() - start < 5


def test_an_append_wakes_who_waits(log: Log) -> None:
    heads: list[int] = []
    waiting = Thread(target=lambda: heads.append(log.wait(0, PATIENCE)))
    waiting.start()
    fill(log, [force("a")])
    waiting.join(5)
    assert heads == [1]


APPENDING = """
import sys
from domain.events import ForceRegistered
from domain.force import Force
from event_store.faults import Taken
from service.clock import system_clock
from service.store import open_log

url, prefix, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
log = open_log(url, system_clock, create=True)
input()
futures = [log.append(ForceRegistered(Force(f"{prefix}{i}", sys.argv[4])), 1) for i in range(count)]
for future in futures:
    try:
        print(future.result(60).position)
    except Taken:
        print("taken")
log.close()
"""


class Appending:
    """Another process with the same log open. It appends on `go`."""

    def __init__(self, engine: Engine, prefix: str, count: int, name: str = "x") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", APPENDING, engine.url, prefix, str(count), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def answers(self) -> list[str]:
        out, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return out.split()


def test_an_append_of_another_process_wakes_who_waits(engine: Engine) -> None:
    log = engine.open()
    another = Appending(engine, "f", 1)
    another.go()
    assert log.wait(0, PATIENCE) == 1
    assert another.answers() == ["1"]
    assert [each.stream for each in log.read(0)] == ["force:f0"]


def test_a_closed_log_takes_and_gives_nothing(log: Log) -> None:
    fill(log, forces(2))
    log.close()
    log.close()
    with pytest.raises(Unavailable, match="closed"):
        log.append(force("late"), 1).result(PATIENCE)
    with pytest.raises(Unavailable, match="closed"):
        log.read(0)
    with pytest.raises(Unavailable, match="closed"):
        log.head()


def test_closing_commits_what_has_queued_up(engine: Engine) -> None:
    log = engine.open()
    futures = [log.append(event, 1) for event in forces(300)]
    log.close()
    assert [each.result(0).position for each in futures] == list(range(1, 301))
    assert engine.open().head() == 300


def test_every_append_is_answered_whoever_closes_the_log_meanwhile(engine: Engine) -> None:
    for attempt in range(10):
        log = engine.open()

        def append(thread: int, log: Log = log, attempt: int = attempt) -> list[Promise]:
            return [log.append(force(f"f-{attempt}-{thread}-{i}"), 1) for i in range(40)]

        with ThreadPoolExecutor(4) as threads:
            appending = [threads.submit(append, thread) for thread in range(4)]
            log.close()
        for future in (each for found in appending for each in found.result()):
            assert isinstance(future.exception(PATIENCE), Unavailable | None)
    check_sound(engine.open())


# ---------------------------------------------------------------------------------------------------------------
# Many at once
# ---------------------------------------------------------------------------------------------------------------


def test_many_threads_make_one_order(log: Log) -> None:
    def append(thread: int) -> list[int]:
        return [log.append(force(f"f-{thread}-{i}"), 1).result(60).position for i in range(20)]

    with ThreadPoolExecutor(32) as threads:
        positions = [position for found in threads.map(append, range(32)) for position in found]
    assert sorted(positions) == list(range(1, 32 * 20 + 1))


def test_of_many_threads_that_want_a_version_one_gets_it(log: Log) -> None:
    def append(thread: int) -> bool:
        return log.append(ForceRegistered(Force("wanted", str(thread))), 1).exception(60) is None

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(append, range(16))) == 1


def test_reading_goes_on_while_many_append(engine: Engine) -> None:
    log = engine.open()
    for event in forces(2000):
        log.append(event, 1)
    seen = 0
    while log.acknowledged < 2000:
        page = log.read(seen)
        assert [each.position for each in page] == list(range(seen + 1, seen + 1 + len(page)))
        seen += len(page)
    check_sound(log)


def test_two_processes_make_one_order(engine: Engine) -> None:
    log = engine.open()
    both = [Appending(engine, prefix, 400) for prefix in ("a", "b")]
    for each in both:
        each.go()
    ours = [each.position for each in fill(log, forces(400, "c"))]
    positions = [*ours, *(int(position) for each in both for position in each.answers())]
    assert sorted(positions) == list(range(1, 1201))
    check_sound(log)


def test_a_reader_that_tails_what_several_processes_append_meets_every_event_once_and_in_order(engine: Engine) -> None:
    log = engine.open()
    writers = [Appending(engine, prefix, 300) for prefix in ("a", "b", "c")]
    for each in writers:
        each.go()
    seen: list[Recorded] = []
    while len(seen) < 900:
        assert log.wait(len(seen), PATIENCE) > len(seen)
        seen += log.recent(len(seen)) or log.read(len(seen), 50)
    positions = [int(position) for each in writers for position in each.answers()]
    assert [each.position for each in seen] == sorted(positions) == list(range(1, 901))
    assert seen == list(read_all(log))
    assert len({each.stream for each in seen}) == 900
    check_sound(log)


def test_recorded_at_never_runs_back_though_the_clocks_of_processes_differ(engine: Engine) -> None:
    now = system_clock()
    clocks = [partial(int.__add__, now, fast) for fast in (0, -HOUR, HOUR // 60, 7)]
    logs = [engine.open(clock) for clock in clocks]
    fill(logs[0], [force("first")])  # else the one whose clock is slow may be

    def append(number: int) -> None:
        for i in range(20):
            logs[number].append(force(f"f-{number}-{i}"), 1).result(PATIENCE)

    with ThreadPoolExecutor(len(logs)) as threads:
        list(threads.map(append, range(len(logs))))
    check_sound(logs[0])
    assert {each.recorded_at for each in logs[0].read(0)} <= {now, now + 7, now + HOUR // 60}


def test_of_two_processes_that_want_the_same_versions_each_is_one_s(engine: Engine) -> None:
    both = [Appending(engine, "same", 200, name) for name in ("one", "other")]
    for each in both:
        each.go()
    one, other = (each.answers() for each in both)
    assert [(a == "taken") != (b == "taken") for a, b in zip(one, other, strict=True)] == [True] * 200
    log = engine.open()
    assert log.head() == 200
    check_sound(log)


# ---------------------------------------------------------------------------------------------------------------
# Damage
# ---------------------------------------------------------------------------------------------------------------


def test_a_lost_end_is_missed_by_who_reads_and_nothing_is_appended_behind_it(engine: Engine) -> None:
    log = engine.open()
    fill(log, forces(5))
    log.close()
    engine.tamper("DELETE FROM stored_events WHERE rowid > 3")
    again = engine.open()
    with pytest.raises(Damaged, match="position 4") as damaged:
        again.append(force("next"), 1).result(PATIENCE)
    assert damaged.value.position == 4
    for after in (0, 3):
        with pytest.raises(Damaged) as damaged:
            list(read_all(again, after))
        assert damaged.value.position == 4
    assert [each.position for each in again.read(0, limit=3)] == [1, 2, 3]


def test_nothing_is_recorded_before_it_was_judged_though_the_clock_is_set_back(engine: Engine) -> None:
    log = engine.open(lambda: 1_000)
    assert log.append(force("a"), 1).result(PATIENCE).recorded_at == 1_000
    assert log.append(force("b"), 1, not_before=5_000).result(PATIENCE).recorded_at == 5_000
    assert log.append(force("c"), 1).result(PATIENCE).recorded_at == 5_000


def test_a_lock_that_another_holds_for_too_long_is_an_end_and_not_a_wait_for_ever(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.shorten_lock_timeout(monkeypatch)
    log = engine.open()
    with engine.locked():
        with pytest.raises(Unavailable, match="another process"):
            log.append(force("a"), 1).result(PATIENCE)
        assert list(log.read(0)) == [], "who reads waits for no writer"
        if isinstance(engine, SQLiteEngine):  # the one that keeps readers from opening it: tables may be in the making
            with pytest.raises(CannotOpen, match="another process"):
                engine.open()
    assert log.append(force("a"), 1).result(PATIENCE).position == 1


def test_a_missing_event_is_named_by_its_position(engine: Engine) -> None:
    log = engine.open()
    fill(log, forces(5))
    engine.tamper("DELETE FROM stored_events WHERE rowid IN (2, 3)")
    with pytest.raises(Damaged, match="position 2") as damaged:
        log.read(0)
    assert damaged.value.position == 2
    assert [each.position for each in log.read(3)] == [4, 5]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", b"{"),
        ("state", b"\xff\xfe"),
        ("state", b'{"force":{"id":"f1","name":"f1","rank":1}}'),
        ("topic", "force-registered.v99"),
        ("topic", "place-registered.v1"),
        ("recorded_at", "yesterday"),
        ("originator_version", "first"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_by_its_position(engine: Engine, column: str, value: object) -> None:
    log = engine.open()
    fill(log, forces(3))
    if not engine.takes(column, value):
        pytest.skip("this engine holds a column to its type")
    engine.tamper(f"UPDATE stored_events SET {column} = ? WHERE rowid = 2", value)
    assert [each.position for each in log.read(0, 1)] == [1]
    with pytest.raises(Damaged, match="position 2") as damaged:
        log.read(0)
    assert damaged.value.position == 2


def test_events_of_every_stream_share_the_order(log: Log) -> None:
    fill(log, [force("f"), SourceRegistered(Source("f", "f"))])
    log.append(ReportAssessed("f", Credibility.POSSIBLE, "why"), 1).result(PATIENCE)
    assert [each.stream for each in log.read(0)] == ["force:f", "source:f", "report:f"]


# ---------------------------------------------------------------------------------------------------------------
# Restoring what another log gave
# ---------------------------------------------------------------------------------------------------------------

GIVEN = [
    Recorded(1, 5, "force:a", 1, force("a")),
    Recorded(2, 5, "force:b", 1, force("b")),
    Recorded(3, 9, "force:a", 2, ForceAligned("a", "b")),
    Recorded(4, 9, "force:c", 1, force("c")),
]


def test_what_a_log_gave_is_restored_exactly_as_it_was(engine: Engine) -> None:
    log = engine.open()
    log.restore(GIVEN[:2])
    log.restore(GIVEN[2:])
    assert list(log.read(0)) == list(engine.open().read(0)) == GIVEN
    assert log.head() == log.acknowledged == 4
    check_sound(log)


def test_restoring_nothing_changes_nothing(log: Log) -> None:
    log.restore([])
    assert log.head() == 0


def test_appending_goes_on_behind_what_was_restored_and_no_earlier(engine: Engine) -> None:
    log = engine.open(lambda: 7)
    log.restore(GIVEN)
    appended = log.append(force("d"), 1).result(PATIENCE)
    assert (appended.position, appended.recorded_at) == (5, 9)
    assert list(log.recent(0) or log.read(0)) == [*GIVEN, appended]
    with pytest.raises(Taken):
        log.append(force("a"), 1).result(PATIENCE)


@pytest.mark.parametrize(
    ("held", "restored", "position"),
    [
        (0, [GIVEN[1]], 2),
        (2, [GIVEN[1]], 2),
        (2, [GIVEN[3]], 4),
        (0, [GIVEN[0], GIVEN[0]], 1),
        (0, [GIVEN[0], replace(GIVEN[1], position=3)], 3),
        (2, [replace(GIVEN[2], recorded_at=4)], 3),
        (0, [GIVEN[0], replace(GIVEN[1], recorded_at=4)], 2),
        (2, [replace(GIVEN[2], version=1)], 3),
        (2, [replace(GIVEN[2], version=3)], 3),
        (0, [replace(GIVEN[0], version=0)], 1),
        (0, [GIVEN[0], replace(GIVEN[2], position=2, version=3)], 2),
        (2, [replace(GIVEN[2], stream="force:b")], 3),
        (0, [replace(GIVEN[0], position=0)], 0),
    ],
)
def test_what_does_not_follow_is_refused_with_all_that_came_with_it(
    log: Log, held: int, restored: list[Recorded], position: int
) -> None:
    log.restore(GIVEN[:held])
    with pytest.raises(Misplaced) as refused:
        log.restore(restored)
    assert refused.value.position == position
    assert list(log.read(0)) == GIVEN[:held]
    log.restore(GIVEN[held:])  # a refusal takes no position


def test_of_a_restoring_and_an_append_at_once_one_order_is_made(engine: Engine) -> None:
    log = engine.open(lambda: 9)
    with ThreadPoolExecutor(1) as thread:
        appending = thread.submit(fill, log, forces(200))
        restored = 0
        while not appending.done():
            head = log.head()
            try:
                log.restore([Recorded(head + 1, 9, f"force:r{head}", 1, force(f"r{head}"))])
                restored += 1
            except Misplaced:
                pass
    assert log.head() == 200 + restored
    check_sound(log)


def test_a_closed_log_restores_nothing(log: Log) -> None:
    log.close()
    with pytest.raises(Unavailable):
        log.restore(GIVEN)


def test_a_restored_event_wakes_who_waits(log: Log) -> None:
    heads: list[int] = []
    waiting = Thread(target=lambda: heads.append(log.wait(0, PATIENCE)))
    waiting.start()
    log.restore(GIVEN[:1])
    waiting.join(5)
    assert heads == [1]


# ---------------------------------------------------------------------------------------------------------------
# Redacting
# ---------------------------------------------------------------------------------------------------------------

WORDED: Event = ReportFiled("r", Report("Zaynab the baker saw them.", Occurred("2024", 0, 1)))
ASSESSED: Event = ReportAssessed("r", Credibility.PROBABLE, "Umbrel said so")
REDACTED: Event = ReportRedacted("r", (Erased(1, ("/report/text",)), Erased(2, ("/reason",))), "asked for")

TOLD = (WORDED, ASSESSED, REDACTED)


def said(log: Log) -> bytes:
    """Everything that can be read of the log, in whatever way."""
    ways = [*log.entries(0), *log.read(0), *log.recent(0), *log.stream("report:r")]
    return repr(ways).encode()


def test_a_redaction_erases_in_the_transaction_that_appends_it(log: Log) -> None:
    for version, event in enumerate(TOLD[:2], start=1):
        log.append(event, version).result(PATIENCE)
    assert b"Zaynab" in said(log)
    root, leaves = log.tree.root(2), [hash_of(entry) for entry in log.entries(0)]
    appended = log.append(REDACTED, 3).result(PATIENCE)
    assert appended.position == 3
    assert not any(word in said(log) for word in (b"Zaynab", b"Umbrel"))
    assert log.tree.root(2) == root
    assert [hash_of(entry) for entry in log.entries(0)][:2] == leaves


def test_a_redaction_of_what_is_not_there_is_refused_and_takes_no_position(log: Log) -> None:
    log.append(WORDED, 1).result(PATIENCE)
    for gone in (Erased(1, ("/reason",)), Erased(2, ("/report/text",))):
        with pytest.raises(ValueError, match="to redact"):
            log.append(ReportRedacted("r", (gone,), "asked for"), 2).result(PATIENCE)
    assert log.head() == 1
    assert b"Zaynab" in said(log)


def test_what_is_queued_up_with_its_redaction_is_erased_with_it(log: Log) -> None:
    futures = [log.append(event, n) for n, event in enumerate(TOLD, start=1)]
    assert [each.result(PATIENCE).position for each in futures] == [1, 2, 3]
    assert not any(word in said(log) for word in (b"Zaynab", b"Umbrel"))


def test_a_restored_redaction_erases_what_is_there_and_what_comes_with_it(log: Log) -> None:
    given = [Recorded(n, HOUR, "report:r", n, event, bytes([n]) * 16) for n, event in enumerate(TOLD, start=1)]
    log.restore(given[:1])
    log.restore(given[1:])
    assert not any(word in said(log) for word in (b"Zaynab", b"Umbrel"))
    assert [hash_of(entry) for entry in log.entries(0)] == [leaf_of(each) for each in given]


def leaf_of(recorded: Recorded) -> bytes:
    name, data = encode(recorded.event)
    entry = Entry(recorded.position, recorded.recorded_at, recorded.stream, recorded.version, name, data, recorded.salt)
    return hash_of(entry)
