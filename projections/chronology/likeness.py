"""What makes two claims alike, whoever makes them: one kind, the same places and forces, the same window."""

from __future__ import annotations

from collections.abc import Iterable

from domain.claims import Claim, Names, Reference
from domain.when.window import Window
from projections.chronology.link import without_nul

FORCES = (Names.FORCE, Names.FORCE_OR_CIVILIANS, Names.FORCE_OR_SOURCE)
"""What may be the id of a force. (A tuple: to look into a set takes longer than to compare three.)"""


def likeness(claim: Claim, window: Window) -> str:
    """A text that two claims share exactly if they are alike; `window` is the one that the claim is read as."""
    return alike(claim, claim.references(), window)


def alike(claim: Claim, references: Iterable[Reference], window: Window) -> str:
    """The same for whoever has the claim's references at hand."""
    places: set[str] = set()
    forces: set[str] = set()
    for each in references:
        if each.names is Names.PLACE:
            places.add(without_nul(each.id))
        elif each.names in FORCES:
            forces.add(without_nul(each.id))
    # No id has one of the signs that the parts are joined by.
    return f"{claim.kind}|{','.join(sorted(places))}|{','.join(sorted(forces))}|{window.earliest}|{window.latest}"
