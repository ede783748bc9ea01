"""`chronology timeline`: who held a place over all time."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from domain.when.instant import BEGINNING
from service.answers import segment_json, times_json
from service.cli.context import find_place, read
from service.cli.output import print_json, print_table, wants_json
from service.cli.rows import COLUMNS, answer_cells
from service.cli.words import Words


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    asked = read(arguments, environment)
    known = asked.projections
    place = find_place(arguments.place, known.registries.places, asked.known_at)
    inquiry = known.control.inquire(asked.known_at, asked.question.policy)
    segments = inquiry.timeline(place.id, asked.at, by_side=asked.question.by_side)
    if wants_json(arguments):
        times = times_json(asked.at, asked.known_at, known.position)
        print_json({"place": place.id, "segments": [segment_json(each) for each in segments]} | times)
        return
    words = Words(known, asked.zone, asked.known_at)
    rows = [
        (
            "…" if each.start == BEGINNING else words.stamp(each.start),
            "…" if each.end is None else words.stamp(each.end),
            *answer_cells(each.answer, words),
        )
        for each in segments
    ]
    print_table(f"{place.name} ({asked.zone.name})", ("From", "Until", *COLUMNS), rows)
