"""What the OpenAPI document says beside the routes' own parameters and bodies.

The schemas of answers are for it alone, and would take a tenth of a start: it is imported when it is first asked for.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.http import feature_schemas, problems, schemas
from service.http.parameters import ACCEPT_DATETIME, IF_NONE_MATCH, takes_header

_MODELS: tuple[type[BaseModel], ...] = (problems.Problem, *schemas.LINKED, *feature_schemas.LINKED)


def describe(document: dict[str, Any]) -> None:
    """Say the rest in a document that has what the framework found."""
    _, definitions = models_json_schema(
        [(model, "serialization") for model in _MODELS], ref_template="#/components/schemas/{model}"
    )
    parts = document["components"]
    parts["schemas"] |= definitions["$defs"]
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for calls in document["paths"].values():
        for method, call in calls.items():
            _describe_call(method, call)


def _describe_call(method: str, call: dict[str, Any]) -> None:
    """Who may call it, and what every question about a knowledge time takes beside its own parameters."""
    call["security"] = [{"token": []}] if method == "post" else [{}, {"token": []}]
    if any(each["name"] == "known_at" for each in call.get("parameters", ())):
        call["parameters"] += takes_header(ACCEPT_DATETIME)["parameters"] + takes_header(IF_NONE_MATCH)["parameters"]
        call["responses"]["304"] = {"description": "The client has this very answer"}
