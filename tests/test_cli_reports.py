"""`chronology reports`, and what keeps its tables: found whatever state they are in, verified, made anew."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres import PostgresServer
from running import address, chronology
from test_cli import on_terminal

from event_store.faults import Unavailable
from event_store.postgres.database import SCHEMA
from projections.chronology.chronology import Chronology
from projections.chronology.wanted import Wanted
from service.cli.reports import LIMIT
from service.clock import system_clock
from service.store import is_postgres, open_log, sqlite_path
from service.wiring import catch_up, caught_up


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a store on each engine."""
    if request.param == "sqlite":
        store = address(tmp_path_factory.mktemp("hama") / "chronology.db")
        server = None
    else:
        server = request.getfixturevalue("postgres_server")
        store = server.new_database()
    assert chronology("load", "hama-2024", store=store).json["appended"] == 74
    yield store
    if server is not None:
        server.drop(store)


@pytest.fixture
def store(loaded: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of it, for one test."""
    if not is_postgres(loaded):
        yield address(Path(shutil.copy(sqlite_path(loaded), tmp_path / "chronology.db")))
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    copy = server.new_database(template=loaded.rpartition("/")[2])
    yield copy
    server.drop(copy)


def change(store: str, *statements: str) -> None:
    """Past the program."""
    if is_postgres(store):
        with psycopg.connect(store, options=f"-c search_path={SCHEMA}") as connection:
            for statement in statements:
                connection.execute(statement.encode())
        return
    with closing(sqlite3.connect(sqlite_path(store))) as file, file:
        for statement in statements:
            file.execute(statement)


def ids(store: str, *arguments: str) -> list[str]:
    found = chronology("reports", *arguments, store=store)
    assert found.status == 0, found.err
    return [each["id"].removeprefix("hama-2024-") for each in found.json["reports"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--q", "خطاب"], ["s10"]),
        (["--q", "Khattab"], ["s10"]),
        (["--q", "Khitab rebels"], ["s10"]),
        (["--q", '"heavy fighting"'], ["s10"]),
        (["--q", '"fighting heavy"'], []),
        (["--q", "Salamiyeh elders"], ["s13"]),
        (["--q", "Zayn al-Abidin"], ["s10", "s07"]),
        (["--place", "Khitab"], ["s10"]),
        (["--place", "khattab", "--kind", "control"], ["s10"]),
        (["--place", "hama", "--limit", "2"], ["s12", "s11"]),
        (["--kind", "agreement"], ["s13"]),
        (["--from", "2024-12-05", "--to", "2024-12-06", "--limit", "1"], ["s13"]),
        (["--q", "Khitab", "--known-at", "60"], []),
    ],
)
def test_reports_are_found(loaded: str, arguments: list[str], expected: list[str]) -> None:
    found = ids(loaded, *arguments)
    assert found == expected, found


def test_as_many_as_asked_for_are_told_and_50_by_default(loaded: str) -> None:
    every = ids(loaded, "--limit", "10000")
    assert every == sorted(every, reverse=True)
    assert ids(loaded) == every[:LIMIT]
    shown = on_terminal("reports", "--limit", "2", store=loaded)
    assert (shown.status, "hama-2024-s13" in shown.out, "more" in shown.out) == (0, True, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--q", "*"], "--q: there is no word"),
        (["--place", "atlantis"], "atlantis"),
        (["--force", "nobody"], "--force: there is no force"),
        (["--source", "nobody"], "--source: there is no source"),
        (["--kind", "conquest"], "--kind"),
        (["--from", "2024-12-06", "--to", "2024-12-05"], "--to"),
        (["--from", "yesterday"], "--from"),
        (["--limit", "0"], "--limit"),
        (["--known-at", "75"], "--known-at"),
    ],
)
def test_what_cannot_be_looked_for_is_said_in_one_line(loaded: str, arguments: list[str], says: str) -> None:
    found = chronology("reports", *arguments, store=loaded)
    assert found.status == 2
    assert says in found.complaint


BEHIND = {
    "absent": ["DROP TABLE chronology_state"],
    "of another form": ["UPDATE chronology_state SET form = 'old'"],
    "beyond the log": ["UPDATE chronology_state SET position = 1000"],
}


@pytest.mark.parametrize("statements", BEHIND.values(), ids=list(BEHIND))
def test_reports_are_found_where_the_tables_are(store: str, statements: list[str]) -> None:
    ids(store)
    change(store, *statements)
    assert ids(store, "--q", "Khattab") == ["s10"]
    assert chronology("verify", store=store).json["sound"]


def test_reports_are_found_in_a_store_that_cannot_be_written(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise Unavailable("it is read-only")

    log = open_log(store, system_clock, create=False)
    monkeypatch.setattr(log.database, "deriving", refuse)
    change(store, "DROP TABLE IF EXISTS chronology_state")
    with caught_up(log) as tables:
        assert tables.find(Wanted(place="khitab"), 74, 10).found[0].id == "hama-2024-s10"
    assert Chronology(log.database).position == 0
    log.close()


def test_what_needs_control_alone_leaves_the_tables_as_they_are(store: str) -> None:
    change(store, "DROP TABLE IF EXISTS chronology_state")
    for command in (["control", "khitab"], ["timeline", "khitab"], ["map"], ["verify"], ["token", "list"]):
        assert chronology(*command, store=store).status == 0
    log = open_log(store, system_clock, create=False)
    assert Chronology(log.database).digests() is None
    log.close()


def test_what_speaks_for_an_answer_is_quoted_from_the_log(store: str) -> None:
    change(store, "DROP TABLE IF EXISTS chronology_state")
    said = on_terminal("control", "khitab", "--at", "2024-12-05T12:00Z", store=store).out
    assert "Rebels took Khitab" in said


TAMPERED = {
    "contents": ["UPDATE chronology_contents SET position = position - 1 WHERE report = 'hama-2024-s01'"],
    "links": ["DELETE FROM chronology_links WHERE link = 'place:khitab'"],
    "windows": ["UPDATE chronology_windows SET latest = latest + 1"],
    "claims": ["DELETE FROM chronology_claims"],
    "things": ["UPDATE chronology_things SET words = 'x' WHERE link = 'place:hama'"],
    "reports": ["UPDATE chronology_reports SET retracted = 70"],
    "words": [],
}  # fmt: skip
RUMOUR = {
    True: "INSERT INTO chronology_words (content, text, names) VALUES (1, ' rumour ', '  ')",
    False: "INSERT INTO chronology_words (rowid, text, names) VALUES (1, 'rumour', '')",
}


@pytest.mark.parametrize("part", TAMPERED)
def test_tables_that_say_something_else_are_named_and_made_anew(store: str, part: str) -> None:
    expected = ids(store)
    assert chronology("verify", store=store).json["sound"]
    change(store, *(TAMPERED[part] or [RUMOUR[is_postgres(store)]]))
    verdict = chronology("verify", store=store)
    assert verdict.status == 1
    faults = json.loads(verdict.out)["faults"]
    assert any(f"({part})" in fault and "position 74" in fault for fault in faults), faults
    rebuilt = chronology("rebuild", store=store).json
    assert (rebuilt["position"], "chronology" in rebuilt["projections"]) == (74, True)
    assert chronology("verify", store=store).json == {"sound": True, "position": 74, "faults": []}
    assert ids(store) == expected


def test_tables_beyond_the_log_are_not_sound_and_tables_behind_are(store: str) -> None:
    ids(store)
    change(store, "UPDATE chronology_state SET position = 75")
    [fault] = json.loads(chronology("verify", store=store).out)["faults"]
    assert "position 75" in fault
    assert chronology("rebuild", store=store).status == 0
    log = open_log(store, system_clock, create=False)
    tables = Chronology(log.database)
    tables.empty()
    tables.apply(log.read(0, 70))
    log.close()
    assert chronology("verify", store=store).json["sound"]
    assert ids(store, "--q", "Khattab") == ["s10"]


def test_progress_is_told_as_it_is_made(store: str) -> None:
    log = open_log(store, system_clock, create=False)
    tables = Chronology(log.database)
    tables.empty()
    told: list[int] = []
    catch_up(tables, log, until=50, tell=told.append)
    assert (tables.position, told) == (50, [50])
    catch_up(tables, log, tell=told.append)
    assert (tables.position, told) == (74, [50, 74])
    log.close()
    assert "74 events" in on_terminal("rebuild", store=store).out


def test_reports_need_a_store(tmp_path: Path) -> None:
    found = chronology("reports", store=tmp_path / "none.db")
    assert (found.status, "there is no chronology" in found.complaint) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_the_address_of_the_store_may_come_from_the_environment(loaded: str) -> None:
    assert chronology("reports", env={"CHRONOLOGY_STORE": loaded}).json["as_of_position"] == 74
