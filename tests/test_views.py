"""Every view of the API comes as JSON, as GeoJSON and as a sheet, for the asking or by a plain link."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import orjson
import pytest
from pydantic import BaseModel
from serving import Served, served

from service.http import feature_schemas as schemas
from service.http.schemas import ReportInBrief

Body = dict[str, Any]
NOON = "2024-12-05T12:00:00Z"
TIMES = ("at", "known_at", "as_of_position")
ROAD = {"type": "LineString", "coordinates": [[36.75, 35.13], [36.72, 34.73]]}

VIEWS: dict[str, tuple[str, type[BaseModel], str | None]] = {
    "one place": (f"/v1/places/hama/control?at={NOON}", schemas.ControlFeature, None),
    "timeline": (f"/v1/places/m5/timeline?at={NOON}", schemas.TimelineFeatures, "segments"),
    "map": (f"/v1/control?at={NOON}&evidence=1", schemas.MapFeatures, "places"),
    "changes": (f"/v1/control/changes?from=2024-12-01T00:00:00Z&to={NOON}", schemas.ChangeFeatures, "changes"),
    "revisions": (f"/v1/knowledge/changes?from=0&at={NOON}", schemas.RevisionFeatures, "changes"),
    "lenses": (f"/v1/control/compare?lens=default&lens=strict&at={NOON}", schemas.ComparisonFeatures, "places"),
    "holdings": (f"/v1/forces/red/holdings?at={NOON}", schemas.HoldingFeatures, "places"),
    "tallies": ("/v1/tallies?group=place,side,month", schemas.TallyFeatures, "tallies"),
    "reports": ("/v1/reports?limit=2", schemas.ReportFeatures, "reports"),
}
"""Of each its address, the schema of its GeoJSON, and which list of its JSON has the features."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("views") / "chronology.db") as running:
        for place in (
            {"id": "hama", "name": "=Hama", "kind": "city", "location": {"lon": 36.75, "lat": 35.13}},
            {"id": "m5", "name": "M5", "kind": "road", "location": {"lon": 36.7, "lat": 35}, "shape": ROAD},
            {"id": "nowhere", "name": "Nowhere", "kind": "village"},
        ):
            running.must("/v1/places", place)
        running.register((), ("red", "blue"), ("paper",))
        for id, occurred, claims in (
            ("r1", "2024-12-02", [takes("hama", "red"), takes("m5", "red"), takes("nowhere", "red")]),
            ("r2", "2024-12-04", [takes("hama", "blue")]),
            ("r3", "2024-12-04", [hit("hama"), hit("m5")]),
        ):
            sources = [{"source": "paper", "citation": "p. 3; p. 4", "url": "https://e.org/3"}]
            body = {"id": id, "text": "@seen", "occurred": occurred, "claims": claims, "sources": sources}
            running.must("/v1/reports", {**body, "credibility": "possible"})
        running.must("/v1/reports/r3/retraction", {"reason": "never said"})
        running.must("/v1/reports", {"id": "r4", "text": "x", "occurred": "2024-12-04", "claims": [hit("m5")]})
        yield running


def takes(place: str, force: str) -> Body:
    return {"kind": "control", "place": place, "forces": [force], "effect": "takes"}


def hit(place: str) -> Body:
    killed = {"low": 2, "high": 4}
    return {"kind": "casualties", "places": [place], "of": "red", "killed": killed}


def as_(world: Served, view: str, form: str) -> Any:
    """A view by a plain link."""
    answer = world.anyone.get(f"{VIEWS[view][0]}&format={form}")
    assert answer.status_code == 200, answer.text
    return answer


def rows(text: str) -> list[dict[str, str]]:
    assert text.endswith("\r\n")
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("form", "accept"), [("geojson", "application/geo+json"), ("csv", "text/csv")])
def test_a_link_gives_what_a_client_gets_that_accepts_it(world: Served, view: str, form: str, accept: str) -> None:
    linked = as_(world, view, form)
    asked = world.anyone.get(VIEWS[view][0], headers={"Accept": accept})
    assert linked.headers["content-type"].startswith(accept)
    assert asked.headers["content-type"] == linked.headers["content-type"]
    if view not in ("tallies", "reports"):  # which are of now
        assert asked.content == linked.content


@pytest.mark.parametrize("narrowed", ["", "&status=held", "&status=unknown", "&bbox=36,34,37,36", "&by=side"])
def test_a_map_that_is_put_together_of_texts_is_what_it_is_without(world: Served, narrowed: str) -> None:
    for form in ("json", "geojson"):
        address = f"/v1/control?at={NOON}&format={form}{narrowed}"
        whole, cut = world.anyone.get(address), world.anyone.get(f"{address}&evidence=1000")
        assert whole.content == orjson.dumps(without_counts(cut.json()))
        again = world.anyone.get(address, headers={"If-None-Match": whole.headers["etag"]})
        assert again.status_code == 304
        other = world.anyone.get(address.replace("05T", "03T"), headers={"If-None-Match": whole.headers["etag"]})
        assert other.status_code == 200


