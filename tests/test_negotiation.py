"""Which form of an answer is given: by what the client would rather have (RFC 9110 §12.5.1)."""

from __future__ import annotations

import pytest
from serving import Served

CONTROL = {"json": "application/json", "geojson": "application/geo+json", "csv": "text/csv"}


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("application/geo+json", "geojson"),
        ("application/geo+json;q=0, application/json", "json"),
        ("text/csv;q=0", "json"),
        ("text/csv;q=0.5, application/json;q=0.9", "json"),
        ("text/csv;q=0.9, application/json;q=0.5", "csv"),
        ("text/*", "csv"),
        ("image/png", "json"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "json"),
        ("text/csv;q=nonsense", "json"),
    ],
)
def test_the_map_comes_in_the_form_that_is_wished_for(running: Served, accept: str, form: str) -> None:
    answer = running.anyone.get("/v1/control", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(CONTROL[form])


def test_a_stream_is_given_to_those_alone_who_would_rather_have_one(running: Served) -> None:
    for accept in ("text/event-stream;q=0, application/json", "application/json, text/event-stream;q=0.1"):
        answer = running.anyone.get("/v1/events", headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/json"


def test_a_search_as_known_then_is_not_changed_by_a_later_alignment(running: Served) -> None:
    running.register(forces=("army", "division"))
    running.register(("town",))
    clash = {"kind": "clash", "places": ["town"], "forces": ["division"]}
    known_at = running.must("/v1/reports", {"id": "r", "text": "x", "occurred": "2024-12-04", "claims": [clash]})[
        "position"
    ]
    address = f"/v1/reports?force=army&at=2024-12-05T00:00:00Z&known_at={known_at}"
    before = running.anyone.get(address)
    assert before.headers["cache-control"] == "no-cache"  # its words may be redacted one day
    running.must("/v1/forces/division/alignments", {"with": "army"})
    assert running.anyone.get(address).content == before.content
    assert [each["id"] for each in running.get("/v1/reports", force="army")["reports"]] == ["r"]


def test_a_tally_by_the_days_of_a_zone_is_kept_by_no_cache(running: Served) -> None:
    running.register(("town",))
    times = {"at": "2024-12-05T00:00:00Z", "known_at": "1"}
    whole = running.anyone.get("/v1/tallies", params=times)
    assert "immutable" in whole.headers["cache-control"]
    daily = running.anyone.get("/v1/tallies", params={**times, "group": "day"})
    assert daily.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_permalink_at_the_edge_of_time_can_be_asked(running: Served, at: str) -> None:
    running.register(("town",))
    answer = running.anyone.get("/v1/control", params={"at": at, "known_at": "1"})
    again = running.anyone.get(answer.headers["content-location"])
    assert (again.status_code, again.content) == (200, answer.content)


def test_a_known_at_that_the_cursor_contradicts_is_refused(running: Served) -> None:
    running.register(("town",))
    assert running.anyone.get("/v1/reports?cursor=1-1&known_at=0").status_code == 422
    assert running.anyone.get("/v1/reports?cursor=1-1&known_at=1").status_code == 200


@pytest.mark.parametrize("header", ["Accept-Datetime", "If-None-Match"])
def test_the_document_names_the_headers_of_a_question_about_a_knowledge_time(running: Served, header: str) -> None:
    calls = running.get("/openapi.json")["paths"]
    for path in ("/v1/control", "/v1/places/{id}/control", "/v1/reports", "/v1/forces"):
        assert header in {each["name"] for each in calls[path]["get"]["parameters"]}
        assert "304" in calls[path]["get"]["responses"]
