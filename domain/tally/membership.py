"""Whether a happening belongs to a group: surely, possibly or not at all."""

from __future__ import annotations

from enum import IntEnum


class Membership(IntEnum):
    """Of several, in several respects, the least is what holds of all."""

    NONE = 0
    POSSIBLE = 1
    SURE = 2


def share(inside: int, of: int) -> Membership:
    """Sure where all of what there is lies inside, possible where some of it does."""
    if not inside:
        return Membership.NONE
    return Membership.SURE if inside == of else Membership.POSSIBLE
