"""Finding reports in the tables: one condition leads, in the order of filing, and the others are looked up for each.

Which one leads is decided by how much each would give, counted no further than worth it. One that gives little is
gone through whole; of those that give much, any finds a page soon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.when.instant import BEGINNING
from projections.chronology.condition import Condition, Run
from projections.chronology.engine import Engine
from projections.chronology.filling import LARGEST
from projections.chronology.keeping import Cursor
from projections.chronology.tables import filed_at, first_of
from projections.chronology.wanted import Wanted

_FAR = 2000
"""How far it is counted what a condition gives."""

_MANY = 100
"""So many links are no lead: each is an arm, and SQLite takes no more than 500."""


@dataclass(frozen=True, slots=True)
class Found:
    """A report that fits, and the position of its filing."""

    id: str
    filed: int


def find(engine: Engine, cursor: Cursor, wanted: Wanted, known_at: int, before: int | None, limit: int) -> list[Found]:
    """The reports whose content newest at a position fits, newest filed first, those filed before `before` only."""
    below = first_of(known_at + 1 if before is None else min(before, known_at + 1))
    conditions = list(_conditions(engine, wanted, below))
    lead = _leading(cursor, conditions, below)
    checks = [each for each in conditions if each is not lead]
    where = " AND ".join(["c.position <= ?", "c.until > ?", *(each.check for each in checks)])
    values = (known_at, known_at, *(value for each in checks for value in each.values))
    arms = [(run, *engine.arm(run, where, limit)) for run in lead.runs]
    cursor.execute(
        f"SELECT content, report FROM ({' UNION '.join(arm for _, arm, _ in arms)} ORDER BY 1 DESC LIMIT ?) AS found"  # noqa: S608 - made of constants
        " JOIN chronology_contents USING (content) ORDER BY content DESC",
        [*(value for run, _, last in arms for value in (*run.values, *values, *last)), limit],
    )
    return [Found(report, filed_at(content)) for content, report in cursor.fetchall()]


def _conditions(engine: Engine, wanted: Wanted, below: int) -> Iterator[Condition]:
    for links in wanted.links():
        yield _linked(engine, sorted(links), below)
    if wanted.timed:
        yield _timed(engine, wanted.start, wanted.end, below)
    if wanted.query is not None:
        yield engine.worded(wanted.query, below)


def _linked(engine: Engine, links: Sequence[str], below: int) -> Condition:
    few = links if len(links) <= _MANY else ()
    among, value = engine.among(links)
    return Condition(
        f"EXISTS (SELECT 1 FROM chronology_links AS k WHERE k.content = c.content AND k.link {among})",  # noqa: S608 - made of constants
        (value,),
        tuple(Run("d.content", "chronology_links AS d", "d.link = ? AND d.content < ?", (link, below)) for link in few),
    )


def _timed(engine: Engine, start: int, end: int, below: int) -> Condition:
    """Overlaps [start, end]. A window of that size which does begins less than its size before the start."""
    sizes = [(each, max(BEGINNING, start - 2**each)) for each in range(LARGEST + 1)]
    return Condition(
        "EXISTS (SELECT 1 FROM chronology_windows AS w WHERE w.content = c.content"
        " AND w.earliest <= ? AND w.latest >= ?)",
        (end, start),
        (engine.overlapping(sizes, start, end, below),),
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
        cursor.execute(f"SELECT count(*) FROM ({given}) AS given", (*run.values, _FAR - total))  # noqa: S608 - made of constants
        total += cursor.fetchone()[0]
        if total >= _FAR:
            break
    return total


def alike(engine: Engine, cursor: Cursor, likenesses: Sequence[str], known_at: int) -> list[str]:
    """The reports with a claim of such a likeness, as known and not retracted at a position, the first filed first."""
    among, value = engine.among(sorted(set(likenesses)))
    cursor.execute(
        "SELECT c.report FROM chronology_contents AS c JOIN chronology_reports AS r ON r.id = c.report"  # noqa: S608 - made of constants
        f" WHERE c.content IN (SELECT k.content FROM chronology_claims AS k WHERE k.likeness {among})"
        " AND c.position <= ? AND c.until > ? AND (r.retracted IS NULL OR r.retracted > ?) ORDER BY c.content",
        (value, known_at, known_at, known_at),
    )
    return [row[0] for row in cursor.fetchall()]
