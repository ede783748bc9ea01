"""Tallies as their users ask for them: over HTTP and on the command line, of Hama and of the page's example."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import chronology
from serving import Served, served
from test_cli import on_terminal

from domain.policy import LENSES
from domain.tally.mention import Measure
from event_store.log import read_all
from projections.projections import Projections
from service.http import schemas
from service.tallies import rows, wanted

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tallies.md"
MEASURES = [measure.value for measure in Measure]

Body = dict[str, Any]


def report(id: str, occurred: str, *claims: Body, **more: Any) -> Body:
    return {"id": id, "text": "x", "occurred": occurred, "claims": list(claims), **more}


def killed(of: str, low: int, high: int | None = None, best: int | None = None, event: str | None = None) -> Body:
    figure = {name: value for name, value in (("low", low), ("best", best), ("high", high)) if value is not None}
    return {"kind": "casualties", "places": ["village"], "of": of, "killed": figure} | (
        {"event": event} if event else {}
    )


SHELLING = {"kind": "strike", "places": ["village"], "by": ["south"], "event": "shelling"}
EXAMPLE = [
    report("r1", "2024-05-01", killed("militia", 3, 6, event="raid")),
    report("r2", "2024-05-01", killed("militia", 4, best=5, event="raid")),
    report("r3", "2024-05-01", killed("north", 8, 8, event="raid")),
    report("r4", "2024-05-01/2024-05-02", killed("civilians", 1, 2, event="shelling")),
    report("r5", "2024-05-01/2024-05-02", killed("civilians", 4, 5, 4, event="shelling"), SHELLING),
    report("r6", "2024-05-03", {"kind": "clash", "places": ["village"], "forces": ["militia", "south"]}),
]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page's worked example, and a source that says something else."""
    with served(tmp_path_factory.mktemp("tallies") / "chronology.db") as running:
        running.must("/v1/places", {"id": "land", "name": "Land", "kind": "country"})
        running.must("/v1/places", {"id": "village", "name": "Village", "kind": "village", "parent": "land"})
        running.register(("town",), ("north", "south", "militia"), ("radio",))
        running.must("/v1/forces/militia/alignments", {"with": "north"})
        for each in EXAMPLE:
            running.must("/v1/reports", each)
        yield running


def shown(total: Body | None) -> str:
    """A total as the page writes it."""
    if total is None:
        return ""
    exact = total["low"] == total["high"]
    bounds = f"{total['low']}" if exact else f"{total['low']} to {total['high']}"
    if total["high"] is None:
        bounds = f"{total['low']} or more"
    best = "" if exact else f", best {total['best']}"
    return bounds + best + "".join(f", conflict: `{event}`" for event in total["conflicts"])


def page_rows() -> dict[str, list[str]]:
    example = PAGE.read_text().split("## A worked example")[1].split("## Asking")[0]
    table = re.findall(r"^\|(.*)\|$", example.split("| group |")[1], re.MULTILINE)
    found = [[cell.strip() for cell in line.split("|")] for line in table]
    return {cells[0]: cells[1:] for cells in found if not cells[0].startswith("---")}


def test_the_page_s_example_comes_out_as_the_page_says(example: Served) -> None:
    rows = page_rows()
    assert len(rows) == 7
    found = {"all": example.get("/v1/tallies")["tallies"][0]}
    found |= {f"side `{row['side']}`": row for row in example.get("/v1/tallies", group="side")["tallies"]}
    days = example.get("/v1/tallies", group="day")["tallies"]
    found |= {f"{int(row['from'][8:10])} May": row for row in days}
    given = {name: [shown(row[each]) for each in ("killed", "strikes", "clashes")] for name, row in found.items()}
    assert given == rows
    assert shown(example.get("/v1/tallies", force="militia")["tallies"][0]["killed"]) == "4 to 6, best 5"


# ---------------------------------------------------------------------------------------------------------------
# HTTP
# ---------------------------------------------------------------------------------------------------------------


def test_an_answer_carries_its_times_and_has_every_measure(example: Served) -> None:
    found = example.get("/v1/tallies", at="2024-05-02T00:00:00Z")
    assert {name: found[name] for name in ("at", "known_at", "as_of_position")} == {
        "at": "2024-05-02T00:00:00Z", "known_at": 14, "as_of_position": 14,
    }  # fmt: skip
    ((row),) = found["tallies"]
    assert list(row) == MEASURES
    assert row["injured"] is None
    assert row["killed"]["reports"] == ["r3", "r4", "r5"]
    assert row["killed"]["happenings"] == 2


