"""The registries: places, forces, sources, as known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from domain.faults import Wrong
from domain.force import Force
from domain.place import Place
from domain.source import Source
from projections.registries import Entry
from service.answers import Json
from service.http import schemas
from service.http.asking import follow, missing
from service.http.parameters import AS_KNOWN, takes
from service.http.responses import etag, json_response, problems
from service.http.routes import guarded
from service.question import question, resolve
from service.things import force_json, place_json, source_json
from service.tokens import Role
from service.wiring import Service

router = APIRouter(route_class=guarded(Role.READER), tags=["registries"])
Id = Annotated[str, Path(description="An id")]
MAX_Q = 200


class _Asked:
    """A registry as known at a position."""

    def __init__(self, service: Service, known_at: int, q: str | None) -> None:
        self.service = service
        self.known_at = known_at
        self.q = q
        self.registries = service.projections.registries

    def place(self, entry: Entry[Place]) -> Json:
        return place_json(entry.thing) | {"version": 1}

    def force(self, entry: Entry[Force]) -> Json:
        aligned = self.registries.aligned(entry.thing.id, self.known_at)
        return force_json(entry.thing, aligned) | {"version": 1 + len(aligned)}

    def source(self, entry: Entry[Source]) -> Json:
        return source_json(entry.thing) | {"version": 1}

    def every(self, name: str, found: Iterator[Json]) -> Response:
        return json_response({name: list(found), **self._times()})

    def one(self, found: Json) -> Response:
        return json_response({**found, **self._times()}, headers={"ETag": etag(found["version"])})

    def missing(self, what: str, id: str) -> Exception:
        return missing(self.service, what, id, self.known_at)

    def _times(self) -> Json:
        return {"known_at": self.known_at, "as_of_position": self.service.projections.position}


async def _ask(request: Request) -> _Asked:
    service: Service = request.app.state.service
    given = dict(request.query_params)
    q = given.pop("q", None)
    if q is not None and len(q) > MAX_Q:
        raise Wrong(f"q is at most {MAX_Q} characters", ("q",))
    asked = question(given)
    await follow(service, asked.known_at, asked.after_position)
    return _Asked(service, resolve(asked.known_at, service.projections), q)


_EVERY = takes("q", *AS_KNOWN)
_ONE = takes(*AS_KNOWN)


@router.get(
    "/v1/places",
    openapi_extra=_EVERY,
    responses={200: {"model": schemas.Places}, **problems(400, 401, 422, 503)},
    summary="Places by id, or by name",
)
async def places(request: Request) -> Response:
    asked = await _ask(request)
    return asked.every("places", map(asked.place, asked.registries.places.find(asked.q, asked.known_at)))


@router.get(
    "/v1/places/{id}",
    openapi_extra=_ONE,
    responses={200: {"model": schemas.Place}, **problems(400, 401, 404, 422, 503)},
    summary="A place",
)
async def place(request: Request, id: Id) -> Response:
    asked = await _ask(request)
    entry = asked.registries.places.get(id, asked.known_at)
    if entry is None:
        raise asked.missing("place", id)
    return asked.one(asked.place(entry))


@router.get(
    "/v1/forces",
    openapi_extra=_EVERY,
    responses={200: {"model": schemas.Forces}, **problems(400, 401, 422, 503)},
    summary="Forces by id, or by name",
)
async def forces(request: Request) -> Response:
    asked = await _ask(request)
    return asked.every("forces", map(asked.force, asked.registries.forces.find(asked.q, asked.known_at)))


@router.get(
    "/v1/forces/{id}",
    openapi_extra=_ONE,
    responses={200: {"model": schemas.Force}, **problems(400, 401, 404, 422, 503)},
    summary="A force and its alignments",
)
async def force(request: Request, id: Id) -> Response:
    asked = await _ask(request)
    entry = asked.registries.forces.get(id, asked.known_at)
    if entry is None:
        raise asked.missing("force", id)
    return asked.one(asked.force(entry))


@router.get(
    "/v1/sources",
    openapi_extra=_EVERY,
    responses={200: {"model": schemas.Sources}, **problems(400, 401, 422, 503)},
    summary="Sources by id, or by name",
)
async def sources(request: Request) -> Response:
    asked = await _ask(request)
    return asked.every("sources", map(asked.source, asked.registries.sources.find(asked.q, asked.known_at)))


@router.get(
    "/v1/sources/{id}",
    openapi_extra=_ONE,
    responses={200: {"model": schemas.Source}, **problems(400, 401, 404, 422, 503)},
    summary="A source",
)
async def source(request: Request, id: Id) -> Response:
    asked = await _ask(request)
    entry = asked.registries.sources.get(id, asked.known_at)
    if entry is None:
        raise asked.missing("source", id)
    return asked.one(asked.source(entry))
