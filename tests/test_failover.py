"""The primary is killed and a standby promoted under writers and readers: what was acknowledged is there, once."""

from __future__ import annotations

from itertools import cycle

from cluster import Cluster, Member, cluster
from postgres import demanded
from running import Serving, await_true
from traffic import accounted, file, head_of, register, traffic

from service.chronology_verify import check_growth, open_checkpoint

WRITERS = 6
HEAD = "SELECT max(notification_id) FROM chronology.stored_events"
TABLES = "SELECT position FROM chronology.chronology_state"


def test_what_was_acknowledged_outlives_the_primary() -> None:
    demanded()
    with cluster() as three, three.node("one", three.writing) as one, three.node("two", three.writing) as two:
        register(one.url)
        with three.node("reading", three.reading) as reading, traffic() as work:
            for number, node in zip(range(WRITERS), cycle((one, two)), strict=False):
                work.file(f"r{number}", node.url)
            for node in (one, reading):
                work.tail_feed(node.url)
            work.await_more(60)
            before = text(one, "/v1/log/checkpoint")
            work.await_more(20)
            three["pg1"].crash()
            promote_newest(three)
            work.await_more(60)
            work.stop(lambda: head_of(three.writing))
            account = accounted(three.writing, work.acknowledged, work.tails)
            print(f"failover: {account.line}")
            account.must_balance(140)
            check_is_beginning(one, before)
            await_true("ready", lambda: ready(reading))
            assert text(reading, "/v1/log/checkpoint") == text(one, "/v1/log/checkpoint")


def promote_newest(standbys: Cluster) -> None:
    """Of those that are left, the one that has most: what was acknowledged, at least one of them has."""
    newest = max((standbys["pg2"], standbys["pg3"]), key=Member.received)
    newest.promote()


def check_is_beginning(node: Serving, note: str) -> None:
    """The log of a checkpoint is the beginning of the log that there is now."""
    key = text(node, "/v1/log/key").strip()
    old, new = open_checkpoint(note, key), open_checkpoint(text(node, "/v1/log/checkpoint"), key)
    with node.client() as client:
        proof = client.get("/v1/log/proof/consistency", params={"from": old.size, "to": new.size}).json()
    assert old.size < new.size
    check_growth(old, new, proof)


def text(node: Serving, path: str) -> str:
    with node.client() as client:
        return client.get(path).text


def ready(node: Serving) -> bool:
    with node.client() as client:
        return client.get("/health/ready").status_code == 200


def test_a_standby_that_lacks_what_was_followed_is_noticed_when_it_is_promoted() -> None:
    """Nobody waited for it, so it may: then what was acknowledged is lost, and a node says so and stops."""
    demanded()
    with cluster(("pg1", "pg2"), synchronous_standby_names="") as two, two.node("one", two.writing) as one:
        register(one.url)
        assert file_at(one, "kept") == 3
        await_true("it is there", lambda: two["pg2"].do(HEAD) == two["pg2"].do(TABLES) == [(3,)])
        two["pg2"].stop()
        assert file_at(one, "lost") == 4
        two["pg1"].crash()
        two["pg2"].start()
        with two.node("beside", two["pg2"].address()) as beside:
            assert file_at(beside, "lost") is None
            two["pg2"].promote()
            ended = one.ended(within=60)
            assert ended.status == 1
            assert "its position 4 is not there any more" in ended.err
            assert two["pg2"].do(HEAD) == [(3,)], "nothing was appended behind it"
            assert file_at(beside, "lost") == 4, "it followed what there is, and writes now"


def file_at(node: Serving, id: str) -> int | None:
    with node.client() as client:
        return file(client, f"report:{id}")
