"""The tables in PostgreSQL. An index of tsvectors, made without its dictionaries, sieves the words.

A tsvector can't hold every text of ours: its lexemes, the places in it and all of it have a largest size, beyond which
it refuses or forgets. So the index tells which contents can say what is asked for, and the words themselves which do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from projections.chronology.condition import Condition, Run
from projections.chronology.keeping import Cursor, Database
from projections.chronology.words import Phrase, Query
from projections.folding import forget

_LEXEME = 250  # signs of up to four bytes; a lexeme has less than 2,048 bytes, a repetition in a pattern 255 at most
_LARGEST = 500_000  # bytes of words in a row's tsvector, which has less than 1,048,576
_ANYTHING = "*"
"""The lexeme of a row that has too many words to sieve. No word is that."""

_SIEVE = rf"""
CASE WHEN octet_length(text) + octet_length(names) > {_LARGEST} THEN array_to_tsvector(ARRAY['{_ANYTHING}'])
ELSE array_to_tsvector(array_remove(string_to_array(
    regexp_replace(text || names, '([^ ]{{{_LEXEME}}})[^ ]+', '\1', 'g'), ' '), ''))
END
"""
_SAYS = "strpos(w.text || w.names, ?) > 0"
"""No phrase runs on from the text into the names: there are two spaces between."""

_TABLES = {
    "chronology_state": "form text NOT NULL, position bigint NOT NULL",
    "chronology_things": 'link text COLLATE "C" PRIMARY KEY, words text NOT NULL, above text NOT NULL',
    "chronology_reports": 'id text COLLATE "C" PRIMARY KEY, newest bigint NOT NULL, retracted bigint',
    # newest from `position` until, not including, `until`
    "chronology_contents": 'content bigint PRIMARY KEY, report text COLLATE "C" NOT NULL, position bigint NOT NULL,'
    " until bigint NOT NULL",
    "chronology_links": 'link text COLLATE "C" NOT NULL, content bigint NOT NULL, PRIMARY KEY (link, content)',
    # `size` is how many bits the length of a window has: for each size, those that can overlap are one short run
    "chronology_windows": "size bigint NOT NULL, earliest bigint NOT NULL, latest bigint NOT NULL,"
    " content bigint NOT NULL, PRIMARY KEY (size, earliest, latest, content)",
    "chronology_claims": 'likeness text COLLATE "C" NOT NULL, content bigint NOT NULL, PRIMARY KEY (likeness, content)',
    # our own words, a space before, between and behind
    "chronology_words": 'content bigint PRIMARY KEY, text text COLLATE "C" NOT NULL, names text COLLATE "C" NOT NULL,'
    f" sieve tsvector NOT NULL GENERATED ALWAYS AS ({_SIEVE}) STORED",
}
_INDEXES = {
    "chronology_windows_of": "chronology_windows (content)",
    "chronology_words_in": "chronology_words USING gin (sieve)",
}
_NAMES = [*_TABLES, *_INDEXES]

_COLUMNS = {
    "things": "link, words, above",
    "reports": "id, newest, retracted",
    "contents": "content, report, position, until",
    "links": "link, content",
    "windows": "size, earliest, latest, content",
    "claims": "likeness, content",
    "words": "content, text, names",
}

_PARTS = {
    "things": "SELECT link, words, above FROM chronology_things ORDER BY link",
    "reports": "SELECT id, newest, retracted FROM chronology_reports ORDER BY id",
    "contents": "SELECT content, report, position, until FROM chronology_contents ORDER BY content",
    "links": "SELECT link, content FROM chronology_links ORDER BY link, content",
    "windows": "SELECT size, earliest, latest, content FROM chronology_windows"
    " ORDER BY size, earliest, latest, content",
    "claims": "SELECT likeness, content FROM chronology_claims ORDER BY likeness, content",
    "words": "SELECT term, content, col, nth - 1 FROM chronology_words,"
    " LATERAL (VALUES (0, 'text', text), (1, 'names', names)) AS c (number, col, said),"
    " unnest(array_remove(string_to_array(said, ' '), '')) WITH ORDINALITY AS t (term, nth)"
    ' ORDER BY term COLLATE "C", content, number, nth',
}

_NO_WORDS = "  "
_LOCK = 0x6368726F6E  # whose transaction writes the tables holds it: "chron"
_AT_A_TIME = 5000


class _Marked:
    """A cursor of psycopg that takes our statements, and plans each by its values: some words are rare, others not."""

    def __init__(self, cursor: Any) -> None:
        self.own = cursor

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> object:
        return self.own.execute(sql.replace("?", "%s"), values or None, prepare=False)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        return self.own.executemany(sql.replace("?", "%s"), rows)

    def fetchone(self) -> Any:
        return self.own.fetchone()

    def fetchall(self) -> Any:
        return self.own.fetchall()


class Postgres:
    """The duties of `projections.chronology.engine.Engine`."""

    parts = _PARTS

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        with self._database.reading() as cursor:
            yield _Marked(cursor)

    @contextmanager
    def writing(self) -> Iterator[_Marked]:
        with self._database.deriving() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield _Marked(cursor)

    @contextmanager
    def erasing(self) -> Iterator[_Marked]:
        with self._database.erasing() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield _Marked(cursor)

    def there(self, cursor: Cursor) -> bool:
        cursor.execute("SELECT count(*) FROM unnest(?::text[]) AS name WHERE to_regclass(name) IS NOT NULL", (_NAMES,))
        return bool(cursor.fetchone()[0] == len(_NAMES))

    def create(self, cursor: Cursor) -> None:
        for name in _TABLES:  # the state first, which every reader takes first: so none waits with another in its hands
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
        for name, columns in _TABLES.items():
            cursor.execute(f"CREATE TABLE {name} ({columns})")
        for name, index in _INDEXES.items():
            cursor.execute(f"CREATE INDEX {name} ON {index}")

    def put(self, cursor: Cursor, table: str, rows: Sequence[Sequence[Any]]) -> None:
        assert isinstance(cursor, _Marked)  # noqa: S101 - from `writing`
        with cursor.own.copy(f"COPY chronology_{table} ({_COLUMNS[table]}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((row[0], f" {row[1]} ", f" {row[2]} ") if table == "words" else row)

    def erase_words(self, cursor: Cursor, contents: Sequence[int]) -> None:
        forget()
        cursor.execute("UPDATE chronology_words SET text = ? WHERE content = ANY(?)", (_NO_WORDS, list(contents)))

    def take_stock(self, cursor: Cursor) -> None:
        """The server does so by itself too, but a minute late."""
        for name in _TABLES:
            cursor.execute(f"ANALYZE {name}")

    def rows(self, cursor: Cursor, statement: str) -> Iterator[Sequence[Any]]:
        cursor.execute(f"DECLARE chronology_rows NO SCROLL CURSOR FOR {statement}")
        while True:
            cursor.execute(f"FETCH {_AT_A_TIME} FROM chronology_rows")
            if not (rows := cursor.fetchall()):
                break
            yield from rows
        cursor.execute("CLOSE chronology_rows")

    def among(self, values: Sequence[str]) -> tuple[str, Any]:
        return "= ANY(?::text[])", list(values)

    def overlapping(self, sizes: Sequence[tuple[int, int]], start: int, end: int, below: int) -> Run:
        """OFFSET 0 keeps the planner, which can't know how short the runs are, from reading all windows at once."""
        return Run(
            "d.content",
            "unnest(?::bigint[], ?::bigint[]) AS s (size, earliest) CROSS JOIN LATERAL ("
            "SELECT w.content FROM chronology_windows AS w WHERE w.size = s.size AND w.earliest >= s.earliest"
            " AND w.earliest <= ? AND w.latest >= ? AND w.content < ? OFFSET 0) AS d",
            "true",
            ([each for each, _ in sizes], [each for _, each in sizes], end, start, below),
            ordered=False,
        )

    def worded(self, query: Query, below: int) -> Condition:
        said, values = _said(query)
        return Condition(
            f"EXISTS (SELECT 1 FROM chronology_words AS w WHERE w.content = c.content AND {said})",  # noqa: S608 - made of constants
            values,
            (
                Run(
                    "w.content",
                    "chronology_words AS w",
                    f"w.sieve @@ ?::tsquery AND w.content < ? AND {said}",
                    (_sieved(query), below, *values),
                    ordered=False,
                ),
            ),
        )

    def arm(self, run: Run, where: str, limit: int) -> tuple[str, tuple[Any, ...]]:
        """What goes first, and when to stop, is told: the planner would guess, and guesses badly by a fresh table."""
        lead = f"SELECT {run.content} AS content FROM {run.table} WHERE {run.where}"  # noqa: S608 - made of constants
        if not run.ordered:
            lead = f"SELECT DISTINCT content FROM ({lead} OFFSET 0) AS run"  # noqa: S608 - made of constants
        return (
            f"SELECT content FROM (SELECT d.content FROM ({lead}) AS d CROSS JOIN LATERAL"  # noqa: S608 - made of constants
            f" (SELECT FROM chronology_contents AS c WHERE c.content = d.content AND {where} OFFSET 0) AS c"
            " ORDER BY 1 DESC LIMIT ?) AS arm",
            (limit,),
        )


def _sieved(query: Query) -> str:
    """A tsquery that finds, among others, whatever says what is asked for."""
    units = " & ".join(f"({' | '.join(map(_lexemes, unit))})" for unit in query.units)
    return f"({units}) | '{_ANYTHING}'"


def _lexemes(phrase: Phrase) -> str:
    """All of its words, wherever they are."""
    lexemes = [f"'{word[:_LEXEME]}'" for word in phrase.words]  # words are of letters and digits alone
    return f"({' & '.join(lexemes)}{':*' if phrase.begins else ''})"


def _said(query: Query) -> tuple[str, tuple[str, ...]]:
    """That the words `w` say it, exactly."""
    units = " AND ".join(f"({' OR '.join(_SAYS for _ in unit)})" for unit in query.units)
    values = (f" {' '.join(each.words)}{'' if each.begins else ' '}" for unit in query.units for each in unit)
    return units, tuple(values)
