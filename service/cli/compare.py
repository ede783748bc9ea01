"""`chronology compare`: the places on which lenses differ."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from domain.faults import Fault
from domain.when.notation import read_moment
from projections.differences import disagreements
from projections.picture import View
from service.answers import times_json
from service.change_view import disagreement_json
from service.cli.context import given, read
from service.cli.output import print_json, print_table, wants_json
from service.cli.rows import brief
from service.cli.words import Words
from service.question import policies
from service.settings import BadSetting


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    asked = read(arguments, environment)
    known = asked.projections
    try:
        compared = policies(given(arguments), arguments.lenses, lambda text: read_moment(text, asked.zone))
    except Fault as fault:  # everything else has been read by now
        raise BadSetting(f"LENS: {fault}") from None
    view = View(by_side=asked.question.by_side)
    found = [each for each in disagreements(known.control, compared, view, asked.known_at, asked.at) if each]
    if wants_json(arguments):
        times = times_json(asked.at, asked.known_at, known.position)
        print_json({"places": [disagreement_json(each) for each in found]} | times)
        return
    words = Words(known, asked.zone, asked.known_at)
    rows = [(words.place(each.place), *(brief(answer, words) for answer in each.answers.values())) for each in found]
    print_table(f"At {words.when(asked.at)} ({asked.zone.name})", ("Place", *compared), rows)
