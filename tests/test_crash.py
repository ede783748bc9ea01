"""What was acknowledged is there, once and where it was said to be, whenever the process is killed."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event as Flag
from time import sleep
from typing import Any

import httpx
import pytest
from running import PROGRAM, await_true, chronology, environment, serving

from domain.events import ReportFiled
from domain.report import Report
from domain.when.window import Occurred
from event_store.faults import CannotOpen
from event_store.log import read_all
from service.clock import system_clock
from service.store import open_log
from service.wiring import open_chronology

CLIENTS = 20
HAMA = 74  # events of hama-2024


@pytest.fixture
def store(every_store: str) -> str:
    return every_store


def positions(store: str) -> dict[str, int]:
    """The position of each stream's first event. The log must have no gap, and nothing twice."""
    log = open_log(store, system_clock, create=False)
    try:
        everything = list(read_all(log))
    finally:
        log.close()
    assert [each.position for each in everything] == list(range(1, len(everything) + 1))
    assert len({each.event for each in everything}) == len(everything), "something is there twice"
    return {each.stream: each.position for each in everything if each.version == 1}


def report(text: str) -> dict[str, Any]:
    claim = {"kind": "control", "place": "hama", "forces": ["hts"], "effect": "holds"}
    return {"text": text, "occurred": "2024-12-04", "claims": [claim]}


def file_until_killed(url: str, headers: dict[str, str], prefix: str, acknowledged: dict[str, int], told: Flag) -> None:
    """File reports one after the other, noting every one that is acknowledged, until nobody answers."""
    with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        for i in range(1_000_000):
            id = f"{prefix}-{i}"
            try:
                answer = client.post("/v1/reports", json={"id": id, **report(id)})
            except httpx.TransportError:
                return
            assert answer.status_code == 201, answer.text
            acknowledged[f"report:{id}"] = answer.json()["position"]
            if len(acknowledged) >= 100:
                told.set()


def test_every_acknowledged_report_outlives_a_kill(store: str) -> None:
    dice = random.Random(4122024)
    acknowledged: dict[str, int] = {}
    for attempt in range(4):
        with serving(store) as running, running.client() as client:
            if attempt == 0:
                client.post("/v1/places", json={"id": "hama", "name": "Hama", "kind": "city"}).raise_for_status()
                client.post("/v1/forces", json={"id": "hts", "name": "HTS"}).raise_for_status()
            for stream in dice.sample(sorted(acknowledged), min(20, len(acknowledged))):
                id = stream.removeprefix("report:")
                again = client.post("/v1/reports", json={"id": id, **report(id)})
                assert (again.status_code, again.json()["position"]) == (200, acknowledged[stream])
            fresh: dict[str, int] = {}
            told = Flag()
            headers = dict(client.headers)
            with ThreadPoolExecutor(CLIENTS) as threads:
                filing = [
                    threads.submit(file_until_killed, running.url, headers, f"r-{attempt}-{each}", fresh, told)
                    for each in range(CLIENTS)
                ]
                assert told.wait(20)
                sleep(dice.uniform(0, 0.4))
                running.kill()
                for each in filing:
                    each.result(30)
        assert not acknowledged.keys() & fresh.keys()
        acknowledged |= fresh
        there = positions(store)
        assert {stream: there.get(stream) for stream in acknowledged} == acknowledged
        verdict = chronology("verify", store=store)
        assert verdict.json == {"sound": True, "position": len(there), "faults": []}


