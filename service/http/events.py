"""The log itself: a page at a time, all of it as lines, or live as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import orjson
from fastapi import APIRouter, Request, Response

from event_store.faults import Unavailable
from service.answers import times_json
from service.cloud_events import cloud_event
from service.feed import Page, Wanted, page, types
from service.forms.reading import read_given
from service.http.asking import follow
from service.http.negotiation import preferred
from service.http.parameters import FEED, LAST_EVENT_ID, takes, takes_header
from service.http.responses import JSON, NDJSON, answer, json_response, problems, schema
from service.http.routes import guarded
from service.http.streaming import EVENTS, KEEP_ALIVE, Message, Messages, last_event_id, pause, streamed, wants_events
from service.question import KnownAt, page_size, resolve, slug, whole_number
from service.tokens import Role
from service.wiring import Service

router = APIRouter(route_class=guarded(Role.READER), tags=["events"])

BATCH = "application/cloudevents-batch+json"
PAGE = 100
LARGEST_PAGE = 1000
_RETRY = 0.5  # seconds after a store that did not answer


@dataclass(frozen=True, slots=True)
class Asked:
    """`place` stands for itself and all below it, also those that are registered later."""

    service: Service
    after: int
    limit: int
    types: Wanted
    place: str | None

    async def page(self, after: int, until: int, limit: int) -> Page:
        """Read off the loop: the store takes its time."""
        wanted = self.types
        if self.place is not None:
            wanted = replace(wanted, places=frozenset(self.service.projections.registries.below(self.place)))
        return await asyncio.to_thread(page, self.service.log, wanted, after, until, limit)


@router.get(
    "/v1/events",
    openapi_extra={
        "parameters": [
            *takes("after", "types", "place", "limit", of=FEED)["parameters"],
            *takes_header(LAST_EVENT_ID)["parameters"],
        ]
    },
    responses={
        200: answer(
            "Events",
            description="A page; with `Accept` also the batch format of CloudEvents, all to the end of the log as "
            "lines of JSON, or, live, server-sent events that resume with `Last-Event-ID`",
            content={
                BATCH: {"schema": {"type": "array", "items": schema("CloudEvent")["schema"]}},
                NDJSON: schema("CloudEvent"),
                EVENTS: {"schema": {"type": "string"}},
            },
        ),
        **problems(400, 401, 422, 503),
    },
    summary="The log itself: every event as a CloudEvent, in order",
)
async def events(request: Request) -> Response:
    asked = await _ask(request)
    if wants_events(request):
        return streamed(request, _live(request, asked))
    form = preferred(request, JSON, BATCH, NDJSON)
    if form == NDJSON:
        return streamed(request, _all(asked))
    position = asked.service.projections.position
    found = await asked.page(asked.after, position, asked.limit)
    listed = [cloud_event(each) for each in found.events]
    headers = {"Vary": "Accept"}
    if found.next < position:
        address = request.url.include_query_params(after=found.next)
        headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
    if form == BATCH:
        return Response(orjson.dumps(listed), headers=headers, media_type=BATCH)
    times = times_json(asked.service.clock(), position, position)
    return json_response({"events": listed, "next": found.next, **times}, headers=headers)


async def _ask(request: Request) -> Asked:
    """What is asked. Raises a Fault for what can't be; what comes after a position waits for it."""
    service: Service = request.app.state.service
    readers: dict[str, Callable[[str], object]] = {
        "after": whole_number,
        "types": types,
        "place": slug,
        "limit": page_size(LARGEST_PAGE, "events"),
    }
    found = read_given(request.query_params, readers)
    had = last_event_id(request, whole_number) if wants_events(request) else None
    after = found.get("after", 0) if had is None else had
    known_at = KnownAt(position=after)
    await follow(service, known_at, 0)
    resolve(known_at, service.projections, "after" if had is None else LAST_EVENT_ID[0])
    place = found.get("place")
    service.projections.registries.places.require(place, "place")
    return Asked(service, after, found.get("limit", PAGE), Wanted(types=found.get("types")), place)


async def _all(asked: Asked) -> AsyncIterator[Message]:
    """Every event up to the end of the log as it is now."""
    after, until = asked.after, asked.service.projections.position
    while after < until:
        found = await asked.page(after, until, LARGEST_PAGE)
        for each in found.events:
            yield Message(cloud_event(each))
        after = found.next


async def _live(request: Request, asked: Asked) -> Messages:
    """What is there, then what comes. Every listener reads for itself, so a slow one holds up nobody.

    An event is told once the projections have it: whoever hears of it can ask about it.
    """
    stopping: asyncio.Event = request.app.state.stopping
    after = asked.after
    while not stopping.is_set():
        position = asked.service.projections.position
        try:
            found = await asked.page(after, position, PAGE)
        except Unavailable:  # for a while; who listens need not come back for that
            yield None
            await pause(stopping, _RETRY)
            continue
        for each in found.events:
            yield Message(cloud_event(each), id=str(each.position))
        if found.next > after:
            after = found.next
            if not found.events or found.events[-1].position < after:
                yield Message(None, id=str(after))  # what was not wanted need not be looked at again
        elif not await asked.service.follower.reach(after + 1, KEEP_ALIVE):
            yield None
