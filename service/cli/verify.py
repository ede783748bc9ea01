"""`chronology verify`: read the whole log and check that nothing is amiss."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from service.checkpoints import Checkpoints
from service.chronology_verify import UNREADABLE, Checkpoint, Refuted, open_checkpoint, read_key, read_note, why
from service.cli.context import opened, settings_of
from service.cli.failing import NO
from service.cli.output import print_json, say, wants_json
from service.settings import BadSetting, Settings
from service.snapshots import Snapshots, snapshot_file
from service.store import StoredLog, is_postgres
from service.verification import verify
from service.wiring import open_chronology


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    found = settings_of(arguments, environment)
    if arguments.key is not None and arguments.checkpoint is None:
        raise BadSetting("--key: it goes with --checkpoint")
    with opened(found) as log:
        kept = None if arguments.checkpoint is None else _kept(arguments.checkpoint, arguments.key, log, found)
        verdict = verify(log, open_chronology(log), kept, Snapshots(log, snapshot_file(found)))
    if wants_json(arguments):
        print_json({"sound": verdict.sound, "position": verdict.position, "faults": verdict.faults})
    elif verdict.sound:
        say(f"Sound: {verdict.position} events, in order and without a gap; every projection comes out the same.")
        if kept is not None:
            say(f"The first {kept.size} of them are those that {kept.origin} signed.")
    else:
        say(f"Not sound. Read up to position {verdict.position}:", *(f"  {fault}" for fault in verdict.faults))
    return 0 if verdict.sound else NO


def _kept(file: str, key: str | None, log: StoredLog, settings: Settings) -> Checkpoint:
    """The checkpoint in a file, its signature verified. Raises BadSetting where it can't be."""
    verifier_key = Checkpoints(log.tree, settings).own_key() if key is None else _read_key(key)
    if verifier_key is None:
        raise BadSetting(f"--key is needed: {_no_key(settings)}")
    try:
        return open_checkpoint(read_note(file), verifier_key)
    except Refuted as refuted:
        raise BadSetting(f"--checkpoint: {file}: {refuted}") from None
    except UNREADABLE as error:
        raise BadSetting(f"--checkpoint: {file} can't be read: {why(error)}") from None


def _no_key(settings: Settings) -> str:
    if is_postgres(settings.store):
        return "on PostgreSQL the store's own is that of CHRONOLOGY_SIGNING_KEY, which is not set"
    return "this store has signed nothing yet, so the checkpoint is of another"


def _read_key(key: str) -> str:
    """The verifier key that is given, or in the file that is. Raises BadSetting for none."""
    try:
        found = Path(key).read_text("utf-8") if Path(key).is_file() else key
        read_key(found)
    except Refuted as refuted:
        raise BadSetting(f"--key: {key!r}: {refuted}, or a file with it") from None
    except (OSError, ValueError) as error:
        raise BadSetting(f"--key: {key!r} can't be read: {why(error)}") from None
    return found
