"""An answer whose every time is given never changes, here or elsewhere: it can be cited, and kept for ever."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from chronologies import random_log
from serving import Served, served
from test_http_agreement import PATHS, tell

from domain.when.instant import SECOND
from service.tokens import Role

BEGUN = 1_735_689_600 * SECOND  # 2025-01-01T00:00:00Z
AT = "2024-12-01T00:00:00Z"
GEOJSON = "application/geo+json"
IMMUTABLE = "max-age=31536000, immutable"
LATER = {"id": "later", "name": "Later", "kind": "town"}


class Ticking:
    """A clock that is one second on each time it is read, from the same start wherever it runs."""

    def __init__(self, start: int = BEGUN) -> None:
        self.now = start

    def __call__(self) -> int:
        self.now += SECOND
        return self.now


class Replaying:
    """A clock that stands where the next event of another log was recorded."""

    def __init__(self) -> None:
        self.now = BEGUN

    def __call__(self) -> int:
        return self.now


def told_log() -> list[dict[str, Any]]:
    return random_log(random.Random("citing"), 60)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("citing") / "chronology.db", clock=Ticking()) as running:
        tell(running, told_log())
        yield running


def reading(running: Served) -> list[str]:
    """Every reading call with its times given."""
    place = running.get("/v1/places")["places"][0]["id"]
    force = running.get("/v1/forces")["forces"][0]["id"]
    source = running.get("/v1/sources")["sources"][0]["id"]
    report = running.get("/v1/reports", known_at=50)["reports"][0]["id"]
    times = f"at={AT}&known_at=50"
    between = f"from=2024-11-29T00:00:00Z&to={AT}"
    return [
        f"/v1/places/{place}/control?{times}",
        f"/v1/places/{place}/control?{times}&by=side&lens=everything&evidence=2",
        f"/v1/places/{place}/timeline?{times}&lens=everything",
        f"/v1/control?{times}&status=held,contested",
        f"/v1/control/changes?{between}&known_at=50&lens=everything",
        f"/v1/knowledge/changes?from=20&to=50&at={AT}",
        f"/v1/control/compare?lens=strict&lens=everything&{times}",
        f"/v1/reports?{times}&limit=3",
        f"/v1/reports/{report}?{times}",
        f"/v1/reports/{report}/history?{times}",
        f"/v1/places?{times}&q=place",
        f"/v1/places/{place}?{times}",
        f"/v1/forces?{times}",
        f"/v1/forces/{force}?{times}",
        f"/v1/sources?{times}",
        f"/v1/sources/{source}?{times}",
    ]


def kept(address: str) -> str:
    """How long caches may keep an answer: for ever, unless it has words of a report in it, which may be redacted."""
    return "no-cache" if address.startswith("/v1/reports") else f"public, {IMMUTABLE}"


def ask(running: Served, address: str, status: int = 200, **headers: str) -> httpx.Response:
    answer = running.anyone.get(address, headers={name.replace("_", "-"): each for name, each in headers.items()})
    assert answer.status_code == status, (address, answer.text)
    return answer


def links(answer: httpx.Response) -> dict[str, str]:
    """The links of an answer by relation."""
    found: dict[str, str] = {}
    for address, relations in re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"]):
        found |= dict.fromkeys(relations.split(), address)
    return found


def test_an_answer_with_its_times_given_is_kept_for_ever(world: Served) -> None:
    for address in reading(world):
        answer = ask(world, address)
        assert answer.headers["cache-control"] == kept(address), address
        assert re.fullmatch(r'"[^"]+"', answer.headers["etag"])
        assert answer.json()["as_of_position"] == answer.json()["known_at"] == 50
        again = ask(world, answer.headers["content-location"])
        assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        assert again.headers["content-location"] == answer.headers["content-location"]


def test_the_same_address_gives_the_same_bytes_after_more_events_and_after_a_restart(tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    with served(store, clock=Ticking()) as running:
        tell(running, told_log()[:52])
        addresses = reading(running)
        before = {address: ask(running, address).content for address in addresses}
        before |= {f"{address}#": ask(running, address, Accept=GEOJSON).content for address in addresses[3:4]}
        for event in told_log()[52:]:
            running.must(PATHS[event["type"]].format(id=event["id"]), event["body"])
        assert {address: ask(running, address).content for address in addresses}.items() <= before.items()
    with served(store, clock=Ticking(BEGUN * 2)) as running:
        assert {address: ask(running, address).content for address in addresses}.items() <= before.items()
        assert ask(running, addresses[3], Accept=GEOJSON).content == before[f"{addresses[3]}#"]


def test_another_installation_with_the_same_log_gives_the_same_bytes(tmp_path: Path, world: Served) -> None:
    """The same events in other commits, and recorded when those were."""
    clock = Replaying()
    with served(tmp_path / "other.db", clock=clock) as other:
        times = [each.recorded_at for each in world.service.log.read(0)]
        for recorded_at, event in zip(times, told_log(), strict=True):
            clock.now = recorded_at
            other.must(PATHS[event["type"]].format(id=event["id"]), event["body"])
        for address in reading(world):
            here, there = ask(world, address), ask(other, address)
            assert (here.content, here.headers["etag"]) == (there.content, there.headers["etag"])
            assert here.headers["content-location"] == there.headers["content-location"]


def test_without_its_times_an_answer_is_asked_for_again(world: Served) -> None:
    for address in reading(world):
        path, _, query = address.partition("?")
        for name in ("at", "known_at", "from", "to"):
            left = "&".join(each for each in query.split("&") if not each.startswith(f"{name}="))
            if left == query or (name == "from" and "changes" in path):
                continue
            answer = ask(world, f"{path}?{left}")
            assert answer.headers["cache-control"] == "no-cache", f"{path}?{left}"
            permalink = answer.headers["content-location"]
            assert ask(world, permalink).headers["cache-control"] == kept(permalink)


def test_the_permalink_gives_the_same_answer(world: Served) -> None:
    """But for how far the projections were, which is nobody's to cite."""
    for address in ("/v1/control?lens=everything", "/v1/places", "/v1/reports?limit=2", f"/v1/control?at={AT}"):
        answer = ask(world, address).json()
        cited = ask(world, ask(world, address).headers["content-location"]).json()
        assert {**cited, "at": answer["at"]} == answer


