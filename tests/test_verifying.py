"""The verifier that stands alone: it agrees with the service about leaves, and takes nothing that does not hold."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import address, chronology
from test_cloud_events import FIRST, LAST, within_the_calendar
from test_codec import EVENTS, anything

from domain.claims import Agreement, Joining, Movement
from domain.events import Event, PlaceRegistered, Recorded, ReportFiled, ReportRetracted, stream_of
from domain.place import Location, Place, PlaceKind
from domain.report import Citation, Report
from domain.shape import Shape, ShapeKind
from domain.when.window import Occurred
from event_store.codec import encode
from event_store.entry import Entry
from event_store.leaf import leaf, number
from service import chronology_verify
from service.chronology_verify import Refuted, leaf_of, open_checkpoint, open_note, signed
from service.cloud_events import cloud_event
from service.signing import Signer

VERIFIER = Path(chronology_verify.__file__)
SALT = bytes(range(16))


def verifier(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run it as a file, away from everything that is installed."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=60)


# ---------------------------------------------------------------------------------------------------------------
# Signatures, notes and checkpoints
# ---------------------------------------------------------------------------------------------------------------

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip
"""Public key, message and signature: its §7.1, tests 1 to 3."""


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_hold_and_no_others(public: str, message: str, signature: str) -> None:
    key, text, made = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert signed(text, made, key)
    assert not signed(text + b"x", made, key)
    for at in (0, 31, 32, 63):
        assert not signed(text, bytes(byte ^ (i == at) for i, byte in enumerate(made)), key)
    assert not signed(text, made, bytes([key[0] ^ 1]) + key[1:])
    assert not signed(text, made[:63], key)


def test_a_signature_with_a_number_beyond_the_order_is_refused() -> None:
    """Else anybody could make a second one of each (RFC 8032 §5.1.7)."""
    public, message, signature = (bytes.fromhex(each) for each in RFC_8032[1])
    s = int.from_bytes(signature[32:], "little") + chronology_verify.ORDER
    assert not signed(message, signature[:32] + s.to_bytes(32, "little"), public)


@given(st.binary(min_size=32, max_size=32), st.text(max_size=30))
@settings(max_examples=15)
def test_what_the_service_signs_the_verifier_takes(seed: bytes, text: str) -> None:
    signer = Signer(seed, "example.org/log")
    text = "".join(sign for sign in text if sign >= " ") + "\n"
    assert open_note(signer.sign(text), signer.verifier_key) == text


PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
PETERS_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_NOTE = (
    PETERS_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The worked example of signed notes, with the key that it was signed with."""


def test_the_worked_example_of_signed_notes_is_taken_and_made() -> None:
    assert open_note(PETERS_NOTE, PETER) == PETERS_TEXT
    signer = Signer(PETERS_SEED, "PeterNeumann")
    assert signer.verifier_key == PETER
    assert signer.sign(PETERS_TEXT) == PETERS_NOTE


OTHERS = "— example.org/witness " + b64encode(b"abcdefgh").decode() + "\n"


@pytest.mark.parametrize(
    "note",
    [
        PETERS_NOTE.replace("cryptography", "cryptographY"),
        PETERS_NOTE.replace("\n\n", "\n"),
        PETERS_NOTE.removesuffix("\n"),
        PETERS_NOTE.replace("x08g", "x08h"),
        PETERS_NOTE.replace("— Peter", "- Peter"),
        PETERS_NOTE.replace("PeterN", "PetraN"),
        PETERS_NOTE.replace("you don't", "you\x07don't"),
        PETERS_NOTE.replace("JnAM=", "JnAN="),
        PETERS_TEXT + "\n" + OTHERS,
        PETERS_TEXT,
        "",
        "\n\n",
    ],
)
def test_a_note_that_was_altered_or_is_not_the_keys_is_refused(note: str) -> None:
    with pytest.raises(Refuted):
        open_note(note, PETER)


def test_signatures_of_others_are_left_aside() -> None:
    assert open_note(PETERS_NOTE + OTHERS, PETER) == PETERS_TEXT