def test_rows_have_the_fields_they_are_grouped_by_in_the_order_asked_for_and_are_sorted_by_them(
    example: Served,
) -> None:
    found = example.get("/v1/tallies", group="month,place,side")["tallies"]
    assert list(found[0]) == ["from", "until", "place", "side", *MEASURES]
    assert (found[0]["from"], found[0]["until"]) == ("2024-05-01T00:00:00Z", "2024-06-01T00:00:00Z")
    assert [(row["place"], row["side"]) for row in found] == [
        (place, side) for place in ("land", "village") for side in ("civilians", "north", "south")
    ]


def test_strikes_by_nobody_knows_whom_are_in_a_last_row_without_a_side(running: Served) -> None:
    running.register(("town",), ("red",))
    unknown: Body = {"kind": "strike", "places": ["town"], "weapon": "air"}
    running.must("/v1/reports", report("r1", "2024-05-01", unknown, {**unknown, "by": ["red"]}))
    assert [row["side"] for row in running.get("/v1/tallies", group="side")["tallies"]] == ["red", None]


@pytest.mark.parametrize(
    ("parameters", "total"),
    [
        ({"from": "2024-05-02T00:00:00Z"}, "0 to 5, best 4, conflict: `shelling`"),
        ({"to": "2024-05-01T23:59:59Z"}, "0 to 13, best 0, conflict: `shelling`"),
        ({"from": "2024-05-01T00:00:00Z", "to": "2024-05-02T00:00:00Z"}, "8 to 13, best 8, conflict: `shelling`"),
        ({"event": "raid"}, "8"),
        ({"place": "land"}, "9 to 13, best 12, conflict: `shelling`"),
        ({"known_at": "12"}, "9 to 10, best 9"),
        ({"known_at": "9"}, "3 to 6, best 3"),
        ({"force": "north"}, "8"),
    ],
)
def test_a_tally_is_narrowed(example: Served, parameters: dict[str, str], total: str) -> None:
    ((row),) = example.get("/v1/tallies", **parameters)["tallies"]
    assert shown(row["killed"]) == total


@pytest.mark.parametrize(
    "parameters", [{"place": "town"}, {"event": "other"}, {"to": "2020-01-01T00:00:00Z"}, {"known_at": "2"}]
)
def test_where_nothing_is_said_there_is_no_row(example: Served, parameters: dict[str, str]) -> None:
    assert example.get("/v1/tallies", **parameters)["tallies"] == []


def test_both_ends_of_what_is_asked_about_are_in_it(example: Served) -> None:
    ((row),) = example.get("/v1/tallies", to="2024-05-03T00:00:00Z")["tallies"]
    assert shown(row["clashes"]) == "0 to 1, best 0"  # it may have been at that instant
    ((row),) = example.get("/v1/tallies", to="2024-05-02T23:59:59Z")["tallies"]
    assert row["clashes"] is None


def test_an_assessment_gives_another_report_s_best_the_word(running: Served) -> None:
    running.register(("village",), ("red",))
    for id, best in (("r1", 3), ("r2", 4)):
        running.must("/v1/reports", report(id, "2024-05-01", killed("red", 1, 9, best, "raid")))
    bests = [running.get("/v1/tallies")["tallies"][0]["killed"]["best"]]
    running.must("/v1/reports/r1/assessments", {"credibility": "confirmed", "reason": "x"})
    bests.append(running.get("/v1/tallies")["tallies"][0]["killed"]["best"])
    assert bests == [4, 3]


def test_evidence_cuts_each_list_of_reports(example: Served) -> None:
    ((row),) = example.get("/v1/tallies", evidence=2)["tallies"]
    assert (row["killed"]["reports"], row["killed"]["reports_count"]) == (["r3", "r5"], 3)


