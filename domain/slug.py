"""Ids: lower-case slugs of `a-z`, `0-9` and `-`, 1 to 64 characters."""

from __future__ import annotations

PATTERN = "^[a-z0-9-]{1,64}$"
_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def is_slug(text: str) -> bool:
    return 1 <= len(text) <= 64 and _ALLOWED.issuperset(text)
