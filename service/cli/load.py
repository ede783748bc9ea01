"""`chronology load`: append a chronology."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping

from service.cli.context import settings_of
from service.cli.failing import NO, end
from service.cli.output import print_json, say, wants_json
from service.cli.progress import tell
from service.clock import system_clock
from service.folder import Folder, find_folder, read_folder, take_in
from service.settings import Settings
from service.wiring import open_service


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = settings_of(arguments, environment)
    folder = read_folder(find_folder(arguments.chronology))
    appended, before = asyncio.run(_load(folder, found))
    if wants_json(arguments):
        print_json({"chronology": folder.about.id, "appended": appended, "already_there": before})
        return
    say(f"{folder.about.title}: {appended} appended, {before} already there.")
    say(*(f"  {line}" for line in folder.about.attribution))


async def _load(folder: Folder, settings: Settings) -> tuple[int, int]:
    failures: list[Exception] = []
    service = open_service(settings, system_clock, failures.append, create=True)
    service.follower.start()
    taking = asyncio.create_task(take_in(folder, service.intake, tell))
    try:
        while not taking.done() and not failures:
            await asyncio.wait([taking], timeout=0.2)
        if failures:
            end(f"stopped: {failures[0]}", NO)
        return taking.result()
    finally:
        taking.cancel()
        await service.follower.stop()
        service.log.close()
