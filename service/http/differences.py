"""What is different: between two instants, between two knowledge times, under two lenses."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from domain.when.instant import text
from projections.differences import changes, disagreements, revisions
from service import features, sheets
from service.change_view import change_json, disagreement_json, revision_json
from service.ends import check_order, instants, knowledge_times, needed
from service.http.asking import ask, follow
from service.http.parameters import BETWEEN_INSTANTS, BETWEEN_KNOWLEDGE_TIMES, COMPARED, takes
from service.http.responses import problems
from service.http.routes import guarded
from service.http.shaped import Forms, shaped
from service.question import COMMON, KnownAt, is_fixed, policies, resolve
from service.tokens import Role
from service.turns import in_turns

router = APIRouter(route_class=guarded(Role.READER), tags=["differences"])

_CHANGES = Forms(features.of_changes, sheets.of_changes, "Changes", "ChangeFeatures")
_REVISIONS = Forms(features.of_changes, sheets.of_revisions, "Revisions", "RevisionFeatures")
_COMPARISON = Forms(features.of_map, sheets.of_comparison, "Comparison", "ComparisonFeatures")


@router.get(
    "/v1/control/changes",
    openapi_extra=takes("from", "to", *COMMON, "format", of=BETWEEN_INSTANTS, needed=("from",)),
    responses={**_CHANGES.described(), **problems(400, 401, 422, 503)},
    summary="What changed hands between two instants",
)
async def control_changes(request: Request) -> Response:
    start, end = instants(request.query_params)
    asked = await ask(request)
    start, end = needed(start, "from"), asked.at if end is None else end
    check_order(start, end)
    known = asked.service.projections
    found = await in_turns(changes(known.control, asked.question.view(), asked.known_at, start, end))
    body = {
        "from": text(start),
        "to": text(end),
        "changes": [change_json(each, asked.question.evidence) for each in found],
    }
    pinned = {"from": text(start), _named(request, "to", "at"): text(end), "known_at": str(asked.known_at)}
    return shaped(request, replace(asked, at=end), body, _CHANGES, pinned=pinned)


@router.get(
    "/v1/knowledge/changes",
    openapi_extra=takes("from", "to", *COMMON, "format", of=BETWEEN_KNOWLEDGE_TIMES, needed=("from",)),
    responses={**_REVISIONS.described(), **problems(400, 401, 422, 503)},
    summary="What came to be thought between two knowledge times, and the events that made it so",
)
async def knowledge_changes(request: Request) -> Response:
    first, last = knowledge_times(request.query_params)
    first = needed(first, "from")
    asked = await ask(request)
    known = asked.service.projections
    for each in (first, last or KnownAt()):
        await follow(asked.service, each, 0)
    start = resolve(first, known, "from")
    end = asked.known_at if last is None else resolve(last, known, "to")
    check_order(start, end)
    fixed = is_fixed(first, known) and (asked.fixed if last is None else is_fixed(last, known))  # as it was resolved
    found = await in_turns(revisions(known.control, known.outline, asked.question.view(), asked.at, start, end))
    body = {"from": start, "to": end, "changes": [revision_json(each, asked.question.evidence) for each in found]}
    pinned = {"at": text(asked.at), "from": str(start), _named(request, "to", "known_at"): str(end)}
    return shaped(request, replace(asked, known_at=end, fixed=fixed), body, _REVISIONS, pinned=pinned)


@router.get(
    "/v1/control/compare",
    openapi_extra=takes(*COMMON, "format", of=COMPARED, needed=("lens",)),
    responses={**_COMPARISON.described(), **problems(400, 401, 422, 503)},
    summary="The places on which two lenses differ",
)
async def compare(request: Request) -> Response:
    lenses = sorted(request.query_params.getlist("lens"))  # as in the permalink: the same question, the same bytes
    compared = policies(dict(request.query_params), lenses)
    asked = await ask(request)
    control = asked.service.projections.control
    found = await in_turns(disagreements(control, compared, asked.question.view(), asked.known_at, asked.at))
    body = {"places": [disagreement_json(each, asked.question.evidence) for each in found]}
    return shaped(request, asked, body, _COMPARISON)


def _named(request: Request, name: str, default: str) -> str:
    """The parameter that says where it ends: `name`, unless only the one that is its default is given."""
    return default if name not in request.query_params and default in request.query_params else name
