"""Answers in words: every part of an answer is said, by name and by the zone's clock, as far as it was known."""

from __future__ import annotations

from typing import Any

import pytest
from feeding import project, record

from domain.history import ReportHistory
from domain.policy import LENSES
from domain.when.zone import Zone
from projections.projections import Projections
from service.cli.rows import COLUMNS, answer_cells
from service.cli.words import Words

NOON = 1733313600000000  # 2024-12-04T12:00:00Z
HOUR = 3_600_000_000

Log = list[dict[str, Any]]


def raw(*events: tuple[str, str, dict[str, Any]]) -> Log:
    return [
        {"position": i, "recorded_at": NOON + 48 * HOUR + i, "type": type, "id": id, "body": body}
        for i, (type, id, body) in enumerate(events, 1)
    ]


def claim(effect: str, *forces: str, place: str = "khitab") -> dict[str, Any]:
    return {"kind": "control", "place": place, "forces": list(forces), "effect": effect}


REGISTERED = (
    ("place", "khitab", {"id": "khitab", "name": "Khitab", "kind": "town"}),
    ("place", "mill", {"id": "mill", "name": "The Mill", "kind": "neighbourhood", "parent": "khitab"}),
    ("force", "reds", {"id": "reds", "name": "The Reds"}),
    ("force", "blues", {"id": "blues", "name": "The Blues"}),
    ("source", "herald", {"id": "herald", "name": "The Herald"}),
    ("source", "mayor", {"id": "mayor", "name": "The Mayor"}),
)
TAKEN = (
    "report",
    "r-taken",
    {
        "text": "The Reds walked in.",
        "occurred": "2024-12-04T12:00Z",
        "credibility": "probable",
        "sources": [
            {"source": "herald", "citation": "page 3", "url": "https://herald.example/3", "origin": "mayor"},
        ],
        "claims": [claim("takes", "reds")],
    },
)


def filed(id: str, occurred: str, claim: dict[str, Any], **more: Any) -> tuple[str, str, dict[str, Any]]:
    return "report", id, {"text": f"The text of {id}.", "occurred": occurred, "claims": [claim], **more}


def said(
    log: Log, place: str = "khitab", at: int = NOON + HOUR, zone: str = "UTC", lens: str = "default", known_at: int = 0
) -> str:
    """What is said of a place, as known at a position (by default, at the log's end)."""
    projections, known_at = project(log), known_at or len(log)
    answer = projections.control.inquire(known_at, LENSES[lens]).control(place, at, by_side=False)
    return "\n".join(Words(projections, Zone(zone), known_at, histories(log).get).answer(answer, at))


def histories(log: Log) -> dict[str, ReportHistory]:
    found: dict[str, ReportHistory] = {}
    for recorded in record(log):
        if recorded.stream.startswith("report:"):
            id = recorded.stream.removeprefix("report:")
            found.setdefault(id, ReportHistory(id)).add(recorded)
    return found


def test_a_held_place_says_who_held_it_since_when_and_on_what_word() -> None:
    words = said(raw(*REGISTERED, TAKEN))
    assert "Khitab was held by The Reds" in words
    assert words.startswith("At 13:00 on 4 December 2024 (UTC)")
    assert "since 12:00 on 4 December 2024" in words
    assert "probable" in words
    for part in ("r-taken", "2024-12-04T12:00Z", "The Reds walked in.", "The Herald", "The Mayor", "page 3"):
        assert part in words
    assert "https://herald.example/3" in words


def test_times_are_told_by_the_clock_of_the_zone() -> None:
    words = said(raw(*REGISTERED, TAKEN), zone="Asia/Damascus")
    assert words.startswith("At 16:00 on 4 December 2024 (Asia/Damascus)")
    assert "since 15:00 on 4 December 2024" in words


def test_a_place_that_nobody_has_told_of_is_unknown_in_so_many_words() -> None:
    words = said(raw(*REGISTERED))
    assert "Khitab" in words
    assert "not known" in words
    assert "was held" not in words


def test_a_place_inside_another_says_whose_answer_it_is() -> None:
    words = said(raw(*REGISTERED, TAKEN), place="mill")
    assert "The Mill" in words
    assert "Khitab" in words
    assert "inside" in words


