"""From the raw events of the tests' chronologies to projections, by the forms that the service takes them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.control.answer import Answer
from domain.control.inquiry import Segment
from domain.control.state import Shown
from domain.credibility import Credibility
from domain.events import (
    Event,
    ForceRegistered,
    PlaceRegistered,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRetracted,
    SourceRegistered,
    stream_of,
)
from domain.policy import LENSES, Policy
from domain.when.instant import BEGINNING
from domain.when.zone import Zone
from projections.projections import Projections
from service.forms.registries import AlignmentForm, ForceForm, PlaceForm, SourceForm
from service.forms.reports import AssessmentForm, CorrectionForm, ReportForm, RetractionForm

Raw = Mapping[str, Any]


def event(raw: Raw, zone: Zone) -> Event:
    """The event that a raw one becomes."""
    id, body = raw["id"], raw["body"]
    match raw["type"]:
        case "place":
            return PlaceRegistered(PlaceForm.model_validate(body).place())
        case "force":
            return ForceRegistered(ForceForm.model_validate(body).force())
        case "source":
            return SourceRegistered(SourceForm.model_validate(body).source())
        case "alignment":
            return AlignmentForm.model_validate(body).aligned(id, zone)
        case "report":
            return ReportFiled(id, ReportForm.model_validate(body).report(zone))
        case "correction":
            correction = CorrectionForm.model_validate(body)
            return ReportCorrected(id, correction.report(zone), correction.reason)
        case "assessment":
            assessment = AssessmentForm.model_validate(body)
            return ReportAssessed(id, Credibility.of(assessment.credibility), assessment.reason)
        case "retraction":
            return ReportRetracted(id, RetractionForm.model_validate(body).reason)
    raise AssertionError(raw["type"])


def record(log: Sequence[Raw], timezone: str = "UTC") -> list[Recorded]:
    """A raw log as the event store would give it back."""
    zone = Zone(timezone)
    versions: dict[str, int] = {}
    recorded = []
    for raw in log:
        each = event(raw, zone)
        stream = stream_of(each)
        versions[stream] = versions.get(stream, 0) + 1
        recorded.append(Recorded(raw["position"], raw["recorded_at"], stream, versions[stream], each))
    return recorded


def project(log: Sequence[Raw], timezone: str = "UTC") -> Projections:
    """Projections that have followed a raw log."""
    projections = Projections()
    projections.apply(record(log, timezone))
    return projections


def policy(parts: Mapping[str, Any]) -> Policy:
    """The policy that a raw one names."""
    lens = LENSES[parts.get("lens", "default")]
    sources = parts.get("sources")
    return Policy(
        sources=lens.sources if sources is None else frozenset(sources),
        exclude_sources=frozenset(parts.get("exclude_sources", lens.exclude_sources)),
        published_by=parts.get("published_by", lens.published_by),
        min_credibility=Credibility.of(parts["min_credibility"])
        if "min_credibility" in parts
        else lens.min_credibility,
        against_interest=parts.get("against_interest", lens.against_interest),
    )


def _edge(instant: int | None) -> int | None:
    return None if instant == BEGINNING else instant


def _shown(shown: Shown | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    return {
        "status": shown.status.value,
        "holders": list(shown.holders),
        "parties": list(shown.parties),
        "challenger": None if shown.challenger is None else list(shown.challenger),
    }


def plain(answer: Answer) -> dict[str, Any]:
    """An answer in the form of the second reading."""
    since = answer.since
    return {
        "place": answer.place,
        **(_shown(answer.shown) or {}),
        "before": _shown(answer.before),
        "after": _shown(answer.after),
        "since": None if since is None else {"earliest": _edge(since.earliest), "latest": _edge(since.latest)},
        "last_confirmed": answer.last_confirmed,
        "credibility": None if answer.credibility is None else answer.credibility.word,
        "basis": list(answer.basis),
        "dissent": list(answer.dissent),
        "unconfirmed": list(answer.unconfirmed),
        "inherited_from": answer.inherited_from,
        "exceptions": list(answer.exceptions),
    }


def plain_segment(segment: Segment) -> dict[str, Any]:
    return {"from": _edge(segment.start), "until": segment.end, **plain(segment.answer)}
