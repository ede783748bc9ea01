"""Words that anybody wrote, and what stands where they were erased."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass

_SIZE = 32  # bytes of SHA-256


@dataclass(frozen=True, slots=True)
class Redacted:
    """What is left of words: the base64 of the digest that the log's tree has of them (docs/verifying.md).

    Raises ValueError for what is no such digest.
    """

    digest: str

    def __post_init__(self) -> None:
        if len(self.digest) != 44 or len(b64decode(self.digest, validate=True)) != _SIZE:
            raise ValueError(f"{self.digest!r} is no digest")


Words = str | Redacted


def shown(words: Words | None) -> str:
    """The words as people read them."""
    return "[redacted]" if isinstance(words, Redacted) else words or ""


def words_left(words: Words | None) -> str | None:
    """The words; empty where they were erased (nothing that was ever taken in is), None where there were none."""
    return "" if isinstance(words, Redacted) else words
