"""Many who append at once: every report is kept once, in one order without a gap, and can be read at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest
from serving import Served

from service.verification import verify

CLIENTS = 64
EACH = 12
SHARED = 4
"""How many of its reports each client shares with every other, id and content."""

Body = dict[str, Any]


def report(id: str) -> Body:
    claim = {"kind": "control", "place": "khitab", "forces": ["a"], "effect": "holds"}
    return {"id": id, "text": f"told as {id}", "occurred": "2024-12-04", "claims": [claim]}


def bodies(client: int) -> list[Body]:
    """The reports of a client: every third is one that all file, at about the same time."""
    own = [report(f"c{client}-{n}") for n in range(EACH - SHARED)]
    for n in range(SHARED):
        own.insert(3 * n, report(f"shared-{n}"))
    return own


def append_and_read(running: Served, start: Barrier, client: int) -> list[tuple[int, Body]]:
    """Append each, then read it from where it says it stands; what each was answered."""
    answers = []
    with httpx.Client(base_url=running.url, headers=running.editor.headers, timeout=60) as http:
        start.wait()
        for body in bodies(client):
            answer = http.post("/v1/reports", json=body)
            receipt: Body = answer.json()
            answers.append((answer.status_code, receipt))
            found = http.get(f"/v1/reports/{body['id']}", params={"after_position": receipt["position"]}).json()
            assert found["filed"]["position"] == receipt["position"], found
            assert found["filed"]["recorded_at"] == receipt["recorded_at"]
            assert found["as_of_position"] >= receipt["position"]
            assert found["text"] == body["text"]
    return answers


def all_at_once(running: Served) -> list[tuple[int, Body]]:
    start = Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        each = pool.map(lambda client: append_and_read(running, start, client), range(CLIENTS))
        return [answer for answers in each for answer in answers]


def check_order(running: Served, before: int, receipts: Sequence[Body]) -> None:
    """Positions without a gap or a double, and `recorded_at` in their order."""
    in_order = sorted(receipts, key=lambda receipt: receipt["position"])
    assert [each["position"] for each in in_order] == list(range(before + 1, before + len(receipts) + 1))
    recorded = [each["recorded_at"] for each in in_order]
    assert recorded == sorted(recorded)
    assert running.service.log.head() == before + len(receipts)


@pytest.mark.timeout(120)
def test_what_64_append_at_once_is_kept_once_each_in_one_order_without_a_gap(running: Served) -> None:
    running.register(("khitab",), ("a",))
    before = running.service.log.head()
    answers = all_at_once(running)
    distinct = CLIENTS * (EACH - SHARED) + SHARED
    assert {status for status, _ in answers} == {200, 201}
    created = [receipt for status, receipt in answers if status == 201]
    assert len({receipt["id"] for receipt in created}) == len(created) == distinct
    check_order(running, before, created)
    by_id = {receipt["id"]: receipt for receipt in created}
    assert all(receipt == by_id[receipt["id"]] for _, receipt in answers)
    assert len(running.get("/v1/reports", limit=1000)["reports"]) == distinct
    assert len(running.get("/v1/places/khitab/control")["basis"]) == distinct
    verdict = verify(running.service.log)
    assert (verdict.faults, verdict.position) == ([], before + distinct)


@pytest.mark.timeout(120)
def test_of_64_who_file_different_reports_with_one_id_one_is_kept(running: Served) -> None:
    start = Barrier(CLIENTS)

    def file(client: int) -> int:
        body = {"id": "one", "text": f"told by {client}", "occurred": "2024", "claims": []}
        with httpx.Client(base_url=running.url, headers=running.editor.headers, timeout=60) as http:
            start.wait()
            return http.post("/v1/reports", json=body).status_code

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert sorted(pool.map(file, range(CLIENTS))) == [201] + [409] * (CLIENTS - 1)
    assert running.service.log.head() == 1


@pytest.mark.timeout(120)
def test_corrections_of_one_report_by_many_at_once_are_all_kept_one_after_another(running: Served) -> None:
    running.register(("khitab",), ("a",))
    running.must("/v1/reports", report("r"))
    before, many = running.service.log.head(), 16
    start = Barrier(many)

    def correct(client: int) -> tuple[int, Body]:
        body = {"text": f"by {client}", "occurred": "2024", "claims": [], "reason": "misread"}
        with httpx.Client(base_url=running.url, headers=running.editor.headers, timeout=60) as http:
            start.wait()
            answer = http.post("/v1/reports/r/corrections", json=body)
            return answer.status_code, answer.json()

    with ThreadPoolExecutor(many) as pool:
        answers = list(pool.map(correct, range(many)))
    assert [status for status, _ in answers] == [201] * many
    check_order(running, before, [receipt for _, receipt in answers])
    assert sorted(receipt["version"] for _, receipt in answers) == list(range(2, many + 2))
    newest = next(n for n, (_, receipt) in enumerate(answers) if receipt["version"] == many + 1)
    assert running.get("/v1/reports/r")["text"] == f"by {newest}"
    assert verify(running.service.log).faults == []
