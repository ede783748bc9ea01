"""Every request is counted, timed and logged, under an id that its answer carries (`X-Request-Id`)."""

from __future__ import annotations

import random
import re
from functools import lru_cache
from time import perf_counter
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.streaming import Stopping
from service.logs import SERVICE, say
from service.metrics import Metrics

HEADER = b"x-request-id"
_ID = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)
NO_ROUTE = "none"
_DRAWN = random.Random()  # noqa: S311 - an id is no secret, and the system's randomness is waited for


class Observed:
    """The app from outside. A client's own request id is taken over; an exception that nobody caught ends here."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status, id = perf_counter(), 0, _request_id(scope)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Stopping:
            pass  # the connection is closed before the answer's end, which its reader can tell
        except Exception:
            status = status if status >= 500 else 500
            SERVICE.exception("the request failed", extra={"fields": {"request_id": id}})
        finally:
            self._tell(scope, id, status, perf_counter() - start)

    def _tell(self, scope: Scope, id: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", NO_ROUTE)
        self._metrics.requested(scope["method"], route, status, seconds)
        path = _quoted(scope["path"]) + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        fields = {
            "request_id": id,
            "method": scope["method"],
            "path": path,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 2),
        }
        say("request", fields)


_quoted = lru_cache(maxsize=4096)(quote)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER:
            given: str = value.decode("latin-1")
            if _ID.fullmatch(given):
                return given
            break
    return f"{_DRAWN.getrandbits(64):016x}"
