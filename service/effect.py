"""What a report, or what is done to one, would change: a dry run's answer."""

from __future__ import annotations

from domain.events import Recorded, ReportCorrected, ReportFiled
from domain.when.instant import text
from projections.chronology.likeness import likeness
from projections.supposition import Effect
from service.answers import Json, answer_json


def likenesses(recorded: Recorded) -> list[str]:
    """What reports must have a claim like, to say the same again."""
    match recorded.event:
        case ReportFiled(report=report) | ReportCorrected(report=report):
            windows = ((each.occurred or report.occurred).window(recorded.recorded_at) for each in report.claims)
            return [likeness(claim, window) for claim, window in zip(report.claims, windows, strict=True)]
    return []


def effect_json(effect: Effect) -> Json:
    return {
        "place": effect.place,
        "at": text(effect.at),
        "from": answer_json(effect.before),
        "to": answer_json(effect.after),
    }
