"""`chronology control`: who held a place, and why."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial

from event_store.log import read_history
from service.answers import answer_json, times_json
from service.cli.context import find_place, opened, read
from service.cli.output import print_json, print_lines, wants_json
from service.cli.words import Words


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    asked = read(arguments, environment)
    known = asked.projections
    place = find_place(arguments.place, known.registries.places, asked.known_at)
    inquiry = known.control.inquire(asked.known_at, asked.question.policy)
    answer = inquiry.control(place.id, asked.at, by_side=asked.question.by_side)
    if wants_json(arguments):
        print_json(answer_json(answer) | times_json(asked.at, asked.known_at, known.position))
    else:
        # Once all that may have happened has, the answer rests on it: that is what may have been changing it.
        settled = answer.since and inquiry.control(place.id, max(asked.at, answer.since.latest))
        changed_by = [id for id in settled.basis if id not in answer.basis] if settled and answer.after else []
        with opened(asked.settings) as log:
            words = Words(known, asked.zone, asked.known_at, partial(read_history, log))
            print_lines(words.answer(answer, asked.at, changed_by))
