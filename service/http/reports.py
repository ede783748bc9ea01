"""Reports as known: a list of them, one, its history."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response

from domain.claims import KINDS
from domain.faults import Unreadable, Wrong
from domain.history import ReportHistory
from domain.when.instant import BEGINNING, END
from projections.chronology import Wanted
from service.answers import Json
from service.forms.reading import read_given
from service.http import schemas
from service.http.asking import Asked, ask, missing
from service.http.citing import answered
from service.http.parameters import AS_KNOWN, REPORTS, takes
from service.http.responses import etag, problems
from service.http.routes import guarded
from service.question import one_of, read_time, slug, whole_number
from service.report_view import history_json, report_json
from service.tokens import Role
from service.wiring import Service

router = APIRouter(route_class=guarded(Role.READER), tags=["reports"])
Id = Annotated[str, Path(description="A report's id")]

PAGE = 50
LARGEST_PAGE = 1000


@router.get(
    "/v1/reports",
    openapi_extra=takes(*REPORTS, of=REPORTS),
    responses={200: {"model": schemas.Reports}, **problems(400, 401, 422, 503)},
    summary="Reports, the newest filed first",
)
async def reports(request: Request) -> Response:
    given = dict(request.query_params)
    limit, cursor, parts = _read(given)
    asked = await ask(request)
    service = asked.service
    known_at, before = cursor or (asked.known_at, None)
    if known_at > service.projections.position:
        raise Wrong("the cursor is of a later log than this", ("cursor",))
    wanted = _wanted(service, parts)
    found = list(islice(service.projections.chronology.find(wanted, known_at, before), limit + 1))
    body: Json = {
        "reports": [report_json(each, known_at) for each in found[:limit]],
        "next": f"{known_at}-{found[limit - 1].filed.position}" if len(found) > limit else None,
    }
    response = answered(request, replace(asked, known_at=known_at), body)
    del response.headers["Link"]  # where there are pages, it leads to the next one
    if body["next"] is not None:
        address = f"{request.url.path}?{urlencode({**given, 'cursor': body['next']})}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response


@router.get(
    "/v1/reports/{id}",
    openapi_extra=takes(*AS_KNOWN),
    responses={200: {"model": schemas.Report}, **problems(400, 401, 404, 422, 503)},
    summary="A report as known",
)
async def report(request: Request, id: Id) -> Response:
    history, asked = await _one(request, id)
    found = report_json(history, asked.known_at)
    return answered(request, asked, found, etag=etag(found["version"]))


@router.get(
    "/v1/reports/{id}/history",
    openapi_extra=takes(*AS_KNOWN),
    responses={200: {"model": schemas.History}, **problems(400, 401, 404, 422, 503)},
    summary="Everything that has happened to a report",
)
async def history(request: Request, id: Id) -> Response:
    found, asked = await _one(request, id)
    return answered(request, asked, {"id": id, "events": history_json(found, asked.known_at)})


async def _one(request: Request, id: str) -> tuple[ReportHistory, Asked]:
    asked = await ask(request)
    found = asked.service.projections.chronology.get(id, asked.known_at)
    if found is None:
        raise missing(asked.service, "report", id, asked.known_at)
    return found, asked


def _read(given: dict[str, str]) -> tuple[int, tuple[int, int] | None, dict[str, Any]]:
    """The limit, the cursor and what narrows the list. Raises Several with everything that can't be read."""
    found = read_given(
        given,
        {
            "limit": _limit,
            "cursor": _cursor,
            "place": slug,
            "force": slug,
            "source": slug,
            "kind": one_of(*KINDS),
            "from": read_time,
            "to": read_time,
        },
    )
    if found.get("from", BEGINNING) > found.get("to", END):
        raise Wrong("`to` lies before `from`", ("to",))
    return found.pop("limit", PAGE), found.pop("cursor", None), found


def _limit(text: str) -> int:
    number = whole_number(text)
    if not 1 <= number <= LARGEST_PAGE:
        raise Wrong(f"a page is 1 to {LARGEST_PAGE} reports")
    return number


def _cursor(text: str) -> tuple[int, int]:
    """The position that the first page was known at, and the filing of the last report on the page before."""
    known_at, dash, before = text.partition("-")
    if not dash:
        raise Unreadable(f"{text!r} is no cursor: take it from the `next` of the page before", len(known_at))
    return whole_number(known_at), whole_number(before)


def _wanted(service: Service, parts: dict[str, Any]) -> Wanted:
    """What is wanted. Raises Wrong for a place, force or source that there is none of."""
    registries = service.projections.registries
    place, force, source = parts.get("place"), parts.get("force"), parts.get("source")
    for name, id, registry in (
        ("place", place, registries.places),
        ("force", force, registries.forces),
        ("source", source, registries.sources),
    ):
        if id is not None and id not in registry:
            raise Wrong(f"there is no {name} {id!r}", (name,))
    return Wanted(
        places=None if place is None else frozenset(registries.below(place)),
        forces=None if force is None else frozenset(registries.ever_under(force)),
        source=source,
        kind=parts.get("kind"),
        start=parts.get("from", BEGINNING),
        end=parts.get("to", END),
    )
