"""The feeds under load, from outside: whoever is cut off and comes back misses nothing, and a slow one slows nobody."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from time import monotonic, sleep
from typing import Any

import pytest
from cloud_event_rules import check_in_order
from listening import Heard, Listener
from running import Serving, await_true, serving

TOWNS = ["hama", "homs", "idlib"]
CUTS = 50


def furnish(running: Serving) -> None:
    with running.client() as client:
        for id in TOWNS:
            client.post("/v1/places", json={"id": id, "name": id, "kind": "town"}).raise_for_status()
        for id in ("a", "b", "c"):
            client.post("/v1/forces", json={"id": id, "name": id}).raise_for_status()


def report(dice: random.Random, text: str = "seen") -> dict[str, Any]:
    """Of what happened now, or will within three seconds: answers change by events, and by time alone."""
    then = datetime.now(UTC) + timedelta(milliseconds=dice.choice([-500, 0, 700, 1500, 3000]))
    later = then + timedelta(milliseconds=dice.choice([0, 400]))
    claim = {
        "kind": "control",
        "place": dice.choice(TOWNS),
        "forces": [dice.choice("abc")],
        "effect": dice.choice(["takes", "holds", "contests", "loses"]),
    }
    occurred = f"[{then.isoformat()}..{later.isoformat()}]"
    return {"text": text, "occurred": occurred, "credibility": "confirmed", "claims": [claim]}


@contextmanager
def writers(running: Serving, count: int = 3) -> Iterator[list[int]]:
    """People who file reports all the while; the positions that they were told."""
    told: list[int] = []
    enough = Flag()

    def write(seed: int) -> None:
        dice = random.Random(seed)
        with running.client() as client:
            while not enough.is_set():
                answer = client.post("/v1/reports", json=report(dice))
                assert answer.status_code == 201, answer.text
                told.append(answer.json()["position"])
                sleep(0.01)

    with ThreadPoolExecutor(count) as threads:
        writing = [threads.submit(write, seed) for seed in range(count)]
        try:
            yield told
        finally:
            enough.set()
            for each in writing:
                each.result(30)


def heard_in_pieces(running: Serving, path: str, dice: random.Random) -> tuple[list[Heard], str | None]:
    """What a listener hears who is cut off again and again, mostly amid an event; and its last id."""
    heard: list[Heard] = []
    last: str | None = None
    for _ in range(CUTS):
        with Listener(running.url, path, last) as listener:
            left = dice.randrange(8000)
            while left > 0:
                most = dice.randrange(1, 900)
                heard += listener.heard(most)
                left -= most
            last = listener.last
    return heard, last


def hear_until(running: Serving, path: str, last: str | None, enough: Callable[[list[Heard]], bool]) -> list[Heard]:
    found: list[Heard] = []
    with Listener(running.url, path, last) as listener:
        while not enough(found):
            found += listener.heard()
    return found


def read_pages(running: Serving, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """Every event, page by page, as far as there are any now."""
    found: list[dict[str, Any]] = []
    with running.client() as client:
        while True:
            page = client.get(path, params=parameters).raise_for_status().json()
            found += page["events"]
            if not page["events"]:
                return found
            parameters["after"] = page["next"]


def test_whoever_is_cut_off_50_times_has_every_event_once_and_in_order(tmp_path: Path) -> None:
    with serving(tmp_path / "c.db") as running:
        furnish(running)
        with writers(running) as told:
            heard, last = heard_in_pieces(running, "/v1/events", random.Random(1))
        until = max(told)
        if int(last or 0) < until:
            heard += hear_until(
                running, "/v1/events", last, lambda found: bool(found) and found[-1].json["id"] == str(until)
            )
        assert [each.id for each in heard] == [str(position) for position in range(1, until + 1)]
        assert set(told) <= {int(each.json["id"]) for each in heard}
        assert [each.json for each in heard] == read_pages(running, "/v1/events", after=0, limit=1000)
        check_in_order([each.json for each in heard])


def test_the_feed_of_answers_goes_on_for_whoever_is_cut_off_50_times(tmp_path: Path) -> None:
    path = "/v1/control/events?after=0"
    with serving(tmp_path / "c.db") as running:
        furnish(running)
        with writers(running) as told:
            heard, last = heard_in_pieces(running, path, random.Random(2))
        sleep(4.5)  # all that was filed has happened by then, and is past for the feed
        rest = read_pages(running, "/v1/control/events", after=last)
        events = [*(each.json for each in heard), *rest]
        assert max(told) > 50
        check_in_order(events)
        assert any("event" in each["data"] for each in events)
        assert any("event" not in each["data"] for each in events)
        check_frames(running, [each["data"] for each in events])
        late = any("event" in each["data"] and "@" in each["id"] for each in events)
        if not late:  # as no machine of ours is slow enough to make one
            assert events == read_pages(running, "/v1/control/events", after=0, limit=1000)


def check_frames(running: Serving, frames: list[dict[str, Any]]) -> None:
    """Each says what the map says then, of what had changed; all together say what it says at the end."""
    shown = ("status", "holders", "parties", "challenger", "before", "after")
    said: dict[str, Any] = {}
    with running.client() as client:
        for frame in [*frames, None]:
            last = frame or frames[-1]
            asked = {"at": last["at"], "known_at": last["known_at"]}
            then = {each["place"]: each for each in client.get("/v1/control", params=asked).json()["places"]}
            for answer in frame["places"] if frame else []:
                assert answer == then[answer["place"]]
                now = {name: answer[name] for name in shown}
                assert said.get(answer["place"]) != now
                said[answer["place"]] = now
            assert said == {id: {name: answer[name] for name in shown} for id, answer in then.items()}


def test_a_listener_that_never_reads_holds_up_nobody(tmp_path: Path) -> None:
    long = "x" * 19_000
    dice = random.Random(3)
    with serving(tmp_path / "c.db") as running, running.client() as client:
        furnish(running)
        with Listener(running.url, "/v1/events", receive=4096) as stuck:
            for _ in range(500):  # more than the sockets between hold
                client.post("/v1/reports", json=report(dice, long)).raise_for_status()
            until = client.get("/v1/events", params={"limit": 1}).json()["as_of_position"]
            others = hear_until(running, "/v1/events", None, lambda found: len(found) == until)
            assert [each.id for each in others] == [str(i) for i in range(1, until + 1)]
            await_true("one stream", lambda: "chronology_open_streams 1.0" in client.get("/metrics").text, within=20)
            late: list[Heard] = []
            while len(late) < until:
                late += stuck.heard()
            assert late == others


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_every_stream_at_once(tmp_path: Path, how: signal.Signals) -> None:
    with serving(tmp_path / "c.db") as running, ExitStack() as open_streams:
        furnish(running)
        with running.client() as client:
            dice = random.Random(4)
            for _ in range(30):
                client.post("/v1/reports", json=report(dice)).raise_for_status()
            slow = "/v1/replay?axis=knowledge&speed=0.0001"
            listeners = [
                open_streams.enter_context(Listener(running.url, path))
                for path in ("/v1/events", "/v1/control/events", slow, "/v1/control/events?after=0") * 5
            ]
            await_true("20 streams", lambda: "chronology_open_streams 20.0" in client.get("/metrics").text, within=20)
        since = monotonic()
        ended = running.stop(how)
        took = monotonic() - since
        print(f"20 streams, ended in {took:.2f} s")
        assert ended.status == 0, ended
        assert "Traceback" not in ended.err
        assert took < 5
        for each in listeners:
            list(each.until_end())


def test_a_stop_does_not_wait_for_a_listener_that_never_reads(tmp_path: Path) -> None:
    dice = random.Random(5)
    with serving(tmp_path / "c.db") as running, running.client() as client:
        furnish(running)
        with Listener(running.url, "/v1/events", receive=4096):
            for _ in range(400):
                client.post("/v1/reports", json=report(dice, "x" * 19_000)).raise_for_status()
            client.close()
            since = monotonic()
            ended = running.stop()
            took = monotonic() - since
            print(f"a listener that never reads, ended in {took:.2f} s")
            assert ended.status == 0, ended
            assert took < 5


def test_a_listener_goes_on_after_the_service_was_killed(tmp_path: Path) -> None:
    heard: list[Heard] = []
    last: str | None = None
    for seed in range(3):
        with serving(tmp_path / "c.db") as running:
            if seed == 0:
                furnish(running)
            with running.client() as client:
                dice = random.Random(seed)
                for _ in range(40):
                    client.post("/v1/reports", json=report(dice)).raise_for_status()
            with Listener(running.url, "/v1/events", last) as listener:
                while len(heard) < 20 + 40 * seed:
                    heard += listener.heard(500)
                running.kill()
                last = listener.last
    with serving(tmp_path / "c.db") as running:
        heard += hear_until(running, "/v1/events", last, lambda found: len(heard) + len(found) == 126)
    assert [each.id for each in heard] == [str(position) for position in range(1, 127)]
