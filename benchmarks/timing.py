"""Seconds that work takes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import perf_counter


def seconds(work: Callable[[], object]) -> float:
    """Once, with nothing left to collect from what went before."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def rate(work: Callable[[], object], count: int) -> float:
    """How many a second, if the work is so many."""
    return count / seconds(work)
