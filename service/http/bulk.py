"""Many reports in one body: NDJSON in, NDJSON out, a line for each line, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus

import orjson
from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from domain.faults import Fault, Wrong
from event_store.faults import StoreFault
from service.answers import Json
from service.forms.texts import MAX_BODY
from service.http.asking import follow
from service.http.idempotency import idempotency_key
from service.http.problems import UNEXPECTED, fault_json, problem_json, store_json
from service.http.rehearsing import is_dry_run
from service.http.responses import NDJSON, receipt_json
from service.http.spool import Spool
from service.http.streaming import Stopping, unless_stopping
from service.intake.bulk import Outcome, Run, file_all, in_runs
from service.intake.filings import Filing, FilingReader, MakeId
from service.intake.ids import fresh_id, id_of_key
from service.intake.intake import Receipt
from service.lines import Lines
from service.logs import SERVICE
from service.question import KnownAt
from service.wiring import Service


async def file_lines(request: Request) -> Response:
    """The answer to a body of many reports. It is begun before the body has come to its end."""
    service: Service = request.app.state.service
    if is_dry_run(request):
        raise Wrong("a dry run is of one report", ("dry_run",))
    key = idempotency_key(request)
    await follow(service, KnownAt(), 0)  # else an early line could be refused, and a later one be taken for it

    def make_id(line: int, _: object) -> str:
        return fresh_id(service.clock()) if key is None else id_of_key(f"{key}\n{line}")  # no header holds a line's end

    return _Answer(request, service, make_id)


class _Answer(Response):
    """Takes the body in while it is answered.

    Reading never waits for the client to take the answer, for many send all of the body first: what is not yet taken
    waits in a file. A client that goes away ends the reading; what was under way is finished.
    """

    media_type = NDJSON

    def __init__(self, request: Request, service: Service, make_id: MakeId) -> None:
        self.status_code = HTTPStatus.OK
        self.background = None
        self.init_headers()
        self._request = request
        self._service = service
        self._reader = FilingReader(service.zone, make_id)
        self._stopped = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spool = Spool()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._take_in(spool))
                chunk = await spool.read()  # a client that waits for leave to send gets it before the answer begins
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                while chunk:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    chunk = await spool.read()
                if self._stopped:
                    raise Stopping  # the answer ends without its end: its reader can tell that lines are missing
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            spool.close()

    async def _take_in(self, spool: Spool) -> None:
        def tell(found: Sequence[tuple[Filing, Outcome]]) -> None:
            lines = (orjson.dumps(_told(*each), option=orjson.OPT_APPEND_NEWLINE) for each in found)
            spool.write(b"".join(lines))

        await file_all(self._runs(), self._service.intake, tell)
        spool.end()

    async def _runs(self) -> AsyncIterator[Run]:
        lines = Lines(MAX_BODY)
        try:
            async for chunk in unless_stopping(self._request.stream(), self._request.app.state.stopping):
                for run in in_runs(map(self._reader.line, lines.feed(chunk))):
                    yield run
        except ClientDisconnect:
            return  # a line without its end may have been cut off
        except Stopping:
            self._stopped = True
            return
        for run in in_runs(map(self._reader.line, lines.end())):
            yield run


def _told(filing: Filing, outcome: Outcome) -> Json:
    if isinstance(outcome, Receipt):
        status = HTTPStatus.CREATED if outcome.fresh else HTTPStatus.OK
        return {"line": filing.number, "status": status, "body": receipt_json(outcome)}
    problem = _problem(filing, outcome)
    return {"line": filing.number, "status": problem["status"], "problem": problem}


def _problem(filing: Filing, error: Exception) -> Json:
    if isinstance(error, Fault):
        return fault_json(error, filing.sent)
    if isinstance(error, StoreFault):
        return store_json(error)
    SERVICE.error("a line failed", exc_info=error, extra={"fields": {"line": filing.number}})
    return problem_json(HTTPStatus.INTERNAL_SERVER_ERROR, UNEXPECTED)
