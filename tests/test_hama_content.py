"""The built-in chronology hama-2024: every sentence of its text is covered, and nothing is said beyond it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

Body = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "service" / "chronologies" / "hama-2024"
PAGE = ROOT / "docs" / "hama-2024.md"
DATA = ROOT.parent / "shared" / "data"
SENTENCES = range(1, 14)
ARTICLE = "wikipedia-2024-hama-offensive"

PLACE_KINDS = {
    "country", "governorate", "district", "city", "town", "village", "neighbourhood", "facility", "base", "hill",
    "road", "crossing", "area",
}  # fmt: skip
PLACE_FIELDS = {"id", "name", "kind", "parent", "location", "aliases", "identifiers"}
REPORT_FIELDS = {"id", "text", "occurred", "credibility", "sources", "claims"}
SOURCE_FIELDS = {"source", "citation", "url", "published", "origin"}
CLAIM_FIELDS = {
    "control": {"place", "forces", "effect", "means"},
    "clash": {"places", "forces", "intensity"},
    "strike": {"places", "by", "against", "weapon", "count"},
    "casualties": {"places", "of", "killed", "injured", "captured", "cause"},
    "movement": {"forces", "persons", "from", "to", "what"},
    "operation": {"forces", "against", "places", "stage", "name", "objective"},
    "presence": {"place", "forces"},
    "agreement": {"parties", "with", "places", "terms"},
    "joining": {"force", "operation", "alongside", "led_by"},
    "denial": {"of", "by"},
}

# Every control claim there is: sentence, place, effect, forces, and the window it has.
CONTROL = {
    (2, "al-arbaeen-hama", "takes", "opposition", "[2024-11-27..2024-12-01 early]"),
    (6, "khan-shaykhun-warehouse", "loses", "government", "[2024-11-27..2024-12-01]"),
    (9, "tracked-vehicles-academy", "contests", "opposition syrian-arab-army", "2024-12-04"),
    (9, "tracked-vehicles-academy", "loses", "syrian-arab-army", "[2024-11-27..2024-12-04]"),
    (10, "khitab", "takes", "opposition", "2024-12-04 night"),
    (10, "mubarakat", "takes", "opposition", "2024-12-04 night"),
    (10, "jabal-zayn-al-abidin", "contests", "government opposition", "2024-12-04 night"),
    (11, "m5-hama-homs", "holds", "government", "[2024-12-04..2024-12-08]"),
    (12, "hama", "contests", "government opposition sultan-suleiman-shah-division", "[2024-12-04..2024-12-08]"),
    (13, "salamiyah", "takes", "opposition", "[2024-12-04 evening..2024-12-08 evening]"),
}

# When each sentence's fact happened; a date that hangs on a missing sentence is a window over what it can be.
OCCURRED = {
    1: "2024-11-27",
    2: "2024-12-01 early",
    3: "2024-12-01",
    4: "[2024-11-28..2024-12-02]",
    5: "[2024-11-27 night..2024-12-03 overnight]",
    6: "2024-12-01",
    7: "2024-12-02",
    8: "[2024-12-02 evening..2024-12-04 evening]",
    9: "2024-12-04",
    10: "2024-12-04 night",
    11: "[2024-12-04..2024-12-08]",
    12: "[2024-12-04..2024-12-08]",
    13: "[2024-12-04 evening..2024-12-08 evening]",
}


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


PLACES: list[Body] = read("places.json")
FORCES: list[Body] = read("forces.json")
ALIGNMENTS: list[Body] = read("alignments.json")
SOURCES: list[Body] = read("sources.json")
REPORTS: list[Body] = read("reports.json")


def ids(bodies: list[Body]) -> list[str]:
    return [body["id"] for body in bodies]


def sentence(report: Body) -> int:
    """The number of the sentence that a report is made from, by its id."""
    match = re.fullmatch(r"hama-2024-s(\d\d)", report["id"])
    assert match, report["id"]
    return int(match[1])


def claims(number: int, kind: str) -> list[Body]:
    """The claims of one kind that the reports of a sentence carry."""
    return [
        claim for report in REPORTS if sentence(report) == number for claim in report["claims"] if claim["kind"] == kind
    ]


def only(number: int, kind: str) -> Body:
    [claim] = claims(number, kind)
    return claim


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def named(field_names: set[str]) -> Iterator[tuple[str, str]]:
    """The report and the id, for everything that a claim gives in these fields."""
    for report in REPORTS:
        for claim in report["claims"]:
            for field in field_names & claim.keys():
                yield from ((report["id"], id) for id in as_list(claim[field]))


def rows() -> dict[int, tuple[str, str]]:
    """The page's table of sentences: what each became, and why."""
    text = PAGE.read_text(encoding="utf-8")
    table = text.split("## Sentence, what it became, why")[1].split("\n## ")[0]
    found = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    assert len({number for number, _, _ in found}) == len(found)
    return {int(number): (became, why) for number, became, why in found}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"['\u2019\u02bb`]", "", text.lower()))


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def seed() -> list[str]:
    path = DATA / "hama-2024-seed.txt"
    if not path.exists():
        pytest.skip("the text that the chronology is made from is not on this machine")
    return [re.sub(r"^(\[\d+\])+ ", "", line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


# Every sentence is covered.


def test_every_sentence_has_a_report_with_a_claim_and_no_report_has_none() -> None:
    assert sorted({sentence(report) for report in REPORTS}) == list(SENTENCES)
    assert all(report["claims"] for report in REPORTS)


def test_the_text_has_as_many_sentences_as_the_chronology() -> None:
    assert len(seed()) == len(SENTENCES)


def test_every_report_cites_the_article_and_the_number_of_its_sentence_and_no_reference_of_it() -> None:
    for report in REPORTS:
        [source] = report["sources"]
        assert source["source"] == ARTICLE
        assert source["citation"] == f"sentence {sentence(report)}"
        assert "published" not in source


@pytest.mark.parametrize("number", SENTENCES)
def test_the_page_says_what_each_sentence_became_and_why(number: int) -> None:
    became, why = rows()[number]
    assert len(why) > 40
    for report in REPORTS:
        if sentence(report) != number:
            continue
        assert f"`{report['occurred']}`" in became
        for claim in report["claims"]:
            assert f"`{claim['kind']}`" in became
            assert "occurred" not in claim or f"`{claim['occurred']}`" in became
            assert claim["kind"] != "control" or f"`{claim['place']}`" in became or "loses it" in became


# What the sentences state is there.


def test_the_offensive_is_launched_by_the_opposition_with_hts() -> None:
    operation = only(1, "operation")
    assert (operation["stage"], operation["against"]) == ("launched", ["government"])
    assert set(operation["forces"]) == {"hts", "opposition"}


def test_the_photograph_is_unverified_and_no_other_report_is_graded() -> None:
    assert [(sentence(report), report["credibility"]) for report in REPORTS if "credibility" in report] == [
        (2, "unverified")
    ]


def test_the_chief_of_staff_arrives_in_hama() -> None:
    movement = only(3, "movement")
    assert (movement["what"], movement["to"]) == ("arrival", "hama")
    assert movement["persons"] == ["Abdul Karim Mahmoud Ibrahim"]


def test_the_counter_offensive_is_launched_and_the_rebels_are_halted() -> None:
    assert only(4, "operation")["stage"] == "launched"
    assert {(claim["forces"][0], claim["what"]) for claim in claims(4, "movement")} == {
        ("syrian-arab-army", "advance"),
        ("opposition", "halt"),
    }


def test_sana_is_the_origin_of_sentence_5_alone_and_speaks_for_the_government() -> None:
    origins = {sentence(r): s["origin"] for r in REPORTS for s in r["sources"] if "origin" in s}
    assert origins == {5: "sana"}
    assert {source["id"]: source.get("affiliation") for source in SOURCES} == {ARTICLE: None, "sana": "government"}


def test_seven_hts_fighters_are_killed() -> None:
    casualties = only(6, "casualties")
    assert casualties["of"] == "hts"
    assert casualties["killed"] == {"low": 7, "best": 7, "high": 7}
    assert casualties["cause"]


def test_the_drone_strike_kills_and_injures_more_than_one_with_no_upper_bound() -> None:
    assert (only(7, "strike")["weapon"], only(7, "strike")["by"]) == ("drone", ["opposition"])
    casualties = only(7, "casualties")
    assert (casualties["of"], casualties["killed"], casualties["injured"]) == ("government", {"low": 2}, {"low": 2})


def test_more_than_45_air_strikes_are_at_least_46() -> None:
    strike = only(8, "strike")
    assert (strike["count"], strike["weapon"]) == ({"low": 46}, "air")
    assert set(strike["by"]) == {"russian-air-force", "syrian-arab-air-force"}


def test_the_heaviest_clashes_are_a_clash_of_both_sides() -> None:
    clash = only(8, "clash")
    assert set(clash["forces"]) == {"government", "opposition"}
    assert "heaviest" in clash["intensity"]


def test_the_attack_on_the_academy_is_an_operation_with_an_objective() -> None:
    operation = only(9, "operation")
    assert (operation["forces"], operation["places"]) == (["syrian-arab-army"], ["tracked-vehicles-academy"])
    assert operation["stage"] == "launched"
    assert operation["objective"]


def test_the_convoys_come_to_the_city_in_the_day_before() -> None:
    movement = only(11, "movement")
    assert (movement["what"], movement["to"], movement["forces"]) == ("convoy", "hama", ["government"])
    assert movement["occurred"] == "[2024-12-03..2024-12-08]"


def test_the_division_joins_under_its_commander() -> None:
    joining = only(12, "joining")
    assert (joining["force"], joining["alongside"]) == ("sultan-suleiman-shah-division", ["opposition"])
    assert "Muhammad al-Jassem" in joining["led_by"]


def test_the_agreement_on_salamiyah_is_with_the_elders_and_the_council() -> None:
    agreement = only(13, "agreement")
    assert (agreement["parties"], agreement["places"]) == (["opposition"], ["salamiyah"])
    elders, council = agreement["with"]
    assert "elders" in elders
    assert "council" in council
    assert only(13, "control")["means"] == "agreement"


# Nothing is said that the text doesn't say.


def test_control_is_claimed_only_where_the_text_says_who_held_took_lost_or_fought_for_a_place() -> None:
    found = {
        (sentence(r), c["place"], c["effect"], " ".join(sorted(c["forces"])), c.get("occurred", r["occurred"]))
        for r in REPORTS
        for c in r["claims"]
        if c["kind"] == "control"
    }
    assert found == CONTROL


@pytest.mark.parametrize("number", SENTENCES)
def test_a_window_is_no_narrower_than_the_text_allows(number: int) -> None:
    assert [report["occurred"] for report in REPORTS if sentence(report) == number] == [OCCURRED[number]]


def test_no_sentence_is_copied() -> None:
    copied = {run for line in seed() for run in runs(line, 8)}
    texts = [text for name in ("reports", "places", "forces", "sources") for text in strings(read(f"{name}.json"))]
    texts += strings(read("chronology.json"))
    texts += [PAGE.read_text(encoding="utf-8"), (FOLDER / "NOTICE.md").read_text(encoding="utf-8")]
    assert [run for text in texts for run in runs(text, 8) if run in copied] == []


# The files are sound: bodies of the contract, with everything that they name.


def test_the_chronology_describes_itself() -> None:
    chronology = read("chronology.json")
    assert chronology.keys() == {"id", "title", "about", "timezone", "licence", "attribution"}
    assert (chronology["id"], chronology["timezone"]) == ("hama-2024", "Asia/Damascus")
    assert len(chronology["attribution"]) >= 4


@pytest.mark.parametrize("bodies", [PLACES, FORCES, SOURCES, REPORTS], ids=["places", "forces", "sources", "reports"])
def test_ids_are_slugs_and_each_is_there_once(bodies: list[Body]) -> None:
    found = ids(bodies)
    assert len(set(found)) == len(found)
    assert all(re.fullmatch("[a-z0-9-]{1,64}", id) for id in found)


def test_bodies_have_only_fields_of_the_contract() -> None:
    assert all(place.keys() <= PLACE_FIELDS and place["kind"] in PLACE_KINDS for place in PLACES)
    assert all(force.keys() <= {"id", "name", "kind", "aliases"} for force in FORCES)
    assert all(each.keys() <= {"force", "with", "from", "until"} for each in ALIGNMENTS)
    assert all(source.keys() <= {"id", "name", "kind", "reliability", "affiliation"} for source in SOURCES)
    for report in REPORTS:
        assert report.keys() <= REPORT_FIELDS
        assert all(source.keys() <= SOURCE_FIELDS for source in report["sources"])
        for claim in report["claims"]:
            assert claim.keys() - {"kind", "occurred", "event"} <= CLAIM_FIELDS[claim["kind"]], report["id"]


def test_a_parent_comes_before_what_lies_inside_it() -> None:
    seen: set[str] = set()
    for place in PLACES:
        assert place.get("parent") in {None, *seen}, place["id"]
        seen.add(place["id"])
    assert [place["id"] for place in PLACES if "parent" not in place] == ["syria"]


def test_only_the_quarter_and_the_depot_lie_inside_a_settlement() -> None:
    settlements = {place["id"] for place in PLACES if place["kind"] in {"city", "town", "village"}}
    inside = {place["id"]: place["parent"] for place in PLACES if place.get("parent") in settlements}
    assert inside == {"al-arbaeen-hama": "hama", "khan-shaykhun-warehouse": "khan-shaykhun"}


def test_every_place_force_and_source_that_is_named_is_registered() -> None:
    places, forces, sources = set(ids(PLACES)), set(ids(FORCES)), set(ids(SOURCES))
    assert {id for _, id in named({"place", "places", "from", "to"})} <= places
    force_fields = {"forces", "force", "by", "against", "alongside", "parties", "of"}
    assert {id for _, id in named(force_fields)} <= forces
    assert {s[field] for r in REPORTS for s in r["sources"] for field in ("source", "origin") if field in s} <= sources
    assert {source["affiliation"] for source in SOURCES if "affiliation" in source} <= forces
    assert {each[field] for each in ALIGNMENTS for field in ("force", "with")} <= forces


def test_every_force_stands_on_one_of_two_sides() -> None:
    with_whom = {each["force"]: each["with"] for each in ALIGNMENTS}
    assert len(with_whom) == len(ALIGNMENTS)

    def side(force: str) -> str:
        return side(with_whom[force]) if force in with_whom else force

    assert {force: side(force) for force in ids(FORCES)} == {
        "opposition": "opposition",
        "hts": "opposition",
        "syrian-national-army": "opposition",
        "sultan-suleiman-shah-division": "opposition",
        "government": "government",
        "syrian-arab-army": "government",
        "syrian-arab-air-force": "government",
        "russian-air-force": "government",
    }
    assert with_whom["sultan-suleiman-shah-division"] == "syrian-national-army"


@pytest.mark.parametrize("bodies", [PLACES, FORCES], ids=["places", "forces"])
def test_everything_has_an_arabic_name_and_no_name_twice(bodies: list[Body]) -> None:
    for body in bodies:
        assert any(re.search(r"[\u0600-\u06ff]", alias) for alias in body["aliases"]), body["id"]
        names = [body["name"], *body["aliases"]]
        assert len(set(names)) == len(names), body["id"]


def test_events_join_claims_of_one_report_only() -> None:
    """That two sentences speak of the same happening is nowhere said."""
    by_event: dict[str, set[str]] = {}
    for report in REPORTS:
        for claim in report["claims"]:
            if "event" in claim:
                assert re.fullmatch("[a-z0-9-]{1,64}", claim["event"])
                by_event.setdefault(claim["event"], set()).add(report["id"])
    assert all(len(reports) == 1 for reports in by_event.values())


def test_figures_have_their_bounds_in_order() -> None:
    for report in REPORTS:
        for claim in report["claims"]:
            for field in {"killed", "injured", "captured", "count"} & claim.keys():
                figure = claim[field]
                given = [figure[bound] for bound in ("low", "best", "high") if bound in figure]
                assert "low" in figure
                assert given == sorted(given)


# Coordinates.


def test_coordinates_are_those_of_the_gazetteer() -> None:
    path = DATA / "gazetteer-hama.csv"
    if not path.exists():
        pytest.skip("the gazetteer that the places are made from is not on this machine")
    with path.open(encoding="utf-8", newline="") as file:
        gazetteer = {{"khattab": "khitab"}.get(row["id"], row["id"]): row for row in csv.DictReader(file)}
    places = {place["id"]: place for place in PLACES}
    assert gazetteer.keys() <= places.keys()
    for id, row in gazetteer.items():
        known = {"lon": float(row["lon"]), "lat": float(row["lat"])} if row["lat"] else None
        assert places[id].get("location") == known, id
        columns = {"ocha": "pcode", "geonames": "geonames_id", "wikidata": "wikidata_qid"}
        assert places[id].get("identifiers", {}) == {s: row[c] for s, c in columns.items() if row[c]}, id
    assert all("location" not in place for id, place in places.items() if id not in gazetteer)


def test_the_notice_names_what_has_no_coordinates_and_what_is_derived() -> None:
    notice = (FOLDER / "NOTICE.md").read_text(encoding="utf-8")
    without = notice.split("**Without coordinates:**")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z0-9-]+)`", without)) == {p["id"] for p in PLACES if "location" not in p}
    derived = notice.split("**Derived, not surveyed:**")[1].split("\n\n")[0]
    assert re.findall(r"`([a-z0-9-]+)`", derived) == ["tracked-vehicles-academy"]
