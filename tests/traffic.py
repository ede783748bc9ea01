"""Writers and tailing readers at work while something is done to what they work on; and the account of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from itertools import count
from threading import Event as Flag
from time import sleep

import httpx
from listening import Listener
from running import ADMIN, await_true

from domain.events import ForceRegistered
from domain.force import Force
from event_store.entry import Entry
from event_store.faults import Taken, Unavailable
from event_store.log import Log
from service.clock import system_clock
from service.store import open_log
from service.verification import verify
from service.wiring import open_chronology

CLAIM = {"kind": "control", "place": "town", "forces": ["force"], "effect": "holds"}
Heard = list[tuple[int, str]]
"""Positions and streams, as a reader came to hear of them."""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of what was acknowledged; all but the first two must be 0."""

    acknowledged: int
    there: int
    missed: int
    duplicated: int
    gaps: int
    unheard: int
    heard_twice: int
    faults: Sequence[str]

    @property
    def line(self) -> str:
        return (
            f"acknowledged {self.acknowledged}, in the log {self.there}, missed {self.missed}, duplicated "
            f"{self.duplicated}, gaps {self.gaps}; readers missed {self.unheard}, got twice {self.heard_twice}; "
            f"verify: {'sound' if not self.faults else '; '.join(self.faults)}"
        )

    def must_balance(self, least: int = 1) -> None:
        assert self.acknowledged >= least, self.line
        found = (self.missed, self.duplicated, self.gaps, self.unheard, self.heard_twice, list(self.faults))
        assert found == (0, 0, 0, 0, 0, []), self.line


def accounted(store: str, acknowledged: Mapping[str, int], tails: Iterable[Heard]) -> Account:
    """Hold the log at an address, read row by row, to what was acknowledged (by stream) and what readers heard."""
    log = open_log(store, system_clock, create=False)
    try:
        rows = list(_rows(log))
        verdict = verify(log, open_chronology(log))
    finally:
        log.close()
    first = {row.stream: row.position for row in rows if row.version == 1}
    all_there = {(row.position, row.stream) for row in rows}
    heard = [Counter(tail) for tail in tails]
    return Account(
        acknowledged=len(acknowledged),
        there=len(rows),
        missed=sum(first.get(stream) != position for stream, position in acknowledged.items()),
        duplicated=len(rows) - len({(row.stream, row.version, row.data) for row in rows}) + _again(rows),
        gaps=sum(row.position != position for position, row in enumerate(rows, start=1)),
        unheard=sum(len(all_there - tail.keys()) + len(tail.keys() - all_there) for tail in heard),
        heard_twice=sum(times - 1 for tail in heard for times in tail.values()),
        faults=tuple(verdict.faults),
    )


def _rows(log: Log) -> Iterator[Entry]:
    after = 0
    while page := log.entries(after):
        yield from page
        after = page[-1].position


def _again(rows: Sequence[Entry]) -> int:
    """How many were appended once more under another id: what a writer says is its own."""
    return sum(times - 1 for times in Counter(row.data.partition(b'"text"')[2] or row.stream for row in rows).values())


Write = Callable[[str], int | None]
"""Append something under an id; its position, or None where it may or may not have been, and is to be asked again."""


