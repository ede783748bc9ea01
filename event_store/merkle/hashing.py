"""The hashes of a Merkle tree (RFC 9162 §2.1.1), with SHA-256. A leaf can't pass for a node: they begin differently."""

from __future__ import annotations

from hashlib import sha256

EMPTY = sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
