"""From a store's address to its log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from event_store.sqlite.log import SQLiteLog
from service.clock import Clock
from service.settings import BadSetting


def sqlite_path(url: str) -> Path:
    """The file of `sqlite:///relative.db` or `sqlite:////absolute.db`. Raises BadSetting for any other address."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadSetting(f"{url!r} is no store: {error}") from None
    if parts.scheme in ("postgresql", "postgres"):
        raise BadSetting(
            f"{parts.scheme}://…: this version keeps its chronology in SQLite only (sqlite:///chronology.db)"
        )
    path = unquote(parts.path)
    if parts.scheme != "sqlite" or parts.netloc or len(path) < 2 or parts.query or parts.fragment or "\0" in path:
        raise BadSetting(f"{url!r} is no store: sqlite:///chronology.db, or sqlite:////folder/chronology.db")
    if path == "/:memory:":
        raise BadSetting("a chronology in memory would be lost with the process: name a file")
    return Path(path[1:])


def open_log(
    url: str, clock: Clock, *, create: bool, committed: Callable[[int, float], None] = lambda events, seconds: None
) -> SQLiteLog:
    """Open a store. Raises BadSetting for an address that is none, CannotOpen for what is there.

    `committed` is told of each transaction: how many events it appended, and the seconds that it took.
    """
    return SQLiteLog(sqlite_path(url), clock, create=create, committed=committed)