class Traffic:
    """Threads that write, and threads that tail, until `stop`."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, int] = {}
        self.tails: list[Heard] = []
        self.refusals = 0
        """How often something was to be asked again."""
        self._threads = ThreadPoolExecutor(32)
        self._writing: list[Future[None]] = []
        self._tailing: list[Future[None]] = []
        self._stopping, self._ending = Flag(), Flag()

    def write(self, prefix: str, write: Write) -> None:
        """One thing after the other, each again and again until it is acknowledged."""
        self._writing.append(self._threads.submit(self._write, prefix, write))

    def file(self, prefix: str, url: str) -> None:
        """Reports, at a node."""

        def work() -> None:
            with client_of(url) as client:
                self._write(f"report:{prefix}", partial(file, client))

        self._writing.append(self._threads.submit(work))

    def tail_feed(self, url: str) -> None:
        """Listen to a node's feed; after each cut, go on with the last that came whole."""
        self.tails.append([])
        self._tailing.append(self._threads.submit(self._tail_feed, url, self.tails[-1]))

    def tail_log(self, log: Log) -> None:
        self.tails.append([])
        self._tailing.append(self._threads.submit(self._tail_log, log, self.tails[-1]))

    def await_more(self, number: int, within: float = 60) -> None:
        """Until so many more have been acknowledged."""
        wanted = len(self.acknowledged) + number
        self.await_true(f"{number} more", lambda: len(self.acknowledged) >= wanted, within)

    def await_true(self, what: str, holds: Callable[[], bool], within: float = 60) -> None:
        """Wait until something holds. Raises what ended a thread meanwhile, if anything did."""
        await_true(what, lambda: self._at_work() and holds(), within)

    def await_refusals(self, number: int) -> None:
        wanted = self.refusals + number
        self.await_true(f"{number} refused", lambda: self.refusals >= wanted)

    def stop(self, head: Callable[[], int]) -> None:
        """The writers stop, and the readers once they have come to the end of the log."""
        self._stopping.set()
        for each in self._writing:
            each.result(60)
        end = head()
        self.await_true("all is heard", lambda: all(t and t[-1][0] >= end for t in self.tails))
        self.end()
        for each in self._tailing:
            each.result(60)

    def end(self) -> None:
        self._stopping.set()
        self._ending.set()
        self._threads.shutdown(wait=False)

    def _at_work(self) -> bool:
        """Raises what ended a thread, if anything did."""
        for each in (*self._writing, *self._tailing):
            if each.done():
                each.result()
        return True

    def _write(self, prefix: str, write: Write) -> None:
        for number in count():
            id = f"{prefix}-{number}"
            while (position := write(id)) is None:
                self.refusals += 1
                if self._stopping.wait(0.05):
                    return
            self.acknowledged[id] = position
            if self._stopping.is_set():
                return

    def _tail_feed(self, url: str, heard: Heard) -> None:
        last = "0"
        while not self._ending.is_set():
            with suppress(OSError, HTTPException, AssertionError), Listener(url, "/v1/events", last) as listener:
                try:
                    while not self._ending.is_set() and not listener.ended:
                        found = listener.heard()
                        heard += [(int(each.id or 0), each.json["subject"]) for each in found]
                        last = listener.last or last
                finally:
                    last = listener.last or last
            sleep(0.05)

    def _tail_log(self, log: Log, heard: Heard) -> None:
        while not self._ending.is_set():
            after = heard[-1][0] if heard else 0
            with suppress(Unavailable):
                if log.wait(after, 0.2) > after:
                    heard += [(each.position, each.stream) for each in log.recent(after) or log.read(after)]


@contextmanager
def traffic() -> Iterator[Traffic]:
    found = Traffic()
    try:
        yield found
    finally:
        found.end()


def client_of(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {ADMIN}"}, timeout=30)


def file(client: httpx.Client, stream: str) -> int | None:
    """File a report at a node. The same request again is safe."""
    id = stream.removeprefix("report:")
    body = {"id": id, "text": f"said by {id}", "occurred": "2024-12-04", "claims": [CLAIM]}
    try:
        answer = client.post("/v1/reports", json=body)
    except httpx.TransportError:
        return None
    if answer.status_code == 503:
        return None
    assert answer.status_code in (200, 201), answer.text
    position: int = answer.json()["position"]
    return position


def register(url: str) -> None:
    """What the reports name."""
    with client_of(url) as client:
        client.post("/v1/places", json={"id": "town", "name": "Town", "kind": "town"}).raise_for_status()
        client.post("/v1/forces", json={"id": "force", "name": "Force"}).raise_for_status()


def appending(log: Log) -> Write:
    """Append past intake and HTTP."""

    def write(stream: str) -> int | None:
        id = stream.removeprefix("force:")
        try:
            return log.append(ForceRegistered(Force(id, id)), 1).result(60).position
        except Unavailable:
            return None
        except Taken:  # it had been, though we were not told
            return log.stream(stream)[0].position

    return write


def head_of(store: str) -> int:
    log = open_log(store, system_clock, create=False)
    try:
        return log.head()
    finally:
        log.close()
