"""The projections follow the log, whoever appends to it; at an event that they can't take in, everything stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from engines import recorder_on
from eventsourcing.persistence import StoredEvent
from running import Ended, chronology, serving, started

from domain.events import Event, ForceAligned, ForceRegistered, Recorded, ReportRetracted
from domain.force import Force
from domain.when.window import Occurred
from event_store.codec import encode
from event_store.faults import Damaged, Unavailable
from event_store.gist import read_gists
from projections.chronology.chronology import Chronology
from projections.projections import Projections
from service import follower as following_module
from service.clock import system_clock
from service.follower import Follower
from service.store import StoredLog, open_log, shown
from service.wiring import build_projections, open_chronology

PATIENCE = 10  # seconds


def force(id: str) -> Event:
    return ForceRegistered(Force(id, id))


def append(log: StoredLog, *events: Event, version: int = 1) -> int:
    """Append the events; the position of the last."""
    return [each.result(PATIENCE).position for each in [log.append(event, version) for event in events]][-1]


def write(store: str, event: Event | tuple[str, bytes], stream: str = "force:bad", version: int = 1) -> None:
    """Append what no program of ours would: the library takes anything."""
    name, data = event if isinstance(event, tuple) else encode(event)
    log = open_log(store, system_clock, create=False)
    try:
        recorder_on(log.database).insert_events([StoredEvent(stream, version, name, data)])
    finally:
        log.close()


OPEN_TOO_LATE = ForceAligned("f0", "f1", Occurred("2999..", 32472144000000000, None))
"""Begins after its recording: nothing that the service would take."""

BAD: dict[str, Event | tuple[str, bytes]] = {
    "no event of ours": ("rumour-heard.v1", b"{}"),
    "no JSON": ("force-registered.v1", b"{"),
    "an unknown field": ("force-registered.v1", b'{"force":{"id":"bad","name":"b","rank":1}}'),
    "a report that was never filed": ReportRetracted("never", "why"),
    "a window that can't be": OPEN_TOO_LATE,
}


@pytest.fixture(params=BAD.values(), ids=list(BAD))
def bad(request: pytest.FixtureRequest) -> Event | tuple[str, bytes]:
    found: Event | tuple[str, bytes] = request.param
    return found


# ---------------------------------------------------------------------------------------------------------------
# The follower
# ---------------------------------------------------------------------------------------------------------------


class Following:
    """A follower on a store, and what it told of failures."""

    def __init__(self, store: str) -> None:
        self.log = open_log(store, system_clock, create=True)
        self.projections = Projections()
        self.failures: list[Exception] = []
        self.failed = asyncio.Event()
        self.follower = Follower(self.log, self.projections, self._fail, read=partial(read_gists, self.log))

    def _fail(self, failure: Exception) -> None:
        self.failures.append(failure)
        self.failed.set()


@asynccontextmanager
async def following(store: str) -> AsyncIterator[Following]:
    found = Following(store)
    found.follower.start()
    try:
        yield found
    finally:
        await found.follower.stop()
        found.log.close()


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))


@pytest.fixture
def store(every_store: str) -> str:
    return every_store


def test_what_was_there_before_is_followed_and_what_comes_after(store: str) -> None:
    async def test() -> None:
        async with following(store) as found:
            assert await found.follower.reach(append(found.log, force("a"), force("b")), PATIENCE)
            assert await found.follower.reach(append(found.log, force("c")), PATIENCE)
            assert [entry.thing.id for entry in found.projections.registries.forces.entries()] == ["old", "a", "b", "c"]
            assert found.failures == []

    log = open_log(store, system_clock, create=True)
    append(log, force("old"))
    log.close()
    run(test)


def test_what_another_opener_of_the_store_appends_is_followed(store: str) -> None:
    async def test() -> None:
        another = open_log(store, system_clock, create=True)
        async with following(store) as found:
            for i in range(3):
                assert await found.follower.reach(append(another, force(f"f{i}")), PATIENCE)
            for name, projection in build_projections(another).all.items():
                assert found.projections.all[name].digest() == projection.digest()
        another.close()

    run(test)


def test_a_long_log_is_followed_to_its_end_and_nobody_waits_for_all_of_it(store: str) -> None:
    async def test() -> None:
        async with following(store) as found:
            seen: list[int] = []

            async def others() -> None:
                while found.projections.position < 5000:
                    seen.append(found.projections.position)
                    await asyncio.sleep(0)

            other = asyncio.create_task(others())
            assert await found.follower.reach(5000, PATIENCE)
            await other
            assert len(set(seen)) > 5, "nobody else had a turn meanwhile"

    log = open_log(store, system_clock, create=True)
    append(log, *(force(f"f{i}") for i in range(5000)))
    log.close()
    run(test)


def test_reaching_says_whether_it_was_reached_in_time(store: str) -> None:
    async def test() -> None:
        async with following(store) as found:
            assert await found.follower.reach(0, 0)
            start = monotonic()
            assert not await found.follower.reach(1, 0.2)
            assert 0.2 <= monotonic() - start < 5
            waiting = [asyncio.create_task(found.follower.reach(each, PATIENCE)) for each in (1, 2, 2)]
            never = asyncio.create_task(found.follower.reach(3, 1))
            append(found.log, force("a"), force("b"))
            assert await asyncio.gather(*waiting, never) == [True, True, True, False]

    run(test)


def test_who_gives_up_waiting_stops_nobody(store: str) -> None:
    async def test() -> None:
        async with following(store) as found:
            gone = [asyncio.create_task(found.follower.reach(1, PATIENCE)) for _ in range(5)]
            stays = asyncio.create_task(found.follower.reach(1, PATIENCE))
            await asyncio.sleep(0)
            for each in gone:
                each.cancel()
            append(found.log, force("a"))
            assert await stays

    run(test)


def test_at_an_event_that_cannot_be_taken_in_it_stops_for_good(store: str, bad: Event | tuple[str, bytes]) -> None:
    async def test() -> None:
        async with following(store) as found:
            assert await found.follower.reach(append(found.log, force("f0"), force("f1")), PATIENCE)
            write(store, bad)
            append(found.log, force("after"))
            await asyncio.wait_for(found.failed.wait(), PATIENCE)
            [failure] = found.failures
            assert "position 3" in str(failure)
            assert not await found.follower.reach(3, 0.3)
            assert found.projections.position == 2
            assert "after" not in found.projections.registries.forces
            assert len(found.failures) == 1

    run(test)


def test_a_store_that_does_not_answer_for_a_while_is_asked_again(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with following(store) as found:
            read, failing = found.log.read, [True, True]
            another = open_log(store, system_clock, create=True)  # what comes from elsewhere must be read

            def faulty(after: int, limit: int = 1000) -> Any:
                if failing:
                    failing.pop()
                    raise Unavailable("for a while")
                return read(after, limit)

            monkeypatch.setattr(found.log, "read", faulty)
            assert await found.follower.reach(append(another, force("a")), PATIENCE)
            assert (failing, found.failures) == ([], [])
            another.close()

    run(test)


# ---------------------------------------------------------------------------------------------------------------
# What is written somewhere: in a thread
# ---------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def filling(store: str) -> AsyncIterator[tuple[StoredLog, Chronology, Follower, list[Exception]]]:
    """A follower that fills the chronology's tables, and what it told of failures."""
    log = open_log(store, system_clock, create=True)
    tables = open_chronology(log)
    tables.prepare(log.head)
    failures: list[Exception] = []
    follower = Follower(log, tables, failures.append, read=log.read, in_thread=True)
    follower.start()
    try:
        yield log, tables, follower, failures
    finally:
        await follower.stop()
        log.close()


