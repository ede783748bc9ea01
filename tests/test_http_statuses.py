"""The contract's table of statuses, one by one: each call with each status that it can give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from serving import ADMIN, Served, served

from event_store.faults import Unavailable
from event_store.promise import Promise, settle
from service.forms.texts import MAX_BODY
from service.http import asking
from service.tokens import Role

Body = dict[str, Any]
ROLES = (Role.READER, Role.REPORTER, Role.EDITOR, Role.ADMIN)
_numbers = count(1)


def fresh(letter: str = "x") -> str:
    """An id that nothing has."""
    return f"{letter}{next(_numbers)}"


def content(**parts: Any) -> Body:
    """A report's body; `parts` stand in for the plain ones, or beside them."""
    return {"text": "seen", "occurred": "2024-12-04", "claims": [], **parts}


def control(**parts: Any) -> Body:
    return {"kind": "control", "place": "khitab", "forces": ["a"], "effect": "takes", **parts}


def filed(running: Served) -> str:
    """The id of a report just filed."""
    id: str = running.must("/v1/reports", content())["id"]
    return id


def force(running: Served) -> str:
    """The id of a force just registered."""
    id: str = running.must("/v1/forces", {"id": fresh("f"), "name": "a force"})["id"]
    return id


class Write(NamedTuple):
    """A writing call: the least role that may, and how to make a request that will be appended."""

    needs: Role
    make: Callable[[Served], tuple[str, Body]]


WRITES = {
    "place": Write(Role.EDITOR, lambda _: ("/v1/places", {"id": fresh("p"), "name": "a place", "kind": "town"})),
    "force": Write(Role.EDITOR, lambda _: ("/v1/forces", {"id": fresh("f"), "name": "a force"})),
    "alignment": Write(Role.EDITOR, lambda running: (f"/v1/forces/{force(running)}/alignments", {"with": "a"})),
    "source": Write(Role.EDITOR, lambda _: ("/v1/sources", {"id": fresh("s"), "name": "a source"})),
    "report": Write(Role.REPORTER, lambda _: ("/v1/reports", content(id=fresh("r")))),
    "correction": Write(
        Role.EDITOR,
        lambda running: (f"/v1/reports/{filed(running)}/corrections", content(text="seen again", reason="misread")),
    ),
    "assessment": Write(
        Role.EDITOR,
        lambda running: (f"/v1/reports/{filed(running)}/assessments", {"credibility": "probable", "reason": "filmed"}),
    ),
    "retraction": Write(
        Role.EDITOR, lambda running: (f"/v1/reports/{filed(running)}/retraction", {"reason": "never said"})
    ),
}
REVISIONS = {
    "corrections": content(text="seen again", reason="misread"),
    "assessments": {"credibility": "probable", "reason": "filmed"},
    "retraction": {"reason": "never said"},
}
READS = (
    "/v1/places/khitab/control",
    "/v1/places/khitab/timeline",
    "/v1/control",
    "/v1/reports",
    "/v1/reports/r",
    "/v1/reports/r/history",
    "/v1/places",
    "/v1/places/khitab",
    "/v1/forces",
    "/v1/forces/a",
    "/v1/sources",
    "/v1/sources/s",
)
ONE_THING = [read for read in READS if read.count("/") > 2]

every_write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
every_read = pytest.mark.parametrize("read", READS)
every_revision = pytest.mark.parametrize("revision", REVISIONS)


def furnish(running: Served) -> Served:
    """What the calls above are about: places, forces, sources, a report, and one that is retracted."""
    running.register(("khitab", "hama"), ("a", "b", "c"), ("s",))
    running.must("/v1/reports", content(id="r"))
    running.must("/v1/reports", content(id="gone"))
    running.must("/v1/reports/gone/retraction", {"reason": "it was another town"})
    return running


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("statuses") / "chronology.db") as running:
        yield furnish(running)


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("private") / "chronology.db", private=True) as running:
        yield furnish(running)


@contextmanager
def nothing_kept(running: Served) -> Iterator[None]:
    before = running.service.log.head()
    yield
    assert running.service.log.head() == before


def problem(answer: httpx.Response, status: int, *pointers: str) -> str:
    """The detail of a problem document of that status, with faults at exactly these places."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    assert set(body) <= {"type", "title", "status", "detail", "errors"}
    assert [each["pointer"] for each in body.get("errors", [])] == list(pointers), body
    assert all(each["detail"] for each in body.get("errors", []))
    detail: str = body["detail"]
    assert detail
    return detail


def refused(running: Served, path: str, body: Body, status: int, *pointers: str, **headers: str) -> str:
    """Post as an editor what must be refused; the problem's detail."""
    with nothing_kept(running):
        return problem(running.editor.post(path, json=body, headers=headers), status, *pointers)


# ---------------------------------------------------------------------------------------------------------------
# 200, 201
# ---------------------------------------------------------------------------------------------------------------


