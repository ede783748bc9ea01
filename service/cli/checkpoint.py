"""`chronology checkpoint`: the log's size and root, signed, to be kept elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from service.checkpoints import Checkpoints
from service.cli.context import opened, settings_of
from service.cli.streams import writing


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = settings_of(arguments, environment)
    with opened(found) as log:
        checkpoints = Checkpoints(log.tree, found)
        text = f"{checkpoints.signer().verifier_key}\n" if arguments.verifier_key else checkpoints.newest()
    with writing(arguments.output) as out:
        out.write(text.encode())
