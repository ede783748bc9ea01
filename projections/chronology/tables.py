"""The tables themselves: what they are, how they are made and dropped, and a fingerprint of each.

A *content* is what a filing or a correction says. Its number tells both when its report was filed and which version of
it this is, so that in the order of these numbers the newest filed comes last, and an index on anything ends with it.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from domain.when.instant import END
from projections.chronology.keeping import Cursor

FORM = f"1/{unicodedata.unidata_version}"
"""Of the tables and of what is put into them: folding goes by the edition of Unicode. Another form is built anew."""

_VERSIONS = 24  # bits: a report has fewer versions than that
NEWEST = END
"""`until` of a content that nothing has replaced."""

_TABLES = {
    "chronology_state": "CREATE TABLE {} (form TEXT NOT NULL, position INTEGER NOT NULL)",
    "chronology_things": "CREATE TABLE {} (link TEXT PRIMARY KEY, words TEXT NOT NULL, above TEXT NOT NULL)"
    " WITHOUT ROWID",
    "chronology_reports": "CREATE TABLE {} (id TEXT PRIMARY KEY, newest INTEGER NOT NULL, retracted INTEGER)"
    " WITHOUT ROWID",
    # newest from `position` until, not including, `until`
    "chronology_contents": "CREATE TABLE {} (content INTEGER PRIMARY KEY, report TEXT NOT NULL,"
    " position INTEGER NOT NULL, until INTEGER NOT NULL)",
    "chronology_links": "CREATE TABLE {} (link TEXT NOT NULL, content INTEGER NOT NULL, PRIMARY KEY (link, content))"
    " WITHOUT ROWID",
    # `size` is how many bits the length of a window has: for each size, those that can overlap are one short run
    "chronology_windows": "CREATE TABLE {} (size INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL,"
    " content INTEGER NOT NULL, PRIMARY KEY (size, earliest, latest, content)) WITHOUT ROWID",
    "chronology_claims": "CREATE TABLE {} (likeness TEXT NOT NULL, content INTEGER NOT NULL,"
    " PRIMARY KEY (likeness, content)) WITHOUT ROWID",
    # our own words, a space between: `ascii` takes every sign beyond ASCII for a letter, and adds no folding to ours
    "chronology_words": "CREATE VIRTUAL TABLE {} USING fts5 (text, names, content='', tokenize='ascii')",
    "chronology_vocabulary": "CREATE VIRTUAL TABLE {} USING fts5vocab (chronology_words, instance)",
}
_INDEXES = {"chronology_windows_of": "CREATE INDEX {} ON chronology_windows (content)"}
_NAMES = frozenset(_TABLES | _INDEXES)

_PARTS = {
    "things": "SELECT link, words, above FROM chronology_things ORDER BY link",
    "reports": "SELECT id, newest, retracted FROM chronology_reports ORDER BY id",
    "contents": "SELECT content, report, position, until FROM chronology_contents ORDER BY content",
    "links": "SELECT link, content FROM chronology_links ORDER BY link, content",
    "windows": "SELECT size, earliest, latest, content FROM chronology_windows"
    " ORDER BY size, earliest, latest, content",
    "window index": "SELECT content, earliest, latest FROM chronology_windows INDEXED BY chronology_windows_of"
    " WHERE content > 0 ORDER BY content",
    "claims": "SELECT likeness, content FROM chronology_claims ORDER BY likeness, content",
    "words": "SELECT term, doc, col, offset FROM chronology_vocabulary",
}


def has_full_text() -> bool:
    """Whether the SQLite of this Python has FTS5, which the words of reports are found with."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE found USING fts5 (words)")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def content_number(filed: int, version: int) -> int:
    """The number of the content that a version of a report brought; `filed` is the position of its filing."""
    if version >> _VERSIONS:
        raise ValueError(f"version {version} of one report is more than can be told apart")
    return filed << _VERSIONS | version


def filed_at(content: int) -> int:
    """The position at which the report of a content was filed."""
    return content >> _VERSIONS


def first_of(filed: int) -> int:
    """A number below those of all contents of the report filed at that position."""
    return filed << _VERSIONS


def there(cursor: Cursor) -> frozenset[str]:
    """Which of our tables and indexes there are."""
    cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'chronology\\_%' ESCAPE '\\'")
    return _NAMES & {row[0] for row in cursor.fetchall()}


def position(cursor: Cursor) -> int | None:
    """How far the tables are; None where there are none that can be used: absent, incomplete or of another form."""
    if there(cursor) != _NAMES:
        return None
    cursor.execute("SELECT form, position FROM chronology_state")
    rows = cursor.fetchall()
    if len(rows) != 1 or rows[0][0] != FORM or type(rows[0][1]) is not int:
        return None
    found: int = rows[0][1]
    return found


def move(cursor: Cursor, position: int) -> None:
    cursor.execute("UPDATE chronology_state SET position = ?", (position,))


def create(cursor: Cursor) -> None:
    """Make the tables anew, empty, whatever was there under their names."""
    drop(cursor)
    for name, made in (_TABLES | _INDEXES).items():
        cursor.execute(made.format(name))
    cursor.execute("INSERT INTO chronology_state (form, position) VALUES (?, 0)", (FORM,))


def drop(cursor: Cursor) -> None:
    for name in reversed(_TABLES):  # what reads another goes before it
        cursor.execute(f"DROP TABLE IF EXISTS {name}")


def digests(cursor: Cursor) -> dict[str, str]:
    """A fingerprint of each part of the tables: equal for two that say the same."""
    return {part: _digest(cursor, statement) for part, statement in _PARTS.items()}


def _digest(cursor: Cursor, statement: str) -> str:
    found = sha256()
    for row in _rows(cursor, statement):
        found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def _rows(cursor: Cursor, statement: str) -> Iterator[Any]:
    """Row by row: there may be more of them than memory holds."""
    cursor.execute(statement)
    while (row := cursor.fetchone()) is not None:
        yield row
