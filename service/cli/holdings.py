"""`chronology holdings`: the places that a force held."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from service.answers import times_json
from service.cli.context import find_force, read
from service.cli.output import print_json, print_table, wants_json
from service.cli.rows import COLUMNS, answer_cells
from service.cli.words import Words
from service.map import whole_map
from service.narrowing import Narrowing


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    asked = read(arguments, environment)
    known = asked.projections
    force = find_force(arguments.force, known.registries.forces, asked.known_at)
    wanted = Narrowing(holder=force.id)
    found = whole_map(known.control, asked.question, asked.at, asked.known_at, wanted)
    if wants_json(arguments):
        times = times_json(asked.at, asked.known_at, known.position)
        print_json({"force": force.id} | found.as_json() | times)
        return
    words = Words(known, asked.zone, asked.known_at)
    title = f"Held by {force.name} at {words.when(asked.at)} ({asked.zone.name})"
    cells = [(place.name, place.kind, *answer_cells(answer, words)) for place, answer in found]
    print_table(title, ("Place", "Kind", *COLUMNS), cells)
