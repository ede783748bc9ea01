"""The ids of the reports, numbered 0, 1, 2, … as they are filed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, compress

from domain.events import Run

Fresh = Mapping[str, int]
"""The reports that a run files, by id."""


class Reports:
    """Knows every report by its number; the number of an id it looks for once somebody asks."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._numbers: dict[str, int] = {}  # of the first so many; of all once a number was asked for

    def number(self, id: str) -> int:
        """Raises KeyError for an id that there is none of."""
        known = len(self._numbers)
        if known < len(self.ids):
            self._numbers.update(zip(self.ids[known:], range(known, len(self.ids)), strict=True))
        return self._numbers[id]

    def read(self, run: Run, files: bytes) -> tuple[list[int], Fresh]:
        """The number of each event's report, and the reports that are filed; a byte for each tells whether it files.

        Raises KeyError for a report that was not filed before the event, ValueError where one is filed twice.
        """
        *numbers, end = accumulate(files, initial=len(self.ids))
        filed = [event.id for event in compress(run.events, files)]
        fresh = dict(zip(filed, range(end - len(filed), end), strict=True))
        if len(fresh) != len(filed):
            raise ValueError("a report is filed twice")
        for i in [i for i, is_filed in enumerate(files) if not is_filed]:
            numbers[i] = self._among(run.events[i].id, fresh, numbers[i])
        return numbers, fresh

    def _among(self, id: str, fresh: Fresh, following: int) -> int:
        """The number of an id, which may be among those that are about to be filed, but for the following."""
        number = fresh.get(id, following)
        return number if number < following else self.number(id)

    def take(self, fresh: Fresh) -> None:
        """Know the reports that are filed."""
        if len(self._numbers) == len(self.ids):
            self._numbers |= fresh
        self.ids += fresh
