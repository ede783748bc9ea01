"""Python's garbage collector, kept from looking for cycles where none are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Collector:
    """Off while anybody in this process has put it off, and then again as it was before."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._put_off = 0
        self._was_on = False

    def put_off(self) -> None:
        with self._lock:
            if not self._put_off:
                self._was_on = gc.isenabled()
                gc.disable()
            self._put_off += 1

    def let_on(self) -> None:
        with self._lock:
            self._put_off -= 1
            if not self._put_off and self._was_on:
                gc.enable()


_COLLECTOR = _Collector()


@contextmanager
def uncollected() -> Iterator[None]:
    """For work that makes very many objects and lets go of them soon: to look through them takes a tenth of its time.

    As a decorator, so that what it let go of is gone before the collector looks again. That is the whole process's:
    beside others, the work has to be short.
    """
    _COLLECTOR.put_off()
    try:
        yield
    finally:
        _COLLECTOR.let_on()
