"""Many reports in one body: every line for itself, in order, whatever the client reads or sends, and however fast."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from running import await_true, serving
from serving import ADMIN, Served

from domain.report import Report
from domain.when.notation import read_occurred
from domain.when.zone import Zone
from event_store.faults import Corrupt, Damaged, Unavailable
from service.forms.texts import MAX_BODY
from service.http import schemas
from service.intake import bulk
from service.intake.filings import Filing
from service.tokens import Role

NDJSON = "application/x-ndjson"
READ = Report("seen", read_occurred("2024-12-04", Zone("UTC")))
Body = dict[str, Any]


@pytest.fixture
def furnished(running: Served) -> Served:
    running.register(("hama",), ("hts",), ("sana",))
    return running


def report(id: str | None = None, **parts: Any) -> Body:
    claim = {"kind": "control", "place": "hama", "forces": ["hts"], "effect": "holds"}
    named = {} if id is None else {"id": id}
    return {**named, "text": "seen", "occurred": "2024-12-04", "claims": [claim], **parts}


def denial(id: str, of: str) -> Body:
    return report(id, claims=[{"kind": "denial", "of": of}])


def body(lines: Iterable[Body | bytes]) -> bytes:
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)


def answers(answer: httpx.Response) -> list[Body]:
    """The lines of an answer, each as its schema says."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == NDJSON
    lines = answer.content.split(b"\n")
    assert lines.pop() == b""
    for line in lines:
        schemas.LineAnswer.model_validate_json(line, strict=True)
    found = [json.loads(line) for line in lines]
    for each in found:
        assert set(each) == {"line", "status", "body" if each["status"] in (200, 201) else "problem"}
    return found


def post(running: Served, content: bytes | Iterator[bytes], **headers: str) -> list[Body]:
    client = running.as_(Role.REPORTER)
    return answers(client.post("/v1/reports", content=content, headers={"Content-Type": NDJSON, **headers}))


def statuses(found: list[Body]) -> list[tuple[int, int]]:
    return [(each["line"], each["status"]) for each in found]


def head(length: int | None) -> bytes:
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    lines = ["POST /v1/reports HTTP/1.1", "Host: x", f"Authorization: Bearer {ADMIN}", f"Content-Type: {NDJSON}", size]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def connect(url: str) -> socket.socket:
    address = httpx.URL(url)
    return socket.create_connection((address.host, address.port or 0), timeout=60)


# ---------------------------------------------------------------------------------------------------------------
# Every line for itself
# ---------------------------------------------------------------------------------------------------------------


def test_every_line_is_answered_as_it_would_be_alone(furnished: Served) -> None:
    lines: list[Body | bytes] = [
        report("r1"),
        b"{",
        b"",
        b'{"id": "\xff"}',
        report("r2", claims=[{"kind": "control", "place": "nowhere", "forces": ["hts"], "effect": "holds"}]),
        report("r1"),
        report("r1", text="another"),
        report("r3", occurred="2024-12-32"),
        b" \t\r",
        b"[]",
        b'{"a": 1, "a": 2}',
        report("r4", unknown=1),
        b"x" * (MAX_BODY + 1),
        b"[" * 40 + b"]" * 40,
        report("r5"),
    ]
    found = post(furnished, body(lines))
    assert statuses(found) == [
        *((1, 201), (2, 400), (4, 400), (5, 422), (6, 200), (7, 409), (8, 400), (10, 422), (11, 400), (12, 422)),
        *((13, 413), (14, 400), (15, 201)),
    ]
    by_line = {each["line"]: each for each in found}
    assert by_line[1]["body"] == by_line[6]["body"]
    for line in (5, 7, 8, 12):
        alone = furnished.editor.post("/v1/reports", json=lines[line - 1])
        given = by_line[line]["problem"]
        assert given["status"] == alone.status_code
        assert given["errors"] == alone.json()["errors"], line
    assert by_line[15]["body"]["position"] == furnished.service.log.head()
    assert furnished.get("/v1/reports/r5")["version"] == 1


