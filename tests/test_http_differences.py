"""Differences and replay over HTTP say what asking both ends over HTTP says, for every place."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic
from typing import Any

import pytest
from chronologies import random_log
from listening import Listener
from running import chronology
from serving import Served, served
from test_http_agreement import tell

from service.http.schemas import Changes, Comparison, Frame, Revisions

SHOWN = ("status", "holders", "parties", "challenger", "before", "after")
TIMES = ("at", "known_at", "as_of_position")
Answers = dict[str, dict[str, Any]]
Asked = dict[str, Any]
ENDS = ("2024-11-01T00:00:00Z", "2024-12-20T00:00:00Z")


@pytest.fixture(scope="module", params=["hama-2024", 1, 2])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = tmp_path_factory.mktemp("differences") / "chronology.db"
    if request.param == "hama-2024":
        assert chronology("load", "hama-2024", store=store).status == 0
    with served(store) as running:
        if request.param != "hama-2024":
            tell(running, random_log(random.Random(f"differences {request.param}"), 90))
        yield running


def questions(running: Served, count: int) -> Iterator[tuple[Asked, list[str], list[int]]]:
    """Policies, each with two instants and two positions in order."""
    dice = random.Random(count)
    last = running.get("/v1/control")["known_at"]
    turns = [
        segment["from"]
        for place in running.get("/v1/control", at=ENDS[1])["places"]
        for segment in running.get(f"/v1/places/{place['place']}/timeline", lens="everything")["segments"]
        if segment["from"]
    ]
    for _ in range(count):
        policy: Asked = dice.choice([{}, {}, {"lens": "everything"}, {"lens": "strict"}, {"against_interest": "true"}])
        by = dice.choice([{}, {}, {"by": "side"}])
        instants = sorted(dice.choice([*turns, *ENDS]) for _ in range(2))
        yield {**policy, **by}, instants, sorted(dice.randint(0, last) for _ in range(2))


def shown(answer: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if answer is None else {name: answer[name] for name in SHOWN}


def the_map(running: Served, **parameters: Any) -> Answers:
    return {each["place"]: each for each in running.get("/v1/control", **parameters)["places"]}


def frames(running: Served, **parameters: Any) -> list[dict[str, Any]]:
    """A replay as lines, and the same as events."""
    answer = running.anyone.get("/v1/replay", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    found = [json.loads(line) for line in answer.text.splitlines()]
    with Listener(running.url, str(answer.url.raw_path, "ascii")) as listener:
        assert [each.json for each in listener.until_end()] == found
    for each in found:
        Frame.model_validate(each)
    return found


def folded(frames: Sequence[Mapping[str, Any]]) -> Answers:
    found: Answers = {}
    for frame in frames:
        found |= {answer["place"]: shown(answer) or {} for answer in frame["places"]}
    return found


def test_changes_are_what_both_instants_say(world: Served) -> None:
    named = set()
    for policy, (start, end), (_, known_at) in questions(world, 10):
        found = world.get("/v1/control/changes", **{"from": start}, to=end, known_at=known_at, **policy)
        Changes.model_validate(found)
        before = the_map(world, at=start, known_at=known_at, **policy)
        after = the_map(world, at=end, known_at=known_at, **policy)
        assert [each["place"] for each in found["changes"]] == [
            place for place in sorted(after) if shown(before[place]) != shown(after[place])
        ]
        for each in found["changes"]:
            assert (each["before"], each["after"]) == (before[each["place"]], after[each["place"]])
            named |= set(each["reports"])  # none where an alignment alone changed the answer
        assert (found["from"], found["to"], found["at"], found["known_at"]) == (start, end, end, known_at)
    assert named


def test_revisions_are_what_both_positions_say(world: Served) -> None:
    for policy, (_, at), (start, end) in questions(world, 10):
        found = world.get("/v1/knowledge/changes", **{"from": start}, to=end, at=at, **policy)
        Revisions.model_validate(found)
        before = the_map(world, at=at, known_at=start, **policy)
        after = the_map(world, at=at, known_at=end, **policy)
        assert [each["place"] for each in found["changes"]] == [
            place for place in sorted(after) if shown(before.get(place)) != shown(after[place])
        ]
        for each in found["changes"]:
            assert (each["before"], each["after"]) == (before.get(each["place"]), after[each["place"]])
            for event in each["events"]:
                steps = [
                    shown(the_map(world, at=at, known_at=position, **policy).get(each["place"]))
                    for position in (event["position"] - 1, event["position"])
                ]
                assert steps[0] != steps[1]
        assert (found["from"], found["to"], found["at"], found["known_at"]) == (start, end, at, end)


def test_lenses_differ_where_their_answers_do(world: Served) -> None:
    for policy, (_, at), (_, known_at) in questions(world, 6):
        parts = {name: value for name, value in policy.items() if name != "lens"} | {"at": at, "known_at": known_at}
        lenses = ["default", "everything", "strict"]
        found = world.get("/v1/control/compare", lens=lenses, **parts)  # type: ignore[arg-type]
        Comparison.model_validate(found)
        maps = {lens: the_map(world, lens=lens, **parts) for lens in lenses}
        assert [each["place"] for each in found["places"]] == [
            place
            for place in sorted(maps["default"])
            if len({json.dumps(shown(each[place])) for each in maps.values()}) > 1
        ]
        for each in found["places"]:
            assert each["answers"] == {lens: answers[each["place"]] for lens, answers in maps.items()}


def test_the_folded_replay_of_the_world_is_the_map_at_the_end(world: Served) -> None:
    for policy, (start, end), (_, known_at) in questions(world, 6):
        found = frames(world, **{"from": start}, to=end, known_at=known_at, **policy)
        last = the_map(world, at=end, known_at=known_at, **policy)
        assert folded(found) == {place: shown(answer) for place, answer in last.items()}
        assert found[0]["places"] == list(the_map(world, at=start, known_at=known_at, **policy).values())
        assert found[0]["at"] == start
        assert all(each["places"] and each["known_at"] == known_at for each in found[1:])


def test_the_folded_replay_of_knowledge_is_the_map_at_the_end(world: Served) -> None:
    for policy, (_, at), (start, end) in questions(world, 6):
        found = frames(world, axis="knowledge", **{"from": start}, to=end, at=at, **policy)
        last = the_map(world, at=at, known_at=end, **policy)
        assert folded(found) == {place: shown(answer) for place, answer in last.items()}
        assert [each["known_at"] for each in found] == list(range(start, end + 1))
        assert [each["event"]["position"] for each in found[1:]] == list(range(start + 1, end + 1))
        assert {each["at"] for each in found} == {at}


def test_the_replay_of_everything_begins_where_anything_happened(world: Served) -> None:
    found = frames(world, to=ENDS[1])
    assert found[0]["at"] > "2024"
    assert len(found) > 5
    assert folded(found) == {place: shown(answer) for place, answer in the_map(world, at=ENDS[1]).items()}


@pytest.mark.parametrize("axis", ["valid", "knowledge"])
def test_a_replay_goes_on_after_any_frame(world: Served, axis: str) -> None:
    dice = random.Random(axis)
    address = f"/v1/replay?axis={axis}&at={ENDS[1]}" + (f"&to={ENDS[1]}" if axis == "valid" else "")
    with Listener(world.url, address) as listener:
        whole = list(listener.until_end())
    ids = [each.id for each in whole]
    assert len(set(ids)) == len(ids)
    for i in dice.sample(range(len(whole)), min(5, len(whole))):
        with Listener(world.url, address, last=ids[i]) as listener:
            assert list(listener.until_end()) == whole[i + 1 :]


def test_known_at_an_instant_is_the_position_recorded_by_then(world: Served) -> None:
    events = world.get("/v1/events", limit=1000)["events"]
    there = events[len(events) // 2]
    known_at = max(int(each["id"]) for each in events if each["recordedtime"] == there["recordedtime"])
    by_time = world.get("/v1/knowledge/changes", **{"from": 0}, to=there["recordedtime"], at=ENDS[1])
    by_position = world.get("/v1/knowledge/changes", **{"from": 0}, to=known_at, at=ENDS[1])
    assert by_time["changes"] == by_position["changes"]
    assert by_time["to"] == known_at


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Five events; a change of hands at noon, and another 30 seconds later."""
    with served(tmp_path_factory.mktemp("small") / "chronology.db") as running:
        running.register(places=("p",), forces=("a", "b"))
        for id, force, second in (("r1", "a", "00"), ("r2", "b", "30")):
            claim = {"kind": "control", "place": "p", "forces": [force], "effect": "takes"}
            occurred = f"2024-12-04T12:00:{second}Z"
            body = {"id": id, "text": "seen", "occurred": occurred, "credibility": "confirmed", "claims": [claim]}
            running.must("/v1/reports", body)
        yield running


