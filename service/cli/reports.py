"""`chronology reports`: the reports that are looked for, the newest filed first."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from domain.history import ReportHistory
from domain.redacted import shown
from domain.when.notation import read_moment
from service.answers import times_json
from service.cli.context import find_place, given, opened, settings_of
from service.cli.output import print_json, print_table, wants_json
from service.cli.words import Words
from service.clock import system_clock
from service.forms.reading import read_given
from service.question import question, resolve
from service.reading import Reports, read_page
from service.report_view import report_json
from service.settings import Settings
from service.snapshots import Snapshots, snapshot_file
from service.wanted import at_least_one, readers, wanted
from service.wiring import build_projections, caught_up

LIMIT = 50


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = settings_of(arguments, environment)
    instant = partial(read_moment, zone=found.zone)
    asked = question({name: each for name, each in given(arguments).items() if name == "known_at"}, instant)
    read: dict[str, Callable[[str], Any]] = {**readers(instant), "limit": at_least_one, "place": str}
    parts = read_given(given(arguments), read)
    with opened(found) as log:
        projections = build_projections(log, Snapshots(log, snapshot_file(found)))
        known_at = resolve(asked.known_at, projections)
        if "place" in parts:
            parts["place"] = find_place(parts["place"], projections.registries.places, known_at).id
        what = wanted(parts, projections.registries, known_at)
        with caught_up(log) as chronology:
            page = read_page(log, chronology, what, known_at, parts.get("limit", LIMIT))
    if wants_json(arguments):
        reports = [report_json(each, known_at) for each in page.histories]
        print_json({"reports": reports} | times_json(system_clock(), known_at, page.position))
    else:
        _print(page, Words(projections, found.zone, known_at), known_at, found)


def _print(page: Reports, words: Words, known_at: int, settings: Settings) -> None:
    title = f"Reports, the newest filed first ({settings.zone.name})"
    columns = ("Report", "Occurred", "Grade", "Sources", "What it says")
    print_table(title, columns, (tuple(_cells(each, words, known_at)) for each in page.histories))
    if page.next is not None:
        print("There are more: --limit asks for as many as you like.")


def _cells(history: ReportHistory, words: Words, known_at: int) -> Iterator[Any]:
    content = history.content(known_at)
    if content is None:
        raise ValueError(f"the report {history.id!r} is not filed at position {known_at}")
    report = content.report
    yield history.id
    yield report.occurred.text
    yield "retracted" if history.retracted(known_at) else history.grade(known_at).word
    yield ", ".join(dict.fromkeys(words.source(each.source) for each in report.sources))
    yield shown(report.text)
