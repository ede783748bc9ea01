"""Replay along either clock, as lines of JSON or as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from domain.when.instant import SECOND, text
from projections.picture import Frame, Steps
from projections.replay import first_turn, over_knowledge, over_valid_time
from service.change_view import frame_json
from service.ends import AXES, check_order, instants, knowledge_times
from service.forms.reading import read_given
from service.http import schemas
from service.http.asking import Asked, ask, follow, in_turns, taking_turns
from service.http.parameters import LAST_EVENT_ID, REPLAY, takes, takes_header
from service.http.responses import NDJSON, problems
from service.http.routes import guarded
from service.http.streaming import EVENTS, KEEP_ALIVE, THE_END, Message, Messages, last_event_id, pause, streamed
from service.question import COMMON, KnownAt, one_of, read_time, resolve, speed, whole_number
from service.tokens import Role

router = APIRouter(route_class=guarded(Role.READER), tags=["differences"])


@dataclass(frozen=True, slots=True)
class Run:
    """A replay that is about to begin: its steps, where a frame stands on its axis, how that is told, and when it was.

    `had` is where the client was when it left.
    """

    steps: Steps
    place: Callable[[Frame], int]
    id: Callable[[Frame], str]
    clock: Callable[[Frame], int]
    had: int | None


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
                NDJSON: {"schema": {"$ref": f"#/components/schemas/{schemas.Frame.__name__}"}},
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
    axis = _over_knowledge if found.get("axis") == "knowledge" else _over_valid_time
    asked = await ask(request)
    run = await axis(request, asked)
    return streamed(request, _messages(request, asked, run, found.get("speed")))


async def _over_valid_time(request: Request, asked: Asked) -> Run:
    start, end = instants(request.query_params)
    end = asked.at if end is None else end
    if start is None:
        control = asked.service.projections.control
        places = control.settlements(asked.known_at).places
        start = min([end, *await in_turns(first_turn(asked.inquiry, places))])
    check_order(start, end)
    steps = over_valid_time(asked.service.projections.control, asked.view, asked.known_at, start, end)
    return Run(
        steps,
        place=lambda frame: frame.at,
        id=lambda frame: text(frame.at),
        clock=lambda frame: frame.at,
        had=last_event_id(request, read_time),
    )


async def _over_knowledge(request: Request, asked: Asked) -> Run:
    first, last = knowledge_times(request.query_params)
    known = asked.service.projections
    for each in (first or KnownAt(), last or KnownAt()):
        await follow(asked.service, each, 0)
    start = 0 if first is None else resolve(first, known, "from")
    end = asked.known_at if last is None else resolve(last, known, "to")
    check_order(start, end)

    def clock(frame: Frame) -> int:
        return known.outline.recorded_at(max(1, frame.known_at)) if known.position else 0

    steps = over_knowledge(known.control, known.outline, asked.view, asked.at, start, end)
    return Run(
        steps,
        place=lambda frame: frame.known_at,
        id=lambda frame: str(frame.known_at),
        clock=clock,
        had=last_event_id(request, whole_number),
    )


async def _messages(request: Request, asked: Asked, run: Run, speed: float | None) -> Messages:
    """The frames, those after `Last-Event-ID` only, at their pace."""
    stopping: asyncio.Event = request.app.state.stopping
    last: int | None = None
    async for frame in taking_turns(run.steps):
        before, last = last, run.clock(frame)
        if run.had is not None and run.place(frame) <= run.had:
            continue
        if speed is not None and before is not None:
            async for _ in _waiting(stopping, (last - before) / SECOND / speed):
                yield None
        yield Message(frame_json(frame, asked.question.evidence), id=run.id(frame))
    yield THE_END


async def _waiting(stopping: asyncio.Event, seconds: float) -> AsyncIterator[None]:
    """Wait that long, with a sign of life every now and then."""
    while seconds > KEEP_ALIVE:
        if await pause(stopping, KEEP_ALIVE):
            return
        seconds -= KEEP_ALIVE
        yield None
    await pause(stopping, seconds)
