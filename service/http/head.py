"""HEAD (RFC 9110 §9.3.2): answered like GET, without the body."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Lets whatever answers GET answer HEAD; the server, which still sees a HEAD, sends no body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            as_get = {**scope, "method": "GET"}
            await self._app(as_get, receive, _once(send))
            scope["route"] = as_get.get("route")  # for whoever tells what was asked
        else:
            await self._app(scope, receive, send)


def _once(send: Send) -> Send:
    """Sends the first part of a body as if it were the last: a stream would go on, and the next request would wait.

    The stream ends then, as it does when its client leaves.
    """
    ended = False

    async def sending(message: Message) -> None:
        nonlocal ended
        if ended:
            return
        if message["type"] == "http.response.body":
            ended = True
            message = {**message, "more_body": False}
        await send(message)

    return sending
