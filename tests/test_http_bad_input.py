"""Bad input by the hundred: always a problem document that fits, never a 500, and nothing kept."""

from __future__ import annotations

import gzip
import json
import random
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import orjson
import pytest
from serving import Served, served

from domain.faults import Fault
from domain.when.notation import read_occurred
from domain.when.zone import Zone
from service.forms.texts import MAX_BODY

Path = tuple[str | int, ...]
Body = dict[str, Any]

FIGURE = {"low": 3, "best": 4, "high": 9}
CLAIMS: list[Body] = [
    {"kind": "control", "place": "p", "forces": ["a", "b"], "effect": "takes", "means": "assault"},
    {"kind": "clash", "places": ["p"], "forces": ["a", "b"], "intensity": "heavy"},
    {
        "kind": "strike",
        "places": ["p"],
        "by": ["a"],
        "against": ["b"],
        "weapon": "air",
        "count": {"low": 2, "high": 5},
    },
    {"kind": "casualties", "places": ["p"], "of": "civilians", "killed": FIGURE, "injured": FIGURE, "cause": "a mine"},
    {"kind": "movement", "forces": ["a"], "persons": ["a colonel"], "from": "p", "to": "q", "what": "convoy"},
    {"kind": "operation", "forces": ["a"], "against": ["b"], "places": ["p"], "stage": "launched", "name": "Dawn"},
    {"kind": "presence", "place": "p", "forces": ["a"], "event": "the-fall", "occurred": "2024-12-04 night"},
    {"kind": "agreement", "parties": ["a"], "with": ["the elders"], "places": ["p"], "terms": "they leave"},
    {"kind": "joining", "force": "a", "operation": "Dawn", "alongside": ["b"], "led_by": "a colonel"},
    {"kind": "denial", "of": "r", "by": "b"},
]
REPORT: Body = {
    "text": "seen",
    "occurred": "[2024-12-03T18:00Z..2024-12-04T06:30:15.25+03:00]",
    "credibility": "possible",
    "sources": [
        {
            "source": "s",
            "citation": "p. 3",
            "url": "https://e.org/3",
            "published": "2024-12-05",
            "origin": "s",
        }
    ],
    "claims": CLAIMS,
}
CALLS: dict[str, Body] = {
    "/v1/places": {
        "id": "new",
        "name": "New",
        "kind": "town",
        "parent": "p",
        "location": {"lon": 36.5, "lat": 35.25},
        "shape": {"type": "LineString", "coordinates": [[36.5, 35.25], [36.75, 35.5]]},
        "aliases": ["Nouveau"],
        "identifiers": {"geonames": "17"},
    },
    "/v1/forces": {"id": "new", "name": "New", "kind": "army", "aliases": ["Nouveau"]},
    "/v1/forces/b/alignments": {"with": "a", "from": "2024-12-03/2024-12-04T18", "until": "2024-12-0X"},
    "/v1/sources": {"id": "new", "name": "New", "kind": "paper", "reliability": "B", "affiliation": "a"},
    "/v1/reports": {"id": "new", **REPORT},
    "/v1/reports/r/corrections": {**REPORT, "reason": "misread"},
    "/v1/reports/r/assessments": {"credibility": "probable", "reason": "filmed"},
    "/v1/reports/r/retraction": {"reason": "never said"},
}
OPTIONAL = {
    "parent", "location", "aliases", "identifiers", "reliability", "affiliation", "from", "until", "credibility",
    "sources", "citation", "url", "published", "origin", "means", "intensity", "by", "against", "weapon", "count",
    "killed", "injured", "cause", "persons", "to", "what", "name", "event", "terms", "parties", "operation",
    "alongside", "led_by", "best", "high", "geonames", "shape",
}  # fmt: skip
NOT_ALWAYS = {
    ("/v1/places", "name"), ("/v1/forces", "name"), ("/v1/sources", "name"), ("/v1/places", "kind"),
    ("/v1/reports/r/assessments", "credibility"),
}  # fmt: skip
"""Where a field that is optional elsewhere is needed."""
every_call = pytest.mark.parametrize("call", CALLS)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("bad-input") / "chronology.db") as running:
        furnish(running)
        yield running


