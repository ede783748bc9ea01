"""Fingerprints of a projection's state."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def fingerprint(parts: Iterable[object]) -> str:
    """Of values whose `repr` tells everything about them (dataclasses, numbers, texts, tuples), in order."""
    digest = sha256()
    for part in parts:
        digest.update(repr(part).encode())
        digest.update(b"\n")
    return digest.hexdigest()
