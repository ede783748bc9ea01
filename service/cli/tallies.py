"""`chronology tallies`: how many, by side, place and period."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from domain.tally.calendar import Unit
from domain.tally.mention import Measure
from domain.tally.total import Total
from domain.when.notation import read_moment
from service.answers import times_json
from service.cli.context import find_force, find_place, given, read
from service.cli.output import print_json, print_table, wants_json
from service.cli.words import Words
from service.tallies import Tally, rows, tally_json, wanted


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    asked = read(arguments, environment)
    known, said = asked.projections, given(arguments)
    if "place" in said:
        said["place"] = find_place(said["place"], known.registries.places, asked.known_at).id
    if "force" in said:
        said["force"] = find_force(said["force"], known.registries.forces, asked.known_at).id
    what = wanted(said, asked.zone, lambda text: read_moment(text, asked.zone))
    found = [row for row in rows(known, asked.question.policy, asked.known_at, what) if row is not None]
    if wants_json(arguments):
        times = times_json(asked.at, asked.known_at, known.position)
        print_json({"tallies": [tally_json(each, what.fields) for each in found]} | times)
        return
    words = Words(known, asked.zone, asked.known_at)
    unit = what.asked.calendar.unit if what.asked.calendar else Unit.DAY
    columns = [unit if field == "period" else field for field in what.fields]
    title = f"As known at position {asked.known_at} ({asked.zone.name})"
    cells = [
        (*_group(row, what.fields, _PERIOD[unit], words), *map(_total, map(row.totals.get, Measure))) for row in found
    ]
    print_table(title, [name.capitalize() for name in (*columns, *Measure)], cells)


_PERIOD = {Unit.DAY: "%Y-%m-%d", Unit.WEEK: "%G-W%V", Unit.MONTH: "%Y-%m", Unit.YEAR: "%Y"}


def _group(row: Tally, fields: tuple[str, ...], written: str, words: Words) -> Iterator[str]:
    for field in fields:
        if field == "period" and row.group.period is not None:
            yield words.stamp(row.group.period.start, written)
        elif field == "place" and row.group.place is not None:
            yield words.place(row.group.place)
        elif field == "side":
            yield "not known" if row.group.side is None else words.forces((row.group.side,))


def _total(total: Total | None) -> str:
    """`7`, `2–7, best 3`, `46 or more`; with a mark where reports conflict."""
    if total is None:
        return ""
    if total.low == total.high:
        return f"{total.low}"
    bounds = f"{total.low} or more" if total.high is None else f"{total.low}–{total.high}"
    best = "" if total.best == total.low else f", best {total.best}"
    return f"{bounds}{best}{' (in conflict)' if total.conflicts else ''}"
