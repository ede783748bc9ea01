"""What is read through the API: its shapes, its two clocks, what narrows it, its pages, and its own description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel
from serving import Served, served

from service import http
from service.http import feature_schemas, schemas
from service.http import page as page_
from service.http.problems import Problem

Body = dict[str, Any]
NOON = "2024-12-05T12:00:00Z"


def content(**parts: Any) -> Body:
    return {"text": "seen", "occurred": "2024-12-04T12:00:00Z", "claims": [], **parts}


def takes(place: str, force: str, effect: str = "takes") -> list[Body]:
    return [{"kind": "control", "place": place, "forces": [force], "effect": effect}]


PLACES: list[Body] = [
    {"id": "hama", "name": "Hama", "kind": "city", "location": {"lon": 36.75, "lat": 35.13}},
    {"id": "arbaeen", "name": "Arbaeen", "kind": "neighbourhood", "parent": "hama"},
    {"id": "khitab", "name": "Khitab", "kind": "town", "location": {"lon": 36.66, "lat": 35.2}},
    {"id": "fiji", "name": "Fiji", "kind": "area", "location": {"lon": 179.5, "lat": -17}},
    {"id": "samoa", "name": "Samoa", "kind": "village", "location": {"lon": -172, "lat": -13}},
    {"id": "zero", "name": "Zero", "kind": "hill", "location": {"lon": 0, "lat": 0}},
    {
        "id": "valley",
        "name": "Valley",
        "kind": "area",
        "shape": {"type": "Polygon", "coordinates": [[[-61, 4], [-60, 4], [-60, 5], [-61, 4]]]},
    },
]
"""Of these, `zero` has nothing said about it."""


def furnish(running: Served) -> None:
    """Two sides, of which one has a division; a place in every state."""
    for place in PLACES:
        running.must("/v1/places", place)
    running.register((), ("red", "red-division", "blue"))
    running.must("/v1/forces/red-division/alignments", {"with": "red", "until": "2024-12-10"})
    running.must("/v1/sources", {"id": "blue-radio", "name": "x", "affiliation": "blue"})
    running.must("/v1/sources", {"id": "red-radio", "name": "x", "affiliation": "red"})
    running.must("/v1/sources", {"id": "paper", "name": "x"})
    by_paper = [{"source": "paper", "published": "2024-12-05"}]
    running.must("/v1/reports", content(id="h1", claims=takes("hama", "red"), sources=by_paper, credibility="probable"))
    running.must("/v1/reports", content(id="k1", occurred="2024-12-03", claims=takes("khitab", "blue", "holds")))
    window = "[2024-12-05T00:00Z..2024-12-06T00:00Z]"
    boast = [{"source": "red-radio"}]
    running.must(
        "/v1/reports", content(id="k2", occurred=window, claims=takes("khitab", "red-division"), sources=boast)
    )
    running.must("/v1/reports", content(id="f1", claims=takes("fiji", "blue", "loses")))
    fight = [{"kind": "control", "place": "samoa", "forces": ["red-division", "blue"], "effect": "contests"}]
    running.must("/v1/reports", content(id="s1", claims=fight))
    running.must("/v1/reports", content(id="h2", claims=takes("hama", "blue"), credibility="doubtful"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("reading") / "chronology.db") as running:
        furnish(running)
        yield running


def positions(running: Served, report: str) -> list[int]:
    return [event["position"] for event in running.get(f"/v1/reports/{report}/history")["events"]]


# ---------------------------------------------------------------------------------------------------------------
# Shapes
# ---------------------------------------------------------------------------------------------------------------

SHAPES: list[tuple[str, type[BaseModel]]] = [
    ("/v1/places/hama/control", schemas.Control),
    ("/v1/places/arbaeen/control?evidence=1", schemas.Control),
    (f"/v1/places/khitab/control?at={NOON}&by=side", schemas.Control),
    ("/v1/places/zero/control", schemas.Control),
    ("/v1/places/khitab/timeline", schemas.Timeline),
    ("/v1/places/zero/timeline", schemas.Timeline),
    ("/v1/places/khitab/timeline?evidence=2", schemas.Timeline),
    ("/v1/control", schemas.Map),
    (f"/v1/control?at={NOON}&evidence=1", schemas.Map),
    ("/v1/forces/red/holdings", schemas.Holdings),
    ("/v1/tallies", schemas.Tallies),
    ("/v1/reports", schemas.Reports),
    ("/v1/reports?limit=1", schemas.Reports),
    ("/v1/reports/h1", schemas.Report),
    ("/v1/reports/h1/history", schemas.History),
    ("/v1/places", schemas.Places),
    ("/v1/places/arbaeen", schemas.Place),
    ("/v1/forces", schemas.Forces),
    ("/v1/forces/red-division", schemas.Force),
    ("/v1/sources", schemas.Sources),
    ("/v1/sources/paper", schemas.Source),
    ("/v1/places/khitab/control?proofs=true", schemas.Control),
    ("/v1/log/proof/inclusion?position=3", schemas.Inclusion),
    ("/v1/log/proof/consistency?from=3", schemas.Consistency),
    ("/health/live", schemas.Health),
    ("/health/ready", schemas.Health),
]


@pytest.mark.parametrize(("path", "model"), SHAPES)
def test_an_answer_is_what_its_schema_says(world: Served, path: str, model: type[BaseModel]) -> None:
    answer = world.anyone.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    model.model_validate_json(answer.content, strict=True)


def test_geojson_is_what_its_schema_says(world: Served) -> None:
    answer = world.anyone.get("/v1/control", headers={"Accept": "application/geo+json"})
    feature_schemas.MapFeatures.model_validate_json(answer.content, strict=True)


def test_a_receipt_is_what_its_schema_says(running: Served) -> None:
    furnish(running)
    for path, body in (
        ("/v1/places", {"id": "new", "name": "x", "kind": "base"}),
        ("/v1/forces/red-division/alignments", {"with": "blue", "from": "2025"}),
        ("/v1/reports", content()),
        ("/v1/reports/h1/retraction", {"reason": "x"}),
    ):
        answer = running.editor.post(path, json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
        schemas.Receipt.model_validate_json(answer.content, strict=True)


@pytest.mark.parametrize(
    "path", ["/nope", "/v1/places/none", "/v1/control?at=noon", "/v1/control?lens=x&by=y", "/v1/reports?cursor=9"]
)
def test_a_problem_is_what_its_schema_says(world: Served, path: str) -> None:
    answer = world.anyone.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert Problem.model_validate_json(answer.content, strict=True).status == answer.status_code


ANSWER = {
    "place", "status", "holders", "parties", "challenger", "before", "after", "since", "last_confirmed", "credibility",
    "basis", "dissent", "unconfirmed", "inherited_from", "exceptions",
}  # fmt: skip
TIMES = {"at", "known_at", "as_of_position"}


def test_the_answer_for_a_place_has_every_field_of_the_rules_and_nothing_else(world: Served) -> None:
    assert set(world.get("/v1/places/zero/control")) == ANSWER | TIMES
    assert world.get("/v1/places/zero/control", at=NOON) == {
        "place": "zero",
        "status": "unknown",
        "holders": [],
        "parties": [],
        "challenger": None,
        "before": None,
        "after": None,
        "since": None,
        "last_confirmed": None,
        "credibility": None,
        "basis": [],
        "dissent": [],
        "unconfirmed": [],
        "inherited_from": None,
        "exceptions": [],
        "at": NOON,
        "known_at": world.service.log.head(),
        "as_of_position": world.service.log.head(),
    }


def test_a_place_that_is_changing_hands_shows_both_that_are_possible(world: Served) -> None:
    found = world.get("/v1/places/khitab/control", at=NOON)
    shown: Body = {"status": "held", "parties": [], "challenger": None}
    assert (found["status"], found["holders"]) == ("changing", ["blue"])
    assert found["before"] == {**shown, "holders": ["blue"]}
    assert found["after"] == {**shown, "holders": ["red-division"]}
    assert found["since"] == {"earliest": "2024-12-05T00:00:00Z", "latest": "2024-12-06T00:00:00Z"}


def test_a_timeline_goes_from_each_segment_to_the_next_and_ends_open(world: Served) -> None:
    found = world.get("/v1/places/khitab/timeline")
    assert set(found) == {"place", "segments"} | TIMES
    segments = found["segments"]
    assert [set(segment) for segment in segments] == [ANSWER | {"from", "until"}] * len(segments)
    shown = [(segment["from"], segment["until"], segment["status"], segment["holders"]) for segment in segments]
    assert shown == [
        ("2024-12-03T00:00:00Z", "2024-12-04T00:00:00Z", "changing", []),
        ("2024-12-04T00:00:00Z", "2024-12-05T00:00:00Z", "held", ["blue"]),
        ("2024-12-05T00:00:00Z", "2024-12-06T00:00:00Z", "changing", ["blue"]),
        ("2024-12-06T00:00:00Z", None, "held", ["red-division"]),
    ]


def test_the_timeline_at_an_instant_shows_what_the_answer_does(world: Served) -> None:
    for segment in world.get("/v1/places/khitab/timeline")["segments"]:
        answer = world.get("/v1/places/khitab/control", at=segment["from"])
        for field in ("status", "holders", "parties", "challenger", "before", "after"):
            assert answer[field] == segment[field]


def test_the_map_has_the_answer_of_every_place_by_id(world: Served) -> None:
    found = world.get("/v1/control", at=NOON)
    assert set(found) == {"places"} | TIMES
    assert [each["place"] for each in found["places"]] == sorted(place["id"] for place in PLACES)
    for each in found["places"]:
        alone = world.get(f"/v1/places/{each['place']}/control", at=NOON)
        assert each == {name: value for name, value in alone.items() if name not in TIMES}


def test_the_map_as_geojson_has_a_feature_for_every_place(world: Served) -> None:
    answer = world.anyone.get("/v1/control", params={"at": NOON}, headers={"Accept": "application/geo+json"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/geo+json")
    assert "Accept" in answer.headers["vary"]
    body = answer.json()
    assert set(body) == {"type", "features"} | TIMES
    plain = {each["place"]: each for each in world.get("/v1/control", at=NOON)["places"]}
    located = {place["id"]: place for place in PLACES}
    assert [each["id"] for each in body["features"]] == sorted(plain)
    for feature in body["features"]:
        place = located[feature["id"]]
        where = place.get("location")
        point = where and {"type": "Point", "coordinates": [where["lon"], where["lat"]]}
        point = place.get("shape", point)
        assert feature == {
            "type": "Feature",
            "id": place["id"],
            "geometry": point,
            "properties": {"name": place["name"], "kind": place["kind"], **plain[place["id"]]},
        }


def test_the_map_says_that_it_depends_on_what_is_accepted(world: Served) -> None:
    assert "Accept" in world.anyone.get("/v1/control").headers["vary"]
    for accept in ("*/*", "application/json", "text/html"):
        answer = world.anyone.get("/v1/control", headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/json"


def test_an_instant_asked_with_an_offset_is_echoed_in_utc(world: Served) -> None:
    assert world.get("/v1/places/hama/control", at="2024-12-05T15:00:00+03:00")["at"] == NOON
    assert (
        world.get("/v1/places/hama/timeline", at="2024-12-05T02:30:00.25-09:30")["at"] == "2024-12-05T12:00:00.250000Z"
    )


def test_asked_at_no_instant_the_answer_is_of_now(world: Served) -> None:
    before = datetime.now(UTC)
    at = datetime.fromisoformat(world.get("/v1/control")["at"])
    assert before - timedelta(milliseconds=1) <= at <= datetime.now(UTC)


# ---------------------------------------------------------------------------------------------------------------
# The two clocks
# ---------------------------------------------------------------------------------------------------------------


def test_known_at_a_position_is_what_was_known_there(world: Served) -> None:
    (filed,) = positions(world, "h1")
    before, then = (world.get("/v1/places/hama/control", known_at=known) for known in (filed - 1, filed))
    assert (before["status"], before["known_at"]) == ("unknown", filed - 1)
    assert (then["status"], then["basis"], then["known_at"]) == ("held", ["h1"], filed)
    assert before["as_of_position"] == then["as_of_position"] == world.service.log.head()


def test_known_at_an_instant_is_the_newest_position_recorded_by_then(world: Served) -> None:
    event = world.get("/v1/reports/k2/history")["events"][0]
    assert world.get("/v1/control", known_at=event["recorded_at"])["known_at"] >= event["position"]
    just_before = datetime.fromisoformat(event["recorded_at"]) - timedelta(microseconds=1)
    earlier = world.get("/v1/control", known_at=just_before.isoformat())
    assert earlier["known_at"] < event["position"]
    assert [each["place"] for each in earlier["places"]] == sorted(place["id"] for place in PLACES)


def test_known_at_an_instant_before_the_log_nothing_was_known(world: Served) -> None:
    for known_at in (0, "2020-01-01T00:00:00Z"):
        found = world.get("/v1/control", known_at=known_at)
        assert (found["known_at"], found["places"]) == (0, [])
        assert world.get("/v1/reports", known_at=known_at)["reports"] == []


def test_known_at_an_instant_to_come_is_the_newest(world: Served) -> None:
    assert world.get("/v1/control", known_at="2999-01-01T00:00:00Z")["known_at"] == world.service.log.head()


def test_known_at_a_position_to_come_is_answered_422_and_once_it_is_there_200(running: Served) -> None:
    furnish(running)
    head = running.service.log.head()
    assert running.anyone.get("/v1/control", params={"known_at": head + 1}).status_code == 422
    running.must("/v1/reports", content())
    assert running.get("/v1/control", known_at=head + 1)["known_at"] == head + 1


def test_a_position_waited_for_is_reached(world: Served) -> None:
    head = world.service.log.head()
    for position in (0, 1, head):
        assert world.get("/v1/control", after_position=position)["as_of_position"] >= head


def test_who_has_appended_reads_it_without_asking_for_its_position(running: Served) -> None:
    running.register(("khitab",), ("a", "b"))
    for n in range(30):
        receipt = running.must("/v1/reports", content(id=f"n{n}", claims=takes("khitab", "ab"[n % 2])))
        assert running.get(f"/v1/reports/n{n}")["version"] == 1
        found = running.get("/v1/places/khitab/control")
        assert f"n{n}" in [*found["basis"], *found["dissent"]]
        assert found["as_of_position"] >= receipt["position"]


# ---------------------------------------------------------------------------------------------------------------
# What counts, and how it is shown
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "basis", "dissent", "unconfirmed"),
    [
        ({}, ["h1"], [], ["h2"]),
        ({"lens": "default"}, ["h1"], [], ["h2"]),
        ({"lens": "everything"}, ["h1"], ["h2"], []),
        ({"lens": "strict"}, ["h1"], [], ["h2"]),
        ({"lens": "everything", "min_credibility": "confirmed"}, [], [], ["h1", "h2"]),
        ({"lens": "strict", "min_credibility": "doubtful"}, ["h1"], ["h2"], []),
        ({"sources": "paper,red-radio"}, ["h1"], [], []),
        ({"sources": "red-radio"}, [], [], []),
        ({"exclude_sources": "paper"}, [], [], ["h2"]),
        ({"published_by": "2024-12-05T23:59:59Z"}, [], [], []),
        ({"published_by": "2024-12-06T00:00:00Z"}, ["h1"], [], []),
        ({"at": "2024-12-04T11:59:59Z"}, [], [], []),
    ],
)
def test_a_policy_says_what_counts(
    world: Served, parameters: dict[str, str], basis: list[str], dissent: list[str], unconfirmed: list[str]
) -> None:
    found = world.get("/v1/places/hama/control", **parameters)
    assert (found["basis"], found["dissent"], found["unconfirmed"]) == (basis, dissent, unconfirmed)


def test_against_its_interest_a_partys_own_word_counts_only_for_what_it_admits(world: Served) -> None:
    at = {"at": "2024-12-07T00:00:00Z"}
    assert world.get("/v1/places/khitab/control", **at)["holders"] == ["red-division"]
    strict = world.get("/v1/places/khitab/control", **at, against_interest="true")
    assert (strict["holders"], strict["unconfirmed"]) == (["blue"], ["k2"])
    assert world.get("/v1/places/khitab/control", **at, against_interest="false")["unconfirmed"] == []


def test_by_side_shows_each_force_by_its_side_at_that_instant(world: Served) -> None:
    assert world.get("/v1/places/khitab/control", at="2024-12-07T00:00:00Z", by="side")["holders"] == ["red"]
    assert world.get("/v1/places/khitab/control", at="2024-12-12T00:00:00Z", by="side")["holders"] == ["red-division"]
    assert world.get("/v1/places/samoa/control", at=NOON, by="side")["parties"] == ["blue", "red"]
    shown = [
        (segment["from"], segment["status"], segment["holders"])
        for segment in world.get("/v1/places/khitab/timeline", by="side")["segments"]
    ]
    assert shown[-2:] == [
        ("2024-12-06T00:00:00Z", "held", ["red"]),
        ("2024-12-11T00:00:00Z", "held", ["red-division"]),
    ]


def test_what_is_inherited_and_what_is_excepted_name_each_other(world: Served) -> None:
    assert world.get("/v1/places/arbaeen/control")["inherited_from"] == "hama"
    assert world.get("/v1/places/hama/control")["exceptions"] == []


def test_an_exception_is_named_by_the_settlement_around_it(running: Served) -> None:
    furnish(running)
    running.must("/v1/reports", content(id="a1", occurred="2024-12-05", claims=takes("arbaeen", "blue", "holds")))
    assert running.get("/v1/places/hama/control")["exceptions"] == ["arbaeen"]
    assert running.get("/v1/places/arbaeen/control")["inherited_from"] is None


@pytest.fixture(scope="module")
def well_told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A town of which seven reports of one day say one thing, three another, and two more are doubted."""
    with served(tmp_path_factory.mktemp("well-told") / "chronology.db") as running:
        running.register(("khitab",), ("red", "blue"))
        tellings = [("red", None)] * 7 + [("blue", None)] * 3 + [("blue", "doubtful")] * 2
        for n, (force, grade) in enumerate(tellings):
            claims = takes("khitab", force, "holds")
            running.must("/v1/reports", content(id=f"r{n:02}", claims=claims, credibility=grade))
        yield running