@pytest.mark.parametrize(
    "key", ["", "PeterNeumann", PETER[:-1], PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("Peter", "Petra")]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(Refuted):
        open_note(PETERS_NOTE, key)


ROOT = b64encode(bytes(32)).decode()


def test_a_checkpoint_is_read_as_the_specification_says() -> None:
    signer = Signer(bytes(32), "example.com/behind-the-sofa")
    note = signer.sign(f"example.com/behind-the-sofa\n20852163\n{ROOT}\n")
    assert open_checkpoint(note, signer.verifier_key) == ("example.com/behind-the-sofa", 20852163, bytes(32))
    extended = signer.sign(f"example.com/behind-the-sofa\n1\n{ROOT}\nmore\n")
    assert open_checkpoint(extended, signer.verifier_key).size == 1


@pytest.mark.parametrize(
    "text",
    [
        f"other\n1\n{ROOT}\n",
        f"log\n01\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"log\n\n{ROOT}\n",
        "log\n1\n",
        "log\n1\nAAAA\n",
    ],
)
def test_a_signed_note_that_is_no_checkpoint_of_the_log_is_refused(text: str) -> None:
    signer = Signer(bytes(32), "log")
    with pytest.raises(Refuted):
        open_checkpoint(signer.sign(text), signer.verifier_key)


# ---------------------------------------------------------------------------------------------------------------
# Leaves
# ---------------------------------------------------------------------------------------------------------------


def recorded(event: Event, position: int = 7, at: int = 1_733_335_200_000_000, version: int = 1) -> Recorded:
    return Recorded(position, at, stream_of(event), version, event, SALT)


def stored_leaf(given: Recorded) -> bytes:
    name, data = encode(given.event)
    return leaf(Entry(given.position, given.recorded_at, given.stream, given.version, name, data, given.salt))


@pytest.mark.parametrize("kind", EVENTS)
@given(data=st.data(), position=st.integers(1, 10**17), version=st.integers(1, 10**6), at=st.integers(FIRST, LAST))
@settings(max_examples=40)
def test_the_verifier_makes_the_leaf_that_the_store_made(
    kind: type[Event], data: st.DataObject, position: int, version: int, at: int
) -> None:
    event = recorded(data.draw(anything(kind).filter(within_the_calendar)), position, at, version)
    exported = orjson.dumps(cloud_event(event)).decode()
    assert leaf_of(chronology_verify.read_json(exported)) == stored_leaf(event)


def seal(pointer: str, part: str) -> str:
    """As docs/verifying.md says it, in other words than the program's."""
    block = SALT.ljust(64, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in block) + pointer.encode()).digest()
    own = sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()[:16]
    return b64encode(sha256(own + part.encode()).digest()).decode()


def test_a_leaf_is_these_bytes() -> None:
    place = Place("hama", "حماة", PlaceKind.CITY, None, Location(36.75, -0.00001), (), (("wikidata", "Q1"),))
    assert stored_leaf(recorded(PlaceRegistered(place))).decode() == (
        '{"data":{"place":{"id":"hama","identifiers":{"wikidata":"Q1"},"kind":"city",'
        '"location":{"lat":-0.00001,"lon":36.75},"name":"حماة"}},"datacontenttype":"application/json","id":"7",'
        '"recordedtime":"2024-12-04T18:00:00Z","sequence":"00000000000000000007","source":"/v1/events",'
        '"specversion":"1.0","streamversion":1,"subject":"place:hama","time":"2024-12-04T18:00:00Z",'
        '"type":"place-registered.v1"}'
    )


def test_the_numbers_of_a_shape_are_written_as_every_reader_of_canonical_json_would() -> None:
    shape = Shape.of(ShapeKind.LINE, [[36, 35.5], [1e-7, -0.0]])
    road = Place("m5", "M5", PlaceKind.ROAD, shape=shape)
    assert b'"shape":{"coordinates":[[36,35.5],[1e-7,0]],"type":"LineString"}' in stored_leaf(
        recorded(PlaceRegistered(road))
    )