@every_write
def test_what_is_appended_is_answered_201_and_the_same_request_again_200(world: Served, write: Write) -> None:
    path, body = write.make(world)
    first = world.editor.post(path, json=body)
    assert first.status_code == 201, first.text
    with nothing_kept(world):
        again = world.editor.post(path, json=body)
    assert again.status_code == 200
    assert again.json() == first.json()
    assert (again.headers["etag"], again.headers["location"]) == (first.headers["etag"], first.headers["location"])


@every_read
def test_a_read_is_answered_200_without_a_token(world: Served, read: str) -> None:
    answer = world.anyone.get(read)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


# ---------------------------------------------------------------------------------------------------------------
# 400
# ---------------------------------------------------------------------------------------------------------------


@every_write
@pytest.mark.parametrize("sent", [b"{", b"", b" ", b"{'id': 1}", b'{"id": "x",}', b"\xff", b'{"id": NaN}', b"// x"])
def test_a_body_that_is_no_json_is_answered_400(world: Served, write: Write, sent: bytes) -> None:
    path, _ = write.make(world)
    with nothing_kept(world):
        answer = world.editor.post(path, content=sent, headers={"Content-Type": "application/json"})
    assert "JSON" in problem(answer, 400, "#")


def test_malformed_json_is_answered_with_the_character_where_it_breaks(world: Served) -> None:
    answer = world.editor.post(
        "/v1/forces", content='{"id": "x", "name": }', headers={"Content-Type": "application/json"}
    )
    assert "character 20" in problem(answer, 400, "#")


@every_write
def test_a_parameter_that_is_not_known_is_answered_400(world: Served, write: Write) -> None:
    path, body = write.make(world)
    refused(world, f"{path}?dryrun=true", body, 400, "#/dryrun")


@every_read
def test_a_read_with_an_unknown_parameter_is_answered_400(world: Served, read: str) -> None:
    assert "'nown_at'" in problem(world.anyone.get(read, params={"nown_at": 1}), 400, "#/nown_at")


@every_read
def test_a_read_with_a_parameter_given_twice_is_answered_400(world: Served, read: str) -> None:
    assert "twice" in problem(world.anyone.get(f"{read}?known_at=1&known_at=2"), 400, "#/known_at")


@pytest.mark.parametrize("read", [read for read in READS if "control" in read or "timeline" in read])
@pytest.mark.parametrize("name", ["at", "published_by", "known_at"])
def test_an_instant_that_cannot_be_read_is_answered_400_with_the_position(world: Served, read: str, name: str) -> None:
    detail = problem(world.anyone.get(read, params={name: "2024-12-04T25:00:00Z"}), 400, f"#/{name}")
    assert "position 12" in detail


@pytest.mark.parametrize("name", ["from", "to"])
def test_reports_from_or_to_an_instant_that_cannot_be_read_are_answered_400(world: Served, name: str) -> None:
    assert "position 10" in problem(world.anyone.get("/v1/reports", params={name: "2024-12-04"}), 400, f"#/{name}")


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/reports", content(occurred="2024-13-04"), "#/occurred"),
        ("/v1/reports", content(sources=[{"source": "s", "published": "2024-13"}]), "#/sources/0/published"),
        ("/v1/reports", content(claims=[control(), control(occurred="2024-1x")]), "#/claims/1/occurred"),
        ("/v1/reports/r/corrections", content(occurred="2024-13-04", reason="x"), "#/occurred"),
        ("/v1/forces/b/alignments", {"with": "a", "from": "2024-13"}, "#/from"),
        ("/v1/forces/b/alignments", {"with": "a", "until": "2024-13"}, "#/until"),
    ],
)
def test_an_occurred_that_cannot_be_read_is_answered_400_with_the_position(
    world: Served, path: str, body: Body, pointer: str
) -> None:
    assert "position 6" in refused(world, path, body, 400, pointer)


def test_every_window_that_cannot_be_read_is_told_at_once(world: Served) -> None:
    body = content(occurred="noon", claims=[control(occurred="then")], sources=[{"source": "s", "published": "now"}])
    refused(world, "/v1/reports", body, 400, "#/occurred", "#/sources/0/published", "#/claims/0/occurred")


# ---------------------------------------------------------------------------------------------------------------
# 401, 403
# ---------------------------------------------------------------------------------------------------------------


@every_write
def test_to_write_without_a_token_is_answered_401_with_a_challenge(world: Served, write: Write) -> None:
    path, body = write.make(world)
    with nothing_kept(world):
        answer = world.anyone.post(path, json=body)
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


BAD_TOKENS = ["Bearer nonsense", "Bearer", "Basic dXNlcjpwYXNz", "nonsense", "", f"Basic {ADMIN}"]


@every_write
@pytest.mark.parametrize("header", BAD_TOKENS)
def test_to_write_with_a_bad_token_is_answered_401(world: Served, write: Write, header: str) -> None:
    path, body = write.make(world)
    with nothing_kept(world):
        answer = world.anyone.post(path, json=body, headers={"Authorization": header})
    problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@every_read
