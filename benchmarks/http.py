"""The API under load by 64 clients, beside a bare FastAPI that validates the same and returns the same bytes."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import urlsplit

import httpx
import orjson

from benchmarks import library
from benchmarks.cache import copied
from benchmarks.chronicle import END, START, Chronicle
from benchmarks.load import CLIENTS, load, request
from benchmarks.measure import Measure, Mismatch, Round
from benchmarks.scale import Scale
from benchmarks.serving import AUTHORIZATION, bare, service
from benchmarks.timing import rate
from domain.events import ReportFiled
from domain.when.instant import SECOND, text
from event_store.codec import encode

_AT_A_TIME = 500
_GEOJSON = {"Accept": "application/geo+json"}


def body(event: ReportFiled, *, id: bool) -> bytes:
    """The report as a client sends it: as the codec writes it, but for the windows, which are texts."""
    report = orjson.loads(encode(event)[1])["report"]
    report["occurred"] = report["occurred"]["text"]
    for each in report.get("sources", ()):
        if "published" in each:
            each["published"] = each["published"]["text"]
    return orjson.dumps({"claims": [], **report, **({"id": event.id} if id else {})})


def filings(scale: Scale, count: int) -> list[ReportFiled]:
    """Further reports than those in the store."""
    found = Chronicle(scale.small)
    list(found.recorded())
    return list(islice(found.filings(), count))


def posting(scale: Scale) -> Iterator[Round]:
    headers = {**AUTHORIZATION, "Content-Type": "application/json"}
    bodies = [body(each, id=False) for each in filings(scale, scale.bulk)]
    requests = [request("POST", "/v1/reports", headers=headers, body=each) for each in bodies]
    yield from _beside_bare(scale, requests, {})


def asking(scale: Scale) -> Iterator[Round]:
    random = Random(scale.questions)
    places = Chronicle(scale.small).country.places
    paths = [
        f"/v1/places/{random.choice(places)}/control?at={text(random.randrange(START, END, SECOND))}"
        for _ in range(scale.questions)
    ]
    yield from _beside_bare(scale, [request("GET", path) for path in paths], {path: {} for path in paths})


def mapping(scale: Scale) -> Iterator[Round]:
    """One client: a map is a long answer, and many at once would only wait for each other."""
    random = Random(scale.questions)
    paths = [f"/v1/control?at={text(random.randrange(START, END, SECOND))}" for _ in range(20)]
    requests = [request("GET", path, headers=_GEOJSON) for path in paths]
    yield from _beside_bare(scale, requests, dict.fromkeys(paths, _GEOJSON), clients=1)


def _beside_bare(
    scale: Scale, requests: Sequence[bytes], wanted: dict[str, dict[str, str]], clients: int = CLIENTS
) -> Iterator[Round]:
    """`wanted` are the paths whose answers the peer has to have ready, with the headers they are asked with."""
    with TemporaryDirectory() as name, service(copied(scale.small, Path(name))) as own:
        answers = Path(name) / "answers"
        ready = dict(_answers(own, wanted))
        answers.write_bytes(pickle.dumps(ready))
        with bare(answers) as peer:
            for path, headers in list(wanted.items())[:50]:
                if httpx.get(f"{peer}{path}", headers=headers).content != ready[path][0]:
                    raise Mismatch(path)
            for _ in range(scale.rounds):
                yield Round(load(own, requests, scale.seconds, clients), load(peer, requests, scale.seconds, clients))


def _answers(url: str, wanted: dict[str, dict[str, str]]) -> Iterator[tuple[str, tuple[bytes, str]]]:
    with httpx.Client(base_url=url, timeout=60) as client:
        for path, headers in wanted.items():
            answer = client.get(path, headers=headers).raise_for_status()
            yield path, (answer.content, answer.headers["content-type"])


def bulk(scale: Scale) -> Iterator[Round]:
    """One NDJSON body, until its last line is answered, beside the library with so many events a `save`."""
    for round in range(scale.rounds):
        events = filings(scale, scale.bulk)
        content = b"\n".join(body(each, id=True) for each in events)
        with TemporaryDirectory() as name:
            folder = Path(name)
            with service(copied(scale.small, folder)) as url:
                own = len(events) / _bulk_seconds(url, content, len(events))
            environment = library.on_sqlite(folder / f"library-{round}.db")
            save = lambda: library.save(events, environment, at_a_time=_AT_A_TIME)  # noqa: B023, E731 - called at once
            yield Round(own, rate(save, len(events)))


def _bulk_seconds(url: str, content: bytes, lines: int) -> float:
    headers = {**AUTHORIZATION, "Content-Type": "application/x-ndjson"}
    address = urlsplit(url)
    with httpx.Client(base_url=f"http://{address.netloc}", timeout=600) as client:
        start = perf_counter()
        answer = client.post("/v1/reports", content=content, headers=headers).raise_for_status().content
        took = perf_counter() - start
    if answer.count(b'"status":201') != lines:
        raise AssertionError(f"a report was not taken: {answer[:2000]!r}")
    return took


def _size(scale: Scale) -> str:
    return f"{scale.few:,} reports of {scale.places:,} places there"


MEASURES = (
    Measure(
        "bulk",
        "reports over HTTP in one NDJSON body",
        f"the library in process, {_AT_A_TIME} events a `save`",
        "reports/s",
        2,
        bulk,
        size=lambda scale: f"{scale.bulk:,} reports",
    ),
    Measure(
        "post",
        f"`POST /v1/reports`, {CLIENTS} clients",
        "bare FastAPI that validates the same body and stores nothing",
        "requests/s",
        0.6,
        posting,
        size=_size,
    ),
    Measure(
        "control",
        f"`GET /v1/places/…/control`, {CLIENTS} clients",
        "bare FastAPI that returns the same bytes",
        "requests/s",
        0.8,
        asking,
        size=_size,
    ),
    Measure(
        "geojson",
        "the whole map over HTTP as GeoJSON",
        "bare FastAPI that sends the same bytes ready-made",
        "maps/s",
        0.3,
        mapping,
        size=lambda scale: f"{scale.places:,} places, {scale.few:,} reports",
    ),
)