def test_tables_are_filled_with_what_was_there_and_what_comes_after(store: str) -> None:
    async def test() -> None:
        async with filling(store) as (log, tables, follower, failures):
            assert await follower.reach(1500, PATIENCE)
            for i in range(5):
                assert await follower.reach(append(log, force(f"more{i}")), PATIENCE)
            assert (tables.position, failures) == (1505, [])

    log = open_log(store, system_clock, create=True)
    append(log, *(force(f"f{i}") for i in range(1500)))
    log.close()
    run(test)


def test_who_waits_for_the_tables_does_not_wait_for_more_to_gather(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following_module, "_GATHERING", 60)

    async def test() -> None:
        async with filling(store) as (log, _, follower, _):
            for i in range(5):
                append(log, force(f"f{i}"))
                await asyncio.sleep(0.05)  # nobody waits: it gathers
            assert await follower.reach(5, PATIENCE)
            append(log, force("last"))
            await asyncio.sleep(0.3)
            start = monotonic()
        assert monotonic() - start < 5, "it was to stop"

    run(test)


def test_who_waits_for_a_projection_does_not_wait_for_more_to_gather(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_module, "_GATHERING_IN_LOOP", 60)

    async def test() -> None:
        async with following(store) as found:
            for i in range(5):
                append(found.log, force(f"f{i}"))
                await asyncio.sleep(0.05)  # nobody waits: it gathers
            assert await found.follower.reach(5, PATIENCE)
            append(found.log, force("last"))
            await asyncio.sleep(0.3)
            start = monotonic()
        assert monotonic() - start < 5, "it was to stop"

    run(test)


