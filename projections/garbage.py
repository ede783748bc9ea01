"""Python's garbage collector, kept from looking for cycles where none are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """For work that makes very many objects and lets go of them soon: to look through them takes a tenth of its time.

    As a decorator, so that what it let go of is gone before the collector looks again. That is the whole process's:
    beside others, the work has to be short.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
