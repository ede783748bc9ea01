"""Reports as known: a list of them, one, its history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Path, Request, Response

from domain.faults import Unreadable, Wrong
from domain.history import ReportHistory
from event_store.log import read_history
from projections.chronology.wanted import Wanted
from service import features, sheets
from service.answers import Json
from service.forms.reading import read_given
from service.forms.texts import MAX_LIST
from service.http.asking import Asked, absent, ask, follow_chronology, late
from service.http.citing import answered
from service.http.negotiation import wished
from service.http.parameters import AS_KNOWN, REPORTS, takes
from service.http.responses import CSV, GEOJSON, JSON, NDJSON, answer, etag, problems, schema
from service.http.routes import guarded
from service.http.shaped import CSV_WITH_HEADER
from service.http.streaming import sent
from service.question import one_of, page_size, slug, whole_number
from service.reading import Reports, read_page
from service.report_view import brief_json, history_json, report_json
from service.sheets import Places
from service.tokens import Role
from service.wanted import readers, wanted
from service.wiring import Service

router = APIRouter(route_class=guarded(Role.READER), tags=["reports"])
Id = Annotated[str, Path(description="A report's id")]

PAGE = 50
LARGEST_PAGE = 1000
_PORTION = 200  # reports that a stream reads at a time


_READERS: Mapping[str, Callable[[str], Any]] = {
    "limit": page_size(LARGEST_PAGE, "reports"),
    "cursor": lambda text: _cursor(text),
    "ids": lambda text: _ids(text),
    "brief": one_of("true", "false"),
}

_ITEMS = ("ReportItem", "ReportInBrief")
View = Callable[[ReportHistory, int], Json]
"""How a report is told as known at a position."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, as known at a position: by its parts, or else by its ids.

    `before` is the filing that the page before ended with.
    """

    service: Service
    wanted: Wanted
    known_at: int
    before: int | None
    ids: tuple[str, ...] | None = None

    async def read(self, limit: int, before: int | None) -> Reports:
        """The next reports. (Another process may have set the tables back: then it waits for them again.)"""
        if self.ids is not None:
            return await asyncio.to_thread(self._named, self.ids)
        for _ in range(2):
            await follow_chronology(self.service, self.known_at)
            service = self.service
            page = await asyncio.to_thread(
                read_page, service.log, service.chronology, self.wanted, self.known_at, limit, before
            )
            if page.position >= self.known_at:
                return page
        raise late(self.known_at, page.position)

    def _named(self, ids: Sequence[str]) -> Reports:
        found = (read_history(self.service.log, id) for id in ids)
        known = [each for each in found if each is not None and each.filed.position <= self.known_at]
        return Reports(known, None, self.service.chronology.position)


@router.get(
    "/v1/reports",
    openapi_extra=takes(*REPORTS, of=REPORTS),
    responses={
        200: answer(
            "Reports",
            content={
                NDJSON: {"schema": {"anyOf": [schema(each)["schema"] for each in _ITEMS]}},
                GEOJSON: schema("ReportFeatures"),
                CSV: {"schema": {"type": "string"}},
            },
            description="A page; as GeoJSON with `Accept: application/geo+json` or `format=geojson`. All that "
            "fit, a report a line or a row, with `application/x-ndjson` or `ndjson`, `text/csv` or `csv`",
        ),
        **problems(400, 401, 422, 503),
    },
    summary="Reports, the newest filed first",
)
async def reports(request: Request) -> Response:
    given = dict(request.query_params)
    found = read_given(given, {**_READERS, **readers()})
    brief = found.get("brief") == "true"
    form = wished(request, JSON, NDJSON, *(() if brief else (GEOJSON, CSV)))  # what is brief has no sheet
    view = brief_json if brief else report_json
    asked = await ask(request)
    search = await _search(asked, found)
    await follow_chronology(asked.service, search.known_at)  # a stream that has begun can't say that it is late
    if form == NDJSON:
        return sent(request, _portions(search, found.get("limit"), partial(_lines, view)), NDJSON)
    if form == CSV:
        return sent(request, _portions(search, found.get("limit"), _rows), CSV_WITH_HEADER)
    page = await search.read(found.get("limit", PAGE), search.before)
    body = await asyncio.to_thread(_page, view, page, search.known_at)
    next = body["next"]
    if form == GEOJSON:
        body = features.of_reports(body, _places(search))
    response = answered(
        request, replace(asked, known_at=search.known_at), body, as_of=page.position, media_type=form, has_words=True
    )
    del response.headers["Link"]  # where there are pages, it leads to the next one
    if next is not None:
        address = f"{request.url.path}?{urlencode({**given, 'cursor': next})}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response


async def _search(asked: Asked, found: dict[str, Any]) -> Search:
    """The search, its knowledge time fixed: the cursor's, or else the one asked for."""
    service = asked.service
    known_at, before = found.get("cursor") or (asked.known_at, None)
    if asked.question.known_at.position not in (None, known_at):
        raise Wrong(f"the cursor goes on with what was known at position {known_at}", ("known_at",))
    if known_at > service.projections.position and known_at > await asyncio.to_thread(service.log.head):
        raise Wrong("the cursor is of a later log than this", ("cursor",))
    ids = found.get("ids")
    for name in ("cursor", *readers()) if ids is not None else ():
        if name in found:
            raise Wrong("ids go with no other part of a search", (name,))
    return Search(service, wanted(found, service.projections.registries, known_at), known_at, before, ids)