def test_nobody_else_stands_still_while_the_tables_are_written(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apply = Chronology.apply

    def slowly(tables: Chronology, events: Sequence[Recorded]) -> None:
        sleep(0.5)
        apply(tables, events)

    monkeypatch.setattr(Chronology, "apply", slowly)

    async def test() -> None:
        async with filling(store) as (log, tables, follower, _):
            reached = asyncio.create_task(follower.reach(append(log, force("a")), PATIENCE))
            turns = 0
            while not reached.done():
                turns += 1
                await asyncio.sleep(0.01)
            assert (reached.result(), tables.position) == (True, 1)
            assert turns > 10

    run(test)


def test_tables_stop_for_good_at_an_event_that_cannot_follow(store: str) -> None:
    async def test() -> None:
        async with filling(store) as (log, tables, follower, failures):
            assert await follower.reach(append(log, force("a"), force("b")), PATIENCE)
            write(store, ReportRetracted("never", "why"), "report:never")
            append(log, force("after"))
            assert not await follower.reach(3, 1)
            [failure] = failures
            assert "position 3" in str(failure)
            assert tables.position == 2

    run(test)


def test_tables_wait_for_a_store_that_does_not_answer_for_a_while(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with filling(store) as (log, tables, follower, failures):
            apply, failing = Chronology.apply, [True, True]

            def faulty(tables: Chronology, events: Sequence[Recorded]) -> None:
                if failing:
                    failing.pop()
                    raise Unavailable("for a while")
                apply(tables, events)

            monkeypatch.setattr(Chronology, "apply", faulty)
            assert await follower.reach(append(log, force("a")), PATIENCE)
            assert (tables.position, failing, failures) == (1, [], [])

    run(test)


def test_building_at_once_names_the_position_that_it_stopped_at(store: str, bad: Event | tuple[str, bytes]) -> None:
    log = open_log(store, system_clock, create=True)
    append(log, force("f0"), force("f1"))
    write(store, bad)
    with pytest.raises((Damaged, ValueError), match="position 3"):
        build_projections(log)
    log.close()


# ---------------------------------------------------------------------------------------------------------------
# From outside
# ---------------------------------------------------------------------------------------------------------------


def place(id: str) -> dict[str, Any]:
    return {"id": id, "name": id, "kind": "town"}


def check_stopped(ended: Ended, position: int) -> None:
    """Exit status 1, and one line that names the position."""
    assert ended.status == 1, ended
    [line] = ended.err.splitlines()
    assert line.startswith("chronology: ")
    assert f"position {position}" in line


def test_a_service_answers_with_what_another_process_loaded(store: str) -> None:
    with serving(store) as running, running.client() as client:
        loaded = chronology("load", "hama-2024", store=store).json
        answer = client.get("/v1/places/khitab/control", params={"at": "2024-12-06T00:00:00Z", "after_position": 74})
        assert loaded["appended"] == 74
        assert answer.json()["holders"] == ["opposition"]
        assert answer.json()["as_of_position"] == 74


def test_a_read_waits_for_the_position_that_it_names(store: str) -> None:
    with serving(store) as running, running.client() as client:
        head = client.post("/v1/places", json=place("hama")).json()["position"]
        answers: list[Any] = []

        def wait() -> None:
            with running.client() as another:
                answers.append(another.get("/v1/places/homs/control", params={"after_position": head + 1}))

        waiting = Thread(target=wait)
        waiting.start()
        client.post("/v1/places", json=place("homs")).raise_for_status()
        waiting.join(20)
        assert [answer.status_code for answer in answers] == [200]
        assert answers[0].json()["as_of_position"] == head + 1


def test_a_read_does_not_wait_for_ever(store: str) -> None:
    with serving(store) as running, running.client() as client:
        client.post("/v1/places", json=place("hama")).raise_for_status()
        answer = client.get("/v1/places/hama/control", params={"after_position": 1000})
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1


def test_what_was_answered_with_a_position_can_be_read_at_once(store: str) -> None:
    with serving(store) as running, running.client() as client:
        for i in range(50):
            assert client.post("/v1/places", json=place(f"p{i}")).status_code == 201
            assert client.get(f"/v1/places/p{i}/control").status_code == 200


def test_a_service_stops_at_a_bad_event_while_it_runs(store: str, bad: Event | tuple[str, bytes]) -> None:
    with serving(store) as running, running.client() as client:
        for id in ("f0", "f1"):
            client.post("/v1/forces", json={"id": id, "name": id}).raise_for_status()
        write(store, bad)
        check_stopped(running.ended(), 3)


def test_a_service_does_not_start_over_a_bad_event(store: str, bad: Event | tuple[str, bytes]) -> None:
    log = open_log(store, system_clock, create=True)
    append(log, force("f0"), force("f1"))
    log.close()
    write(store, bad)
    with started(store) as running:
        check_stopped(running.ended(), 3)


def test_a_load_stops_at_a_bad_event(store: str, bad: Event | tuple[str, bytes]) -> None:
    log = open_log(store, system_clock, create=True)
    append(log, force("f0"), force("f1"))
    log.close()
    write(store, bad)
    check_stopped(chronology("load", "hama-2024", store=store), 3)


def test_the_address_of_the_store_is_told(store: str) -> None:
    with serving(store) as running:
        assert f"Chronology of {shown(store)} (position 0)" in running.said
        assert "postgres@" not in running.said
