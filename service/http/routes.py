"""What every route of the API does before its endpoint: who asks, what they send, which parameters they give."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from http import HTTPStatus
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from domain.faults import Several, Unreadable
from service.forms.strictly import read_strictly
from service.forms.texts import MAX_BODY
from service.http.headers import header
from service.http.parameters import query_names, repeatable_names
from service.http.problems import Refused, UnknownParameter
from service.http.responses import JSON
from service.tokens import Role
from service.wiring import Service

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
NOTHING: Mapping[str, Handler] = {}


class JsonRequest(Request):
    """Reads its body strictly: not over the limit, no lone surrogates, no NaN, no name twice."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body") and int(header(self, b"content-length") or "0") <= MAX_BODY:
            message = await self._receive()
            body: bytes = message.get("body", b"")
            if message["type"] != "http.request" or message.get("more_body", False) or len(body) > MAX_BODY:
                self._receive = again(message, self._receive)
            else:  # nearly every body comes whole
                self._body, self._stream_consumed = body, True
        return await super().body()

    async def stream(self) -> AsyncGenerator[bytes, None]:
        size = int(header(self, b"content-length") or "0")
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
            self._json = self.scope.setdefault("state", {})["body"] = read_json(await self.body())
        return self._json


def again(message: Message, receive: Receive) -> Receive:
    """Receives a message that has been received before, and then what comes after it."""
    told = False

    async def receiving() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return message

    return receiving


def read_json(body: bytes) -> Any:
    """Read JSON strictly. Raises JSONDecodeError, and Refused for what is too deep or has a name twice."""
    try:
        return read_strictly(body)
    except Unreadable as fault:
        raise Refused(HTTPStatus.BAD_REQUEST, f"the body {fault.detail}") from None


class Unfit(Exception):
    """A body that is not as it must be, as it was sent."""

    def __init__(self, body: bytes) -> None:
        super().__init__("the body is not as it must be")
        self.body = body


class Guarded(APIRoute):
    """A route for those who have at least the role."""

    role: Role
    instead: Mapping[str, Handler] = NOTHING

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._form: Any = None if self.body_field is None else get_type_hints(self.endpoint)["body"]

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        self._takes, self._repeatable = query_names(self.openapi_extra), repeatable_names(self.openapi_extra)
        self._taken = (JSON, *self.instead)

        async def guard(request: Request) -> Response:
            instead = self._guard(request)
            if instead is not None:
                return await instead(request)
            return await handle(JsonRequest(request.scope, request.receive))

        return guard

    def request(self, scope: Scope, receive: Receive) -> Request:
        return (Request if self.body_field is None else JsonRequest)(scope, receive)

    async def answer(self, request: Request) -> Response:
        """What the endpoint answers to a `request` of it. Raises Unfit for a body that is no JSON, or not its form."""
        instead = self._guard(request)
        if instead is not None:
            return await instead(Request(request.scope, request.receive))
        body = {"body": await self._read(request)} if isinstance(request, JsonRequest) else {}
        found: Response = await self.endpoint(request=request, **body, **request.path_params)
        return found

    def _guard(self, request: Request) -> Handler | None:
        """Who takes the body instead, if somebody does."""
        service: Service = request.app.state.service
        authorize(request, service, self.role)
        check_parameters(request, self._takes, self._repeatable)
        return None if self.body_field is None else self.instead.get(check_media_type(request, self._taken))

    async def _read(self, request: JsonRequest) -> Any:
        try:
            body = await request.body()
        except ClientDisconnect:
            raise Refused(HTTPStatus.BAD_REQUEST, "the client hung up") from None
        try:
            return self._form.model_validate(await request.json())
        except (ValueError, Refused):  # not JSON, or not the form
            raise Unfit(body) from None


def guarded(role: Role, instead: Mapping[str, Handler] = NOTHING) -> type[Guarded]:
    """Routes for those who have at least the role. A reader needs no token unless the service is private.

    A body is JSON; one of another media type goes to its handler in `instead`, unread.
    """
    return type("GuardedRoute", (Guarded,), {"role": role, "instead": instead})


def authorize(request: Request, service: Service, needed: Role) -> None:
    """Raise Refused unless the request may do what needs the role."""
    given = header(request, b"authorization")
    if given is None and needed is Role.READER and not service.private:
        return
    scheme, _, secret = (given or "").partition(" ")
    role = service.tokens.role_of(secret.strip()) if scheme.lower() == "bearer" else None
    if role is None:
        detail = "a token is needed: Authorization: Bearer …" if given is None else "the token is not one of ours"
        challenge = "Bearer" if given is None else 'Bearer error="invalid_token"'
        raise Refused(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": challenge})
    if role < needed:
        raise Refused(HTTPStatus.FORBIDDEN, f"this needs the role {needed.word}; the token's is {role.word}")


def check_parameters(request: Request, takes: frozenset[str], repeatable: frozenset[str]) -> None:
    """Raise Several for parameters that the call does not take, or that are given twice and can't be."""
    if not request.scope["query_string"]:
        return
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
    encoding = (header(request, b"content-encoding") or "identity").strip().lower()
    if encoding != "identity":
        headers = {"Accept-Encoding": "identity"}
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"a body is sent as it is, not in {encoding}", headers)
    media_type = (header(request, b"content-type") or "").partition(";")[0].strip().lower()
    if media_type not in taken:
        detail = f"a body is {' or '.join(taken)}"
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"Accept": ", ".join(taken)})
    return media_type
