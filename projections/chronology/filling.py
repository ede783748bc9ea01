"""Putting events into the tables: worked out beforehand, so that the one transaction that writes is short."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from domain.events import Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRedacted, ReportRetracted
from domain.when.instant import BEGINNING, END
from projections.chronology.entry import Entry, Thing, entry_of, thing_of
from projections.chronology.erasing import erase_words
from projections.chronology.keeping import Cursor
from projections.chronology.tables import NEWEST, content_number, filed_at

_PUT = {
    "things": "INSERT INTO chronology_things (link, words, above) VALUES (?, ?, ?)",
    "reports": "INSERT INTO chronology_reports (id, newest) VALUES (?, ?)",
    "contents": "INSERT INTO chronology_contents (content, report, position, until) VALUES (?, ?, ?, ?)",
    "links": "INSERT INTO chronology_links (link, content) VALUES (?, ?)",
    "windows": "INSERT INTO chronology_windows (size, earliest, latest, content) VALUES (?, ?, ?, ?)",
    "claims": "INSERT INTO chronology_claims (likeness, content) VALUES (?, ?)",
    "words": "INSERT INTO chronology_words (rowid, text, names) VALUES (?, ?, ?)",
}


class Things:
    """The registered things that reports name. They never change, so what has been looked up stays at hand."""

    def __init__(self, look_up: Callable[[str], Thing | None]) -> None:
        self._look_up = look_up
        self._known: dict[str, Thing] = {}

    def add(self, thing: Thing) -> None:
        self._known[thing.link] = thing

    def get(self, link: str) -> Thing | None:
        found = self._known.get(link) or self._look_up(link)
        if found is not None:
            self._known[link] = found
        return found


def look_up(cursor: Cursor, link: str) -> Thing | None:
    cursor.execute("SELECT words, above FROM chronology_things WHERE link = ?", (link,))
    row = cursor.fetchone()
    return None if row is None else Thing(link, row[0], tuple(row[1].split()))


TEXT = "/report/text"
"""The part of an event that the tables have words of."""

Step = tuple[Recorded, Thing | Entry | None]
"""An event, and what it brings."""


def worked_out(events: Iterable[Recorded], things: Things) -> list[Step]:
    """What the events bring; a thing is known to those after it."""
    return [(recorded, _brings(recorded, things)) for recorded in events]


def _brings(recorded: Recorded, things: Things) -> Thing | Entry | None:
    event = recorded.event
    if isinstance(event, ReportFiled | ReportCorrected):
        return entry_of(event.report, recorded.recorded_at, things.get)
    thing = thing_of(event, things.get)
    if thing is not None:
        things.add(thing)
    return thing


@dataclass(slots=True)
class Rows:
    """Rows on their way into the tables."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table: [] for table in _PUT})

    def add_thing(self, thing: Thing) -> None:
        self.rows["things"].append((thing.link, thing.words, " ".join(thing.above)))

    def add_entry(self, content: int, report: str, position: int, entry: Entry) -> None:
        rows = self.rows
        rows["contents"].append((content, report, position, NEWEST))
        rows["links"] += [(link, content) for link in sorted(entry.links)]
        rows["windows"] += [(size(each), *each, content) for each in entry.windows]
        rows["claims"] += [(each, content) for each in entry.likenesses]
        rows["words"].append((content, entry.text, entry.names))

    def put(self, cursor: Cursor, *tables: str) -> None:
        """Put the rows into these tables, in the order in which the tables keep them: that writes fewer pages.

        (FTS5 even ends what it has gathered whenever a number is lower than the one before it.)
        """
        for table in tables:
            if self.rows[table]:
                cursor.executemany(_PUT[table], sorted(self.rows[table]))
                self.rows[table].clear()


LARGEST = (END - BEGINNING).bit_length()
"""The size of the longest window that there can be."""


def size(window: tuple[int, int]) -> int:
    """How many bits the length of a window has, 0 to LARGEST."""
    return (window[1] - window[0]).bit_length()


def fill(cursor: Cursor, steps: Iterable[Step]) -> None:
    """Put in what follows on what the tables have. Raises ValueError for an event that can't follow."""
    rows = Rows()
    for recorded, brings in steps:
        event = recorded.event
        match event, brings:
            case ReportFiled(id=id), Entry():
                content = content_number(recorded.position, recorded.version)
                rows.rows["reports"].append((id, content))
                rows.add_entry(content, id, recorded.position, brings)
            case ((ReportCorrected() | ReportAssessed() | ReportRetracted()), _):
                rows.put(cursor, "reports", "contents")  # what it speaks of may be among them
                _revise(cursor, rows, recorded, brings)
            case ReportRedacted() as redacted, _:
                rows.put(cursor, *_PUT)
                erase_words(cursor, _contents(cursor, redacted))
            case _, Thing():
                rows.add_thing(brings)
            case _:
                pass
    rows.put(cursor, *_PUT)


def _contents(cursor: Cursor, redacted: ReportRedacted) -> list[int]:
    """The contents whose words a redaction erases, as far as they are found by these."""
    cursor.execute("SELECT newest FROM chronology_reports WHERE id = ?", (redacted.id,))
    found = cursor.fetchone()
    if found is None:
        raise ValueError(f"the report {redacted.id!r} was redacted and not filed before")
    versions = [each.version for each in redacted.erased if TEXT in each.parts]
    return [content_number(filed_at(found[0]), version) for version in versions]


def _revise(cursor: Cursor, rows: Rows, recorded: Recorded, entry: Thing | Entry | None) -> None:
    id: str = getattr(recorded.event, "id")  # noqa: B009 - every event of a report has one
    cursor.execute("SELECT newest FROM chronology_reports WHERE id = ?", (id,))
    found = cursor.fetchone()
    if found is None:
        raise ValueError(f"event at position {recorded.position} is of a report {id!r} that was not filed before it")
    if isinstance(entry, Entry):
        content = content_number(filed_at(found[0]), recorded.version)
        cursor.execute("UPDATE chronology_contents SET until = ? WHERE content = ?", (recorded.position, found[0]))
        cursor.execute("UPDATE chronology_reports SET newest = ? WHERE id = ?", (content, id))
        rows.add_entry(content, id, recorded.position, entry)
    elif isinstance(recorded.event, ReportRetracted):
        cursor.execute("UPDATE chronology_reports SET retracted = ? WHERE id = ?", (recorded.position, id))
