"""Reports: what somebody said, when it happened, who says so and what it claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.claims import NAMING_REPORTS, Claim, Names, Reference
from domain.credibility import Credibility
from domain.redacted import Words
from domain.when.window import Occurred


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of a report, where it said so and when. `origin` is the source that said it first, if another."""

    source: str
    citation: Words | None = None
    url: Words | None = None
    published: Occurred | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The content of a report, without its id: what a filing files and a correction replaces as a whole.

    `credibility` is None where none was named.
    """

    text: Words
    occurred: Occurred
    credibility: Credibility | None = None
    sources: tuple[Citation, ...] = ()
    claims: tuple[Claim, ...] = ()

    def written(self) -> Iterator[tuple[tuple[str | int, ...], Occurred]]:
        """Every window in it, each with where it stands."""
        yield ("occurred",), self.occurred
        for i, source in enumerate(self.sources):
            if source.published is not None:
                yield ("sources", i, "published"), source.published
        for i, claim in enumerate(self.claims):
            if claim.occurred is not None:
                yield ("claims", i, "occurred"), claim.occurred

    def named(self) -> Iterator[tuple[Names, str]]:
        """The same as `references`, without where it stands: that is only asked for where something is wrong."""
        for source in self.sources:
            yield Names.SOURCE, source.source
            if source.origin is not None:
                yield Names.SOURCE, source.origin
        for claim in self.claims:
            yield from claim.named()

    def names_reports(self) -> bool:
        """Whether one of its claims is of another report."""
        return any(claim.kind in NAMING_REPORTS for claim in self.claims)

    def references(self) -> Iterator[Reference]:
        """Every registered thing that it names, each with where it stands."""
        for i, source in enumerate(self.sources):
            yield Reference(Names.SOURCE, source.source, ("sources", i, "source"))
            if source.origin is not None:
                yield Reference(Names.SOURCE, source.origin, ("sources", i, "origin"))
        for i, claim in enumerate(self.claims):
            yield from claim.references("claims", i)
