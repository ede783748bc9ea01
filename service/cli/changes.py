"""`chronology changes`: what changed between two times, in the world or in what was known."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from domain.when.instant import text
from domain.when.notation import read_moment
from projections.differences import changes, revisions
from service.answers import Json, times_json
from service.change_view import change_json, revision_json
from service.cli.context import Reading, given, read
from service.cli.output import print_json, print_table, wants_json
from service.cli.rows import brief
from service.cli.words import Words
from service.ends import AXES, check_order, instants, knowledge_times, needed
from service.forms.reading import read_given
from service.question import one_of, resolve

Rows = list[tuple[str, str, str, str]]


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    axis = read_given(given(arguments), {"axis": one_of(*AXES)}).get("axis")
    asked = read(arguments, environment)
    tell = _in_knowledge if axis == "knowledge" else _in_the_world
    title, body, rows = tell(arguments, asked)
    if wants_json(arguments):
        print_json(body)
    else:
        print_table(title, ("Place", "Before", "After", "By"), rows)


def _in_the_world(arguments: argparse.Namespace, asked: Reading) -> tuple[str, Json, Rows]:
    start, end = instants(given(arguments), lambda text: read_moment(text, asked.zone))
    start, end = needed(start, "from"), asked.at if end is None else end
    check_order(start, end)
    found = [
        each for each in changes(asked.projections.control, asked.question.view(), asked.known_at, start, end) if each
    ]
    words = Words(asked.projections, asked.zone, asked.known_at)
    rows = [
        (words.place(each.place), brief(each.before, words), brief(each.after, words), ", ".join(each.reports))
        for each in found
    ]
    body = {
        "from": text(start),
        "to": text(end),
        "changes": [change_json(each) for each in found],
        **times_json(end, asked.known_at, asked.projections.position),
    }
    return f"From {words.when(start)} to {words.when(end)} ({asked.zone.name})", body, rows


def _in_knowledge(arguments: argparse.Namespace, asked: Reading) -> tuple[str, Json, Rows]:
    known = asked.projections
    first, last = knowledge_times(given(arguments), lambda text: read_moment(text, asked.zone))
    start = resolve(needed(first, "from"), known, "from")
    end = asked.known_at if last is None else resolve(last, known, "to")
    check_order(start, end)
    found = [
        each for each in revisions(known.control, known.outline, asked.question.view(), asked.at, start, end) if each
    ]
    words = Words(known, asked.zone, end)
    rows = [
        (
            words.place(each.place),
            brief(each.before, words),
            brief(each.after, words),
            ", ".join(f"{line.position} {line.id}" for line in each.events),
        )
        for each in found
    ]
    body = {
        "from": start,
        "to": end,
        "changes": [revision_json(each) for each in found],
        **times_json(asked.at, end, known.position),
    }
    title = f"Known of {words.when(asked.at)} ({asked.zone.name}) from position {start} to {end}"
    return title, body, rows
