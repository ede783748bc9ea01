"""What a command works on: its settings, and what it reads of the store."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from domain.force import Force
from domain.place import Place
from domain.when.notation import read_moment
from domain.when.zone import Zone
from projections.projections import Projections
from projections.registries import Name, Registry
from service.clock import system_clock
from service.question import Question, question, resolve
from service.settings import BadSetting, Settings, settings
from service.snapshots import Snapshots, snapshot_file
from service.store import StoredLog, open_log
from service.wiring import build_projections

T = TypeVar("T", Place, Force)
FLAGS = ("store", "timezone", "host", "port", "workers")


def settings_of(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Settings:
    return settings(environment, {name: getattr(arguments, name, None) for name in FLAGS})


@contextmanager
def opened(found: Settings, *, create: bool = False) -> Iterator[StoredLog]:
    """The log of the store, closed at the end."""
    log = open_log(found.store, system_clock, create=create)
    try:
        yield log
    finally:
        log.close()


@dataclass(frozen=True, slots=True)
class Reading:
    """A question put to a store on the command line. `at` is an instant, `known_at` a position."""

    settings: Settings
    projections: Projections
    question: Question
    zone: Zone
    at: int
    known_at: int


def given(arguments: argparse.Namespace) -> dict[str, str]:
    """The arguments that are texts, by the names that the API's parameters have."""
    return {name: value for name, value in vars(arguments).items() if isinstance(value, str)}


def read(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Reading:
    """The question that the arguments ask. Dates and local times are read in the zone, at their start."""
    found = settings_of(arguments, environment)
    asked = question(given(arguments), lambda text: read_moment(text, found.zone))
    with opened(found) as log:
        projections = build_projections(log, Snapshots(log, snapshot_file(found)))
    at = system_clock() if asked.at is None else asked.at
    return Reading(found, projections, asked, found.zone, at, resolve(asked.known_at, projections))


def find_place(text: str, places: Registry[Place], known_at: int) -> Place:
    return _find("place", text, places, known_at)


def find_force(text: str, forces: Registry[Force], known_at: int) -> Force:
    return _find("force", text, forces, known_at)


def _find(what: str, text: str, registry: Registry[T], known_at: int) -> T:
    """The thing of an id or a name, whole or in part. Raises BadSetting where there is none, or are several."""
    entry = registry.get(text, known_at)
    if entry is not None:
        return entry.thing
    entries = list(registry.find(text, known_at))
    same = [entry for entry in entries if any(map(Name.of(text).is_all_of, entry.names))]
    found = [entry.thing for entry in same or entries]
    if len(found) == 1:
        return found[0]
    if not found:
        raise BadSetting(f"there is no {what} {text!r} that is known at position {known_at}")
    raise BadSetting(f"{text!r} could be any of: {', '.join(thing.id for thing in found[:10])}")
