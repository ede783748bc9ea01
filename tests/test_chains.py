"""The answers of chains are those of the plain rules: at any instant, as known at any position, under any policy."""

from __future__ import annotations

from collections import deque
from random import Random

import orjson
import pytest
from histories import PLACES, POLICIES, history
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.control.chains import remembering, shelf
from domain.control.chains.windows import Windows, narrowness
from domain.control.plain import PlainInquiry
from domain.policy import Policy
from domain.when.instant import BEGINNING, END
from projections import ledgers, remembered
from projections.control import ControlProjection, Known
from projections.projections import Projections
from service.answers import answer_json
from service.written import answer_text


def compare(projection: ControlProjection, known_at: int, policy: Policy, place: str, rng: Random) -> None:
    """At every turn and beside it, the answer; and the timeline."""
    chains = projection.inquire_once(known_at, policy)
    plain = PlainInquiry(Known(projection, known_at), policy)
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


def compare_map(projection: ControlProjection, known_at: int, policy: Policy, rng: Random) -> None:
    """All places at once, at the turns of one of them."""
    chains = projection.inquire_once(known_at, policy)
    plain = PlainInquiry(Known(projection, known_at), policy)
    by_side = rng.random() < 0.3
    places = projection.ordered(known_at)
    assert list(places) == sorted(projection.settlements(known_at).places)
    turns = plain.turns(rng.choice(list(places)))
    for q in rng.sample(turns, min(3, len(turns))):
        cells = [cell for some in chains.cells(places, q, by_side=by_side) for cell in some]
        assert [cell.at(q) for cell in cells] == [plain.control(place, q, by_side=by_side) for place in places]
        for cell in cells:
            if q > BEGINNING:
                assert answer_text(cell, q, {"n": 1}) == orjson.dumps(answer_json(cell.at(q)) | {"n": 1})


def follow_and_compare(rng: Random, events: int) -> None:
    """Ask now and then while events come, and about what was known before; mostly the same, to have it remembered."""
    projections = Projections()
    projection = projections.control
    policies = [rng.choice(POLICIES)] * 4 + [rng.choice(POLICIES)]
    laying_out = [projection.lay_out(policies[3]), projection.lay_out_past(policies[4])]
    for recorded in history(rng, events):
        projections.apply([recorded])
        if recorded.position > len(PLACES) and rng.random() < 0.2:
            known_at = rng.choice([recorded.position, rng.randint(len(PLACES), recorded.position)])
            places = list(projection.settlements(known_at).places)
            compare(projection, known_at, rng.choice(policies), rng.choice(places), rng)
        if recorded.position > len(PLACES) and rng.random() < 0.3:
            known_at = rng.choice([recorded.position] * 3 + [rng.randint(1, recorded.position)])
            compare_map(projection, known_at, rng.choice(policies), rng)
        for _ in range(rng.choice([0, 0, 5, 50])):  # while events come in, it goes on with what it has begun
            n = rng.randrange(2)
            if next(laying_out[n], END) == END:
                again = (projection.lay_out_past, projection.lay_out)[rng.random() < 0.5]
                laying_out[n] = again(policies[3 + n])
    for place in projection.all_settlements.places:
        compare(projection, recorded.position, rng.choice(policies), place, rng)


@pytest.fixture(autouse=True, params=[2, 48])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few chains are gone through one by one, many are not: both ways."""
    monkeypatch.setattr(shelf, "MANY", request.param)


@pytest.fixture(autouse=True, params=[3, 1_000_000])
def few_or_many_are_remembered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "CELLS", request.param)
    monkeypatch.setattr(remembering, "FEW", 0)
    monkeypatch.setattr(ledgers, "AT_A_TIME", 2)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(1, 25))
def test_a_short_history_is_answered_as_the_plain_rules_answer_it(rng: Random, events: int) -> None:
    follow_and_compare(rng, events)


@pytest.mark.parametrize("seed", range(15))
def test_a_history_is_answered_as_the_plain_rules_answer_it(seed: int) -> None:
    rng = Random(seed)
    follow_and_compare(rng, rng.choice([10, 30, 60]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(5, 40))
def test_a_map_by_any_knowledge_is_the_one_of_the_plain_rules_once_all_is_laid_out(rng: Random, events: int) -> None:
    projections = Projections()
    projection, policy = projections.control, rng.choice(POLICIES)
    for recorded in history(rng, events):
        projections.apply([recorded])
        if rng.random() < 0.1:
            deque(projection.lay_out_past(policy), 0)
        if rng.random() < 0.5:
            deque(projection.lay_out(policy), 0)
    deque(projection.lay_out_past(policy), 0)
    for known_at in rng.sample(range(1, recorded.position + 1), 5):
        inquiry, plain = projection.inquire_once(known_at, policy), PlainInquiry(Known(projection, known_at), policy)
        places = projection.ordered(known_at)
        for q in {turn for place in places for turn in plain.turns(place)}:
            cells = [cell for some in inquiry.cells(places, q) for cell in some]
            assert [cell.at(q) for cell in cells] == [plain.control(place, q) for place in places]


@pytest.mark.parametrize("seed", range(12))
def test_spans_are_what_was_shown_from_one_position_until_another(seed: int) -> None:
    rng = Random(seed)
    projections = Projections()
    events = list(history(rng, rng.choice([5, 15, 30])))
    projections.apply(events)
    projection = projections.control
    place, policy, by_side = rng.choice(["town", "quarter"]), rng.choice(POLICIES), rng.random() < 0.3
    spans = list(projection.spans(place, policy, by_side=by_side))
    for known_at in range(len(PLACES), len(events) + 1):
        segments = PlainInquiry(Known(projection, known_at), policy).timeline(place, 100, by_side=by_side)
        expected = [
            (each.start, END if each.end is None else each.end, each.answer.joins_by)
            for each in segments
            if not each.answer.is_unknown
        ]
        found = [each for each in spans if each.known_from <= known_at < each.known_until]
        assert sorted((each.start, each.end) for each in found) == [(start, end) for start, end, _ in expected]
        assert [each.shown for each in sorted(found, key=lambda each: each.start)] == [
            shown for _, _, shown in expected
        ]
    assert len({each[:4] for each in spans}) == len(spans)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair)))), st.data())
def test_windows_are_found_as_by_looking_at_each(drawn: list[tuple[int, int]], data: st.DataObject) -> None:
    """Which lie in another, and in which it lies; also once some are gone."""
    found, left = Windows(), set(drawn)
    for window in dict.fromkeys(drawn):
        found.add(window)
    for window in data.draw(st.lists(st.sampled_from(drawn), unique=True)) if drawn else ():
        found.remove(window)
        left.remove(window)
    for e, l in left | {(0, 40), (20, 20), (3, 17)}:  # noqa: E741
        others = left - {(e, l)}
        inside = [each for each in others if e <= each[0] and each[1] <= l]
        for before in ((e, l), (e, (e + l) // 2), (l, l)):
            assert found.narrowest_in((e, l), before) == min(before, *inside, (e, l), key=narrowness)
        assert sorted(found.around((e, l))) == sorted(each for each in others if each[0] <= e and l <= each[1])
