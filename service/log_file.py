"""A whole log in a file and back: a CloudEvent a line, in order from the first (docs/moving.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

import orjson

from domain.events import Recorded, has_redacted, same_request
from domain.faults import Conflict, Fault, Wrong
from event_store.faults import Misplaced
from event_store.leaf import hash_of
from event_store.log import PAGE, Log, read_all
from service.admission import Admission, told
from service.cloud_events import cloud_event, entry_of, recorded_event
from service.lines import Line

LONGEST = 16_777_216
"""Bytes in a line: more than the event of the largest report takes."""


def log_lines(log: Log, until: int | None = None) -> Iterator[bytes]:
    """The log as lines, up to and including a position. The same log always gives the same bytes."""
    for recorded in read_all(log, until=until):
        yield orjson.dumps(cloud_event(recorded), option=orjson.OPT_APPEND_NEWLINE)


def _events(lines: Iterable[Line], log: Log) -> Iterator[Recorded]:
    """The events of lines. Raises Wrong with the number of the first line that can't be read, or taken in."""
    admission = Admission()
    for line in lines:
        try:
            recorded = _event(line)
            if admission.position == 0:
                _follow(log, recorded.position, admission)
            admission.check_next(recorded)
        except Fault as fault:
            raise Wrong(f"line {line.number}, {'; '.join(told(fault))}") from None
        except Misplaced as misplaced:
            raise Wrong(str(misplaced)) from None
        yield recorded


def _follow(log: Log, before: int, admission: Admission) -> None:
    """Lead up to a file that begins behind the start: what it follows on is in the store."""
    for recorded in read_all(log, until=before - 1):
        with suppress(Fault, Misplaced):  # that is for `verify` to tell
            admission.check_next(recorded)


def _event(line: Line) -> Recorded:
    if line.content is None:
        raise Wrong(f"it is longer than {LONGEST} bytes")
    try:
        body = orjson.loads(line.content)
    except orjson.JSONDecodeError as error:
        raise Wrong(f"it is not JSON, or was cut off: {error}") from None
    if not isinstance(body, dict):
        raise Wrong("it is no event: an event is an object")
    return recorded_event(body)


@dataclass(slots=True)
class Loaded:
    """How many events were appended, and how many were there already."""

    appended: int = 0
    before: int = 0


def load_log(lines: Iterable[Line], log: Log) -> Loaded:
    """Append the events that the log does not hold yet, exactly as they are.

    Raises Conflict with the first position at which the log holds another event, and Wrong for the first line that
    can't be read, does not follow, or says what the intake would refuse; what came before that stays, and loading
    again goes on from there.
    """
    loaded, events = Loaded(), _events(lines, log)
    fault: Fault | None = None
    while fault is None:
        batch, fault = _batch(events)
        fresh = batch[_known(batch, log) :]
        if fresh:
            try:
                log.restore(fresh)
            except Misplaced as misplaced:
                raise Wrong(str(misplaced)) from None
        loaded.appended += len(fresh)
        loaded.before += len(batch) - len(fresh)
        if not batch:
            break
    if fault is not None:
        raise fault
    return loaded


def _batch(events: Iterator[Recorded]) -> tuple[list[Recorded], Fault | None]:
    """The next events, up to a fault if one comes."""
    batch: list[Recorded] = []
    try:
        batch.extend(islice(events, PAGE))  # on a fault it keeps what came before
    except Fault as fault:
        return batch, fault
    return batch, None


def _known(batch: list[Recorded], log: Log) -> int:
    """How many events at the start of a batch the log holds already. Raises Conflict for another event there."""
    if not batch or batch[0].position > log.head():  # asked of the store: the answer to a commit may have been lost
        return 0
    held = log.read(batch[0].position - 1, len(batch))
    for own, other in zip(held, batch, strict=False):
        if not _same(own, other):
            raise Conflict(f"the store holds another log: at position {own.position} it has {_told(own, other)}")
    return len(held)


def _same(own: Recorded, other: Recorded) -> bool:
    """Whether they are one event, be it that one of them has words that the other has not any more."""
    if own == other:
        return not other.salt or own.salt == other.salt
    if not other.salt:
        in_its_place = replace(own, event=other.event) == other
        return in_its_place and has_redacted(own.event) and same_request(own.event, other.event)
    try:
        return hash_of(entry_of(own)) == hash_of(entry_of(other))
    except ValueError:
        return False


def _told(own: Recorded, other: Recorded) -> str:
    if own.stream != other.stream or own.position != other.position:
        return f"an event of {own.stream}, where the file has one of {other.stream} at position {other.position}"
    if own == other:
        return "the same event under another salt than the file: it was loaded from one without, or stored apart"
    return f"another event of {own.stream} than the file"
