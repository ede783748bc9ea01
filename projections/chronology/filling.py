"""Putting events into the tables: worked out beforehand, so that the one transaction that writes is short."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.claims import Reference
from domain.events import (
    Event,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
)
from domain.when.instant import BEGINNING, END
from projections.chronology.engine import Engine
from projections.chronology.entry import Entry, Thing, entry_of, links_of, named, thing_of
from projections.chronology.keeping import Cursor
from projections.chronology.tables import NEWEST, content_number, filed_at


class Things:
    """The registered things that reports name. They never change, so what has been looked up stays at hand."""

    def __init__(self, look_up: Callable[[Sequence[str]], Iterable[Thing]]) -> None:
        self._look_up = look_up
        self._known: dict[str, Thing] = {}

    def add(self, thing: Thing) -> None:
        self._known[thing.link] = thing

    def meet(self, named: Iterable[Sequence[Reference]]) -> None:
        """Look up what events name, all at once."""
        links = {link for references in named for each in references for link in links_of(each)} - self._known.keys()
        for thing in self._look_up(sorted(links)) if links else ():
            self.add(thing)

    def get(self, link: str) -> Thing | None:
        return self._known.get(link)


def look_up(engine: Engine, cursor: Cursor, links: Sequence[str]) -> list[Thing]:
    """Those of the links that the tables know."""
    among, value = engine.among(links)
    cursor.execute(f"SELECT link, words, above FROM chronology_things WHERE link {among}", (value,))  # noqa: S608 - made of constants
    return [Thing(row[0], row[1], tuple(row[2].split())) for row in cursor.fetchall()]


TEXT = "/report/text"
"""The part of an event that the tables have words of."""

Step = tuple[Recorded, Thing | Entry | None]
"""An event, and what it brings."""


def worked_out(events: Sequence[Recorded], things: Things) -> list[Step]:
    """What the events bring; a thing is known to those after it."""
    names = [tuple(named(recorded.event)) for recorded in events]
    things.meet(names)
    return [(recorded, _brings(recorded, each, things)) for recorded, each in zip(events, names, strict=True)]


def _brings(recorded: Recorded, names: Sequence[Reference], things: Things) -> Thing | Entry | None:
    event = recorded.event
    if isinstance(event, ReportFiled | ReportCorrected):
        return entry_of(event.report, names, recorded.recorded_at, things.get)
    thing = thing_of(event, things.get)
    if thing is not None:
        things.add(thing)
    return thing


LARGEST = (END - BEGINNING).bit_length()
"""The size of the longest window that there can be."""


def size(window: tuple[int, int]) -> int:
    """How many bits the length of a window has, 0 to LARGEST."""
    return (window[1] - window[0]).bit_length()


@dataclass(frozen=True, slots=True)
class Kept:
    """A report as the tables keep it: the number of its newest content, and the position of its retraction."""

    newest: int
    retracted: int | None = None


_OF_A_REPORT = (ReportCorrected, ReportAssessed, ReportRetracted, ReportRedacted)
_FRESH = ("things", "links", "windows", "claims", "words")


class Rows:
    """Rows on their way into the tables. `known` are the reports in the tables that the events speak of."""

    def __init__(self, known: Mapping[str, Kept]) -> None:
        self._known = known
        self._changed: dict[str, Kept] = {}
        self._filed: dict[str, Kept] = {}
        self._contents: dict[int, tuple[str, int, int]] = {}
        self._replaced: dict[int, int] = {}  # contents in the tables, and what they are the newest until
        self._wordless: list[int] = []  # contents whose words a redaction erases
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _FRESH}

    def take(self, recorded: Recorded, brings: Thing | Entry | None) -> None:
        """Raises ValueError for an event that can't follow."""
        match recorded.event, brings:
            case ReportFiled(id=id), Entry():
                self._file(recorded, id, brings)
            case ReportCorrected(id=id), Entry():
                self._correct(recorded, id, brings)
            case ReportAssessed(id=id), _:
                self._report(recorded, id)
            case ReportRetracted(id=id), _:
                self._change(id, replace(self._report(recorded, id), retracted=recorded.position))
            case ReportRedacted() as redacted, _:
                self._redact(recorded, redacted)
            case _, Thing():
                self._rows["things"].append((brings.link, brings.words, " ".join(brings.above)))
            case _:
                pass

    def _file(self, recorded: Recorded, id: str, entry: Entry) -> None:
        if id in self._filed:
            raise ValueError(f"event at position {recorded.position} files the report {id!r} again")
        content = content_number(recorded.position, recorded.version)
        self._filed[id] = Kept(content)
        self._add(content, id, recorded.position, entry)

    def _correct(self, recorded: Recorded, id: str, entry: Entry) -> None:
        report = self._report(recorded, id)
        content = content_number(filed_at(report.newest), recorded.version)
        self._replace(report.newest, recorded.position)
        self._change(id, replace(report, newest=content))
        self._add(content, id, recorded.position, entry)

    def _redact(self, recorded: Recorded, redacted: ReportRedacted) -> None:
        filed = filed_at(self._report(recorded, redacted.id).newest)
        versions = [each.version for each in redacted.erased if TEXT in each.parts]
        self._wordless += [content_number(filed, version) for version in versions]

    def _report(self, recorded: Recorded, id: str) -> Kept:
        found = self._filed.get(id) or self._changed.get(id) or self._known.get(id)
        if found is None:
            raise ValueError(
                f"event at position {recorded.position} is of a report {id!r} that was not filed before it"
            )
        return found

    def _change(self, id: str, report: Kept) -> None:
        (self._filed if id in self._filed else self._changed)[id] = report

    def _replace(self, content: int, until: int) -> None:
        if content in self._contents:
            report, position, _ = self._contents[content]
            self._contents[content] = (report, position, until)
        else:
            self._replaced[content] = until

    def _add(self, content: int, report: str, position: int, entry: Entry) -> None:
        rows = self._rows
        self._contents[content] = (report, position, NEWEST)
        rows["links"] += [(link, content) for link in entry.links]
        rows["windows"] += [(size(each), *each, content) for each in entry.windows]
        rows["claims"] += [(each, content) for each in entry.likenesses]
        rows["words"].append((content, entry.text, entry.names))

    def put(self, engine: Engine, cursor: Cursor) -> None:
        """Put the rows in, in the order in which the tables keep them: that writes fewer pages.

        (FTS5 even ends what it has gathered whenever a number is lower than the one before it.)
        """
        contents = [(content, *rest) for content, rest in self._contents.items()]
        filed = [(id, each.newest, each.retracted) for id, each in self._filed.items()]
        for table, rows in (self._rows | {"contents": contents, "reports": filed}).items():
            if rows:
                engine.put(cursor, table, sorted(rows))
        if self._replaced:
            ended = [(until, content) for content, until in sorted(self._replaced.items())]
            cursor.executemany("UPDATE chronology_contents SET until = ? WHERE content = ?", ended)
        if self._changed:
            changed = [(each.newest, each.retracted, id) for id, each in sorted(self._changed.items())]
            cursor.executemany("UPDATE chronology_reports SET newest = ?, retracted = ? WHERE id = ?", changed)
        if self._wordless:
            engine.erase_words(cursor, self._wordless)


def fill(engine: Engine, cursor: Cursor, steps: Sequence[Step]) -> None:
    """Put in what follows on what the tables have. Raises ValueError for an event that can't follow."""
    rows = Rows(_known(engine, cursor, [recorded.event for recorded, _ in steps]))
    for recorded, brings in steps:
        rows.take(recorded, brings)
    rows.put(engine, cursor)


def _known(engine: Engine, cursor: Cursor, events: Sequence[Event]) -> dict[str, Kept]:
    """The reports in the tables that the events speak of."""
    ids = {event.id for event in events if isinstance(event, _OF_A_REPORT)}
    if not ids:
        return {}
    among, value = engine.among(sorted(ids))
    cursor.execute(f"SELECT id, newest, retracted FROM chronology_reports WHERE id {among}", (value,))  # noqa: S608 - made of constants
    return {row[0]: Kept(row[1], row[2]) for row in cursor.fetchall()}
