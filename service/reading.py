"""Reports as they are read: found in the chronology's tables, told from their streams in the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.history import ReportHistory
from event_store.faults import Damaged
from event_store.log import Log, read_history
from projections.chronology.chronology import Chronology
from projections.chronology.search import Found
from projections.chronology.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Reports:
    """A page of reports. `next` is the filing that the page after this begins below; None on the last."""

    histories: list[ReportHistory]
    next: int | None
    position: int


def read_page(
    log: Log, chronology: Chronology, wanted: Wanted, known_at: int, limit: int, before: int | None = None
) -> Reports:
    """The reports as known at a position, newest filed first, at most `limit`, those filed before a position only."""
    page = chronology.find(wanted, known_at, limit + 1, before)
    more = len(page.found) > limit
    histories = list(_told(log, page.found[:limit]))
    return Reports(histories, histories[-1].filed.position if more else None, page.position)


def _told(log: Log, found: Iterable[Found]) -> Iterator[ReportHistory]:
    for each in found:
        history = read_history(log, each.id)
        if history is None:
            raise Damaged(each.filed, f"the report {each.id!r} is not there any more")
        yield history
