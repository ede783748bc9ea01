"""Chronologies in folders: the built-in ones, and any other of the same form (docs/chronologies.md).

`chronology.json` says what it is and which zone its dates are read in; `places.json`, `forces.json`,
`alignments.json`, `sources.json` and `reports.json` are lists of what the API takes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from domain.events import ForceAligned
from domain.faults import Fault, Several, Wrong
from domain.force import Force
from domain.place import Place
from domain.report import Report
from domain.source import Source
from domain.when.zone import Zone
from service.forms import invalid
from service.forms.registries import AlignmentForm, ForceForm, PlaceForm, SourceForm
from service.forms.reports import ReportForm
from service.forms.texts import Form, Line, Lines, Slug, Text
from service.intake.intake import Intake, Receipt

BUILT_IN = Path(__file__).parent / "chronologies"

T = TypeVar("T")


class About(Form):
    """`chronology.json`."""

    id: Slug
    title: Line
    about: Text
    timezone: Line
    licence: Line
    attribution: Lines = []


class FolderAlignment(AlignmentForm):
    force: Slug


class FolderReport(ReportForm):
    id: Slug = Field()


@dataclass(frozen=True, slots=True)
class Folder:
    """A chronology ready to be taken in."""

    about: About
    places: list[Place]
    forces: list[Force]
    alignments: list[ForceAligned]
    sources: list[Source]
    reports: list[tuple[str, Report]]


def find_folder(name_or_path: str) -> Path:
    """A built-in chronology by its name, or a folder. Raises Wrong where there is neither."""
    names = sorted(each.name for each in BUILT_IN.iterdir() if each.is_dir())
    if name_or_path in names:
        return BUILT_IN / name_or_path
    path = Path(name_or_path)
    with suppress(OSError):  # what can't be looked up is not there
        if (path / "chronology.json").is_file():
            return path
    built_in = ", ".join(names)
    raise Wrong(f"{name_or_path!r} is neither a built-in chronology ({built_in}) nor a folder with a chronology.json")


def read_folder(path: Path) -> Folder:
    """Read a folder whole. Raises Wrong with the file and the place of the first fault; then nothing is taken in."""
    about = _read(path / "chronology.json", About)
    try:
        zone = Zone(about.timezone)
    except Wrong as wrong:
        raise Wrong(f"{path / 'chronology.json'}, timezone: {wrong.detail}") from None
    return Folder(
        about,
        _each(path / "places.json", PlaceForm, lambda form: form.place()),
        _each(path / "forces.json", ForceForm, lambda form: form.force()),
        _each(path / "alignments.json", FolderAlignment, lambda form: form.aligned(form.force, zone)),
        _each(path / "sources.json", SourceForm, lambda form: form.source()),
        _each(path / "reports.json", FolderReport, lambda form: (form.id, form.report(zone))),
    )


def _each(path: Path, form: type[T], become: Callable[[T], Any]) -> list[Any]:
    """The entries of a file, each become what it stands for; an absent file has none."""
    if not path.exists():
        return []
    found = []
    for i, entry in enumerate(_read(path, list[form])):  # type: ignore[valid-type]
        try:
            found.append(become(entry))
        except Fault as fault:
            raise located(fault, path, i) from None
    return found


def _read(path: Path, kind: type[T]) -> T:
    found: Any = None
    try:
        found = orjson.loads(path.read_bytes())
        return TypeAdapter(kind).validate_python(found)
    except OSError as error:
        raise Wrong(f"{path} can't be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise Wrong(f"{path} is not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise _invalid(path, first, first["loc"], found) from error


def _invalid(path: Path, error: Any, steps: tuple[str | int, ...], found: Any) -> Wrong:
    if steps and isinstance(steps[0], int):
        return located(invalid.fault(error, steps[1:], found[steps[0]]), path, steps[0])
    return located(invalid.fault(error, steps, found), path)


def located(fault: Fault, file: object, entry: int | None = None) -> Wrong:
    """The fault in one line, with the file, the entry and the place in it."""
    first = fault.faults[0] if isinstance(fault, Several) else fault
    steps = [*([] if entry is None else [f"entry {entry}"]), *map(str, first.pointer)]
    return Wrong(f"{', '.join(filter(None, (str(file), '/'.join(steps))))}: {first.detail}")


Tell = Callable[[str, int, int], None]
"""Told of progress: of what, how many are done, how many there are."""


async def take_in(folder: Folder, intake: Intake, tell: Tell) -> tuple[int, int]:
    """Append a chronology, each thing after what it names; how many were appended, and how many had been before.

    Raises Fault at the first that can't be taken; what came before it stays, and running it again goes on from there.
    """
    receipts: list[Receipt] = []

    async def take(what: str, things: Sequence[T], append: Callable[[T], Awaitable[Receipt]]) -> None:
        for i, thing in enumerate(things):
            try:
                receipts.append(await append(thing))
            except Fault as fault:
                raise located(fault, f"{what}.json", i) from None
            tell(what, i + 1, len(things))

    await take("places", folder.places, intake.register_place)
    await take("forces", folder.forces, intake.register_force)
    await take("alignments", folder.alignments, intake.align)
    await take("sources", folder.sources, intake.register_source)
    await take("reports", folder.reports, lambda entry: intake.file(*entry))
    fresh = sum(receipt.fresh for receipt in receipts)
    return fresh, len(receipts) - fresh
