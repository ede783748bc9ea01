"""Dry runs: a request is checked and its effect told, and nothing is kept."""

from __future__ import annotations

import asyncio

from fastapi import Request, Response

from domain.events import ReportRedacted
from projections.supposition import Supposition
from service.answers import Json, times_json
from service.effect import effect_json, likenesses
from service.forms.reading import read_given
from service.http.asking import follow_chronology
from service.http.responses import json_response
from service.intake.intake import Intake, Receipt
from service.question import one_of
from service.report_view import erased_json
from service.turns import in_turns
from service.wiring import Service


def is_dry_run(request: Request) -> bool:
    """Whether it is asked for. Raises Wrong for what is neither true nor false."""
    if not request.scope["query_string"]:
        return False
    return read_given(request.query_params, {"dry_run": one_of("true", "false")}).get("dry_run") == "true"


def intake_of(request: Request) -> Intake:
    """What takes the request in, or only rehearses that."""
    service: Service = request.app.state.service
    return service.rehearsal if is_dry_run(request) else service.intake


async def effect_response(service: Service, receipt: Receipt) -> Response:
    """What would change. The same request again changes nothing."""
    now = service.clock()
    found: Json = {"changes": [], "contradicts": [], "repeats": []}
    known_at = service.projections.position
    if receipt.fresh:
        known_at = receipt.recorded.position - 1
        if not isinstance(receipt.recorded.event, ReportRedacted):  # which changes no answer
            found = await _effect(service, receipt, known_at, now)
    body = {
        "dry_run": True,
        "id": receipt.id,
        "version": receipt.recorded.version,
        "already_there": not receipt.fresh,
        **found,
    }
    if isinstance(receipt.recorded.event, ReportRedacted):
        body["erases"] = [erased_json(each) for each in receipt.recorded.event.erased if receipt.fresh]
    return json_response(body | times_json(now, known_at, service.projections.position))


async def _effect(service: Service, receipt: Receipt, known_at: int, now: int) -> Json:
    """The effect on what is known at a position, which what was rehearsed would follow."""
    supposition = Supposition(service.projections.control, receipt.recorded)
    await in_turns(supposition.work_out(now))
    await follow_chronology(service, known_at)
    alike = await asyncio.to_thread(service.chronology.alike, likenesses(receipt.recorded), known_at)
    return {
        "changes": [effect_json(each) for each in supposition.effects],
        "contradicts": sorted(supposition.contradicted),
        "repeats": sorted(set(alike) - {receipt.id}),
    }
