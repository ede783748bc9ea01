"""`chronology load`: append a chronology, or take back an exported log."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from service.cli.context import opened, settings_of
from service.cli.output import print_json, say, wants_json
from service.cli.progress import progress, tell
from service.cli.streams import STANDARD, reading, size_of
from service.cli.taking import taking_in
from service.folder import find_folder, read_folder, take_in
from service.lines import lines_of
from service.log_file import LONGEST, load_log
from service.settings import Settings


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = settings_of(arguments, environment)
    if _is_log(arguments.chronology):
        _load_log(arguments, found)
    else:
        _load_folder(arguments, found)


def _is_log(name: str) -> bool:
    """Whether it names a file, or standard input, and no chronology."""
    if name == STANDARD or name.endswith(".ndjson"):
        return True
    with suppress(OSError, ValueError):  # what can't be looked up is not there
        return Path(name).exists() and not Path(name).is_dir()
    return False


def _load_log(arguments: argparse.Namespace, settings: Settings) -> None:
    name = arguments.chronology
    with reading(name) as file, opened(settings, create=True) as log, progress("Loading", size_of(name)) as advance:
        loaded = load_log(lines_of(file, LONGEST, advance), log)
        position = log.head()
    if wants_json(arguments):
        print_json({"position": position, "appended": loaded.appended, "already_there": loaded.before})
    else:
        say(f"{loaded.appended} events appended, {loaded.before} already there.")


def _load_folder(arguments: argparse.Namespace, found: Settings) -> None:
    folder = read_folder(find_folder(arguments.chronology))
    appended, before = asyncio.run(taking_in(found, lambda service: take_in(folder, service.intake, tell)))
    if wants_json(arguments):
        print_json({"chronology": folder.about.id, "appended": appended, "already_there": before})
        return
    say(f"{folder.about.title}: {appended} appended, {before} already there.")
    say(*(f"  {line}" for line in folder.about.attribution))
