#!/usr/bin/env python3
"""Check a chronology's log, its growth and its answers against signed checkpoints: no server, nothing but this file.

Read it before you trust it: it needs only Python's standard library, and docs/verifying.md says what it carries out.
KEY is the log's verifier key (`name+id+key`) or a file with it. Get it where you trust it; all else hangs on it.
"""

from __future__ import annotations

import argparse
import base64
import hmac
import json
import sys
from collections.abc import Iterable, Sequence
from hashlib import sha256, sha512
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple


class Refuted(Exception):
    """What was to be checked does not hold; the message says why."""


# -- Ed25519 signatures (RFC 8032 §5.1) --------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def point(encoded: bytes) -> Point:
    """The point of 32 bytes: y, and in the last bit whether x is odd."""
    number = int.from_bytes(encoded, "little")
    y, odd = number & (1 << 255) - 1, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(encoded) != 32 or y >= P or (x * x - square) % P or (x == 0 and odd):
        raise Refuted("these bytes are no point of the curve")
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


def add(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, of: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while factor:
        total = add(total, of) if factor & 1 else total
        of, factor = add(of, of), factor >> 1
    return total


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(text: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the signature over the text was made with the secret half of the public key."""
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= ORDER:
        return False
    try:
        r, key = point(signature[:32]), point(public)
    except Refuted:
        return False
    h = int.from_bytes(sha512(signature[:32] + public + text).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


# -- Signed notes (C2SP signed-note) and checkpoints (C2SP tlog-checkpoint) --------------------------------------------


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def read_key(key: str) -> tuple[str, bytes, bytes]:
    """The name, the id and the public key of `name+id+key`."""
    name, _, rest = key.strip().partition("+")
    id, _, encoded = rest.partition("+")
    found = from_base64(encoded)
    expected = sha256(name.encode() + b"\n" + found).digest()[:4]
    if not name or len(found) != 33 or found[0] != 1 or id != expected.hex():
        raise Refuted("this is no verifier key of Ed25519: name+id+key")
    return name, expected, found[1:]


def open_note(note: str, key: str) -> str:
    """The text of a note, which the key has signed."""
    name, id, public = read_key(key)
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not note.endswith("\n") or any(sign < " " and sign != "\n" for sign in note):
        raise Refuted("this is no signed note")
    text += "\n"
    verified = False
    for line in signatures[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        signature = from_base64(encoded)
        if dash != "\N{EM DASH}" or not signer or len(signature) < 5:
            raise Refuted("a signature line of the note can't be read")
        if (signer, signature[:4]) == (name, id):
            if not signed(text.encode(), signature[4:], public):
                raise Refuted(f"the note was altered, or {name} did not sign it")
            verified = True
    if not verified:
        raise Refuted(f"{name} has not signed this note")
    return text


def open_checkpoint(note: str, key: str) -> Checkpoint:
    """A checkpoint that the log's key has signed."""
    lines = open_note(note, key).split("\n")
    if len(lines) < 4 or not lines[1].isdigit() or str(int(lines[1])) != lines[1] or lines[0] != read_key(key)[0]:
        raise Refuted("the note is no checkpoint of that log")
    root = from_base64(lines[2])
    if len(root) != 32:
        raise Refuted("the root of the checkpoint is no hash of 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def from_base64(text: str) -> bytes:
    """The bytes of a text that is the only one for them."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        found = b""
    if to_base64(found) != text:
        raise Refuted(f"{text[:40]!r} is not base64")
    return found


def to_base64(found: bytes) -> str:
    return base64.b64encode(found).decode()


# -- The Merkle tree (RFC 9162 §2.1) -----------------------------------------------------------------------------------


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes (§2.1.2)."""
    stack: list[tuple[int, bytes]] = []  # complete subtrees from left to right, each with its size
    for leaf in leaves:
        stack.append((1, leaf))
        while len(stack) > 1 and stack[-2][0] == stack[-1][0]:
            (size, right), (_, left) = stack.pop(), stack.pop()
            stack.append((2 * size, node_hash(left, right)))
    if not stack:
        return sha256().digest()
    root = stack.pop()[1]
    while stack:
        root = node_hash(stack.pop()[1], root)
    return root


def check_inclusion(leaf: bytes, index: int, size: int, hashes: Sequence[bytes], root: bytes) -> None:
    """That the leaf hash is that of an index, from 0, in the tree of that size and root (§2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != 32:
        raise Refuted("no tree of that size has such a leaf")
    here, last, found = index, size - 1, leaf
    for hash in hashes:
        if last == 0:
            raise Refuted("the inclusion proof is too long")
        if here & 1 or here == last:
            found = node_hash(hash, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, hash)
        here, last = here >> 1, last >> 1
    if last or found != root:
        raise Refuted("the inclusion proof does not lead to the root")


def check_consistency(first: int, second: int, hashes: Sequence[bytes], old: bytes, new: bytes) -> None:
    """That the tree of size `second` and root `new` begins with that of size `first` and root `old` (§2.1.4.2)."""
    if not 0 < first <= second:
        raise Refuted("a log that grew has at least as many events as before, and there was at least one")
    if first == second:
        if hashes or old != new:
            raise Refuted("the same size, but not the same root")
        return
    path = list(hashes) if first & (first - 1) else [old, *hashes]
    if not path:
        raise Refuted("the consistency proof is empty")
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    was = now = path[0]
    for hash in path[1:]:
        if last == 0:
            raise Refuted("the consistency proof is too long")
        if here & 1 or here == last:
            was, now = node_hash(hash, was), node_hash(hash, now)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            now = node_hash(now, hash)
        here, last = here >> 1, last >> 1
    if last or was != old or now != new:
        raise Refuted("the consistency proof does not lead to the two roots")


# -- Leaves (docs/verifying.md) ----------------------------------------------------------------------------------------

OF_SOURCES = {"citation", "url"}
OF_CLAIMS = {"persons", "led_by", "with", "terms", "name", "objective", "operation", "cause", "intensity"}


def leaf_of(event: dict[str, Any]) -> bytes:
    """The leaf of an event as it is exported: canonical JSON, in which salted digests stand for the erasable parts."""
    body = {name: value for name, value in event.items() if name not in ("salt", "salts")}
    salts = read_json(event["salts"]) if "salts" in event else None  # of the parts that are left, where some are erased

    def seal(part: Any, pointer: str) -> Any:
        if isinstance(part, list):
            return [seal(each, f"{pointer}/{i}") for i, each in enumerate(part)]
        if isinstance(part, dict):  # erased: the digest is all that is left
            return part["redacted"]
        if salts is None:
            own = hmac.digest(from_base64(event["salt"]), pointer.encode(), "sha256")[:16]
        else:
            own = from_base64(salts[pointer])
        return to_base64(sha256(own + part.encode()).digest())

    data = body["data"] = dict(body["data"])
    if "reason" in data:
        data["reason"] = seal(data["reason"], "/reason")
    if "report" in data:
        report = data["report"] = dict(data["report"])
        report["text"] = seal(report["text"], "/report/text")
        for part, erasable in (("sources", OF_SOURCES), ("claims", OF_CLAIMS)):
            for i, each in enumerate(report.get(part, ())):
                sealed = {name: seal(each[name], f"/report/{part}/{i}/{name}") for name in each.keys() & erasable}
                report[part] = [*report[part][:i], each | sealed, *report[part][i + 1 :]]
    return canonical(body).encode()


def canonical(value: Any) -> str:
    """JSON in the one form of RFC 8785."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e21:
            return str(int(value))
        if 1e-6 <= abs(value) < 1e-4:  # which Python alone would write with an exponent
            digits, _, exponent = repr(abs(value)).partition("e-")
            return f"{'-' if value < 0 else ''}0.{'0' * (int(exponent) - 1)}{digits.replace('.', '')}"
        return repr(value).replace("e-0", "e-")
    return json.dumps(value, ensure_ascii=False)


def read_json(text: str) -> Any:
    """JSON that means one thing only: no name twice in an object."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a name stands twice in one object")
        return dict(pairs)

    return json.loads(text, object_pairs_hook=once)


# -- What can be checked -----------------------------------------------------------------------------------------------


def check_log(lines: Iterable[str], checkpoint: Checkpoint) -> str:
    """An exported log, which may have grown since the checkpoint."""
    count = 0

    def hashes() -> Iterable[bytes]:
        nonlocal count
        for count, line in enumerate(islice(lines, checkpoint.size), start=1):
            try:
                event = read_json(line)
                if event["id"] != str(count):
                    raise Refuted(f"position {count}: in its place stands the event of position {event['id']}")
                yield leaf_hash(leaf_of(event))
            except UNREADABLE as error:
                raise ValueError(f"position {count}: {why(error)}") from None

    root = root_of(hashes())
    if count < checkpoint.size:
        raise Refuted(f"position {count + 1}: it is missing, with all up to position {checkpoint.size}")
    if root != checkpoint.root:
        raise Refuted(f"the first {count} events are not those that the checkpoint was signed for")
    return f"The first {count} events are those that {checkpoint.origin} signed."


def check_growth(old: Checkpoint, new: Checkpoint, proof: dict[str, Any]) -> str:
    """That nothing of what the old checkpoint was signed for is another in the new one."""
    check_consistency(old.size, new.size, [from_base64(each) for each in proof["hashes"]], old.root, new.root)
    return f"The log of {new.size} events begins with the one of {old.size}, unchanged."


def check_answer(answer: dict[str, Any], key: str) -> str:
    """That what is given of every report in an answer's basis is in the log, as it was when the answer was known."""
    checkpoint = open_checkpoint(answer["proofs"]["checkpoint"], key)
    if answer["known_at"] != checkpoint.size:
        raise Refuted(f"the answer is known at {answer['known_at']}, its checkpoint is of {checkpoint.size}")
    if not isinstance(answer["basis"], list):
        raise ValueError("the basis is no list")
    versions: dict[str, int] = {}
    for proven in answer["proofs"]["events"]:
        event, hashes = proven["event"], [from_base64(each) for each in proven["hashes"]]
        position, report, leaf = int(event["id"]), event["subject"], leaf_hash(leaf_of(event))
        try:
            check_inclusion(leaf, position - 1, checkpoint.size, hashes, checkpoint.root)
        except Refuted as refuted:
            raise Refuted(f"position {position}: {refuted}") from None
        if (proven["position"], proven["size"], proven["leaf_hash"]) != (position, checkpoint.size, to_base64(leaf)):
            raise Refuted(f"position {position}: what stands beside its proof is not of it")
        if event["streamversion"] != versions.get(report, 0) + 1:
            raise Refuted(f"position {position}: it is not the version of {report} that comes next")
        versions[report] = event["streamversion"]
    for id in answer["basis"]:
        if f"report:{id}" not in versions:
            raise Refuted(f"the report {id} is in the basis, and there is no proof of it")
    count = len(answer["basis"])
    return f"All reports of the basis ({count}) are in the log of {checkpoint.size} that {checkpoint.origin} signed."


def read_note(file: str) -> str:
    """A checkpoint from a file, or the one in an answer."""
    text = Path(file).read_text("utf-8")
    note: str = read_json(text)["proofs"]["checkpoint"] if text.startswith("{") else text
    return note


UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def why(error: Exception) -> str:
    """What keeps something from being read, without the whole of it."""
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def main(arguments: Sequence[str] | None = None) -> None:
    """Exits with 0 where it holds, 1 where it does not, 2 where it can't be read."""
    parser = argparse.ArgumentParser(prog="chronology-verify", description=(__doc__ or "").partition("\n")[0])
    checks = parser.add_subparsers(dest="check", metavar="CHECK", required=True)
    for name, files, about in (
        ("log", ("LOG", "CHECKPOINT"), "an exported log (NDJSON) against a checkpoint"),
        ("growth", ("OLD", "NEW", "PROOF"), "a newer checkpoint against an older, by a consistency proof (JSON)"),
        ("answer", ("ANSWER",), "an answer with proofs (JSON)"),
    ):
        check = checks.add_parser(name, help=about, description=f"Check {about}.")
        for file in files:
            check.add_argument(file.lower(), metavar=file)
        check.add_argument("--key", required=True, help="the log's verifier key (name+id+key), or a file with it")
    given = parser.parse_args(arguments)
    try:
        key = Path(given.key).read_text("utf-8") if Path(given.key).is_file() else given.key
        if given.check == "log":
            with Path(given.log).open(encoding="utf-8", newline="\n") as lines:
                print(check_log(lines, open_checkpoint(read_note(given.checkpoint), key)))
        elif given.check == "growth":
            old, new = (open_checkpoint(read_note(file), key) for file in (given.old, given.new))
            print(check_growth(old, new, read_json(Path(given.proof).read_text("utf-8"))))
        else:
            print(check_answer(read_json(Path(given.answer).read_text("utf-8")), key))
    except Refuted as refuted:
        print(f"chronology-verify: {refuted}", file=sys.stderr)
        sys.exit(1)
    except UNREADABLE as error:
        print(f"chronology-verify: it can't be read: {why(error)}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