@pytest.mark.parametrize("accept", ["application/x-ndjson", "text/event-stream"])
def test_speed_paces_a_replay_of_the_world(small: Served, accept: str) -> None:
    since = monotonic()
    found = small.anyone.get("/v1/replay?from=2024-12-04T12:00:00Z&speed=30", headers={"Accept": accept})
    assert monotonic() - since >= 1
    assert found.status_code == 200
    since = monotonic()
    found = small.anyone.get("/v1/replay?from=2024-12-04T12:00:00Z&speed=1e12", headers={"Accept": accept})
    assert monotonic() - since < 20
    assert found.text.count('"known_at"') == 2


def test_a_paced_replay_tells_its_first_frame_at_once(small: Served) -> None:
    with Listener(small.url, "/v1/replay?from=2024-12-04T12:00:00Z&speed=0.01") as listener:
        heard = listener.heard()
        while not heard:
            heard = listener.heard()
    assert heard[0].json["at"] == "2024-12-04T12:00:00Z"


def test_a_change_names_the_reports_that_made_it(small: Served) -> None:
    found = small.get("/v1/control/changes", **{"from": "2024-12-04T12:00:10Z"}, to="2024-12-05T00:00:00Z")
    assert [(each["place"], each["reports"]) for each in found["changes"]] == [("p", ["r2"])]
    events = small.get("/v1/knowledge/changes", **{"from": 4}, at="2024-12-05T00:00:00Z")["changes"][0]["events"]
    assert events == [{"position": 5, "type": "report-filed.v1", "id": "r2"}]


