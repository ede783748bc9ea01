"""Answers as a sheet: CSV (RFC 4180) with a header, in UTF-8.

Lists are joined by `;`. A cell that a spreadsheet would take for a formula begins with an apostrophe instead.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

Cell = str | int | float | None
Row = Mapping[str, Cell]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under their columns; a cell that a row does not have is empty."""

    columns: tuple[str, ...]
    rows: Iterable[Row]

    def written(self, beside: Row, *, header: bool = True) -> bytes:
        """`beside` is what stands in every row behind its own cells: the times of the whole answer."""
        out = StringIO(newline="")
        writer = csv.writer(out)
        if header:
            writer.writerow((*self.columns, *beside))
        for row in self.rows:
            cells = {**row, **beside}
            writer.writerow([_defused(cells.get(column)) for column in (*self.columns, *beside)])
        return out.getvalue().encode()


def joined(ids: Iterable[object]) -> str:
    return ";".join(map(str, ids))


def prefixed(prefix: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(prefix + name for name in names)


def _defused(cell: Cell) -> Cell:
    """A text that would be taken for a formula, made a text again; a number is none."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
