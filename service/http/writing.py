"""What is written: reports by reporters; what is done to them, and the registries, by editors."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from domain.credibility import Credibility
from domain.faults import Conflict
from service.forms.registries import AlignmentForm, ForceForm, PlaceForm, SourceForm
from service.forms.reports import AssessmentForm, CorrectionForm, RedactionForm, ReportForm, RetractionForm
from service.http.asking import PATIENCE
from service.http.bulk import file_lines
from service.http.idempotency import idempotency_key
from service.http.parameters import DRY_RUN, IDEMPOTENCY_KEY, IF_MATCH, takes_both, takes_header
from service.http.rehearsing import effect_response, intake_of, is_dry_run
from service.http.responses import JSON, NDJSON, answer, if_match, problems, receipt_response, schema
from service.http.routes import guarded
from service.intake.ids import fresh_id, id_of_key
from service.intake.intake import Receipt
from service.tokens import Role
from service.wiring import Service

reporting = APIRouter(route_class=guarded(Role.REPORTER, {NDJSON: file_lines}), tags=["reports"])
editing = APIRouter(route_class=guarded(Role.EDITOR))

Id = Annotated[str, Path(description="An id")]

_Responses = dict[int | str, dict[str, Any]]
_WRITTEN: _Responses = {
    201: answer("Receipt", description="Appended"),
    200: answer("Receipt", description="The same request again: nothing is appended"),
}
_NEW: _Responses = {**_WRITTEN, **problems(400, 401, 403, 409, 413, 415, 422, 503)}
_CHANGE: _Responses = {**_WRITTEN, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503)}

_RECEIPT_OR_DRY_RUN = {"schema": {"anyOf": [schema("Receipt")["schema"], schema("DryRun")["schema"]]}}
_BEFORE_OR_DRY: dict[str, Any] = {
    "description": "The same request again: nothing is appended. Of a dry run: what would change",
    "content": {JSON: _RECEIPT_OR_DRY_RUN},
}
_DONE_TO_A_REPORT: _Responses = {**_CHANGE, 200: _BEFORE_OR_DRY}
_FILED_BEFORE_OR_MANY: dict[str, Any] = {
    **_BEFORE_OR_DRY,
    "description": f"{_BEFORE_OR_DRY['description']}. Of many: a line for each, in order",
    "content": {JSON: _RECEIPT_OR_DRY_RUN, NDJSON: schema("LineAnswer")},
}
_MANY = {"requestBody": {"content": {NDJSON: schema("ReportForm")}}}


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


@editing.post("/v1/places", status_code=201, responses=_NEW, tags=["registries"], summary="Register a place")
async def register_place(request: Request, body: PlaceForm) -> Response:
    receipt = await _service(request).intake.register_place(body.place())
    return receipt_response(receipt, f"/v1/places/{receipt.id}")


@editing.post("/v1/forces", status_code=201, responses=_NEW, tags=["registries"], summary="Register a force")
async def register_force(request: Request, body: ForceForm) -> Response:
    receipt = await _service(request).intake.register_force(body.force())
    return receipt_response(receipt, f"/v1/forces/{receipt.id}")


@editing.post(
    "/v1/forces/{id}/alignments",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=takes_header(IF_MATCH),
    tags=["registries"],
    summary="Align a force with another",
)
async def align(request: Request, id: Id, body: AlignmentForm) -> Response:
    service = _service(request)
    receipt = await service.intake.align(body.aligned(id, service.zone), if_match(request))
    return receipt_response(receipt, f"/v1/forces/{receipt.id}")


@editing.post("/v1/sources", status_code=201, responses=_NEW, tags=["registries"], summary="Register a source")
async def register_source(request: Request, body: SourceForm) -> Response:
    receipt = await _service(request).intake.register_source(body.source())
    return receipt_response(receipt, f"/v1/sources/{receipt.id}")


@reporting.post(
    "/v1/reports",
    status_code=201,
    responses={**_NEW, 200: _FILED_BEFORE_OR_MANY},
    openapi_extra=takes_both(DRY_RUN, IDEMPOTENCY_KEY) | _MANY,
    summary="File a report, or many",
)
async def file(request: Request, body: ReportForm) -> Response:
    service = _service(request)
    id = body.id or _made_id(request, service)
    try:
        receipt = await intake_of(request).file(id, body.report(service.zone))
    except Conflict as conflict:
        if body.id is not None:
            raise
        raise Conflict(f"the Idempotency-Key came with another report before, {id!r}") from conflict
    return await _done(request, receipt)


async def _done(request: Request, receipt: Receipt) -> Response:
    if is_dry_run(request):
        return await effect_response(_service(request), receipt)
    return receipt_response(receipt, f"/v1/reports/{receipt.id}")


def _made_id(request: Request, service: Service) -> str:
    key = idempotency_key(request)
    return fresh_id(service.clock()) if key is None else id_of_key(key)


@editing.post(
    "/v1/reports/{id}/corrections",
    status_code=201,
    responses=_DONE_TO_A_REPORT,
    openapi_extra=takes_both(DRY_RUN, IF_MATCH),
    tags=["reports"],
    summary="Correct a report: its whole content is replaced",
)
async def correct(request: Request, id: Id, body: CorrectionForm) -> Response:
    service = _service(request)
    receipt = await intake_of(request).correct(id, body.report(service.zone), body.reason, if_match(request))
    return await _done(request, receipt)


@editing.post(
    "/v1/reports/{id}/assessments",
    status_code=201,
    responses=_DONE_TO_A_REPORT,
    openapi_extra=takes_both(DRY_RUN, IF_MATCH),
    tags=["reports"],
    summary="Assess how far a report is to be believed",
)
async def assess(request: Request, id: Id, body: AssessmentForm) -> Response:
    grade = Credibility.of(body.credibility)
    receipt = await intake_of(request).assess(id, grade, body.reason, if_match(request))
    return await _done(request, receipt)


@editing.post(
    "/v1/reports/{id}/retraction",
    status_code=201,
    responses=_DONE_TO_A_REPORT,
    openapi_extra=takes_both(DRY_RUN, IF_MATCH),
    tags=["reports"],
    summary="Retract a report: it counts no more from now on",
)
async def retract(request: Request, id: Id, body: RetractionForm) -> Response:
    receipt = await intake_of(request).retract(id, body.reason, if_match(request))
    return await _done(request, receipt)


@editing.post(
    "/v1/reports/{id}/redactions",
    status_code=201,
    responses=_DONE_TO_A_REPORT,
    openapi_extra=takes_both(DRY_RUN, IF_MATCH),
    tags=["reports"],
    summary="Redact a report: words of it are erased everywhere, for good",
)
async def redact(request: Request, id: Id, body: RedactionForm) -> Response:
    receipt = await intake_of(request).redact(id, body.selection(), body.reason, if_match(request))
    if not is_dry_run(request):  # who is told that words are gone finds reports by them no more
        await _service(request).chronology_follower.reach(receipt.recorded.position, PATIENCE)
    return await _done(request, receipt)
