"""`chronology verify`: read the whole log and check that nothing is amiss."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from service.cli.context import opened, settings_of
from service.cli.failing import NO
from service.cli.output import print_json, say, wants_json
from service.verification import verify
from service.wiring import open_chronology


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    with opened(settings_of(arguments, environment)) as log:
        verdict = verify(log, open_chronology(log))
    if wants_json(arguments):
        print_json({"sound": verdict.sound, "position": verdict.position, "faults": verdict.faults})
    elif verdict.sound:
        say(f"Sound: {verdict.position} events, in order and without a gap; every projection comes out the same.")
    else:
        say(f"Not sound. Read up to position {verdict.position}:", *(f"  {fault}" for fault in verdict.faults))
    return 0 if verdict.sound else NO
