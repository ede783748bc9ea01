"""The tree as RFC 9162 §2.1 has it: by hand, by public vectors, and by proofs that a verifier of its own accepts."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_store.merkle import growing, proofs
from event_store.merkle.hashing import EMPTY, leaf_hash, node_hash
from service import chronology_verify
from service.chronology_verify import Refuted, check_consistency, check_inclusion, root_of

VECTORS = Path(__file__).resolve().parents[2] / "shared" / "data" / "merkle-vectors.json"


class Tree:
    """A tree in memory, grown by so many leaves at a time."""

    def __init__(self, leaves: list[bytes], at_a_time: int = 1) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for size in range(0, len(leaves), at_a_time):
            hashes = [leaf_hash(leaf) for leaf in leaves[size : size + at_a_time]]
            asked: list[tuple[int, int]] = []

            def node(level: int, number: int, asked: list[tuple[int, int]] = asked) -> bytes:
                asked.append((level, number))
                return self.nodes[level, number]

            fresh = {
                (level, number): hash
                for level, first, made in growing.grown(size, hashes, node)
                for number, hash in enumerate(made, start=first)
            }
            assert not fresh.keys() & self.nodes.keys(), "a node that was complete was made again"
            assert growing.beside(size, len(hashes)) == asked
            self.nodes |= fresh

    def node(self, level: int, number: int) -> bytes:
        return self.nodes[level, number]

    def root(self, size: int) -> bytes:
        return growing.root(size, self.node)


# ---------------------------------------------------------------------------------------------------------------
# By hand
# ---------------------------------------------------------------------------------------------------------------


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree([]).root(0) == EMPTY == sha256(b"").digest() == root_of([])
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def h(part: bytes) -> bytes:
    return sha256(part).digest()


def test_trees_of_one_to_seven_leaves_are_as_worked_out_by_hand() -> None:
    a, b, c, d, e, f, g = (h(b"\x00" + bytes([leaf])) for leaf in b"abcdefg")
    ab, cd, ef = h(b"\x01" + a + b), h(b"\x01" + c + d), h(b"\x01" + e + f)
    abcd = h(b"\x01" + ab + cd)
    roots = [
        a,
        ab,
        h(b"\x01" + ab + c),
        abcd,
        h(b"\x01" + abcd + e),
        h(b"\x01" + abcd + ef),
        h(b"\x01" + abcd + h(b"\x01" + ef + g)),
    ]
    tree = Tree([bytes([leaf]) for leaf in b"abcdefg"])
    assert [tree.root(size) for size in range(1, 8)] == roots
    assert [root_of([a, b, c, d, e, f, g][:size]) for size in range(1, 8)] == roots


def test_the_proofs_of_rfc_9162_are_made_so() -> None:
    """The example of its §2.1.5: a tree of seven leaves, d0 to d6."""
    a, b, c, d, e, f, j = (h(b"\x00" + bytes([leaf])) for leaf in b"0123456")
    g, i, k = (h(b"\x01" + left + right) for left, right in ((a, b), (e, f), (c, d)))
    hash_h, left, l = k, h(b"\x01" + g + k), h(b"\x01" + i + j)  # noqa: E741 - the standard's own names
    tree = Tree([bytes([leaf]) for leaf in b"0123456"])
    assert proofs.inclusion(0, 7, tree.node) == [b, hash_h, l]
    assert proofs.inclusion(3, 7, tree.node) == [c, g, l]
    assert proofs.inclusion(4, 7, tree.node) == [f, j, left]
    assert proofs.inclusion(6, 7, tree.node) == [i, left]
    assert proofs.consistency(3, 7, tree.node) == [c, d, g, l]
    assert proofs.consistency(4, 7, tree.node) == [l]
    assert proofs.consistency(6, 7, tree.node) == [i, j, left]


def test_the_tree_of_one_leaf_needs_no_proof() -> None:
    tree = Tree([b"only"])
    assert proofs.inclusion(0, 1, tree.node) == []
    assert proofs.consistency(1, 1, tree.node) == []
    check_inclusion(leaf_hash(b"only"), 0, 1, [], tree.root(1))


def test_the_leaves_of_the_public_test_tree_have_its_roots() -> None:
    """The eight leaves that implementations of RFC 6962 are commonly held to."""
    leaves = [bytes.fromhex(leaf) for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )]  # fmt: skip
    tree = Tree(leaves)
    assert tree.root(1).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert tree.root(8).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(size=st.integers(0, 70), at_a_time=st.integers(1, 70))
def test_the_tree_is_the_same_however_many_leaves_come_at_a_time(size: int, at_a_time: int) -> None:
    leaves = [bytes([number]) for number in range(size)]
    assert Tree(leaves, at_a_time).nodes == Tree(leaves).nodes


# ---------------------------------------------------------------------------------------------------------------
# By public vectors
# ---------------------------------------------------------------------------------------------------------------


def vectors() -> list[dict[str, Any]]:
    if not VECTORS.exists() and os.environ.get("CI") == "true":
        raise FileNotFoundError(VECTORS)
    found: list[dict[str, Any]] = json.loads(VECTORS.read_text()) if VECTORS.exists() else []
    return found


def test_the_public_vectors_are_there() -> None:
    if not VECTORS.exists():
        pytest.skip("skipped: there is no ../shared/data/merkle-vectors.json beside this checkout")
    assert len(vectors()) == 196


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["name"])
def test_a_public_vector_is_taken_or_refused_as_it_says(vector: dict[str, Any]) -> None:
    hashes = [b64decode(each) for each in vector["proof"] or ()]

    def check() -> None:
        if "leafIdx" in vector:
            leaf, root = b64decode(vector["leafHash"]), b64decode(vector["root"])
            check_inclusion(leaf, vector["leafIdx"], vector["treeSize"], hashes, root)
        else:
            roots = (b64decode(vector[name] or "") for name in ("root1", "root2"))
            check_consistency(vector["size1"], vector["size2"], hashes, *roots)

    if vector["wantErr"]:
        with pytest.raises(Refuted):
            check()
    else:
        check()


# ---------------------------------------------------------------------------------------------------------------
# By proofs that are made and checked
# ---------------------------------------------------------------------------------------------------------------

LEAVES = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def flipped(hashes: list[bytes], at: int) -> list[bytes]:
    """The hashes with one bit another."""
    which, bit = divmod(at % (256 * len(hashes)), 256)
    changed = (int.from_bytes(hashes[which]) ^ 1 << bit).to_bytes(32)
    return [*hashes[:which], changed, *hashes[which + 1 :]]


@given(LEAVES)
def test_a_tree_has_the_root_of_the_verifier_at_every_size(leaves: list[bytes]) -> None:
    tree = Tree(leaves)
    for size in range(len(leaves) + 1):
        assert tree.root(size) == root_of(map(leaf_hash, leaves[:size]))


@given(LEAVES, st.data())
@settings(max_examples=200)
def test_every_inclusion_proof_holds_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    tree = Tree(leaves)
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    leaf, hashes, root = tree.node(0, index), proofs.inclusion(index, size, tree.node), tree.root(size)
    assert len(hashes) <= (size - 1).bit_length()
    check_inclusion(leaf, index, size, hashes, root)
    at = data.draw(st.integers(0, 2**16))
    for wrong in (
        (flipped([leaf], at)[0], index, size, hashes, root),
        (leaf, index, size, hashes, flipped([root], at)[0]),
        (leaf, index, size, [*hashes, root], root),
        (leaf, size, size, hashes, root),
        (leaf, -1, size, hashes, root),
        *([(leaf, index, size, flipped(hashes, at), root), (leaf, index, size, hashes[:-1], root)] if hashes else []),
    ):
        with pytest.raises(Refuted):
            check_inclusion(*wrong)


@given(LEAVES, st.data())
@settings(max_examples=200)
def test_every_consistency_proof_holds_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    tree = Tree(leaves)
    second = data.draw(st.integers(1, len(leaves)))
    first = data.draw(st.integers(1, second))
    hashes = proofs.consistency(first, second, tree.node)
    old, new = tree.root(first), tree.root(second)
    assert len(hashes) <= second.bit_length() + 1
    check_consistency(first, second, hashes, old, new)
    at = data.draw(st.integers(0, 2**16))
    for wrong in (
        (first, second, hashes, flipped([old], at)[0], new),
        (first, second, hashes, old, flipped([new], at)[0]),
        (first, second, [*hashes, old], old, new),
        (second + 1, second, hashes, old, new),
        (0, second, hashes, EMPTY, new),
        *([(first, second, flipped(hashes, at), old, new), (first, second, hashes[:-1], old, new)] if hashes else []),
    ):
        with pytest.raises(Refuted):
            check_consistency(*wrong)


def test_a_proof_in_a_large_tree_takes_few_nodes() -> None:
    """A tree of a million leaves, all of them alike: what is asked for is counted."""
    size = 1_000_003
    alike = [leaf_hash(b"")]
    for _ in range(20):
        alike.append(node_hash(alike[-1], alike[-1]))
    asked: list[tuple[int, int]] = []

    def node(level: int, number: int) -> bytes:
        asked.append((level, number))
        return alike[level]

    root = growing.root(size, node)
    for index in (0, 1, 524_288, size - 1):
        asked.clear()
        check_inclusion(alike[0], index, size, proofs.inclusion(index, size, node), root)
        assert len(asked) <= 40
    for first in (1, 4096, 999_999, size - 1):
        old = growing.root(first, node)
        asked.clear()
        check_consistency(first, size, proofs.consistency(first, size, node), old, root)
        assert len(asked) <= 60
    asked.clear()
    assert len(list(growing.grown(2**20 - 1, [alike[0]], node))) == 21
    assert len(asked) == 20


def test_the_verifier_hashes_as_the_store_does() -> None:
    assert chronology_verify.leaf_hash(b"x") == leaf_hash(b"x")
    assert chronology_verify.node_hash(b"x", b"y") == node_hash(b"x", b"y")
