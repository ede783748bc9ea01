"""The tables and tokens on PostgreSQL: read where nothing can be written, and whole after a crash."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from signal import SIGQUIT
from time import sleep
from typing import Any

import httpx
import psycopg
import pytest
from postgres import PostgresServer, own_folder, run, started
from running import await_true, chronology
from serving import Served, served

from service.clock import system_clock
from service.store import open_log
from service.tokens import Role
from service.verification import verify
from service.wiring import catch_up, caught_up, open_chronology


@contextmanager
def standby_of(primary: PostgresServer) -> Iterator[PostgresServer]:
    folder = own_folder()
    found = PostgresServer(folder)
    run("pg_basebackup", "--pgdata", found.data, "--write-recovery-conf", "--checkpoint=fast", "-d", primary.address())
    try:
        found.start()
        yield found
    finally:
        found.stop()
        shutil.rmtree(folder, ignore_errors=True)


def report(id: str) -> dict[str, Any]:
    claim = {"kind": "presence", "place": "khitab", "forces": ["reds"]}
    return {"id": id, "text": f"seen {id}", "occurred": "2024-12-04", "claims": [claim]}


@pytest.fixture
def primary() -> Iterator[PostgresServer]:
    with started() as server:
        yield server


def test_a_standby_answers_as_the_store_that_it_follows(primary: PostgresServer) -> None:
    with served(primary.address()) as writing:
        writing.register(("khitab",), ("reds",))
        writing.must("/v1/reports", report("a"))
        writing.get("/v1/reports", after_position=3)
        with standby_of(primary) as standby, served(standby.address()) as reading:
            check_follows(writing, reading)
            check_tokens(writing, reading)
            assert verify(reading.service.log, reading.service.chronology).faults == []
            assert reading.service.chronology.digests() == writing.service.chronology.digests()


def check_follows(writing: Served, reading: Served) -> None:
    for i in range(3):
        position = writing.must("/v1/reports", report(f"b{i}"))["position"]
        asked = {"q": f"seen b{i}", "place": "khitab", "after_position": position}
        assert reading.get("/v1/reports", **asked)["reports"] == writing.get("/v1/reports", **asked)["reports"] != []


def check_tokens(writing: Served, reading: Served) -> None:
    token, secret = writing.service.tokens.create(Role.EDITOR, "somebody")
    await_true("the token is there", lambda: reading.service.tokens.role_of(secret) is Role.EDITOR)
    refused = httpx.post(f"{reading.url}/v1/reports", json=report("c"), headers={"Authorization": f"Bearer {secret}"})
    assert refused.status_code == 503, refused.text
    writing.service.tokens.revoke(token.id)
    sleep(1.5)
    assert reading.service.tokens.role_of(secret) is None


def test_commands_find_reports_on_a_standby_without_tables(primary: PostgresServer) -> None:
    assert chronology("load", "hama-2024", store=primary.address()).json["appended"] == 74
    with standby_of(primary) as standby:
        found = chronology("reports", "--q", "Khattab", store=standby.address()).json
        assert [each["id"] for each in found["reports"]] == ["hama-2024-s10"]
        assert chronology("verify", store=standby.address()).json["sound"]
        assert chronology("token", "list", store=standby.address()).json == []
        for writes in (["rebuild"], ["serve", "--port", "0"], ["token", "create", "--role", "editor", "--name", "x"]):
            assert "can't be written" in chronology(*writes, store=standby.address()).complaint


def test_who_may_only_look_finds_reports(primary: PostgresServer) -> None:
    assert chronology("load", "hama-2024", store=primary.address()).json["appended"] == 74
    chronology("reports", store=primary.address())  # makes the tables
    with psycopg.connect(primary.address(), autocommit=True) as connection:
        connection.execute("CREATE ROLE visitor LOGIN")
        connection.execute("GRANT USAGE ON SCHEMA chronology TO visitor")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA chronology TO visitor")
    visitor = primary.address().replace("postgres@", "visitor@")
    found = chronology("reports", "--q", "Khattab", store=visitor).json
    assert [each["id"] for each in found["reports"]] == ["hama-2024-s10"]
    assert "can't be written" in chronology("rebuild", store=visitor).complaint


def test_tables_whose_end_a_crash_took_are_filled_again() -> None:
    with started({}) as server:
        assert chronology("load", "hama-2024", store=server.address()).json["appended"] == 74
        with closing(open_log(server.address(), system_clock, create=False)) as log:
            tables = open_chronology(log)
            tables.prepare(log.head)
            catch_up(tables, log, until=40)
            server.stop(SIGQUIT)
        server.start()
        with closing(open_log(server.address(), system_clock, create=False)) as log:
            assert log.head() == 74
            with caught_up(log) as found:
                assert found.position == 74
            assert verify(log, open_chronology(log)).faults == []
