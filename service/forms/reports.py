"""Forms for reports and what is done to them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from domain.claims import Claim
from domain.credibility import Credibility
from domain.faults import Fault
from domain.report import Citation, Report
from domain.when.window import Occurred
from domain.when.zone import Zone
from service.forms.claims import AnyClaimForm
from service.forms.reading import Collecting, read, read_optional
from service.forms.texts import MAX_CLAIMS, MAX_LIST, Form, Line, Slug, Text, Url, Written
from service.intake.selection import Selection

CredibilityWord = Literal["confirmed", "probable", "possible", "doubtful", "improbable", "unverified"]


class CitationForm(Form):
    """`origin` is the source that said it first; `published` is when it could first be read."""

    source: Slug
    citation: Line | None = None
    url: Url | None = None
    published: Written | None = None
    origin: Slug | None = None

    def to_citation(self, zone: Zone) -> Citation:
        published = read_optional(self.published, zone, "published")
        return Citation(self.source, self.citation, self.url, published, self.origin)


class ContentForm(Form):
    """What a report says. `claims` can be empty."""

    text: Text
    occurred: Written
    credibility: CredibilityWord | None = None
    sources: Annotated[list[CitationForm], Field(max_length=MAX_LIST)] = []
    claims: Annotated[list[AnyClaimForm], Field(max_length=MAX_CLAIMS)]

    def report(self, zone: Zone) -> Report:
        """The report, dates and local times read in the zone. Raises Several with every window that can't be read."""
        try:
            return self._report(
                read(self.occurred, zone),
                [each.to_citation(zone) for each in self.sources],
                [each.claim(zone) for each in self.claims],
            )
        except Fault:
            return self._collected(zone)

    def _collected(self, zone: Zone) -> Report:
        """The same, going on past a fault."""
        collect = Collecting()
        occurred = collect(lambda: read(self.occurred, zone, "occurred"))
        sources = [collect(partial(each.to_citation, zone), "sources", i) for i, each in enumerate(self.sources)]
        claims = [collect(partial(each.claim, zone), "claims", i) for i, each in enumerate(self.claims)]
        collect.raise_any()
        return self._report(occurred, sources, claims)

    def _report(self, occurred: Occurred, sources: Iterable[Citation], claims: Iterable[Claim]) -> Report:
        grade = None if self.credibility is None else Credibility.of(self.credibility)
        return Report(self.text, occurred, grade, tuple(sources), tuple(claims))


class ReportForm(ContentForm):
    id: Slug | None = None


class CorrectionForm(ContentForm):
    """Replaces the whole content. One that names no credibility leaves the grade as it stands."""

    reason: Text


class AssessmentForm(Form):
    credibility: CredibilityWord
    reason: Text


class RetractionForm(Form):
    reason: Text


class RedactionForm(Form):
    """`parts` are names of fields (`text`, `persons`, …) or JSON Pointers in the events' data; all words without it.

    `versions` are those of the report's events that are meant; without it all but redactions.
    """

    reason: Text
    parts: Annotated[list[Line], Field(min_length=1, max_length=MAX_LIST)] | None = None
    versions: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=MAX_LIST)] | None = None

    def selection(self) -> Selection:
        return Selection(
            None if self.parts is None else tuple(self.parts),
            None if self.versions is None else frozenset(self.versions),
        )