def test_to_read_with_a_bad_token_is_answered_401(world: Served, read: str) -> None:
    answer = world.anyone.get(read, headers={"Authorization": "Bearer nonsense"})
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_a_revoked_token_is_answered_401(world: Served) -> None:
    token, secret = world.service.tokens.create(Role.EDITOR, "short-lived")
    headers = {"Authorization": f"Bearer {secret}"}
    assert world.anyone.post("/v1/reports", json=content(), headers=headers).status_code == 201
    world.service.tokens.revoke(token.id)
    with nothing_kept(world):
        problem(world.anyone.post("/v1/reports", json=content(), headers=headers), 401)


def test_who_asks_is_judged_before_what_they_ask(world: Served) -> None:
    problem(world.anyone.post("/v1/reports?x=1", content=b"{"), 401)
    problem(world.as_(Role.READER).post("/v1/reports?x=1", content=b"{"), 403)


@every_write
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_write_what_it_is_for_and_is_answered_403_for_more(world: Served, write: Write, role: Role) -> None:
    path, body = write.make(world)
    if role >= write.needs:
        assert world.as_(role).post(path, json=body).status_code == 201
    else:
        with nothing_kept(world):
            detail = problem(world.as_(role).post(path, json=body), 403)
        assert role.word in detail
        assert write.needs.word in detail


def test_the_admin_token_of_the_environment_may_write(world: Served) -> None:
    headers = {"Authorization": f"Bearer {ADMIN}"}
    assert world.anyone.post("/v1/forces", json={"id": fresh(), "name": "x"}, headers=headers).status_code == 201


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_of_a_token_is_read_in_any_case(world: Served, scheme: str) -> None:
    answer = world.anyone.post("/v1/reports", json=content(), headers={"Authorization": f"{scheme} {ADMIN}"})
    assert answer.status_code == 201


@every_read
def test_every_role_reads(world: Served, read: str) -> None:
    assert [world.as_(role).get(read).status_code for role in ROLES] == [200] * 4


@every_read
def test_a_private_service_is_read_with_a_token_only(private: Served, read: str) -> None:
    answer = private.anyone.get(read)
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert [private.as_(role).get(read).status_code for role in ROLES] == [200] * 4


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_the_health_of_a_private_service_needs_no_token(private: Served, path: str) -> None:
    answer = private.anyone.get(path)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


def test_a_private_service_tells_nobody_whether_there_is_such_a_place(private: Served) -> None:
    known, unknown = private.anyone.get("/v1/places/khitab"), private.anyone.get("/v1/places/nowhere")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


# ---------------------------------------------------------------------------------------------------------------
# 404, 405
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/v1/places/none/control", "place"),
        ("/v1/places/none/timeline", "place"),
        ("/v1/places/none", "place"),
        ("/v1/forces/none", "force"),
        ("/v1/sources/none", "source"),
        ("/v1/reports/none", "report"),
        ("/v1/reports/none/history", "report"),
        ("/v1/places/KHITAB/control", "place"),
        ("/v1/places/khitab%20/control", "place"),
    ],
)
def test_what_is_not_there_is_answered_404(world: Served, path: str, what: str) -> None:
    detail = problem(world.anyone.get(path), 404)
    assert what in detail
    assert "yet" not in detail


@pytest.mark.parametrize("read", ONE_THING)
def test_what_is_not_known_yet_is_answered_404(world: Served, read: str) -> None:
    detail = problem(world.anyone.get(read, params={"known_at": 0}), 404)
    assert "yet" in detail
    detail = problem(world.anyone.get(read, params={"known_at": "2020-01-01T00:00:00Z"}), 404)
    assert "yet" in detail


def test_what_is_registered_is_known_from_its_position_on(world: Served) -> None:
    position = world.must("/v1/places", {"id": fresh("p"), "name": "x", "kind": "hill"})
    path = f"/v1/places/{position['id']}/control"
    problem(world.anyone.get(path, params={"known_at": position["position"] - 1}), 404)
    assert world.get(path, known_at=position["position"])["status"] == "unknown"


@every_revision
def test_to_revise_a_report_that_is_not_there_is_answered_404(world: Served, revision: str) -> None:
    assert "'none'" in refused(world, f"/v1/reports/none/{revision}", REVISIONS[revision], 404)


def test_to_align_a_force_that_is_not_there_is_answered_404(world: Served) -> None:
    assert "'none'" in refused(world, "/v1/forces/none/alignments", {"with": "a"}, 404)


@pytest.mark.parametrize("path", ["/nope", "/v1", "/v1/", "/v1/places/", "/v1/places/khitab/", "/v2/places", "//"])
def test_an_address_with_nothing_at_it_is_answered_404(world: Served, path: str) -> None:
    problem(world.anyone.get(world.url + path), 404)


@every_read
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_what_cannot_be_done_to_an_address_is_answered_405(world: Served, read: str, method: str) -> None:
    with nothing_kept(world):
        answer = world.editor.request(method, read)
    problem(answer, 405)
    assert "GET" in answer.headers["allow"].split(", ")


@pytest.mark.parametrize("path", ["/v1/places", "/v1/forces", "/v1/sources", "/v1/reports"])
def test_the_answer_405_names_every_method_that_is_taken(world: Served, path: str) -> None:
    allowed = world.editor.delete(path).headers["allow"].split(", ")
    assert {"GET", "POST"} <= set(allowed)
    assert "DELETE" not in allowed