def without_counts(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: without_counts(each) for name, each in body.items() if not name.endswith("_count")}
    return [without_counts(each) for each in body] if isinstance(body, list) else body


@pytest.mark.parametrize("view", VIEWS)
def test_format_goes_before_what_is_accepted(world: Served, view: str) -> None:
    for form, media_type in (("json", "application/json"), ("geojson", "application/geo+json"), ("csv", "text/csv")):
        answer = world.anyone.get(f"{VIEWS[view][0]}&format={form}", headers={"Accept": "text/csv, application/json"})
        assert answer.headers["content-type"].startswith(media_type)


@pytest.mark.parametrize("view", VIEWS)
def test_a_format_that_is_not_offered_is_refused(world: Served, view: str) -> None:
    answer = world.anyone.get(f"{VIEWS[view][0]}&format=shapefile")
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/format"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_geojson_is_what_its_schema_says_and_what_the_json_says(world: Served, view: str) -> None:
    _, model, list_ = VIEWS[view]
    geojson = as_(world, view, "geojson")
    model.model_validate_json(geojson.content, strict=True)
    told, plain = geojson.json(), as_(world, view, "json").json()
    if list_ is None:
        told, plain = {"features": [told]}, {"": [plain]}
    items = plain.pop(list_ or "")
    assert len(told["features"]) == len(items) > 0
    for feature, item in zip(told["features"], items, strict=True):
        assert feature["properties"].items() >= {n: v for n, v in item.items() if n not in TIMES or list_}.items()
    times = {"at"} if view in ("tallies", "reports") else set()
    assert all(told.get(name) == plain[name] for name in plain.keys() - times)


@pytest.mark.parametrize("view", VIEWS)
def test_the_document_knows_of_the_forms_of_a_view(world: Served, view: str) -> None:
    address, model, _ = VIEWS[view]
    path = address.partition("?")[0]
    for id in ("hama", "m5", "red"):
        path = path.replace(f"/{id}/", "/{id}/")
    document = world.get("/openapi.json")
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    assert set(content) >= {"application/json", "application/geo+json", "text/csv"}
    assert content["application/geo+json"]["schema"]["$ref"].endswith(f"/{model.__name__}")
    assert model.__name__ in document["components"]["schemas"]


def test_a_place_has_its_shape_or_else_its_location(world: Served) -> None:
    features = {each["id"]: each["geometry"] for each in as_(world, "map", "geojson").json()["features"]}
    assert features == {
        "hama": {"type": "Point", "coordinates": [36.75, 35.13]},
        "m5": ROAD,
        "nowhere": None,
    }
    assert {str(each["geometry"]) for each in as_(world, "timeline", "geojson").json()["features"]} == {str(ROAD)}


def test_a_report_stands_at_the_locations_of_what_it_names(world: Served) -> None:
    address = "/v1/reports?format=geojson&limit=1000"
    features = {each["id"]: each["geometry"] for each in world.anyone.get(address).json()["features"]}
    both = {"type": "MultiPoint", "coordinates": [[36.75, 35.13], [36.7, 35]]}
    assert features == {
        "r1": both,
        "r2": {"type": "MultiPoint", "coordinates": [[36.75, 35.13]]},
        "r3": both,
        "r4": {"type": "MultiPoint", "coordinates": [[36.7, 35]]},
    }


def test_a_page_of_geojson_leads_to_the_next(world: Served) -> None:
    first = as_(world, "reports", "geojson")
    assert "format=geojson&cursor=" in first.headers["link"]
    second = world.anyone.get(first.headers["link"].partition(">")[0][1:])
    assert [each["id"] for page in (first, second) for each in page.json()["features"]] == ["r4", "r3", "r2", "r1"]
    assert second.json()["next"] is None


def test_a_sheet_of_reports_has_all_that_fit(world: Served) -> None:
    found = {row["id"]: row for row in rows(world.anyone.get("/v1/reports?format=csv").text)}
    assert list(found) == ["r4", "r3", "r2", "r1"]
    assert found["r1"] == {
        **{"id": "r1", "version": "1", "text": "'@seen", "occurred": "2024-12-02", "credibility": "possible"},
        **{"earliest": "2024-12-02T00:00:00Z", "latest": "2024-12-03T00:00:00Z"},
        **{"sources": "paper", "urls": "https://e.org/3", "kinds": "control"},
        **{"places": "hama;m5;nowhere", "forces": "red"},
        **{"filed_position": "7", "filed_at": found["r1"]["filed_at"], "known_at": "11"},
        **{"retracted_position": "", "retracted_at": "", "retracted_reason": ""},
    }
    assert (found["r3"]["retracted_position"], found["r3"]["retracted_reason"]) == ("10", "never said")
    assert [row["id"] for row in rows(world.anyone.get("/v1/reports?format=csv&limit=1&place=hama").text)] == ["r3"]
    assert rows(world.anyone.get("/v1/reports?format=csv&source=paper&q=nothing").text) == []


