"""The whole service on PostgreSQL, as its users meet it: two of them on one store, and the command line beside."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
from running import chronology, serving
from test_tampering import SIGNING

REPORT = {
    "id": "desk-1",
    "text": "They were at the mill.",
    "occurred": "2024-12-05 morning",
    "credibility": "possible",
    "claims": [{"kind": "control", "place": "salamiyah", "forces": ["opposition"], "effect": "holds"}],
}


def next_event(lines: httpx.Response) -> dict[str, object]:
    found: dict[str, object] = next(
        json.loads(line.removeprefix("data:")) for line in lines.iter_lines() if line.startswith("data:")
    )
    return found


def test_what_one_service_is_told_the_other_answers_sends_on_and_proves(postgres_address: str, tmp_path: Path) -> None:
    store = postgres_address
    assert chronology("load", "hama-2024", store=store).json["appended"] == 74
    with (
        serving(store, env=SIGNING) as first,
        serving(store, env=SIGNING) as second,
        first.client() as telling,
        second.client() as asking,
    ):
        stream = {"Accept": "text/event-stream"}
        with asking.stream("GET", "/v1/events", params={"after": 74}, headers=stream) as feed:
            told = telling.post("/v1/reports", json=REPORT)
            assert (told.status_code, told.json()["position"]) == (201, 75)
            assert next_event(feed)["subject"] == "report:desk-1"
        answer = asking.get(
            "/v1/places/salamiyah/control", params={"at": "2024-12-05T13:00:00Z", "after_position": 75}
        ).json()
        assert (answer["status"], answer["basis"]) == ("held", ["desk-1"])
        found = asking.get("/v1/reports", params={"q": "mill", "after_position": 75}).json()
        assert [each["id"] for each in found["reports"]] == ["desk-1"]
        again = asking.post("/v1/reports", json=REPORT)
        assert (again.status_code, again.json()["position"]) == (200, 75)
        proof = asking.get("/v1/log/proof/inclusion", params={"position": 75, "size": 75}).json()
        assert (proof["position"], proof["size"]) == (75, 75)
        checkpoint = telling.get("/v1/log/checkpoint").text
        assert checkpoint == asking.get("/v1/log/checkpoint").text
    (tmp_path / "kept.txt").write_text(checkpoint)
    verdict = chronology("verify", "--checkpoint", f"{tmp_path}/kept.txt", store=store, env=SIGNING).json
    assert verdict == {"sound": True, "position": 75, "faults": []}
    assert chronology("rebuild", store=store).json["position"] == 75


def test_without_a_key_nothing_is_signed_and_all_else_is_answered(postgres_address: str) -> None:
    with serving(postgres_address) as running, running.client() as client:
        refused = client.get("/v1/log/checkpoint")
        assert refused.status_code == 503
        assert "CHRONOLOGY_SIGNING_KEY" in refused.text
        assert client.get("/v1/events").json()["events"] == []
    assert "CHRONOLOGY_SIGNING_KEY" in chronology("checkpoint", store=postgres_address).complaint
