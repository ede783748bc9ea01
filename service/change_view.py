"""How differences and frames look from outside."""

from __future__ import annotations

from domain.when.instant import text
from event_store.codec import NAMES
from projections.differences import Change, Disagreement, Revision
from projections.outline import Line
from projections.picture import Frame
from service.answers import Json, answer_json


def change_json(change: Change, evidence: int | None = None) -> Json:
    return {
        "place": change.place,
        "before": answer_json(change.before, evidence),
        "after": answer_json(change.after, evidence),
        "reports": change.reports,
    }


def revision_json(revision: Revision, evidence: int | None = None) -> Json:
    """`before` is null for a place that was not known then."""
    return {
        "place": revision.place,
        "before": None if revision.before is None else answer_json(revision.before, evidence),
        "after": answer_json(revision.after, evidence),
        "events": [line_json(line) for line in revision.events],
    }


def disagreement_json(disagreement: Disagreement, evidence: int | None = None) -> Json:
    answers = {name: answer_json(answer, evidence) for name, answer in disagreement.answers.items()}
    return {"place": disagreement.place, "answers": answers}


def frame_json(frame: Frame, evidence: int | None = None) -> Json:
    """`event` is there where an event came in."""
    body: Json = {"at": text(frame.at), "known_at": frame.known_at}
    if frame.line is not None:
        body["event"] = line_json(frame.line) | {"recorded_at": text(frame.line.recorded_at)}
    return body | {"places": [answer_json(answer, evidence) for answer in frame.answers]}


def line_json(line: Line) -> Json:
    """An event in brief: where it stands, what it was, and of what."""
    return {"position": line.position, "type": NAMES[line.type], "id": line.id}
