"""What is opened on PostgreSQL is a chronology, or one line says what it is instead; and no line tells a password."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from postgres import PostgresServer, free_port

from event_store.faults import CannotOpen, Unavailable
from event_store.postgres.database import SCHEMA, VERSION, PostgresDatabase, name_of


def refusal(address: str, *, create: bool = True) -> str:
    """Why it can't be opened, in one line that names it and tells no password."""
    with pytest.raises(CannotOpen) as refused:
        PostgresDatabase(address, lambda cursor: None, create=create)
    why = str(refused.value)
    assert "\n" not in why
    assert "hush" not in why
    assert name_of(address) in why
    return why


def do(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def end_connections(server: PostgresServer) -> None:
    server.do("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'chronology'")


@pytest.fixture
def database(postgres_address: str) -> Iterator[PostgresDatabase]:
    found = PostgresDatabase(postgres_address, lambda cursor: None, create=True)
    yield found
    found.close()


def test_a_database_that_nobody_answers_for_is_refused() -> None:
    assert "refused" in refusal(f"postgresql://me:hush@127.0.0.1:{free_port()}/chronology")


def test_a_database_that_there_is_none_of_is_refused_and_not_made(postgres_server: PostgresServer) -> None:
    assert '"nowhere" does not exist' in refusal(postgres_server.address("nowhere"))


def test_a_user_that_may_not_in_is_refused(postgres_server: PostgresServer) -> None:
    assert 'role "me" does not exist' in refusal(f"postgresql://me:hush@127.0.0.1:{postgres_server.port}/postgres")


@pytest.mark.parametrize(
    "setting", ["sslmode=perhaps", "connect_timeout=soon", "sslrootcert=/none&sslmode=verify-full"]
)
def test_a_setting_of_the_connection_that_cannot_be_used_is_refused(postgres_address: str, setting: str) -> None:
    refusal(f"{postgres_address}?{setting}")


def test_an_empty_database_becomes_a_store_only_if_asked(postgres_address: str) -> None:
    assert "there is no chronology in" in refusal(postgres_address, create=False)
    PostgresDatabase(postgres_address, lambda cursor: None, create=True).close()
    PostgresDatabase(postgres_address, lambda cursor: None, create=False).close()


def test_the_tables_of_another_program_are_no_hindrance_beside_ours(postgres_address: str) -> None:
    do(postgres_address, "CREATE TABLE songs (title text)", "CREATE TABLE stored_events (a int)")
    PostgresDatabase(postgres_address, lambda cursor: None, create=True).close()
    do(postgres_address, "SELECT title FROM public.songs", f"SELECT version FROM {SCHEMA}.chronology_store")


def test_a_schema_of_our_name_that_is_another_program_s_is_refused_and_left_as_it_was(postgres_address: str) -> None:
    do(postgres_address, f"CREATE SCHEMA {SCHEMA}", f"CREATE TABLE {SCHEMA}.songs (title text)")
    assert "that is no chronology" in refusal(postgres_address)
    with pytest.raises(psycopg.errors.UndefinedTable):
        do(postgres_address, f"SELECT * FROM {SCHEMA}.chronology_store")


def test_an_empty_schema_that_an_administrator_made_is_taken(postgres_address: str) -> None:
    role = "keeper"
    do(
        postgres_address,
        f"DROP ROLE IF EXISTS {role}",
        f"CREATE ROLE {role} LOGIN",
        f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {role}",
    )
    PostgresDatabase(postgres_address.replace("postgres@", f"{role}@"), lambda cursor: None, create=True).close()
    do(postgres_address, f"DROP SCHEMA {SCHEMA} CASCADE", f"DROP ROLE {role}")


def test_the_store_of_a_newer_program_is_refused(database: PostgresDatabase, postgres_address: str) -> None:
    do(postgres_address, f"UPDATE {SCHEMA}.chronology_store SET version = {VERSION + 1}")
    assert f"newer chronology (version {VERSION + 1} of its tables; this one knows {VERSION})" in refusal(
        postgres_address
    )


def test_a_database_that_is_not_in_utf_8_is_refused(postgres_server: PostgresServer) -> None:
    postgres_server.do("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")
    assert "ENCODING 'UTF8'" in refusal(postgres_server.address("latin"))
    postgres_server.drop(postgres_server.address("latin"))


def test_tables_that_could_not_all_be_made_are_not_there(postgres_address: str) -> None:
    def tables(cursor: psycopg.Cursor[tuple[object, ...]]) -> None:
        cursor.execute("CREATE TABLE one (a int)")
        cursor.execute("CREATE TABLE one (a int)")

    with pytest.raises(CannotOpen, match="already exists"):
        PostgresDatabase(postgres_address, tables, create=True)
    assert "there is no chronology in" in refusal(postgres_address, create=False)


def test_of_many_that_open_an_empty_database_at_once_one_makes_the_tables(postgres_address: str) -> None:
    made: list[int] = []

    def opened(number: int) -> None:
        PostgresDatabase(postgres_address, lambda cursor: made.append(number), create=True).close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(opened, range(8)))
    assert len(made) == 1


