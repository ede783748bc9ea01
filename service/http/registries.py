"""The registries: places, forces, sources, as known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from domain.faults import Wrong
from projections.chronology.words import LONGEST
from projections.registries import Entry, Registries, Registry
from service.answers import Json
from service.http.asking import Asked, ask, missing
from service.http.citing import answered
from service.http.parameters import AS_KNOWN, takes
from service.http.responses import answer, etag, problems
from service.http.routes import guarded
from service.registry_view import force_json, place_json, source_json
from service.tokens import Role

router = APIRouter(route_class=guarded(Role.READER), tags=["registries"])
Id = Annotated[str, Path(description="An id")]
MAX_Q = LONGEST


@dataclass(frozen=True, slots=True)
class Noun:
    """A registry, and how it looks from outside: `show` gives an entry as known at a position.

    `one` and `every` are the names of the schemas of an entry, and of all of them.
    """

    name: str
    registry: Callable[[Registries], Registry[Any]]
    show: Callable[[Registries, Entry[Any], int], Json]
    one: str
    every: str

    @property
    def plural(self) -> str:
        return f"{self.name}s"


def _force(registries: Registries, entry: Entry[Any], known_at: int) -> Json:
    aligned = registries.aligned(entry.thing.id, known_at)
    return force_json(entry.thing, aligned) | {"version": 1 + len(aligned)}


NOUNS = (
    Noun(
        "place",
        lambda registries: registries.places,
        lambda _, entry, __: place_json(entry.thing) | {"version": 1},
        "Place",
        "Places",
    ),
    Noun("force", lambda registries: registries.forces, _force, "Force", "Forces"),
    Noun(
        "source",
        lambda registries: registries.sources,
        lambda _, entry, __: source_json(entry.thing) | {"version": 1},
        "Source",
        "Sources",
    ),
)


def _add(noun: Noun) -> None:
    """The two calls of a registry: all of it, or what `q` finds; and one entry."""

    @router.get(
        f"/v1/{noun.plural}",
        name=noun.plural,
        openapi_extra=takes("q", *AS_KNOWN),
        responses={200: answer(noun.every), **problems(400, 401, 422, 503)},
        summary=f"{noun.plural.capitalize()} by id, or by name",
    )
    async def every(request: Request) -> Response:
        asked, q = await _ask(request)
        registries = asked.service.projections.registries
        entries = noun.registry(registries).find(q, asked.known_at)
        found = [noun.show(registries, entry, asked.known_at) for entry in entries]
        return answered(request, asked, {noun.plural: found})

    @router.get(
        f"/v1/{noun.plural}/{{id}}",
        name=noun.name,
        openapi_extra=takes(*AS_KNOWN),
        responses={200: answer(noun.one), **problems(400, 401, 404, 422, 503)},
        summary=f"A {noun.name}",
    )
    async def one(request: Request, id: Id) -> Response:
        asked, _ = await _ask(request)
        registries = asked.service.projections.registries
        entry = noun.registry(registries).get(id, asked.known_at)
        if entry is None:
            raise missing(asked.service, noun.name, id, asked.known_at)
        found = noun.show(registries, entry, asked.known_at)
        return answered(request, asked, found, etag=etag(found["version"]))


for _noun in NOUNS:
    _add(_noun)


async def _ask(request: Request) -> tuple[Asked, str | None]:
    """What is asked, and `q`."""
    q = request.query_params.get("q")
    if q is not None and len(q) > MAX_Q:
        raise Wrong(f"q is at most {MAX_Q} characters", ("q",))
    return await ask(request), q
