"""Ids for reports that come without one."""

from __future__ import annotations

import secrets
from hashlib import sha256


def fresh_id(now: int) -> str:
    """A new id. It grows with the instant `now`, which keeps the store's index compact."""
    return f"r-{now // 1000:012x}{secrets.token_hex(8)}"


def id_of_key(key: str) -> str:
    """The id of a report that came with an `Idempotency-Key`: always the same for the same key."""
    return f"k-{sha256(key.encode()).hexdigest()[:40]}"