def furnish(running: Served) -> None:
    running.register(("p", "q"), ("a", "b"), ("s",))
    running.must("/v1/reports", {"id": "r", "text": "seen", "occurred": "2024-12-04", "claims": []})


# ---------------------------------------------------------------------------------------------------------------
# What is sent, and what must come back
# ---------------------------------------------------------------------------------------------------------------


class Bad(NamedTuple):
    """What is sent, the statuses that fit, and where the fault lies (None: not in the body)."""

    sent: bytes
    statuses: tuple[int, ...]
    where: Path | None = None


def dumped(body: Any) -> bytes:
    return json.dumps(body).encode()


def steps(pointer: str) -> list[str]:
    """The steps of a JSON Pointer in a URI fragment (RFC 6901 §6)."""
    assert pointer.startswith("#")
    assert pointer.isascii()
    assert not set(pointer[1:]) & set(' "<>\\^`{|}#')
    return [step.replace("~1", "/").replace("~0", "~") for step in unquote(pointer[1:]).split("/")[1:]]


def check_pointer(pointer: str, body: Any, detail: str) -> None:
    """It leads to something that was sent, or names a field that is missing."""
    for i, step in enumerate(path := steps(pointer)):
        if isinstance(body, list):
            body = body[int(step)]
        elif isinstance(body, dict) and step in body:
            body = body[step]
        else:
            assert isinstance(body, dict), (pointer, detail)
            assert i == len(path) - 1, (pointer, detail)
            assert "required" in detail or "kind" in detail, (pointer, detail)


def check_problem(status: int, media_type: str | None, text: bytes, sent: Any = None) -> list[str]:
    """A problem document in the one shape; where its faults lie."""
    assert media_type == "application/problem+json", text
    found = json.loads(text)
    assert set(found) <= {"type", "title", "status", "detail", "errors"}
    assert found["type"] == "about:blank"
    assert (found["status"], found["title"]) == (status, HTTPStatus(status).phrase)
    assert found["detail"].strip()
    assert isinstance(found["detail"], str)
    errors = found.get("errors", [])
    assert isinstance(errors, list)
    for each in errors:
        assert set(each) == {"detail", "pointer"}
        assert each["detail"].strip()
        if sent is not None:
            check_pointer(each["pointer"], sent, each["detail"])
    return [each["pointer"] for each in errors]


def check(running: Served, call: str, bad: Bad, media_type: str = "application/json") -> None:
    """Send it as an editor; the answer fits, and nothing is kept."""
    before = running.service.log.head()
    answer = running.editor.post(call, content=bad.sent, headers={"Content-Type": media_type})
    message = (bad.sent[:2000], answer.status_code, answer.text[:2000])
    assert answer.status_code in bad.statuses, message
    sent = orjson.loads(bad.sent) if answer.status_code == 422 else None
    pointers = check_problem(answer.status_code, answer.headers["content-type"], answer.content, sent)
    if bad.where is not None:
        at = [str(step) for step in bad.where]
        assert any(steps(pointer)[: len(at)] == at for pointer in pointers), (bad.where, message)
    assert running.service.log.head() == before, message


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything in a body, each with its path."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for name, each in value.items():
            yield from nodes(each, (*path, name))
    elif isinstance(value, list):
        for i, each in enumerate(value):
            yield from nodes(each, (*path, i))


def changed(body: Body, path: Path, change: Callable[[Any, Any], None]) -> Body:
    """A copy in which `change` was made, to the parent and its step at the path."""
    copy: Body = json.loads(json.dumps(body))
    parent: Any = copy
    for step in path[:-1]:
        parent = parent[step]
    change(parent, path[-1])
    return copy


def put(body: Body, path: Path, value: Any) -> Body:
    return changed(body, path, lambda parent, step: parent.__setitem__(step, value))


def raw(body: Body, path: Path, token: bytes) -> bytes:
    """The body with these bytes in place of a value."""
    return dumped(put(body, path, "HERE")).replace(b'"HERE"', token)


def is_needed(call: str, path: Path) -> bool:
    name = path[-1]
    if (call, name) in NOT_ALWAYS and len(path) == 1:
        return True
    if name == "id":
        return call != "/v1/reports"
    if name in ("kind", "with", "places", "occurred"):
        return needs_by_kind(call, path)
    return isinstance(name, str) and name not in OPTIONAL


