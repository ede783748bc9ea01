"""What every route of the API does before its endpoint: who asks, what they send, which parameters they give."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from domain.faults import Several, Unreadable
from service.forms.strictly import read_strictly
from service.forms.texts import MAX_BODY
from service.http.parameters import query_names, repeatable_names
from service.http.problems import Refused, UnknownParameter
from service.http.responses import JSON
from service.tokens import Role
from service.wiring import Service

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
NOTHING: Mapping[str, Handler] = {}


class JsonRequest(Request):
    """Reads its body strictly: not over the limit, no lone surrogates, no NaN, no name twice."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        size = int(self.headers.get("content-length", "0"))
        if size <= MAX_BODY:
            size = 0
            async for chunk in super().stream():
                size += len(chunk)
                if size > MAX_BODY:
                    break
                yield chunk
        if size > MAX_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body is at most {MAX_BODY} bytes")

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = self.state.body = read_json(await self.body())
        return self._json


def read_json(body: bytes) -> Any:
    """Read JSON strictly. Raises JSONDecodeError, and Refused for what is too deep or has a name twice."""
    try:
        return read_strictly(body)
    except Unreadable as fault:
        raise Refused(HTTPStatus.BAD_REQUEST, f"the body {fault.detail}") from None


def guarded(role: Role, instead: Mapping[str, Handler] = NOTHING) -> type[APIRoute]:
    """Routes for those who have at least the role. A reader needs no token unless the service is private.

    A body is JSON; one of another media type goes to its handler in `instead`, unread.
    """
    taken = (JSON, *instead)

    class GuardedRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()
            takes, repeatable = query_names(self.openapi_extra), repeatable_names(self.openapi_extra)
            has_body = self.body_field is not None

            async def guard(request: Request) -> Response:
                service: Service = request.app.state.service
                authorize(request, service, role)
                check_parameters(request, takes, repeatable)
                if has_body and (found := check_media_type(request, taken)) in instead:
                    return await instead[found](request)
                return await handle(JsonRequest(request.scope, request.receive))

            return guard

    return GuardedRoute


def authorize(request: Request, service: Service, needed: Role) -> None:
    """Raise Refused unless the request may do what needs the role."""
    header = request.headers.get("authorization")
    if header is None and needed is Role.READER and not service.private:
        return
    scheme, _, secret = (header or "").partition(" ")
    role = service.tokens.role_of(secret.strip()) if scheme.lower() == "bearer" else None
    if role is None:
        detail = "a token is needed: Authorization: Bearer …" if header is None else "the token is not one of ours"
        challenge = "Bearer" if header is None else 'Bearer error="invalid_token"'
        raise Refused(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": challenge})
    if role < needed:
        raise Refused(HTTPStatus.FORBIDDEN, f"this needs the role {needed.word}; the token's is {role.word}")


def check_parameters(request: Request, takes: frozenset[str], repeatable: frozenset[str]) -> None:
    """Raise Several for parameters that the call does not take, or that are given twice and can't be."""
    given = [name for name, _ in request.query_params.multi_items()]
    unknown = [UnknownParameter(f"there is no parameter {name!r}", (name,)) for name in given if name not in takes]
    twice = [
        UnknownParameter(f"{name!r} is given twice", (name,))
        for name in dict.fromkeys(given)
        if name in takes - repeatable and given.count(name) > 1
    ]
    if unknown or twice:
        raise Several([*unknown, *twice])


def check_media_type(request: Request, taken: Sequence[str]) -> str:
    """The body's media type. Raises Refused for one that is not taken, and for a body that is packed."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        headers = {"Accept-Encoding": "identity"}
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"a body is sent as it is, not in {encoding}", headers)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in taken:
        detail = f"a body is {' or '.join(taken)}"
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"Accept": ", ".join(taken)})
    return media_type