@pytest.mark.parametrize(
    ("address", "status", "pointer", "says"),
    [
        ("/v1/control/changes", 422, "#/from", "'from' is needed"),
        ("/v1/control/changes?from=2024-12-05T00:00:00Z&to=2024-12-04T00:00:00Z", 422, "#/to", "before `from`"),
        ("/v1/control/changes?from=2024-13-05T00:00:00Z", 400, "#/from", "can't be read at position 6"),
        ("/v1/control/changes?from=2024-12-05T00:00:00Z&to=soon", 400, "#/to", "can't be read at position 0"),
        ("/v1/control/changes?from=3", 400, "#/from", "can't be read at position 1"),
        ("/v1/control/changes?from=2024-12-05T00:00:00Z&known_at=6", 422, "#/known_at", "ends at position 5"),
        ("/v1/control/changes?from=2024-12-05T00:00:00Z&axis=valid", 400, "#/axis", "no parameter 'axis'"),
        ("/v1/knowledge/changes", 422, "#/from", "'from' is needed"),
        ("/v1/knowledge/changes?from=6", 422, "#/from", "ends at position 5"),
        ("/v1/knowledge/changes?from=1&to=6", 422, "#/to", "ends at position 5"),
        ("/v1/knowledge/changes?from=4&to=3", 422, "#/to", "before `from`"),
        ("/v1/knowledge/changes?from=four", 400, "#/from", "can't be read at position 0"),
        ("/v1/knowledge/changes?from=1&from=2", 400, "#/from", "given twice"),
        ("/v1/control/compare", 422, "#/lens", "two lenses or more"),
        ("/v1/control/compare?lens=strict", 422, "#/lens", "two lenses or more"),
        ("/v1/control/compare?lens=strict&lens=strict", 422, "#/lens", "two lenses or more"),
        ("/v1/control/compare?lens=strict&lens=rosy", 422, "#/lens", "'rosy' is none of: default, strict, everything"),
        ("/v1/control/compare?lens=rosy&lens=strict", 422, "#/lens", "'rosy' is none of"),
        ("/v1/control/compare?lens=strict&lens=default&at=x", 400, "#/at", "can't be read at position 0"),
        ("/v1/replay?axis=sideways", 422, "#/axis", "none of: valid, knowledge"),
        ("/v1/replay?speed=fast", 400, "#/speed", "is no number"),
        ("/v1/replay?speed=0", 422, "#/speed", "more than 0"),
        ("/v1/replay?speed=-1", 422, "#/speed", "more than 0"),
        ("/v1/replay?speed=nan", 422, "#/speed", "more than 0"),
        ("/v1/replay?from=2024-12-05T00:00:00Z&to=2024-12-04T00:00:00Z", 422, "#/to", "before `from`"),
        ("/v1/replay?axis=knowledge&from=6", 422, "#/from", "ends at position 5"),
        ("/v1/replay?axis=knowledge&to=6", 422, "#/to", "ends at position 5"),
        ("/v1/replay?axis=knowledge&from=4&to=3", 422, "#/to", "before `from`"),
        ("/v1/replay?from=4", 400, "#/from", "can't be read at position 1"),
    ],
)
def test_what_cannot_be_compared_or_replayed_is_refused_with_its_place(
    small: Served, address: str, status: int, pointer: str, says: str
) -> None:
    answer = small.anyone.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert says in answer.json()["detail"]
