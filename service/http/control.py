"""Who held what: one place, its timeline, the whole map."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service import sheet
from service.answers import Json, answer_json, segment_json
from service.http import schemas
from service.http.asking import ask
from service.http.citing import answered
from service.http.negotiation import preferred
from service.http.parameters import MAP, takes
from service.http.responses import GEOJSON, JSON, problems
from service.http.routes import guarded
from service.map import as_geojson, as_json, rows
from service.narrowing import Narrowing, narrowing
from service.proofs import basis_proofs, proofs_wanted
from service.question import COMMON
from service.tokens import Role
from service.turns import in_turns

router = APIRouter(route_class=guarded(Role.READER), tags=["control"])

PlaceId = Annotated[str, Path(description="A place's id", examples=["hama"])]
ForceId = Annotated[str, Path(description="A force's id", examples=["opposition"])]


@router.get(
    "/v1/places/{id}/control",
    openapi_extra=takes(*COMMON, "proofs"),
    responses={200: {"model": schemas.Control}, **problems(400, 401, 404, 422, 503)},
    summary="Who held a place, and why",
)
async def control(request: Request, id: PlaceId) -> Response:
    asked, proven = await ask(request), proofs_wanted(request.query_params)
    asked.check_place(id)
    answer = asked.inquiry.control(id, asked.at, by_side=asked.question.by_side)
    asked.service.metrics.answered(answer.status)
    body = answer_json(answer, asked.question.evidence)
    if proven:
        service = asked.service
        body["proofs"] = await asyncio.to_thread(
            basis_proofs, service.log, service.checkpoints, body["basis"], asked.known_at
        )
    return answered(request, asked, body, has_words=proven)


@router.get(
    "/v1/places/{id}/timeline",
    openapi_extra=takes(*COMMON),
    responses={200: {"model": schemas.Timeline}, **problems(400, 401, 404, 422, 503)},
    summary="Who held a place over all time",
)
async def timeline(request: Request, id: PlaceId) -> Response:
    asked = await ask(request)
    asked.check_place(id)
    segments = await in_turns(asked.inquiry.timeline_steps(id, asked.at, by_side=asked.question.by_side))
    found = [segment_json(segment, asked.question.evidence) for segment in segments]
    return answered(request, asked, {"place": id, "segments": found})


@router.get(
    "/v1/control",
    openapi_extra=takes(*MAP),
    responses={
        200: {
            "model": schemas.Map,
            "content": {
                GEOJSON: {"schema": {"$ref": "#/components/schemas/MapFeatures"}},
                sheet.MEDIA_TYPE: {"schema": {"type": "string"}},
            },
            "description": "By place id; with `Accept: application/geo+json` as GeoJSON, with `text/csv` as CSV",
        },
        **problems(400, 401, 422, 503),
    },
    summary="Who held every place",
)
async def whole_map(request: Request) -> Response:
    asked = await ask(request)
    wanted = narrowing(request.query_params)
    asked.service.projections.registries.forces.require(wanted.force, "force")
    control = asked.service.projections.control
    found = await in_turns(rows(control, asked.question, asked.at, asked.known_at, wanted))
    form = preferred(request, JSON, GEOJSON, sheet.MEDIA_TYPE)
    if form == GEOJSON:
        return answered(request, asked, as_geojson(found, asked.question.evidence), media_type=GEOJSON)
    if form == sheet.MEDIA_TYPE:

        def as_sheet(times: Json) -> bytes:
            return sheet.as_csv(found, times, asked.question.evidence).encode()

        return answered(request, asked, as_sheet, media_type=f"{sheet.MEDIA_TYPE}; header=present")
    return answered(request, asked, as_json(found, asked.question.evidence))


@router.get(
    "/v1/forces/{id}/holdings",
    openapi_extra=takes(*COMMON),
    responses={200: {"model": schemas.Holdings}, **problems(400, 401, 404, 422, 503)},
    summary="The places that a force held",
)
async def holdings(request: Request, id: ForceId) -> Response:
    asked = await ask(request)
    asked.check_force(id)
    control = asked.service.projections.control
    found = await in_turns(rows(control, asked.question, asked.at, asked.known_at, Narrowing(holder=id)))
    return answered(request, asked, {"force": id} | as_json(found, asked.question.evidence))
