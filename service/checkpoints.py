"""Checkpoints (C2SP tlog-checkpoint): the log's size and root, signed."""

from __future__ import annotations

from base64 import b64encode
from threading import Lock

from event_store.faults import Unavailable
from event_store.tree import Tree
from service.settings import Settings
from service.signing import Signer, key_file, make_seed, read_seed
from service.store import is_postgres, sqlite_path


class Checkpoints:
    """The checkpoints of one log. Its key is read, or made, when it is first needed."""

    def __init__(self, tree: Tree, settings: Settings) -> None:
        self._tree = tree
        self._seed = settings.signing_key
        self._origin = settings.origin
        self._file = None if is_postgres(settings.store) else key_file(sqlite_path(settings.store))
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
                self._signer = Signer(self._given() or self._made(), self._origin)
            return self._signer

    def own_key(self) -> str | None:
        """The verifier key; None for a log that has not needed a key yet."""
        return self.signer().verifier_key if self._given() else None

    def _given(self) -> bytes | None:
        """The key of the settings, or in the file beside the store."""
        return self._seed or (None if self._file is None else read_seed(self._file))

    def _made(self) -> bytes:
        """A key beside the store. A database has no such place: in it, whoever rewrites a log could sign it too."""
        if self._file is None:
            raise Unavailable(
                "on PostgreSQL, checkpoints are signed with the key of CHRONOLOGY_SIGNING_KEY: there is none"
            )
        return make_seed(self._file)
