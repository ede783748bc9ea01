"""The log as a Merkle tree: checkpoints, proofs and tiles, so that nobody need trust its keeper (docs/verifying.md)."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from domain.faults import Missing, Wrong
from service.answers import Json
from service.ends import needed
from service.forms.reading import read_given
from service.http.citing import caching
from service.http.parameters import CONSISTENCY, INCLUSION, takes
from service.http.responses import answer, json_response, problems
from service.http.routes import guarded
from service.proofs import consistency_json, inclusion_json
from service.question import whole_number
from service.tokens import Role
from service.wiring import Service

router = APIRouter(route_class=guarded(Role.READER), tags=["proofs"])

TEXT = "text/plain; charset=utf-8"
TILE = "application/octet-stream"
TILE_HEIGHT = 8  # levels of the tree
TILE_WIDTH = 1 << TILE_HEIGHT  # hashes
_TOP = 63
_NUMBER = re.compile(r"((?:x\d{3}/){0,4})(\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)

OF_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}
OF_TILES = {"content": {TILE: {"schema": {"type": "string", "format": "binary"}}}}

Level = Annotated[str, Path(description="A level of tiles: 0 is of leaves, each tile of the next of 256 tiles")]
Number = Annotated[str, Path(description="The tile's number, as `067` or `x001/x234/067`, and its width as `.p/112`")]


@router.get(
    "/v1/log/checkpoint",
    response_class=Response,
    responses={200: OF_TEXT | {"description": "A checkpoint (C2SP tlog-checkpoint)"}, **problems(400, 401, 422, 503)},
    summary="The log's size and root, signed",
)
async def checkpoint(request: Request) -> Response:
    service: Service = request.app.state.service
    note = await asyncio.to_thread(service.checkpoints.newest)
    return Response(note, headers={"Cache-Control": "no-cache"}, media_type=TEXT)


@router.get(
    "/v1/log/key",
    response_class=Response,
    responses={200: OF_TEXT | {"description": "A verifier key (C2SP signed-note)"}, **problems(400, 401, 422, 503)},
    summary="The key that the log's checkpoints are verified with",
)
async def key(request: Request) -> Response:
    service: Service = request.app.state.service
    signer = await asyncio.to_thread(service.checkpoints.signer)
    return Response(f"{signer.verifier_key}\n", headers={"Cache-Control": "no-cache"}, media_type=TEXT)


@router.get(
    "/v1/log/proof/inclusion",
    openapi_extra=takes("position", "size", of=INCLUSION, needed=("position",)),
    responses={200: answer("Inclusion"), **problems(400, 401, 422, 503)},
    summary="The proof that an event is in the log",
)
async def inclusion(request: Request) -> Response:
    service: Service = request.app.state.service
    found = read_given(request.query_params, {"position": whole_number, "size": whole_number})
    position, size = needed(found.get("position"), "position"), await _size(service, found.get("size"), "size")
    _check(1 <= position <= size, f"a log of {size} events has no position {position}", "position")
    return _answered(
        request, service, "size", await asyncio.to_thread(lambda: inclusion_json(service.log, position, size))
    )


@router.get(
    "/v1/log/proof/consistency",
    openapi_extra=takes("from", "to", of=CONSISTENCY, needed=("from",)),
    responses={200: answer("Consistency"), **problems(400, 401, 422, 503)},
    summary="The proof that the log grew and changed nothing",
)
async def consistency(request: Request) -> Response:
    service: Service = request.app.state.service
    found = read_given(request.query_params, {"from": whole_number, "to": whole_number})
    first, second = needed(found.get("from"), "from"), await _size(service, found.get("to"), "to")
    _check(first >= 1, "every log begins with the empty one: there is nothing to prove", "from")
    _check(first <= second, f"the log of {first} events is no beginning of the one of {second}", "from")
    return _answered(
        request, service, "to", await asyncio.to_thread(lambda: consistency_json(service.log, first, second))
    )


@router.get(
    "/v1/log/tile/{level}/{number:path}",
    response_class=Response,
    responses={200: OF_TILES | {"description": "Hashes of 32 bytes each"}, **problems(400, 401, 404, 422, 503)},
    summary="A tile of the log's tree (C2SP tlog-tiles)",
)
async def tile(request: Request, level: Level, number: Number) -> Response:
    service: Service = request.app.state.service
    found = _NUMBER.fullmatch(number)
    at = int(level) if re.fullmatch("0|[1-9][0-9]?", level) else _TOP + 1
    if (
        found is None
        or found[1].startswith("x000")
        or at > _TOP
        or int(found[3] or TILE_WIDTH) > TILE_WIDTH - (found[3] is not None)
    ):
        raise Missing(f"there is no tile {level}/{number}")
    index, width = int(found[1].replace("x", "").replace("/", "") + found[2]), int(found[3] or TILE_WIDTH)
    start = index * TILE_WIDTH
    hashes = await asyncio.to_thread(lambda: service.log.tree.hashes(at * TILE_HEIGHT, start, start + width))
    if len(hashes) < width:
        raise Missing(f"there is no tile {level}/{number} yet")
    headers = {"Cache-Control": caching(True, service.private)}
    return Response(b"".join(hashes.values()), headers=headers, media_type=TILE)


async def _size(service: Service, given: int | None, name: str) -> int:
    """The size that is given, or else the newest. Raises Wrong for one that the log has not reached."""
    newest = await asyncio.to_thread(service.log.tree.size)
    _check(given is None or given <= newest, f"the log ends at position {newest}", name)
    return newest if given is None else given


def _check(holds: bool, otherwise: str, name: str) -> None:
    if not holds:
        raise Wrong(otherwise, (name,))


def _answered(request: Request, service: Service, size: str, body: Json) -> Response:
    """A proof, which never changes where the parameter that names the size is given."""
    headers = {"Cache-Control": caching(size in request.query_params, service.private)}
    return json_response(body, headers=headers)