def test_the_order_of_parameters_changes_no_permalink(world: Served) -> None:
    one = ask(world, f"/v1/control?lens=strict&at={AT}&known_at=50&by=side")
    two = ask(world, f"/v1/control?by=side&known_at=50&at={AT}&lens=strict")
    assert one.headers["content-location"] == two.headers["content-location"]


def test_a_private_service_lets_no_shared_cache_keep_an_answer(tmp_path: Path) -> None:
    with served(tmp_path / "c.db", private=True) as running:
        running.register(places=("p",))
        answer = running.as_(Role.READER).get(f"/v1/control?at={AT}&known_at=1")
        assert answer.headers["cache-control"] == f"private, {IMMUTABLE}"
        assert "Authorization" in answer.headers["vary"]
        assert running.as_(Role.READER).get("/v1/control").headers["cache-control"] == "no-cache"


def test_known_at_an_instant_is_kept_for_ever_once_something_was_recorded_after_it(tmp_path: Path) -> None:
    with served(tmp_path / "c.db", clock=Ticking()) as running:
        running.register(places=("p",))
        recorded_at = running.get("/v1/events")["events"][0]["recordedtime"]
        address = f"/v1/control?at={AT}&known_at={recorded_at}"
        first = ask(running, address)
        assert (first.headers["cache-control"], first.json()["known_at"]) == ("no-cache", 1)
        running.must("/v1/places", LATER)
        second = ask(running, address)
        assert (second.headers["cache-control"], second.json()["known_at"]) == (f"public, {IMMUTABLE}", 1)
        running.must("/v1/forces", {"id": "f", "name": "F"})
        assert ask(running, address).content == second.content


def test_an_answer_that_waits_for_a_position_is_the_same_too(tmp_path: Path) -> None:
    with served(tmp_path / "c.db", clock=Ticking()) as running:
        running.register(places=("p", "q"))
        address = f"/v1/control?at={AT}&known_at=1&after_position=2"
        first = ask(running, address)
        assert first.json()["as_of_position"] == 2
        running.must("/v1/places", LATER)
        assert ask(running, address).content == first.content


def test_who_has_the_answer_gets_304_and_no_body(world: Served) -> None:
    for address in (reading(world)[0], f"/v1/control?at={AT}"):
        tag = ask(world, address).headers["etag"]
        for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            answer = ask(world, address, 304, If_None_Match=given)
            assert answer.content == b""
            assert answer.headers["etag"] == tag
            assert {"cache-control", "content-location", "vary"} <= answer.headers.keys()
        assert ask(world, address, If_None_Match='"other"').content


def test_the_etag_is_another_when_the_answer_is(tmp_path: Path) -> None:
    with served(tmp_path / "c.db", clock=Ticking()) as running:
        running.register(places=("p",))
        address = f"/v1/control?at={AT}"
        before = ask(running, address).headers["etag"]
        running.must("/v1/places", LATER)
        assert ask(running, address, If_None_Match=before).headers["etag"] != before


