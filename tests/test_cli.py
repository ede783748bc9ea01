"""Every command as its users call it: as another process, judged by what it says and how it ends."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import termios
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from running import ADMIN, PROGRAM, Ended, address, await_true, chronology, environment, serving

from domain.events import ForceRegistered
from domain.faults import Wrong
from domain.force import Force
from event_store.sqlite.log import SQLiteLog
from service.clock import system_clock
from service.folder import read_folder

HAMA = Path(__file__).resolve().parents[1] / "service" / "chronologies" / "hama-2024"
COMMANDS = [
    *("serve", "load", "control", "timeline", "holdings", "map", "tallies", "reports", "changes", "compare", "replay"),
    *("rebuild", "verify", "checkpoint", "token", "export", "import"),
]
ACTIONS = ["create", "list", "revoke"]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with hama-2024, for reading only."""
    store = tmp_path_factory.mktemp("hama") / "chronology.db"
    assert chronology("load", "hama-2024", store=store).json["appended"] == 74
    return store


@pytest.fixture
def store(loaded: Path, tmp_path: Path) -> Path:
    """A store with hama-2024, to do with as one likes."""
    return Path(shutil.copy(loaded, tmp_path / "chronology.db"))


def on_terminal(*arguments: str, store: Path | str, columns: int = 100) -> Ended:
    """Run a command on a pseudo-terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = environment(TERM="xterm", NO_COLOR="1")
    env.pop("COLUMNS", None)
    given = [*PROGRAM, *arguments, "--store", address(store)]
    with subprocess.Popen(given, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True, env=env) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            said += part
        os.close(ours)
        assert process.stderr is not None
        complained = process.stderr.read()
        status = process.wait(60)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said.decode()).replace("\r\n", "\n")
    return Ended(status, plain, complained)


def change(store: Path, *statements: str) -> None:
    """Change a store past the program."""
    with closing(sqlite3.connect(store)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


# ---------------------------------------------------------------------------------------------------------------
# Help, and calls that can't be understood
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], *([each] for each in COMMANDS), *(["token", each] for each in ACTIONS)])
def test_help_shows_an_example_and_that_a_store_can_be_named(command: list[str]) -> None:
    found = chronology(*command, "--help")
    assert (found.status, found.err) == (0, "")
    assert re.search(rf"^  chronology {' '.join(command)}", found.out, re.MULTILINE), found.out
    assert "--store URL" in found.out or command == []


def test_help_names_every_command() -> None:
    shown = chronology("--help").out
    assert all(re.search(rf"^    {each}( |$)", shown, re.MULTILINE) for each in COMMANDS)


@pytest.mark.parametrize(
    "call",
    [
        [],
        ["conquer"],
        ["control"],
        ["control", "hama", "--when", "now"],
        ["control", "hama", "homs"],
        ["load"],
        ["token"],
        ["token", "create"],
        ["token", "create", "--role", "king", "--name", "x"],
        ["token", "revoke"],
    ],
)
def test_a_call_that_cannot_be_understood_ends_with_2_and_says_how_to_call(call: list[str]) -> None:
    found = chronology(*call)
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("usage: chronology")
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["control", "atlantis"], "atlantis"),
        (["control", "khan"], "khan-shaykhun, khan-shaykhun-warehouse"),
        (["control", ""], ""),
        (["control", "hama", "--at", "yesterday"], "--at: 'yesterday' can't be read at position 0"),
        (["control", "hama", "--at", "2024-02-30"], "--at: "),
        (["control", "hama", "--known-at", "75"], "--known-at: the log ends at position 74"),
        (["control", "hama", "--known-at", "0"], "hama"),
        (["control", "hama", "--lens", "rosy"], "--lens: 'rosy' is none of: default, strict, everything"),
        (["control", "hama", "--min-credibility", "sure", "--by", "force"], "--by: "),
        (["timeline", "atlantis", "--sources", "A B"], "--sources: "),
        (["map", "--bbox", "1,2,3", "--status", "held,lost", "--kind", "moon"], "; --kind: "),
        (["load", "atlantis"], "hama-2024"),
        (["load", "/"], "chronology.json"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(loaded: Path, call: list[str], says: str) -> None:
    found = chronology(*call, store=loaded)
    assert found.status == 2
    assert says in found.complaint


@pytest.mark.parametrize(
    "command",
    [["control", "hama"], ["timeline", "hama"], ["map"], ["rebuild"], ["verify"], ["checkpoint"], ["token", "list"]],
)
def test_reading_makes_no_store(tmp_path: Path, command: list[str]) -> None:
    found = chronology(*command, store=tmp_path / "none.db")
    assert found.status == 2
    assert found.complaint == f"there is no chronology at {tmp_path / 'none.db'}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["control", "hama"], ["verify"], ["load", "hama-2024"], ["token", "list"]])
def test_what_is_no_store_is_said_in_one_line(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    assert chronology(*command, store=tmp_path / "notes.txt").complaint == f"{tmp_path / 'notes.txt'} is no chronology"


def test_the_store_is_named_by_the_environment_too_and_the_flag_wins(loaded: Path, tmp_path: Path) -> None:
    env = {"CHRONOLOGY_STORE": address(loaded)}
    assert chronology("verify", env=env).json["position"] == 74
    assert chronology("verify", env=env, store=tmp_path / "none.db").status == 2


def test_the_store_is_in_this_folder_where_none_is_named(tmp_path: Path) -> None:
    assert chronology("load", "hama-2024", cwd=tmp_path).status == 0
    assert (tmp_path / "chronology.db").is_file()
    assert chronology("verify", cwd=tmp_path).json["position"] == 74


# ---------------------------------------------------------------------------------------------------------------
# load
# ---------------------------------------------------------------------------------------------------------------


def test_loading_again_appends_nothing(store: Path) -> None:
    assert chronology("load", "hama-2024", store=store).json == {
        "chronology": "hama-2024",
        "appended": 0,
        "already_there": 74,
    }
    assert chronology("verify", store=store).json["position"] == 74


def test_loading_on_a_terminal_says_what_came_in_and_whose_it_is(tmp_path: Path) -> None:
    found = on_terminal("load", "hama-2024", store=tmp_path / "chronology.db")
    assert found.status == 0, found
    assert "74 appended, 0 already there" in found.out
    assert "English Wikipedia" in found.out
    assert "CC BY-SA 4.0" in found.out


def test_a_chronology_of_ones_own_is_loaded_from_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    about = {"id": "mine", "title": "Mine", "about": "x", "timezone": "Asia/Damascus", "licence": "CC0-1.0"}
    (folder / "chronology.json").write_text(json.dumps(about))
    (folder / "places.json").write_text(json.dumps([{"id": "here", "name": "Here", "kind": "town"}]))
    (folder / "forces.json").write_text(json.dumps([{"id": "us", "name": "Us"}]))
    claim = {"kind": "control", "place": "here", "forces": ["us"], "effect": "holds"}
    report = {"id": "r", "text": "We are here.", "occurred": "2024-12-04", "claims": [claim]}
    (folder / "reports.json").write_text(json.dumps([report]))
    assert chronology("load", str(folder), store=tmp_path / "c.db").json["appended"] == 3
    answer = chronology("control", "here", "--at", "2024-12-04T21:00:00Z", store=tmp_path / "c.db").json
    assert (answer["status"], answer["since"]["earliest"]) == ("held", "2024-12-03T21:00:00Z")


def spoil(path: Path, *steps: str | int, value: Any) -> None:
    """Put another value into a file of JSON."""
    whole = part = json.loads(path.read_text(encoding="utf-8"))
    for step in steps[:-1]:
        part = part[step]
    part[steps[-1]] = value
    path.write_text(json.dumps(whole), encoding="utf-8")


FAULTS: dict[str, tuple[str, tuple[str | int, ...], Any, str]] = {
    "a zone": ("chronology.json", ("timezone",), "Mars/Olympus", "timezone: "),
    "a field too many": ("chronology.json", ("mood",), "good", "mood: "),
    "an id": ("places.json", (3, "id"), "Not A Slug", "entry 3/id: "),
    "a kind": ("places.json", (2, "kind"), "moon", "entry 2/kind: "),
    "a place on the moon": ("places.json", (1, "location"), {"lon": 200, "lat": 0}, "entry 1/location/lon: "),
    "a force without a name": ("forces.json", (1, "name"), "", "entry 1/name: "),
    "an alignment's time": ("alignments.json", (2, "from"), "2023-02-29", "entry 2/from: "),
    "a reliability": ("sources.json", (0, "reliability"), "Z", "entry 0/reliability: "),
    "a report's time": ("reports.json", (4, "occurred"), "2024-13", "entry 4/occurred: "),
    "a claim's time": ("reports.json", (9, "claims", 0, "occurred"), "soon", "entry 9/claims/0/occurred: "),
    "an effect": ("reports.json", (1, "claims", 0, "effect"), "gives", "entry 1/claims/0/"),
    "a report that says nothing": ("reports.json", (2, "text"), " ", "entry 2/text: "),
}


@pytest.mark.parametrize(("file", "steps", "value", "where"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_in_a_folder_is_named_by_file_entry_and_place_and_nothing_is_appended(
    tmp_path: Path, file: str, steps: tuple[str | int, ...], value: Any, where: str
) -> None:
    folder = Path(shutil.copytree(HAMA, tmp_path / "hama"))
    spoil(folder / file, *steps, value=value)
    found = chronology("load", str(folder), store=tmp_path / "chronology.db")
    assert found.status == 2
    assert f"{file}, {where}" in found.complaint
    assert not (tmp_path / "chronology.db").exists()


@pytest.mark.parametrize(
    "file", ["chronology.json", "places.json", "forces.json", "alignments.json", "sources.json", "reports.json"]
)
@pytest.mark.parametrize("text", ["", "{", "7", '"text"', '{"x": 1}', "[7]", "\xff"])
def test_a_file_of_a_folder_that_is_something_else_is_named(tmp_path: Path, file: str, text: str) -> None:
    folder = Path(shutil.copytree(HAMA, tmp_path / "hama"))
    (folder / file).write_bytes(text.encode("latin-1"))
    with pytest.raises(Wrong) as wrong:
        read_folder(folder)
    assert re.search(rf"/{file}(:|, \w| is not JSON)", wrong.value.detail), wrong.value.detail


def test_what_is_named_and_not_known_is_told_by_entry_and_place(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HAMA, tmp_path / "hama"))
    spoil(folder / "reports.json", 9, "claims", 1, "place", value="atlantis")
    found = chronology("load", str(folder), store=tmp_path / "chronology.db")
    assert found.status == 2
    assert "reports" in found.complaint
    assert "9/claims/1/place: there is no place 'atlantis'" in found.complaint
    shutil.copy(HAMA / "reports.json", folder)
    assert chronology("load", str(folder), store=tmp_path / "chronology.db").status == 0
    assert chronology("verify", store=tmp_path / "chronology.db").json["position"] == 74


def test_another_chronology_under_a_taken_id_is_refused(store: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HAMA, tmp_path / "hama"))
    spoil(folder / "places.json", 3, "name", value="Somewhere else")
    found = chronology("load", str(folder), store=store)
    assert found.status == 2
    assert "taken" in found.complaint
    assert chronology("verify", store=store).json["position"] == 74


# ---------------------------------------------------------------------------------------------------------------
# The queries
# ---------------------------------------------------------------------------------------------------------------

Shown = tuple[str, list[str], list[str]]
"""Status, holders, parties."""

UNKNOWN: Shown = ("unknown", [], [])
HELD: Shown = ("held", ["opposition"], [])


def shown(answer: dict[str, Any]) -> Shown:
    return answer["status"], answer["holders"], answer["parties"]


# place, at, more, and what it shows; of a change, before and after (docs/hama-2024.md)
ANSWERS: list[tuple[str, str, list[str], Shown | None]] = [
    ("salamiyah", "2024-12-04T13:59:59Z", [], UNKNOWN),
    ("salamiyah", "2024-12-04T14:00:00Z", [], None),
    ("salamiyah", "2024-12-08T17:59:59Z", [], None),
    ("salamiyah", "2024-12-08T18:00:00Z", [], HELD),
    ("khitab", "2024-12-04T17:59:59Z", [], UNKNOWN),
    ("khitab", "2024-12-04T19:00:00Z", [], None),
    ("khitab", "2024-12-05T00:59:59Z", [], None),
    ("khitab", "2024-12-05T01:00:00Z", [], HELD),
    ("mubarakat", "2024-12-05T12:00:00Z", [], HELD),
    ("hama", "2024-12-03T20:59:59Z", [], UNKNOWN),
    (
        "hama",
        "2024-12-08T21:00:00Z",
        [],
        ("contested", [], ["government", "sultan-suleiman-shah-division"]),
    ),
    ("hama", "2024-12-08T21:00:00Z", ["--by", "side"], ("contested", [], ["government", "opposition"])),
    ("al-arbaeen-hama", "2024-12-01T09:00:00Z", [], UNKNOWN),
    ("al-arbaeen-hama", "2024-12-01T09:00:00Z", ["--lens", "everything"], HELD),
    ("al-arbaeen-hama", "2024-12-01T03:00:00Z", ["--lens", "everything"], None),
    ("jabal-zayn-al-abidin", "2024-12-06T00:00:00Z", [], ("contested", [], ["government", "opposition"])),
    ("m5-hama-homs", "2024-12-09T00:00:00Z", [], ("held", ["government"], [])),
    ("khan-shaykhun-warehouse", "2024-12-02T00:00:00Z", [], ("vacated", [], [])),
    ("khan-shaykhun", "2024-12-06T00:00:00Z", [], UNKNOWN),
]


@pytest.mark.parametrize(("place", "at", "more", "expected"), ANSWERS)
def test_control_answers_as_the_chronology_s_page_says(
    loaded: Path, place: str, at: str, more: list[str], expected: Shown | None
) -> None:
    answer = chronology("control", place, "--at", at, *more, store=loaded).json
    assert (answer["place"], answer["at"]) == (place, at)
    assert (answer["known_at"], answer["as_of_position"]) == (74, 74)
    if expected is not None:
        assert shown(answer) == expected
        assert (answer["before"], answer["after"]) == (None, None)
    else:
        assert answer["status"] == "changing"
        assert (shown(answer["before"]), shown(answer["after"])) == (UNKNOWN, HELD)


def test_an_answer_names_its_reports_and_what_is_not_counted(loaded: Path) -> None:
    held = chronology("control", "khitab", "--at", "2024-12-06", store=loaded).json
    assert (held["basis"], held["since"]) == (
        ["hama-2024-s10"],
        {"earliest": "2024-12-04T18:00:00Z", "latest": "2024-12-05T01:00:00Z"},
    )
    unknown = chronology("control", "al-arbaeen-hama", "--at", "2024-12-01T09:00:00Z", store=loaded).json
    assert (unknown["basis"], unknown["unconfirmed"]) == ([], ["hama-2024-s02"])


def test_nothing_is_known_before_it_was_recorded(loaded: Path) -> None:
    assert chronology("control", "khitab", "--at", "2024-12-06", "--known-at", "60", store=loaded).json["status"] == (
        "unknown"
    )
    found = chronology("control", "khitab", "--known-at", "2020-01-01", store=loaded)
    assert found.status == 2
    assert "position 0" in found.complaint


@pytest.mark.parametrize("name", ["khitab", "Khitab", "KHITAB", "khattab", "Khattāb", "  khitab "])
def test_a_place_is_found_by_its_id_its_name_or_an_alias(loaded: Path, name: str) -> None:
    assert chronology("control", name, store=loaded).json["place"] == "khitab"


def test_a_date_is_its_start_in_the_zone(loaded: Path) -> None:
    utc = chronology("control", "hama", "--at", "2024-12-05", store=loaded).json
    there = chronology("control", "hama", "--at", "2024-12-05", "--timezone", "Asia/Damascus", store=loaded).json
    assert (utc["at"], there["at"]) == ("2024-12-05T00:00:00Z", "2024-12-04T21:00:00Z")


def test_control_on_a_terminal_speaks_and_shows_the_reports_under_it(loaded: Path) -> None:
    found = on_terminal("control", "khitab", "--at", "2024-12-06", "--timezone", "Asia/Damascus", store=loaded)
    assert (found.status, found.err) == (0, "")
    words = " ".join(found.out.split())
    assert "At 00:00 on 6 December 2024 (Asia/Damascus), Khitab was held by Syrian opposition" in words
    assert "21:00 on 4 December 2024 and 04:00 on 5 December 2024" in words
    assert words.index("held by") < words.index("hama-2024-s10") < words.index("English Wikipedia")
    assert "2024-12-04 night" in words
    assert "https://en.wikipedia.org/wiki/2024_Hama_offensive" in words
    assert not found.out.lstrip().startswith("{")


def test_control_on_a_terminal_says_that_a_change_may_have_come(loaded: Path) -> None:
    words = " ".join(on_terminal("control", "khitab", "--at", "2024-12-04T19:00:00Z", store=loaded).out.split())
    assert "may have been changing" in words
    assert "held by Syrian opposition" in words


def test_json_is_there_for_the_asking_on_a_terminal(loaded: Path) -> None:
    on_tty = on_terminal("control", "khitab", "--at", "2024-12-06", "--json", store=loaded)
    piped = chronology("control", "khitab", "--at", "2024-12-06", store=loaded)
    assert on_tty.json == piped.json


def test_a_timeline_s_segments_follow_each_other(loaded: Path) -> None:
    found = chronology("timeline", "khitab", store=loaded).json
    assert found["place"] == "khitab"
    assert [(each["from"], each["until"], each["status"]) for each in found["segments"]] == [
        ("2024-12-04T18:00:00Z", "2024-12-05T01:00:00Z", "changing"),
        ("2024-12-05T01:00:00Z", None, "held"),
    ]


def test_a_place_of_which_nothing_is_said_has_an_empty_timeline(loaded: Path) -> None:
    assert chronology("timeline", "khan-shaykhun", store=loaded).json["segments"] == []
    assert on_terminal("timeline", "khan-shaykhun", store=loaded).status == 0


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_table_shows_whole_ids_and_names_at_any_width(loaded: Path, columns: int) -> None:
    for command in (["timeline", "khitab"], ["map", "--at", "2024-12-06", "--status", "held"]):
        found = on_terminal(*command, store=loaded, columns=columns)
        assert (found.status, found.err) == (0, "")
        lines = found.out.splitlines()
        assert all(len(line) <= columns for line in lines)
        rows = [[cell.strip() for cell in re.split("[│┃|]", line)] for line in lines]
        assert "hama-2024-s10" in "".join(row[-2] for row in rows if len(row) > 2)


def test_the_map_shows_every_place_once_by_id(loaded: Path) -> None:
    found = chronology("map", "--at", "2024-12-06", store=loaded).json
    ids = [each["place"] for each in found["places"]]
    assert len(ids) == 45
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("narrowing", "places"),
    [
        (["--status", "held"], ["khitab", "mubarakat"]),
        (["--status", "contested"], ["jabal-zayn-al-abidin", "tracked-vehicles-academy"]),
        (["--kind", "road"], ["m5-hama-homs"]),
        (["--force", "opposition", "--kind", "town", "--status", "held"], ["khitab"]),
        (["--bbox", "36.6,35.1,36.7,35.3", "--status", "held"], ["khitab"]),
        (["--bbox", "0,0,1,1"], []),
    ],
)
def test_the_map_is_narrowed(loaded: Path, narrowing: list[str], places: list[str]) -> None:
    found = chronology("map", "--at", "2024-12-06", *narrowing, store=loaded).json
    assert [each["place"] for each in found["places"]] == places


def test_the_map_is_geojson_for_the_asking(loaded: Path) -> None:
    found = chronology("map", "--at", "2024-12-06", "--geojson", store=loaded).json
    assert found["type"] == "FeatureCollection"
    features = {each["id"]: each for each in found["features"]}
    assert len(features) == 45
    assert features["m5-hama-homs"]["geometry"] is None
    lon, lat = features["khitab"]["geometry"]["coordinates"]
    assert (36 < lon < 37) and (35 < lat < 36)
    assert features["khitab"]["properties"]["status"] == "held"


def test_rebuilding_tells_how_far_it_came(loaded: Path) -> None:
    found = chronology("rebuild", store=loaded).json
    assert found["position"] == 74
    assert {"control", "chronology", "registries"} <= set(found["projections"])
    assert "74 events" in on_terminal("rebuild", store=loaded).out


@pytest.mark.parametrize("command", [["map"], ["control", "khitab"], ["token", "list"], ["--help"]])
def test_whoever_stops_reading_is_no_fault(loaded: Path, command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    given = command if command == ["--help"] else [*command, "--store", address(loaded)]
    found = subprocess.run(
        [*PROGRAM, *given], stdout=writing, stderr=subprocess.PIPE, text=True, env=environment(), timeout=60
    )
    os.close(writing)
    assert "Traceback" not in found.stderr
    if command != ["--help"]:  # that is argparse's own
        assert (found.returncode, found.stderr) == (0, "")


# ---------------------------------------------------------------------------------------------------------------
# verify
# ---------------------------------------------------------------------------------------------------------------


def test_a_sound_log_is_told_so(loaded: Path) -> None:
    assert chronology("verify", store=loaded).json == {"sound": True, "position": 74, "faults": []}
    found = on_terminal("verify", store=loaded)
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("Sound: 74 events")


ALTERED = {
    "a flipped byte": (["UPDATE stored_events SET state = x'7c' || substr(state, 2) WHERE rowid = 40"], 40),
    "another name": (["UPDATE stored_events SET topic = 'place-moved.v1' WHERE rowid = 12"], 12),
    "an event missing": (["DELETE FROM stored_events WHERE rowid = 30"], 30),
    "the first missing": (["DELETE FROM stored_events WHERE rowid = 1"], 1),
    "two that changed places": (
        [
            "UPDATE stored_events SET rowid = 1000 WHERE rowid = 70",
            "UPDATE stored_events SET rowid = 70 WHERE rowid = 2",
            "UPDATE stored_events SET rowid = 2 WHERE rowid = 1000",
        ],
        70,
    ),
    "two whose events changed places": (
        [
            "CREATE TEMP TABLE two AS SELECT 7 - rowid AS id, state FROM stored_events WHERE rowid IN (3, 4)",
            "UPDATE stored_events AS s SET state = (SELECT state FROM two WHERE id = s.rowid) WHERE rowid IN (3, 4)",
        ],
        3,
    ),
    "a version left out": (["UPDATE stored_events SET originator_version = 2 WHERE rowid = 20"], 20),
    "another stream": (["UPDATE stored_events SET originator_id = 'place:elsewhere' WHERE rowid = 20"], 20),
    "a clock turned back": (["UPDATE stored_events SET recorded_at = recorded_at - 3600000000 WHERE rowid = 50"], 50),
    "a time that is none": (["UPDATE stored_events SET recorded_at = 'noon' WHERE rowid = 50"], 50),
}


@pytest.mark.parametrize(("statements", "position"), ALTERED.values(), ids=list(ALTERED))
def test_a_log_that_was_altered_is_told_with_the_position(store: Path, statements: list[str], position: int) -> None:
    change(store, *statements)
    found = chronology("verify", store=store)
    assert (found.status, found.err) == (1, "")
    verdict = json.loads(found.out)
    assert verdict["sound"] is False
    assert any(f"position {position}:" in fault for fault in verdict["faults"]), verdict
    on_tty = on_terminal("verify", store=store)
    assert on_tty.status == 1
    assert on_tty.out.startswith("Not sound")


def test_a_store_whose_pages_are_damaged_is_not_sound(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    log = SQLiteLog(store, system_clock)
    for i in range(150):
        log.append(ForceRegistered(Force(f"f{i}", "a name " * 100)), 1)
    log.close()
    with store.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size * 2 // 3 // 4096 * 4096)
        file.write(b"\xa5" * 4096)
    found = chronology("verify", store=store)
    assert found.status in (1, 2)
    assert "Traceback" not in found.err
    assert "malformed" in found.out + found.err


# ---------------------------------------------------------------------------------------------------------------
# token
# ---------------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    made = chronology("token", "create", "--role", "reporter", "--name", "Field desk", store=store).json
    assert (made["role"], made["name"]) == ("reporter", "Field desk")
    [listed] = chronology("token", "list", store=store).json
    assert (listed["id"], listed["role"], listed["name"]) == (made["id"], "reporter", "Field desk")
    assert listed["revoked_at"] is None
    assert made["token"] not in json.dumps(listed)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Field desk" in kept
    assert made["token"].encode() not in kept


def test_a_token_is_shown_on_a_terminal_too(tmp_path: Path) -> None:
    found = on_terminal("token", "create", "--role", "admin", "--name", "me", store=tmp_path / "chronology.db")
    assert found.status == 0
    assert re.search(r"^\S{43}$", found.out, re.MULTILINE)
    listed = on_terminal("token", "list", store=tmp_path / "chronology.db")
    assert "admin" in listed.out


def test_the_store_may_stand_before_the_action(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    given = ["token", "--store", address(store), "create", "--role", "reader", "--name", "x"]
    assert chronology(*given, cwd=tmp_path).status == 0
    assert len(chronology("token", "list", store=store).json) == 1


def test_a_token_that_is_not_there_or_was_revoked_cannot_be_revoked(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    made = chronology("token", "create", "--role", "reader", "--name", "x", store=store).json
    assert chronology("token", "revoke", made["id"], store=store).status == 0
    assert chronology("token", "list", store=store).json[0]["revoked_at"] is not None
    for id in (made["id"], "none"):
        found = chronology("token", "revoke", id, store=store)
        assert found.status == 1
        assert id in found.complaint


def test_a_revoked_token_is_refused_within_about_a_second(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    made = chronology("token", "create", "--role", "editor", "--name", "x", store=store).json
    with serving(store) as running, running.client(made["token"]) as client:
        answer = client.post("/v1/forces", json={"id": "a", "name": "a"})
        assert answer.status_code == 201
        assert chronology("token", "revoke", made["id"], store=store).status == 0
        start = monotonic()
        numbers = iter(range(1_000_000))

        def refused() -> bool:
            name = f"f{next(numbers)}"
            return client.post("/v1/forces", json={"id": name, "name": name}).status_code == 401

        await_true("refused", refused)
        assert monotonic() - start < 3


def test_a_token_made_while_the_service_runs_is_taken(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    with serving(store) as running:
        made = chronology("token", "create", "--role", "editor", "--name", "x", store=store).json
        with running.client(made["token"]) as client:
            await_true("taken", lambda: client.post("/v1/forces", json={"id": "a", "name": "a"}).status_code < 300)


# ---------------------------------------------------------------------------------------------------------------
# serve
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_service_stops_promptly_when_it_is_asked_to(tmp_path: Path, by: signal.Signals) -> None:
    with serving(tmp_path / "chronology.db") as running, running.client() as client:
        client.post("/v1/forces", json={"id": "a", "name": "a"}).raise_for_status()  # and the connection stays open
        start = monotonic()
        ended = running.stop(by)
        assert monotonic() - start < 5
    assert (ended.status, ended.err) == (0, "")
    assert not (tmp_path / "chronology.db-wal").exists(), "the store was not closed"


def test_the_address_that_is_told_can_be_called_at_once(tmp_path: Path) -> None:
    with serving(tmp_path / "chronology.db") as running, running.client() as client:
        assert client.get("/health/live").status_code == 200


def test_a_service_without_tokens_makes_one_and_shows_it_once(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    with serving(store, env={"CHRONOLOGY_ADMIN_TOKEN": ""}) as running:
        [secret] = re.findall(r"^  (\S{43})$", running.said, re.MULTILINE)
        with running.client(secret) as client:
            assert client.post("/v1/forces", json={"id": "a", "name": "a"}).status_code == 201
        running.stop()
    with serving(store, env={"CHRONOLOGY_ADMIN_TOKEN": ""}) as running:
        assert not re.search(r"^  \S{43}$", running.said, re.MULTILINE)


def test_a_service_with_an_admin_token_makes_none_and_does_not_show_it(tmp_path: Path) -> None:
    with serving(tmp_path / "chronology.db") as running:
        assert ADMIN not in running.said
        assert chronology("token", "list", store=tmp_path / "chronology.db").json == []


def test_a_private_service_is_read_with_a_token_only(store: Path) -> None:
    with serving(store, env={"CHRONOLOGY_PRIVATE": "true"}) as running, running.client() as client:
        assert client.get("/v1/places/khitab/control").status_code == 200
        assert client.get("/v1/places/khitab/control", headers={"Authorization": ""}).status_code == 401


def test_the_queries_work_while_the_service_runs(store: Path) -> None:
    with serving(store) as running, running.client() as client:
        client.post("/v1/places", json={"id": "new", "name": "New", "kind": "town"}).raise_for_status()
        assert chronology("control", "new", store=store).json["as_of_position"] == 75
        assert chronology("verify", store=store).json["sound"]


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = chronology("serve", "--port", port, store=tmp_path / "chronology.db")
    assert found.status == 2
    assert found.complaint == f"can't listen on 127.0.0.1:{port}: Address already in use"


@pytest.mark.parametrize(
    ("flags", "env", "says"),
    [
        (["--port", "http"], {}, "PORT"),
        ([], {"CHRONOLOGY_PORT": "65536"}, "CHRONOLOGY_PORT"),
        (["--host", "192.0.2.1"], {}, "192.0.2.1"),
        (["--timezone", "Mars/Olympus"], {}, "Mars/Olympus"),
        ([], {"CHRONOLOGY_PRIVATE": "perhaps"}, "CHRONOLOGY_PRIVATE"),
        ([], {"CHRONOLOGY_ADMIN_TOKEN": "short"}, "CHRONOLOGY_ADMIN_TOKEN"),
        (["--workers", "0"], {}, "--workers"),
        ([], {"CHRONOLOGY_WORKERS": "many"}, "CHRONOLOGY_WORKERS"),
        (
            ["--store", "postgresql://me:hush@localhost:1/chronology"],
            {},
            "postgresql://localhost:1/chronology does not answer",
        ),
        (["--store", "chronology.db"], {}, "sqlite:///"),
        (["--store", "sqlite:////proc/chronology.db"], {}, "/proc/chronology.db can't be written"),
        (["--store", "sqlite:////no/such/folder/chronology.db"], {}, "there is no folder /no/such/folder"),
        (["--store", "sqlite:////"], {}, "is a folder"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(
    tmp_path: Path, flags: list[str], env: dict[str, str], says: str
) -> None:
    found = chronology("serve", *flags, env={"CHRONOLOGY_PORT": "0", **env}, cwd=tmp_path)
    assert found.status == 2
    assert says in found.complaint
    assert "hush" not in found.complaint
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_told() -> None:
    found = subprocess.run([sys.executable, "-m", "service.cli.main", "--version"], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (0, f"chronology {version('chronology')}\n")