LISTS = ("basis", "dissent", "unconfirmed")


@pytest.mark.parametrize("evidence", range(1, 9))
def test_evidence_cuts_each_list_to_the_first_and_the_newest(well_told: Served, evidence: int) -> None:
    whole = well_told.get("/v1/places/khitab/control")
    assert all(len(whole[name]) > 1 for name in LISTS)
    assert not any(f"{name}_count" in whole for name in LISTS)
    cut = well_told.get("/v1/places/khitab/control", evidence=evidence)
    for name in LISTS:
        full: Sequence[str] = whole[name]
        newest = full[max(1, len(full) - evidence + 1) :] if evidence > 1 else []
        assert cut[name] == [full[0], *newest]
        assert cut[f"{name}_count"] == len(full)
        assert len(cut[name]) == min(evidence, len(full))


def test_evidence_cuts_the_lists_of_the_map_of_geojson_and_of_every_segment(well_told: Served) -> None:
    (on_map,) = well_told.get("/v1/control", evidence=2)["places"]
    accept = {"Accept": "application/geo+json"}
    (feature,) = well_told.anyone.get("/v1/control", params={"evidence": 2}, headers=accept).json()["features"]
    last = well_told.get("/v1/places/khitab/timeline", evidence=2)["segments"][-1]
    for found in (on_map, feature["properties"], last):
        assert all(len(found[name]) == 2 and found[f"{name}_count"] >= 2 for name in LISTS)


