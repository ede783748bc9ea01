"""What is written through the API comes back as it was sent, is appended once, and is counted as control.md says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest
from serving import Served, served

from service.forms.texts import MAX_CLAIMS, MAX_COUNT, MAX_LINE, MAX_LIST, MAX_OCCURRED, MAX_TEXT

Body = dict[str, Any]

FIGURE = {"low": 3, "best": 4, "high": 9}
CLAIMS: dict[str, Body] = {
    "control": {"place": "khitab", "forces": ["a", "b"], "effect": "takes", "means": "assault"},
    "clash": {"places": ["khitab", "hama"], "forces": ["a", "b"], "intensity": "heavy, until dawn"},
    "strike": {
        "places": ["hama"],
        "by": ["a"],
        "against": ["b", "c"],
        "weapon": "drone",
        "count": {"low": 2, "high": 5},
    },
    "casualties": {
        "places": ["hama"],
        "of": "civilians",
        "killed": FIGURE,
        "injured": {"low": 0},
        "captured": {"low": 1, "high": 1},
        "cause": "an air strike",
    },
    "movement": {"forces": ["a"], "persons": ["a colonel"], "from": "hama", "to": "khitab", "what": "convoy"},
    "operation": {
        "forces": ["a"],
        "against": ["b"],
        "places": ["hama"],
        "stage": "launched",
        "name": "ردع العدوان",
        "objective": "the road",
    },
    "presence": {"place": "hama", "forces": ["a"]},
    "agreement": {"parties": ["a", "b"], "with": ["the elders"], "places": ["hama"], "terms": "they leave"},
    "joining": {"force": "a", "operation": "the offensive", "alongside": ["b"], "led_by": "a colonel"},
    "denial": {"of": "first", "by": "b"},
}
LEAST: dict[str, Body] = {
    "control": {"place": "khitab", "forces": ["a"], "effect": "contests"},
    "clash": {"places": ["khitab"], "forces": ["a"]},
    "strike": {"places": ["hama"]},
    "casualties": {"of": "a"},
    "movement": {"forces": ["a"]},
    "operation": {"forces": ["a"], "stage": "ended"},
    "presence": {"place": "hama", "forces": ["a"]},
    "agreement": {},
    "joining": {"force": "a"},
    "denial": {"of": "first"},
}
CARRIED = {"occurred": "2024-12-03 night", "event": "the-fall"}
CARRIED_WINDOW = {"earliest": "2024-12-03T21:00:00Z", "latest": "2024-12-04T04:00:00Z"}
DAY = {"earliest": "2024-12-04T00:00:00Z", "latest": "2024-12-05T00:00:00Z"}
CITED = {
    "source": "s",
    "citation": "p. 3",
    "url": "https://example.org/3?x=1#y",
    "published": "2024-12-05",
    "origin": "t",
}


def content(**parts: Any) -> Body:
    """A report's body; `parts` stand in for the plain ones, or beside them."""
    return {"text": "seen", "occurred": "2024-12-04", "claims": [], **parts}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("writing") / "chronology.db") as running:
        running.register(("khitab", "hama"), ("a", "b", "c"), ("s", "t"))
        running.must("/v1/reports", content(id="first"))
        yield running


def file(running: Served, **parts: Any) -> str:
    id: str = running.must("/v1/reports", content(**parts))["id"]
    return id


def post(running: Served, path: str, body: Mapping[str, Any], **headers: str) -> httpx.Response:
    return running.editor.post(path, json=body, headers=headers)


def appended(running: Served, make: Callable[[], Any]) -> int:
    """How many events that appends."""
    before = running.service.log.head()
    make()
    return running.service.log.head() - before


# ---------------------------------------------------------------------------------------------------------------
# Round trips
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CLAIMS)
def test_a_claim_comes_back_with_every_field_it_came_with(world: Served, kind: str) -> None:
    claim = {"kind": kind, **CLAIMS[kind], **CARRIED}
    found = world.get(f"/v1/reports/{file(world, claims=[claim])}")
    assert found["claims"] == [{**claim, "window": CARRIED_WINDOW}]


@pytest.mark.parametrize("kind", LEAST)
def test_a_claim_with_the_least_it_needs_comes_back_with_no_more_and_takes_its_reports_window(
    world: Served, kind: str
) -> None:
    claim = {"kind": kind, **LEAST[kind]}
    assert world.get(f"/v1/reports/{file(world, claims=[claim])}")["claims"] == [{**claim, "window": DAY}]


