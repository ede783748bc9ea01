"""Several processes that serve one address, each with projections of its own that follow the one log."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from time import monotonic, sleep
from types import FrameType

from event_store.faults import CannotOpen, StoreFault, Unavailable
from service.clock import system_clock
from service.garbage import spare_what_is_here
from service.http.app import build_app
from service.http.server import Server
from service.logs import SERVICE, configure
from service.metrics import SHARED_FOLDER, forget
from service.settings import BadSetting, Settings
from service.wiring import Service, open_service

FAILED = 3
"""How a worker ends that can't serve the store, or found that it would answer wrongly: so would any other."""

_PATIENCE = 15.0  # seconds that the workers get to stop in
_RETRY = 1.0  # seconds until one looks again for a store that did not answer

_spawning = get_context("spawn")  # a fork would share the threads and connections that are open


@dataclass(frozen=True, slots=True)
class Worker:
    process: BaseProcess
    lifeline: Connection
    """The end that this process holds. A worker stops when it is closed, so none outlives this process."""


class Workers:
    """Keeps so many workers at work until it is told to stop, or one of them fails.

    A worker that ends otherwise is replaced: what it had acknowledged is in the log, where the others find it.
    """

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self._start: Callable[[], Worker] = lambda: _start(settings, listening)
        self._count = settings.workers
        self._stopping = False

    def run(self) -> bool:
        """Until SIGINT or SIGTERM; whether it ended without a failure. For the main thread."""
        with tempfile.TemporaryDirectory(prefix="chronology-metrics-") as folder:
            os.environ[SHARED_FOLDER] = folder  # the workers come to share it as they are spawned
            woken, waker = _spawning.Pipe(duplex=False)
            before = {each: signal.signal(each, self._stop(waker)) for each in (signal.SIGINT, signal.SIGTERM)}
            workers: list[Worker] = []
            try:
                return self._keep(workers, woken)
            finally:
                _end(workers)
                for each, handler in before.items():
                    signal.signal(each, handler)
                del os.environ[SHARED_FOLDER]

    def _stop(self, waker: Connection) -> Callable[[int, FrameType | None], None]:
        def stop(_: int, __: FrameType | None) -> None:
            if not self._stopping:
                self._stopping = True
                waker.send_bytes(b".")

        return stop

    def _keep(self, workers: list[Worker], woken: Connection) -> bool:
        while not self._stopping:
            while len(workers) < self._count:
                workers.append(self._start())
            wait([woken, *(each.process.sentinel for each in workers)])
            for worker in [each for each in workers if each.process.exitcode is not None]:
                workers.remove(worker)
                worker.lifeline.close()
                forget(worker.process.pid)
                if worker.process.exitcode == FAILED:
                    return False
                if not self._stopping:
                    _tell(worker)
        return True


def _tell(worker: Worker) -> None:
    fields = {"process": worker.process.pid, "status": worker.process.exitcode}
    SERVICE.warning("a worker ended, another takes its place", extra={"fields": fields})


def _start(settings: Settings, listening: socket.socket) -> Worker:
    theirs, ours = _spawning.Pipe(duplex=False)
    process = _spawning.Process(target=work, args=(settings, listening, theirs), name="chronology worker")
    process.start()
    theirs.close()
    return Worker(process, ours)


def _end(workers: list[Worker]) -> None:
    """Tell all to stop, and kill what does not."""
    for worker in workers:
        worker.lifeline.close()
    give_up_at = monotonic() + _PATIENCE
    for worker in workers:
        worker.process.join(max(0.0, give_up_at - monotonic()))
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()


def work(settings: Settings, listening: socket.socket, lifeline: Connection) -> None:
    """Serve, in a process of its own, until the lifeline is let go of."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # outside of serving, only who started this ends it
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    configure(settings.log)
    server = Server()
    try:
        service = _open(settings, server, lifeline)
    except (BadSetting, StoreFault) as fault:
        server.fail(fault)
    else:
        if service is None:
            return
        Thread(target=_watch, args=(lifeline, server), daemon=True).start()
        try:
            app = build_app(service)
            spare_what_is_here()
            server.serve_app(app, listening)
        finally:
            service.log.close()
    if server.failure is not None:
        SERVICE.error("stopped", extra={"fields": {"reason": str(server.failure)}})
        sys.exit(FAILED)


def _open(settings: Settings, server: Server, lifeline: Connection) -> Service | None:
    """The service, once the store answers; None where the lifeline was let go of meanwhile.

    Whoever started this had opened the store: it is away for a while, and the others wait for it too.
    """
    while True:
        try:
            return open_service(settings, system_clock, server.fail, create=True)
        except (CannotOpen, Unavailable) as fault:
            if not isinstance(fault.__cause__ if isinstance(fault, CannotOpen) else fault, Unavailable):
                raise
            SERVICE.warning("waiting for the store", extra={"fields": {"reason": str(fault)}})
        if lifeline.poll(_RETRY):
            return None


def _watch(lifeline: Connection, server: Server) -> None:
    with suppress(EOFError):
        lifeline.recv_bytes()
    while True:  # the serving may be about to begin, and would not know
        server.should_exit = True
        sleep(1)
