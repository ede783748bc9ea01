"""All answers in columns: what is found in them, and that no two of them contradict each other."""

from __future__ import annotations

from collections import deque
from itertools import combinations
from random import Random

import pytest
from histories import POLICIES, history

from domain.control.answer import Answer
from domain.control.chains.cells import Cell
from domain.control.chains.chain import NEWEST
from domain.control.state import Status
from domain.when.instant import BEGINNING, END
from projections import pages, remembered
from projections.atlas import FOREVER, Atlas
from projections.projections import Projections


def cell(start: int, end: int, known_from: int = 0, holder: str = "A") -> Cell:
    held = Answer("town", Status.HELD, (holder,), (), None, None, None, None, 3, None, (), (), (), None, ())
    return Cell(start, end, held, False, known_from)


def test_an_atlas_gives_a_map_by_both_clocks_as_its_answers_come_and_go() -> None:
    atlas, places = Atlas(), ("town", "quarter", "house")
    first, later, other = cell(0, 10, 1), cell(0, 10, 5, "B"), cell(BEGINNING, END)
    atlas.put("town", first)
    atlas.put("quarter", other)
    assert atlas.cells(places, 3, 9) == ([first, other, None], [2])
    assert atlas.shown(places, 3, 9) == ([first.answer.joins_by, other.answer.joins_by, None], [2])
    atlas.close(first, 5)
    atlas.put("town", later)
    assert atlas.cells(places, 3, 9) == ([later, other, None], [2])
    assert atlas.shown(places, 3, 9) == ([later.answer.joins_by, other.answer.joins_by, None], [2])
    assert atlas.cells(places, 3, 4) == ([first, other, None], [2])
    assert atlas.cells(places, 3, 0) == ([None, other, None], [0, 2])
    assert atlas.cells(("house", "town"), 10, 9) == ([None, None], [0, 1])
    later.end = 20
    atlas.resize(later)
    assert atlas.cells(places, 19, NEWEST) == ([later, other, None], [2])
    atlas.drop(later)
    assert atlas.cells(places, 3, 9).missing == [0, 2]
    atlas.put("house", again := cell(0, 10))
    assert atlas.cells(places, 3, 9) == ([None, other, again], [0])
    assert len(atlas) == 3


@pytest.mark.parametrize("seed", range(20))
def test_its_pages_have_all_that_holds_whatever_changes(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_OUTDATED", seed)
    rng, atlas, places = Random(seed), Atlas(), [f"place-{n}" for n in range(30)]
    of: dict[str, list[Cell]] = {place: [] for place in places}
    for position in range(1, 400):
        cells = of[place := rng.choice(places)]
        match rng.randrange(5):
            case 0 if cells:
                atlas.drop(cells.pop(rng.randrange(len(cells))))
            case 1 if cells:
                (changed := rng.choice(cells)).end += rng.randrange(-20, 60)
                atlas.resize(changed)
            case 2 if cells:
                atlas.close(rng.choice(cells), position)
            case _:
                start = rng.choice([BEGINNING, rng.randrange(100)])
                end = rng.choice([10_000, rng.randrange(100, 200)])
                cells.append(new := cell(start, end, rng.randrange(position), rng.choice("AB")))
                atlas.put(place, new, rng.choice([None, None, position]))
        q, known_at = rng.randrange(-10, 210), rng.choice([rng.randrange(position), NEWEST])
        shown, missing = atlas.cells(places, q, known_at)
        for n, place in enumerate(places):
            expected = [each for each in of[place] if holds(atlas, each.slot, q, known_at)]
            assert (n in missing) == (shown[n] is None) == (not expected)
            assert shown[n] is None or shown[n] in expected


def holds(atlas: Atlas, row: int, q: int, known_at: int) -> bool:
    known = atlas.known_from[row] <= known_at and (atlas.known_to[row] > known_at or atlas.known_to[row] == FOREVER)
    return known and atlas.start[row] <= q < atlas.end[row]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_laid_out_never_contradicts_itself(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "KEPT_AT_ONCE", 2 if seed % 5 == 4 else 256)
    rng, aside = Random(seed), Random(seed)
    projections, policy = Projections(), rng.choice(POLICIES)
    control = projections.control
    for recorded in history(rng, 60):
        projections.apply([recorded])
        if seed % 2 and aside.random() < 0.05:
            deque(aside.choice([control.lay_out, control.lay_out_past])(policy), 0)
    deque(control.lay_out_past(policy), 0)
    atlas = control._policies.ledgers(policy)._remembered.atlases[False]
    held = [n for n, cell in enumerate(atlas.rows) if cell is not None]
    assert len(held) == len(atlas)
    for one, other in combinations(held, 2):
        q, until = (pick(of[one], of[other]) for pick, of in ((max, atlas.start), (min, atlas.end)))
        since, known_to = (pick(of[one], of[other]) for pick, of in ((max, atlas.known_from), (min, atlas.known_to)))
        if atlas.place[one] == atlas.place[other] and q < until and since < known_to:
            assert said(atlas, one, q) == said(atlas, other, q)


def said(atlas: Atlas, row: int, q: int) -> Answer:
    cell = atlas.rows[row]
    assert cell is not None
    return cell.at(q)
