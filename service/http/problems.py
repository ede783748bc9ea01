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

from domain.faults import Conflict, Fault, Missing, Several, Stale, Unreadable, Wrong
from event_store.faults import StoreFault

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "1"

STATUS: dict[type[Fault], HTTPStatus] = {
    Unreadable: HTTPStatus.BAD_REQUEST,
    Missing: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.PRECONDITION_FAILED,
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


class Refused(Exception):
    """A request that is answered with a status of HTTP's own."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem(
    status: HTTPStatus,
    detail: str,
    faults: list[Fault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for an error; `faults` tell each with its place."""
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    if faults is not None:
        body["errors"] = [{"detail": each.detail, "pointer": pointer(each.pointer)} for each in faults]
    return Response(_dump(body), status, headers, MEDIA_TYPE)


def pointer(path: tuple[str | int, ...]) -> str:
    """A JSON Pointer (RFC 6901) as a URI fragment."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def install(app: FastAPI) -> None:
    """Answer every exception of the app with a problem document."""
    app.add_exception_handler(Fault, _fault)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StoreFault, _store)
    app.add_exception_handler(Exception, _unexpected)


async def _fault(_: Request, fault: Exception) -> Response:
    faults = fault.faults if isinstance(fault, Several) else [fault] if isinstance(fault, Fault) else []
    # What can't be read comes before what is wrong: the rest of the request may mean something else.
    status = min(STATUS.get(type(each), HTTPStatus.BAD_REQUEST) for each in faults)
    located = [each for each in faults if each.pointer]
    return problem(status, "; ".join(each.detail for each in faults[:3]), located or None)


async def _refused(_: Request, refused: Exception) -> Response:
    if not isinstance(refused, Refused):
        raise refused
    return problem(refused.status, refused.detail, headers=refused.headers)


async def _invalid(_: Request, error: Exception) -> Response:
    """What pydantic or the reading of JSON refused."""
    if not isinstance(error, RequestValidationError):
        raise error
    errors = error.errors()
    if errors[0]["type"] == "json_invalid":
        detail = f"the body is not JSON: {errors[0]['ctx']['error']} at character {errors[0]['loc'][-1]}"
        return problem(HTTPStatus.BAD_REQUEST, detail)
    faults: list[Fault] = [Wrong(_message(each), _path(each, error.body)) for each in errors]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "the body is not as it must be", faults)


def _message(error: Mapping[str, Any]) -> str:
    if error["type"] == "string_pattern_mismatch":
        return f"{error['msg']} (an id is a-z, 0-9 and -; a text says something and holds no NUL)"
    return str(error["msg"])


def _path(error: Mapping[str, Any], body: Any) -> tuple[str | int, ...]:
    """Where in the body: pydantic's own path, less the names of union members that it puts in between."""
    path: list[str | int] = []
    value = body
    steps = error["loc"][1:]
    for i, step in enumerate(steps):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            absent = error["type"] == "missing" and i == len(steps) - 1
            if not absent:
                continue
        path.append(step)
    return tuple(path)


async def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    detail = {
        HTTPStatus.NOT_FOUND: "there is nothing at this address",
        HTTPStatus.METHOD_NOT_ALLOWED: "this address does not take that method",
    }.get(status, str(error.detail))
    return problem(status, detail, headers=error.headers)


async def _store(_: Request, error: Exception) -> Response:
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers={"Retry-After": RETRY_AFTER})


async def _unexpected(_: Request, error: Exception) -> Response:
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong that should not have")


def _dump(body: Mapping[str, Any]) -> bytes:
    """A detail may quote the request, and so anything at all: what can't be written is replaced."""
    try:
        return orjson.dumps(body)
    except TypeError:
        import json

        return json.dumps(body).encode()
