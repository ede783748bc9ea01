"""Reports from a table (CSV, RFC 4180): a report a row, with at most one claim of control (docs/moving.md)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import BufferedReader, TextIOWrapper
from typing import Any

from domain.faults import Fault, Wrong
from service.forms.texts import MAX_BODY
from service.intake.filings import Filing, FilingReader

_REPORT = ("id", "text", "occurred", "credibility")
_SOURCE = ("source", "citation", "url", "published")
_CLAIM = ("place", "forces", "effect", "means")
COLUMNS = (*_REPORT, *_SOURCE, *_CLAIM)
REQUIRED = ("text", "occurred")


def table_filings(file: BufferedReader, reader: FilingReader) -> Iterator[Filing]:
    """The reports of a table, numbered by their rows; the header is row 1.

    Raises Wrong for a header that is not as it must be. A row that can't be read is a filing with that fault.
    """
    text = TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        rows = _rows(iter(lambda: text.readline(MAX_BODY), ""))  # a line of any length is no reason for as much memory
        header = _header(next(rows, (1, []))[1])
        for number, row in rows:
            if isinstance(row, Fault):
                yield Filing(number, 0, None, "", row)
            elif any(cell.strip() for cell in row):
                yield _filing(number, header, row, reader)
    finally:
        text.detach()


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | Fault]]:
    rows = csv.reader(lines, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(rows)
        except csv.Error as error:
            yield number, Wrong(f"the row can't be read: {error}")
        except StopIteration:
            return


def _header(row: list[str] | Fault) -> list[str]:
    if isinstance(row, Fault):
        raise Wrong(f"row 1: {row.detail}")
    names = [name.strip() for name in row]
    for name in names:
        if name not in COLUMNS:
            raise Wrong(f"row 1: there is no column {name!r}; there are {', '.join(COLUMNS)}")
        if names.count(name) > 1:
            raise Wrong(f"row 1: the column {name!r} is there twice")
    for name in REQUIRED:
        if name not in names:
            raise Wrong(f"row 1: the column {name!r} is missing")
    return names


def _filing(number: int, header: list[str], row: list[str], reader: FilingReader) -> Filing:
    size = sum(len(cell.encode(errors="surrogateescape")) for cell in row)
    if any(cell.strip() for cell in row[len(header) :]):
        return Filing(number, size, None, "", Wrong("there are more cells than columns"))
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=False) if cell.strip()}
    for name, cell in cells.items():
        if any("\udc80" <= sign <= "\udcff" for sign in cell):
            return Filing(number, size, None, "", Wrong("this is not UTF-8", (name,)))
    return reader.report(number, size, _report(cells))


def _report(cells: dict[str, str]) -> dict[str, Any]:
    """The body that the API would be sent; an empty cell says nothing."""
    report: dict[str, Any] = _some(cells, _REPORT)
    source = _some(cells, _SOURCE)
    claim: dict[str, Any] = _some(cells, _CLAIM)
    if "forces" in claim:
        claim["forces"] = [force.strip() for force in claim["forces"].split(";")]
    return {
        **report,
        **({"sources": [source]} if source else {}),
        "claims": [{"kind": "control", **claim}] if claim else [],
    }


def _some(cells: dict[str, str], names: Iterable[str]) -> dict[str, Any]:
    return {name: cells[name] for name in names if name in cells}


def column_of(pointer: tuple[str | int, ...]) -> str | None:
    """The column that a fault's place in a report's body is in; None where it is in none of them."""
    return next((step for step in reversed(pointer) if isinstance(step, str) and step in COLUMNS), None)
