"""The feed of answers: control of these places changed, by an event or because time passed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from domain.faults import Unreadable
from domain.when.instant import BEGINNING, SECOND, text
from event_store.entry import JSON, SPEC_VERSION, sequence
from projections.picture import Frame
from projections.watch import Watch
from service.answers import Json, times_json
from service.change_view import frame_json
from service.forms.reading import read_given
from service.http.asking import Asked, ask, follow
from service.http.events import LARGEST_PAGE, PAGE
from service.http.parameters import LAST_EVENT_ID, WATCHED, takes, takes_header
from service.http.responses import answer, json_response, problems
from service.http.routes import guarded
from service.http.streaming import EVENTS, KEEP_ALIVE, Message, Messages, last_event_id, streamed, wants_events
from service.question import COMMON, KnownAt, page_size, read_time, resolve, slugs, whole_number
from service.tokens import Role
from service.turns import taking_turns

router = APIRouter(route_class=guarded(Role.READER), tags=["events"])

TYPE = "control-changed.v1"
SOURCE = "/v1/control/events"
_PLACE_IN_THE_FEED = ("after", "limit", "after_position")
_ASKED = tuple(name for name in COMMON if name != "known_at")  # the newest is what is waited for

_LATE = SECOND
"""An instant is past for the feed so much later: what is being recorded at it is in the log by then."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a listener is: it knows the log up to a position, and looks at an instant (None: of that recording)."""

    known_at: int
    at: int | None


@router.get(
    SOURCE,
    openapi_extra={
        "parameters": [
            *takes("after", "places", "limit", *_ASKED, of=WATCHED)["parameters"],
            *takes_header(LAST_EVENT_ID)["parameters"],
        ]
    },
    responses={
        200: answer(
            "AnswerEvents",
            description="A page of what changed; live as server-sent events, which resume with `Last-Event-ID`",
            content={EVENTS: {"schema": {"type": "string"}}},
        ),
        **problems(400, 401, 422, 503),
    },
    summary="The feed of answers: control of these places changed",
)
async def control_events(request: Request) -> Response:
    found = read_given(
        request.query_params, {"after": _moment, "places": slugs, "limit": page_size(LARGEST_PAGE, "events")}
    )
    live = wants_events(request)
    had = last_event_id(request, _moment) if live else None
    since: Moment | None = had or found.get("after")
    asked = await ask(request, mementos=False)
    known_at = KnownAt(None if since is None else since.known_at)
    await follow(asked.service, known_at, 0)
    resolve(known_at, asked.service.projections, "after" if had is None else LAST_EVENT_ID[0])
    watch = _watch(asked, since, found.get("places"))
    if live:
        return streamed(request, _live(request, asked, watch))
    events, after = await _page(request, asked, watch, found.get("limit", PAGE))
    times = times_json(asked.at, watch.known_at, asked.service.projections.position)
    return json_response({"events": events, "next": after, **times}, headers={"Vary": "Accept"})


def _watch(asked: Asked, since: Moment | None, places: frozenset[str] | None) -> Watch:
    """Raises Wrong for a place that there is none of."""
    known = asked.service.projections
    for id in sorted(places or ()):
        known.registries.places.require(id, "places")
    since = since or Moment(asked.known_at, _now(asked))
    fixed = asked.question.at is not None
    at = asked.at if fixed else since.at
    if at is None:  # before the first event nothing is known of any instant: it is as good as its own
        at = known.outline.recorded_at(max(1, since.known_at)) if known.position else _now(asked)
    view = asked.question.view(places)
    return Watch(known.control, known.outline, view, since.known_at, at, fixed=fixed)


def _now(asked: Asked) -> int:
    return asked.service.clock() - _LATE


async def _page(request: Request, asked: Asked, watch: Watch, limit: int) -> tuple[list[Json], str]:
    """Frames up to now, at most so many, and where to go on."""
    events: list[Json] = []
    async for _ in taking_turns(watch.begin()):
        pass
    async for frame in _frames(asked, watch):
        events.append(_cloud_event(request, asked, frame))
        if len(events) == limit:
            return events, _id(asked, frame)
    fixed = asked.question.at is not None
    return events, str(watch.known_at) if fixed else f"{watch.known_at}@{text(max(watch.at, _now(asked)))}"


async def _live(request: Request, asked: Asked, watch: Watch) -> Messages:
    stopping: asyncio.Event = request.app.state.stopping
    known = asked.service.projections
    async for _ in taking_turns(watch.begin()):
        pass
    while not stopping.is_set():
        async for frame in _frames(asked, watch):
            yield Message(_cloud_event(request, asked, frame), id=_id(asked, frame))
        if known.position > watch.known_at:
            continue
        if not await asked.service.follower.reach(watch.known_at + 1, _patience(asked, watch)):
            yield None


def _patience(asked: Asked, watch: Watch) -> float:
    """Seconds until time alone can change an answer, or a sign of life is due."""
    if watch.next_turn is None:
        return KEEP_ALIVE
    return min(KEEP_ALIVE, max(0.0, (watch.next_turn - _now(asked)) / SECOND))


async def _frames(asked: Asked, watch: Watch) -> AsyncIterator[Frame]:
    """What is known and what time it is are looked at together: time must not pass beyond what is known."""
    async for frame in taking_turns(watch.advance(asked.service.projections.position, _now(asked))):
        yield frame


def _id(asked: Asked, frame: Frame) -> str:
    """The frame's moment: an event's, mostly, is its recording. (But one can come in late, when time has passed it.)"""
    fixed = asked.question.at is not None
    own = frame.line is not None and (fixed or frame.at == frame.line.recorded_at)
    return str(frame.known_at) if own else f"{frame.known_at}@{text(frame.at)}"


def _cloud_event(request: Request, asked: Asked, frame: Frame) -> Json:
    """A frame as a CloudEvent: `time` is when the answers changed, `recordedtime` when that was known."""
    recorded_at = asked.service.projections.outline.recorded_at(frame.known_at) if frame.known_at else frame.at
    passed = 0 if frame.line is not None else frame.at - BEGINNING  # never below 0, so that it sorts as text
    return {
        "specversion": SPEC_VERSION,
        "id": _id(asked, frame),
        "source": _source(request),
        "type": TYPE,
        "time": text(frame.at),
        "recordedtime": text(recorded_at),
        "sequence": f"{sequence(frame.known_at)}-{sequence(passed)}",
        "datacontenttype": JSON,
        "data": frame_json(frame, asked.question.evidence),
    }


def _source(request: Request) -> str:
    """The feed as it was narrowed: an id is unique among those of one source."""
    given = [(name, value) for name, value in request.query_params.items() if name not in _PLACE_IN_THE_FEED]
    return f"{SOURCE}?{urlencode(sorted(given))}" if given else SOURCE


def _moment(given: str) -> Moment:
    """`POSITION` or `POSITION@INSTANT`: the id of an event of this feed."""
    position, at_sign, instant = given.partition("@")
    known_at = whole_number(position)
    if not at_sign:
        return Moment(known_at, None)
    try:
        return Moment(known_at, read_time(instant))
    except Unreadable as fault:
        fault.detail = f"after the @, {fault.detail}"
        raise
