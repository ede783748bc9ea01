"""The peer over HTTP: FastAPI as its own pages write it, with nothing behind it, on the server that we use, set alike.

`python -m benchmarks.bare FILE`; the file holds the ready answers, by path and query.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response

from service.forms.reports import ReportForm
from service.http.schemas import Receipt
from service.http.server import listen


def app(answers: dict[str, tuple[bytes, str]]) -> FastAPI:
    bare = FastAPI()

    @bare.post("/v1/reports", status_code=201)
    async def file(body: ReportForm) -> Receipt:
        """Validates the report, and forgets it."""
        return Receipt(id=body.id or "r", version=1, position=1, recorded_at="2026-01-01T00:00:00Z")

    @bare.get("/v1/places/{id}/control")
    async def control(id: str, at: str) -> Response:
        content, media_type = answers[f"/v1/places/{id}/control?at={at}"]
        return Response(content, media_type=media_type)

    @bare.get("/v1/control")
    async def whole_map(request: Request, at: str) -> Response:
        content, media_type = answers[f"/v1/control?{request.url.query}"]
        return Response(content, media_type=media_type)

    return bare


if __name__ == "__main__":
    _answers = pickle.loads(Path(sys.argv[1]).read_bytes())
    with listen("127.0.0.1", 0) as _listening:
        print(f"bare at http://127.0.0.1:{_listening.getsockname()[1]}", flush=True)
        _config = uvicorn.Config(app(_answers), log_config=None, access_log=False, server_header=False)
        uvicorn.Server(_config).run(sockets=[_listening])
