"""A header of a request."""

from __future__ import annotations

from fastapi import Request


def header(request: Request, name: bytes) -> str | None:
    """The first header of that name, which is in lower case; None where there is none.

    Every request is asked for several: to look for them as they came in is quicker than by the framework's mapping.
    """
    for each, value in request.scope["headers"]:
        if each == name:
            found: str = value.decode("latin-1")
            return found
    return None
