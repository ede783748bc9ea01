"""What a registered thing, or a kind of claim, is called in the tables."""

from __future__ import annotations

_NUL = "\N{SYMBOL FOR NULL}"


def link(what: str, id: str) -> str:
    """`place:hama`. The intake takes no NUL in an id; a log may have one all the same, and PostgreSQL no such text."""
    return f"{what}:{without_nul(id)}"


def without_nul(text: str) -> str:
    return text.replace("\0", _NUL)