def needs_by_kind(call: str, path: Path) -> bool:
    """For fields that some claims need and others do not."""
    if len(path) == 1:
        return path[0] in ("with", "occurred")
    claim = CALLS[call]["claims"][path[1]]["kind"]
    return path[-1] == "kind" or (path[-1] == "places" and claim in ("clash", "strike"))


WRONG: dict[type, list[Any]] = {
    str: [5, 1.5, True, False, {}, {"a": 1}, [5], [[]], [None]],
    int: ["5", 1.5, True, [], {}, -1, 2**31, 2**63, 2**64, 10**30, -(10**30)],
    float: ["5", True, [], {}, 181, -181, 10**30, 1e308],
    list: [5, True, {}, 1.5, {"0": "a"}],
    dict: [5, True, [], "x", [{}]],
}


def wrong_types(call: str, body: Body) -> Iterator[Bad]:
    for path, value in nodes(body):
        for other in WRONG[type(value)]:
            yield Bad(dumped(put(body, path, other)), (422,), path)


def nulls(call: str, body: Body) -> Iterator[Bad]:
    for path, value in nodes(body):
        absent_rather_than_null = isinstance(value, list) or path[-1] == "identifiers" or isinstance(path[-1], int)
        if is_needed(call, path) or absent_rather_than_null:
            yield Bad(dumped(put(body, path, None)), (422,), path)


def dropped(call: str, body: Body) -> Iterator[Bad]:
    for path, _ in nodes(body):
        if isinstance(path[-1], str) and is_needed(call, path):
            sent = changed(body, path, lambda parent, step: parent.pop(step))
            yield Bad(dumped(sent), (422,), path)


NAMES = [
    "unknown",
    "",
    "Text",
    "text ",
    "__proto__",
    "a/b~c",
    "é",
    "0",
    "control",
    "%2F",
    "x" * 5000,
    "a b",
    "#",
    "\x00",
]


def unknown_fields(call: str, body: Body) -> Iterator[Bad]:
    for path, value in [((), body), *nodes(body)]:
        if isinstance(value, dict) and path[-1:] != ("identifiers",):
            for name in NAMES:
                grown = {**value, name: None}
                yield Bad(dumped(put(body, path, grown) if path else grown), (422,), (*path, name))


BAD_TEXTS = ["", " ", "\x00", "a\x00b", "\ud800", "\t\n"]
"""No window, id, address, word of a list, line or text."""


def bad_texts(call: str, body: Body) -> Iterator[Bad]:
    for path, value in nodes(body):
        if isinstance(value, str):
            for text in BAD_TEXTS:
                lone = text == "\ud800"
                yield Bad(dumped(put(body, path, text)), (400,) if lone else (400, 422), None if lone else path)


def surrogates(call: str, body: Body) -> Iterator[Bad]:
    for path, value in nodes(body):
        if isinstance(value, str):
            for token in (
                rb'"\ud800"',
                rb'"\udfff"',
                rb'"\ud800\ud800"',
                rb'"\udc00\ud800"',
                rb'"a\ud83dz"',
                rb'"\u12"',
            ):
                yield Bad(raw(body, path, token), (400,))
    yield Bad(dumped(body)[:-1] + rb', "\ud800": 1}', (400,))


def no_numbers(call: str, body: Body) -> Iterator[Bad]:
    tokens = (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"01", b"+1", b".5", b"1.", b"0x10", b"1_000", b"-", b"None")
    for path, _ in nodes(body):
        for token in tokens:
            yield Bad(raw(body, path, token), (400,))
        yield Bad(raw(body, path, b"1" + b"0" * 5000), (400, 422))


def repeated_names(call: str, body: Body) -> Iterator[Bad]:
    for path, value in [((), body), *nodes(body)]:
        if isinstance(value, dict):
            name, first = next(iter(value.items()))
            twice = dumped(value)[:-1] + b", " + dumped({name: first})[1:]
            yield Bad(raw(body, path, twice) if path else twice, (400,))


def deep(call: str, body: Body) -> Iterator[Bad]:
    places = [((), None), *nodes(body)]
    for path, _ in random.Random(1).sample(places, min(20, len(places))):
        for depth in (100, 990, 1020, 1500, 100_000):
            for begin, end in ((b"[", b"]"), (b'{"a":', b"}")):
                token = begin * depth + b"0" + end * depth
                yield Bad(raw(body, path, token) if path else token, (400,))


