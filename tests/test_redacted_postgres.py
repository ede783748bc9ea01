"""Redaction on PostgreSQL: the words leave every table, also as dead rows, and the log stays what it was."""

from __future__ import annotations

from postgres import PostgresServer
from running import await_true, chronology, serving

WORDS = ("bahaya", "zaynab", "vantongeren", "bahaia", "zainab")
"""As they were written, and as they are folded to be searched for."""
CLAIM = {"kind": "agreement", "parties": ["opposition"], "with": ["Vantongeren"], "places": ["salamiyah"]}
REPORT = {"id": "r", "text": "Zaynab saw Bahaya there.", "occurred": "2024-12-05", "claims": [CLAIM]}


def everything(server: PostgresServer, store: str) -> str:
    """Each row of each table as a text, bytes too."""
    database = store.rpartition("/")[2].partition("?")[0]
    tables = server.do("SELECT tablename FROM pg_tables WHERE schemaname = 'chronology'", database)
    rows = [
        server.do(f"SELECT convert_from(state, 'UTF8'), encode(salt, 'escape') FROM chronology.{table}", database)
        if table == "stored_events"
        else server.do(f"SELECT t::text FROM chronology.{table} AS t", database)
        for (table,) in tables
    ]
    return repr(rows).lower()


def vacuumed(server: PostgresServer, store: str) -> int:
    """How often each of the tables that hold words was vacuumed, at the least."""
    database = store.rpartition("/")[2].partition("?")[0]
    [(found,)] = server.do(
        "SELECT min(vacuum_count)::int FROM pg_stat_user_tables"
        " WHERE schemaname = 'chronology' AND relname IN ('stored_events', 'chronology_words')",
        database,
    )
    assert isinstance(found, int)
    return found


def test_the_words_leave_every_table_and_the_log_stays(postgres_server: PostgresServer, postgres_address: str) -> None:
    store = postgres_address
    chronology("load", "hama-2024", store=store)
    with serving(store) as running, running.client() as client:
        assert client.post("/v1/reports", json=REPORT).status_code == 201
        found = client.get("/v1/reports", params={"q": "zaynab", "after_position": 75}).json()["reports"]
        assert [each["id"] for each in found] == ["r"]
        before = everything(postgres_server, store)
        assert all(word in before for word in WORDS)
        tree = postgres_server.do("SELECT * FROM chronology.tree", store.rpartition("/")[2].partition("?")[0])
        answer = client.post("/v1/reports/r/redactions", json={"reason": "Erasure request 17"})
        assert (answer.status_code, answer.json()["position"]) == (201, 76)
        assert client.get("/v1/reports", params={"q": "zaynab", "after_position": 76}).json()["reports"] == []
        after = everything(postgres_server, store)
        assert not any(word in after for word in WORDS)
        again = postgres_server.do("SELECT * FROM chronology.tree", store.rpartition("/")[2].partition("?")[0])
        assert set(tree) < set(again)
        report = client.get("/v1/reports/r").json()
        assert (report["text"], bool(report["redacted"])) == ("", True)
    await_true("dead rows are gone", lambda: vacuumed(postgres_server, store) > 0)
    assert chronology("verify", store=store).json == {"sound": True, "position": 76, "faults": []}


def statistics(server: PostgresServer, store: str) -> str:
    """What the server has noted of our tables to plan by: values out of every column, among them whole events."""
    noted = server.do(
        "SELECT tablename, attname, concat(most_common_vals, histogram_bounds, most_common_elems) FROM pg_stats"
        " WHERE schemaname = 'chronology'",
        store.rpartition("/")[2].partition("?")[0],
    )
    return repr(noted).lower()


def test_the_words_leave_the_server_s_statistics_too(postgres_server: PostgresServer, postgres_address: str) -> None:
    store = postgres_address
    chronology("load", "hama-2024", store=store)
    with serving(store) as running, running.client() as client:
        assert client.post("/v1/reports", json=REPORT).status_code == 201
        client.get("/v1/reports", params={"q": "zaynab", "after_position": 75}).raise_for_status()
        postgres_server.do("ANALYZE", store.rpartition("/")[2].partition("?")[0])  # as autovacuum does by and by
        before = statistics(postgres_server, store)
        assert b"Vantongeren".hex() in before
        assert "bahaia" in before
        assert client.post("/v1/reports/r/redactions", json={"reason": "Erasure request 17"}).status_code == 201

        def left() -> list[str]:
            noted = statistics(postgres_server, store)
            return [word for word in WORDS if word in noted or word.title().encode().hex() in noted]

        await_true("they are gone", lambda: left() == [])


def test_what_a_stop_left_to_be_vacuumed_is_when_the_store_is_next_opened(
    postgres_server: PostgresServer, postgres_address: str
) -> None:
    store = postgres_address
    database = store.rpartition("/")[2].partition("?")[0]
    chronology("load", "hama-2024", store=store)
    chronology("rebuild", store=store)
    postgres_server.do("INSERT INTO chronology.to_wipe DEFAULT VALUES", database)
    assert vacuumed(postgres_server, store) == 0
    chronology("control", "hama", store=store)
    await_true("dead rows are gone", lambda: vacuumed(postgres_server, store) > 0)
    assert postgres_server.do("SELECT * FROM chronology.to_wipe", database) == []
