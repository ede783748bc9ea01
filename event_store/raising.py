"""Events as they were once written, raised to how they are written now.

A pure function for each name that is no longer written: it takes the old data and returns the next name and data,
which may be old again. A name that has been written is never written with another meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Data = dict[str, Any]
Raise = Callable[[Data], tuple[str, Data]]

RAISES: Mapping[str, Raise] = {}
"""Nothing has been written in an older way yet; docs/events.md says how to add one."""


def newest(name: str, data: Data, raises: Mapping[str, Raise] = RAISES) -> tuple[str, Data]:
    """The event under the name and in the form that is written now."""
    while name in raises:
        name, data = raises[name](data)
    return name, data
