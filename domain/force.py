"""Forces: whoever can hold a place, from a side down to a division."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Force:
    id: str
    name: str
    kind: str | None = None
    aliases: tuple[str, ...] = ()