def test_the_last_line_needs_no_end(furnished: Served) -> None:
    assert statuses(post(furnished, body([report("r1")]) + json.dumps(report("r2")).encode())) == [(1, 201), (2, 201)]


@pytest.mark.parametrize("content", [b"", b"\n", b"\n \r\n\n"])
def test_a_body_of_nothing_is_answered_with_nothing(furnished: Served, content: bytes) -> None:
    assert post(furnished, content) == []


def test_a_line_may_name_one_before_it(furnished: Served) -> None:
    lines = [report("r0"), *(denial(f"r{i}", f"r{i - 1}") for i in range(1, 40)), denial("x", "y"), denial("z", "r9")]
    found = post(furnished, body(lines))
    assert statuses(found) == [*((line, 201) for line in range(1, 41)), (41, 422), (42, 201)]


def test_of_two_with_one_id_the_first_is_taken(furnished: Served) -> None:
    lines = [report(f"r{i // 2}", text=f"text {i}") for i in range(1000)]
    assert [each["status"] for each in post(furnished, body(lines))] == [201, 409] * 500


def test_many_thousand_lines_with_bad_ones_in_between_are_answered_in_order(furnished: Served) -> None:
    lines: list[Body | bytes] = [b"bad" if i % 7 == 3 else report(f"r{i}") for i in range(5000)]
    found = post(furnished, body(lines))  # this client sends all before it reads
    assert statuses(found) == [(i + 1, 400 if i % 7 == 3 else 201) for i in range(5000)]
    positions = [each["body"]["position"] for each in found if each["status"] == 201]
    assert positions == sorted(set(positions))
    again = post(furnished, body(lines))
    assert [each["body"] for each in again if each["status"] == 200] == [
        each["body"] for each in found if each["status"] == 201
    ]


# ---------------------------------------------------------------------------------------------------------------
# Ids
# ---------------------------------------------------------------------------------------------------------------


def test_with_a_key_every_line_without_an_id_gets_one_of_its_own_always_the_same(furnished: Served) -> None:
    content = body([report(), report("named"), report()])
    first = post(furnished, content, **{"Idempotency-Key": "k"})
    again = post(furnished, content, **{"Idempotency-Key": "k"})
    assert [each["status"] for each in first + again] == [201, 201, 201, 200, 200, 200]
    ids = [each["body"]["id"] for each in first]
    assert len(set(ids)) == 3
    assert ids[1] == "named"
    assert [each["body"] for each in first] == [each["body"] for each in again]
    other = post(furnished, body([report(text="another")]), **{"Idempotency-Key": "k"})
    assert other[0]["status"] == 409
    assert "errors" not in other[0]["problem"]  # no field of the line is at fault


def test_without_a_key_every_line_without_an_id_gets_a_fresh_one(furnished: Served) -> None:
    found = post(furnished, body([report(), report()])) + post(furnished, body([report()]))
    assert len({each["body"]["id"] for each in found}) == 3


# ---------------------------------------------------------------------------------------------------------------
# The request as a whole
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/ndjson"}, 415),
        ({"Idempotency-Key": "x" * 201}, 422),
    ],
)
def test_a_request_that_is_not_as_it_must_be_is_refused_whole(
    furnished: Served, headers: dict[str, str], status: int
) -> None:
    client = furnished.as_(Role.REPORTER)
    answer = client.post("/v1/reports", content=body([report("r")]), headers={"Content-Type": NDJSON, **headers})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert furnished.anyone.get("/v1/reports/r").status_code == 404


def test_a_reader_may_not(furnished: Served) -> None:
    answer = furnished.as_(Role.READER).post("/v1/reports", content=b"", headers={"Content-Type": NDJSON})
    assert answer.status_code == 403


