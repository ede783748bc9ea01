"""Finding reports in the tables: one condition leads, in the order of filing, and the others are looked up for each.

Which one leads is decided by how much each would give, counted no further than worth it. One that gives little is
gone through whole; of those that give much, any finds a page soon.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from domain.when.instant import BEGINNING
from projections.chronology.filling import LARGEST
from projections.chronology.keeping import Cursor
from projections.chronology.tables import filed_at, first_of
from projections.chronology.wanted import Wanted

_FAR = 2000
"""How far it is counted what a condition gives."""

_MANY = 100
"""So many links are no lead: SQLite merges as many runs, and no more than 500."""


@dataclass(frozen=True, slots=True)
class Found:
    """A report that fits, and the position of its filing."""

    id: str
    filed: int


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


def find(cursor: Cursor, wanted: Wanted, known_at: int, before: int | None, limit: int) -> list[Found]:
    """The reports whose content newest at a position fits, newest filed first, those filed before `before` only."""
    below = first_of(known_at + 1 if before is None else min(before, known_at + 1))
    conditions = list(_conditions(wanted, below))
    lead = _leading(cursor, conditions, below)
    checks = [each for each in conditions if each is not lead]
    where = " AND ".join(["c.position <= ?", "c.until > ?", *(each.check for each in checks)])
    values = [known_at, known_at, *(value for each in checks for value in each.values)]
    arms = " UNION ".join(_arm(run, where) for run in lead.runs)  # merged, if ordered, as far as the limit
    cursor.execute(
        f"SELECT content, report FROM ({arms} ORDER BY 1 DESC LIMIT ?) JOIN chronology_contents USING (content) "  # noqa: S608 - made of constants
        "ORDER BY content DESC",
        [*(value for run in lead.runs for value in (*run.values, *values)), limit],
    )
    return [Found(report, filed_at(content)) for content, report in cursor.fetchall()]


def _arm(run: Run, where: str) -> str:
    """What a run gives of the contents that meet the rest."""
    distinct = "" if run.ordered else "DISTINCT "
    return (
        f"SELECT {distinct}{run.content} AS content FROM {run.table} CROSS JOIN chronology_contents AS c"  # noqa: S608 - made of constants
        f" ON c.content = {run.content} WHERE {run.where} AND {where}"
    )


def _conditions(wanted: Wanted, below: int) -> Iterator[Condition]:
    for links in wanted.links():
        yield _linked(sorted(links), below)
    if wanted.timed:
        yield _timed(wanted.start, wanted.end, below)
    if wanted.query is not None:
        yield _worded(wanted.query.match, below)


def _linked(links: Sequence[str], below: int) -> Condition:
    few = links if len(links) <= _MANY else ()
    return Condition(
        "EXISTS (SELECT 1 FROM chronology_links AS k WHERE k.content = c.content"
        " AND k.link IN (SELECT value FROM json_each(?)))",
        (json.dumps(links),),
        tuple(Run("d.content", "chronology_links AS d", "d.link = ? AND d.content < ?", (link, below)) for link in few),
    )


def _timed(start: int, end: int, below: int) -> Condition:
    """Overlaps [start, end]. A window of that size which does begins less than its size before the start."""
    sizes = [(each, max(BEGINNING, start - 2**each)) for each in range(LARGEST + 1)]
    run = Run(
        "d.content",
        f"(VALUES {', '.join('(?, ?)' for _ in sizes)}) AS s CROSS JOIN chronology_windows AS d"
        " ON d.size = s.column1 AND d.earliest >= s.column2",
        "d.earliest <= ? AND d.latest >= ? AND d.content < ?",
        (*(value for each in sizes for value in each), end, start, below),
        ordered=False,
    )
    return Condition(
        "EXISTS (SELECT 1 FROM chronology_windows AS w WHERE w.content = c.content"
        " AND w.earliest <= ? AND w.latest >= ?)",
        (end, start),
        (run,),
    )


def _worded(match: str, below: int) -> Condition:
    return Condition(
        "EXISTS (SELECT 1 FROM chronology_words WHERE chronology_words MATCH ? AND rowid = c.content)",
        (match,),
        (Run("d.rowid", "chronology_words AS d", "d.chronology_words MATCH ? AND d.rowid < ?", (match, below)),),
    )


def _leading(cursor: Cursor, conditions: Sequence[Condition], below: int) -> Condition:
    """The condition that gives least; all reports lead where none does, or where it gives much in no order."""
    every = Condition("", (), (Run("d.content", "chronology_contents AS d", "d.content < ?", (below,)),))
    if len(conditions) == 1 and conditions[0].runs and conditions[0].ordered:
        return conditions[0]
    counts = [(_count(cursor, each), i, each) for i, each in enumerate(conditions) if each.runs]
    count, _, least = min(counts, default=(_FAR, 0, every))
    return least if least.ordered or count < _FAR else every


def _count(cursor: Cursor, condition: Condition) -> int:
    """How many contents it gives, counted to _FAR."""
    total = 0
    for run in condition.runs:
        given = f"SELECT 1 FROM {run.table} WHERE {run.where} LIMIT ?"  # noqa: S608 - made of constants
        cursor.execute(f"SELECT count(*) FROM ({given})", (*run.values, _FAR - total))  # noqa: S608 - made of constants
        total += cursor.fetchone()[0]
        if total >= _FAR:
            break
    return total


def alike(cursor: Cursor, likenesses: Sequence[str], known_at: int) -> list[str]:
    """The reports with a claim of such a likeness, as known and not retracted at a position, the first filed first."""
    cursor.execute(
        "SELECT DISTINCT c.report FROM json_each(?) AS l CROSS JOIN chronology_claims AS k ON k.likeness = l.value"
        " CROSS JOIN chronology_contents AS c ON c.content = k.content"
        " CROSS JOIN chronology_reports AS r ON r.id = c.report"
        " WHERE c.position <= ? AND c.until > ? AND (r.retracted IS NULL OR r.retracted > ?) ORDER BY c.content",
        (json.dumps(sorted(set(likenesses))), known_at, known_at, known_at),
    )
    return [row[0] for row in cursor.fetchall()]
