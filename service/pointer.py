"""Places in JSON, as people and programs are told them."""

from __future__ import annotations

from urllib.parse import quote

_FRAGMENT = "!$&'()*+,;=:@/?"
"""What stands in a URI's fragment as it is, beside letters, digits and `-._~` (RFC 3986 §3.5)."""


def pointer(path: tuple[str | int, ...]) -> str:
    """A JSON Pointer as a URI fragment (RFC 6901 §6)."""
    return "#" + "".join("/" + quote(str(step).replace("~", "~0").replace("/", "~1"), _FRAGMENT) for step in path)
