"""A token carries a role until it is revoked; only its hash is kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from event_store.faults import Unavailable
from event_store.postgres.database import PostgresDatabase
from projections.chronology.keeping import Database
from service.clock import system_clock
from service.store import StoredLog, open_log
from service.tokens import Role, Tokens

NOW = 1_700_000_000_000_000
ADMIN = "an-admin-token-for-tests"


@pytest.fixture
def log(every_store: str) -> Iterator[StoredLog]:
    found = open_log(every_store, system_clock, create=True)
    yield found
    found.close()


@pytest.fixture
def database(log: StoredLog) -> Database:
    return log.database


@pytest.fixture
def tokens(database: Database) -> Tokens:
    return Tokens(database, lambda: NOW)


@pytest.mark.parametrize("role", Role)
def test_a_token_carries_the_role_it_was_made_with(tokens: Tokens, role: Role) -> None:
    token, secret = tokens.create(role, "somebody")
    assert tokens.role_of(secret) is role
    assert (token.role, token.name, token.created_at, token.revoked_at) == (role, "somebody", NOW, None)


def test_each_role_may_what_those_before_it_may() -> None:
    assert sorted(Role) == [Role.READER, Role.REPORTER, Role.EDITOR, Role.ADMIN]
    assert [role.word for role in sorted(Role)] == ["reader", "reporter", "editor", "admin"]


def test_what_was_never_made_carries_no_role(tokens: Tokens) -> None:
    token, secret = tokens.create(Role.EDITOR, "somebody")
    for other in ("", token.id, token.name, secret[:-1], secret + "x", secret.swapcase()):
        assert tokens.role_of(other) is None


def test_a_revoked_token_carries_no_role(tokens: Tokens) -> None:
    token, secret = tokens.create(Role.EDITOR, "somebody")
    _, another = tokens.create(Role.READER, "another")
    assert tokens.role_of(secret) is Role.EDITOR
    assert tokens.revoke(token.id)
    assert tokens.role_of(secret) is None
    assert tokens.role_of(another) is Role.READER


def test_a_token_is_revoked_once(tokens: Tokens) -> None:
    token, _ = tokens.create(Role.EDITOR, "somebody")
    assert [tokens.revoke(token.id), tokens.revoke(token.id), tokens.revoke("none")] == [True, False, False]
    assert [each.revoked_at for each in tokens.every()] == [NOW]


def test_every_token_there_has_been_is_listed(tokens: Tokens) -> None:
    made = [tokens.create(Role.READER, "same name")[0] for _ in range(3)]
    tokens.revoke(made[0].id)
    assert sorted(each.id for each in tokens.every()) == sorted(each.id for each in made)
    assert len({each.id for each in made}) == 3


def test_the_secret_itself_is_nowhere_in_the_store(tokens: Tokens, log: StoredLog, tmp_path: Path) -> None:
    secrets = [tokens.create(Role.ADMIN, "somebody")[1] for _ in range(3)]
    if isinstance(log.database, PostgresDatabase):
        with log.database.reading() as cursor:
            kept = repr(cursor.execute("SELECT tokens::text FROM tokens").fetchall()).encode()
    else:
        log.close()
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"somebody" in kept
    assert not any(secret.encode() in kept for secret in secrets)


def test_secrets_cannot_be_guessed(tokens: Tokens) -> None:
    secrets = {tokens.create(Role.READER, "x")[1] for _ in range(20)}
    assert len(secrets) == 20
    assert all(len(secret) >= 43 for secret in secrets)  # 256 bits


def test_tokens_outlive_the_process(tokens: Tokens, database: Database) -> None:
    _, secret = tokens.create(Role.REPORTER, "somebody")
    assert Tokens(database, lambda: NOW).role_of(secret) is Role.REPORTER


def test_the_admin_token_of_the_environment_is_one_more_and_is_not_kept(database: Database) -> None:
    tokens = Tokens(database, lambda: NOW, ADMIN)
    assert tokens.role_of(ADMIN) is Role.ADMIN
    assert tokens.role_of(ADMIN + "x") is None
    assert tokens.every() == []
    assert Tokens(database, lambda: NOW).role_of(ADMIN) is None


def test_what_another_process_does_to_tokens_is_seen_within_about_a_second(database: Database) -> None:
    ours, theirs = Tokens(database, lambda: NOW), Tokens(database, lambda: NOW)
    token, secret = theirs.create(Role.EDITOR, "somebody")
    assert ours.role_of(secret) is Role.EDITOR
    theirs.revoke(token.id)
    sleep(1.1)
    assert ours.role_of(secret) is None


def test_who_only_looks_at_tokens_writes_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise Unavailable("it is read-only")

    with monkeypatch.context() as only_read:
        only_read.setattr(database, "writing", refuse)
        tokens = Tokens(database, lambda: NOW, ADMIN)
        assert (tokens.every(), tokens.role_of("x"), tokens.role_of(ADMIN)) == ([], None, Role.ADMIN)
    _, secret = tokens.create(Role.READER, "somebody")
    monkeypatch.setattr(database, "writing", refuse)
    assert Tokens(database, lambda: NOW).role_of(secret) is Role.READER


def test_the_first_tokens_of_two_processes_are_both_made(every_store: str) -> None:
    logs = [open_log(every_store, system_clock, create=True) for _ in range(2)]
    with ThreadPoolExecutor() as threads:
        made = [threads.submit(Tokens(each.database, lambda: NOW).create, Role.READER, "x") for each in logs]
        ids = {each.result()[0].id for each in made}
    assert {each.id for each in Tokens(logs[0].database, lambda: NOW).every()} == ids
    assert len(ids) == 2
    for log in logs:
        log.close()
