"""Rows of integers, kept by column: a few bytes each, filled quickly, and written and read as they lie."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from projections.parts import Parts


class Columns:
    """`add` puts a row behind the others, a value for each column; it is there once it is settled.

    To append to each array by itself would take three times as long.
    """

    def __init__(self, **codes: str) -> None:
        """The columns by name, each with its type in an array's letter."""
        self.by_name: dict[str, array[int]] = {name: array(code) for name, code in codes.items()}
        self._fresh: list[int] = []
        self.add: Callable[[Sequence[int]], None] = self._fresh.extend

    def __getitem__(self, name: str) -> array[int]:
        return self.by_name[name]

    def __len__(self) -> int:
        """How many rows are settled."""
        return len(next(iter(self.by_name.values())))

    def row(self, number: int) -> tuple[int, ...]:
        return tuple(column[number] for column in self.by_name.values())

    def parts(self, of: str) -> Parts:
        return {f"{of}.{name}": column for name, column in self.by_name.items()}

    def settle(self) -> None:
        """Raises OverflowError for a value that its column has no room for."""
        width = len(self.by_name)
        for i, column in enumerate(self.by_name.values()):
            column.fromlist(self._fresh[i::width])
        self._fresh.clear()
