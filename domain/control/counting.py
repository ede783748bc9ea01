"""Which claims count under a policy (control.md §4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from domain.claims import Effect
from domain.control.knowledge import Account, Allegiances, Knowledge, Voice
from domain.control.statement import Statement
from domain.policy import Policy


class Count(NamedTuple):
    """`left_out` are those that only `min_credibility` or `against_interest` leave out."""

    counted: tuple[Statement, ...]
    left_out: tuple[Statement, ...]


def count(known: Knowledge, place: str, policy: Policy) -> Count:
    """The control claims about a place, windows as written."""
    counted: list[Statement] = []
    left_out: list[Statement] = []
    for account in known.accounts(place):
        of_account = count_of(account, known, policy)
        counted += of_account.counted
        left_out += of_account.left_out
    return Count(tuple(counted), tuple(left_out))


def count_of(account: Account, known: Allegiances, policy: Policy) -> Count:
    """What one report says about the place."""
    voices = strike(account.voices, policy)
    if voices is None:
        return Count((), ())
    origins = frozenset(voice.origin for voice in voices)
    counted: list[Statement] = []
    left_out: list[Statement] = []
    for statement in account.statements:
        heard = statement.grade <= policy.min_credibility and (
            not policy.against_interest or not account.voices or admits(known, voices, statement)
        )
        (counted if heard else left_out).append(statement.said_by(origins))
    return Count(tuple(counted), tuple(left_out))


def strike(voices: tuple[Voice, ...], policy: Policy) -> tuple[Voice, ...] | None:
    """The sources that the policy leaves to a report; None where it does not count for want of them."""
    left = tuple(voice for voice in voices if _allowed(voice, policy))
    needs_one = policy.sources is not None or policy.published_by is not None or bool(voices)
    return None if needs_one and not left else left


def _allowed(voice: Voice, policy: Policy) -> bool:
    if policy.sources is not None and voice.source not in policy.sources:
        return False
    if voice.source in policy.exclude_sources:
        return False
    return policy.published_by is None or (voice.published is not None and voice.published <= policy.published_by)


def admits(known: Allegiances, voices: Iterable[Voice], statement: Statement) -> bool:
    """Whether one of the sources does not speak for itself on the claim."""
    return not all(speaks_for_itself(known, voice.source, statement) for voice in voices)


def speaks_for_itself(known: Allegiances, source: str, statement: Statement) -> bool:
    """A party's own word is taken for what it admits, not for what it boasts."""
    affiliation = known.affiliation(source)
    if affiliation is None or statement.effect is Effect.CONTESTS:
        return False
    sides = known.alignments.sides(statement.forces, statement.l)
    own = known.alignments.side(affiliation, statement.l) in sides
    return own if statement.has_holder else not own
