"""Columns reach PostgreSQL as psycopg's own lists do, and come back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import PostgresServer

from event_store.postgres.arrays import Byteas, Int2s, Int8s, Texts, columns, register

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=9)
COLUMN = st.one_of(
    st.tuples(st.just("smallint"), st.lists(st.integers(-(2**15), 2**15 - 1)).map(Int2s)),
    st.tuples(st.just("bigint"), st.lists(st.integers(-(2**63), 2**63 - 1)).map(Int8s)),
    st.tuples(st.just("text"), st.lists(TEXT).map(Texts)),
    st.tuples(st.just("bytea"), st.lists(st.binary(max_size=9)).map(Byteas)),
)


@pytest.fixture
def connection(postgres_server: PostgresServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_server.address(), autocommit=True) as found:
        register(found)
        yield found


@given(column=COLUMN)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_column_is_what_psycopg_makes_of_a_list(
    connection: psycopg.Connection, column: tuple[str, list[Any]]
) -> None:
    kind, values = column
    asked = f"SELECT %b::{kind}[], %b::{kind}[]"
    assert connection.execute(asked, (values, list(values)), binary=True).fetchone() == (list(values), list(values))


def test_a_text_that_postgres_cannot_keep_is_refused_before_it_is_sent(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.DataError, match="NUL"):
        connection.execute("SELECT %b::text[]", (Texts(["a", "b\x00"]),))


def test_rows_are_turned_into_columns_of_their_kinds() -> None:
    found = columns([(1, "a"), (2, "b")], Int8s, Texts)
    assert found == [[1, 2], ["a", "b"]]
    assert list(map(type, found)) == [Int8s, Texts]
