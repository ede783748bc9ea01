"""The log as a Merkle tree over HTTP, and answers that carry their proofs: checked with nothing but the log's key."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import Served, served
from test_http_reading import furnish
from test_verifying import verifier

from domain.events import ForceRegistered
from domain.force import Force
from event_store.promise import Promise
from event_store.sqlite.log import SQLiteLog
from service.chronology_verify import (
    Checkpoint,
    Refuted,
    check_answer,
    check_consistency,
    check_inclusion,
    leaf_hash,
    leaf_of,
    open_checkpoint,
    root_of,
)
from service.clock import system_clock

Body = dict[str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("proofs") / "chronology.db") as running:
        furnish(running)
        yield running


def key(running: Served) -> str:
    return running.anyone.get("/v1/log/key").text


def newest(running: Served) -> Checkpoint:
    answer = running.anyone.get("/v1/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    return open_checkpoint(answer.text, key(running))


def hashes(body: Body) -> list[bytes]:
    return [b64decode(each) for each in body["hashes"]]


def exported(running: Served) -> list[Body]:
    lines = running.anyone.get("/v1/events", headers={"Accept": "application/x-ndjson"}).text.splitlines()
    return [json.loads(line) for line in lines]


def root(events: list[Body]) -> bytes:
    return root_of(leaf_hash(leaf_of(event)) for event in events)


def test_the_checkpoint_is_of_the_whole_log_and_is_signed(world: Served) -> None:
    checkpoint, events = newest(world), exported(world)
    assert checkpoint.size == len(events) == world.service.log.head()
    assert checkpoint.root == root(events)
    note = world.anyone.get("/v1/log/checkpoint").text
    assert re.fullmatch(rf"(chronology/[0-9a-f]{{16}})\n{len(events)}\n\S{{44}}\n\n— \1 \S+\n", note)


def test_an_empty_log_has_a_checkpoint(running: Served) -> None:
    assert newest(running) == (newest(running).origin, 0, root_of([]))


def test_every_event_is_proven_in_every_log_that_has_it(world: Served) -> None:
    events = exported(world)
    for size in range(1, len(events) + 1):
        for position in range(1, size + 1):
            body = world.get("/v1/log/proof/inclusion", position=position, size=size)
            leaf = b64decode(body["leaf_hash"])
            assert (body["position"], body["size"], leaf) == (position, size, leaf_hash(leaf_of(events[position - 1])))
            check_inclusion(leaf, position - 1, size, hashes(body), root(events[:size]))


def test_every_log_is_proven_to_begin_with_each_before_it(world: Served) -> None:
    events = exported(world)
    for second in range(1, len(events) + 1):
        for first in range(1, second + 1):
            body = world.get("/v1/log/proof/consistency", **{"from": first, "to": second})
            assert (body["from"], body["to"]) == (first, second)
            check_consistency(first, second, hashes(body), root(events[:first]), root(events[:second]))


def test_the_size_is_the_newest_unless_it_is_given(world: Served) -> None:
    size = newest(world).size
    assert world.get("/v1/log/proof/inclusion", position=1)["size"] == size
    assert world.get("/v1/log/proof/consistency", **{"from": 1})["to"] == size
    for path, given, immutable in (
        ("inclusion", {"position": 1}, False),
        ("inclusion", {"position": 1, "size": 2}, True),
        ("consistency", {"from": 1}, False),
        ("consistency", {"from": 1, "to": 2}, True),
    ):
        answer = world.anyone.get(f"/v1/log/proof/{path}", params=given)
        assert ("immutable" in answer.headers["cache-control"]) is immutable


@pytest.mark.parametrize(
    ("path", "given", "status", "pointer"),
    [
        ("inclusion", {}, 422, "#/position"),
        ("inclusion", {"position": "0"}, 422, "#/position"),
        ("inclusion", {"position": "3", "size": "2"}, 422, "#/position"),
        ("inclusion", {"position": "1", "size": "999"}, 422, "#/size"),
        ("inclusion", {"position": "999"}, 422, "#/position"),
        ("inclusion", {"position": "-1"}, 400, "#/position"),
        ("inclusion", {"position": "one"}, 400, "#/position"),
        ("inclusion", {"position": "1", "at": "1"}, 400, "#/at"),
        ("inclusion", {"position": "1" * 19}, 422, "#/position"),
        ("consistency", {}, 422, "#/from"),
        ("consistency", {"from": "0"}, 422, "#/from"),
        ("consistency", {"from": "3", "to": "2"}, 422, "#/from"),
        ("consistency", {"from": "1", "to": "999"}, 422, "#/to"),
        ("consistency", {"from": "2024-12-05"}, 400, "#/from"),
    ],
)
def test_a_proof_that_there_cannot_be_is_refused(
    world: Served, path: str, given: dict[str, str], status: int, pointer: str
) -> None:
    answer = world.anyone.get(f"/v1/log/proof/{path}", params=given)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_who_may_not_read_gets_no_proof(tmp_path: Path) -> None:
    with served(tmp_path / "chronology.db", private=True) as running:
        running.must("/v1/forces", {"id": "a", "name": "a"})
        for path in ("checkpoint", "key", "proof/inclusion?position=1", "proof/consistency?from=1", "tile/0/000.p/1"):
            assert running.anyone.get(f"/v1/log/{path}").status_code == 401
            assert running.editor.get(f"/v1/log/{path}").status_code == 200
        assert running.editor.get("/v1/log/tile/0/000.p/1").headers["cache-control"].startswith("private")


def test_a_key_that_cannot_be_read_is_named_and_all_else_goes_on(tmp_path: Path) -> None:
    (tmp_path / "chronology.db-key").write_text("no key")
    with served(tmp_path / "chronology.db") as running:
        running.must("/v1/forces", {"id": "a", "name": "a"})
        for path in ("checkpoint", "key"):
            answer = running.anyone.get(f"/v1/log/{path}")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert "chronology.db-key can't be read as a signing key" in answer.json()["detail"]
        assert running.get("/v1/log/proof/inclusion", position=1)["hashes"] == []


def test_a_proof_of_what_was_dropped_is_refused(running: Served) -> None:
    """Rather than made of what is left."""
    running.register((), ("a", "b", "c"))
    with running.service.log.database.writing() as cursor:
        cursor.execute("DELETE FROM tree WHERE level = 0 AND number = 1")
    answer = running.anyone.get("/v1/log/proof/inclusion?position=1")
    assert answer.status_code == 503
    assert "position 2" in answer.json()["detail"]


# ---------------------------------------------------------------------------------------------------------------
# Tiles
# ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """600 events: two full tiles of leaves and a part, a part of the level above."""
    store = tmp_path_factory.mktemp("tiles") / "chronology.db"
    log = SQLiteLog(store, system_clock)
    futures: list[Promise] = [log.append(ForceRegistered(Force(f"f{i}", "f")), 1) for i in range(600)]
    for future in futures:
        future.result(20)
    log.close()
    with served(store) as running:
        yield running


def tile(running: Served, path: str) -> list[bytes]:
    answer = running.anyone.get(f"/v1/log/tile/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    return [answer.content[i : i + 32] for i in range(0, len(answer.content), 32)]


def test_the_tiles_make_up_the_tree_of_the_checkpoint(large: Served) -> None:
    leaves = [tile(large, "0/000"), tile(large, "0/001"), tile(large, "0/002.p/88")]
    assert [len(each) for each in leaves] == [256, 256, 88]
    assert leaves[0][:1] == [leaf_hash(leaf_of(exported(large)[0]))]
    assert root_of(hash for each in leaves for hash in each) == newest(large).root
    assert tile(large, "1/000.p/2") == [root_of(leaves[0]), root_of(leaves[1])]
    assert tile(large, "0/002.p/10") == leaves[2][:10]


@pytest.mark.parametrize(
    "path",
    [
        "0/002", "0/002.p/89", "0/003.p/1", "1/000", "1/000.p/3", "2/000.p/1", "0/x001/000", "63/000", "64/000",
        "00/000",
        "0/0", "0/0000", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/x000/000", "0/000/000", "0/-01", "entries/000",
        "0/",
        "0/x999/x999/x999/x999/999", "0/000.p", "x/000",
    ],
)  # fmt: skip
def test_there_is_no_other_tile(large: Served, path: str) -> None:
    answer = large.anyone.get(f"/v1/log/tile/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


# ---------------------------------------------------------------------------------------------------------------
# Answers with proofs
# ---------------------------------------------------------------------------------------------------------------

AT = "2024-12-07T00:00:00Z"


def test_an_answer_carries_the_proofs_of_what_it_rests_on(world: Served) -> None:
    answer = world.get("/v1/places/khitab/control", at=AT, proofs="true")
    assert answer["basis"]
    assert {proven["event"]["subject"] for proven in answer["proofs"]["events"]} == {
        f"report:{id}" for id in answer["basis"]
    }
    checkpoint = open_checkpoint(answer["proofs"]["checkpoint"], key(world))
    assert checkpoint == newest(world)
    assert check_answer(answer, key(world)).startswith(f"All reports of the basis ({len(answer['basis'])}) are in")


def test_an_answer_without_them_is_as_before(world: Served) -> None:
    plain = world.get("/v1/places/khitab/control", at=AT)
    assert "proofs" not in plain
    assert world.get("/v1/places/khitab/control", at=AT, proofs="false") == plain
    proven = world.get("/v1/places/khitab/control", at=AT, proofs="true")
    assert {name: value for name, value in proven.items() if name != "proofs"} == plain


def test_an_answer_with_nothing_in_its_basis_proves_nothing_and_holds(world: Served) -> None:
    answer = world.get("/v1/places/zero/control", at=AT, proofs="true")
    assert answer["proofs"]["events"] == answer["basis"] == []
    check_answer(answer, key(world))


def test_other_words_for_proofs_are_refused(world: Served) -> None:
    answer = world.anyone.get("/v1/places/hama/control", params={"proofs": "all"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/proofs")


def test_the_proofs_are_of_the_log_as_it_was_known(running: Served) -> None:
    running.register(("town",), ("red", "blue"))
    claim = {"kind": "control", "place": "town", "forces": ["red"], "effect": "holds"}
    report = {"id": "r", "text": "seen", "occurred": "2024-12-04", "claims": [claim]}
    filed = running.must("/v1/reports", report)["position"]
    path = f"/v1/places/town/control?at={AT}&known_at={filed}&proofs=true"
    before = running.anyone.get(path)
    assert before.headers["cache-control"] == "no-cache"  # it holds words
    corrected = {name: value for name, value in report.items() if name != "id"} | {"text": "heard", "reason": "misread"}
    running.must("/v1/reports/r/corrections", corrected)
    running.must("/v1/forces", {"id": "green", "name": "green"})
    assert running.anyone.get(path).content == before.content
    now = running.get("/v1/places/town/control", at=AT, proofs="true")
    assert [len(answer["proofs"]["events"]) for answer in (before.json(), now)] == [1, 2]
    for answer in (before.json(), now):
        check_answer(answer, key(running))
    old, new = (open_checkpoint(answer["proofs"]["checkpoint"], key(running)) for answer in (before.json(), now))
    proof = running.get("/v1/log/proof/consistency", **{"from": old.size, "to": new.size})
    check_consistency(old.size, new.size, hashes(proof), old.root, new.root)


def altered(answer: Body, change: Any) -> Body:
    found: Body = json.loads(json.dumps(answer))
    change(found)
    return found


def drop_text(answer: Body) -> None:
    answer["proofs"]["events"][0]["event"]["data"]["report"]["text"] = "not seen"


def drop_salt(answer: Body) -> None:
    answer["proofs"]["events"][0]["event"]["salt"] = "A" * 22 + "=="


def move(answer: Body) -> None:
    answer["proofs"]["events"][0]["event"]["id"] = "1"


def leave_out(answer: Body) -> None:
    del answer["proofs"]["events"][0]


def add_to_basis(answer: Body) -> None:
    answer["basis"].append("h1")


def say_later(answer: Body) -> None:
    answer["known_at"] += 1


def of_another_size(answer: Body) -> None:
    answer["proofs"]["checkpoint"] = answer["proofs"]["checkpoint"].replace("\n", "\n1", 1)


def say_elsewhere(answer: Body) -> None:
    answer["proofs"]["events"][0]["position"] += 1


def say_of_a_smaller_log(answer: Body) -> None:
    answer["proofs"]["events"][0]["size"] -= 1


def say_another_leaf(answer: Body) -> None:
    answer["proofs"]["events"][0]["leaf_hash"] = "A" * 43 + "="


@pytest.mark.parametrize(
    "change",
    [
        drop_text,
        drop_salt,
        move,
        leave_out,
        add_to_basis,
        say_later,
        of_another_size,
        say_elsewhere,
        say_of_a_smaller_log,
        say_another_leaf,
    ],
)
def test_an_answer_that_was_altered_is_refused(world: Served, change: Any) -> None:
    answer = world.get("/v1/places/khitab/control", at=AT, proofs="true")
    with pytest.raises(Refuted):
        check_answer(altered(answer, change), key(world))


def test_an_answer_and_the_logs_growth_are_checked_with_no_server(world: Served, tmp_path: Path) -> None:
    size = newest(world).size
    for name, path in (
        ("old.json", f"/v1/places/khitab/control?at={AT}&proofs=true&known_at={size - 1}"),
        ("new.txt", "/v1/log/checkpoint"),
        ("proof.json", f"/v1/log/proof/consistency?from={size - 1}&to={size}"),
        ("key.txt", "/v1/log/key"),
        ("log.ndjson", "/v1/events"),
    ):
        accept = {"Accept": "application/x-ndjson"} if name == "log.ndjson" else {}
        (tmp_path / name).write_bytes(world.anyone.get(path, headers=accept).content)
    for check, said in (
        (("answer", "old.json"), f"are in the log of {size - 1}"),
        (("growth", "old.json", "new.txt", "proof.json"), f"of {size} events begins with the one of {size - 1}"),
        (("log", "log.ndjson", "old.json"), f"The first {size - 1} events"),
    ):
        found = verifier(*check, "--key", "key.txt", cwd=tmp_path)
        assert (found.returncode, found.stderr) == (0, "")
        assert said in found.stdout
    back = verifier("growth", "new.txt", "old.json", "proof.json", "--key", "key.txt", cwd=tmp_path)
    assert (back.returncode, back.stdout) == (1, "")
