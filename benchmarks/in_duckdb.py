"""The spans in DuckDB: sorted as they are asked for, for its zone maps to skip by, and an index for single places."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.measure import Skipped
from benchmarks.spans import Span

_TABLE = (
    "CREATE TABLE spans (place VARCHAR, start BIGINT, until BIGINT, known_from BIGINT, known_until BIGINT,"
    " answer VARCHAR)"
)
_WITHIN = "start <= ? AND until > ? AND known_from <= ? AND known_until > ?"


class InDuckDB:
    def __init__(self, path: Path, spans: Sequence[Span]) -> None:
        try:
            duckdb: Any = import_module("duckdb")
        except ImportError:
            raise Skipped("DuckDB is not installed: pip install -e '.[bench]'") from None
        self._connection: Any = duckdb.connect(str(path))
        self._connection.execute("SET threads = 2")
        self._fill(path.with_suffix(".csv"), sorted(spans))

    def _fill(self, file: Path, rows: Sequence[Span]) -> None:
        """From a file, which is how its pages say that many rows come in."""
        file.write_text("".join(f"{'|'.join(map(str, each[:5]))}|{each.answer}\n" for each in rows))
        self._connection.execute(_TABLE)
        self._connection.execute(f"COPY spans FROM '{file}' (DELIMITER '|', QUOTE '', ESCAPE '', HEADER false)")
        self._connection.execute("CREATE INDEX of_place ON spans (place)")
        self._connection.execute("ANALYZE")
        file.unlink()

    def answer(self, place: str, at: int, known_at: int) -> str | None:
        times = [place, at, at, known_at, known_at]
        found = self._connection.execute(f"SELECT answer FROM spans WHERE place = ? AND {_WITHIN}", times).fetchone()
        return None if found is None else found[0]

    def map(self, at: int, known_at: int) -> dict[str, str]:
        times = [at, at, known_at, known_at]
        return dict(self._connection.execute(f"SELECT place, answer FROM spans WHERE {_WITHIN}", times).fetchall())

    def close(self) -> None:
        self._connection.close()
