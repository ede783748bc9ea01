"""Checkpoints (C2SP tlog-checkpoint): the log's size and root, signed."""

from __future__ import annotations

from base64 import b64encode
from threading import Lock

from event_store.tree import Tree
from service.settings import Settings
from service.signing import Signer, key_file, make_seed, read_seed
from service.store import sqlite_path


class Checkpoints:
    """The checkpoints of one log. Its key is read, or made, when it is first needed."""

    def __init__(self, tree: Tree, settings: Settings) -> None:
        self._tree = tree
        self._seed = settings.signing_key
        self._origin = settings.origin
        self._file = key_file(sqlite_path(settings.store))
        self._signer: Signer | None = None
        self._opening = Lock()

    def newest(self) -> str:
        """The log as it is now, as a signed note. Raises Unavailable where there is no key and none can be made."""
        return self.at(self._tree.size())

    def at(self, size: int) -> str:
        """The log as it was at a position. One key signs a size always alike: its tree never changes."""
        signer = self.signer()
        return signer.sign(f"{signer.name}\n{size}\n{b64encode(self._tree.root(size)).decode()}\n")

    def signer(self) -> Signer:
        with self._opening:
            if self._signer is None:
                self._signer = Signer(self._seed or read_seed(self._file) or make_seed(self._file), self._origin)
            return self._signer

    def own_key(self) -> str | None:
        """The verifier key; None for a log that has not needed a key yet."""
        there = self._seed or read_seed(self._file)
        return self.signer().verifier_key if there else None
