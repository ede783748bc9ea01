"""What this process appended is at hand, and is never more or less than what the log holds."""

from __future__ import annotations

import pytest

from domain.events import ForceRegistered, Recorded
from domain.force import Force
from event_store import recent
from event_store.recent import Recent


def run(*positions: int) -> list[Recorded]:
    return [Recorded(each, each, f"force:f{each}", 1, ForceRegistered(Force(f"f{each}", "F"))) for each in positions]


def positions(found: Recent, after: int, limit: int = 100) -> list[int]:
    return [each.position for each in found.after(after, limit)]


def test_gives_what_follows_a_position() -> None:
    found = Recent()
    found.add(run(3, 4))
    found.add(run(5))
    assert positions(found, 2) == [3, 4, 5]
    assert positions(found, 4) == [5]
    assert positions(found, 2, limit=2) == [3, 4]


def test_gives_nothing_where_it_would_leave_out_what_came_before() -> None:
    found = Recent()
    assert positions(found, 0) == []
    found.add(run(3, 4))
    assert positions(found, 1) == []
    assert positions(found, 4) == []


def test_another_process_between_ends_the_run() -> None:
    found = Recent()
    found.add(run(1, 2))
    found.add(run(5, 6))
    assert positions(found, 0) == []
    assert positions(found, 2) == []
    assert positions(found, 4) == [5, 6]


def test_a_transaction_of_refusals_changes_nothing() -> None:
    found = Recent()
    found.add(run(1))
    found.add([])
    assert positions(found, 0) == [1]


def test_old_ones_are_let_go_without_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "LARGEST", 10)
    found = Recent()
    for position in range(1, 101):
        found.add(run(position))
        held = positions(found, max(0, position - 5))
        assert held == list(range(max(1, position - 4), position + 1))
    assert positions(found, 0) == []


def test_what_a_redaction_speaks_of_is_forgotten_also_if_it_comes_late() -> None:
    found = Recent()
    found.add([*run(1), *run(2), *run(3), *run(4)])
    found.forget(3)
    assert positions(found, 0) == []
    assert positions(found, 3) == [4]
    found.forget(6)  # another process redacted at 6 what this one appended at 5, and is about to add
    found.add(run(5))
    assert positions(found, 4) == []
    found.add(run(7))
    assert positions(found, 6) == [7]
