"""`chronology rebuild`: drop every projection and build it again from the log."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from time import perf_counter

from service.cli.context import opened, settings_of
from service.cli.output import print_json, wants_json
from service.cli.progress import tell
from service.snapshots import Snapshots, snapshot_file, take
from service.store import StoredLog
from service.wiring import build_projections, catch_up, open_chronology


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = settings_of(arguments, environment)
    with opened(found) as log:
        start = perf_counter()
        snapshots = Snapshots(log, snapshot_file(found))
        snapshots.forget()
        position = _rebuild_chronology(log)
        projections = build_projections(log)
        if snapshots.due(projections.position):
            snapshots.write(take(projections))
        seconds = perf_counter() - start
    names = [*projections.all, "chronology"]
    if wants_json(arguments):
        print_json({"position": position, "projections": names, "seconds": seconds})
    else:
        print(f"Built {', '.join(names)} from {position} events in {seconds:.2f} s.")
        print("The chronology is kept in the store, the others in memory: a service builds its own at its start.")


def _rebuild_chronology(log: StoredLog) -> int:
    """Drop the tables and fill them again; a running service waits for them meanwhile, or helps. The position."""
    chronology = open_chronology(log)
    chronology.empty()
    head = log.head()
    catch_up(chronology, log, until=head, tell=partial(tell, "chronology", of=head))
    return chronology.position
