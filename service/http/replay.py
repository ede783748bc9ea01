"""Replay along either clock, as lines of JSON or as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response

from service.change_view import frame_json
from service.ends import AXES, instants, knowledge_times
from service.forms.reading import read_given
from service.http.asking import Asked, ask, follow
from service.http.parameters import LAST_EVENT_ID, REPLAY, takes, takes_header
from service.http.responses import NDJSON, problems, schema
from service.http.routes import guarded
from service.http.streaming import EVENTS, KEEP_ALIVE, THE_END, Message, Messages, last_event_id, pause, streamed
from service.question import COMMON, KnownAt, one_of, speed
from service.replaying import Replaying, Run, seconds_between
from service.tokens import Role
from service.turns import in_turns, taking_turns

router = APIRouter(route_class=guarded(Role.READER), tags=["differences"])


@router.get(
    "/v1/replay",
    openapi_extra={
        "parameters": [
            *takes("from", "to", "axis", "speed", *COMMON, of=REPLAY)["parameters"],
            *takes_header(LAST_EVENT_ID)["parameters"],
        ]
    },
    responses={
        200: {
            "description": "A frame a line; as server-sent events with `Accept: text/event-stream`",
            "content": {
                NDJSON: schema("Frame"),
                EVENTS: {"schema": {"type": "string"}},
            },
        },
        **problems(400, 401, 422, 503),
    },
    response_class=Response,
    summary="The map as it was, then all that changed it, step by step, along either clock",
)
async def replay(request: Request) -> Response:
    given = request.query_params
    found = read_given(given, {"axis": one_of(*AXES), "speed": speed})
    begin = _over_knowledge if found.get("axis") == "knowledge" else _over_valid_time
    asked = await ask(request)
    run = await begin(request, asked)
    had = last_event_id(request, run.axis.place_of)
    return streamed(request, _messages(request, asked, run, had, found.get("speed")))


async def _over_valid_time(request: Request, asked: Asked) -> Run:
    start, end = instants(request.query_params)
    end = asked.at if end is None else end
    replaying = _replaying(asked)
    if start is None:
        start = min([end, *await in_turns(replaying.first_turn())])
    return replaying.over_valid_time(start, end)


async def _over_knowledge(request: Request, asked: Asked) -> Run:
    first, last = knowledge_times(request.query_params)
    for each in (first or KnownAt(), last or KnownAt()):
        await follow(asked.service, each, 0)
    return _replaying(asked).over_knowledge(first, last)


def _replaying(asked: Asked) -> Replaying:
    return Replaying(asked.service.projections, asked.question, asked.at, asked.known_at)


async def _messages(request: Request, asked: Asked, run: Run, had: int | None, speed: float | None) -> Messages:
    """The frames at their pace, only those after where the client was when it left."""
    stopping: asyncio.Event = request.app.state.stopping
    last: int | None = None
    async for frame in taking_turns(run.steps):
        before, last = last, run.axis.clock(frame)
        if had is not None and run.axis.place(frame) <= had:
            continue
        if speed is not None and before is not None:
            async for _ in _waiting(stopping, seconds_between(before, last, speed)):
                yield None
        yield Message(frame_json(frame, asked.question.evidence), id=run.axis.id(frame))
    yield THE_END


async def _waiting(stopping: asyncio.Event, seconds: float) -> AsyncIterator[None]:
    """Wait that long, with a sign of life every now and then."""
    while seconds > KEEP_ALIVE:
        if await pause(stopping, KEEP_ALIVE):
            return
        seconds -= KEEP_ALIVE
        yield None
    await pause(stopping, seconds)
