"""`chronology export`: the whole log, or who held every place, as a file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import orjson

from service import features, sheets
from service.answers import times_json
from service.cli.context import given, opened, read, settings_of
from service.cli.progress import progress
from service.cli.streams import writing
from service.log_file import log_lines
from service.map import whole_map
from service.narrowing import narrowing
from service.question import whole_number
from service.settings import BadSetting

LOG = "ndjson"
OF_MAPS = frozenset(
    (
        *("at", "known_at", "lens", "min_credibility", "sources", "exclude_sources", "published_by"),
        *("against_interest", "by", "bbox", "force", "status", "kind"),
    )
)
OF_LOGS = frozenset({"until"})


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    of_others = OF_MAPS if arguments.format == LOG else OF_LOGS
    for name in sorted(of_others & given(arguments).keys()):
        raise BadSetting(f"--{name.replace('_', '-')} does not go with --format {arguments.format}")
    if arguments.format == LOG:
        _export_log(arguments, environment)
    else:
        _export_map(arguments, environment)


def _export_log(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    with opened(settings_of(arguments, environment)) as log:
        until = log.head() if arguments.until is None else _until(arguments.until, log.head())
        with writing(arguments.output) as out, progress("Exporting", until) as advance:
            for line in log_lines(log, until):
                out.write(line)
                advance(1)


def _until(text: str, head: int) -> int:
    if not text.isascii() or not text.isdigit() or whole_number(text) > head:
        raise BadSetting(f"--until: {text!r} is no position of the log, which ends at {head}")
    return whole_number(text)


def _export_map(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    wanted = narrowing(given(arguments))
    asked = read(arguments, environment)
    known = asked.projections
    found = whole_map(known.control, asked.question, asked.at, asked.known_at, wanted)
    answer = found.as_json()
    places = known.control.settlements(asked.known_at).places
    times = times_json(asked.at, asked.known_at, known.position)
    with writing(arguments.output) as out:
        if arguments.format == "csv":
            out.write(sheets.of_map(answer, places).written(times))
        else:
            collection = features.of_map(answer, places) | times
            out.write(orjson.dumps(collection, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