# ---------------------------------------------------------------------------------------------------------------
# The map, narrowed
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "places"),
    [
        ({"bbox": "36,35,37,36"}, ["hama", "khitab"]),
        ({"bbox": "36.75,35.13,36.75,35.13"}, ["hama"]),
        ({"bbox": "170,-20,-170,-10"}, ["fiji", "samoa"]),
        ({"bbox": "-180,-90,180,90"}, ["fiji", "hama", "khitab", "samoa", "valley", "zero"]),
        ({"bbox": "-60.5,4.5,-50,10"}, ["valley"]),
        ({"bbox": "-60.6,4.4,-60.5,4.5"}, ["valley"]),
        ({"bbox": "-59.9,0,-50,10"}, []),
        ({"bbox": "-62,5.1,-59,10"}, []),
        ({"bbox": "170,0,-60.5,10"}, ["valley"]),
        ({"bbox": "-60.5,0,-170,10"}, ["valley", "zero"]),
        ({"bbox": "-170,-20,170,-10"}, []),
        ({"bbox": "179.9,-20,-172,-10"}, ["samoa"]),
        ({"force": "red"}, ["arbaeen", "hama", "khitab", "samoa"]),
        ({"force": "red-division"}, ["khitab", "samoa"]),
        ({"force": "blue"}, ["khitab", "samoa"]),
        ({"status": "held"}, ["arbaeen", "hama"]),
        ({"status": "contested,vacated"}, ["fiji", "samoa"]),
        ({"status": "unknown"}, ["valley", "zero"]),
        ({"kind": "town"}, ["khitab"]),
        ({"kind": "town,city,hill"}, ["hama", "khitab", "zero"]),
        ({"kind": "town,city", "status": "changing", "force": "red"}, ["khitab"]),
        ({"kind": "city", "bbox": "0,0,1,1"}, []),
    ],
)
def test_the_map_is_narrowed_by_every_part_that_is_given(
    world: Served, parameters: dict[str, str], places: list[str]
) -> None:
    found = world.get("/v1/control", at=NOON, **parameters)
    assert [each["place"] for each in found["places"]] == places
    answer = world.anyone.get(
        "/v1/control", params={"at": NOON, **parameters}, headers={"Accept": "application/geo+json"}
    )
    assert [each["id"] for each in answer.json()["features"]] == places


