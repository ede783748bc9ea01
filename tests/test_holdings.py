"""What a force held: the places of the map that it, or a force aligned under it, is the holder of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import chronology
from serving import Served, served
from test_cli import on_terminal

from service.http import schemas

NOON = "2024-12-05T12:00:00Z"
LATER = "2024-12-20T12:00:00Z"


def control(place: str, *forces: str, effect: str = "takes") -> list[dict[str, Any]]:
    return [{"kind": "control", "place": place, "forces": list(forces), "effect": effect}]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("holdings") / "chronology.db") as running:
        running.register(("alpha", "bravo", "charlie", "delta", "echo"), ("red", "division", "blue"))
        running.must("/v1/forces/division/alignments", {"with": "red", "until": "2024-12-10"})
        for id, claims in (
            ("r1", control("alpha", "red")),
            ("r2", control("bravo", "division")),
            ("r3", control("charlie", "blue")),
            ("r4", control("delta", "red", "blue", effect="contests")),
            ("r5", control("echo", "division", "blue")),
        ):
            running.must("/v1/reports", {"id": id, "text": "x", "occurred": "2024-12-04", "claims": claims})
        running.must("/v1/forces", {"id": "late", "name": "Late"})
        yield running


def held(world: Served, force: str, **parameters: str) -> dict[str, list[str]]:
    found = world.get(f"/v1/forces/{force}/holdings", **{"at": NOON, **parameters})
    assert found["force"] == force
    return {each["place"]: each["holders"] for each in found["places"]}


def test_a_force_holds_what_it_or_one_aligned_under_it_at_the_time_holds(world: Served) -> None:
    assert held(world, "red") == {"alpha": ["red"], "bravo": ["division"], "echo": ["blue", "division"]}
    assert held(world, "division") == {"bravo": ["division"], "echo": ["blue", "division"]}
    assert held(world, "red", at=LATER) == {"alpha": ["red"]}
    assert held(world, "blue") == {"charlie": ["blue"], "echo": ["blue", "division"]}


def test_by_side_shows_the_sides_of_what_the_force_itself_holds(world: Served) -> None:
    assert held(world, "division", by="side") == {"bravo": ["red"], "echo": ["blue", "red"]}
    assert held(world, "red", by="side") == {"alpha": ["red"], "bravo": ["red"], "echo": ["blue", "red"]}


def test_what_is_fought_for_or_held_before_is_not_held(world: Served) -> None:
    assert "delta" not in held(world, "red")
    assert held(world, "red", at="2024-12-01T00:00:00Z") == {}


def test_the_answer_is_the_map_s_and_carries_its_times(world: Served) -> None:
    found = world.get("/v1/forces/red/holdings", at=NOON, evidence=1)
    every = {each["place"]: each for each in world.get("/v1/control", at=NOON, evidence=1)["places"]}
    assert found["places"] == [every[place] for place in ("alpha", "bravo", "echo")]
    assert (found["at"], found["known_at"], found["as_of_position"]) == (NOON, 15, 15)


def test_a_policy_and_a_knowledge_time_are_kept_to(world: Served) -> None:
    assert held(world, "red", min_credibility="probable") == {}
    assert held(world, "red", known_at="10") == {"alpha": ["red"]}


def test_a_force_that_is_not_there_or_not_yet_is_missing(world: Served) -> None:
    for path, says in (("none", "there is no force 'none'"), ("late", "known at position 14 yet")):
        answer = world.anyone.get(f"/v1/forces/{path}/holdings", params={"known_at": 14})
        assert answer.status_code == 404
        assert says in answer.json()["detail"]
    assert held(world, "late") == {}


def test_an_answer_is_what_its_schema_says(world: Served) -> None:
    answer = world.anyone.get("/v1/forces/red/holdings?evidence=1")
    schemas.Holdings.model_validate_json(answer.content, strict=True)


@pytest.fixture(scope="module")
def hama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("hama") / "chronology.db"
    assert chronology("load", "hama-2024", store=store).json["appended"] == 74
    return store


def test_holdings_are_asked_for_by_id_or_name_on_the_command_line(hama: Path) -> None:
    for name in ("opposition", "Rebels", "Syrian opposition"):
        found = chronology("holdings", name, "--at", "2024-12-06", store=hama).json
        assert found["force"] == "opposition"
        assert [each["place"] for each in found["places"]] == ["khitab", "mubarakat"]
        assert found["known_at"] == 74


def test_a_terminal_shows_a_table(hama: Path) -> None:
    shown = on_terminal("holdings", "opposition", "--at", "2024-12-06", store=hama)
    assert shown.out.startswith("Held by Syrian opposition at 00:00 on 6 December 2024 (UTC)")
    assert "Khitab" in shown.out


def test_a_name_that_is_none_or_of_several_is_said_in_one_line(hama: Path) -> None:
    assert chronology("holdings", "nobody", store=hama).complaint.startswith("there is no force 'nobody'")
    assert chronology("holdings", "Syrian", store=hama).complaint.startswith("'Syrian' could be any of: ")
