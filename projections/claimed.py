"""What tellings say, by column, and their claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Contents(NamedTuple):
    """What filings and corrections say, reports or their gists, and when each was recorded."""

    reports: Sequence[Any]
    recorded_at: Sequence[int]


Claimed = tuple[int, int, Any, Any, int]
"""A claim: the number of its telling, its own among that one's, the claim or its gist, its Occurred, the recording."""
