"""For whoever runs it: metrics that count what was done, logs of one request each, and readiness."""

from __future__ import annotations

import io
import json
import logging
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from listening import Listener
from prometheus_client.parser import text_string_to_metric_families
from running import Serving, await_true, chronology, serving
from serving import Served, served

from service.http import control
from service.logs import SERVICE, configure
from service.tokens import Role

CLAIM = {"kind": "control", "place": "p", "forces": ["a"], "effect": "holds"}
HOSTILE = ["x y", "a\tb", "x" * 129, "\u00e9", 'a"b', "{}", "<script>", "$(id)", "a,b", ""]
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def report(id: str) -> dict[str, Any]:
    return {"id": id, "text": "seen", "occurred": "2024-12-04", "claims": [CLAIM]}


def samples(client: httpx.Client) -> Samples:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.documentation, family.name
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((f"chronology_{name}", tuple(sorted(labels.items()))), 0.0)


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What the service logs, from here on."""
    before = logging.getLogger().handlers[:], SERVICE.level
    written = io.StringIO()
    configure("info", written)
    yield written
    logging.getLogger().handlers[:], level = before
    SERVICE.setLevel(level)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


# ---------------------------------------------------------------------------------------------------------------
# Metrics
# ---------------------------------------------------------------------------------------------------------------


def test_metrics_count_what_was_done(running: Served) -> None:
    running.register(places=("p",), forces=("a",))
    for i in range(7):
        running.must("/v1/reports", report(f"r{i}"))
    assert running.editor.post("/v1/reports", json=report("r0")).status_code == 200
    assert running.editor.post("/v1/reports", json={}).status_code == 422
    for at in ("2020-01-01T00:00:00Z", "2024-12-06T00:00:00Z", "2024-12-07T00:00:00Z"):
        running.get("/v1/places/p/control", at=at)
    assert running.anyone.get("/v1/places/nowhere/control").status_code == 404
    assert running.anyone.get("/nowhere").status_code == 404
    assert running.anyone.head("/v1/control").status_code == 200
    found = samples(running.anyone)
    assert value(found, "appends_total") == 9
    assert value(found, "batch_size_sum") == 9
    assert 1 <= value(found, "batch_size_count") <= 9
    assert value(found, "commit_seconds_count") == value(found, "batch_size_count")
    assert value(found, "commit_seconds_sum") > 0
    assert value(found, "log_position") == 9
    assert value(found, "projection_lag", projection="control") == 0
    assert value(found, "answers_total", status="held") == 2
    assert value(found, "answers_total", status="unknown") == 1
    filed = {"method": "POST", "route": "/v1/reports"}
    assert value(found, "requests_total", status="201", **filed) == 7
    assert value(found, "requests_total", status="200", **filed) == 1
    assert value(found, "requests_total", status="422", **filed) == 1
    asked = {"method": "GET", "route": "/v1/places/{id}/control"}
    assert value(found, "requests_total", status="200", **asked) == 3
    assert value(found, "requests_total", status="404", **asked) == 1
    assert value(found, "requests_total", method="GET", route="none", status="404") == 1
    assert value(found, "requests_total", method="HEAD", route="/v1/control", status="200") == 1
    assert value(found, "request_seconds_count", route="/v1/reports") == 9
    assert value(found, "errors_total") == 0


def test_every_metric_is_on_its_page(running: Served) -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "operations.md").read_text()
    families = text_string_to_metric_families(running.anyone.get("/metrics").text)
    names = {each.name for each in families if each.name.startswith("chronology_") and "_created" not in each.name}
    assert names
    assert names == {name.removesuffix("_total") for name in re.findall(r"^\| `(chronology_\w+)", page, re.MULTILINE)}


def test_open_streams_are_counted_until_their_listeners_leave(running: Served) -> None:
    running.register(places=("p",))
    with Listener(running.url, "/v1/events") as one, Listener(running.url, "/v1/control/events") as other:
        one.heard(), other.heard()
        assert value(samples(running.anyone), "open_streams") == 2
    await_true("no stream", lambda: value(samples(running.anyone), "open_streams") == 0, within=20)
    assert value(samples(running.anyone), "errors_total") == 0


def test_a_client_that_hangs_up_is_no_error_of_ours(running: Served) -> None:
    address = urlsplit(running.url)
    for sent in (b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{", b"GET /v1/con"):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(sent)
    with socket.create_connection((address.hostname, address.port)) as connection:
        token = running.editor.headers["authorization"]
        head = f"POST /v1/reports HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
        connection.sendall(head.encode() + b"Content-Length: 999\r\n\r\n{")
    for _ in range(20):
        assert value(samples(running.anyone), "errors_total") == 0


def test_metrics_need_a_token_where_reading_does(tmp_path: Path) -> None:
    with served(tmp_path / "c.db", private=True) as running:
        assert running.anyone.get("/metrics").status_code == 401
        assert value(samples(running.as_(Role.READER)), "log_position") == 0
        assert running.anyone.get("/health/ready").status_code == 200


# ---------------------------------------------------------------------------------------------------------------
# Request ids and logs
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/v1/control", "/nowhere", "/v1/control?at=x", "/metrics", "/health/live", "/"])
def test_every_answer_carries_the_id_of_its_request(running: Served, address: str) -> None:
    ids = [running.anyone.get(address).headers["x-request-id"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", id) for id in ids)


@pytest.mark.parametrize("id", ["7b1c", "trace:00-4bf9/1.2+3=_-", "x" * 128])
def test_a_client_s_own_id_is_taken_over(running: Served, id: str) -> None:
    answer = running.anyone.get("/v1/control", headers={"X-Request-Id": id})
    assert answer.headers["x-request-id"] == id


@pytest.mark.parametrize("id", HOSTILE)
def test_an_id_that_could_do_harm_is_not(running: Served, id: str) -> None:
    answer = running.anyone.get("/v1/control", headers=[(b"X-Request-Id", id.encode())])
    assert answer.status_code == 200
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])


def test_a_stream_carries_an_id_too(running: Served) -> None:
    with running.anyone.stream("GET", "/v1/events", headers={"Accept": "text/event-stream"}) as answer:
        assert answer.headers["x-request-id"]


def test_every_request_is_a_line_of_json_with_its_id(said: io.StringIO, running: Served) -> None:
    running.anyone.get("/v1/control?at=2024-12-04T00:00:00Z&lens=strict", headers={"X-Request-Id": "mine"})
    running.anyone.get("/v1/places/%0A%1b[31m/control", headers={"X-Request-Id": "odd"})
    await_true("two lines", lambda: {"mine", "odd"} <= {each.get("request_id") for each in lines(said)})
    mine, odd = (next(each for each in lines(said) if each.get("request_id") == id) for id in ("mine", "odd"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", mine.pop("time"))
    assert mine.pop("milliseconds") >= 0
    assert mine == {
        "level": "info",
        "message": "request",
        "request_id": "mine",
        "method": "GET",
        "path": "/v1/control?at=2024-12-04T00:00:00Z&lens=strict",
        "route": "/v1/control",
        "status": 200,
    }
    assert (odd["status"], odd["path"]) == (404, "/v1/places/%0A%1B%5B31m/control")


def test_no_token_stands_in_the_log(said: io.StringIO, running: Served) -> None:
    running.register(places=("p",))
    assert running.editor.headers["authorization"].removeprefix("Bearer ") not in said.getvalue()
    assert "/v1/places" in said.getvalue()


def test_an_unexpected_error_is_answered_without_a_leak_and_logged_whole(
    said: io.StringIO, running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the secret plan")

    monkeypatch.setattr(control, "steps", fail)
    answer = running.anyone.get("/v1/control", headers={"X-Request-Id": "broken-1"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "broken-1")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
    await_true("two lines", lambda: said.getvalue().count("broken-1") == 2)
    found = [each for each in lines(said) if each.get("request_id") == "broken-1"]
    failed = next(each for each in found if each["level"] == "error")
    assert "Traceback" in failed["traceback"]
    assert "RuntimeError: the secret plan" in failed["traceback"]
    assert [each["status"] for each in found if each["message"] == "request"] == [500]
    assert value(samples(running.anyone), "errors_total") == 1
    monkeypatch.undo()
    assert running.anyone.get("/v1/control").status_code == 200


def test_a_stream_that_fails_ends_and_is_logged(
    said: io.StringIO, running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.register(places=("p",))

    def fail(*_: object) -> None:
        raise RuntimeError("the secret plan")

    monkeypatch.setattr("service.http.events.cloud_event", fail)
    headers = {"Accept": "application/x-ndjson", "X-Request-Id": "broken-2"}
    with pytest.raises(httpx.RemoteProtocolError):  # it does not look like an end
        running.anyone.get("/v1/events", headers=headers)
    await_true("a line", lambda: any(each.get("request_id") == "broken-2" for each in lines(said)))
    assert any("secret plan" in each.get("traceback", "") for each in lines(said))


def logged(running: Serving) -> list[dict[str, Any]]:
    return [json.loads(line) for line in running.stop().err.splitlines()]


@pytest.mark.parametrize(("level", "told"), [("info", True), ("warning", False), ("ERROR", False), ("debug", True)])
def test_the_level_of_the_log_is_a_setting(tmp_path: Path, level: str, told: bool) -> None:
    with serving(tmp_path / "c.db", env={"CHRONOLOGY_LOG": level}) as running:
        with running.client() as client:
            client.get("/v1/control").raise_for_status()
        requests = [each for each in logged(running) if each["message"] == "request"]
        assert bool(requests) == told


def test_a_level_that_there_is_none_of_is_refused(tmp_path: Path) -> None:
    found = chronology("serve", "--port", "0", store=tmp_path / "c.db", env={"CHRONOLOGY_LOG": "loud"})
    assert found.status == 2
    assert found.complaint == "CHRONOLOGY_LOG: 'loud' is none of: debug, info, warning, error"


# ---------------------------------------------------------------------------------------------------------------
# Readiness
# ---------------------------------------------------------------------------------------------------------------


def test_ready_says_how_far_it_is(running: Served) -> None:
    running.register(places=("p",))
    assert running.get("/health/ready") == {"status": "ok", "position": 1, "head": 1, "writes": True}
    assert running.get("/health/live") == {"status": "ok"}


def test_it_is_not_ready_while_the_projections_lag(running: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running.service.log, "head", lambda: 5)
    answer = running.anyone.get("/health/ready")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json() == {"status": "catching up", "position": 0, "head": 5, "writes": True}
    assert value(samples(running.anyone), "projection_lag", projection="control") == 5
    assert running.anyone.get("/health/live").status_code == 200


def test_it_is_not_ready_where_the_store_does_not_answer(tmp_path: Path) -> None:
    store = tmp_path / "c.db"
    with served(store) as running:
        running.register(places=("p",))
        with closing(sqlite3.connect(store)) as connection:
            connection.execute("ALTER TABLE stored_events RENAME TO gone")
            connection.commit()
            answer = running.anyone.get("/health/ready")
            connection.execute("ALTER TABLE gone RENAME TO stored_events")
            connection.commit()
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