def broken_bytes(call: str, body: Body) -> Iterator[Bad]:
    sent = dumped(body)
    rng = random.Random(2)
    for bad in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x00", b"\xe2\x82"):
        for _ in range(6):
            at = rng.randrange(1, len(sent))
            yield Bad(sent[:at] + bad + sent[at:], (400,))
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        yield Bad(json.dumps(body).encode(encoding), (400,))
    yield Bad(gzip.compress(sent), (400,))


def broken_json(call: str, body: Body) -> Iterator[Bad]:
    sent = dumped(body)
    rng = random.Random(3)
    for at in sorted({0, 1, len(sent) - 1, *(rng.randrange(len(sent)) for _ in range(40))}):
        yield Bad(sent[:at], (400,))
    for text in (
        b"{}{}",
        b"{},",
        b"[",
        b"}",
        b'"',
        b"\\",
        b"{'a': 1}",
        b"{a: 1}",
        b"/* */ {}",
        b"undefined",
        b"\n",
        b"a=b",
    ):
        yield Bad(text, (400,))
    yield Bad(sent + b" x", (400,))
    yield Bad(sent.replace(b'"', b"'"), (400,))


def other_bodies(call: str, body: Body) -> Iterator[Bad]:
    others: list[Any] = [[], [body], "x", 5, 1.5, True, None, {}, [[]], dumped(body).decode(), {"body": body}]
    for other in others:
        yield Bad(dumped(other), (422,))


def too_long(call: str, body: Body) -> Iterator[Bad]:
    for path, value in nodes(body):
        if isinstance(value, str):
            yield Bad(dumped(put(body, path, "x" * 30_000)), (422,), path)
    some = next(path for path, value in nodes(body) if isinstance(value, str))
    yield Bad(dumped(put(body, some, "x" * 900_000)), (422,), some)
    yield Bad(dumped(put(body, some, "x" * (MAX_BODY + 1))), (413,))


FAMILIES = (
    wrong_types, nulls, dropped, unknown_fields, bad_texts, surrogates, no_numbers, repeated_names, deep, broken_bytes,
    broken_json, other_bodies, too_long,
)  # fmt: skip


@every_call
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_body_with_one_fault_is_refused_at_its_place_and_nothing_is_kept(
    world: Served, call: str, family: Callable[[str, Body], Iterator[Bad]]
) -> None:
    sent = 0
    for bad in family(call, CALLS[call]):
        check(world, call, bad)
        sent += 1
    assert sent
    assert world.get("/health/live") == {"status": "ok"}


@every_call
def test_the_body_that_the_faults_are_made_in_is_itself_taken(running: Served, call: str) -> None:
    running.register(("p", "q"), ("a", "b"), ("s",))
    running.must("/v1/reports", {"id": "r", "text": "seen", "occurred": "2024-12-04", "claims": []})
    running.must(call, CALLS[call])


# ---------------------------------------------------------------------------------------------------------------
# Dates
# ---------------------------------------------------------------------------------------------------------------

DATED = ("occurred", "published", "from", "until")


def windows(call: str) -> list[tuple[Path, str]]:
    """The windows of a call's body. (A movement's `from` is a place.)"""
    return [(path, value) for path, value in nodes(CALLS[call]) if path[-1] in DATED and value[:1] in "[2."]


@pytest.mark.parametrize("call", [call for call in CALLS if windows(call)])
def test_a_window_broken_at_any_position_is_answered_400_with_that_position(world: Served, call: str) -> None:
    for path, text in windows(call):
        for at in range(len(text) + 1):
            for broken in (text[:at] + "☃" + text[at + 1 :], text[:at] + "\x00" + text[at:]):
                bad = Bad(dumped(put(CALLS[call], path, broken)), (400,), path)
                check(world, call, bad)
                answer = world.editor.post(call, json=put(CALLS[call], path, broken))
                assert f"position {at}:" in answer.json()["errors"][0]["detail"], (broken, answer.text)


