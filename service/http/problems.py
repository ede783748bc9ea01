"""Every error as a problem document (RFC 9457), in one shape: one table from what went wrong to a status."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match

from domain.faults import Conflict, Fault, Missing, Several, Stale, Unreadable, Wrong
from event_store.faults import StoreFault
from service.answers import Json
from service.forms import invalid
from service.forms.invalid import leads_on
from service.intake.filings import TooLong
from service.pointer import pointer

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "1"
UNEXPECTED = "something went wrong that should not have"
STATUS: dict[type[Fault], HTTPStatus] = {
    Unreadable: HTTPStatus.BAD_REQUEST,
    Missing: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    TooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Wrong: HTTPStatus.UNPROCESSABLE_ENTITY,
}


class ErrorAt(BaseModel):
    """One fault: what is wrong, and where (a JSON Pointer as a fragment, from the body or the parameters)."""

    detail: str
    pointer: str


class Problem(BaseModel):
    """What every error is answered with."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorAt] | None = None


class UnknownParameter(Fault):
    """A parameter that the call does not take."""


class Refused(HTTPException):
    """A request that is answered with a status of HTTP's own. (FastAPI lets no other exception out of a body.)"""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)


def problem(
    status: HTTPStatus,
    detail: str,
    faults: list[Fault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for an error; `faults` tell each with its place."""
    return Response(
        orjson.dumps(problem_json(status, detail, faults)),
        status,
        {"Cache-Control": "no-cache"} | dict(headers or {}),
        MEDIA_TYPE,
    )


def problem_json(status: HTTPStatus, detail: str, faults: list[Fault] | None = None) -> Json:
    body: Json = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    if faults is not None:
        body["errors"] = [{"detail": each.detail, "pointer": pointer(each.pointer)} for each in faults]
    return body


def fault_json(fault: Fault, body: Any) -> Json:
    """What is wrong with a request; `body` is what was sent."""
    faults = fault.faults if isinstance(fault, Several) else [fault]
    # What can't be read comes before what is wrong: the rest of the request may mean something else.
    status = min(STATUS.get(type(each), HTTPStatus.BAD_REQUEST) for each in faults)
    located = [_as_sent(each, body) for each in faults if each.pointer]
    return problem_json(status, "; ".join(each.detail for each in faults[:3]), located or None)


def store_json(fault: StoreFault) -> Json:
    return problem_json(HTTPStatus.SERVICE_UNAVAILABLE, str(fault))


def install(app: FastAPI) -> None:
    """Answer every exception of the app with a problem document."""
    app.add_exception_handler(Fault, _fault)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StoreFault, _store)
    app.add_exception_handler(Exception, _unexpected)


async def _fault(request: Request, fault: Exception) -> Response:
    if not isinstance(fault, Fault):
        raise fault
    found = fault_json(fault, getattr(request.state, "body", None))
    return Response(orjson.dumps(found), found["status"], media_type=MEDIA_TYPE)


def _as_sent(fault: Fault, body: Any) -> Fault:
    """A list of one can be sent as that one itself: then it has no index there."""
    for i, step in enumerate(fault.pointer):
        if isinstance(step, int) and isinstance(body, str):
            fault.pointer = fault.pointer[:i]
            break
        body = body[step] if leads_on(body, step) else None
    return fault


async def _refused(_: Request, refused: Exception) -> Response:
    if not isinstance(refused, Refused):
        raise refused
    status = HTTPStatus(refused.status_code)
    faults: list[Fault] | None = [Unreadable(refused.detail, 0)] if status is HTTPStatus.BAD_REQUEST else None
    return problem(status, refused.detail, faults, refused.headers)


async def _invalid(_: Request, error: Exception) -> Response:
    """What pydantic or the reading of JSON refused."""
    if not isinstance(error, RequestValidationError):
        raise error
    errors = error.errors()
    if errors[0]["type"] == "json_invalid":
        detail = f"the body is not JSON: {errors[0]['ctx']['error']} at character {errors[0]['loc'][-1]}"
        return problem(HTTPStatus.BAD_REQUEST, detail, [Unreadable(detail, errors[0]["loc"][-1])])
    if errors[0]["type"] == "missing" and errors[0]["loc"] == ("body",):
        detail = "the body is not JSON: it is empty"
        return problem(HTTPStatus.BAD_REQUEST, detail, [Unreadable(detail, 0)])
    faults: list[Fault] = [invalid.fault(each, each["loc"][1:], error.body) for each in errors]
    detail = f"the body is not as it must be: at {pointer(faults[0].pointer)}, {faults[0].detail}"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, faults)


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    detail = {
        HTTPStatus.NOT_FOUND: "there is nothing at this address",
        HTTPStatus.METHOD_NOT_ALLOWED: "this address does not take that method",
    }.get(status, str(error.detail))
    headers = dict(error.headers or {})
    if "Allow" in headers:
        headers["Allow"] = _allowed(request)
    return problem(status, detail, headers=headers)


def _allowed(request: Request) -> str:
    """The methods that an address takes: the route that refused one knows its own only."""
    routes = request.app.router.routes
    taken = [
        method
        for method in ("GET", "POST")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return ", ".join("GET, HEAD" if method == "GET" else method for method in taken)


async def _store(_: Request, error: Exception) -> Response:
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers={"Retry-After": RETRY_AFTER})


async def _unexpected(_: Request, error: Exception) -> Response:
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, UNEXPECTED)