def test_a_sheet_of_one_place_is_its_row_of_the_map(world: Served) -> None:
    map_ = {row["place"]: row for row in rows(as_(world, "map", "csv").text)}
    (row,) = rows(as_(world, "one place", "csv").text)
    assert row == map_["hama"]
    assert (row["name"], row["holders"], row["basis"], row["at"]) == ("'=Hama", "blue", "r2", NOON)


def test_a_sheet_of_a_timeline_has_a_row_for_each_segment(world: Served) -> None:
    segments = as_(world, "timeline", "json").json()["segments"]
    found = rows(as_(world, "timeline", "csv").text)
    assert [(row["from"], row["until"], row["status"]) for row in found] == [
        (each["from"] or "", each["until"] or "", each["status"]) for each in segments
    ]


def test_a_sheet_of_changes_has_both_answers_and_what_made_the_difference(world: Served) -> None:
    found = {row["place"]: row for row in rows(as_(world, "changes", "csv").text)}
    hama = found["hama"]
    assert (hama["before_status"], hama["after_status"], hama["after_holders"]) == ("unknown", "held", "blue")
    assert (hama["reports"], hama["from"], hama["to"]) == ("r1;r2", "2024-12-01T00:00:00Z", NOON)
    known = {row["place"]: row for row in rows(as_(world, "revisions", "csv").text)}
    assert (known["hama"]["events"], known["hama"]["before_status"]) == ("1;7;8", "")
    assert (known["hama"]["from"], known["hama"]["to"]) == ("0", "11")


def test_a_sheet_of_lenses_has_a_row_for_each_place_under_each(world: Served) -> None:
    found = rows(as_(world, "lenses", "csv").text)
    assert [(row["place"], row["lens"], row["status"]) for row in found] == [
        (place, lens, status) for place in ("hama", "m5", "nowhere") for lens, status in
        (("default", "held"), ("strict", "unknown"))
    ]  # fmt: skip


def test_a_sheet_of_tallies_has_a_row_for_each_group(world: Served) -> None:
    (row,) = rows(as_(world, "tallies", "csv").text)
    assert (row["place"], row["side"], row["from"]) == ("m5", "red", "2024-12-01T00:00:00Z")
    assert (row["killed_low"], row["killed_best"], row["killed_high"]) == ("2", "2", "4")
    assert (row["killed_reports"], row["injured_low"]) == ("r4", "")
    (whole,) = rows(world.anyone.get("/v1/tallies?format=csv").text)
    assert (whole["place"], whole["killed_low"]) == ("", "2")


def test_proofs_come_with_json_alone(world: Served) -> None:
    assert world.anyone.get("/v1/places/hama/control?proofs=true&format=csv").status_code == 422
    assert "proofs" in world.get("/v1/places/hama/control", proofs="true", format="json")


def test_reports_are_had_by_their_ids_in_that_order_as_known(world: Served) -> None:
    found = world.get("/v1/reports", ids="r3,r1,nobody,r1")
    assert ([each["id"] for each in found["reports"]], found["next"]) == (["r3", "r1"], None)
    assert found["reports"][0]["retracted"]["reason"] == "never said"
    then = world.get("/v1/reports", ids="r3,r4", known_at=9)["reports"]
    assert [(each["id"], each["retracted"], each["version"]) for each in then] == [("r3", None, 1)]
    assert [row["id"] for row in rows(world.anyone.get("/v1/reports?ids=r2,r1&format=csv").text)] == ["r2", "r1"]


@pytest.mark.parametrize("more", ["place=hama", "q=seen", "cursor=3-1", "from=2024-12-01T00:00:00Z"])
def test_ids_go_with_no_other_part_of_a_search(world: Served, more: str) -> None:
    answer = world.anyone.get(f"/v1/reports?ids=r1&{more}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"#/{more.partition('=')[0]}"


def test_at_most_so_many_are_asked_for_by_their_ids(world: Served) -> None:
    assert world.anyone.get(f"/v1/reports?ids={','.join(f'r{i}' for i in range(200))}").status_code == 200
    assert world.anyone.get(f"/v1/reports?ids={','.join(f'r{i}' for i in range(201))}").status_code == 422


def test_a_report_in_brief_says_when_where_and_by_whom(world: Served) -> None:
    (brief,) = world.get("/v1/reports", ids="r3", brief="true")["reports"]
    ReportInBrief.model_validate_json(json.dumps(brief), strict=True)
    whole = world.get("/v1/reports/r3")
    assert brief == {
        **{name: whole[name] for name in ("id", "version", "window", "credibility", "filed")},
        "retracted": {name: whole["retracted"][name] for name in ("position", "recorded_at")},
        "sources": ["paper"],
        "places": ["hama", "m5"],
    }
    lines = world.anyone.get("/v1/reports?brief=true&format=ndjson").text.splitlines()
    assert [json.loads(each)["id"] for each in lines] == ["r4", "r3", "r2", "r1"]
    assert world.anyone.get("/v1/reports?brief=true&format=csv").status_code == 422
