"""The straight way from a request to its endpoint, past what the framework could do for it and has not to.

FastAPI tries its routes one by one, opens stacks for dependencies that nobody has, and solves parameters that we read
ourselves; that takes longer than most answers. Here a guarded route is found by its path, and its endpoint called. What
is not found, and a body that is not as it must be, goes the framework's own way: it tells what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from fastapi import FastAPI, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive, Scope, Send

from service.http.routes import Guarded, Unfit, again


@dataclass(frozen=True, slots=True)
class Way:
    """A route by the parts of its path; None for one that is a parameter."""

    parts: tuple[str | None, ...]
    names: tuple[str, ...]
    route: Guarded

    def parameters(self, parts: Sequence[str]) -> dict[str, str] | None:
        """The path's parameters by name; None for a path that is not the route's."""
        found = []
        for own, part in zip(self.parts, parts, strict=True):
            if own is None and part:
                found.append(part)
            elif own != part:
                return None
        return dict(zip(self.names, found, strict=True))


class StraightApp(FastAPI):
    """An app that goes straight where it can."""

    def straighten(self, routes: Iterable[Any]) -> None:
        """Go straight to those of the routes that can be gone to so, tried in this order."""
        self._ways: dict[tuple[str, int], list[Way]] = {}
        self._plain: dict[tuple[str, str], Way] = {}  # by their whole paths, which have no parameters
        for route in routes:
            if isinstance(route, Guarded) and _is_simple(route):
                way, parts = _way(route), route.path.split("/")
                for method in route.methods or ():
                    ways = self._ways.setdefault((method, len(way.parts)), [])
                    if not way.names and all(each.parameters(parts) is None for each in ways):
                        self._plain[method, route.path] = way
                    ways.append(way)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (found := self._find(scope)) is not None:
            way, parameters = found
            scope["app"], scope["route"], scope["path_params"] = self, way.route, parameters
            try:
                await self._answer(way.route, scope, receive, send)
            except Unfit as unfit:
                receive = again({"type": "http.request", "body": unfit.body, "more_body": False}, receive)
            else:
                return
        await super().__call__(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[Way, dict[str, str]] | None:
        if scope.get("root_path"):
            return None
        plain = self._plain.get((scope["method"], scope["path"]))
        if plain is not None:
            return plain, {}
        parts = scope["path"].split("/")
        for way in self._ways.get((scope["method"], len(parts)), ()):
            parameters = way.parameters(parts)
            if parameters is not None:
                return way, parameters
        return None

    async def _answer(self, route: Guarded, scope: Scope, receive: Receive, send: Send) -> None:
        """As Starlette does: an exception has its handler's answer; one that nobody expected goes on to be logged."""
        request, started = route.request(scope, receive), False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            response = await route.answer(request)
            await response(scope, receive, send if type(response) is Response else sending)
        except Unfit:
            raise
        except Exception as error:
            handler = next(
                self.exception_handlers[each] for each in type(error).__mro__ if each in self.exception_handlers
            )
            if started:
                raise
            response = await handler(request, error)  # type: ignore[misc]
            await response(scope, receive, send)
            if handler is self.exception_handlers[Exception]:
                raise


def _is_simple(route: APIRoute) -> bool:
    """Whether its endpoint takes no more than the request, parts of the path, and a body; and makes its own answer."""
    wanted, hints = route.dependant, get_type_hints(route.endpoint)
    others = (wanted.query_params, wanted.header_params, wanted.cookie_params, wanted.dependencies)
    return (
        ":" not in route.path  # a part of a kind of its own, which may be several
        and not any(others)
        and hints.get("return") is Response
        and all(hints[each.name] is str for each in wanted.path_params)
        and [each.name for each in wanted.body_params] in ([], ["body"])
    )


def _way(route: Guarded) -> Way:
    parts = route.path.split("/")
    return Way(
        tuple(None if part.startswith("{") else part for part in parts),
        tuple(part[1:-1] for part in parts if part.startswith("{")),
        route,
    )
