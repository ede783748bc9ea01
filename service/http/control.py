"""Who held what: one place, its timeline, the whole map."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from service import features, sheets
from service.answers import answer_json, segment_json
from service.http.asking import ask
from service.http.citing import answered
from service.http.negotiation import wished
from service.http.parameters import MAP, takes
from service.http.responses import CSV, GEOJSON, JSON, problems
from service.http.routes import guarded
from service.http.shaped import Forms, shaped
from service.map import steps
from service.narrowing import Narrowing, narrowing
from service.proofs import basis_proofs, proofs_wanted
from service.question import COMMON
from service.tokens import Role
from service.turns import in_turns
from service.written import answer_text, map_text

router = APIRouter(route_class=guarded(Role.READER), tags=["control"])

PlaceId = Annotated[str, Path(description="A place's id", examples=["hama"])]
ForceId = Annotated[str, Path(description="A force's id", examples=["opposition"])]

_ONE = Forms(features.of_place, sheets.of_place, "Control", "ControlFeature")
_TIMELINE = Forms(features.of_timeline, sheets.of_timeline, "Timeline", "TimelineFeatures")
_MAP = Forms(features.of_map, sheets.of_map, "Map", "MapFeatures")
_HOLDINGS = Forms(features.of_map, sheets.of_map, "Holdings", "HoldingFeatures")


@router.get(
    "/v1/places/{id}/control",
    openapi_extra=takes(*COMMON, "format", "proofs"),
    responses={**_ONE.described(), **problems(400, 401, 404, 422, 503)},
    summary="Who held a place, and why",
)
async def control(request: Request, id: PlaceId) -> Response:
    asked, proven = await ask(request), proofs_wanted(request.query_params)
    asked.check_place(id)
    if proven:
        wished(request, JSON)  # proofs come with JSON alone
    cell = asked.inquiry.cell(id, asked.at, by_side=asked.question.by_side)
    asked.service.metrics.answered(cell.answer.status)
    if not proven and asked.question.evidence is None and wished(request, JSON, GEOJSON, CSV) == JSON:
        return answered(request, asked, partial(answer_text, cell, asked.at))
    body = answer_json(cell.at(asked.at), asked.question.evidence)
    if proven:
        service = asked.service
        body["proofs"] = await asyncio.to_thread(
            basis_proofs, service.log, service.checkpoints, body["basis"], asked.known_at
        )
        return answered(request, asked, body, has_words=True)
    return shaped(request, asked, body, _ONE)


@router.get(
    "/v1/places/{id}/timeline",
    openapi_extra=takes(*COMMON, "format"),
    responses={**_TIMELINE.described(), **problems(400, 401, 404, 422, 503)},
    summary="Who held a place over all time",
)
async def timeline(request: Request, id: PlaceId) -> Response:
    asked = await ask(request)
    asked.check_place(id)
    segments = await in_turns(asked.inquiry.timeline_steps(id, asked.at, by_side=asked.question.by_side))
    found = [segment_json(segment, asked.question.evidence) for segment in segments]
    return shaped(request, asked, {"place": id, "segments": found}, _TIMELINE)


@router.get(
    "/v1/control",
    openapi_extra=takes(*MAP),
    responses={**_MAP.described(), **problems(400, 401, 422, 503)},
    summary="Who held every place",
)
async def whole_map(request: Request) -> Response:
    asked = await ask(request)
    wanted = narrowing(request.query_params)
    asked.service.projections.registries.forces.require(wanted.force, "force")
    control = asked.service.projections.control
    form = wished(request, JSON, GEOJSON, CSV)
    (found,) = await in_turns(steps(control, asked.question, asked.at, asked.known_at, wanted))
    if asked.question.evidence is not None or form == CSV:
        return shaped(request, asked, found.as_json(asked.question.evidence), _MAP)
    write = map_text if form == JSON else asked.service.feature_texts.map_text
    return answered(request, asked, partial(write, found), media_type=form, by_question=True)


@router.get(
    "/v1/forces/{id}/holdings",
    openapi_extra=takes(*COMMON, "format"),
    responses={**_HOLDINGS.described(), **problems(400, 401, 404, 422, 503)},
    summary="The places that a force held",
)
async def holdings(request: Request, id: ForceId) -> Response:
    asked = await ask(request)
    asked.check_force(id)
    control = asked.service.projections.control
    wanted = Narrowing(holder=id)
    (found,) = await in_turns(steps(control, asked.question, asked.at, asked.known_at, wanted))
    return shaped(request, asked, {"force": id} | found.as_json(asked.question.evidence), _HOLDINGS)
