"""How far a long command is, on a terminal."""

from __future__ import annotations

import sys


def tell(what: str, done: int, of: int) -> None:
    """One line on standard error that is written over; nothing where nobody looks on."""
    if sys.stderr.isatty():
        print(f"\r{what}: {done} of {of} ", end="\n" if done == of else "", file=sys.stderr, flush=True)