@every_revision
def test_a_revision_is_posted_and_answers_nothing_else(world: Served, revision: str) -> None:
    answer = world.editor.get(f"/v1/reports/r/{revision}")
    problem(answer, 405)
    assert answer.headers["allow"] == "POST"


# ---------------------------------------------------------------------------------------------------------------
# 409
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/places", {"id": "khitab", "name": "khitab", "kind": "hill"}),
        ("/v1/forces", {"id": "a", "name": "another"}),
        ("/v1/sources", {"id": "s", "name": "s", "reliability": "A"}),
        ("/v1/reports", content(id="r", text="another")),
        ("/v1/reports", content(id="gone", text="another")),
    ],
)
def test_an_id_taken_by_something_else_is_answered_409(world: Served, path: str, body: Body) -> None:
    assert f"'{body['id']}'" in refused(world, path, body, 409, "#/id")


def test_a_key_that_came_with_another_report_is_answered_409(world: Served) -> None:
    key = {"Idempotency-Key": fresh("key")}
    world.must("/v1/reports", content(), **key)
    assert "Idempotency-Key" in refused(world, "/v1/reports", content(text="another"), 409, **key)


@every_revision
def test_to_revise_a_retracted_report_is_answered_409(world: Served, revision: str) -> None:
    assert "retracted" in refused(world, f"/v1/reports/gone/{revision}", REVISIONS[revision], 409)


def test_to_retract_again_for_another_reason_is_answered_409_and_for_the_same_200(world: Served) -> None:
    refused(world, "/v1/reports/gone/retraction", {"reason": "and again"}, 409)
    same = world.editor.post("/v1/reports/gone/retraction", json={"reason": "it was another town"})
    assert same.status_code == 200


Aligned = tuple[str, str, str | None, str | None]
"""By the numbers of forces: 1 is aligned with 2 from, until."""

CLASHES: dict[str, tuple[list[Aligned], Aligned]] = {
    "with itself": ([], ("1", "1", None, None)),
    "with itself for a while": ([], ("1", "1", "2024-01", "2024-02")),
    "a circle of two": ([("1", "2", None, None)], ("2", "1", None, None)),
    "a circle of three": ([("1", "2", None, None), ("2", "3", None, None)], ("3", "1", None, None)),
    "a circle in the middle": ([("1", "2", "2024-03", "2024-05")], ("2", "1", "2024-01", "2024-12")),
    "a circle at its start": ([("1", "2", "2024-03", "2024-05")], ("2", "1", "2024-05", None)),
    "a circle at its end": ([("1", "2", "2024-05", None)], ("2", "1", None, "2024-05")),
    "a circle by two that meet for a while": (
        [("1", "2", "2024-01", "2024-06"), ("2", "3", "2024-05", "2024-09")],
        ("3", "1", "2023", "2024-12"),
    ),
    "twice the same time": ([("1", "2", None, None)], ("1", "3", None, None)),
    "overlaps its start": ([("1", "2", "2024-03", "2024-05")], ("1", "3", "2024-01", "2024-03")),
    "overlaps its end": ([("1", "2", "2024-03", "2024-05")], ("1", "3", "2024-05", None)),
    "inside another": ([("1", "2", None, None)], ("1", "3", "2024-05", "2024-06")),
    "around another": ([("1", "2", "2024-05", "2024-06")], ("1", "3", "2024-01", "2024-12")),
    "with the same again at another time": ([("1", "2", "2024-05", "2024-06")], ("1", "2", "2024-06", "2024-07")),
}
MEETINGS: dict[str, tuple[list[Aligned], Aligned]] = {
    "one after another": ([("1", "2", None, "2024-03-01")], ("1", "3", "2024-03-02", None)),
    "at the very instant": ([("1", "2", None, "2024-03-01T00:00Z")], ("1", "3", "2024-03-01T00:00Z", None)),
    "the other way about, later": ([("1", "2", None, "2024-03-01T00:00Z")], ("2", "1", "2024-03-01T00:00Z", None)),
    "a circle at no one time": (
        [("1", "2", "2024-01", "2024-02"), ("2", "3", "2024-04", "2024-05")],
        ("3", "1", "2023", "2024-12"),
    ),
    "both with the same": ([("1", "3", None, None)], ("2", "3", None, None)),
}


def alignment(forces: dict[str, str], aligned: Aligned) -> tuple[str, Body]:
    body: Body = {"with": forces[aligned[1]]}
    body |= {name: each for name, each in zip(("from", "until"), aligned[2:], strict=True) if each is not None}
    return f"/v1/forces/{forces[aligned[0]]}/alignments", body


@pytest.mark.parametrize(("standing", "new"), CLASHES.values(), ids=CLASHES)
def test_an_alignment_that_makes_a_circle_or_overlaps_is_answered_409(
    world: Served, standing: list[Aligned], new: Aligned
) -> None:
    forces = {number: force(world) for number in "123"}
    for each in standing:
        world.must(*alignment(forces, each))
    assert forces["1"] in refused(world, *alignment(forces, new), 409)


