"""The answers of chains are those of the plain rules: at any instant, as known at any position, under any policy."""

from __future__ import annotations

from random import Random

import pytest
from histories import PLACES, POLICIES, history
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.control.chains.inquiry import ChainInquiry
from domain.control.plain import PlainInquiry
from domain.policy import Policy
from domain.when.instant import BEGINNING
from projections.control import ControlProjection, Known
from projections.projections import Projections


def compare(projection: ControlProjection, known_at: int, policy: Policy, place: str, rng: Random) -> None:
    """At every turn and beside it, the answer; and the timeline."""
    chains, plain = ChainInquiry(Known(projection, known_at), policy), PlainInquiry(Known(projection, known_at), policy)
    by_side = rng.random() < 0.3
    turns = plain.turns(place)
    assert chains.turns(place) == turns
    for q in {max(BEGINNING, turn + aside) for turn in turns for aside in (-1, 0, 1)}:
        found, expected = chains.control(place, q, by_side=by_side), plain.control(place, q, by_side=by_side)
        assert found == expected
        assert chains.joins_by(place, q, by_side=by_side) == expected.joins_by
        assert chains.turning(place, q) == plain.turning(place, q)
        assert chains.next_turn(place, q) == plain.next_turn(place, q)
    assert chains.timeline(place, 100, by_side=by_side) == plain.timeline(place, 100, by_side=by_side)


def follow_and_compare(rng: Random, events: int) -> None:
    """Ask now and then while events come, and about what was known before."""
    projections = Projections()
    projection = projections.control
    for recorded in history(rng, events):
        projections.apply([recorded])
        if recorded.position > 6 and rng.random() < 0.15:
            known_at = rng.choice([recorded.position, rng.randint(6, recorded.position)])
            compare(projection, known_at, rng.choice(POLICIES), rng.choice(list(PLACES)), rng)
    for place in PLACES:
        compare(projection, recorded.position, rng.choice(POLICIES), place, rng)


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 25))
def test_a_short_history_is_answered_as_the_plain_rules_answer_it(rng: Random, events: int) -> None:
    follow_and_compare(rng, events)


@pytest.mark.parametrize("seed", range(40))
def test_a_history_is_answered_as_the_plain_rules_answer_it(seed: int) -> None:
    rng = Random(seed)
    follow_and_compare(rng, rng.choice([10, 30, 60]))
