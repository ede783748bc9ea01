"""The sources of a report as the rules see them."""

from __future__ import annotations

from domain.control.knowledge import Voice
from domain.report import Report


def voices(report: Report, recorded_at: int) -> tuple[Voice, ...]:
    """The voices of what was filed, or put in its place, at an instant: an open `published` ends there."""
    return tuple(
        Voice(
            each.source,
            each.origin or each.source,
            None if each.published is None else each.published.window(recorded_at).latest,
        )
        for each in report.sources
    )