def test_the_map_is_narrowed_by_who_covers_whom_at_that_instant(world: Served) -> None:
    later = world.get("/v1/control", at="2024-12-20T00:00:00Z", force="red")
    assert "khitab" not in [each["place"] for each in later["places"]]


# ---------------------------------------------------------------------------------------------------------------
# Reports
# ---------------------------------------------------------------------------------------------------------------


def listed(running: Served, **parameters: str | int) -> list[str]:
    return [report["id"] for report in running.get("/v1/reports", **parameters)["reports"]]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, ["h2", "s1", "f1", "k2", "k1", "h1"]),
        ({"place": "hama"}, ["h2", "h1"]),
        ({"place": "arbaeen"}, []),
        ({"force": "red"}, ["s1", "k2", "h1"]),
        ({"force": "red-division"}, ["s1", "k2"]),
        ({"source": "paper"}, ["h1"]),
        ({"source": "blue-radio"}, []),
        ({"kind": "control"}, ["h2", "s1", "f1", "k2", "k1", "h1"]),
        ({"kind": "denial"}, []),
        ({"from": "2024-12-05T00:00:00Z"}, ["k2"]),
        ({"to": "2024-12-04T00:00:00Z"}, ["k1"]),
        ({"to": "2024-12-03T00:00:00Z"}, ["k1"]),
        ({"from": "2024-12-05T00:00:00Z", "to": "2024-12-05T00:00:00Z"}, ["k2"]),
        ({"from": "2024-12-06T00:00:00.000001Z"}, []),
        ({"place": "khitab", "force": "red"}, ["k2"]),
    ],
)
def test_reports_are_listed_newest_first_by_what_they_name(
    world: Served, parameters: dict[str, str], found: list[str]
) -> None:
    assert listed(world, **parameters) == found


