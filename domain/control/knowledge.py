"""What is known at one knowledge time: all that the rules ask of whoever keeps the reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from domain.alignments import Alignments
from domain.control.statement import Statement
from domain.settlements import Settlements


@dataclass(frozen=True, slots=True)
class Voice:
    """A source of a report: who says it, who said it first, and by when it was surely published (None: not said)."""

    source: str
    origin: str
    published: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """A report as known, not retracted: its sources, and what it says about one place, with its grade as known."""

    report: str
    voices: tuple[Voice, ...]
    statements: tuple[Statement, ...]


class Allegiances(Protocol):
    """Who stands with whom, as known."""

    @property
    def alignments(self) -> Alignments: ...

    def affiliation(self, source: str) -> str | None:
        """The force a source belongs to."""


class Knowledge(Allegiances, Protocol):
    """Everything recorded up to one position of the log, and nothing after it."""

    @property
    def settlements(self) -> Settlements: ...

    def accounts(self, place: str) -> Iterable[Account]:
        """The reports with a control claim about the place itself."""
