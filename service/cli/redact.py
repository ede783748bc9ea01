"""`chronology redact`: erase words of a report."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping

from domain.events import Erased, Recorded, ReportRedacted
from domain.when.instant import text
from service.answers import Json
from service.cli.context import settings_of
from service.cli.output import print_json, say, wants_json
from service.cli.taking import taking_in
from service.intake.intake import Receipt
from service.intake.selection import Selection
from service.report_view import erased_json
from service.settings import BadSetting
from service.wiring import Service, catch_up


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    selection = Selection(_parts(arguments.parts), _versions(arguments.versions))

    async def redact(service: Service) -> Receipt:
        intake = service.rehearsal if arguments.dry_run else service.intake
        receipt = await intake.redact(arguments.report, selection, arguments.reason)
        if not arguments.dry_run:
            await asyncio.to_thread(catch_up, service.chronology, service.log)
        return receipt

    receipt = asyncio.run(taking_in(settings_of(arguments, environment), redact, create=False))
    event = receipt.recorded.event
    erased = event.erased if isinstance(event, ReportRedacted) else ()
    if wants_json(arguments):
        found = {"dry_run": True} if arguments.dry_run else _stands(receipt.recorded)
        listed = [erased_json(each) for each in erased]
        print_json({"id": receipt.id, **found, "already_there": not receipt.fresh, "erased": listed})
    else:
        say(_said(arguments, receipt), *_listed(erased))


def _stands(recorded: Recorded) -> Json:
    return {
        "version": recorded.version,
        "position": recorded.position,
        "recorded_at": text(recorded.recorded_at),
    }


def _said(arguments: argparse.Namespace, receipt: Receipt) -> str:
    if not receipt.fresh:
        return f"It was redacted so before, at position {receipt.recorded.position}:"
    return "This would be erased:" if arguments.dry_run else f"Erased, at position {receipt.recorded.position}:"


def _listed(erased: tuple[Erased, ...]) -> list[str]:
    return [f"  version {each.version}: {', '.join(each.parts)}" for each in erased]


def _parts(given: str | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(given.split(","))


def _versions(given: str | None) -> frozenset[int] | None:
    if given is None:
        return None
    found = given.split(",")
    if not all(each.isascii() and each.isdigit() and 0 < len(each) < 18 and int(each) for each in found):
        raise BadSetting(f"--versions: {given!r} is no list of versions, such as 1,2")
    return frozenset(map(int, found))