@pytest.mark.parametrize("default", ["off", "local"])
def test_a_commit_is_durable_whatever_the_server_s_default_is(postgres_address: str, default: str) -> None:
    do(postgres_address, f"ALTER DATABASE {postgres_address.rpartition('/')[2]} SET synchronous_commit = {default}")
    database = PostgresDatabase(postgres_address, lambda cursor: None, create=True)
    with database.writing() as cursor:
        assert cursor.execute("SHOW synchronous_commit").fetchone() == ("on",)
    database.close()


def test_what_asks_for_more_than_durable_gets_it(postgres_address: str) -> None:
    do(postgres_address, f"ALTER DATABASE {postgres_address.rpartition('/')[2]} SET synchronous_commit = remote_apply")
    database = PostgresDatabase(postgres_address, lambda cursor: None, create=True)
    with database.writing() as cursor:
        assert cursor.execute("SHOW synchronous_commit").fetchone() == ("remote_apply",)
    database.close()


# ---------------------------------------------------------------------------------------------------------------
# Transactions
# ---------------------------------------------------------------------------------------------------------------


def test_who_reads_sees_one_state_and_writes_nothing(database: PostgresDatabase) -> None:
    with database.writing() as cursor:
        cursor.execute("CREATE TABLE numbers (n int)")
    with database.reading() as reading:
        assert reading.execute("SELECT count(*) FROM numbers").fetchone() == (0,)
        with database.writing() as writing:
            writing.executemany("INSERT INTO numbers VALUES (%s)", [(1,), (2,)])
        assert reading.execute("SELECT count(*) FROM numbers").fetchone() == (0,)
    with pytest.raises(Unavailable, match="read-only"), database.reading() as reading:
        reading.execute("INSERT INTO numbers VALUES (3)")
    with database.reading() as reading:
        assert reading.execute("SELECT n FROM numbers ORDER BY n").fetchall() == [(1,), (2,)]


def test_an_exception_undoes_what_was_written(database: PostgresDatabase) -> None:
    with database.writing() as cursor:
        cursor.execute("CREATE TABLE numbers (n int PRIMARY KEY)")
    with pytest.raises(StopIteration), database.writing() as cursor:
        next(iter(cursor.execute("INSERT INTO numbers VALUES (1) RETURNING n").fetchall()[1:]))
    with pytest.raises(database.IntegrityError), database.writing() as cursor:
        cursor.executemany("INSERT INTO numbers VALUES (%s)", [(1,), (1,)])
    with database.reading() as cursor:
        assert cursor.execute("SELECT n FROM numbers").fetchall() == []


def test_connections_that_the_server_ended_are_not_used_again(
    database: PostgresDatabase, postgres_server: PostgresServer
) -> None:
    with database.reading(), database.reading(), database.reading():
        pass
    end_connections(postgres_server)
    with database.reading() as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)


def test_a_connection_that_ends_in_a_transaction_is_an_unavailable_store(
    database: PostgresDatabase, postgres_server: PostgresServer
) -> None:
    with pytest.raises(Unavailable), database.writing():
        end_connections(postgres_server)


def test_a_closed_database_answers_nothing(database: PostgresDatabase) -> None:
    database.close()
    with pytest.raises(Unavailable, match="closed"), database.reading():
        pass


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("postgresql://me:hush@host:5433/db", "postgresql://host:5433/db"),
        ("postgres://me:hush@host/db?sslmode=require", "postgresql://host/db"),
        ("postgresql://h1:1,h2:2/db?target_session_attrs=read-write", "postgresql://h1:1,h2:2/db"),
        ("postgresql:///db?host=/run/postgresql", "postgresql://%2Frun%2Fpostgresql/db"),
        ("postgresql:///db", "postgresql:///db"),
    ],
)
def test_an_address_is_told_without_its_password(address: str, name: str) -> None:
    assert name_of(address) == name


@pytest.mark.parametrize("address", ["postgresql://me:hush@[::1/db", "postgresql://me:hush@host/db?colour=hush"])
def test_an_address_that_is_none_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        name_of(address)
    assert "hush" not in str(refused.value)