def test_reports_are_found_by_every_kind_of_claim_and_by_places_below(running: Served) -> None:
    running.register(("khitab",), ("a",), ("s", "t"))
    running.must("/v1/places", {"id": "mill", "name": "x", "kind": "facility", "parent": "khitab"})
    claims: dict[str, Body] = {
        "clash": {"places": ["mill"], "forces": ["a"]},
        "strike": {"places": ["mill"], "by": "a"},
        "casualties": {"places": ["mill"], "of": "a"},
        "movement": {"forces": ["a"], "to": "mill"},
        "operation": {"forces": ["a"], "places": ["mill"], "stage": "ended"},
        "presence": {"place": "mill", "forces": ["a"]},
        "agreement": {"parties": ["a"], "places": ["mill"]},
    }
    for kind, claim in claims.items():
        running.must("/v1/reports", content(id=kind, claims=[{"kind": kind, **claim}]))
        assert listed(running, kind=kind) == [kind]
    for named in ({"place": "mill"}, {"place": "khitab"}, {"force": "a"}):
        assert sorted(listed(running, **named)) == sorted(claims)
    running.must("/v1/reports", content(id="second-hand", sources=[{"source": "s", "origin": "t"}]))
    assert listed(running, source="s") == listed(running, source="t") == ["second-hand"]


