"""The tables in SQLite, with FTS5 for the words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache
from itertools import chain
from typing import Any

from projections.chronology.condition import Condition, Run
from projections.chronology.erasing import erase_words
from projections.chronology.keeping import Cursor, Database
from projections.chronology.words import Phrase, Query

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

_PUT = {
    "things": "INSERT INTO chronology_things (link, words, above) VALUES (?, ?, ?)",
    "reports": "INSERT INTO chronology_reports (id, newest, retracted) VALUES (?, ?, ?)",
    "contents": "INSERT INTO chronology_contents (content, report, position, until) VALUES (?, ?, ?, ?)",
    "links": "INSERT INTO chronology_links (link, content) VALUES (?, ?)",
    "windows": "INSERT INTO chronology_windows (size, earliest, latest, content) VALUES (?, ?, ?, ?)",
    "claims": "INSERT INTO chronology_claims (likeness, content) VALUES (?, ?)",
    "words": "INSERT INTO chronology_words (rowid, text, names) VALUES (?, ?, ?)",
}

_BY_THEMSELVES = frozenset({"words"})
"""FTS5 ends what it has gathered before each statement of several rows."""
_RUN = 64  # rows

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
    # as a search finds them
    "word index": "SELECT v.term, w.rowid FROM (SELECT DISTINCT term FROM chronology_vocabulary) AS v"
    " CROSS JOIN chronology_words AS w WHERE w.chronology_words MATCH '\"' || v.term || '\"'",
}


@cache
def _put_run(table: str) -> str:
    """The statement that puts a run of rows in."""
    into, values, row = _PUT[table].partition(" VALUES ")
    return f"{into}{values}{', '.join([row] * _RUN)}"


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


class SQLite:
    """The duties of `projections.chronology.engine.Engine`."""

    parts = _PARTS

    def __init__(self, database: Database) -> None:
        self._database = database

    def reading(self) -> AbstractContextManager[Cursor]:
        return self._database.reading()

    def writing(self) -> AbstractContextManager[Cursor]:
        return self._database.deriving()

    def erasing(self) -> AbstractContextManager[Cursor]:
        return self._database.erasing()

    def there(self, cursor: Cursor) -> bool:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'chronology\\_%' ESCAPE '\\'")
        return {row[0] for row in cursor.fetchall()} >= _NAMES

    def create(self, cursor: Cursor) -> None:
        for name in reversed(_TABLES):  # what reads another goes before it
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
        for name, made in (_TABLES | _INDEXES).items():
            cursor.execute(made.format(name))

    def put(self, cursor: Cursor, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Many by one statement, which takes Python's lock less often from whoever else works; the rest one by one."""
        end = 0 if table in _BY_THEMSELVES else len(rows) - len(rows) % _RUN
        for start in range(0, end, _RUN):
            cursor.execute(_put_run(table), tuple(chain.from_iterable(rows[start : start + _RUN])))
        cursor.executemany(_PUT[table], rows[end:])

    def erase_words(self, cursor: Cursor, contents: Sequence[int]) -> None:
        erase_words(cursor, contents)

    def take_stock(self, cursor: Cursor) -> None:
        pass  # its plans follow the order that a search is written in

    def rows(self, cursor: Cursor, statement: str) -> Iterator[Sequence[Any]]:
        cursor.execute(statement)
        while (row := cursor.fetchone()) is not None:
            yield row

    def among(self, values: Sequence[str]) -> tuple[str, Any]:
        return "IN (SELECT value FROM json_each(?))", json.dumps(values)

    def overlapping(self, sizes: Sequence[tuple[int, int]], start: int, end: int, below: int) -> Run:
        return Run(
            "d.content",
            f"(VALUES {', '.join('(?, ?)' for _ in sizes)}) AS s CROSS JOIN chronology_windows AS d"
            " ON d.size = s.column1 AND d.earliest >= s.column2",
            "d.earliest <= ? AND d.latest >= ? AND d.content < ?",
            (*(value for each in sizes for value in each), end, start, below),
            ordered=False,
        )

    def worded(self, query: Query, below: int) -> Condition:
        match = matching(query)
        return Condition(
            "EXISTS (SELECT 1 FROM chronology_words WHERE chronology_words MATCH ? AND rowid = c.content)",
            (match,),
            (Run("d.rowid", "chronology_words AS d", "d.chronology_words MATCH ? AND d.rowid < ?", (match, below)),),
        )

    def arm(self, run: Run, where: str, limit: int) -> tuple[str, tuple[Any, ...]]:
        """Arms that are ordered are merged as far as the limit of all."""
        distinct = "" if run.ordered else "DISTINCT "
        return (
            f"SELECT {distinct}{run.content} AS content FROM {run.table} CROSS JOIN chronology_contents AS c"  # noqa: S608 - made of constants
            f" ON c.content = {run.content} WHERE {run.where} AND {where}",
            (),
        )


def matching(query: Query) -> str:
    """The query as an expression of FTS5, of quoted words alone: nothing that anybody types is syntax."""
    return " AND ".join(f"({' OR '.join(map(_quoted, unit))})" for unit in query.units)


def _quoted(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.begins else ""}'  # words are of letters and digits alone