@pytest.mark.parametrize(("standing", "new"), MEETINGS.values(), ids=MEETINGS)
def test_alignments_that_only_touch_in_time_stand_beside_each_other(
    world: Served, standing: list[Aligned], new: Aligned
) -> None:
    forces = {number: force(world) for number in "123"}
    for each in (*standing, new):
        world.must(*alignment(forces, each))


# ---------------------------------------------------------------------------------------------------------------
# 412
# ---------------------------------------------------------------------------------------------------------------

STALE = [
    '"2"',
    '"0"',
    'W/"1"',
    "1",
    '"one"',
    '""',
    '"',
    "",
    '"2", "3"',
    'W/"1", "2"',
    '"01x"',
    f'"{10**30}"',
    "'1'",
    'x1"',
]
FRESH = ['"1"', "*", '"3", "1"', '"1","2"', 'W/"7", "1"']


@every_revision
@pytest.mark.parametrize("tag", STALE)
def test_a_revision_of_another_version_is_answered_412(world: Served, revision: str, tag: str) -> None:
    path = f"/v1/reports/{filed(world)}/{revision}"
    detail = refused(world, path, REVISIONS[revision], 412, **{"If-Match": tag})
    assert "1" in detail


@every_revision
@pytest.mark.parametrize("tag", FRESH)
def test_a_revision_of_the_newest_version_is_taken(world: Served, revision: str, tag: str) -> None:
    path = f"/v1/reports/{filed(world)}/{revision}"
    assert world.must(path, REVISIONS[revision], **{"If-Match": tag})["version"] == 2


def test_an_alignment_of_another_version_of_its_force_is_answered_412(world: Served) -> None:
    path = f"/v1/forces/{force(world)}/alignments"
    refused(world, path, {"with": "a"}, 412, **{"If-Match": '"2"'})
    assert world.must(path, {"with": "a", "until": "2024-01-01"}, **{"If-Match": '"1"'})["version"] == 2
    refused(world, path, {"with": "a", "from": "2024-02-01"}, 412, **{"If-Match": '"1"'})
    assert world.must(path, {"with": "a", "from": "2024-02-01"}, **{"If-Match": '"2"'})["version"] == 3


@every_revision
def test_a_revision_retried_is_answered_as_before_though_its_version_is_the_older_one_now(
    world: Served, revision: str
) -> None:
    path = f"/v1/reports/{filed(world)}/{revision}"
    first = world.must(path, REVISIONS[revision], **{"If-Match": '"1"'})
    with nothing_kept(world):
        for tag in ('"1"', '"2"', "*"):
            again = world.editor.post(path, json=REVISIONS[revision], headers={"If-Match": tag})
            assert (again.status_code, again.json()) == (200, first)


@every_revision
@pytest.mark.parametrize("tag", ['"7"', 'W/"1"', "nonsense"])
def test_a_revision_retried_with_a_version_that_never_was_is_answered_412(
    world: Served, revision: str, tag: str
) -> None:
    path = f"/v1/reports/{filed(world)}/{revision}"
    world.must(path, REVISIONS[revision])
    refused(world, path, REVISIONS[revision], 412, **{"If-Match": tag})


def test_a_revision_retried_once_the_report_has_moved_on_is_answered_as_it_was(world: Served) -> None:
    path = f"/v1/reports/{filed(world)}/corrections"
    first = content(text="first", reason="x")
    receipt = world.must(path, first, **{"If-Match": '"1"'})
    world.must(path, content(text="second", reason="x"), **{"If-Match": '"2"'})
    head = world.service.log.head()
    again = world.editor.post(path, json=first, headers={"If-Match": '"1"'})
    assert (again.status_code, again.json()) == (200, receipt)
    assert world.service.log.head() == head
    refused(world, path, content(text="third", reason="x"), 412, **{"If-Match": '"1"'})


def moved_on(world: Served) -> tuple[str, Body]:
    """An assessment that still stands at version 2, where the newest of its report is version 3."""
    path = f"/v1/reports/{filed(world)}"
    world.must(f"{path}/assessments", REVISIONS["assessments"])
    world.must(f"{path}/corrections", REVISIONS["corrections"])
    return f"{path}/assessments", REVISIONS["assessments"]


def test_what_stands_already_is_no_conflict_for_who_has_seen_the_newest_version(world: Served) -> None:
    path, body = moved_on(world)
    answer = world.editor.post(path, json=body, headers={"If-Match": '"3"'})
    assert answer.status_code in (200, 201), answer.text


def test_an_alignment_that_stands_already_is_no_conflict_for_who_has_seen_the_newest_version(world: Served) -> None:
    path = f"/v1/forces/{force(world)}/alignments"
    first = world.must(path, {"with": "a", "until": "2024-01-01"})
    world.must(path, {"with": "b", "from": "2024-02-01"})
    again = world.editor.post(path, json={"with": "a", "until": "2024-01-01"}, headers={"If-Match": '"3"'})
    assert (again.status_code, again.json()) == (200, first), again.text


