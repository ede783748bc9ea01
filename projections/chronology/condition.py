"""What a search is made of: conditions that a content must meet, and runs through indexes that give those that do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """A run through an index `d`: where each content's number stands in it, and which part of it.

    Runs through the contents in their order where `ordered`, so that whoever wants the newest few can stop early.
    """

    content: str
    table: str
    where: str
    values: tuple[Any, ...]
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """What a content must meet: an expression on `c.content`, and runs that give all that meet it, if it can lead."""

    check: str
    values: tuple[Any, ...]
    runs: tuple[Run, ...]

    @property
    def ordered(self) -> bool:
        return all(run.ordered for run in self.runs)
