"""The tables themselves: what stands in them, how far they are, and a fingerprint of each.

A *content* is what a filing or a correction says. Its number tells both when its report was filed and which version of
it this is, so that in the order of these numbers the newest filed comes last, and an index on anything ends with it.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256

from domain.when.instant import END
from projections.chronology.engine import Engine
from projections.chronology.keeping import Cursor

FORM = f"2/{unicodedata.unidata_version}"
"""Of the tables and of what is put into them: folding goes by the edition of Unicode. Another form is built anew."""

_VERSIONS = 24  # bits: a report has fewer versions than that
NEWEST = END
"""`until` of a content that nothing has replaced."""


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


def position(engine: Engine, cursor: Cursor) -> int | None:
    """How far the tables are; None where there are none that can be used: absent, incomplete or of another form."""
    if not engine.there(cursor):
        return None
    cursor.execute("SELECT form, position FROM chronology_state")
    rows = cursor.fetchall()
    if len(rows) != 1 or rows[0][0] != FORM or type(rows[0][1]) is not int:
        return None
    found: int = rows[0][1]
    return found


def move(cursor: Cursor, position: int) -> None:
    cursor.execute("UPDATE chronology_state SET position = ?", (position,))


def create(engine: Engine, cursor: Cursor) -> None:
    """Make the tables anew, empty, whatever was there under their names."""
    engine.create(cursor)
    cursor.execute("INSERT INTO chronology_state (form, position) VALUES (?, 0)", (FORM,))


def digests(engine: Engine, cursor: Cursor) -> dict[str, str]:
    """A fingerprint of each part of the tables: equal for two that say the same, on whatever engine."""
    return {part: _digest(engine, cursor, statement) for part, statement in engine.parts.items()}


def _digest(engine: Engine, cursor: Cursor, statement: str) -> str:
    found = sha256()
    for row in engine.rows(cursor, statement):
        found.update(repr(tuple(row)).encode())
    return found.hexdigest()
