"""`serve` has the chronology's tables filled by a process of its own, which nobody can tell by any answer."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from running import Serving, await_true, chronology, serving

from domain.events import ReportRetracted
from event_store.sqlite.log import SQLiteLog
from service.clock import system_clock

HAMA = 74  # events of hama-2024
WORD = "quicksilver"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    chronology("load", "hama-2024", store=tmp_path / "chronology.db")
    return tmp_path / "chronology.db"


@pytest.fixture
def running(store: Path) -> Iterator[Serving]:
    with serving(store) as found:
        await_true("the tables are filled", lambda: httpx.get(f"{found.url}/health/ready").status_code == 200)
        yield found


def fillers(running: Serving) -> set[int]:
    """The processes that fill its tables."""
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
    return {int(each) for each in children if is_filler(int(each))}


def is_filler(process: int) -> bool:
    with suppress(OSError):
        return b"service.tables.filler" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


def file(client: httpx.Client, id: str, text: str = "seen") -> int:
    claim = {"kind": "control", "place": "hama", "forces": ["hts"], "effect": "holds"}
    answer = client.post("/v1/reports", json={"id": id, "text": text, "occurred": "2024-12-06", "claims": [claim]})
    assert answer.status_code == 201, answer.text
    position: int = answer.json()["position"]
    return position


def found(client: httpx.Client, **wanted: Any) -> list[str]:
    answer = client.get("/v1/reports", params=wanted)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["reports"]]


def test_whoever_searches_finds_what_was_acknowledged_and_does_not_wait_for_more_to_gather(running: Serving) -> None:
    with running.client() as client:
        start = monotonic()
        for i in range(30):
            file(client, f"r{i}", f"{WORD}{i}")
            assert found(client, q=f"{WORD}{i}") == [f"r{i}"]
        assert monotonic() - start < 15, "each waited for a second's gathering"
    assert len(fillers(running)) == 1


def test_what_nobody_searches_for_is_in_the_tables_soon(running: Serving) -> None:
    with running.client() as client:
        position = file(client, "r")
        lag = 'chronology_projection_lag{projection="chronology"} 0.0'
        await_true("it is taken in", lambda: lag in client.get("/metrics").text, within=10)
        assert client.get("/health/ready").json()["position"] == position


def test_a_process_that_is_killed_is_replaced_while_reports_are_filed_and_found(running: Serving, store: Path) -> None:
    filed: list[str] = []
    with running.client() as client:

        def file_many() -> None:
            for i in range(300):
                file(client, f"r{i}", WORD)
                filed.append(f"r{i}")

        filing = Thread(target=file_many)
        filing.start()
        for _ in range(3):
            before = fillers(running)
            for each in before:
                os.kill(each, signal.SIGKILL)
            await_true("another took its place", lambda before=before: fillers(running) - before)
            known = filed[:]
            assert set(known) <= set(found(client, q=WORD, limit=1000))
        filing.join()
        assert sorted(found(client, q=WORD, limit=1000)) == sorted(filed)
    assert "another takes its place" in running.complained
    assert running.stop().status == 0
    assert chronology("verify", store=store).json == {"sound": True, "position": HAMA + 300, "faults": []}


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_it_ends_with_whoever_serves(running: Serving, by: signal.Signals) -> None:
    processes = fillers(running)
    assert processes
    with running.client() as client:
        file(client, "r")
    running.process.send_signal(by)
    start = monotonic()
    assert running.ended().status == (0 if by != signal.SIGKILL else -signal.SIGKILL)
    await_true("it has ended too", lambda: not any(map(is_filler, processes)), within=10)
    assert monotonic() - start < 5
    assert running.complained == ""


def test_a_signal_to_it_alone_does_not_end_it(running: Serving) -> None:
    [process] = fillers(running)
    os.kill(process, signal.SIGTERM)
    os.kill(process, signal.SIGINT)
    with running.client() as client:
        file(client, "r", WORD)
        assert found(client, q=WORD) == ["r"]
    assert fillers(running) == {process}
    assert running.complained == ""


def test_an_event_that_cannot_follow_stops_the_service_and_is_named(running: Serving, store: Path) -> None:
    log = SQLiteLog(store, system_clock, create=False)
    log.append(ReportRetracted("never", "why"), 1).result()
    log.close()
    ended = running.ended()
    assert ended.status == 1
    assert f"position {HAMA + 1}" in ended.err
    assert "never" in ended.err


def test_tables_that_another_process_makes_anew_are_waited_for(running: Serving, store: Path) -> None:
    with running.client() as client:
        file(client, "r", WORD)
        for _ in range(2):
            assert chronology("rebuild", store=store).status == 0
            assert found(client, q=WORD) == ["r"]


def test_words_that_are_redacted_are_gone_from_the_tables_and_the_disk(running: Serving, store: Path) -> None:
    with running.client() as client:
        file(client, "r", f"the {WORD} bridge")
        assert found(client, q=WORD) == ["r"]
        answer = client.post("/v1/reports/r/redactions", json={"reason": "asked for"})
        assert answer.status_code == 201, answer.text
        assert found(client, q=WORD) == []
        on_disk = [each.read_bytes() for each in store.parent.glob("chronology.db*")]
        assert not any(WORD.encode() in each for each in on_disk)


def test_a_store_is_found_wherever_it_is_served_from(tmp_path: Path) -> None:
    folder = tmp_path / "a folder, with % and ä"
    folder.mkdir()
    chronology("load", "hama-2024", store=folder / "chronology.db")
    with serving(folder / "chronology.db") as running, running.client() as client:
        file(client, "r", WORD)
        assert found(client, q=WORD) == ["r"]
        assert len(fillers(running)) == 1


def test_several_workers_need_none(store: Path) -> None:
    with serving(store, "--workers", "2") as running, running.client() as client:
        position = file(client, "r", WORD)
        assert found(client, q=WORD, after_position=position) == ["r"]
        sleep(0.2)
        children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
        assert not any(is_filler(int(each)) for each in children)