def test_a_media_type_that_is_not_taken_is_told_which_are(furnished: Served) -> None:
    answer = furnished.editor.post("/v1/reports", content=b"", headers={"Content-Type": "text/plain"})
    assert answer.headers["accept"] == "application/json, application/x-ndjson"
    answer = furnished.editor.post("/v1/places", content=b"", headers={"Content-Type": NDJSON})
    assert (answer.status_code, answer.headers["accept"]) == (415, "application/json")


def test_the_document_describes_it(furnished: Served) -> None:
    document = furnished.get("/openapi.json")
    call = document["paths"]["/v1/reports"]["post"]
    assert set(call["requestBody"]["content"]) == {"application/json", NDJSON}
    assert call["responses"]["200"]["content"][NDJSON]["schema"]["$ref"].endswith("/LineAnswer")
    assert "LineAnswer" in document["components"]["schemas"]


# ---------------------------------------------------------------------------------------------------------------
# Slow clients, greedy clients, clients that go away
# ---------------------------------------------------------------------------------------------------------------


def test_a_slow_client_gets_each_answer_before_it_sends_the_next_line(furnished: Served) -> None:
    with connect(furnished.url) as wire:
        wire.sendall(head(None))
        received = b""
        for i in range(3):
            line = body([report(f"r{i}")])
            for part in (line[:10], line[10:]):
                wire.sendall(b"%x\r\n%b\r\n" % (len(part), part))
                sleep(0.01)
            while b'"line":%d,' % (i + 1) not in received:
                more = wire.recv(65536)
                assert more
                received += more
        wire.sendall(b"0\r\n\r\n")
        while more := wire.recv(65536):
            received += more
    assert received.endswith(b"0\r\n\r\n")


def test_a_client_that_waits_for_leave_to_send_gets_it(furnished: Served) -> None:
    content = body([report("r1")])
    with connect(furnished.url) as wire:
        wire.sendall(head(len(content)).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        assert wire.recv(65536).startswith(b"HTTP/1.1 100 ")
        wire.sendall(content)
        received = b""
        while more := wire.recv(65536):
            received += more
    assert received.startswith(b"HTTP/1.1 200 ")
    assert b'"status":201' in received


def test_a_client_that_reads_nothing_before_it_has_sent_all_is_not_waited_for(furnished: Served) -> None:
    """Its answer is larger than what the sockets hold; nothing but the file can."""
    line = body([b"x"])
    count = 60_000
    with connect(furnished.url) as wire:
        wire.sendall(head(count * len(line)))
        for _ in range(count // 1000):
            wire.sendall(line * 1000)
        received = bytearray()
        while more := wire.recv(1 << 20):
            received += more
    assert len(received) > 10_000_000
    assert received.count(b'"status":400,') >= count  # in the line and in its problem


def test_a_client_that_goes_away_leaves_what_was_acknowledged_and_no_task(tmp_path: Path) -> None:
    with serving(tmp_path / "chronology.db") as running, running.client() as client:
        client.post("/v1/places", json={"id": "hama", "name": "Hama", "kind": "city"}).raise_for_status()
        client.post("/v1/forces", json={"id": "hts", "name": "HTS"}).raise_for_status()
        received = b""
        with connect(running.url) as wire:
            wire.sendall(head(10_000_000))
            wire.sendall(body(report(f"r{i}") for i in range(300)) + json.dumps(report("cut")).encode())
            while received.count(b"\n") < 100:
                received += wire.recv(4096)
        for id in re.findall(rb'"id":"(r\d+)","version":1', received):
            assert client.get(f"/v1/reports/{id.decode()}").status_code == 200
        await_true("quiet", lambda: settled(client))
        assert client.get("/v1/reports/cut").status_code == 404  # it may go on: its end never came
        ended = running.stop()
        assert (ended.status, ended.err) == (0, "")


def settled(client: httpx.Client) -> bool:
    first = client.get("/health/ready").json()["head"]
    sleep(0.1)
    return bool(client.get("/health/ready").json()["head"] == first)


def test_others_are_answered_while_a_body_is_taken_in(furnished: Served) -> None:
    content = body(report(f"r{i}") for i in range(3000))
    with connect(furnished.url) as wire:
        wire.sendall(head(len(content)))
        wire.sendall(content)
        slowest = 0.0
        while furnished.service.log.head() < 3000:
            start = monotonic()
            assert furnished.anyone.get("/health/live").status_code == 200
            slowest = max(slowest, monotonic() - start)
        assert slowest < 2


def test_memory_does_not_grow_with_the_body(tmp_path: Path) -> None:
    with serving(tmp_path / "chronology.db") as running:
        peaks = []
        for count in (10, 300):
            with connect(running.url) as wire:
                line = b"x" * 999_999 + b"\n"  # bad ones: what is kept of good ones is the projections'
                wire.sendall(head(count * len(line)))
                for _ in range(count):
                    wire.sendall(line)
                received = b""
                while more := wire.recv(65536):
                    received += more
                assert received.count(b'"line":') == count
            status = Path(f"/proc/{running.process.pid}/status").read_text()
            peaks.append(int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]))
    assert peaks[1] - peaks[0] < 60_000, peaks


