"""Answers that go on: lines of JSON or server-sent events, until they end, the client leaves or the service stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import orjson
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from domain.faults import Fault
from service.answers import Json
from service.http.negotiation import preferred
from service.http.parameters import LAST_EVENT_ID
from service.http.responses import JSON, NDJSON
from service.wiring import Service

T = TypeVar("T")
EVENTS = "text/event-stream"

KEEP_ALIVE = 15.0
"""Seconds after which a stream of events that has nothing to say says so: whoever stands in between keeps it open."""

_RETRY = 1000  # milliseconds until a client that was cut off comes back
_HEADERS = {"Cache-Control": "no-cache", "Vary": "Accept", "X-Accel-Buffering": "no"}  # a proxy must not hold it back


@dataclass(frozen=True, slots=True)
class Message:
    """One line or event. A client that comes back names the `id` of the last one that it had; no data: just that id."""

    data: Json | None
    id: str | None = None
    event: str | None = None


THE_END = Message({}, event="end")
"""There is no more to come, so a client need not come back; only said to who listens to events."""

Messages = AsyncIterator[Message | None]
"""What is streamed; None says that there is nothing to say yet."""


def wants_events(request: Request) -> bool:
    return preferred(request, JSON, NDJSON, EVENTS) == EVENTS


def last_event_id(request: Request, read: Callable[[str], T]) -> T | None:
    """Where the client was when it left. Raises a Fault, placed at the header, for what is no id of such a stream."""
    name, _ = LAST_EVENT_ID
    given = request.headers.get(name)
    if not given:  # an empty one is none
        return None
    try:
        return read(given)
    except Fault as fault:
        raise fault.under(name) from None


def streamed(request: Request, messages: Messages) -> Response:
    """The messages as server-sent events where they are asked for, else as lines of JSON."""
    if wants_events(request):
        return sent(request, _events(messages), EVENTS)
    return sent(request, _lines(messages), NDJSON)


def sent(request: Request, parts: AsyncIterator[bytes], media_type: str) -> Response:
    """The parts as they come, until the service stops. Lines that are cut off so end without an end: it can be told."""
    return StreamingResponse(_until_stopping(request, parts, media_type), headers=_HEADERS, media_type=media_type)


async def _until_stopping(request: Request, parts: AsyncIterator[bytes], media_type: str) -> AsyncIterator[bytes]:
    stopping: asyncio.Event = request.app.state.stopping
    service: Service = request.app.state.service
    with service.metrics.streams.track_inprogress():
        async for part in parts:
            yield part
            if stopping.is_set():
                if media_type == EVENTS:
                    return
                raise Stopping


async def _events(messages: Messages) -> AsyncIterator[bytes]:
    yield format_sse_event(retry=_RETRY)
    async for message in messages:
        yield KEEPALIVE_COMMENT if message is None else _event(message)


def _event(message: Message) -> bytes:
    data = None if message.data is None else orjson.dumps(message.data).decode()
    return format_sse_event(data_str=data, event=message.event, id=message.id)


async def _lines(messages: Messages) -> AsyncIterator[bytes]:
    async for message in messages:
        if message is not None and message.event is None and message.data is not None:
            yield orjson.dumps(message.data, option=orjson.OPT_APPEND_NEWLINE)


class Stopping(Exception):
    """The service stops before there was an end."""


async def unless_stopping(parts: AsyncIterator[T], stopping: asyncio.Event) -> AsyncIterator[T]:
    """What comes, for as long as the service runs. Raises Stopping where it ends before that does."""
    ending = asyncio.create_task(stopping.wait())
    coming: asyncio.Future[T] | None = None
    try:
        while True:
            coming = asyncio.ensure_future(anext(parts))
            await asyncio.wait([coming, ending], return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                raise Stopping
            try:
                yield coming.result()
            except StopAsyncIteration:
                return
    finally:
        ending.cancel()
        if coming is not None:
            coming.cancel()


async def pause(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait, but not for longer than the service runs; whether it is stopping."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
    return stopping.is_set()