def test_what_is_null_is_as_what_is_left_out(world: Served) -> None:
    claim = {"kind": "strike", "places": ["hama"], "weapon": None, "count": None, "occurred": None, "event": None}
    source = {"source": "s", "citation": None, "url": None, "published": None, "origin": None}
    body = content(credibility=None, claims=[claim], sources=[source], id=None)
    found = world.get(f"/v1/reports/{world.must('/v1/reports', body)['id']}")
    assert found["claims"] == [{"kind": "strike", "places": ["hama"], "window": DAY}]
    assert found["sources"] == [{"source": "s"}]
    assert found["credibility"] == "possible"


@pytest.mark.parametrize(
    ("kind", "field", "one"), [("strike", "by", "a"), ("strike", "against", "b"), ("operation", "against", "b")]
)
def test_one_where_several_can_be_is_taken_as_a_list_of_one(world: Served, kind: str, field: str, one: str) -> None:
    claim = {"kind": kind, **LEAST[kind], field: one}
    assert world.get(f"/v1/reports/{file(world, claims=[claim])}")["claims"][0][field] == [one]


def test_others_in_an_agreement_can_be_one_text(world: Served) -> None:
    claim = {"kind": "agreement", "with": "the elders"}
    assert world.get(f"/v1/reports/{file(world, claims=[claim])}")["claims"][0]["with"] == ["the elders"]


def test_a_report_comes_back_with_every_field_it_came_with(world: Served) -> None:
    claims = [{"kind": kind, **fields} for kind, fields in CLAIMS.items()]
    body = content(text="  seen\n by many\t", sources=[CITED, {"source": "t"}], claims=claims, credibility="doubtful")
    receipt = world.must("/v1/reports", body)
    found = world.get(f"/v1/reports/{receipt['id']}")
    assert [{**each, "window": DAY} for each in claims] == found.pop("claims")
    when = {"position": receipt["position"], "recorded_at": receipt["recorded_at"]}
    assert found == {
        "id": receipt["id"],
        "version": 1,
        "text": body["text"],
        "occurred": "2024-12-04",
        "window": DAY,
        "sources": body["sources"],
        "credibility": "doubtful",
        "filed": when,
        "retracted": None,
        "redacted": [],
        "known_at": receipt["position"],
        "at": found["at"],
        "as_of_position": receipt["position"],
    }


