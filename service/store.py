"""From a store's address to its log."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from event_store.log import Log
from event_store.sqlite.log import SQLiteLog
from projections.chronology.keeping import Database
from service.clock import Clock
from service.settings import BadSetting

Committed = Callable[[int, float], None]
"""Told of each transaction: how many events it appended, and the seconds that it took."""


class StoredLog(Log, Protocol):
    """A log with the database that keeps it, where tokens and tables stand beside it."""

    @property
    def database(self) -> Database: ...


def open_log(url: str, clock: Clock, *, create: bool, committed: Committed = lambda events, seconds: None) -> StoredLog:
    """Open a store. Raises BadSetting for an address that is none, CannotOpen for what is there."""
    if is_postgres(url):
        return _open_postgres(url, clock, create, committed)
    return SQLiteLog(sqlite_path(url), clock, create=create, committed=committed)


def is_postgres(url: str) -> bool:
    return url.startswith(("postgresql://", "postgres://"))


def shown(url: str) -> str:
    """The address for people, without a password."""
    if not is_postgres(url):
        return url
    from event_store.postgres.database import name_of

    return name_of(url)


def sqlite_path(url: str) -> Path:
    """The file of `sqlite:///relative.db` or `sqlite:////absolute.db`. Raises BadSetting for any other address."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadSetting(f"{_without_user(url)} is no store: {error}") from None
    path = unquote(parts.path)
    if parts.scheme != "sqlite" or parts.netloc or len(path) < 2 or parts.query or parts.fragment or "\0" in path:
        raise BadSetting(
            f"{_without_user(url)} is no store: sqlite:///chronology.db, sqlite:////folder/chronology.db or "
            "postgresql://user:password@host:port/database"
        )
    if path == "/:memory:":
        raise BadSetting("a chronology in memory would be lost with the process: name a file")
    return Path(path[1:])


def _open_postgres(url: str, clock: Clock, create: bool, committed: Committed) -> StoredLog:
    try:
        from event_store.postgres.log import PostgresLog
    except ImportError as error:
        raise BadSetting(
            f"postgresql://…: PostgreSQL needs more than is installed ({error}): pip install 'chronology[postgres]'"
        ) from None
    try:
        return PostgresLog(url, clock, create=create, committed=committed)
    except ValueError as error:
        raise BadSetting(f"postgresql://…: it is no address of a database: {error}") from None


def _without_user(url: str) -> str:
    """Without a user's name and password, should there be some."""
    return repr(re.sub(r"//.*@", "//…@", url))