def _page(view: View, page: Reports, known_at: int) -> Json:
    """The reports, and the cursor of the page after them."""
    return {
        "reports": [view(each, known_at) for each in page.histories],
        "next": None if page.next is None else f"{known_at}-{page.next}",
    }


def _places(search: Search) -> Places:
    """The places that were known then, by id."""
    return search.service.projections.control.settlements(search.known_at).places


Write = Callable[[Reports, int, bool], bytes]
"""Writes a portion as known at a position; told whether it is the first."""


async def _portions(search: Search, limit: int | None, write: Write) -> AsyncIterator[bytes]:
    """Every report that fits; what is known at a position is the same however long that takes."""
    before, left = search.before, limit
    first = True
    while first or left is None or left > 0:
        page = await search.read(_PORTION if left is None else min(left, _PORTION), before)
        yield await asyncio.to_thread(write, page, search.known_at, first)
        if page.next is None:
            return
        first, before = False, page.next
        left = None if left is None else left - len(page.histories)


def _lines(view: View, page: Reports, known_at: int, _: bool) -> bytes:
    return b"".join(orjson.dumps(view(each, known_at)) + b"\n" for each in page.histories)


def _rows(page: Reports, known_at: int, first: bool) -> bytes:
    sheet = sheets.of_reports(report_json(each, known_at) for each in page.histories)
    return sheet.written({"known_at": known_at}, header=first)


@router.get(
    "/v1/reports/{id}",
    openapi_extra=takes(*AS_KNOWN),
    responses={200: answer("Report"), **problems(400, 401, 404, 422, 503)},
    summary="A report as known",
)
async def report(request: Request, id: Id) -> Response:
    history, asked = await _one(request, id)
    found = report_json(history, asked.known_at)
    return answered(request, asked, found, etag=etag(found["version"]), has_words=True)


@router.get(
    "/v1/reports/{id}/history",
    openapi_extra=takes(*AS_KNOWN),
    responses={200: answer("History"), **problems(400, 401, 404, 422, 503)},
    summary="Everything that has happened to a report",
)
async def history(request: Request, id: Id) -> Response:
    found, asked = await _one(request, id)
    return answered(request, asked, {"id": id, "events": history_json(found, asked.known_at)}, has_words=True)


async def _one(request: Request, id: str) -> tuple[ReportHistory, Asked]:
    """The history of a report, from its stream. Raises Missing where there is none, or none yet."""
    asked = await ask(request)
    found = await asyncio.to_thread(read_history, asked.service.log, id)
    if found is None or found.filed.position > asked.known_at:
        raise absent("report", id, asked.known_at, later=found is not None)
    return found, asked


def _ids(text: str) -> tuple[str, ...]:
    """Reads a comma list of ids, each once, in its order. Raises Wrong for one that can't be, and for too many."""
    found = tuple(dict.fromkeys(slug(each) for each in text.split(",")))
    if len(found) > MAX_LIST:
        raise Wrong(f"at most {MAX_LIST} reports are asked for by their ids")
    return found


def _cursor(text: str) -> tuple[int, int]:
    """The position that the first page was known at, and the filing of the last report on the page before."""
    known_at, dash, before = text.partition("-")
    if not dash:
        raise Unreadable(f"{text!r} is no cursor: take it from the `next` of the page before", len(known_at))
    return whole_number(known_at), whole_number(before)
