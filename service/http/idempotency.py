"""The `Idempotency-Key` of a request."""

from __future__ import annotations

from fastapi import Request

from domain.faults import Wrong
from service.http.headers import header

MAX_KEY = 200  # characters


def idempotency_key(request: Request) -> str | None:
    """None where there is none. Raises Wrong for one that is empty or too long."""
    key = header(request, b"idempotency-key")
    if key is not None and not 1 <= len(key) <= MAX_KEY:
        raise Wrong(f"an Idempotency-Key is 1 to {MAX_KEY} characters")
    return key