@pytest.mark.parametrize(
    ("parameters", "status", "pointer"),
    [
        ({"group": "colour"}, 422, "#/group"),
        ({"group": ""}, 422, "#/group"),
        ({"group": "day,week"}, 422, "#/group"),
        ({"group": "side,side"}, 422, "#/group"),
        ({"place": "nowhere"}, 422, "#/place"),
        ({"place": "No Where"}, 422, "#/place"),
        ({"force": "nobody"}, 422, "#/force"),
        ({"event": "A B"}, 422, "#/event"),
        ({"from": "2024-05-02T00:00:00Z", "to": "2024-05-01T00:00:00Z"}, 422, "#/to"),
        ({"from": "yesterday"}, 400, "#/from"),
        ({"by": "side"}, 400, "#/by"),
        ({"against_interest": "true"}, 400, "#/against_interest"),
        ({"known_at": "99"}, 422, "#/known_at"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(
    example: Served, parameters: dict[str, str], status: int, pointer: str
) -> None:
    answer = example.anyone.get("/v1/tallies", params=parameters)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (status, [pointer])


@pytest.mark.parametrize("query", ["", "?group=side,place,day", "?group=year&evidence=1", "?group=side&lens=strict"])
def test_an_answer_is_what_its_schema_says(example: Served, query: str) -> None:
    answer = example.anyone.get(f"/v1/tallies{query}")
    schemas.Tallies.model_validate_json(answer.content, strict=True)


def test_periods_over_centuries_are_refused_and_those_that_are_bounded_are_not(running: Served) -> None:
    running.register((), ("red",))
    claim: Body = {"kind": "casualties", "of": "red", "killed": {"low": 1, "high": 2}}
    running.must("/v1/reports", report("r1", "1200/2000", claim))
    for group in ("day", "week", "side,day"):
        answer = running.anyone.get("/v1/tallies", params={"group": group})
        assert answer.status_code == 422
        assert "10,000 rows" in answer.json()["detail"]
    assert len(running.get("/v1/tallies", group="year")["tallies"]) == 801
    running.must("/v1/reports", report("r2", "../2000-01-01", claim))
    answer = running.anyone.get("/v1/tallies", params={"group": "year"})
    assert (answer.status_code, "`from` bounds them" in answer.json()["detail"]) == (422, True)
    found = running.get("/v1/tallies", group="day", **{"from": "1999-12-30T00:00:00Z"})["tallies"]
    assert [shown(row["killed"]) for row in found[:4]] == [
        "0 to 4, best 0",
        "0 to 4, best 0",
        "0 to 4, best 1",
        "0 to 2, best 0",
    ]
    assert len(found) == 2 + 366


def test_corrections_assessments_retractions_and_sources_are_taken_as_known(running: Served) -> None:
    running.register(("village",), ("red",), ("paper", "radio"))

    def low(**parameters: str | int) -> int | None:
        found = running.get("/v1/tallies", **parameters)["tallies"]
        return found[0]["killed"]["low"] if found else None

    by_radio = [{"source": "radio", "published": "2024-05-02"}]
    first = running.must("/v1/reports", report("r1", "2024-05-01"))["position"]
    assert low() is None
    body = report("r1", "2024-05-01", killed("red", 3), sources=by_radio)
    del body["id"]
    running.must("/v1/reports/r1/corrections", {**body, "reason": "more is known"})
    assert low() == 3
    assert low(exclude_sources="radio") is low(sources="paper") is low(published_by="2024-05-02T23:00:00Z") is None
    assert low(sources="radio") == low(published_by="2024-05-03T00:00:00Z") == 3
    running.must("/v1/reports/r1/assessments", {"credibility": "doubtful", "reason": "x"})
    assert (low(), low(lens="everything"), low(min_credibility="doubtful")) == (None, 3, 3)
    running.must("/v1/reports/r1/retraction", {"reason": "x"})
    assert low(lens="everything") is None
    assert [low(known_at=first + n, lens="everything") for n in range(4)] == [None, 3, 3, None]


def test_the_grade_that_a_report_had_before_it_mentioned_anything_is_kept(running: Served) -> None:
    running.register(("village",), ("red",))
    running.must("/v1/reports", report("r1", "2024-05-01"))
    running.must("/v1/reports/r1/assessments", {"credibility": "unverified", "reason": "x"})
    body = {"text": "x", "occurred": "2024-05-01", "claims": [killed("red", 3)], "reason": "y"}
    running.must("/v1/reports/r1/corrections", body)
    assert running.get("/v1/tallies")["tallies"] == []
    assert len(running.get("/v1/tallies", lens="everything")["tallies"]) == 1


def test_a_tally_is_worked_out_in_steps_no_larger_than_a_claim(example: Served) -> None:
    projections = Projections()
    projections.apply(list(read_all(example.service.log)))
    steps = list(rows(projections, LENSES["default"], 14, wanted({"group": "day"}, example.service.zone)))
    mentions = [each for each in projections.tallies.mentions(14, LENSES["default"]) if each]
    assert len([step for step in steps if step is not None]) == 3
    assert len(steps) > 2 * len(mentions)


# ---------------------------------------------------------------------------------------------------------------
# Hama, by hand, and the command line
# ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("hama") / "chronology.db"
    assert chronology("load", "hama-2024", store=store).json["appended"] == 74
    return store


def total(low: int, best: int, high: int | None, happenings: int, *sentences: int) -> Body:
    reports = [f"hama-2024-s{sentence:02}" for sentence in sentences]
    return {"low": low, "best": best, "high": high, "happenings": happenings, "conflicts": [], "reports": reports}


def told(store: Path, *arguments: str) -> list[Body]:
    found = chronology("tallies", *arguments, store=store, env={"CHRONOLOGY_TIMEZONE": "Asia/Damascus"}).json
    assert (found["known_at"], found["as_of_position"]) == (74, 74)
    rows: list[Body] = found["tallies"]
    return rows


def test_the_tallies_of_hama_are_those_counted_by_hand(hama: Path) -> None:
    assert told(hama) == [{
        "killed": total(9, 9, None, 2, 6, 7),  # seven of HTS; "several", so two or more
        "injured": total(2, 2, None, 1, 7),
        "captured": None,
        "strikes": total(47, 47, None, 2, 7, 8),  # a drone; "more than 45", so 46 or more
        "clashes": total(3, 3, 3, 3, 5, 8, 10),
    }]  # fmt: skip
    government, opposition = told(hama, "--group", "side")
    assert government == {
        "side": "government",
        "killed": total(2, 2, None, 1, 7),
        "injured": total(2, 2, None, 1, 7),
        "captured": None,
        "strikes": total(46, 46, None, 1, 8),  # Russian and government planes: one side
        "clashes": total(3, 3, 3, 3, 5, 8, 10),
    }
    assert opposition == {
        "side": "opposition",
        "killed": total(7, 7, 7, 1, 6),
        "injured": None,
        "captured": None,
        "strikes": total(1, 1, 1, 1, 7),
        "clashes": total(3, 3, 3, 3, 5, 8, 10),
    }


def test_the_days_of_hama_are_those_counted_by_hand(hama: Path) -> None:
    rows = told(hama, "--group", "day", "--from", "2024-12-01", "--to", "2024-12-05T12:00")
    strikes = {row["from"][:10]: row["strikes"] for row in rows if row["strikes"]}
    assert strikes == {  # by the day on which the day begins in UTC
        "2024-12-01": total(1, 1, None, 2, 7, 8),  # on the 2nd a drone, and perhaps, in the evening, the planes
        "2024-12-02": total(0, 0, None, 1, 8),
        "2024-12-03": total(0, 46, None, 1, 8),  # at the latest, and so the best, in the evening of the 4th
    }
    clashes = {row["from"][:10]: row["clashes"] for row in rows if row["clashes"]}
    assert clashes == {
        "2024-11-30": total(0, 0, 1, 1, 5),
        "2024-12-01": total(0, 0, 2, 2, 5, 8),
        "2024-12-02": total(0, 1, 2, 2, 5, 8),
        "2024-12-03": total(0, 1, 2, 2, 8, 10),
        "2024-12-04": total(0, 1, 1, 1, 10),  # the night of the 4th ends at 4 on the 5th
    }


def test_the_places_of_hama_are_those_counted_by_hand(hama: Path) -> None:
    rows = {row["place"]: row for row in told(hama, "--group", "place")}
    assert rows["khan-shaykhun"]["killed"] == total(7, 7, 7, 1, 6)
    assert rows["khan-shaykhun-warehouse"]["killed"] == total(0, 0, 7, 1, 6)  # in the depot, or the town around it
    assert rows["syria"]["killed"] == total(9, 9, None, 2, 6, 7)
    assert rows["khitab"]["clashes"] == total(0, 0, 1, 1, 10)  # one battle at three places
    assert rows["hama-governorate"]["clashes"] == total(3, 3, 3, 3, 5, 8, 10)
    assert "hama" not in rows


def test_places_and_forces_go_by_name_on_the_command_line(hama: Path) -> None:
    assert told(hama, "--place", "Khan Shaykhun", "--force", "HTS")[0]["killed"] == total(7, 7, 7, 1, 6)


def test_a_terminal_shows_a_table(hama: Path) -> None:
    shown = on_terminal("tallies", "--group", "side,week", "--timezone", "Asia/Damascus", store=hama)
    assert shown.status == 0
    assert re.search(r"│ Government side +│ 2024-W49 +│ 2 or more +│", shown.out)
    assert "─" in shown.out
    with pytest.raises(json.JSONDecodeError):
        json.loads(shown.out)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--group", "colour"], "--group: 'colour' is none of: side, place, day, week, month, year"),
        (["--place", "atlantis"], "there is no place 'atlantis' that is known at position 74"),
        (["--force", "nobody"], "there is no force 'nobody' that is known at position 74"),
        (["--from", "2025", "--to", "2024"], "--to: `to` lies before `from`"),
        (["--from", "soon"], "--from: 'soon' can't be read at position 0"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(hama: Path, arguments: list[str], says: str) -> None:
    found = chronology("tallies", *arguments, store=hama)
    assert found.status == 2
    assert found.complaint.startswith(says)
