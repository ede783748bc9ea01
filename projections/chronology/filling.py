"""Putting events into the tables: worked out beforehand, so that the one transaction that writes is short."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

from domain.events import (
    Event,
    PlaceRegistered,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
    Run,
)
from domain.when.instant import BEGINNING, END
from projections.chronology.engine import Engine
from projections.chronology.entry import Entry, Mentioned, Thing, entry_of, mentioned, thing_of
from projections.chronology.keeping import Cursor
from projections.chronology.link import link
from projections.chronology.tables import NEWEST, content_number, filed_at


class Things:
    """The registered things that reports name. They never change, so what has been looked up stays at hand."""

    def __init__(self, look_up: Callable[[Sequence[str]], Iterable[Thing]]) -> None:
        self._look_up = look_up
        self._known: dict[str, Thing] = {}
        self.get = self._known.get
        """The thing of a link; None where there is none."""

    def add(self, thing: Thing) -> None:
        self._known[thing.link] = thing

    def meet(self, links: Iterable[str]) -> None:
        """Look up what events name, all at once."""
        unknown = set(links) - self._known.keys()
        for thing in self._look_up(sorted(unknown)) if unknown else ():
            self.add(thing)


def look_up(engine: Engine, cursor: Cursor, links: Sequence[str]) -> list[Thing]:
    """Those of the links that the tables know."""
    among, value = engine.among(links)
    cursor.execute(f"SELECT link, words, above FROM chronology_things WHERE link {among}", (value,))  # noqa: S608 - made of constants
    return [Thing(row[0], row[1], tuple(row[2].split())) for row in cursor.fetchall()]


TEXT = "/report/text"
"""The part of an event that the tables have words of."""


class Step(NamedTuple):
    """An event or its gist, and what it brings."""

    position: int
    version: int
    kind: type[Event]
    event: Any
    brings: Thing | Entry | None = None


def worked_out(events: Iterable[Recorded | Run], things: Things) -> list[Step]:
    """What the events bring, those of reports in runs; a thing is known to those after it."""
    parts = [(each, _mentioned(each)) for each in events]
    things.meet(chain.from_iterable(links for _, named in parts for each in named if each for links in each.links))
    return [step for each, named in parts for step in _steps(each, named, things)]


def _mentioned(each: Recorded | Run) -> list[Mentioned | None]:
    """What every event names that has to be known to work out what it brings."""
    if isinstance(each, Recorded):
        parent = each.event.place.parent if isinstance(each.event, PlaceRegistered) else None
        return [None if parent is None else Mentioned([(link("place", parent),)], [])]
    return [
        mentioned(event.report) if kind in _TELLS else None for kind, event in zip(each.kinds, each.events, strict=True)
    ]


def _steps(each: Recorded | Run, named: Sequence[Mentioned | None], things: Things) -> Iterator[Step]:
    if isinstance(each, Recorded):
        thing = thing_of(each.event, things.get)
        if thing is not None:
            things.add(thing)
        yield Step(each.position, each.version, type(each.event), each.event, thing)
        return
    columns = zip(each.recorded_at, each.versions, each.kinds, each.events, named, strict=True)
    for position, (recorded_at, version, kind, event, names) in enumerate(columns, each.first):
        entry = None if names is None else entry_of(event.report, names, recorded_at, things.get)
        yield Step(position, version, kind, event, entry)


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


_TELLS = (ReportFiled, ReportCorrected)
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

    def take(self, step: Step) -> None:
        """Raises ValueError for an event that can't follow."""
        position, _, kind, event, brings = step
        if isinstance(brings, Thing):
            self._rows["things"].append((brings.link, brings.words, " ".join(brings.above)))
        elif kind is ReportFiled:
            self._file(step)
        elif kind is ReportCorrected:
            self._correct(step)
        elif kind is ReportAssessed:
            self._report(step)
        elif kind is ReportRetracted:
            self._change(event.id, replace(self._report(step), retracted=position))
        elif kind is ReportRedacted:
            self._redact(step)

    def _file(self, step: Step) -> None:
        id, content = step.event.id, content_number(step.position, step.version)
        if id in self._filed:
            raise ValueError(f"event at position {step.position} files the report {id!r} again")
        self._filed[id] = Kept(content)
        self._add(content, step)

    def _correct(self, step: Step) -> None:
        report = self._report(step)
        content = content_number(filed_at(report.newest), step.version)
        self._replace(report.newest, step.position)
        self._change(step.event.id, replace(report, newest=content))
        self._add(content, step)

    def _redact(self, step: Step) -> None:
        filed = filed_at(self._report(step).newest)
        versions = [each.version for each in step.event.erased if TEXT in each.parts]
        self._wordless += [content_number(filed, version) for version in versions]

    def _report(self, step: Step) -> Kept:
        id = step.event.id
        found = self._filed.get(id) or self._changed.get(id) or self._known.get(id)
        if found is None:
            raise ValueError(f"event at position {step.position} is of a report {id!r} that was not filed before it")
        return found

    def _change(self, id: str, report: Kept) -> None:
        (self._filed if id in self._filed else self._changed)[id] = report

    def _replace(self, content: int, until: int) -> None:
        if content in self._contents:
            report, position, _ = self._contents[content]
            self._contents[content] = (report, position, until)
        else:
            self._replaced[content] = until

    def _add(self, content: int, step: Step) -> None:
        rows, entry = self._rows, step.brings
        if not isinstance(entry, Entry):
            raise TypeError(f"event at position {step.position} brings no content")
        self._contents[content] = (step.event.id, step.position, NEWEST)
        rows["links"] += [(link, content) for link in entry.links]
        rows["windows"] += [(size(each), *each, content) for each in entry.windows]
        rows["claims"] += [(each, content) for each in entry.likenesses]
        rows["words"].append((content, entry.text, entry.names))

    def sort(self) -> None:
        """Bring the rows into the order in which the tables keep them: that writes fewer pages.

        (FTS5 even ends what it has gathered whenever a number is lower than the one before it.)
        """
        self._rows["contents"] = [(content, *rest) for content, rest in self._contents.items()]
        self._rows["reports"] = [(id, each.newest, each.retracted) for id, each in self._filed.items()]
        for rows in self._rows.values():
            rows.sort()

    def put(self, engine: Engine, cursor: Cursor) -> None:
        """Put the rows in, once they are sorted."""
        for table, rows in self._rows.items():
            if rows:
                engine.put(cursor, table, rows)
        if self._replaced:
            ended = [(until, content) for content, until in sorted(self._replaced.items())]
            cursor.executemany("UPDATE chronology_contents SET until = ? WHERE content = ?", ended)
        if self._changed:
            changed = [(each.newest, each.retracted, id) for id, each in sorted(self._changed.items())]
            cursor.executemany("UPDATE chronology_reports SET newest = ?, retracted = ? WHERE id = ?", changed)
        if self._wordless:
            engine.erase_words(cursor, self._wordless)


def gathered(engine: Engine, cursor: Cursor, steps: Sequence[Step]) -> Rows:
    """The rows of what follows on what the tables have. Raises ValueError for an event that can't follow."""
    rows = Rows(_known(engine, cursor, steps))
    for step in steps:
        rows.take(step)
    rows.sort()
    return rows


def _known(engine: Engine, cursor: Cursor, steps: Sequence[Step]) -> dict[str, Kept]:
    """The reports in the tables that the events speak of."""
    ids = {step.event.id for step in steps if step.kind in _OF_A_REPORT}
    if not ids:
        return {}
    among, value = engine.among(sorted(ids))
    cursor.execute(f"SELECT id, newest, retracted FROM chronology_reports WHERE id {among}", (value,))  # noqa: S608 - made of constants
    return {row[0]: Kept(row[1], row[2]) for row in cursor.fetchall()}