def test_everybodys_own_words_are_sealed_and_nothing_else() -> None:
    report = Report(
        "Seen by A.",
        Occurred("2024", 0, 1_000_000),
        sources=(Citation("paper", "p. 3", "https://example.org/a"),),
        claims=(
            Movement(forces=("red",), persons=("A", "B")),
            Agreement(with_=("elders",), terms="none"),
            Joining(force="red", led_by="C"),
        ),
    )
    body = json.loads(stored_leaf(recorded(ReportFiled("r", report))))["data"]["report"]
    assert body == {
        "text": seal("/report/text", "Seen by A."),
        "occurred": {"text": "2024", "earliest": "1970-01-01T00:00:00Z", "latest": "1970-01-01T00:00:01Z"},
        "sources": [
            {
                "source": "paper",
                "citation": seal("/report/sources/0/citation", "p. 3"),
                "url": seal("/report/sources/0/url", "https://example.org/a"),
            }
        ],
        "claims": [
            {
                "kind": "movement",
                "forces": ["red"],
                "persons": [seal("/report/claims/0/persons/0", "A"), seal("/report/claims/0/persons/1", "B")],
            },
            {
                "kind": "agreement",
                "with": [seal("/report/claims/1/with/0", "elders")],
                "terms": seal("/report/claims/1/terms", "none"),
            },
            {"kind": "joining", "force": "red", "led_by": seal("/report/claims/2/led_by", "C")},
        ],
    }
    retracted = json.loads(stored_leaf(recorded(ReportRetracted("r", "A. asked for it"))))
    assert retracted["data"] == {"id": "r", "reason": seal("/reason", "A. asked for it")}


def test_without_its_salt_the_same_event_has_another_leaf() -> None:
    """So a short part, such as a name, can't be found out by trying."""
    event = ReportRetracted("r", "x")
    entry = Entry(1, 0, "report:r", 2, *encode(event), SALT)
    assert leaf(entry) != leaf(entry._replace(salt=bytes(16)))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"), (-0.0, "0"), (36.0, "36"), (-36.75, "-36.75"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
        (1e-6, "0.000001"), (-1.25e-5, "-0.0000125"), (1e-7, "1e-7"), (1.5e-300, "1.5e-300"),
        (0.1 + 0.2, "0.30000000000000004"),
        (333333333.33333329, "333333333.3333333"), (9007199254740994.0, "9007199254740994"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_rfc_8785_says(value: float, written: str) -> None:
    assert number(value) == chronology_verify.canonical(value) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_store_and_the_verifier_write_every_number_alike(value: float) -> None:
    assert number(value) == chronology_verify.canonical(value)
    assert float(number(value)) == value


def test_names_are_in_the_order_of_rfc_8785() -> None:
    assert chronology_verify.canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'


# ---------------------------------------------------------------------------------------------------------------
# The program
# ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an exported log, its key, and a checkpoint of it and of its first part."""
    folder = tmp_path_factory.mktemp("kept")
    store = folder / "chronology.db"
    for command in (
        ("load", "hama-2024"),
        ("export", "--format", "ndjson", "--output", f"{folder}/log.ndjson"),
        ("export", "--format", "ndjson", "--until", "50", "--output", f"{folder}/part.ndjson"),
        ("checkpoint", "--output", f"{folder}/new.txt"),
        ("checkpoint", "--verifier-key", "--output", f"{folder}/key.txt"),
    ):
        assert chronology(*command, store=store).status == 0
    part = folder / "part.db"
    assert chronology("load", f"{folder}/part.ndjson", store=part).status == 0
    (folder / "part.db-key").write_bytes((folder / "chronology.db-key").read_bytes())
    assert chronology("checkpoint", "--output", f"{folder}/old.txt", store=part).status == 0
    return folder


@pytest.mark.parametrize(("checkpoint", "size"), [("new.txt", 74), ("old.txt", 50)])
def test_an_exported_log_is_held_to_a_checkpoint(kept: Path, checkpoint: str, size: int) -> None:
    found = verifier("log", "log.ndjson", checkpoint, "--key", "key.txt", cwd=kept)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith(f"The first {size} events are those that chronology/")


def test_every_log_begins_with_the_empty_one(kept: Path, tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    (tmp_path / "chronology.db-key").write_bytes((kept / "chronology.db-key").read_bytes())
    (tmp_path / "none.ndjson").touch()
    assert chronology("load", "none.ndjson", store=store, cwd=tmp_path).json["appended"] == 0
    assert chronology("checkpoint", "--output", "empty.txt", store=store, cwd=tmp_path).status == 0
    found = verifier("log", kept / "log.ndjson", "empty.txt", "--key", kept / "key.txt", cwd=tmp_path)
    assert (found.returncode, found.stdout[:19]) == (0, "The first 0 events ")


def altered(kept: Path, folder: Path, change: Any) -> Path:
    lines = (kept / "log.ndjson").read_text().splitlines(keepends=True)
    (folder / "log.ndjson").write_text("".join(change(lines)))
    return folder / "log.ndjson"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: [*lines[:29], *lines[30:]], "position 30: in its place stands the event of position 31"),
        (lambda lines: lines[:60], "position 61: it is missing, with all up to position 74"),
        (lambda lines: [*lines[:9], lines[10], lines[9], *lines[11:]], "position 10: in its place"),
        (lambda lines: [*lines[:5], lines[4], *lines[5:]], "position 6: in its place"),
        (
            lambda lines: [line.replace("opposition", "0pposition") for line in lines],
            "the first 74 events are not those",
        ),
        (
            lambda lines: [*lines[:-1], lines[-1].replace('"salt":"', '"salt":"AAAA')],
            "the first 74 events are not those",
        ),
        (lambda lines: [line.replace("Khitab", "Kh1tab", 1) for line in lines], "the first 74 events are not those"),
    ],
)
def test_an_exported_log_that_was_altered_is_refused(kept: Path, tmp_path: Path, change: Any, why: str) -> None:
    found = verifier("log", altered(kept, tmp_path, change), kept / "new.txt", "--key", kept / "key.txt")
    assert (found.returncode, found.stdout) == (1, "")
    assert why in found.stderr


