"""The page for people, built from service/web; where it was not built, the start page says how that is done."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope

from service.http.home import HEADERS, PAGES
from service.http.responses import json_response
from service.wiring import Service

BUILT = Path(__file__).parents[1] / "web" / "dist"
FOREVER = "public, max-age=31536000, immutable"
"""The name of an asset tells its content: another content has another name."""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page(request: Request) -> Response:
    index = BUILT / "index.html"
    if not index.is_file():
        return FileResponse(PAGES / "home.html", headers=HEADERS)
    service: Service = request.app.state.service
    policy = content_policy(service.tiles, embedded="embed" in request.query_params)
    return FileResponse(index, headers={**HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-cache"})


@router.get("/page.json")
async def about(request: Request) -> Response:
    """What the page has to know of the service. Nothing here is secret: it is told before there is a token."""
    service: Service = request.app.state.service
    return json_response({"zone": service.zone.name, "tiles": service.tiles, "version": version("chronology")})


def content_policy(tiles: str | None, *, embedded: bool) -> str:
    """Nothing but the page's own scripts, styles and data; tiles from where they were set, and from nowhere else.

    Anybody may embed the form of the page that is made for it: it takes no token.
    """
    origin = "" if tiles is None else f" {urlsplit(tiles).scheme}://{urlsplit(tiles).netloc}"
    parts = {
        "default-src": "'none'",
        "script-src": "'self'",
        "worker-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob:{origin}",
        "connect-src": f"'self'{origin}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "*" if embedded else "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


class Assets(StaticFiles):
    """Files whose names change with what is in them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOREVER
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def install(app: FastAPI) -> None:
    app.include_router(router)
    assets = Assets(directory=BUILT / "assets", check_dir=False)
    app.mount("/assets", GZipMiddleware(assets, minimum_size=1024), name="assets")