def test_a_list_of_reports_shows_them_as_known_then(running: Served) -> None:
    running.register(("khitab", "hama"), ("a",))
    first = running.must("/v1/reports", content(id="r", claims=takes("khitab", "a")))
    running.must("/v1/reports/r/corrections", content(text="again", claims=takes("hama", "a"), reason="x"))
    running.must("/v1/reports/r/retraction", {"reason": "never said"})
    assert listed(running, place="khitab") == []
    (now,) = running.get("/v1/reports", place="hama")["reports"]
    assert (now["version"], now["text"], now["retracted"]["reason"]) == (3, "again", "never said")
    (then,) = running.get("/v1/reports", place="khitab", known_at=first["position"])["reports"]
    assert (then["version"], then["text"], then["retracted"]) == (1, "seen", None)
    assert running.get("/v1/reports/r", known_at=first["position"])["version"] == 1


def pages(running: Served, limit: int, between: Sequence[Body] = ()) -> Iterator[list[str]]:
    """Each page by the link of the one before it, while more is filed between two pages."""
    address: str | None = f"/v1/reports?limit={limit}"
    more = list(between)
    for _ in range(100):
        if address is None:
            return
        answer = running.anyone.get(address)
        body = answer.json()
        yield [report["id"] for report in body["reports"]]
        link = answer.headers.get("link")
        assert (link is None) == (body["next"] is None)
        found = re.fullmatch(r'<(/v1/reports\?[^>]*)>; rel="next"', link or "")
        address = found[1] if found else None
        if more:
            running.must("/v1/reports", more.pop())
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 12, 13, 1000])
def test_pages_neither_repeat_nor_miss_a_report_while_more_are_filed(running: Served, limit: int) -> None:
    expected = [f"r{n:02}" for n in range(12)]
    for id in expected:
        running.must("/v1/reports", content(id=id))
    found = list(pages(running, limit, between=[content(id=f"late{n}") for n in range(4)]))
    assert [id for page in found for id in page] == expected[::-1]
    assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)


def test_pages_keep_what_was_known_when_the_first_was_read(running: Served) -> None:
    for n in range(4):
        running.must("/v1/reports", content(id=f"r{n}"))
    first = running.get("/v1/reports", limit=2)
    running.must("/v1/reports/r0/retraction", {"reason": "x"})
    second = running.get("/v1/reports", limit=2, cursor=first["next"])
    assert second["known_at"] == first["known_at"]
    assert [report["retracted"] for report in second["reports"]] == [None, None]
    assert second["next"] is None


def test_the_link_to_the_next_page_keeps_what_narrows_the_list(world: Served) -> None:
    answer = world.anyone.get("/v1/reports", params={"limit": 1, "force": "red", "from": "2024-12-01T03:00:00+03:00"})
    found: list[str] = [answer.json()["reports"][0]["id"]]
    while "next" in answer.links:
        answer = world.anyone.get(answer.links["next"]["url"])
        assert answer.status_code == 200, answer.text
        found += [report["id"] for report in answer.json()["reports"]]
    assert found == ["s1", "k2", "h1"]


def test_a_page_has_50_reports_unless_asked_for_more_or_less(running: Served) -> None:
    for _ in range(51):
        running.must("/v1/reports", content())
    assert len(running.get("/v1/reports")["reports"]) == 50
    assert len(running.get("/v1/reports", limit=51)["reports"]) == 51