@pytest.mark.parametrize("line", ["", "{", "[]", '{"id": "1"}', '{"id": "1", "id": "2"}', '{"a":' * 100_000])
def test_what_is_no_log_is_said_so_in_one_line(kept: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "log.ndjson").write_text(f"{line}\n")
    found = verifier("log", tmp_path / "log.ndjson", kept / "new.txt", "--key", kept / "key.txt")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("chronology-verify: it can't be read: position 1: ")
    assert len(found.stderr.splitlines()) == 1


@pytest.mark.parametrize("file", ["log.ndjson", "new.txt", "key.txt"])
def test_a_file_that_is_no_text_is_said_to_be_none_and_not_shown(kept: Path, tmp_path: Path, file: str) -> None:
    """It may well be the store."""
    for each in ("log.ndjson", "new.txt", "key.txt"):
        (tmp_path / each).write_bytes((kept / ("chronology.db" if each == file else each)).read_bytes())
    found = verifier("log", "log.ndjson", "new.txt", "--key", "key.txt", cwd=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == "chronology-verify: it can't be read: it is no text in UTF-8\n"


def test_a_checkpoint_kept_from_earlier_is_held_to_the_store(kept: Path, tmp_path: Path) -> None:
    for checkpoint in ("old.txt", "new.txt"):
        verdict = chronology("verify", "--checkpoint", f"{kept}/{checkpoint}", store=kept / "chronology.db").json
        assert verdict == {"sound": True, "position": 74, "faults": []}
    short = chronology("verify", "--checkpoint", f"{kept}/new.txt", "--key", f"{kept}/key.txt", store=kept / "part.db")
    assert short.status == 1
    assert json.loads(short.out)["faults"] == [
        "event at position 51: it is missing, with all up to 74, the size of the checkpoint"
    ]
    other = tmp_path / "other.db"
    chronology("load", "hama-2024", store=other)
    found = chronology("verify", "--checkpoint", f"{kept}/old.txt", "--key", f"{kept}/key.txt", store=other)
    assert found.status == 1
    assert json.loads(found.out)["faults"] == [
        "the log's first 50 events are not those of the checkpoint: it is another log, or was rewritten"
    ]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--key", "x"), "--key: it goes with --checkpoint"),
        (("--checkpoint", "{kept}/none.txt"), "can't be read"),
        (("--checkpoint", "{kept}/key.txt"), "this is no signed note"),
        (("--checkpoint", "{kept}/new.txt", "--key", PETER), "PeterNeumann has not signed this note"),
        (("--checkpoint", "{kept}/new.txt", "--key", "none.txt"), "--key: 'none.txt': this is no verifier key"),
        (("--checkpoint", "{kept}/new.txt", "--key", "a+b+c"), "--key: 'a+b+c': 'c' is not base64"),
        (("--checkpoint", "{kept}/new.txt", "--key", "{kept}/part.db"), "part.db' can't be read: it is no text in UTF"),
        (("--checkpoint", "{kept}/part.db"), "--checkpoint: {kept}/part.db can't be read: it is no text in UTF-8"),
        (("--checkpoint", "{kept}/deep.json"), "deep.json can't be read: maximum recursion depth exceeded"),
    ],
)
def test_a_checkpoint_that_cannot_be_held_to_anything_is_said_so(
    kept: Path, arguments: tuple[str, ...], why: str
) -> None:
    (kept / "deep.json").write_text('{"a":' * 100_000)
    given = [each.replace("{kept}", str(kept)) for each in arguments]
    found = chronology("verify", *given, store=kept / "chronology.db")
    assert found.status == 2
    assert why.replace("{kept}", str(kept)) in found.complaint


