"""For whoever runs the service: is it alive, is it ready."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from service.http.responses import answer, json_response, problems
from service.http.routes import guarded
from service.metrics import MEDIA_TYPE
from service.tokens import Role
from service.wiring import Service

router = APIRouter(tags=["health"])
guarded_router = APIRouter(route_class=guarded(Role.READER), tags=["health"])


@router.get("/health/live", responses={200: answer("Health")}, summary="Whether the process answers")
async def live(request: Request) -> Response:
    return json_response({"status": "ok"})


@router.get(
    "/health/ready",
    responses={200: answer("Health"), **problems(503)},
    summary="Whether the store answers and every projection has caught up with the log",
)
async def ready(request: Request) -> Response:
    service: Service = request.app.state.service
    writes, head = await asyncio.to_thread(lambda: (service.log.database.writes(), service.log.head()))
    followers = (service.follower, service.chronology_follower)
    caught_up = all(await asyncio.gather(*(each.reach(head, 0.2) for each in followers)))
    position = min(service.projections.position, service.chronology.position)
    body = {"status": "ok" if caught_up else "catching up", "position": position, "head": head, "writes": writes}
    return json_response(body, 200 if caught_up else 503, {} if caught_up else {"Retry-After": "1"})


@guarded_router.get(
    "/metrics",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(400, 401, 503)},
    response_class=Response,
    summary="What is counted and timed, in Prometheus' text form",
)
async def metrics(request: Request) -> Response:
    service: Service = request.app.state.service
    head = await asyncio.to_thread(service.log.head)
    return Response(
        service.metrics.text(
            head, {"control": service.projections.position, "chronology": service.chronology.position}
        ),
        media_type=MEDIA_TYPE,
    )
