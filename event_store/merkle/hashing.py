"""The hashes of a Merkle tree (RFC 9162 §2.1.1), with SHA-256. A leaf can't pass for a node: they begin differently."""

from __future__ import annotations

from hashlib import sha256

EMPTY = sha256().digest()
"""The root of a tree without leaves."""


_leaf, _node = sha256(b"\x00"), sha256(b"\x01")


def leaf_hash(leaf: bytes) -> bytes:
    hash = _leaf.copy()  # quicker than to make one anew
    hash.update(leaf)
    return hash.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    hash = _node.copy()
    hash.update(left + right)
    return hash.digest()
