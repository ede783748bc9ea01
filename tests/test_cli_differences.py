"""`changes`, `compare` and `replay` say on the command line what the API says."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from running import PROGRAM, Ended, address, chronology, environment
from serving import Served, served
from test_cli import on_terminal

DAYS = ["--from", "2024-12-04", "--to", "2024-12-06"]
FAST = ["--speed", "1e12"]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with hama-2024, for reading only."""
    store = tmp_path_factory.mktemp("hama") / "chronology.db"
    assert chronology("load", "hama-2024", store=store).status == 0
    return store


@pytest.fixture(scope="module")
def api(loaded: Path) -> Iterator[Served]:
    with served(loaded) as running:
        yield running


def words(found: Ended) -> str:
    assert (found.status, found.err) == (0, ""), found
    return " ".join(found.out.split())


def frames(found: Ended) -> list[Any]:
    assert found.status == 0, found
    return [json.loads(line) for line in found.out.splitlines()]


def replayed(api: Served, **parameters: Any) -> list[Any]:
    answer = api.anyone.get("/v1/replay", params=parameters).raise_for_status()
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("policy", [{}, {"lens": "everything"}, {"lens": "everything", "by": "side"}])
def test_json_is_the_api_s(loaded: Path, api: Served, policy: dict[str, str]) -> None:
    flags = [part for name, value in policy.items() for part in (f"--{name}", value)]
    start, end = "2024-12-01T12:00:00Z", "2024-12-06T00:00:00Z"
    ends = {"from": start, "to": end}
    changes = chronology("changes", "--from", start, "--to", end, "--known-at", "74", *flags, store=loaded).json
    assert changes == api.get("/v1/control/changes", **ends, known_at=74, **policy)
    assert changes["changes"]
    known = ["--axis", "knowledge", "--from", "62", "--to", "74", "--at", end]
    revisions = chronology("changes", *known, *flags, store=loaded).json
    knowledge: dict[str, Any] = {"from": 62, "to": 74, "at": end, **policy}
    assert revisions == api.get("/v1/knowledge/changes", **knowledge)
    assert revisions["changes"]
    replay = chronology("replay", "--from", start, "--to", end, *flags, store=loaded)
    assert frames(replay) == replayed(api, **ends, **policy)
    assert frames(chronology("replay", *known, *flags, store=loaded)) == replayed(api, axis="knowledge", **knowledge)


def test_a_comparison_is_the_api_s(loaded: Path, api: Served) -> None:
    at = "2024-12-01T12:00:00Z"
    found = chronology("compare", "default", "everything", "--at", at, store=loaded).json
    assert found == api.anyone.get(f"/v1/control/compare?lens=default&lens=everything&at={at}").json()
    assert [each["place"] for each in found["places"]] == ["al-arbaeen-hama"]


def test_without_ends_a_replay_is_all_there_is(loaded: Path, api: Served) -> None:
    assert frames(chronology("replay", "--at", "2025-01-01", store=loaded)) == replayed(api, at="2025-01-01T00:00:00Z")
    known = frames(chronology("replay", "--axis", "knowledge", "--at", "2024-12-05", store=loaded))
    assert [each["known_at"] for each in known] == list(range(75))


def test_changes_on_a_terminal_are_a_table(loaded: Path) -> None:
    said = words(on_terminal("changes", *DAYS, store=loaded))
    assert "From 00:00 on 4 December 2024 to 00:00 on 6 December 2024 (UTC)" in said
    assert re.search(r"Khitab │ unknown │ held by Syrian │ hama-2024-s10", said)
    assert "{" not in said


def test_revisions_on_a_terminal_name_the_events(loaded: Path) -> None:
    said = words(on_terminal("changes", "--axis", "knowledge", "--from", "62", "--at", "2024-12-05", store=loaded))
    assert "Known of 00:00 on 5 December 2024 (UTC) from position 62 to 74" in said
    assert "71 hama-2024-s10" in said


def test_a_comparison_on_a_terminal_has_a_column_for_each_lens_in_the_order_given(loaded: Path) -> None:
    found = on_terminal("compare", "everything", "default", "strict", "--at", "2024-12-01T12:00:00Z", store=loaded)
    said = words(found)
    assert re.search("Place ┃ everything ┃ default ┃ strict", said)
    assert re.search("Al-Arba'een │ held by Syrian opposition │ unknown │ unknown", said)


def test_a_replay_on_a_terminal_tells_what_was_and_what_is(loaded: Path) -> None:
    said = words(on_terminal("replay", *DAYS, *FAST, "--timezone", "Asia/Damascus", store=loaded))
    assert "21:00 on 4 December 2024 Jabal Zayn al-Abidin: unknown ⇒ changing: unknown → contested by" in said
    assert "Khitab: changing: unknown → held by Syrian opposition ⇒ held by Syrian opposition" in said


