"""Tokens and the roles they carry. A token is shown once; only its hash is kept, beside the log."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from hmac import compare_digest

from event_store.sqlite.database import Database
from service.clock import Clock

_FRESH = 1.0  # seconds for which what another process does to the tokens may go unseen


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
    """The tokens of one store. `admin_token` is one more, from the environment."""

    def __init__(self, database: Database, clock: Clock, admin_token: str | None = None) -> None:
        self._database = database
        self._clock = clock
        self._admin = None if admin_token is None else _hash(admin_token)
        self._known: dict[str, Token] = {}
        self._known_until = 0.0
        with database.reading() as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'tokens'")
            there = cursor.fetchone() is not None
        if not there:
            with database.writing() as cursor:
                cursor.execute(
                    "CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, "
                    "hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, revoked_at INTEGER)"
                )

    def create(self, role: Role, name: str) -> tuple[Token, str]:
        """A new token and the secret itself, which is not kept."""
        secret = secrets.token_urlsafe(32)
        token = Token(secrets.token_hex(4), name, role, self._clock())
        with self._database.writing() as cursor:
            cursor.execute(
                "INSERT INTO tokens (id, name, role, hash, created_at) VALUES (?, ?, ?, ?, ?)",
                (token.id, name, role.word, _hash(secret), token.created_at),
            )
        self._known_until = 0.0
        return token, secret

    def every(self) -> list[Token]:
        """Every token there has been, the oldest first."""
        return [token for token, _ in self._rows()]

    def revoke(self, id: str) -> bool:
        """Whether there was such a token, not revoked before."""
        with self._database.writing() as cursor:
            cursor.execute(
                "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING id", (self._clock(), id)
            )
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
            cursor.execute("SELECT id, name, role, hash, created_at, revoked_at FROM tokens ORDER BY created_at, id")
            return [(Token(row[0], row[1], Role[row[2].upper()], row[4], row[5]), row[3]) for row in cursor.fetchall()]


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()  # of 256 random bits: nothing to guess, so nothing to slow down
