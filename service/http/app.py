"""The app, built from a service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from service.http import (
    control,
    differences,
    events,
    health,
    home,
    page,
    problems,
    proving,
    registries,
    replay,
    reports,
    tallies,
    watching,
    writing,
)
from service.http.head import HeadAsGet
from service.http.straight import StraightApp
from service.wiring import Service

ABOUT = """
Who held each town at any moment, as it was known at any other moment, and why.

Reports are appended and never changed. Every answer says what it rests on, what speaks against it, and how sure it is.
Errors are problem documents (RFC 9457). Instants are RFC 3339 in UTC.
"""


def build_app(service: Service) -> FastAPI:
    """The app of a service; its followers run for as long as the app does."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.follower.start()
        service.chronology_follower.start()
        for each in service.background:
            each.start()
        yield
        for each in reversed(service.background):
            await each.stop()
        await service.chronology_follower.stop()
        await service.follower.stop()

    app = StraightApp(
        title="Chronology",
        summary="An event-sourced chronology of control",
        description=ABOUT,
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.stopping = asyncio.Event()
    app.add_middleware(HeadAsGet)
    problems.install(app)
    app.include_router(writing.reporting)  # routes are tried in this order: what is asked most comes first
    nouns = (control, differences, replay, events, watching, proving, tallies, reports, registries, health)
    routers = (*(noun.router for noun in nouns), health.guarded_router, writing.editing)
    for router in routers:
        app.include_router(router)
    app.straighten(route for router in (writing.reporting, *routers) for route in router.routes)
    home.install(app)
    page.install(app)
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """Say in the OpenAPI document what the routes do beside their endpoints."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            from service.http.document import describe

            describe(build())
        return build()

    app.openapi = openapi  # type: ignore[method-assign]
