"""Several processes on one address: what one acknowledged, each can be asked for, and none outlives its parent."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import ADMIN, Serving, await_true, chronology, serving, started

WORKERS = 3
HAMA = 74  # events of hama-2024


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Serving]:
    store = tmp_path / "chronology.db"
    chronology("load", "hama-2024", store=store)
    with serving(store, "--workers", str(WORKERS)) as found:
        await_true("all are at work", lambda: len(workers(found)) == WORKERS)
        yield found


def workers(running: Serving) -> set[int]:
    """The processes that serve."""
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
    return {int(each) for each in children if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()}


def call(running: Serving, method: str, path: str, **more: Any) -> httpx.Response:
    """On a connection of its own, so that any of them may answer."""
    return httpx.request(method, running.url + path, headers={"Authorization": f"Bearer {ADMIN}"}, timeout=30, **more)


def file(running: Serving, id: str) -> int:
    claim = {"kind": "control", "place": "hama", "forces": ["hts"], "effect": "holds"}
    body = {"id": id, "text": id, "occurred": "2024-12-06", "claims": [claim]}
    answer = call(running, "POST", "/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    position: int = answer.json()["position"]
    return position


def test_what_one_acknowledged_any_other_can_be_asked_for(running: Serving) -> None:
    for i in range(20):
        position = file(running, f"r{i}")
        for _ in range(3):
            answer = call(running, "GET", "/v1/places/hama/control", params={"after_position": position}).json()
            assert f"r{i}" in answer["basis"]
            assert answer["as_of_position"] >= position


def test_positions_have_no_gap_whoever_appends(running: Serving) -> None:
    with ThreadPoolExecutor(12) as clients:
        positions = list(clients.map(lambda i: file(running, f"r{i}"), range(120)))
    assert sorted(positions) == list(range(HAMA + 1, HAMA + 121))


def test_all_are_counted_together(running: Serving) -> None:
    for _ in range(30):
        assert call(running, "GET", "/v1/places/hama").status_code == 200
    counted = [line for line in call(running, "GET", "/metrics").text.splitlines() if 'route="/v1/places/{id}"' in line]
    [total] = [line for line in counted if line.startswith("chronology_requests_total")]
    assert float(total.rpartition(" ")[2]) == 30


def test_one_that_is_killed_is_replaced_and_nothing_acknowledged_is_lost(running: Serving, tmp_path: Path) -> None:
    before = workers(running)
    acknowledged: dict[str, int] = {}

    def file_many(prefix: str) -> None:
        for i in range(40):
            with suppress(httpx.TransportError):  # the one it met was killed under it
                acknowledged[f"{prefix}-{i}"] = file(running, f"{prefix}-{i}")

    with ThreadPoolExecutor(4) as clients:
        under_way = [clients.submit(file_many, prefix) for prefix in "abcd"]
        await_true("some are filed", lambda: len(acknowledged) > 20)
        process = min(before)
        os.kill(process, signal.SIGKILL)
        for each in under_way:
            each.result()
    await_true("another took its place", lambda: len(workers(running) - {process}) == WORKERS)
    for id, position in acknowledged.items():
        history = call(running, "GET", f"/v1/reports/{id}", params={"after_position": position})
        assert history.json()["filed"]["position"] == position
    assert chronology("verify", store=tmp_path / "chronology.db").json["sound"]


def test_they_end_with_who_started_them(running: Serving) -> None:
    left = workers(running)
    running.kill()
    await_true("none is left", lambda: not any(Path(f"/proc/{each}").exists() for each in left))
    with pytest.raises(httpx.TransportError):
        call(running, "GET", "/health/live")


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_that_is_asked_for_is_no_failure(running: Serving, by: signal.Signals) -> None:
    left = workers(running)
    ended = running.stop(by)
    assert (ended.status, ended.err) == (0, "")
    assert not any(Path(f"/proc/{each}").exists() for each in left)


def test_what_one_cannot_serve_none_does(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    chronology("load", "hama-2024", store=store)
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE stored_events SET state = '{}' WHERE rowid = 40")
    with started(store, "--workers", "2") as running:
        ended = running.ended(within=40)
    assert ended.status == 1
    assert "position 40" in ended.err
    assert ended.err.splitlines()[-1].startswith("chronology: stopped: ")