# ---------------------------------------------------------------------------------------------------------------
# The store fails
# ---------------------------------------------------------------------------------------------------------------


def test_a_store_that_does_not_answer_is_told_line_by_line(furnished: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise Unavailable("the disk is away")

    monkeypatch.setattr(furnished.service.log, "append", fails)
    found = post(furnished, body([report("r1"), b"bad", report("r2")]))
    assert statuses(found) == [(1, 503), (2, 400), (3, 503)]
    monkeypatch.undo()
    assert statuses(post(furnished, body([report("r1")]))) == [(1, 201)]


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (Damaged(7, "it can't be read"), 503, "event at position 7: it can't be read"),
        (Corrupt("the file is damaged"), 503, "the file is damaged"),
        (RuntimeError("the secret plan"), 500, "something went wrong that should not have"),
    ],
)
def test_what_goes_wrong_with_one_line_is_told_there_and_stops_no_other(
    furnished: Served,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    detail: str,
) -> None:
    append = furnished.service.log.append

    def fails_once(event: Any, *rest: Any, **more: Any) -> Any:
        if event.id == "r2":
            raise error
        return append(event, *rest, **more)

    monkeypatch.setattr(furnished.service.log, "append", fails_once)
    found = post(furnished, body([report("r1"), report("r2"), report("r3")]))
    assert statuses(found) == [(1, 201), (2, status), (3, 201)]
    assert found[1]["problem"]["detail"] == detail
    logged = [str(each.exc_info[1]) for each in caplog.records if each.exc_info]
    assert logged == ([str(error)] if status == 500 else [])


def test_no_more_than_a_thousand_are_under_way() -> None:
    async def check() -> int:
        most, under_way, told = 0, 0, list[int]()

        class Slow:
            async def file_many(self, some: Sequence[Any]) -> list[Any]:
                nonlocal most, under_way
                under_way += len(some)
                most = max(most, under_way)
                await asyncio.sleep(0.001)
                under_way -= len(some)
                return [Unavailable("never mind")] * len(some)

        async def runs() -> AsyncIterator[bulk.Run]:
            for run in bulk.in_runs(Filing(i, 1, {}, "r", READ) for i in range(10_000)):
                yield run

        def tell(found: Sequence[tuple[Filing, bulk.Outcome]]) -> None:
            told.extend(filing.number for filing, _ in found)

        await bulk.file_all(runs(), Slow(), tell)  # type: ignore[arg-type]
        assert told == list(range(10_000))
        return most

    assert asyncio.run(check()) == bulk.FILINGS_UNDER_WAY