def test_a_replay_of_knowledge_on_a_terminal_tells_each_event(loaded: Path) -> None:
    ends = ["--axis", "knowledge", "--from", "60", "--to", "74", "--at", "2024-12-05"]
    said = words(on_terminal("replay", *ends, *FAST, store=loaded))
    assert "Known of 00:00 on 5 December 2024 at position 60 61: the source sana was registered" in said
    assert re.search(r"73: hama-2024-s12 was filed \(\d{4}-\d\d-\d\d \d\d:\d\d\) Al-Arba'een: unknown ⇒", said)


def test_speed_paces_a_replay(loaded: Path) -> None:
    """Two days and an hour of the world, at a day a second."""
    since = monotonic()
    found = chronology("replay", *DAYS, "--speed", "86400", store=loaded)
    assert monotonic() - since >= 1  # its frames are from midnight to 01:00 on the day after
    assert frames(found) == frames(chronology("replay", *DAYS, store=loaded))


def test_a_replay_of_knowledge_is_paced_by_when_it_was_recorded(loaded: Path) -> None:
    """All was recorded within seconds, years after what is asked about."""
    axis = ["replay", "--axis", "knowledge", "--at", "2024-12-05"]
    assert len(frames(chronology(*axis, "--speed", "100", store=loaded))) == 75


def test_a_replay_waits_however_long_its_speed_says(loaded: Path) -> None:
    command = [*PROGRAM, "replay", *DAYS, "--speed", "1e-9", "--store", address(loaded)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as playing:
        assert playing.stdout is not None
        assert playing.stderr is not None
        playing.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            playing.wait(1)
        playing.send_signal(signal.SIGINT)
        assert playing.wait(20) == 130
        assert playing.stderr.read() == b""


def test_a_replay_is_broken_off_by_ctrl_c_without_a_word(loaded: Path) -> None:
    command = [*PROGRAM, "replay", *DAYS, "--speed", "1", "--store", address(loaded)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as playing:
        assert playing.stdout is not None
        assert playing.stderr is not None
        assert json.loads(playing.stdout.readline())["at"] == "2024-12-04T00:00:00Z"
        playing.send_signal(signal.SIGINT)
        assert playing.wait(20) == 130
        assert playing.stderr.read() == b""


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["changes"], "--from: 'from' is needed"),
        (["changes", "--from", "soon"], "--from: 'soon' can't be read at position 0"),
        (["changes", "--from", "2024-12-05", "--to", "x"], "--to: 'x' can't be read at position 0"),
        (["changes", "--from", "2024-12-06", "--to", "2024-12-05"], "--to: `to` lies before `from`"),
        (["changes", "--axis", "sideways", "--from", "1"], "--axis: 'sideways' is none of: valid, knowledge"),
        (["changes", "--axis", "knowledge", "--from", "75"], "--from: the log ends at position 74"),
        (["changes", "--axis", "knowledge", "--from", "1", "--to", "75"], "--to: the log ends at position 74"),
        (["changes", "--axis", "knowledge", "--from", "9", "--to", "3"], "--to: `to` lies before `from`"),
        (["changes", "--from", "2024-12-05", "--lens", "rosy"], "--lens: 'rosy' is none of"),
        (["compare", "strict"], "LENS: two lenses or more are compared, each named once"),
        (["compare", "strict", "strict"], "LENS: two lenses or more are compared, each named once"),
        (["compare", "strict", "rosy"], "LENS: 'rosy' is none of: default, strict, everything"),
        (["compare", "strict", "default", "--known-at", "75"], "--known-at: the log ends at position 74"),
        (["replay", "--speed", "fast"], "--speed: 'fast' is no number"),
        (["replay", "--speed", "0"], "--speed: speed is more than 0"),
        (["replay", "--from", "3"], "--from: '3' can't be read at position 1"),
        (["replay", "--axis", "knowledge", "--to", "75"], "--to: the log ends at position 74"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line_that_names_the_flag(
    loaded: Path, call: list[str], says: str
) -> None:
    found = chronology(*call, store=loaded)
    assert found.status == 2
    assert says in found.complaint


@pytest.mark.parametrize("call", [["compare"], ["compare", "default", "strict", "--lens", "default"]])
def test_a_comparison_takes_its_lenses_as_they_come(call: list[str]) -> None:
    found = chronology(*call)
    assert found.status == 2
    assert found.err.startswith("usage: chronology")


@pytest.mark.parametrize("command", [["changes", "--from", "2024-12-04"], ["compare", "default", "strict"], ["replay"]])
def test_reading_makes_no_store(tmp_path: Path, command: list[str]) -> None:
    found = chronology(*command, store=tmp_path / "none.db")
    assert found.complaint == f"there is no chronology at {tmp_path / 'none.db'}"
    assert list(tmp_path.iterdir()) == []
