"""Windows as they are read off an event or its gist, without making an object of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.faults import Wrong
from domain.when.instant import BEGINNING


def ends(occurred: Any, recorded_at: int) -> tuple[int, int]:
    """The earliest and the latest; an open end is the recording. Raises Wrong where it lies before the start."""
    earliest, latest = occurred.earliest, occurred.latest
    if earliest is None:
        earliest = BEGINNING
    if latest is None:
        latest = recorded_at
    if latest < earliest:
        raise Wrong("a window's latest lies before its earliest")
    return earliest, latest


def all_ends(occurred: Sequence[Any], recorded_at: Sequence[int]) -> tuple[list[int], list[int]]:
    """The same of many, by column."""
    earliest, latest = [each.earliest for each in occurred], [each.latest for each in occurred]
    for i, (start, end) in enumerate(zip(earliest, latest, strict=True)):
        if start is None or end is None:
            earliest[i], latest[i] = ends(occurred[i], recorded_at[i])
    return earliest, latest


def core(occurred: Any, recorded_at: int) -> tuple[int, int] | None:
    """What a window written with `/` surely covers; None where that is nothing."""
    if occurred.core is None:
        return None
    start, end = occurred.core
    start = BEGINNING if start is None else start
    end = recorded_at if end is None else end
    return (start, end) if start < end else None