def test_the_answer_412_names_the_newest_version_of_the_report_and_not_of_its_grade(world: Served) -> None:
    path, body = moved_on(world)
    assert "3" in refused(world, path, body, 412, **{"If-Match": '"9"'})


# ---------------------------------------------------------------------------------------------------------------
# 413, 415
# ---------------------------------------------------------------------------------------------------------------


def of_size(size: int) -> bytes:
    """A report of exactly so many bytes."""
    head = b'{"text":"seen","occurred":"2024-12-04","claims":[]'
    return head + b" " * (size - len(head) - 1) + b"}"


def chunked(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


JSON = {"Content-Type": "application/json"}


@every_write
@pytest.mark.parametrize("size", [MAX_BODY + 1, 3 * MAX_BODY])
@pytest.mark.parametrize("send", [bytes, chunked])
def test_a_body_over_the_limit_is_answered_413(
    world: Served, write: Write, size: int, send: Callable[[bytes], bytes | Iterator[bytes]]
) -> None:
    path, _ = write.make(world)
    with nothing_kept(world):
        answer = world.editor.post(path, content=send(of_size(size)), headers=JSON)
    assert str(MAX_BODY) in problem(answer, 413)


@pytest.mark.parametrize("send", [bytes, chunked])
def test_a_body_of_the_limit_is_taken(world: Served, send: Callable[[bytes], bytes | Iterator[bytes]]) -> None:
    answer = world.editor.post("/v1/reports", content=send(of_size(MAX_BODY)), headers=JSON)
    assert answer.status_code == 201, answer.text


@every_write
@pytest.mark.parametrize(
    "media_type", [None, "", "text/plain", "text/json", "application/xml", "application/jsonp", "application/*", "json"]
)
def test_a_media_type_that_is_not_taken_is_answered_415(world: Served, write: Write, media_type: str | None) -> None:
    path, body = write.make(world)
    request = world.editor.build_request("POST", path, json=body)
    del request.headers["content-type"]
    if media_type is not None:
        request.headers["content-type"] = media_type
    with nothing_kept(world):
        answer = world.editor.send(request)
    assert "application/json" in problem(answer, 415)
    assert "application/json" in answer.headers["accept"]


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=1"])
def test_the_media_type_of_json_is_taken_in_any_case_and_with_parameters(world: Served, media_type: str) -> None:
    answer = world.editor.post("/v1/reports", content=of_size(100), headers={"Content-Type": media_type})
    assert answer.status_code == 201, answer.text


# ---------------------------------------------------------------------------------------------------------------
# 422
# ---------------------------------------------------------------------------------------------------------------

UNKNOWN: list[tuple[Body, str]] = [
    ({"kind": "control", "place": "none", "forces": ["a"], "effect": "takes"}, "place"),
    ({"kind": "control", "place": "khitab", "forces": ["a", "none"], "effect": "takes"}, "forces/1"),
    ({"kind": "clash", "places": ["hama", "none"], "forces": ["a"]}, "places/1"),
    ({"kind": "clash", "places": ["hama"], "forces": ["none"]}, "forces/0"),
    ({"kind": "strike", "places": ["none"]}, "places/0"),
    ({"kind": "strike", "places": ["hama"], "by": ["none"]}, "by/0"),
    ({"kind": "strike", "places": ["hama"], "by": "none"}, "by"),
    ({"kind": "strike", "places": ["hama"], "against": ["a", "none"]}, "against/1"),
    ({"kind": "strike", "places": ["hama"], "against": "none"}, "against"),
    ({"kind": "casualties", "of": "civilians", "places": ["none"]}, "places/0"),
    ({"kind": "casualties", "of": "none"}, "of"),
    ({"kind": "casualties", "of": "s"}, "of"),
    ({"kind": "movement", "forces": ["none"]}, "forces/0"),
    ({"kind": "movement", "forces": ["a"], "from": "none"}, "from"),
    ({"kind": "movement", "forces": ["a"], "to": "none"}, "to"),
    ({"kind": "operation", "forces": ["none"], "stage": "ended"}, "forces/0"),
    ({"kind": "operation", "forces": ["a"], "stage": "ended", "against": ["none"]}, "against/0"),
    ({"kind": "operation", "forces": ["a"], "stage": "ended", "places": ["none"]}, "places/0"),
    ({"kind": "presence", "place": "none", "forces": ["a"]}, "place"),
    ({"kind": "presence", "place": "hama", "forces": ["none"]}, "forces/0"),
    ({"kind": "agreement", "parties": ["a", "none"]}, "parties/1"),
    ({"kind": "agreement", "places": ["none"]}, "places/0"),
    ({"kind": "joining", "force": "none"}, "force"),
    ({"kind": "joining", "force": "a", "alongside": ["none"]}, "alongside/0"),
    ({"kind": "denial", "of": "none"}, "of"),
    ({"kind": "denial", "of": "r", "by": "none"}, "by"),
    ({"kind": "denial", "of": "r", "by": "khitab"}, "by"),
    ({"kind": "control", "place": "a", "forces": ["khitab"], "effect": "takes"}, "place forces/0"),
]


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/reports/r/corrections"])
@pytest.mark.parametrize(("claim", "where"), UNKNOWN)
def test_an_unknown_reference_in_a_claim_is_answered_422_at_its_place(
    world: Served, path: str, claim: Body, where: str
) -> None:
    reason = {"reason": "x"} if "corrections" in path else {}
    pointers = [f"#/claims/1/{each}" for each in where.split()]
    detail = refused(world, path, content(claims=[control(), claim], **reason), 422, *pointers)
    assert detail.startswith("there is no ")


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/reports", content(sources=[{"source": "s"}, {"source": "none"}]), "#/sources/1/source"),
        ("/v1/reports", content(sources=[{"source": "s", "origin": "none"}]), "#/sources/0/origin"),
        ("/v1/places", {"id": "new", "name": "x", "kind": "town", "parent": "none"}, "#/parent"),
        ("/v1/places", {"id": "new", "name": "x", "kind": "town", "parent": "new"}, "#/parent"),
        ("/v1/sources", {"id": "new", "name": "x", "affiliation": "none"}, "#/affiliation"),
        ("/v1/forces/b/alignments", {"with": "none"}, "#/with"),
        ("/v1/reports", content(id="new", claims=[{"kind": "denial", "of": "new"}]), "#/claims/0/of"),
    ],
)
def test_an_unknown_reference_is_answered_422_at_its_place(world: Served, path: str, body: Body, pointer: str) -> None:
    refused(world, path, body, 422, pointer)