@pytest.mark.parametrize("call", [call for call in CALLS if windows(call)])
def test_a_window_with_any_letters_changed_is_read_or_refused_as_the_notation_says(world: Served, call: str) -> None:
    """Broken at random: what the notation can't read is answered 400, what can't be is answered 422."""
    rng = random.Random(call)
    alphabet = "0123456789-/.:TZX+[]? %~night"
    for path, text in windows(call):
        for _ in range(60):
            letters = list(text)
            for _ in range(rng.randint(1, 3)):
                at = rng.randrange(len(letters))
                letters[at : at + rng.randint(0, 2)] = rng.choice(alphabet) * rng.randint(0, 2)
                letters = letters or ["2"]
            broken = "".join(letters)
            try:
                read_occurred(broken, Zone("UTC"))
            except Fault as fault:
                expected = (400,) if type(fault).__name__ == "Unreadable" else (422,)
                check(world, call, Bad(dumped(put(CALLS[call], path, broken)), expected, path))


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30", "2023-02-29", "2024-04-31", "0000", "2024-00", "2024-13", "2024-12-32", "2024-12-04T24:00Z",
        "2024-12-04T23:60Z", "2024-12-04T23:59:60Z", "2024-12-04T18:00+14:01", "2024-12-04T18:00+3:00",
        "2024-12-04T18Z", "2024-12-04T18:00z", "2024-12-04t18:00Z", "2024-12-04 18:00Z", "2024-12-04T18:00:00.1234567Z",
        "2024-12 night",
        "2024-12-04  night", "2024-12-04 Night", "2024-12-04 noon", "20241204", "2024-1-4", "24-12-04", "yesterday",
        "2024-W49", "2024-339", "[2024-12-04]", "[2024,2025]", "{2024..2025}", "2024/2025/2026", "/2024", "2024/", "..",
        "2024..2025", "[2024..2025", "2024-12-4X", "2024-02-3X", "2024-X2", "2024?~", "٢٠٢٤-١٢-٠٤", "2024\u201112",
        "-2024", "+2024", "Y20240", "2024-12-04T18:00:00,5Z", " 2024", "2024 ", "2024\n", "1733335200", "null", "[..",
    ],
)  # fmt: skip
def test_what_is_no_date_is_answered_400(world: Served, text: str) -> None:
    check(world, "/v1/reports", Bad(dumped({**REPORT, "occurred": text}), (400,), ("occurred",)))
    sent = {**REPORT, "claims": [{**CLAIMS[0], "occurred": text}]}
    check(world, "/v1/reports", Bad(dumped(sent), (400,), ("claims", 0, "occurred")))


# ---------------------------------------------------------------------------------------------------------------
# At random
# ---------------------------------------------------------------------------------------------------------------

ODDITIES: Sequence[Any] = (
    None, True, False, 0, -1, 5, 1.5, 2**63, 2**64, 10**40, "", "x", "p", "a", "A", "\x00", "☃", "2024", "../..",
    [], {}, [None], [[]], ["a", 5], {"kind": "control"}, {"": ""}, [{}], "control", "takes", "x" * 600, {"low": 1},
)  # fmt: skip


def mutated(rng: random.Random, body: Body) -> Body:
    """A body with one to four faults, or what looks like them."""
    for _ in range(rng.randint(1, 4)):
        if not body:
            return body
        path, _ = rng.choice([*nodes(body)])
        match rng.randrange(5):
            case 0:
                body = changed(body, path, lambda parent, step: parent.pop(step))
            case 1:
                body = changed(body, path, partial(grow, rng.choice(NAMES), rng.choice(ODDITIES)))
            case 2:
                _, other = rng.choice([*nodes(CALLS["/v1/reports"])])
                body = put(body, path, other)
            case _:
                body = put(body, path, rng.choice(ODDITIES))
    return body


def grow(name: str, value: Any, parent: Any, _: str | int) -> None:
    if isinstance(parent, dict):
        parent[name] = value
    else:
        parent.append(value)


@every_call
@pytest.mark.parametrize("seed", range(3))
def test_a_body_of_random_faults_is_taken_or_refused_with_a_problem(running: Served, call: str, seed: int) -> None:
    furnish(running)  # a world of its own: some of the bodies are taken
    rng = random.Random(f"{call} {seed}")
    refused = 0
    for _ in range(80):
        body = mutated(rng, CALLS[call])
        before = running.service.log.head()
        answer = running.editor.post(call, json=body)
        if answer.status_code in (200, 201):
            continue
        refused += 1
        assert answer.status_code in (400, 409, 422), (body, answer.text)
        sent = body if answer.status_code != 409 else None
        check_problem(answer.status_code, answer.headers["content-type"], answer.content, sent)
        assert running.service.log.head() == before
    assert refused > 20