def test_a_history_has_every_event_with_what_it_said(running: Served) -> None:
    running.register(("khitab",), ("a",))
    receipts = [
        running.must("/v1/reports", content(id="r", claims=takes("khitab", "a"), credibility="doubtful")),
        running.must("/v1/reports/r/corrections", content(text="again", reason="misread")),
        running.must("/v1/reports/r/assessments", {"credibility": "probable", "reason": "filmed"}),
        running.must("/v1/reports/r/retraction", {"reason": "never said"}),
    ]
    found = running.get("/v1/reports/r/history")
    events = found["events"]
    where = [(event["version"], event["position"], event["recorded_at"]) for event in events]
    assert where == [(receipt["version"], receipt["position"], receipt["recorded_at"]) for receipt in receipts]
    types = ["report-filed.v1", "report-corrected.v1", "report-assessed.v1", "report-retracted.v1"]
    assert [event["type"] for event in events] == types
    assert [event.get("text") for event in events] == ["seen", "again", None, None]
    assert [event.get("reason") for event in events] == [None, "misread", "filmed", "never said"]
    assert [event.get("credibility") for event in events] == ["doubtful", None, "probable", None]
    earlier = running.get("/v1/reports/r/history", known_at=receipts[1]["position"])
    assert earlier["events"] == events[:2]


# ---------------------------------------------------------------------------------------------------------------
# The API's own description
# ---------------------------------------------------------------------------------------------------------------

COMMON = {
    "at", "known_at", "lens", "min_credibility", "sources", "exclude_sources", "published_by", "against_interest", "by",
    "after_position", "evidence", "format",
}  # fmt: skip
AS_KNOWN = {"known_at", "after_position"}
CALLS: dict[tuple[str, str], set[str]] = {
    ("get", "/v1/places/{id}/control"): COMMON | {"proofs"},
    ("get", "/v1/places/{id}/timeline"): COMMON,
    ("get", "/v1/control"): COMMON | {"bbox", "force", "status", "kind"},
    ("get", "/v1/forces/{id}/holdings"): COMMON,
    ("get", "/v1/tallies"): COMMON - {"by", "against_interest"} | {"group", "from", "to", "place", "force", "event"},
    ("get", "/v1/reports"): AS_KNOWN | {"place", "force", "source", "kind", "from", "to", "limit", "cursor"},
    ("get", "/v1/reports/{id}"): AS_KNOWN,
    ("get", "/v1/reports/{id}/history"): AS_KNOWN,
    ("get", "/v1/places"): AS_KNOWN | {"q"},
    ("get", "/v1/forces"): AS_KNOWN | {"q"},
    ("get", "/v1/sources"): AS_KNOWN | {"q"},
    ("get", "/v1/places/{id}"): AS_KNOWN,
    ("get", "/v1/forces/{id}"): AS_KNOWN,
    ("get", "/v1/sources/{id}"): AS_KNOWN,
    ("get", "/v1/log/checkpoint"): set(),
    ("get", "/v1/log/key"): set(),
    ("get", "/v1/log/proof/inclusion"): {"position", "size"},
    ("get", "/v1/log/proof/consistency"): {"from", "to"},
    ("get", "/v1/log/tile/{level}/{number}"): set(),
    ("get", "/health/live"): set(),
    ("get", "/health/ready"): set(),
    ("post", "/v1/places"): set(),
    ("post", "/v1/forces"): set(),
    ("post", "/v1/sources"): set(),
    ("post", "/v1/forces/{id}/alignments"): {"If-Match"},
    ("post", "/v1/reports"): {"Idempotency-Key"},
    ("post", "/v1/reports/{id}/corrections"): {"If-Match"},
    ("post", "/v1/reports/{id}/assessments"): {"If-Match"},
    ("post", "/v1/reports/{id}/retraction"): {"If-Match"},
}


@pytest.fixture(scope="module")
def document(world: Served) -> Body:
    return world.get("/openapi.json")


def test_the_document_has_every_route_of_every_module(document: Body) -> None:
    routes = 0
    for module in iter_modules(http.__path__):
        for router in vars(import_module(f"service.http.{module.name}")).values():
            if isinstance(router, APIRouter) and router.include_in_schema:
                for route in router.routes:
                    assert isinstance(route, APIRoute)
                    assert {method.lower() for method in route.methods or ()} <= set(
                        document["paths"][route.path_format]
                    )
                    routes += 1
    assert routes >= len(CALLS)


def test_everything_that_the_document_refers_to_is_in_it(document: Body) -> None:
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert {"Control", "MapFeatures", "ReportForm", "Problem"} < named
    assert named == set(document["components"]["schemas"])


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_the_document_has_every_call_with_its_parameters(document: Body, method: str, path: str) -> None:
    call = document["paths"][path][method]
    parameters = {each["name"] for each in call.get("parameters", []) if each["in"] != "path"}
    assert parameters >= CALLS[method, path]
    assert all(each["schema"] for each in call.get("parameters", []))
    assert all(each.get("description") for each in call.get("parameters", []) if each["in"] != "path")
    assert call["summary"]