def test_the_version_of_an_entry_stays_its_etag(world: Served) -> None:
    """It is what `If-Match` takes."""
    report = world.get("/v1/reports")["reports"][0]
    answer = ask(world, f"/v1/reports/{report['id']}")
    assert answer.headers["etag"] == f'"{report["version"]}"'


# ---------------------------------------------------------------------------------------------------------------
# Archives of the web (RFC 7089)
# ---------------------------------------------------------------------------------------------------------------


def http_date(instant: datetime) -> str:
    return instant.strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_accept_datetime_is_known_at_that_instant(world: Served) -> None:
    recorded = [datetime.fromisoformat(each["recordedtime"]) for each in world.get("/v1/events")["events"]]
    for then in (recorded[20], recorded[-1], datetime(2030, 1, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)):
        by_header = ask(world, f"/v1/control?at={AT}", Accept_Datetime=http_date(then))
        by_parameter = ask(world, f"/v1/control?at={AT}&known_at={then:%Y-%m-%dT%H:%M:%SZ}")
        assert by_header.json()["known_at"] == by_parameter.json()["known_at"]
        assert by_header.json()["places"] == by_parameter.json()["places"]
        assert by_header.headers["content-location"] == by_parameter.headers["content-location"]
        assert by_header.headers["cache-control"] == "no-cache"  # another header, another answer


def test_a_memento_says_when_it_was_and_what_it_is_of(world: Served) -> None:
    """RFC 7089 §2.2 and §4.1.2: `original`, `timegate`, and of the one that was chosen `memento` with its time."""
    events = world.get("/v1/events")["events"]
    address = f"/v1/control?at={AT}&lens=strict"
    then = datetime.fromisoformat(events[29]["recordedtime"])
    answer = ask(world, address, Accept_Datetime=http_date(then))
    assert answer.json()["known_at"] == 30
    assert parsedate_to_datetime(answer.headers["memento-datetime"]) == datetime.fromisoformat(
        events[29]["recordedtime"]
    )
    assert "accept-datetime" in answer.headers["vary"].lower()
    found = links(answer)
    assert found.keys() >= {"original", "timegate", "memento"}
    assert httpx.URL(found["original"]) == httpx.URL(found["timegate"])
    assert dict(httpx.URL(found["original"]).params) == {"at": AT, "lens": "strict"}
    assert found["memento"] == answer.headers["content-location"]
    assert f'datetime="{answer.headers["memento-datetime"]}"' in answer.headers["link"]
    memento = ask(world, found["memento"])
    assert memento.headers["memento-datetime"] == answer.headers["memento-datetime"]
    assert links(memento)["original"] == found["original"]
    assert memento.json()["places"] == answer.json()["places"]


def test_who_asks_for_now_is_told_where_other_times_are_to_be_had(world: Served) -> None:
    answer = ask(world, "/v1/control")
    assert "memento-datetime" not in answer.headers
    assert "accept-datetime" in answer.headers["vary"].lower()
    assert links(answer)["timegate"] == links(answer)["original"] == "/v1/control"


def test_known_at_wins_over_accept_datetime(world: Served) -> None:
    answer = ask(world, f"/v1/control?at={AT}&known_at=20", Accept_Datetime="Thu, 01 Jan 2009 00:00:00 GMT")
    assert answer.json()["known_at"] == 20


@pytest.mark.parametrize(
    "header",
    ["yesterday", "2024-12-05T12:00:00Z", "Thu, 05 Dec 2024 12:00:00 +0300", "Thu, 32 Dec 2024 12:00:00 GMT", ""],
)
def test_an_accept_datetime_that_cannot_be_read_is_refused(world: Served, header: str) -> None:
    answer = ask(world, "/v1/control", 400, Accept_Datetime=header)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Accept-Datetime" in answer.json()["detail"]


def test_an_answer_of_an_entry_that_was_not_known_then_is_404(world: Served) -> None:
    place = world.get("/v1/places")["places"][0]["id"]
    ask(world, f"/v1/places/{place}/control", 404, Accept_Datetime="Thu, 01 Jan 2009 00:00:00 GMT")


def test_the_instants_of_a_permalink_are_as_they_were_asked(world: Served) -> None:
    answer = ask(world, "/v1/control?at=2024-12-01T03:00:00%2B03:00")
    assert httpx.URL(answer.headers["content-location"]).params["at"] == AT
