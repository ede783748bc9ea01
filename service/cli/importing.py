"""`chronology import`: file the reports of a file."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from io import BufferedReader
from itertools import islice
from threading import Thread
from typing import TypeVar

from domain.faults import Fault, Several
from service.cli.context import settings_of
from service.cli.failing import NO
from service.cli.output import print_json, say, wants_json
from service.cli.progress import progress
from service.cli.streams import reading, size_of
from service.cli.taking import taking_in
from service.forms.texts import MAX_BODY
from service.intake.bulk import Outcome, Run, file_all
from service.intake.content_ids import ContentIds
from service.intake.filings import Filing, FilingReader
from service.intake.intake import Receipt
from service.intake.table import column_of, table_filings
from service.lines import lines_of
from service.pointer import pointer

TOLD = 20
"""Refusals told one by one."""
_BATCH = 100

T = TypeVar("T")
Advance = Callable[[int], None]


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    found = settings_of(arguments, environment)
    tally = Tally(arguments.format)
    with (
        reading(arguments.file) as file,
        closing(ContentIds()) as ids,
        progress("Importing", size_of(arguments.file)) as advance,
    ):
        reader = FilingReader(found.zone, ids.make_id)
        filings = _lines(file, reader, advance) if arguments.format == "ndjson" else _rows(file, reader, advance)
        first = next(filings, None)  # a file that can't be read makes no store
        if first is not None:
            all_of_them = _in_batches(_with(first, filings))
            try:
                asyncio.run(taking_in(found, lambda service: file_all(all_of_them, service.intake, tally.tell_all)))
            except ExceptionGroup as group:
                raise group.exceptions[0] from None
    tally.sum_up(arguments)
    return NO if tally.refused else 0


def _with(first: Filing, others: Iterator[Filing]) -> Iterator[Filing]:
    yield first
    yield from others


def _lines(file: BufferedReader, reader: FilingReader, advance: Advance) -> Iterator[Filing]:
    return map(reader.line, lines_of(file, MAX_BODY, advance))


def _rows(file: BufferedReader, reader: FilingReader, advance: Advance) -> Iterator[Filing]:
    for filing in table_filings(file, reader):
        yield filing
        advance(filing.size)


async def _in_batches(filings: Iterator[Filing]) -> AsyncIterator[Run]:
    """The filings, read beside the loop: a pipe may have none for a while."""
    while batch := await _beside(lambda: list(islice(filings, _BATCH))):
        yield batch


async def _beside(work: Callable[[], T]) -> T:
    """What the work returns, on a thread that nothing waits for once the program ends: it may be reading still."""
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(done)


@dataclass(slots=True)
class Tally:
    """What has become of the reports so far."""

    format: str
    appended: int = 0
    before: int = 0
    refused: int = 0

    def tell_all(self, found: Sequence[tuple[Filing, Outcome]]) -> None:
        for filing, outcome in found:
            self.tell(filing, outcome)

    def tell(self, filing: Filing, outcome: Outcome) -> None:
        if isinstance(outcome, Receipt):
            self.appended += outcome.fresh
            self.before += not outcome.fresh
            return
        if not isinstance(outcome, Fault):
            raise outcome  # the store's: the next one would fare no better; running it again goes on from here
        self.refused += 1
        if self.refused <= TOLD:
            say(*self._faults(filing, outcome), to=sys.stderr)

    def _faults(self, filing: Filing, fault: Fault) -> Iterator[str]:
        for each in fault.faults if isinstance(fault, Several) else [fault]:
            yield f"{self._place(filing.number, each.pointer)}: {each.detail}"

    def _place(self, number: int, path: tuple[str | int, ...]) -> str:
        if self.format == "csv":
            column = column_of(path)
            return f"row {number}" + (f", column {column}" if column else "")
        return f"line {number}" + (f" at {pointer(path)}" if path else "")

    def sum_up(self, arguments: argparse.Namespace) -> None:
        if self.refused > TOLD:
            say(f"… and {self.refused - TOLD} more refused.", to=sys.stderr)
        if wants_json(arguments):
            print_json({"appended": self.appended, "already_there": self.before, "refused": self.refused})
        else:
            say(f"{self.appended} appended, {self.before} already there, {self.refused} refused.")
