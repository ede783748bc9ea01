"""Measuring, each measure in a process of its own: none has the memory, the threads or the caches of another."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from traceback import format_exception

from benchmarks.measure import Finding, Mismatch, find
from benchmarks.measures import named
from benchmarks.scale import Scale


def measured(name: str, scale: Scale) -> Finding:
    """What a process of its own does."""
    try:
        return find(named(name), scale)
    except Mismatch:
        raise
    except Exception as error:  # not every one can be sent from one process to another
        raise RuntimeError(f"{name}: {''.join(format_exception(error))}") from None


def findings(names: list[str], scale: Scale) -> Iterator[Finding]:
    """Raises Mismatch for a peer that gives another answer."""
    context = get_context("spawn")
    for name in names:
        with ProcessPoolExecutor(1, context) as process:
            yield process.submit(measured, name, scale).result()
