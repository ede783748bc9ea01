"""Several nodes on one PostgreSQL: each follows the one log, also on a standby, and none answers from a lost one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from cluster import Cluster, Member, cluster, documented
from listening import Listener
from postgres import PostgresServer, demanded, free_port
from proxy import proxied
from running import Serving, await_true, chronology

from domain.events import ForceRegistered
from domain.force import Force
from event_store.faults import Forked
from event_store.postgres.log import PostgresLog
from service.clock import system_clock

HAMA = 74  # events of hama-2024
TOWN = {"id": "town", "name": "Town", "kind": "town"}
CLAIM = {"kind": "control", "place": "hama", "forces": ["hts"], "effect": "holds"}


@pytest.fixture(scope="module")
def pair() -> Iterator[Cluster]:
    """A primary and a standby with the chronology of Hama."""
    demanded()
    with cluster(("pg1", "pg2")) as found:
        assert chronology("load", "hama-2024", store=found.writing).status == 0
        yield found


@pytest.fixture(scope="module")
def primary(pair: Cluster) -> Iterator[Serving]:
    with pair.node("primary", pair.writing) as found:
        yield found


@pytest.fixture(scope="module")
def another(pair: Cluster) -> Iterator[Serving]:
    with pair.node("another", pair.writing, "--workers", "2") as found:
        yield found


@pytest.fixture(scope="module")
def standby(pair: Cluster, primary: Serving) -> Iterator[Serving]:
    with pair.node("standby", pair["pg2"].address()) as found:
        yield found


_CLIENTS: dict[str, httpx.Client] = {}


def client(node: Serving) -> httpx.Client:
    """One for each node: to make one takes longer than most questions."""
    if node.url not in _CLIENTS:
        _CLIENTS[node.url] = node.client()
    return _CLIENTS[node.url]


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    for each in _CLIENTS.values():
        each.close()


def get(node: Serving, path: str, **parameters: Any) -> httpx.Response:
    return client(node).get(path, params=parameters)


def filed(node: Serving, id: str) -> int:
    """The position that a report was acknowledged with."""
    body = {"id": id, "text": f"word{id}", "occurred": "2024-12-06", "claims": [CLAIM]}
    answer = client(node).post("/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    position: int = answer.json()["position"]
    return position


def ready(node: Serving) -> bool:
    return get(node, "/health/ready").status_code == 200


# ---------------------------------------------------------------------------------------------------------------
# A node on a standby
# ---------------------------------------------------------------------------------------------------------------


def test_the_servers_run_on_the_configuration_that_the_page_shows(pair: Cluster) -> None:
    for server in pair.members.values():
        given = {name for (name,) in server.do("SELECT name FROM pg_settings WHERE source = 'command line'")}
        assert documented().keys() <= given
    assert pair["pg1"].do("SELECT application_name, sync_state FROM pg_stat_replication") == [("pg2", "quorum")]


def test_what_one_node_acknowledged_every_other_can_be_asked_for(
    primary: Serving, another: Serving, standby: Serving
) -> None:
    for i in range(12):
        position = filed((primary, another)[i % 2], f"a{i}")
        for node in (primary, another, standby):
            answer = get(node, "/v1/places/hama/control", after_position=position).json()
            assert f"a{i}" in answer["basis"]
            assert answer["as_of_position"] >= position
            words = get(node, "/v1/reports", q=f"worda{i}", after_position=position).json()
            assert [each["id"] for each in words["reports"]] == [f"a{i}"]


def test_nodes_that_write_at_once_leave_no_gap(primary: Serving, another: Serving, standby: Serving) -> None:
    before = get(primary, "/health/ready").json()["head"]
    with ThreadPoolExecutor(8) as clients:
        positions = list(clients.map(lambda i: filed((primary, another)[i % 2], f"b{i}"), range(80)))
    assert sorted(positions) == list(range(before + 1, before + 81))
    answer = get(standby, "/v1/events", after=before, limit=100)
    await_true("followed", lambda: get(standby, "/health/ready").json()["position"] == before + 80)
    answer = get(standby, "/v1/events", after=before, limit=100).json()
    assert [int(each["id"]) for each in answer["events"]] == sorted(positions)


def test_a_write_at_a_standby_is_answered_503_and_that_it_only_reads(pair: Cluster, standby: Serving) -> None:
    before = pair["pg2"].do("SELECT max(notification_id) FROM chronology.stored_events")
    for path, body in (
        ("/v1/reports", {"id": "c", "text": "c", "occurred": "2024", "claims": []}),
        ("/v1/places", {"id": "c", "name": "c", "kind": "town"}),
        ("/v1/reports/hama-2024-s10/retraction", {"reason": "never"}),
    ):
        answer = client(standby).post(path, json=body)
        assert answer.status_code == 503
        assert "only reads: it is a standby" in answer.json()["detail"]
        assert int(answer.headers["Retry-After"]) >= 1
    dry = {"text": "c", "occurred": "2024", "claims": [CLAIM]}
    assert client(standby).post("/v1/reports?dry_run=true", json=dry).status_code == 200
    assert pair["pg2"].do("SELECT max(notification_id) FROM chronology.stored_events") == before


def test_readiness_tells_whether_a_node_writes(primary: Serving, standby: Serving) -> None:
    assert get(primary, "/health/ready").json()["writes"] is True
    assert get(standby, "/health/ready").json()["writes"] is False
    assert "it only reads" in standby.said


def test_checkpoints_and_proofs_are_the_same_on_every_node(primary: Serving, standby: Serving) -> None:
    size = filed(primary, "d")
    await_true("followed", lambda: get(standby, "/health/ready").json()["position"] >= size)
    assert get(primary, "/v1/log/checkpoint").text == get(standby, "/v1/log/checkpoint").text
    assert get(primary, "/v1/log/key").text == get(standby, "/v1/log/key").text
    for path, parameters in (
        ("/v1/log/proof/inclusion", {"position": 7, "size": size}),
        ("/v1/log/proof/consistency", {"from": HAMA, "to": size}),
    ):
        answers = [get(node, path, **parameters) for node in (primary, standby)]
        assert answers[0].status_code == 200
        assert answers[0].content == answers[1].content


def test_tokens_of_the_primary_are_tokens_of_the_standby(pair: Cluster, standby: Serving) -> None:
    made = chronology("token", "create", "--role", "reporter", "--name", "desk", "--json", store=pair.writing).json
    refused = chronology("token", "create", "--role", "reporter", "--name", "x", store=pair["pg2"].address())
    assert "only reads" in refused.complaint

    def status() -> int:
        headers = {"Authorization": f"Bearer {made['token']}"}
        body = {"text": "e", "occurred": "2024", "claims": []}
        return httpx.post(f"{standby.url}/v1/reports?dry_run=true", json=body, headers=headers, timeout=30).status_code

    await_true("known", lambda: status() == 200)
    chronology("token", "revoke", made["id"], store=pair.writing)
    await_true("revoked", lambda: status() == 401)


def test_a_standby_answers_as_far_as_it_is_and_waits_for_what_it_lacks(
    pair: Cluster, primary: Serving, standby: Serving
) -> None:
    before = filed(primary, "f0")
    assert get(standby, "/v1/places/hama/control", after_position=before).status_code == 200
    pair["pg2"].do("SELECT pg_wal_replay_pause()")
    try:
        position = filed(primary, "f1")
        answer = get(standby, "/v1/places/hama/control")
        assert answer.status_code == 200
        assert answer.json()["as_of_position"] < position
        late = get(standby, "/v1/places/hama/control", after_position=position)
        assert (late.status_code, late.headers["Retry-After"]) == (503, "1")
        assert f"position {position} is not reached yet" in late.json()["detail"]
    finally:
        pair["pg2"].do("SELECT pg_wal_replay_resume()")
    assert get(standby, "/v1/places/hama/control", after_position=position).status_code == 200


def test_the_log_at_a_standby_verifies(pair: Cluster, standby: Serving) -> None:
    assert chronology("verify", store=pair["pg2"].address()).json["sound"]


# ---------------------------------------------------------------------------------------------------------------
# A database that is lost, and comes back
# ---------------------------------------------------------------------------------------------------------------


def test_a_node_outlives_a_restart_of_its_database(pair: Cluster, primary: Serving, standby: Serving) -> None:
    position = filed(primary, "g0")
    pair["pg1"].stop()
    await_true("noticed", lambda: get(primary, "/v1/places/hama/control").status_code == 503)
    for answer in (get(primary, "/v1/places/hama/control", known_at=position), get(primary, "/health/ready")):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert get(primary, "/health/live").status_code == 200
    assert get(standby, "/v1/places/hama/control").status_code == 200
    pair["pg1"].start()
    await_true("it is back", lambda: ready(primary))
    assert filed(primary, "g1") == position + 1
    assert get(standby, "/v1/places/hama/control", after_position=position + 1).status_code == 200


def test_a_worker_that_begins_while_the_database_is_away_waits_for_it(pair: Cluster, another: Serving) -> None:
    position = filed(another, "k0")
    pair["pg1"].stop()
    before = workers(another)
    os.kill(min(before), signal.SIGKILL)
    await_true("another took its place", lambda: len(workers(another) - {min(before)}) == 2)
    await_true("it waits", lambda: "waiting for the store" in another.complained)
    pair["pg1"].start()
    await_true("all are back", lambda: all(httpx.get(f"{another.url}/health/ready").is_success for _ in range(10)))
    assert len(workers(another)) == 2
    assert filed(another, "k1") == position + 1


def workers(node: Serving) -> set[int]:
    """The processes that serve."""
    children = Path(f"/proc/{node.process.pid}/task/{node.process.pid}/children").read_text().split()
    return {int(each) for each in children if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()}


def test_a_standby_that_restarts_is_followed_on(pair: Cluster, primary: Serving, standby: Serving) -> None:
    position = filed(primary, "h0")
    pair["pg2"].stop()
    await_true("noticed", lambda: get(standby, "/v1/places/hama/control").status_code == 503)
    pair["pg2"].start()
    await_true("streams", pair["pg2"].streams)
    await_true("it is back", lambda: ready(standby))
    assert filed(primary, "h1") == position + 1
    path, wanted = "/v1/places/hama/control", position + 1
    await_true("it follows", lambda: get(standby, path, after_position=wanted).status_code == 200)


def test_a_node_without_its_database_says_so_and_goes_on_hearing_after(pair: Cluster, primary: Serving) -> None:
    """Its listening is taken up again: what another node appends, it knows much sooner than it would look by itself."""
    pair["pg1"].do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chronology'")
    await_true("it is back", lambda: ready(primary))
    listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND application_name = 'chronology'"
    await_true("it listens", lambda: pair["pg1"].do(listening) != [(0,)])
    with pair.node("late", pair.writing) as late:
        start = monotonic()
        for i in range(5):
            position = filed(late, f"i{i}")
            assert get(primary, "/v1/places/hama/control", after_position=position).status_code == 200
        assert monotonic() - start < 5


def test_a_node_that_is_cut_off_waits_and_then_has_missed_nothing(pair: Cluster, primary: Serving) -> None:
    server = pair["pg1"]
    with (
        proxied(server.port) as proxy,
        pair.node("far", server.address().replace(str(server.port), str(proxy.port))) as far,
    ):
        with Listener(far.url, "/v1/events", str(filed(primary, "j0") - 1)) as feed:
            heard = [each.id for each in feed.heard()]
            proxy.down = True
            proxy.cut_all()
            await_true("noticed", lambda: get(far, "/v1/places/hama/control").status_code == 503)
            positions = [filed(primary, f"j{i}") for i in range(1, 6)]
            proxy.down = False
            await_true("it is back", lambda: ready(far))
            assert get(far, "/v1/places/hama/control").json()["as_of_position"] >= positions[-1]
            while not heard or int(heard[-1] or 0) < positions[-1]:
                heard += [each.id for each in feed.heard()]
        assert heard == [str(each) for each in range(positions[0] - 1, positions[-1] + 1)]


# ---------------------------------------------------------------------------------------------------------------
# A log that is another one
# ---------------------------------------------------------------------------------------------------------------


@contextmanager
def elsewhere(server: Member) -> Iterator[None]:
    """The server runs on a port that no node knows."""
    port, server.port = server.port, free_port()
    server.start()
    yield
    server.stop()
    server.port = port


def append(address: str, start: int, end: int) -> None:
    log = PostgresLog(address, system_clock)
    for i in range(start, end):
        log.append(ForceRegistered(Force(f"force-{i}", "force")), 1).result(10)
    log.close()


@pytest.mark.parametrize(
    "done",
    [
        (
            "DELETE FROM chronology.stored_events WHERE notification_id = 3",
            "DELETE FROM chronology.tree WHERE number = 2",
        ),
        ("UPDATE chronology.tree SET hash = '\\x00' WHERE level = 0 AND number = 2",),
        ("DROP SCHEMA chronology CASCADE",),
    ],
    ids=["shorter", "another", "none"],
)
def test_nothing_is_read_from_another_log_nor_appended_to_it(
    postgres_server: PostgresServer, postgres_address: str, done: tuple[str, ...]
) -> None:
    database = postgres_address.rpartition("/")[2]
    log = PostgresLog(postgres_address, system_clock)
    try:
        for i in range(3):
            log.append(ForceRegistered(Force(f"force-{i}", "force")), 1).result(10)
        for statement in done:
            postgres_server.do(statement, database)
        postgres_server.do(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'")
        with pytest.raises(Forked, match="its position 3 is"):
            log.read(0)
        with pytest.raises(Forked, match="is not the log that was followed here"):
            log.append(ForceRegistered(Force("more", "force")), 1).result(10)
        with pytest.raises(Forked):
            log.head()
    finally:
        log.close()


@pytest.mark.parametrize("written", [0, 1])
def test_a_node_stops_where_an_older_copy_of_its_database_is_brought_back(written: int) -> None:
    """Also where something else has been appended to the copy since."""
    demanded()
    with cluster(("pg1",), synchronous_standby_names="") as alone:
        server = alone["pg1"]
        append(server.address(), 0, 5)
        server.stop()
        older = server.folder / "older"
        subprocess.run(["cp", "-a", server.data, older], check=True)
        server.start()
        with alone.node("node", alone.writing) as node:
            assert client(node).post("/v1/places", json=TOWN).json()["position"] == 6
            assert get(node, "/v1/places/town/control", after_position=6).status_code == 200
            server.stop()
            await_true("noticed", lambda: get(node, "/v1/places/town/control").status_code == 503)
            shutil.rmtree(server.data)
            older.rename(server.data)
            with elsewhere(server):
                append(server.address(), 5, 5 + written)
            server.start()
            ended = node.ended(within=30)
        assert ended.status == 1
        why = "is another event now" if written else "is not there any more"
        assert f"its position 6 {why}" in ended.err
        head = server.do("SELECT max(notification_id) FROM chronology.stored_events")
        assert head == [(5 + written,)], "nothing was appended behind it"
        with alone.node("again", alone.writing) as again:
            assert get(again, "/health/ready").json()["position"] == 5 + written
            assert client(again).post("/v1/places", json=TOWN).json()["position"] == 6 + written