def test_a_change_that_may_have_come_says_both() -> None:
    report = filed("r", "[2024-12-04T12:00Z..2024-12-04T15:00Z]", claim("takes", "reds"))
    words = said(raw(*REGISTERED, report))
    assert "may have been changing" in words
    assert "held by The Reds" in words
    assert "between 12:00 on 4 December 2024 and 15:00 on 4 December 2024" in words


def test_what_had_always_been_so_is_said_without_a_time() -> None:
    report = filed("r", "../2024-12-04", claim("holds", "reds"), credibility="probable")
    words = said(raw(*REGISTERED, report), at=NOON - 48 * HOUR)
    assert "Khitab was held by The Reds" in words
    assert "That had been so as far back as anything is told." in words


def test_a_fight_says_who_fought_and_a_place_left_says_that_nobody_held_it() -> None:
    fought = filed("r", "2024-12-04T12:00Z", claim("contests", "reds", "blues"))
    words = said(raw(*REGISTERED, fought))
    assert "The Blues and The Reds" in words
    left = filed("r", "2024-12-04T12:00Z", claim("loses", "reds"))
    assert "held by nobody" in said(raw(*REGISTERED, left))


def test_what_speaks_against_it_and_what_does_not_count_are_told_apart() -> None:
    against = filed("r-against", "2024-12-04T12:30Z", claim("holds", "blues"), credibility="doubtful")
    log = raw(*REGISTERED, TAKEN, against)
    words = said(log)
    evidence, uncounted = words.index("r-taken"), words.index("r-against")
    assert words.index("The evidence:") < evidence < words.index("not counted:") < uncounted
    assert "against" in said(log, lens="everything")


def test_a_report_is_quoted_as_it_was_known() -> None:
    correction = {**TAKEN[2], "text": "They drove in.", "reason": "seen again"}
    log = raw(*REGISTERED, TAKEN, ("correction", "r-taken", correction))
    assert "They drove in." in said(log)
    assert "The Reds walked in." in said(log, known_at=len(log) - 1)


def test_a_report_whose_history_is_not_at_hand_is_told_by_its_id() -> None:
    projections = project(raw(*REGISTERED, TAKEN))
    answer = projections.control.inquire(7, LENSES["default"]).control("khitab", NOON + HOUR, by_side=False)
    *_, last = Words(projections, Zone("UTC"), 7).answer(answer, NOON + HOUR)
    assert last == "  r-taken"


@pytest.mark.parametrize(("names", "words"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_names_are_listed_as_they_are_read_aloud(names: list[str], words: str) -> None:
    assert Words.listed(names) == words


def test_a_time_shows_seconds_only_where_there_are_some() -> None:
    words = Words(Projections(), Zone("UTC"), 0)
    assert words.when(NOON) == "12:00 on 4 December 2024"
    assert words.when(NOON + 5_000_000) == "12:00:05 on 4 December 2024"


@pytest.mark.parametrize("zone", ["UTC", "Asia/Damascus", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("instant", [-62135596800000000, 253402300799999999])
def test_a_time_at_the_end_of_the_calendar_can_be_told(zone: str, instant: int) -> None:
    words = Words(Projections(), Zone(zone), 0)
    assert words.when(instant)
    assert words.stamp(instant)


@pytest.mark.parametrize("at", [NOON - HOUR, NOON + HOUR, NOON + 9 * HOUR])
def test_every_answer_has_a_cell_for_each_column(at: int) -> None:
    later = filed("r", "[2024-12-04T20:00Z..2024-12-04T23:00Z]", claim("contests", "reds", "blues"))
    projections = project(raw(*REGISTERED, TAKEN, later))
    answer = projections.control.inquire(projections.position, LENSES["default"]).control("khitab", at, by_side=False)
    cells = answer_cells(answer, Words(projections, Zone("UTC"), projections.position))
    assert len(cells) == len(COLUMNS)
    status, held, against, reports = cells
    expected = {
        NOON - HOUR: ("unknown", "–", "", ""),
        NOON + HOUR: ("held", "The Reds", "", "r-taken"),
        NOON + 9 * HOUR: ("changing: held → contested", "The Reds → The Reds", "The Blues and The Reds", "r-taken"),
    }[at]
    assert (status, held, against.strip(" →"), reports) == expected