def test_every_unknown_reference_is_told_at_once(world: Served) -> None:
    claims = [control(place="no-place", forces=["no-force", "a", "no-other"]), {"kind": "denial", "of": "no-report"}]
    pointers = ("#/claims/0/place", "#/claims/0/forces/0", "#/claims/0/forces/2", "#/claims/1/of")
    refused(world, "/v1/reports", content(claims=claims), 422, *pointers)


@pytest.mark.parametrize(
    ("claim", "pointer"),
    [
        (control(effect="liberates"), "effect"),
        (control(effect=None), "effect"),
        (control(means="luck"), "means"),
        (control(forces=[]), "forces"),
        (control(kind="conquest"), "kind"),
        (control(kind=None), "kind"),
        ({"place": "khitab"}, "kind"),
        (control(weapon="air"), "weapon"),
        ({"kind": "strike", "places": [], "weapon": "spear"}, "weapon"),
        ({"kind": "strike", "places": [], "count": {"low": 3, "high": 2}}, "count"),
        ({"kind": "strike", "places": [], "count": {"low": 3, "best": 3}}, "count/best"),
        ({"kind": "casualties", "of": "a", "killed": {"low": 3, "best": 2}}, "killed"),
        ({"kind": "casualties", "of": "a", "killed": {"low": 3, "best": 5, "high": 4}}, "killed"),
        ({"kind": "casualties", "of": "a", "killed": {"low": -1}}, "killed/low"),
        ({"kind": "casualties", "of": "a", "killed": {"low": 1.5}}, "killed/low"),
        ({"kind": "casualties", "of": "a", "killed": 3}, "killed"),
        ({"kind": "movement", "forces": ["a"], "what": "dance"}, "what"),
        ({"kind": "operation", "forces": ["a"], "stage": "planned"}, "stage"),
        ({"kind": "operation", "forces": ["a"]}, "stage"),
    ],
)
def test_a_claim_that_is_not_as_it_must_be_is_answered_422_at_its_place(
    world: Served, claim: Body, pointer: str
) -> None:
    refused(world, "/v1/reports", content(claims=[claim]), 422, f"#/claims/0/{pointer}")


WINDOWS = {
    "open at both ends": "../..",
    "open at both ends of a range": "[..]",
    "the latest before the earliest": "2024-12-06/2024-12-04",
    "the latest of a range before its earliest": "[2024-12-05..2024-12-03]",
    "open, and begins after the recording": "2999-01-01/..",
    "a range that is open, and begins after the recording": "[2999-01-01..]",
}


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/reports", "#/occurred"),
        ("/v1/reports", "#/sources/0/published"),
        ("/v1/reports", "#/claims/0/occurred"),
        ("/v1/reports/r/corrections", "#/occurred"),
        ("/v1/reports/r/corrections", "#/sources/0/published"),
        ("/v1/reports/r/corrections", "#/claims/0/occurred"),
        ("/v1/forces/b/alignments", "#/from"),
        ("/v1/forces/b/alignments", "#/until"),
    ],
)
def test_a_window_that_cannot_be_is_answered_422(world: Served, path: str, pointer: str, window: str) -> None:
    body: Body = {"with": "a"} if "alignments" in path else content()
    body |= {"reason": "x"} if "corrections" in path else {}
    named = pointer.rpartition("/")[2]
    if "sources" in pointer:
        body["sources"] = [{"source": "s", "published": window}]
    elif "claims" in pointer:
        body["claims"] = [control(occurred=window)]
    else:
        body[named] = window
    assert window in refused(world, path, body, 422, pointer)


def test_an_alignment_that_ends_before_it_begins_is_answered_422(world: Served) -> None:
    refused(world, "/v1/forces/b/alignments", {"with": "a", "from": "2024", "until": "2023"}, 422, "#/until")


