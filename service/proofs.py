"""How proofs look from outside, and the proofs of what an answer rests on."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence

from domain.events import report_stream
from event_store.log import Log
from service.answers import Json
from service.checkpoints import Checkpoints
from service.cloud_events import cloud_event
from service.forms.reading import read_given
from service.question import one_of


def proofs_wanted(given: Mapping[str, str]) -> bool:
    """Whether `proofs=true` is asked for. Raises Several for any other word."""
    found: dict[str, str] = read_given(given, {"proofs": one_of("true", "false")})
    return found.get("proofs") == "true"


def hashes_json(hashes: Iterable[bytes]) -> list[str]:
    return [b64encode(hash).decode() for hash in hashes]


def inclusion_json(log: Log, position: int, size: int) -> Json:
    """That the event at a position is in the log of that size; 1 ≤ position ≤ size."""
    leaf, hashes = log.tree.inclusion(position, size)
    return {
        "position": position,
        "size": size,
        "leaf_hash": b64encode(leaf).decode(),
        "hashes": hashes_json(hashes),
    }


def consistency_json(log: Log, first: int, second: int) -> Json:
    return {"from": first, "to": second, "hashes": hashes_json(log.tree.consistency(first, second))}


def basis_proofs(log: Log, checkpoints: Checkpoints, reports: Sequence[str], known_at: int) -> Json:
    """The log's checkpoint at a position, and every event of the reports up to there, each with its proof.

    `service/chronology_verify.py` checks them with nothing else at hand.
    """
    events = [
        {"event": cloud_event(recorded), **inclusion_json(log, recorded.position, known_at)}
        for report in reports
        for recorded in log.stream(report_stream(report))
        if recorded.position <= known_at
    ]
    return {"checkpoint": checkpoints.at(known_at), "events": events}
