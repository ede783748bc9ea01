"""`chronology rebuild`: drop every projection and build it again from the log."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from time import perf_counter

from service.cli.context import opened, settings_of
from service.cli.output import print_json, wants_json
from service.wiring import build_projections


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    with opened(settings_of(arguments, environment)) as log:
        start = perf_counter()
        projections = build_projections(log)
        seconds = perf_counter() - start
    if wants_json(arguments):
        print_json({"position": projections.position, "projections": list(projections.all), "seconds": seconds})
    else:
        names = ", ".join(projections.all)
        print(f"Built {names} from {projections.position} events in {seconds:.2f} s.")
        print("They are kept in memory: a running service builds its own when it starts.")