@pytest.mark.parametrize("events", [1, 20, 50, 70])
def test_a_load_that_was_killed_goes_on_from_there(store: str, events: int) -> None:
    loading = subprocess.Popen(
        [*PROGRAM, "load", "hama-2024", "--store", store],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    await_true(f"{events} events", lambda: loading.poll() is not None or count(store) >= events)
    loading.kill()
    loading.wait(20)
    there = positions(store)
    before = count(store)
    assert before >= events
    loaded = chronology("load", "hama-2024", store=store).json
    assert (loaded["appended"], loaded["already_there"]) == (HAMA - before, before)
    assert there.items() <= positions(store).items()
    assert count(store) == HAMA
    assert chronology("verify", store=store).json["sound"]


def count(store: str) -> int:
    """How many events there are; 0 where there is no store yet."""
    try:
        log = open_log(store, system_clock, create=False)
    except CannotOpen:
        return 0
    try:
        return log.head()
    finally:
        log.close()


BURST = """
import json, sys
from domain.events import ForceRegistered
from domain.force import Force
from service.clock import system_clock
from service.store import open_log

log = open_log(sys.argv[1], system_clock, create=True)

def tell(promises):
    for recorded in (each.result() for each in promises):
        sys.stdout.write(json.dumps([recorded.stream, recorded.position]) + "\\n")
        sys.stdout.flush()

for i in range(1_000_000):
    promise = log.append(ForceRegistered(Force(f"{sys.argv[2]}-{i}", "x" * 200)), 1)
    promise.tell(tell)
    if i % 500 == 499:
        promise.result()
"""


def test_a_kill_in_a_burst_of_large_batches_loses_nothing_that_was_told(store: str, tmp_path: Path) -> None:
    """The write-ahead log is folded back again and again meanwhile, so a kill falls into that too."""
    dice = random.Random(5122024)
    acknowledged: dict[str, int] = {}
    for attempt in range(5):
        told = tmp_path / f"told-{attempt}"
        with told.open("wb") as out:
            writer = subprocess.Popen([sys.executable, "-c", BURST, store, f"f-{attempt}"], stdout=out)
            try:
                await_true("1000 told", lambda told=told: told.stat().st_size > 30_000)
                sleep(dice.uniform(0, 0.3))
            finally:
                writer.kill()
                writer.wait(20)
        lines = told.read_text().splitlines(keepends=True)
        acknowledged |= dict(json.loads(line) for line in lines if line.endswith("\n"))
        there = positions(store)
        assert {stream: there.get(stream) for stream in acknowledged} == acknowledged
    verdict = chronology("verify", store=store).json
    assert (verdict["sound"], verdict["faults"]) == (True, [])
    if store.startswith("sqlite:"):
        with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


PROJECTING = """
import sys
from service.clock import system_clock
from service.store import open_log
from service.wiring import open_chronology

log = open_log(sys.argv[1], system_clock, create=False)
chronology = open_chronology(log)
chronology.prepare(log.head)
while page := log.read(chronology.position, 20):
    chronology.apply(page)
    print(chronology.position, flush=True)
"""


def tables(store: str) -> int | None:
    """How far the tables are; None where there are none."""
    log = open_log(store, system_clock, create=False)
    try:
        found = open_chronology(log).digests()
        return None if found is None else found[0]
    finally:
        log.close()


def test_a_kill_while_the_tables_are_filled_leaves_them_where_they_say_they_are(store: str) -> None:
    log = open_log(store, system_clock, create=True)
    for i in range(2000):
        last = log.append(ReportFiled(f"r{i}", Report(f"word{i} heard", Occurred("x", i, i))), 1)
    last.result(20)
    log.close()
    dice = random.Random(6122024)
    reached = 0
    for _ in range(8):
        filling = subprocess.Popen(
            [sys.executable, "-c", PROJECTING, store], stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert filling.stdout is not None
        for _ in range(dice.randrange(1, 8)):
            reached = max(reached, int(filling.stdout.readline() or reached))
        sleep(dice.uniform(0, 0.01))
        filling.kill()
        filling.communicate(timeout=20)
        there = tables(store)
        assert there is not None
        assert there >= reached
        assert there % 20 == 0, "a part of a batch was kept"
        assert chronology("verify", store=store).json == {"sound": True, "position": 2000, "faults": []}
    with serving(store) as running, running.client() as client:
        await_true("ready", lambda: client.get("/health/ready").status_code == 200)
        for i in (0, 999, 1999):
            answer = client.get("/v1/reports", params={"q": f"word{i}"})
            assert [each["id"] for each in answer.json()["reports"]] == [f"r{i}"]
    assert tables(store) == 2000
    assert chronology("verify", store=store).json["sound"]
