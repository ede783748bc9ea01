"""Rows of integers, kept by column: a few bytes each, filled quickly, and written and read as they lie."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from projections.parts import Parts

INSTANT = "l" if array("l").itemsize == array("q").itemsize else "q"
"""The type of a column of instants, in an array's letter: either has 8 bytes, the one is filled in half the time."""


def extend(column: array[int], values: list[int]) -> None:
    """Put many behind the others; single bytes in a third of the time that the array would take to read each."""
    if column.typecode == "B":
        column.frombytes(bytes(values))
    else:
        column.fromlist(values)


class Columns:
    """Many rows are put behind the others at once: to append each by itself would take three times as long.

    Raises OverflowError, or ValueError for a byte, for a value that its column has no room for.
    """

    def __init__(self, **codes: str) -> None:
        """The columns by name, each with its type in an array's letter."""
        self.by_name: dict[str, array[int]] = {name: array(code) for name, code in codes.items()}

    def __getitem__(self, name: str) -> array[int]:
        return self.by_name[name]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.by_name.values())))

    def row(self, number: int) -> tuple[int, ...]:
        return tuple([column[number] for column in self.by_name.values()])

    def parts(self, of: str) -> Parts:
        return {f"{of}.{name}": column for name, column in self.by_name.items()}

    def append(self, *row: int) -> None:
        """One more row."""
        for column, value in zip(self.by_name.values(), row, strict=True):
            column.append(value)

    def extend(self, *columns: list[int]) -> None:
        """Further rows, by column."""
        for column, values in zip(self.by_name.values(), columns, strict=True):
            extend(column, values)

    def extend_rows(self, rows: Sequence[tuple[int, ...]]) -> None:
        """Further rows, one behind the other."""
        if rows:
            self.extend(*map(list, zip(*rows, strict=True)))
