"""What makes two claims alike, whoever makes them: one kind, the same places and forces, the same window."""

from __future__ import annotations

from collections.abc import Sequence

from domain.claims import Claim, Names
from domain.when.window import Window
from projections.chronology.link import without_nul

FORCES = (Names.FORCE, Names.FORCE_OR_CIVILIANS, Names.FORCE_OR_SOURCE)
"""What may be the id of a force. (A tuple: to look into a set takes longer than to compare three.)"""


def likeness(claim: Claim, window: Window) -> str:
    """A text that two claims share exactly if they are alike; `window` is the one that the claim is read as."""
    references = [*claim.references()]
    places = [each.id for each in references if each.names is Names.PLACE]
    forces = [each.id for each in references if each.names in FORCES]
    return alike(claim.kind, places, forces, window.earliest, window.latest)


def alike(kind: str, places: Sequence[str], forces: Sequence[str], earliest: int, latest: int) -> str:
    """The same of what is at hand: a claim's places and forces, and its window."""
    # No id has one of the signs that the parts are joined by.
    return f"{kind}|{_joined(places)}|{_joined(forces)}|{earliest}|{latest}"


def _joined(ids: Sequence[str]) -> str:
    """In order, each once."""
    return without_nul(ids[0]) if len(ids) == 1 else ",".join(sorted({without_nul(id) for id in ids}))
