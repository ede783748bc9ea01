"""A token carries a role until it is revoked; only its hash is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from event_store.sqlite.database import Database
from event_store.sqlite.recorder import create_table
from service.tokens import Role, Tokens

NOW = 1_700_000_000_000_000
ADMIN = "an-admin-token-for-tests"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(tmp_path / "chronology.db", create_table, create=True)
    yield found
    found.close()


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


def test_the_secret_itself_is_nowhere_in_the_store(tokens: Tokens, database: Database) -> None:
    secrets = [tokens.create(Role.ADMIN, "somebody")[1] for _ in range(3)]
    database.close()
    kept = b"".join(path.read_bytes() for path in database.path.parent.iterdir())
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
