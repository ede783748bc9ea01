"""The chronology: a projection that lives in tables, with the position it has reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from domain.events import Recorded, ReportRedacted, Run, runs
from domain.faults import Fault
from projections.chronology import search, tables
from projections.chronology.engine import engine_on
from projections.chronology.entry import Thing
from projections.chronology.filling import Rows, Step, Things, gathered, look_up, worked_out
from projections.chronology.keeping import Cursor, Database
from projections.chronology.search import Found
from projections.chronology.wanted import Wanted
from projections.garbage import uncollected

_FEW = 1000
"""Events of which any plan is good enough."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was found, and how far the tables were then."""

    found: list[Found]
    position: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows that bring the tables from a position to another; none where no event follows on the tables."""

    after: int
    until: int
    rows: Rows | None


class Chronology:
    """The reports by place, force, source, kind, time and words, at any knowledge time.

    Several processes may write the tables of one store: each puts in only what follows on what is there. `apply` is for
    one thread at a time; the rest for any.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = engine_on(database)
        self._things = Things(self._look_up)
        self.position = 0
        """How far the tables were when last looked at; 0 where there are none."""
        self.look()

    def look(self) -> int:
        """How far the tables are now, whoever filled them or set them back: that is the `position` from here on."""
        with self._engine.reading() as cursor:
            self.position = tables.position(self._engine, cursor) or 0
            return self.position

    def prepare(self, head: Callable[[], int]) -> None:
        """Make the tables where there are none; make them anew where they can't be those of a log with that head.

        The head is asked for after the tables' position: neither stands still, but the log is always ahead.
        """
        with self._engine.reading() as cursor:
            position = tables.position(self._engine, cursor)
        if position is None or position > head():
            with self._engine.writing() as cursor:
                again = tables.position(self._engine, cursor)  # another process may have been quicker
                if again is None or again == position:
                    tables.create(self._engine, cursor)
            self.look()

    @uncollected()
    def apply(self, events: Iterable[Recorded | Run]) -> None:
        """Put the next events in, with the position of the last, in one transaction.

        What is there already is left out; where the tables were set back, nothing is put in and `position` says so.
        Raises ValueError for an event that can't follow, or if the tables are not ours any more.
        """
        self.look()
        read = list(runs(events))
        if self.position >= read[-1].position:
            return  # another process was quicker; where the store is only read, it is always another
        try:
            steps = worked_out(read, self._things)
            erases = any(step.kind is ReportRedacted for step in steps)
            with self._engine.reading() as cursor:
                ready = self._gather(cursor, steps)
            with self._engine.erasing() if erases else self._engine.writing() as cursor:
                position = self._put(cursor, ready, steps)
            self.position = position  # not before the commit: who waits for it reads at once
        except (KeyError, ValueError, Fault) as error:
            raise ValueError(f"{_named(read)} can't be projected: {error}") from error
        except self._database.IntegrityError as error:
            raise ValueError(
                f"{_named(read)} are in the chronology's tables already, though these say they end before them: "
                f"`chronology rebuild` makes them anew ({error})"
            ) from error

    def find(self, wanted: Wanted, known_at: int, limit: int, before: int | None = None) -> Page:
        """The reports as known at a position, newest filed first, those filed before a position only."""
        with self._engine.reading() as cursor:
            position = self.position = tables.position(self._engine, cursor) or 0
            return Page(
                search.find(self._engine, cursor, wanted, known_at, before, limit) if position else [], position
            )

    def alike(self, likenesses: Sequence[str], known_at: int) -> list[str]:
        """The ids of the reports that make such a claim (`likeness` names it), as known, not retracted by then."""
        with self._engine.reading() as cursor:
            return (
                search.alike(self._engine, cursor, likenesses, known_at)
                if tables.position(self._engine, cursor)
                else []
            )

    def digests(self) -> tuple[int, dict[str, str]] | None:
        """How far the tables are, with a fingerprint of each part; None where there are none of this form."""
        with self._engine.reading() as cursor:
            position = tables.position(self._engine, cursor)
            return None if position is None else (position, tables.digests(self._engine, cursor))

    def empty(self) -> None:
        """Drop the tables, whatever is in them, and make them anew."""
        with self._engine.writing() as cursor:
            tables.create(self._engine, cursor)
        self.position = 0

    def _gather(self, cursor: Cursor, steps: Sequence[Step]) -> Ready:
        """What follows on the tables as they are: beforehand, since whoever writes keeps others from it."""
        position = tables.position(self._engine, cursor)
        if position is None:
            raise ValueError("the chronology's tables are gone, or were made anew by another version")
        following = [step for step in steps if step.position > position]
        if not following or following[0].position != position + 1:
            return Ready(position, position, None)
        return Ready(position, following[-1].position, gathered(self._engine, cursor, following))

    def _put(self, cursor: Cursor, ready: Ready, steps: Sequence[Step]) -> int:
        """The position that the tables are at then."""
        if tables.position(self._engine, cursor) != ready.after:  # another process was quicker, or has set them back
            ready = self._gather(cursor, steps)
        if ready.rows is not None:
            ready.rows.put(self._engine, cursor)
            tables.move(cursor, ready.until)
            if ready.until >= _FEW and ready.until.bit_length() > ready.after.bit_length():
                self._engine.take_stock(cursor)
        return ready.until

    def _look_up(self, links: Sequence[str]) -> list[Thing]:
        with self._engine.reading() as cursor:
            return look_up(self._engine, cursor, links)


def _named(read: Sequence[Recorded | Run]) -> str:
    first, last = read[0].first if isinstance(read[0], Run) else read[0].position, read[-1].position
    return f"event at position {first}" if first == last else f"events at positions {first} to {last}"