TEXTS = ["خطاب", "Ḥamāh ʿ ’", "🙂", "a\u202eb", "\u0001\u001f", '"\\/', "<script>", "  x", "ﷺ", "e\u0301", "\U0010ffff"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_letter_by_letter(world: Served, text: str) -> None:
    assert world.get(f"/v1/reports/{file(world, text=text)}")["text"] == text


WINDOWS: dict[str, tuple[str | None, str]] = {
    "2024-12-04T18:00:00.5Z": ("2024-12-04T18:00:00.500000Z", "2024-12-04T18:00:00.500000Z"),
    "2024-12-04T18:00+03:00": ("2024-12-04T15:00:00Z", "2024-12-04T15:00:00Z"),
    "2024-12-04T18": ("2024-12-04T18:00:00Z", "2024-12-04T19:00:00Z"),
    "2024-12-04?": ("2024-12-04T00:00:00Z", "2024-12-05T00:00:00Z"),
    "2024-XX": ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
    "2024-12-0X": ("2024-12-01T00:00:00Z", "2024-12-10T00:00:00Z"),
    "2024-12-03/2024-12-04 morning": ("2024-12-03T00:00:00Z", "2024-12-04T12:00:00Z"),
    "[2024-12-03..2024-12-04]": ("2024-12-03T00:00:00Z", "2024-12-05T00:00:00Z"),
    "[..2024-12-04]": (None, "2024-12-05T00:00:00Z"),
    "../2024-12-04": (None, "2024-12-05T00:00:00Z"),
}


@pytest.mark.parametrize("written", WINDOWS)
def test_a_window_is_kept_as_written_and_shown_as_read(world: Served, written: str) -> None:
    found = world.get(f"/v1/reports/{file(world, occurred=written)}")
    assert found["occurred"] == written
    assert (found["window"]["earliest"], found["window"]["latest"]) == WINDOWS[written]


@pytest.mark.parametrize("written", ["2024-12-04/..", "[2024-12-04..]"])
def test_an_open_end_is_shown_as_the_recording_of_the_event_that_carries_it(world: Served, written: str) -> None:
    receipt = world.must("/v1/reports", content(occurred=written))
    path = f"/v1/reports/{receipt['id']}"
    assert world.get(path)["window"]["latest"] == receipt["recorded_at"]
    corrected = world.must(f"{path}/corrections", content(occurred=written, text="again", reason="x"))
    assert world.get(path)["window"]["latest"] == corrected["recorded_at"]
    assert world.get(path, known_at=receipt["position"])["window"]["latest"] == receipt["recorded_at"]


def test_a_place_comes_back_with_every_field_it_came_with(world: Served) -> None:
    body = {
        "id": "al-arbaeen",
        "name": "Al-Arba'een",
        "kind": "neighbourhood",
        "parent": "hama",
        "location": {"lon": 36.75, "lat": -35.125},
        "shape": {"type": "MultiLineString", "coordinates": [[[36.75, -35.125], [180.0, -0.00001]]]},
        "aliases": ["الأربعين", "Arbaeen"],
        "identifiers": {"geonames": "170017", "ocha": "C1000"},
    }
    receipt = world.must("/v1/places", body)
    found = world.get("/v1/places/al-arbaeen")
    times = {"at": found["at"], "known_at": receipt["position"], "as_of_position": receipt["position"]}
    assert found == {**body, "version": 1, **times}


def test_a_place_of_whole_degrees_is_taken(world: Served) -> None:
    world.must("/v1/places", {"id": "null-island", "name": "x", "kind": "area", "location": {"lon": 0, "lat": -90}})
    assert world.get("/v1/places/null-island")["location"] == {"lon": 0, "lat": -90}


def test_a_source_comes_back_with_every_field_it_came_with(world: Served) -> None:
    body = {"id": "paper", "name": "The Paper", "kind": "newspaper", "reliability": "B", "affiliation": "a"}
    world.must("/v1/sources", body)
    assert world.get("/v1/sources/paper").items() >= {**body, "version": 1}.items()


def test_a_force_comes_back_with_its_alignments_in_the_order_they_were_recorded(world: Served) -> None:
    body = {"id": "division", "name": "A division", "kind": "army", "aliases": ["the 25th"]}
    world.must("/v1/forces", body)
    later = world.must("/v1/forces/division/alignments", {"with": "a", "from": "2024-12"})
    first = world.must("/v1/forces/division/alignments", {"with": "b", "from": "2023", "until": "2024-11-XX"})
    found = world.get("/v1/forces/division")
    assert found["version"] == 3
    assert (found["name"], found["kind"], found["aliases"]) == ("A division", "army", ["the 25th"])
    assert found["alignments"] == [
        {
            "with": "a",
            "from": "2024-12",
            "until": None,
            "window": {"from": "2024-12-01T00:00:00Z", "until": None},
            "position": later["position"],
            "recorded_at": later["recorded_at"],
        },
        {
            "with": "b",
            "from": "2023",
            "until": "2024-11-XX",
            "window": {"from": "2023-01-01T00:00:00Z", "until": "2024-12-01T00:00:00Z"},
            "position": first["position"],
            "recorded_at": first["recorded_at"],
        },
    ]
    assert world.get("/v1/forces/division", known_at=later["position"])["version"] == 2


def test_dates_and_local_times_are_read_in_the_zone_of_the_chronology(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(tmp_path_factory.mktemp("zone") / "chronology.db", timezone="Asia/Damascus") as running:
        id = file(running, occurred="2024-12-04", text="x")
        window = {"earliest": "2024-12-03T21:00:00Z", "latest": "2024-12-04T21:00:00Z"}
        assert running.get(f"/v1/reports/{id}")["window"] == window
        assert running.get("/v1/reports", to="2024-12-03T20:59:59Z")["reports"] == []


# ---------------------------------------------------------------------------------------------------------------
# Receipts
# ---------------------------------------------------------------------------------------------------------------

THINGS: dict[str, Body] = {
    "/v1/places": {"name": "x", "kind": "hill"},
    "/v1/forces": {"name": "x"},
    "/v1/sources": {"name": "x"},
    "/v1/reports": content(),
}


@pytest.mark.parametrize("path", THINGS)
def test_a_receipt_names_what_was_appended_and_where_it_stands(world: Served, path: str) -> None:
    head = world.service.log.head()
    answer = post(world, path, {"id": "one-more", **THINGS[path]})
    body = answer.json()
    assert set(body) == {"id", "version", "position", "recorded_at"}
    assert (body["id"], body["version"], body["position"]) == ("one-more", 1, head + 1)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"{path}/one-more"
    read = world.anyone.get(answer.headers["location"])
    assert (read.status_code, read.headers["etag"]) == (200, '"1"')


def test_a_revision_is_the_next_version_of_its_report(world: Served) -> None:
    path = f"/v1/reports/{file(world)}"
    revisions = [
        ("corrections", content(text="again", reason="x")),
        ("assessments", {"credibility": "probable", "reason": "x"}),
        ("retraction", {"reason": "x"}),
    ]
    for version, (revision, body) in enumerate(revisions, start=2):
        head = world.service.log.head()
        answer = post(world, f"{path}/{revision}", body, **{"If-Match": f'"{version - 1}"'})
        assert answer.status_code == 201, answer.text
        assert answer.headers["location"] == path
        assert answer.headers["etag"] == f'"{version}"' == world.anyone.get(path).headers["etag"]
        assert (answer.json()["version"], answer.json()["position"]) == (version, head + 1)


def test_recorded_at_never_runs_back(world: Served) -> None:
    recorded = [world.must("/v1/reports", content())["recorded_at"] for _ in range(20)]
    assert recorded == sorted(recorded)
    assert all(each.endswith("Z") for each in recorded)


# ---------------------------------------------------------------------------------------------------------------
# The same request again
# ---------------------------------------------------------------------------------------------------------------


def test_a_report_without_id_or_key_is_a_new_one_each_time(world: Served) -> None:
    assert appended(world, lambda: [file(world), file(world)]) == 2


def test_a_key_makes_the_id_and_the_same_request_is_appended_once(world: Served) -> None:
    key = {"Idempotency-Key": "a key of mine: 1/2"}
    first = post(world, "/v1/reports", content(text="by key"), **key)
    assert appended(world, lambda: post(world, "/v1/reports", content(text="by key"), **key)) == 0
    again = post(world, "/v1/reports", content(text="by key"), **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = post(world, "/v1/reports", content(text="by key"), **{"Idempotency-Key": "a key of mine: 1/3"})
    assert other.json()["id"] != first.json()["id"]


def test_a_key_does_not_matter_to_a_report_with_an_id(world: Served) -> None:
    first = post(world, "/v1/reports", content(id="with-id"), **{"Idempotency-Key": "k1"})
    again = post(world, "/v1/reports", content(id="with-id"), **{"Idempotency-Key": "k2"})
    assert (first.json()["id"], first.status_code, again.status_code) == ("with-id", 201, 200)


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_is_1_to_200_characters(world: Served, key: str) -> None:
    assert appended(world, lambda: post(world, "/v1/reports", content(), **{"Idempotency-Key": key})) == 0
    assert post(world, "/v1/reports", content(), **{"Idempotency-Key": key}).status_code == 422
    assert post(world, "/v1/reports", content(), **{"Idempotency-Key": "x" * 200}).status_code in (200, 201)


def test_the_same_content_in_other_words_of_json_is_the_same_request(world: Served) -> None:
    body = content(id="same-words", text="خطاب", claims=[{"kind": "strike", "places": ["hama"], "by": ["a"]}])
    world.must("/v1/reports", body)
    other = {**dict(reversed(body.items())), "sources": [], "credibility": None}
    other["claims"] = [{"by": "a", "places": ["hama"], "kind": "strike", "weapon": None}]
    sent = json.dumps(other, indent=3, ensure_ascii=True)
    again = world.editor.post("/v1/reports", content=sent, headers={"Content-Type": "application/json"})
    assert again.status_code == 200, again.text


def test_a_report_is_the_same_request_even_once_it_is_revised_or_retracted(world: Served) -> None:
    body = content(id="later-retracted")
    first = world.must("/v1/reports", body)
    world.must("/v1/reports/later-retracted/corrections", content(text="again", reason="x"))
    world.must("/v1/reports/later-retracted/retraction", {"reason": "x"})
    again = post(world, "/v1/reports", body)
    assert (again.status_code, again.json()) == (200, first)


REVISIONS = [
    ("corrections", content(text="again", reason="x"), content(text="again", reason="y")),
    ("corrections", content(text="again", reason="x"), content(text="and again", reason="x")),
    ("assessments", {"credibility": "probable", "reason": "x"}, {"credibility": "probable", "reason": "y"}),
    ("assessments", {"credibility": "probable", "reason": "x"}, {"credibility": "confirmed", "reason": "x"}),
]


@pytest.mark.parametrize(("revision", "body", "other"), REVISIONS)
def test_a_revision_again_is_appended_once_and_another_is_appended_beside_it(
    world: Served, revision: str, body: Body, other: Body
) -> None:
    path = f"/v1/reports/{file(world)}/{revision}"
    first = world.must(path, body)
    assert appended(world, lambda: post(world, path, body)) == 0
    assert post(world, path, body).json() == first
    assert world.must(path, other)["version"] == 3


@pytest.mark.parametrize(("revision", "body", "other"), REVISIONS)
def test_to_return_to_what_was_said_before_is_something_new_however_soon(
    world: Served, revision: str, body: Body, other: Body
) -> None:
    path = f"/v1/reports/{file(world)}/{revision}"
    for version in range(2, 42, 2):
        assert [world.must(path, each)["version"] for each in (body, other)] == [version, version + 1]


def test_an_assessment_is_made_again_after_a_correction_that_set_another_grade(world: Served) -> None:
    path = f"/v1/reports/{file(world)}"
    assessment = {"credibility": "probable", "reason": "x"}
    world.must(f"{path}/assessments", assessment)
    world.must(f"{path}/corrections", content(credibility="doubtful", reason="x"))
    assert world.must(f"{path}/assessments", assessment)["version"] == 4
    assert world.get(path)["credibility"] == "probable"


def test_an_alignment_again_is_appended_once(world: Served) -> None:
    world.must("/v1/forces", {"id": "brigade", "name": "x"})
    path = "/v1/forces/brigade/alignments"
    first = world.must(path, {"with": "a", "until": "2024"})
    world.must(path, {"with": "b", "from": "2025-01-01"})
    again = post(world, path, {"with": "a", "until": "2024", "from": None})
    assert (again.status_code, again.json()) == (200, first)


def at_once(running: Served, path: str, bodies: list[Body]) -> list[httpx.Response]:
    """Post them all at the same moment."""
    start = Barrier(len(bodies))

    def send(body: Body) -> httpx.Response:
        with httpx.Client(base_url=running.url, headers=running.editor.headers, timeout=30) as client:
            start.wait()
            return client.post(path, json=body)

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, bodies))


@pytest.mark.parametrize("path", THINGS)
def test_of_identical_requests_at_once_one_is_appended(world: Served, path: str) -> None:
    head = world.service.log.head()
    answers = at_once(world, path, [{"id": "at-once", **THINGS[path]}] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert world.service.log.head() == head + 1


def test_of_different_reports_with_one_id_at_once_one_is_appended(world: Served) -> None:
    head = world.service.log.head()
    answers = at_once(world, "/v1/reports", [content(id="race", text=f"{n}") for n in range(8)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert world.service.log.head() == head + 1
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 201)
    assert world.get("/v1/reports/race")["text"] == f"{winner}"


def test_of_corrections_at_once_of_one_version_one_is_appended(world: Served) -> None:
    path = f"/v1/reports/{file(world)}/corrections"
    start = Barrier(6)

    def correct(n: int) -> int:
        with httpx.Client(base_url=world.url, headers=world.editor.headers, timeout=30) as client:
            start.wait()
            body = content(text=f"{n}", reason="x")
            return client.post(path, json=body, headers={"If-Match": '"1"'}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(correct, range(6))) == [201] + [412] * 5


def test_of_alignments_at_once_that_make_a_circle_one_is_refused(world: Served) -> None:
    for id in ("left", "right"):
        world.must("/v1/forces", {"id": id, "name": id})
    start = Barrier(2)

    def align(force: str, other: str) -> int:
        with httpx.Client(base_url=world.url, headers=world.editor.headers, timeout=30) as client:
            start.wait()
            return client.post(f"/v1/forces/{force}/alignments", json={"with": other}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(align, ("left", "right"), ("right", "left"))) == [201, 409]


# ---------------------------------------------------------------------------------------------------------------
# Credibility
# ---------------------------------------------------------------------------------------------------------------


def grades(running: Served, path: str) -> list[str]:
    """The grade of a report as known at each of its events, oldest first."""
    events = running.get(f"{path}/history")["events"]
    return [running.get(path, known_at=event["position"])["credibility"] for event in events]


def test_a_report_that_names_no_credibility_is_possible(world: Served) -> None:
    assert world.get(f"/v1/reports/{file(world)}")["credibility"] == "possible"


def test_the_newest_that_names_a_credibility_sets_it_and_a_correction_without_one_leaves_it(world: Served) -> None:
    path = f"/v1/reports/{file(world, credibility='doubtful')}"
    world.must(f"{path}/corrections", content(text="1", reason="x"))
    world.must(f"{path}/assessments", {"credibility": "confirmed", "reason": "x"})
    world.must(f"{path}/corrections", content(text="2", reason="x"))
    world.must(f"{path}/corrections", content(text="3", reason="x", credibility="improbable"))
    world.must(f"{path}/assessments", {"credibility": "unverified", "reason": "x"})
    expected = ["doubtful", "doubtful", "confirmed", "confirmed", "improbable", "unverified"]
    assert grades(world, path) == expected


@pytest.mark.parametrize("word", ["confirmed", "probable", "possible", "doubtful", "improbable", "unverified"])
def test_a_report_counts_from_its_grade_on_down(world: Served, word: str) -> None:
    place = f"graded-{word}"
    world.must("/v1/places", {"id": place, "name": "x", "kind": "town"})
    claim = {"kind": "control", "place": place, "forces": ["a"], "effect": "takes"}
    id = file(world, claims=[claim], credibility=word)
    order = ["confirmed", "probable", "possible", "doubtful", "improbable", "unverified"]
    for least in order:
        found = world.get(f"/v1/places/{place}/control", min_credibility=least)
        counts = order.index(word) <= order.index(least)
        assert (found["status"], found["basis"]) == (("held", [id]) if counts else ("unknown", []))
        assert found["unconfirmed"] == ([] if counts else [id])


def test_a_retracted_report_leaves_no_trace_from_then_on_and_every_trace_before(world: Served) -> None:
    world.must("/v1/places", {"id": "taken-back", "name": "x", "kind": "town"})
    claim = {"kind": "control", "place": "taken-back", "forces": ["a"], "effect": "takes"}
    filed = world.must("/v1/reports", content(claims=[claim]))
    before = world.get("/v1/places/taken-back/control")
    assert before["basis"] == [filed["id"]]
    world.must(f"/v1/reports/{filed['id']}/retraction", {"reason": "x"})
    after = world.get("/v1/places/taken-back/control", lens="everything")
    assert (after["status"], after["basis"], after["unconfirmed"]) == ("unknown", [], [])
    then = world.get("/v1/places/taken-back/control", known_at=filed["position"])
    assert then["basis"] == [filed["id"]]


# ---------------------------------------------------------------------------------------------------------------
# Limits
# ---------------------------------------------------------------------------------------------------------------

STRIKE = {"kind": "strike", "places": ["hama"]}
MOVEMENT = {"kind": "movement", "forces": ["a"]}
PLACE = {"id": "limits", "name": "x", "kind": "town"}

LIMITS: dict[str, tuple[str, Callable[[int], Body], int, str]] = {
    "a report's text": ("/v1/reports", lambda n: content(text="ش" * n), MAX_TEXT, "#/text"),
    "claims": ("/v1/reports", lambda n: content(claims=[STRIKE] * n), MAX_CLAIMS, "#/claims"),
    "sources": ("/v1/reports", lambda n: content(sources=[{"source": "s"}] * n), MAX_LIST, "#/sources"),
    "places of a claim": (
        "/v1/reports",
        lambda n: content(claims=[{**STRIKE, "places": ["hama"] * n}]),
        MAX_LIST,
        "#/claims/0/places",
    ),
    "forces of a claim": (
        "/v1/reports",
        lambda n: content(claims=[{**MOVEMENT, "forces": ["a"] * n}]),
        MAX_LIST,
        "#/claims/0/forces",
    ),
    "persons": (
        "/v1/reports",
        lambda n: content(claims=[{**MOVEMENT, "persons": ["x"] * n}]),
        MAX_LIST,
        "#/claims/0/persons",
    ),
    "a line": (
        "/v1/reports",
        lambda n: content(claims=[{**MOVEMENT, "persons": ["x" * n]}]),
        MAX_LINE,
        "#/claims/0/persons/0",
    ),
    "terms": (
        "/v1/reports",
        lambda n: content(claims=[{"kind": "agreement", "terms": "x" * n}]),
        MAX_TEXT,
        "#/claims/0/terms",
    ),
    "a count": (
        "/v1/reports",
        lambda n: content(claims=[{**STRIKE, "count": {"low": n}}]),
        MAX_COUNT,
        "#/claims/0/count/low",
    ),
    "a citation": (
        "/v1/reports",
        lambda n: content(sources=[{"source": "s", "citation": "x" * n}]),
        MAX_LINE,
        "#/sources/0/citation",
    ),
    "an id": ("/v1/reports", lambda n: content(id="x" * n), 64, "#/id"),
    "an event": (
        "/v1/reports",
        lambda n: content(claims=[{**STRIKE, "event": "x" * n}]),
        64,
        "#/claims/0/event",
    ),
    "a url": (
        "/v1/reports",
        lambda n: content(sources=[{"source": "s", "url": "https://e.org/" + "x" * (n - 14)}]),
        2000,
        "#/sources/0/url",
    ),
    "a reason": ("/v1/reports/first/corrections", lambda n: content(reason="x" * n), MAX_TEXT, "#/reason"),
    "a name": ("/v1/places", lambda n: {**PLACE, "id": "limits-1", "name": "x" * n}, MAX_LINE, "#/name"),
    "aliases": ("/v1/places", lambda n: {**PLACE, "id": "limits-2", "aliases": ["x"] * n}, MAX_LIST, "#/aliases"),
    "identifiers": (
        "/v1/places",
        lambda n: {**PLACE, "id": "limits-3", "identifiers": {f"k{i}": "x" for i in range(n)}},
        MAX_LIST,
        "#/identifiers",
    ),
    "a force's aliases": (
        "/v1/forces",
        lambda n: {"id": "limits-4", "name": "x", "aliases": ["x"] * n},
        MAX_LIST,
        "#/aliases",
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_as_long_as_it_may_be_is_taken_and_longer_is_answered_422(world: Served, limit: str) -> None:
    path, make, most, pointer = LIMITS[limit]
    head = world.service.log.head()
    answer = post(world, path, make(most + 1))
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert world.service.log.head() == head
    world.must(path, make(most))


def test_an_occurred_has_a_limit_that_no_window_reaches(world: Served) -> None:
    answer = post(world, "/v1/reports", content(occurred="2" * (MAX_OCCURRED + 1)))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/occurred"


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u00a0", "a\u0000b", "\u0000"])
def test_a_text_says_something_and_holds_no_nul(world: Served, text: str) -> None:
    for path, body, pointer in (
        ("/v1/reports", content(text=text), "#/text"),
        ("/v1/reports", content(sources=[{"source": "s", "citation": text}]), "#/sources/0/citation"),
        ("/v1/reports/first/retraction", {"reason": text}, "#/reason"),
        ("/v1/places", {"id": "says-nothing", "name": text, "kind": "town"}, "#/name"),
    ):
        answer = post(world, path, body)
        assert answer.status_code == 422
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("id", ["", "A", "a b", "a_b", "ä", "a/b", "a\n", "x" * 65, "a.b", "ا", "١"])
@pytest.mark.parametrize("path", THINGS)
def test_an_id_is_a_lower_case_slug(world: Served, path: str, id: str) -> None:
    answer = post(world, path, {**THINGS[path], "id": id})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/id"]


@pytest.mark.parametrize(
    "location",
    [
        {"lon": 180.01, "lat": 0},
        {"lon": 0, "lat": 90.01},
        {"lon": 0},
        {"lon": "36", "lat": 35},
        {"lon": True, "lat": 0},
        [36, 35],
        {"lon": 0, "lat": 0, "alt": 1},
    ],
)
def test_a_location_is_degrees_of_longitude_and_latitude(world: Served, location: Any) -> None:
    answer = post(world, "/v1/places", {**PLACE, "id": "nowhere", "location": location})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith("#/location")


SHAPES: dict[str, Any] = {
    "LineString": [[36, 35], [36.5, 35.5]],
    "MultiLineString": [[[36, 35], [36.5, 35.5]], [[37, 35], [37.5, 35.5]]],
    "Polygon": [[[36, 35], [37, 35], [37, 36], [36, 35]], [[36.4, 35.1], [36.5, 35.1], [36.5, 35.2], [36.4, 35.1]]],
    "MultiPolygon": [[[[36, 35], [37, 35], [37, 36], [36, 35]]], [[[38, 35], [39, 35], [39, 36], [38, 35]]]],
}


@pytest.mark.parametrize("type", SHAPES)
def test_a_shape_comes_back_as_it_was_drawn(world: Served, type: str) -> None:
    id, shape = f"shaped-{type.lower()}", {"type": type, "coordinates": SHAPES[type]}
    body = {"id": id, "name": "x", "kind": "area", "shape": shape}
    world.must("/v1/places", body)
    assert world.get(f"/v1/places/{id}")["shape"] == shape
    assert post(world, "/v1/places", body).status_code == 200
    other = {**body, "shape": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}}
    assert post(world, "/v1/places", other).status_code == 409


LONG = [[x / 100, 0] for x in range(5001)]


@pytest.mark.parametrize(
    ("shape", "pointer"),
    [
        ({"type": "Point", "coordinates": [36, 35]}, "/type"),
        ({"type": "LineString"}, "/coordinates"),
        ({"type": "LineString", "coordinates": []}, "/coordinates"),
        ({"type": "LineString", "coordinates": [[36, 35]]}, "/coordinates"),
        ({"type": "LineString", "coordinates": [[36, 35], [181, 35]]}, "/coordinates/1/0"),
        ({"type": "LineString", "coordinates": [[36, 35], [35, 91]]}, "/coordinates/1/1"),
        ({"type": "LineString", "coordinates": [[36, 35], [35, "36"]]}, "/coordinates/1/1"),
        ({"type": "LineString", "coordinates": [[36, 35], [True, 36]]}, "/coordinates/1/0"),
        ({"type": "LineString", "coordinates": [[36, 35], [36, 35, 300]]}, "/coordinates/1"),
        ({"type": "LineString", "coordinates": [[36, 35], [36, 10**18]]}, "/coordinates/1/1"),
        ({"type": "LineString", "coordinates": [36, 35]}, "/coordinates/0"),
        ({"type": "LineString", "coordinates": LONG}, "/coordinates"),
        ({"type": "MultiLineString", "coordinates": [LONG[:3000], LONG[:3000]]}, "/coordinates"),
        ({"type": "MultiLineString", "coordinates": [[[36, 35], [37, 35]], [[36, 35]]]}, "/coordinates/1"),
        ({"type": "Polygon", "coordinates": [[36, 35], [37, 35], [37, 36], [36, 35]]}, "/coordinates/0/0"),
        ({"type": "Polygon", "coordinates": [[[36, 35], [37, 35], [36, 35]]]}, "/coordinates/0"),
        ({"type": "Polygon", "coordinates": [[[36, 35], [37, 35], [37, 36], [36, 36]]]}, "/coordinates/0"),
        ({"type": "MultiPolygon", "coordinates": [[[[36, 35], [37, 35], [37, 36], [36, 36]]]]}, "/coordinates/0/0"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "/coordinates/0"),
        ({"type": "LineString", "coordinates": [[36, 35], [37, 35]], "bbox": [36, 35, 37, 35]}, "/bbox"),
    ],
)
def test_a_shape_that_is_none_is_refused_with_its_place(world: Served, shape: Any, pointer: str) -> None:
    answer = post(world, "/v1/places", {**PLACE, "id": "shapeless", "shape": shape})
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [f"#/shape{pointer}"]


# ---------------------------------------------------------------------------------------------------------------
# Registries by name
# ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("gazetteer") / "chronology.db") as running:
        for id, name, aliases in (
            ("hama", "Ḥamāh", ["حماة", "Hamath"]),
            ("al-arbaeen", "Al-Arba'een", ["الأربعين"]),
            ("qalaat-al-madiq", "Qalʿat al-Madīq", ["قلعة المضيق", "Apamea"]),
            ("straat", "Große Straße", []),
        ):
            running.must("/v1/places", {"id": id, "name": name, "kind": "town", "aliases": aliases})
        running.must("/v1/forces", {"id": "hts", "name": "Hay'at Tahrir al-Sham", "aliases": ["هيئة تحرير الشام"]})
        running.must("/v1/sources", {"id": "enab-baladi", "name": "Enab Baladi"})
        yield running


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("hama", ["hama"]),
        ("HAMA", ["hama"]),
        ("Ḥamāh", ["hama"]),
        ("hamat", ["hama"]),
        ("حماة", ["hama"]),
        ("حماه", ["hama"]),
        ("الاربعين", ["al-arbaeen"]),
        ("arbaeen", ["al-arbaeen"]),
        ("Al Arbaʿeen", ["al-arbaeen"]),
        ("qalat al madiq", ["qalaat-al-madiq"]),
        ("apamea", ["qalaat-al-madiq"]),
        ("قلعه", ["qalaat-al-madiq"]),
        ("grosse strasse", ["straat"]),
        ("al", ["al-arbaeen", "qalaat-al-madiq"]),
        ("  hama  ", ["hama"]),
        ("aleppo", []),
        ("%", []),
        ("", ["al-arbaeen", "hama", "qalaat-al-madiq", "straat"]),
    ],
)
def test_a_place_is_found_by_any_of_its_names_whatever_the_accents(gazetteer: Served, q: str, found: list[str]) -> None:
    assert [place["id"] for place in gazetteer.get("/v1/places", q=q)["places"]] == found


def test_forces_and_sources_are_found_by_name_too(gazetteer: Served) -> None:
    assert [force["id"] for force in gazetteer.get("/v1/forces", q="هيئه تحرير")["forces"]] == ["hts"]
    assert [force["id"] for force in gazetteer.get("/v1/forces", q="hayat tahrir")["forces"]] == ["hts"]
    assert [source["id"] for source in gazetteer.get("/v1/sources", q="énab")["sources"]] == ["enab-baladi"]


def test_a_registry_shows_what_was_known_by_then(gazetteer: Served) -> None:
    known = [place["id"] for place in gazetteer.get("/v1/places", known_at=2)["places"]]
    assert known == ["al-arbaeen", "hama"]
    assert gazetteer.get("/v1/forces", known_at=4)["forces"] == []