def test_a_store_that_has_signed_nothing_asks_for_the_key_and_makes_none(kept: Path, tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    chronology("load", f"{kept}/log.ndjson", store=store)
    found = chronology("verify", "--checkpoint", f"{kept}/new.txt", store=store)
    assert (found.status, found.complaint.startswith("--key is needed")) == (2, True)
    assert not (tmp_path / "chronology.db-key").exists()


# ---------------------------------------------------------------------------------------------------------------
# The key
# ---------------------------------------------------------------------------------------------------------------


def test_the_key_is_made_once_and_read_by_its_owner_alone(kept: Path) -> None:
    file = kept / "chronology.db-key"
    assert file.stat().st_mode & 0o777 == 0o600
    again = chronology("checkpoint", store=kept / "chronology.db")
    assert again.out == (kept / "new.txt").read_text()
    assert not list(kept.glob("chronology.db-key-*"))


def test_the_key_and_the_origin_can_be_given(kept: Path, tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    chronology("load", f"{kept}/log.ndjson", store=store)
    env = {"CHRONOLOGY_SIGNING_KEY": b64encode(PETERS_SEED).decode(), "CHRONOLOGY_ORIGIN": "PeterNeumann"}
    assert chronology("checkpoint", "--verifier-key", store=store, env=env).out == PETER + "\n"
    note = chronology("checkpoint", store=store, env=env).out
    checkpoint = open_checkpoint(note, PETER)
    assert checkpoint.size == 74
    assert checkpoint.root == open_checkpoint((kept / "new.txt").read_text(), (kept / "key.txt").read_text()).root
    assert not (tmp_path / "chronology.db-key").exists()


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ({"CHRONOLOGY_SIGNING_KEY": "x"}, "CHRONOLOGY_SIGNING_KEY: 32 bytes in base64"),
        ({"CHRONOLOGY_SIGNING_KEY": "AAAA"}, "CHRONOLOGY_SIGNING_KEY: 32 bytes in base64"),
        ({"CHRONOLOGY_ORIGIN": "a b"}, "CHRONOLOGY_ORIGIN: 'a b' has a space or a +"),
        ({"CHRONOLOGY_ORIGIN": "a+b"}, "CHRONOLOGY_ORIGIN: 'a+b' has a space or a +"),
    ],
)
def test_a_key_or_an_origin_that_cannot_be_used_is_named(kept: Path, setting: dict[str, str], why: str) -> None:
    found = chronology("checkpoint", store=kept / "chronology.db", env=setting)
    assert found.status == 2
    assert found.complaint.startswith(why)


def test_a_key_file_that_holds_none_is_named_and_left_alone(kept: Path, tmp_path: Path) -> None:
    chronology("load", f"{kept}/part.ndjson", store=tmp_path / "chronology.db")
    (tmp_path / "chronology.db-key").write_text("not a key")
    found = chronology("checkpoint", store=tmp_path / "chronology.db")
    assert "chronology.db-key can't be read as a signing key" in found.complaint
    assert (tmp_path / "chronology.db-key").read_text() == "not a key"


def test_many_that_need_a_key_at_once_get_the_same(kept: Path, tmp_path: Path) -> None:
    store = tmp_path / "chronology.db"
    chronology("load", f"{kept}/part.ndjson", store=store)
    command = [sys.executable, "-m", "service.cli.main", "checkpoint", "--store", address(store)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({each.communicate(timeout=60)[0] for each in started}) == 1
