"""The salts of an event's erasable parts.

An event has one salt of 16 random bytes, and each part one of its own that is made of it. Once a part is erased the
event's salt has to go, or the part could be found out by trying: those of the parts that are left stand in its place,
as a JSON object with the parts' pointers as names.
"""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import b64decode, b64encode
from binascii import b2a_base64
from collections import deque
from collections.abc import Callable
from hashlib import sha256

import orjson

SALT_SIZE = 16  # bytes

Seal = Callable[[str, str], str]
"""The seal of a part, by its pointer."""
_AT_A_TIME = 256
_drawn: deque[bytes] = deque()
os.register_at_fork(after_in_child=_drawn.clear)  # a salt is never used twice


def fresh_salt() -> bytes:
    """A salt for a new event. Many are drawn at a time: for each draw Python lets go of its lock."""
    try:
        return _drawn.pop()
    except IndexError:
        drawn = secrets.token_bytes(SALT_SIZE * _AT_A_TIME)
        _drawn.extend(drawn[i : i + SALT_SIZE] for i in range(SALT_SIZE, len(drawn), SALT_SIZE))
        return drawn[:SALT_SIZE]


class Salts:
    """Gives the salt of each part once. Raises ValueError for what is neither an event's salt nor those of parts."""

    def __init__(self, salt: bytes) -> None:
        self.whole = len(salt) == SALT_SIZE
        self._salt = salt
        self._left = {} if self.whole else _read(salt)

    def take(self, pointer: str) -> bytes:
        """The salt of a part that is there."""
        if self.whole:
            return hmac.digest(self._salt, pointer.encode(), "sha256")[:SALT_SIZE]
        if pointer not in self._left:
            raise ValueError(f"the salt of {pointer} is missing")
        return self._left.pop(pointer)

    def check_gone(self) -> None:
        """Raise ValueError where a salt is left, though parts are erased and each of the others has taken its own."""
        if self.whole:
            raise ValueError("parts of it are redacted, and the salt is there with which they could be found out")
        if self._left:
            raise ValueError(f"the salt of {next(iter(self._left))} is there, and the part is not")


def _read(salt: bytes) -> dict[str, bytes]:
    found = orjson.loads(salt)
    if not isinstance(found, dict):
        raise ValueError("this is neither a salt nor the salts of parts")
    return {pointer: _bytes(each) for pointer, each in found.items()}


def _bytes(text: object) -> bytes:
    found = b64decode(text, validate=True) if isinstance(text, str) else b""
    if len(found) != SALT_SIZE:
        raise ValueError(f"{text!r} is not {SALT_SIZE} bytes in base64")
    return found


def written(left: dict[str, bytes]) -> bytes:
    """The salts of the parts that are left, in their one form."""
    return orjson.dumps({name: b64encode(own).decode() for name, own in left.items()}, option=orjson.OPT_SORT_KEYS)


def in_one_form(salts: str) -> bytes:
    """Salts of parts that came from elsewhere. Raises ValueError for what is none."""
    return written(_read(salts.encode()))


def seal(part: str, own: bytes) -> str:
    """SHA-256 over the part's own salt and its UTF-8, in base64."""
    return b64encode(sha256(own + part.encode()).digest()).decode()


_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_INNER_REST, _OUTER_REST = (bytes(64 - SALT_SIZE).translate(pad) for pad in (_INNER, _OUTER))


def sealing(salt: bytes) -> Seal:
    """How the parts of an event with this salt are sealed: `seal` with the part's own salt, in a third of the time.

    HMAC (RFC 2104) is written out here: what goes before each pointer is the same for all parts.
    """
    inner, outer = salt.translate(_INNER) + _INNER_REST, salt.translate(_OUTER) + _OUTER_REST

    def seal(pointer: str, part: str) -> str:
        own = sha256(outer + sha256(inner + pointer.encode()).digest()).digest()[:SALT_SIZE]
        return b2a_base64(sha256(own + part.encode()).digest(), newline=False).decode()

    return seal
