"""Answers that can be cited: where every time is given, an answer never changes, here or on another installation.

Such an answer is immutable for caches (RFC 8246), unless it has words in it, which may have to be erased. Every answer
has a permalink to it, an ETag (RFC 9110 §8.8.3), and the headers by which archives of the web ask for another time
(Memento, RFC 7089).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus
from urllib.parse import quote_plus

import orjson
from fastapi import Request, Response

import service
from domain.when.instant import SECOND, text
from service.answers import Json, times_json
from service.edition import edition
from service.http.asking import Asked
from service.http.responses import JSON

VARY = "Accept, Accept-Datetime, Authorization"
_YEAR = 31_536_000  # seconds


Render = Callable[[Json], bytes]


def answered(
    request: Request,
    asked: Asked,
    body: Json | Render,
    *,
    pinned: Mapping[str, str] | None = None,
    media_type: str = JSON,
    etag: str | None = None,
    as_of: int | None = None,
    has_words: bool = False,
    by_question: bool = False,
) -> Response:
    """An answer with its times, and its permalink, which names those in `pinned` (by default `at` and `known_at`).

    `body` is JSON that the times are put beside, or a function that writes them in its own way. `as_of` is how far what
    answered was, if not the projections in memory. `has_words` tells that there is something in it that can be
    redacted: then no cache may keep it for good. `by_question` tells that nothing but the question, as it is cited,
    how far the answer looks, and the program make the answer what it is: then a long one need not be gone through to
    tell it from another.
    """
    named = pinned or {"at": text(asked.at), "known_at": str(asked.known_at)}
    forever = asked.fixed and all(name in request.query_params for name in named)
    if forever:
        as_of = max(asked.known_at, asked.question.after_position)
    elif as_of is None:
        as_of = asked.service.projections.position
    permalink = _permalink(request, named)
    times = times_json(asked.at, asked.known_at, as_of)
    content = body(times) if callable(body) else orjson.dumps(body | times)
    told_by = f"{permalink} {as_of} {media_type} {edition(service)}".encode() if by_question else content
    headers = {
        "ETag": etag or f'"{blake2b(told_by, digest_size=12).hexdigest()}"',
        "Cache-Control": caching(forever and not has_words, asked.service.private),
        "Vary": VARY,
        "Content-Location": permalink,
        **_memento(request, asked, permalink),
    }
    if (etag is None or (forever and not has_words)) and _has(
        request, headers["ETag"]
    ):  # a version is of more than one address
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def _permalink(request: Request, times: Mapping[str, str]) -> str:
    """The same question with its times named, its parameters in order."""
    named = {"after_position", "at", "known_at", *times}
    rest = [(name, value) for name, value in request.query_params.multi_items() if name not in named]
    return f"{request.scope['path']}?{_query(sorted([*rest, *times.items()]))}"


def _query(given: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in given)


_quoted = lru_cache(maxsize=4096)(quote_plus)  # the same few names, and much the same times


def caching(forever: bool, private: bool) -> str:
    who = "private" if private else "public"
    return f"{who}, max-age={_YEAR}, immutable" if forever else "no-cache"


def _has(request: Request, etag: str) -> bool:
    """Whether the client has this very answer (If-None-Match, RFC 9110 §13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in tags or "*" in tags


def _memento(request: Request, asked: Asked, permalink: str) -> dict[str, str]:
    """Who asks for now gets where other times are to be had; who asks for a time, the time of what they got."""
    given = request.query_params.multi_items()
    others = [(name, value) for name, value in given if name not in ("known_at", "after_position")]
    original = request.scope["path"] + (f"?{_query(others)}" if others else "")
    links = [f'<{original}>; rel="original timegate"', f'<{permalink}>; rel="bookmark"']
    if not asked.in_the_past or asked.known_at == 0:
        return {"Link": ", ".join(links)}
    recorded_at = asked.service.projections.outline.recorded_at(asked.known_at)
    then = format_datetime(datetime.fromtimestamp(recorded_at // SECOND, UTC), usegmt=True)
    links.append(f'<{permalink}>; rel="memento"; datetime="{then}"')
    return {"Link": ", ".join(links), "Memento-Datetime": then}
