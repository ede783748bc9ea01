"""Tokens and the roles they carry. A token is shown once; only its hash is kept, beside the log."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from projections.chronology.keeping import Database
from service.clock import Clock

_FRESH = 1.0  # seconds for which what another process does to the tokens may go unseen

_TABLE = (
    "CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, "
    "hash TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL, revoked_at BIGINT)"
)
_MAKE = {"sqlite": [_TABLE], "postgres": ["SELECT pg_advisory_xact_lock(0x746F6B656E)", _TABLE]}
"""PostgreSQL makes one table twice at once unless it is kept from that: by a lock, of "token"."""
_THERE = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'tokens'",
    "postgres": "SELECT 1 WHERE to_regclass('tokens') IS NOT NULL",
}


class Role(IntEnum):
    """Each may do what those before it may."""

    READER = 1
    REPORTER = 2
    EDITOR = 3
    ADMIN = 4

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token. `created_at` and `revoked_at` are instants."""

    id: str
    name: str
    role: Role
    created_at: int
    revoked_at: int | None = None


class Tokens:
    """The tokens of one store, also of one that is only read. `admin_token` is one more, from the environment."""

    def __init__(self, database: Database, clock: Clock, admin_token: str | None = None) -> None:
        self._database = database
        self._clock = clock
        self._admin = None if admin_token is None else _hash(admin_token)
        self._known: dict[str, Token] = {}
        self._known_until = 0.0

    def create(self, role: Role, name: str) -> tuple[Token, str]:
        """A new token and the secret itself, which is not kept."""
        secret = secrets.token_urlsafe(32)
        token = Token(secrets.token_hex(4), name, role, self._clock())
        row = (token.id, token.name, token.role.word, _hash(secret), token.created_at)
        with self._database.writing() as cursor:
            for statement in _MAKE[self._database.dialect]:
                cursor.execute(statement)
            cursor.execute(
                self._marked("INSERT INTO tokens (id, name, role, hash, created_at) VALUES (?, ?, ?, ?, ?)"), row
            )
        self._known_until = 0.0
        return token, secret

    def every(self) -> list[Token]:
        """Every token there has been, the oldest first."""
        return [token for token, _ in self._rows()]

    def revoke(self, id: str) -> bool:
        """Whether there was such a token, not revoked before."""
        revoke = "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING id"
        with self._database.writing() as cursor:
            found = self._there(cursor)
            if found:
                cursor.execute(self._marked(revoke), (self._clock(), id))
                found = cursor.fetchone() is not None
        self._known_until = 0.0
        return found

    def role_of(self, secret: str) -> Role | None:
        """The role that a secret carries; None for one that is unknown or revoked."""
        hashed = _hash(secret)
        if self._admin is not None and compare_digest(hashed, self._admin):
            return Role.ADMIN
        if time.monotonic() >= self._known_until:
            self._known = {hash: token for token, hash in self._rows() if token.revoked_at is None}
            self._known_until = time.monotonic() + _FRESH
        token = self._known.get(hashed)
        return None if token is None else token.role

    def _rows(self) -> list[tuple[Token, str]]:
        with self._database.reading() as cursor:
            if not self._there(cursor):
                return []
            cursor.execute("SELECT id, name, role, hash, created_at, revoked_at FROM tokens ORDER BY created_at, id")
            return [(Token(row[0], row[1], Role[row[2].upper()], row[4], row[5]), row[3]) for row in cursor.fetchall()]

    def _there(self, cursor: Any) -> bool:
        """Whether there are any: their table is made with the first, so that who only reads never writes."""
        cursor.execute(_THERE[self._database.dialect])
        return cursor.fetchone() is not None

    def _marked(self, statement: str) -> str:
        return statement.replace("?", "%s") if self._database.dialect == "postgres" else statement


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()  # of 256 random bits: nothing to guess, so nothing to slow down
