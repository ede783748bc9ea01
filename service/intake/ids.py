"""Ids for reports that come without one."""

from __future__ import annotations

import random
from hashlib import sha256

_DRAWN = random.Random()  # noqa: S311 - an id is no secret, and the system's randomness is waited for


def fresh_id(now: int) -> str:
    """A new id. It grows with the instant `now`, which keeps the store's index compact."""
    return f"r-{now // 1000:012x}{_DRAWN.getrandbits(64):016x}"


def id_of_key(key: str) -> str:
    """The id of a report that came with an `Idempotency-Key`: always the same for the same key."""
    return f"k-{sha256(key.encode()).hexdigest()[:40]}"
