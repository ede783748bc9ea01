"""Dry runs: a request is checked and its effect told, and nothing is kept."""

from __future__ import annotations

import asyncio

from fastapi import Request, Response

from projections.supposition import Supposition
from service.answers import times_json
from service.effect import effect_json, likenesses
from service.forms.reading import read_given
from service.http.asking import follow_chronology, in_turns
from service.http.responses import json_response
from service.intake.intake import Intake, Receipt
from service.question import one_of
from service.wiring import Service


def is_dry_run(request: Request) -> bool:
    """Whether it is asked for. Raises Wrong for what is neither true nor false."""
    return read_given(request.query_params, {"dry_run": one_of("true", "false")}).get("dry_run") == "true"


def intake_of(request: Request) -> Intake:
    """What takes the request in, or only rehearses that."""
    service: Service = request.app.state.service
    return service.rehearsal if is_dry_run(request) else service.intake


async def effect_response(service: Service, receipt: Receipt) -> Response:
    """What would change. The same request again changes nothing."""
    recorded = receipt.recorded
    known_at = recorded.position - 1 if receipt.fresh else service.projections.position
    supposition = Supposition(service.projections.control, recorded) if receipt.fresh else None
    now = service.clock()
    repeats: list[str] = []
    if supposition is not None:
        await in_turns(supposition.work_out(now))
        await follow_chronology(service, known_at)
        alike = await asyncio.to_thread(service.chronology.alike, likenesses(recorded), known_at)
        repeats = sorted(set(alike) - {receipt.id})
    body = {
        "dry_run": True,
        "id": receipt.id,
        "version": recorded.version,
        "already_there": not receipt.fresh,
        "changes": [effect_json(each) for each in supposition.effects] if supposition else [],
        "contradicts": sorted(supposition.contradicted) if supposition else [],
        "repeats": repeats,
    }
    return json_response(body | times_json(now, known_at, service.projections.position))
