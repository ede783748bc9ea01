"""What is looked through for objects that only hold each other, and how often."""

from __future__ import annotations

import gc

_ALLOCATIONS = 20_000
"""After so many more objects than were let go of, the newest are looked through: a request leaves few such behind."""


def spare_what_is_here() -> None:
    """What there is by now stays until the process ends: it is never looked through.

    For a process that serves, once it is built up: the classes and schemas of the libraries alone are some hundred
    thousand objects, and to go through all of them every few thousand requests takes longer than much of these. To do
    so even once would be a tenth of a start, for the thousand or two that could be let go of.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)


def spare_more() -> None:
    """Nor is what came since looked through: whoever makes much that stays says so now and then.

    Else all of it would be looked through at once, for a second or more, in which nobody is answered.
    """
    gc.freeze()
