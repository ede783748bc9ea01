"""How answers look from outside: contract.md's fields, instants as RFC 3339 in UTC, an open end as null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.control.answer import Answer
from domain.control.inquiry import Segment
from domain.control.state import Shown
from domain.when.instant import text, text_or_none

Json = dict[str, Any]


def answer_json(answer: Answer, evidence: int | None = None) -> Json:
    """Every field of control.md §6. `evidence` cuts each list of reports to the first and the newest of that many."""
    since = answer.since
    return {
        "place": answer.place,
        **_shown(answer.shown),
        "before": None if answer.before is None else _shown(answer.before),
        "after": None if answer.after is None else _shown(answer.after),
        "since": None
        if since is None
        else {"earliest": text_or_none(since.earliest), "latest": text_or_none(since.latest)},
        "last_confirmed": None if answer.last_confirmed is None else text_or_none(answer.last_confirmed),
        "credibility": None if answer.credibility is None else answer.credibility.word,
        **reports_json("basis", answer.basis, evidence),
        **reports_json("dissent", answer.dissent, evidence),
        **reports_json("unconfirmed", answer.unconfirmed, evidence),
        "inherited_from": answer.inherited_from,
        "exceptions": answer.exceptions,
    }


def segment_json(segment: Segment, evidence: int | None = None) -> Json:
    return {
        "from": text_or_none(segment.start),
        "until": None if segment.end is None else text(segment.end),
        **answer_json(segment.answer, evidence),
    }


def times_json(at: int, known_at: int, as_of_position: int) -> Json:
    """What every answer carries: the instant asked at, the position known at, and how far the projections were."""
    return {"at": text(at), "known_at": known_at, "as_of_position": as_of_position}


def _shown(shown: Shown) -> Json:
    return {
        "status": shown.status,
        "holders": shown.holders,
        "parties": shown.parties,
        "challenger": shown.challenger,
    }


def reports_json(name: str, reports: Sequence[str], evidence: int | None) -> Json:
    """A list of reports, with its length where `evidence` cuts it."""
    if evidence is None:
        return {name: reports}
    newest = reports[1:][-(evidence - 1) :] if evidence > 1 else ()
    return {name: [*reports[:1], *newest], f"{name}_count": len(reports)}
