"""Registered things are found by any of their names, and soon."""

from __future__ import annotations

import pytest

from domain.events import PlaceRegistered, Recorded
from domain.place import Place, PlaceKind
from projections.folding import fold
from projections.registries import Registries


def test_names_are_folded_once_and_not_again_for_each_question(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Registries()
    for i in range(1, 301):
        place = Place(f"p-{i}", f"Tall {i}", PlaceKind.VILLAGE, aliases=(f"تل {i}",))
        found.apply(Recorded(i, 0, f"place:p-{i}", 1, PlaceRegistered(place)))
    folded: list[str] = []

    def counted(text: str) -> str:
        folded.append(text)
        return fold(text)

    assert [entry.thing.id for entry in found.places.find("tall 299", 300)] == ["p-299"]  # now they are folded
    monkeypatch.setattr("projections.registries.fold", counted)
    assert [entry.thing.id for entry in found.places.find("tall 123", 300)] == ["p-123"]
    assert [entry.thing.id for entry in found.places.find("تل 7", 7)] == ["p-7"]
    assert folded == ["tall 123", "تل 7"]
