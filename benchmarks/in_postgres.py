"""The spans in PostgreSQL: a range for each of the two times, in a GiST index together with the place."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from benchmarks.spans import Span
from domain.when.instant import BEGINNING, END

_TABLE = "CREATE TABLE spans (place {}, valid int8range NOT NULL, known int8range NOT NULL, answer text NOT NULL)"
_WITHIN = "valid @> %s::int8 AND known @> %s::int8"
_EXTENSION = "SELECT 1 FROM pg_available_extensions WHERE name = 'btree_gist'"


class InPostgres:
    """Where its `btree_gist` is not there, a place is its number, as a range too: GiST itself takes no plain value."""

    def __init__(self, url: str, spans: Sequence[Span]) -> None:
        driver: Any = import_module("psycopg")  # only the extra `bench` brings it
        self._connection: Any = driver.connect(url, autocommit=True)
        self._numbers = {place: i for i, place in enumerate(sorted({each.place for each in spans}))}
        self._places = list(self._numbers)
        self._plain = self._connection.execute(_EXTENSION).fetchone() is not None
        if self._plain:
            self._connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        self._fill(spans)

    def _fill(self, spans: Sequence[Span]) -> None:
        self._connection.execute(_TABLE.format("int4 NOT NULL" if self._plain else "int4range NOT NULL"))
        with self._connection.cursor().copy("COPY spans FROM STDIN") as copy:
            for each in spans:
                number = self._numbers[each.place]
                place = number if self._plain else f"[{number},{number}]"
                valid, known = _range(each.start, each.end), _range(each.known_from, each.known_until)
                copy.write_row((place, valid, known, each.answer))
        self._connection.execute("CREATE INDEX of_place ON spans USING gist (place, valid, known)")
        self._connection.execute("CREATE INDEX of_times ON spans USING gist (valid, known)")
        self._connection.execute("VACUUM ANALYZE spans")
        self._one = f"SELECT answer FROM spans WHERE place {'=' if self._plain else '@>'} %s::int4 AND {_WITHIN}"
        self._map = f"SELECT {'place' if self._plain else 'lower(place)'}, answer FROM spans WHERE {_WITHIN}"

    def answer(self, place: str, at: int, known_at: int) -> str | None:
        times = (self._numbers.get(place, -1), at, known_at)
        found = self._connection.execute(self._one, times, prepare=True).fetchone()
        return None if found is None else found[0]

    def map(self, at: int, known_at: int) -> dict[str, str]:
        rows = self._connection.execute(self._map, (at, known_at), prepare=True).fetchall()
        return {self._places[number]: answer for number, answer in rows}

    def close(self) -> None:
        self._connection.close()


def _range(start: int, end: int) -> str:
    return f"[{'' if start == BEGINNING else start},{'' if end == END else end})"