# ---------------------------------------------------------------------------------------------------------------
# Parameters, addresses and headers
# ---------------------------------------------------------------------------------------------------------------

READS = ["/v1/places/p/control", "/v1/places/p/timeline", "/v1/control", "/v1/reports", "/v1/reports/r", "/v1/places"]
PARAMETERS = [
    "at", "known_at", "lens", "min_credibility", "sources", "exclude_sources", "published_by", "against_interest", "by",
    "after_position", "evidence", "bbox", "force", "status", "kind", "place", "source", "from", "to", "limit", "cursor",
]  # fmt: skip
VALUES = [
    "", " ", "\x00", "☃", "-1", "+1", "1.5", "1e3", "0x1", "1 ", "٣", "9" * 100, "9" * 5000, "null", "[]", "{}",
    "../..", "🙂", "a,,b", ",", "A", "x" * 65, "2024-12-04", "2024-12-04T18:00", "2024-12-04T18:00:00Z\n",
    "2024-12-04T18:00:00",
    "0000-01-01T00:00:00Z", "2024-13-01T00:00:00Z", "now", "true", "TRUE", "1,2,3,4,5", "a,b,c,d", "nan,nan,nan,nan",
    "inf,0,0,0", "1-", "-1-1", "1-1-1", "1-x", "%", "' OR 1=1 --", "<script>",
]  # fmt: skip
NEVER = {"\x00", "☃", "٣", "9" * 5000, "[]", "{}", "../..", "2024-13-01T00:00:00Z", "%", "<script>"}
"""What no parameter takes."""


@pytest.mark.parametrize("read", READS)
def test_a_parameter_of_any_value_is_read_or_refused_at_its_place(world: Served, read: str) -> None:
    for name in PARAMETERS:
        for value in VALUES:
            answer = world.anyone.get(read, params={name: value})
            assert answer.status_code in (200, 400, 422), (name, value, answer.text)
            assert answer.status_code != 200 or value not in NEVER, (name, value)
            if answer.status_code != 200:
                found = check_problem(answer.status_code, answer.headers["content-type"], answer.content)
                assert found == [f"#/{name}"], (name, value, answer.text)


@pytest.mark.parametrize("name", ["at", "published_by", "from", "to", "known_at"])
def test_an_instant_broken_at_any_position_is_answered_400_with_that_position(world: Served, name: str) -> None:
    read = "/v1/reports" if name in ("from", "to") else "/v1/control"
    text = "2024-12-04T18:30:15.25+03:00"
    for at in range(len(text) + 1):
        answer = world.anyone.get(read, params={name: text[:at] + "☃" + text[at + 1 :]})
        assert check_problem(400, answer.headers["content-type"], answer.content) == [f"#/{name}"]
        assert f"position {at}:" in answer.json()["detail"]


class Answered(NamedTuple):
    status: int
    media_type: str | None
    body: bytes


def ask_raw(running: Served, method: str, target: str, headers: dict[str, str | bytes], body: bytes = b"") -> Answered:
    """Ask with exactly these bytes: the usual client would mend them."""
    where = urlsplit(running.url)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=10)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        answer: HTTPResponse = connection.getresponse()
        return Answered(answer.status, answer.getheader("content-type"), answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v1/places/%/control", 404),
        ("/v1/places/%zz/control", 404),
        ("/v1/places/%e9/control", 404),
        ("/v1/places/%00/control", 404),
        ("/v1/places/%ED%A0%80/control", 404),
        ("/v1/places/p%2F..%2Fq/control", 404),
        ("/v1/places/../control", 404),
        ("/v1/places/%2e%2e/control", 404),
        ("/v1/places//control", 404),
        ("/v1/places/p/control/", 404),
        ("/v1/reports/" + "x" * 10_000, 404),
        ("/pages/../../app.py", 404),
        ("/pages/..%2f..%2fapp.py", 404),
        ("/swagger/%2e%2e/%2e%2e/__init__.py", 404),
        ("/v1/control?at=%", 400),
        ("/v1/control?at=%zz", 400),
        ("/v1/control?at=%ff%fe", 400),
        ("/v1/control?%ff=1", 400),
        ("/v1/control?%00=1", 400),
        ("/v1/control?at", 400),
        ("/v1/control?=1", 400),
        ("/v1/control?at=&at=", 400),
        ("/v1/control?lens=strict&lens=strict", 400),
        ("/v1/control?" + "&".join(f"x{n}=1" for n in range(2000)), 400),
        ("/v1/control?at=" + "2" * 50_000, 400),
        ("/v1/control?at=2024-12-04T18:00:00+03:00", 400),
        ("/v1/control?AT=2024-12-04T18:00:00Z", 400),
    ],
)
def test_an_address_that_is_not_as_it_must_be_is_a_problem(world: Served, target: str, status: int) -> None:
    answer = ask_raw(world, "GET", target, {})
    assert answer.status == status, answer.body
    check_problem(answer.status, answer.media_type, answer.body)


