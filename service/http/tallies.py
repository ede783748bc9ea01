"""How many: casualties, strikes and clashes, by side, place and period."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from service import features, sheets
from service.http.asking import ask
from service.http.parameters import TALLIES, takes
from service.http.responses import problems
from service.http.routes import guarded
from service.http.shaped import Forms, shaped
from service.tallies import check, rows, tally_json, wanted
from service.tokens import Role
from service.turns import in_turns

router = APIRouter(route_class=guarded(Role.READER), tags=["tallies"])

_FORMS = Forms(features.of_tallies, sheets.of_tallies, "Tallies", "TallyFeatures")


@router.get(
    "/v1/tallies",
    openapi_extra=takes(*TALLIES, of=TALLIES),
    responses={**_FORMS.described(), **problems(400, 401, 422, 503)},
    summary="How many were killed, injured and captured; strikes and clashes",
)
async def tallies(request: Request) -> Response:
    asked = await ask(request)
    projections = asked.service.projections
    what = wanted(request.query_params, asked.service.zone)
    if what.asked.calendar is not None:  # days are the zone's, which is a setting and not in the address
        asked = replace(asked, fixed=False)
    check(what.asked, projections.registries)
    found = await in_turns(rows(projections, asked.question.policy, asked.known_at, what))
    evidence = asked.question.evidence
    return shaped(request, asked, {"tallies": [tally_json(each, what.fields, evidence) for each in found]}, _FORMS)