@pytest.mark.parametrize(
    ("read", "parameters", "pointer"),
    [
        ("/v1/control", {"known_at": "999999"}, "known_at"),
        ("/v1/control", {"known_at": "9" * 19}, "known_at"),
        ("/v1/control", {"lens": "rosy"}, "lens"),
        ("/v1/control", {"min_credibility": "sure"}, "min_credibility"),
        ("/v1/control", {"sources": "s,S"}, "sources"),
        ("/v1/control", {"exclude_sources": ","}, "exclude_sources"),
        ("/v1/control", {"against_interest": "yes"}, "against_interest"),
        ("/v1/control", {"by": "force"}, "by"),
        ("/v1/control", {"evidence": "0"}, "evidence"),
        ("/v1/control", {"bbox": "1,2,3"}, "bbox"),
        ("/v1/control", {"bbox": "0,10,10,0"}, "bbox"),
        ("/v1/control", {"bbox": "0,0,181,1"}, "bbox"),
        ("/v1/control", {"status": "held,lost"}, "status"),
        ("/v1/control", {"kind": "planet"}, "kind"),
        ("/v1/control", {"force": "A"}, "force"),
        ("/v1/reports", {"place": "none"}, "place"),
        ("/v1/reports", {"force": "none"}, "force"),
        ("/v1/reports", {"source": "none"}, "source"),
        ("/v1/reports", {"kind": "none"}, "kind"),
        ("/v1/reports", {"limit": "0"}, "limit"),
        ("/v1/reports", {"limit": "1001"}, "limit"),
        ("/v1/reports", {"cursor": "999999-1"}, "cursor"),
        ("/v1/reports", {"from": "2024-12-05T00:00:00Z", "to": "2024-12-04T00:00:00Z"}, "to"),
        ("/v1/places", {"q": "x" * 201}, "q"),
    ],
)
def test_a_parameter_that_can_be_read_but_is_wrong_is_answered_422(
    world: Served, read: str, parameters: dict[str, str], pointer: str
) -> None:
    problem(world.anyone.get(read, params=parameters), 422, f"#/{pointer}")


def test_every_wrong_parameter_is_told_at_once_and_what_cannot_be_read_goes_first(world: Served) -> None:
    parameters = {"at": "noon", "lens": "rosy", "evidence": "0"}
    problem(world.anyone.get("/v1/control", params=parameters), 400, "#/at", "#/lens", "#/evidence")


# ---------------------------------------------------------------------------------------------------------------
# 503
# ---------------------------------------------------------------------------------------------------------------


@every_read
def test_a_read_that_waits_too_long_for_a_position_is_answered_503(
    world: Served, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.05)
    answer = world.anyone.get(read, params={"after_position": 10**9})
    assert str(10**9) in problem(answer, 503)
    assert int(answer.headers["retry-after"]) >= 1


def fail(*_: Any, **__: Any) -> Promise:
    """A store whose disk is gone."""
    raise Unavailable("the disk is gone")


def lose(*_: Any, **__: Any) -> Promise:
    """A store that fails once the append is under way."""
    promise = Promise()
    settle([promise], [Unavailable("the disk is gone")])
    return promise


@every_write
@pytest.mark.parametrize("fault", [fail, lose])
def test_a_store_that_fails_an_append_is_answered_503_and_the_request_can_be_made_again(
    world: Served, write: Write, fault: Callable[..., Promise], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body = write.make(world)
    with monkeypatch.context() as faulty, nothing_kept(world):
        faulty.setattr(world.service.log, "append", fault)
        answer = world.editor.post(path, json=body)
        assert problem(answer, 503) == "the disk is gone"
        assert int(answer.headers["retry-after"]) >= 1
    assert world.editor.post(path, json=body).status_code == 201


@every_write
def test_an_append_answered_503_that_did_happen_is_answered_200_when_made_again(
    world: Served, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body = write.make(world)
    append, head = world.service.log.append, world.service.log.head()

    def keep_and_fail(*draft: Any, **_: Any) -> Promise:
        append(*draft).result()
        return lose()

    with monkeypatch.context() as faulty:
        faulty.setattr(world.service.log, "append", keep_and_fail)
        problem(world.editor.post(path, json=body), 503)
    again = world.editor.post(path, json=body)
    assert (again.status_code, again.json()["position"]) == (200, head + 1)
    assert world.service.log.head() == head + 1


def test_readiness_is_answered_503_where_the_store_does_not_answer_and_liveness_200(tmp_path: Path) -> None:
    with served(tmp_path / "chronology.db") as running:
        assert running.get("/health/ready") == {"status": "ok", "position": 0, "head": 0, "writes": True}
        with pytest.MonkeyPatch.context() as faulty:
            faulty.setattr(running.service.log, "head", fail)
            answer = running.anyone.get("/health/ready")
            problem(answer, 503)
            assert int(answer.headers["retry-after"]) >= 1
            assert running.get("/health/live") == {"status": "ok"}
        assert running.anyone.get("/health/ready").status_code == 200