def test_a_parameter_that_the_document_names_is_taken(world: Served, document: Body) -> None:
    values: dict[str, Any] = {
        "at": NOON, "known_at": "1", "lens": "strict", "min_credibility": "probable", "sources": "paper",
        "exclude_sources": "paper", "published_by": NOON, "against_interest": "true", "by": "side",
        "after_position": "1", "evidence": "1", "bbox": "0,0,1,1", "force": "red", "status": "held", "q": "x",
        "place": "hama", "source": "paper", "from": NOON, "to": NOON, "limit": "1", "cursor": "1-1",
        "axis": "knowledge", "speed": "1e12", "after": "1", "types": "report-filed", "places": "hama",
        "group": "side", "event": "x", "position": "1", "size": "1", "proofs": "true",
        "format": "geojson", "ids": "h1", "brief": "true",
    }  # fmt: skip
    ids = {"places": "hama", "forces": "red", "sources": "paper", "reports": "h1"}
    for path, calls in document["paths"].items():
        parameters = calls.get("get", {}).get("parameters", [])
        values["from"] = values["to"] = "1" if path.startswith("/v1/log/") else NOON
        values["lens"] = ["strict", "everything"] if path.endswith("/compare") else "strict"
        needed = {
            each["name"]: values[each["name"]] for each in parameters if each["required"] and each["in"] == "query"
        }
        for each in parameters:
            value = values.get(each["name"], "control" if "reports" in path else "town")
            if each["in"] == "query":
                address = path.replace("{id}", ids.get(path.split("/")[2], ""))
                answer = world.anyone.get(address, params={**needed, each["name"]: value})
                taken = answer.status_code == 200 or (answer.status_code == 404 and "yet" in answer.text)
                assert taken, (path, each["name"], answer.text)


def test_the_document_says_who_may_call_and_how_a_call_can_fail(document: Body) -> None:
    assert document["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            statuses = set(call["responses"])
            assert "200" in statuses, (method, path)
            if method == "post":
                assert call["security"] == [{"token": []}]
                assert statuses >= {"200", "201", "400", "401", "403", "409", "413", "415", "422", "503"}
            elif path.startswith("/v1"):
                assert statuses >= {"200", "400", "401", "422", "503"}
            if "{id}" in path:
                assert "404" in statuses
            if any(each["name"] == "If-Match" for each in call.get("parameters", [])):
                assert "412" in statuses


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "$ref":
                yield each
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_reference_in_the_document_leads_somewhere(document: Body) -> None:
    found = set(references(document))
    assert found
    for reference in found:
        value: Any = document
        for step in reference.removeprefix("#/").split("/"):
            value = value[step.replace("~1", "/").replace("~0", "~")]
        assert value


class Links(HTMLParser):
    """Every address that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attributes if name in ("href", "src", "action") and value]


@pytest.mark.parametrize("page", ["/", "/docs"])
def test_a_page_needs_nothing_from_any_other_host(world: Served, page: str) -> None:
    answer = world.anyone.get(page)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "http:" not in answer.text
    assert "https:" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    links = Links()
    links.feed(answer.text)
    assert links.found
    for link in links.found:
        assert re.match(r"(\./|/(?!/))", link), link
        if not link.startswith("/v1"):
            assert world.anyone.get(link).status_code == 200, link


@pytest.mark.parametrize("asset", ["/pages/docs.js", "/pages/home.css", "/swagger/swagger-ui.css"])
def test_an_asset_loads_nothing_from_any_other_host(world: Served, asset: str) -> None:
    text = world.anyone.get(asset).text
    assert text
    assert not re.search(r"@import|importScripts|url\(\s*['\"]?(https?:)?//", text)
    if asset.startswith("/pages"):
        assert "://" not in text


def test_where_the_page_was_not_built_there_is_one_that_says_how_and_what_to_try(
    world: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_, "BUILT", tmp_path)
    shown = world.anyone.get("/").text
    assert "npm run build" in shown
    links = Links()
    links.feed(shown)
    offered = [link for link in links.found if link.startswith("/v1")]
    assert offered
    for link in offered:
        assert world.anyone.get(link).status_code in (200, 404), link


def test_what_had_always_been_so_has_no_ends_of_since_and_is_as_its_schema_says(running: Served) -> None:
    running.register(("hama",), ("red",))
    running.must("/v1/reports", content(occurred="../2024-12-04", claims=takes("hama", "red", "holds")))
    answer = running.anyone.get("/v1/places/hama/control", params={"at": "2024-12-01T00:00:00Z", "lens": "everything"})
    found = schemas.Control.model_validate_json(answer.content)
    assert found.status == "held"
    assert answer.json()["since"] == {"earliest": None, "latest": None}
