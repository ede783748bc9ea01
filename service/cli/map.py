"""`chronology map`: who held every place."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from service import features
from service.answers import times_json
from service.cli.context import given, read
from service.cli.output import print_json, print_table, wants_json
from service.cli.rows import COLUMNS, answer_cells
from service.cli.words import Words
from service.map import whole_map
from service.narrowing import narrowing


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    wanted = narrowing(given(arguments))
    asked = read(arguments, environment)
    known = asked.projections
    found = whole_map(known.control, asked.question, asked.at, asked.known_at, wanted)
    times = times_json(asked.at, asked.known_at, known.position)
    if arguments.geojson:
        places = known.control.settlements(asked.known_at).places
        print_json(features.of_map(found.as_json(), places) | times)
    elif wants_json(arguments):
        print_json(found.as_json() | times)
    else:
        words = Words(known, asked.zone, asked.known_at)
        title = f"At {words.when(asked.at)} ({asked.zone.name})"
        cells = [(place.name, place.kind, *answer_cells(answer, words)) for place, answer in found]
        print_table(title, ("Place", "Kind", *COLUMNS), cells)
