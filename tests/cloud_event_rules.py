"""What CloudEvents 1.0 asks of an event in structured JSON (its specification §2 and §3, its JSON format §2 and §3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(;.*)?", re.ASCII)
UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def check_cloud_event(event: Mapping[str, Any]) -> None:
    """Every attribute, by its name, its type and its own rule."""
    attributes = {name: value for name, value in event.items() if name not in ("data", "data_base64")}
    assert not {"data", "data_base64"} <= event.keys()
    for name, value in attributes.items():
        assert re.fullmatch("[a-z0-9]{1,20}", name), name
        assert isinstance(value, str | bool | int), name  # a number with a fraction is no type of theirs
        if isinstance(value, int):
            assert -(2**31) <= value < 2**31, name
        if isinstance(value, str):
            assert value, f"{name} is empty"
            assert not UNWANTED.search(value), name
    for name in ("id", "source", "specversion", "type"):
        assert isinstance(attributes[name], str), name
    assert attributes["specversion"] == "1.0"
    assert re.fullmatch(r"[\w.~:/?#\[\]@!$&'()*+,;=%-]+", attributes["source"], re.ASCII)
    urlsplit(attributes["source"])
    for name in ("time", "recordedtime"):
        if name in attributes:
            assert TIME.fullmatch(attributes[name]), name
            datetime.fromisoformat(attributes[name])
    if "dataschema" in attributes:
        assert urlsplit(attributes["dataschema"]).scheme
    assert MEDIA_TYPE.fullmatch(attributes.get("datacontenttype", "application/json"))


def check_in_order(events: list[Mapping[str, Any]]) -> None:
    """Each is one, has an id of its own, and a `sequence` that sorts as they came."""
    for event in events:
        check_cloud_event(event)
    assert len({(event["source"], event["id"]) for event in events}) == len(events)
    sequences = [event["sequence"] for event in events]
    assert sequences == sorted(set(sequences))
