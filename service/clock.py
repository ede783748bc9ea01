"""The clock that the shell passes in; nothing below the service reads one."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns the instant it is: microseconds since 1970 in UTC."""


def system_clock() -> int:
    return time.time_ns() // 1000
