"""The log's own key: Ed25519, made when first needed, kept in a file beside the store that its owner alone reads."""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from event_store.faults import Unavailable

SEED_SIZE = 32  # bytes
_ED25519 = b"\x01"  # C2SP signed-note's byte for these signatures


class Signer:
    """Signs notes (C2SP signed-note) under a name, by default one that follows from the key."""

    def __init__(self, seed: bytes, name: str | None = None) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # few ask for a checkpoint

        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes_raw()
        self.name = name or f"chronology/{sha256(public).hexdigest()[:16]}"
        self._id = sha256(self.name.encode() + b"\n" + _ED25519 + public).digest()[:4]
        self.verifier_key = f"{self.name}+{self._id.hex()}+{b64encode(_ED25519 + public).decode()}"

    def sign(self, text: str) -> str:
        """The note: a text that ends in a newline, and the signature."""
        signature = b64encode(self._id + self._key.sign(text.encode())).decode()
        return f"{text}\n\N{EM DASH} {self.name} {signature}\n"


def key_file(store: Path) -> Path:
    return store.with_name(store.name + "-key")


def read_seed(file: Path) -> bytes | None:
    """The key in a file; None where there is none. Raises Unavailable for a file that holds no key."""
    try:
        seed = b64decode(file.read_text("ascii").strip(), validate=True)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Unavailable(f"{file} can't be read as a signing key: {error}") from error
    if len(seed) != SEED_SIZE:
        raise Unavailable(f"{file} can't be read as a signing key: it is not {SEED_SIZE} bytes in base64")
    return seed


def make_seed(file: Path, random: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """The key in a file, which is made where it is missing: whole or not at all, and by one of those who try at once.

    Raises Unavailable where it can't be written.
    """
    fresh = file.with_name(f"{file.name}-{secrets.token_hex(4)}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as to:  # noqa: PTH123 - a mode
            to.write(b64encode(random(SEED_SIZE)).decode() + "\n")
            to.flush()
            os.fsync(to.fileno())
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    except OSError as error:
        raise Unavailable(f"{file} can't be written: {error.strerror}") from error
    found = read_seed(file)
    if found is None:
        raise Unavailable(f"{file} is not there any more")
    return found