def authorized(running: Served) -> dict[str, str | bytes]:
    return {"Authorization": str(running.editor.headers["authorization"]), "Content-Type": "application/json"}


ODD_HEADERS: dict[str, tuple[dict[str, str | bytes], tuple[int, ...]]] = {
    "a token that is not ASCII": ({"Authorization": b"Bearer \xff\xfe"}, (401,)),
    "a token of UTF-8": ({"Authorization": "Bearer ☃".encode()}, (401,)),
    "a huge token": ({"Authorization": "Bearer " + "x" * 20_000}, (401,)),
    "a version that is not ASCII": ({"If-Match": b'"\xb2"'}, (412,)),
    "a version of other digits": ({"If-Match": '"٣"'.encode()}, (412,)),
    "a huge version": ({"If-Match": '"' + "9" * 20_000 + '"'}, (412,)),
    "many versions": ({"If-Match": ",".join(f'"{n}"' for n in range(100, 2000))}, (412,)),
    "a media type that is not ASCII": ({"Content-Type": b"application/json\xff"}, (415,)),
    "two media types": ({"Content-Type": "application/json, text/plain"}, (415,)),
    "a media type with a broken parameter": ({"Content-Type": 'application/json; charset="'}, (400, 415, 422)),
}


@pytest.mark.parametrize("odd", ODD_HEADERS)
def test_an_odd_header_is_a_problem(world: Served, odd: str) -> None:
    headers, statuses = ODD_HEADERS[odd]
    before = world.service.log.head()
    body = dumped({"credibility": "probable"} if "media type" in odd else CALLS["/v1/reports/r/assessments"])
    answer = ask_raw(world, "POST", "/v1/reports/r/assessments", {**authorized(world), **headers}, body)
    assert answer.status in statuses, answer.body
    check_problem(answer.status, answer.media_type, answer.body)
    assert world.service.log.head() == before


@pytest.mark.parametrize("accept", [b"application/geo+json;q=x", b"\xff", b"x" * 20_000, b",;=,", b"*"])
def test_whatever_is_accepted_the_map_is_answered(world: Served, accept: bytes) -> None:
    assert ask_raw(world, "GET", "/v1/control", {"Accept": accept}).status == 200


@pytest.mark.parametrize("key", [b"\xff\xfe", "☃".encode(), b'"', b"a\tb", b"x" * 200])
def test_an_idempotency_key_of_any_letters_is_the_same_each_time(world: Served, key: bytes) -> None:
    body = dumped({"text": "by an odd key", "occurred": "2024", "claims": []})
    headers = {**authorized(world), "Idempotency-Key": key}
    first, again = (ask_raw(world, "POST", "/v1/reports", headers, body) for _ in range(2))
    assert (first.status, again.status, again.body) == (201, 200, first.body)


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
        b"GET /v1/control HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    ],
)
def test_bytes_that_are_no_request_leave_the_service_as_it_was(world: Served, sent: bytes) -> None:
    before = world.service.log.head()
    where = urlsplit(world.url)
    with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while more := connection.recv(65_536):
                answer += more
        except ConnectionResetError:
            pass
    assert b" 500 " not in answer.split(b"\r\n")[0]
    assert world.get("/health/live") == {"status": "ok"}
    assert world.service.log.head() == before
