"""Tallies: from what is asked in texts to what is answered in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.faults import Wrong
from domain.policy import Policy
from domain.tally.calendar import Calendar, Unit
from domain.tally.happening import Happenings
from domain.tally.mention import Measure
from domain.tally.stretch import Stretch
from domain.tally.tallying import Asked, Group, Tallying, in_order
from domain.tally.total import Total
from domain.when.instant import BEGINNING, END, text
from domain.when.notation import read_instant
from domain.when.zone import Zone
from projections.projections import Projections
from projections.registries import Registries
from service.answers import Json, reports_json
from service.ends import check_order
from service.forms.reading import read_given
from service.question import ReadInstant, one_of, read_time, slug

UNITS = {unit.value: unit for unit in Unit}
GROUPS = ("side", "place", *UNITS)


@dataclass(frozen=True, slots=True)
class Tally:
    """One row: what it is of, and the total of each measure of which something is said."""

    group: Group
    totals: Mapping[Measure, Total]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked; `fields` are those of `Group` that the rows go by, in the order asked for."""

    asked: Asked
    fields: tuple[str, ...]


def wanted(given: Mapping[str, str], zone: Zone, instant: ReadInstant = read_instant) -> Wanted:
    """Read `from`, `to`, `place`, `force`, `event` and `group`. Raises Several with every one that can't be read."""
    found = read_given(
        given,
        {
            "from": lambda text: read_time(text, instant),
            "to": lambda text: read_time(text, instant),
            "place": slug,
            "force": slug,
            "event": slug,
            "group": groups,
        },
    )
    start, end = found.get("from", BEGINNING), found.get("to", END - 1)
    check_order(start, end)
    by: tuple[str, ...] = found.get("group", ())
    unit = next((UNITS[each] for each in by if each in UNITS), None)
    asked = Asked(
        during=Stretch(start, end + 1),
        place=found.get("place"),
        force=found.get("force"),
        event=found.get("event"),
        by_side="side" in by,
        by_place="place" in by,
        calendar=None if unit is None else Calendar(zone, unit),
    )
    return Wanted(asked, tuple("period" if each == unit else each for each in by))


def groups(text: str) -> tuple[str, ...]:
    """Reads a comma list of groups. Raises Wrong for what is none, comes twice, or is a second period."""
    found = tuple(one_of(*GROUPS)(each) for each in text.split(","))
    if len(set(found)) < len(found):
        raise Wrong(f"{text!r} has a group twice")
    if sum(each in UNITS for each in found) > 1:
        raise Wrong(f"{text!r} has more than one period")
    return found


def check(asked: Asked, registries: Registries) -> None:
    """Raise Wrong for a place or a force that there is none of."""
    registries.places.require(asked.place, "place")
    registries.forces.require(asked.force, "force")


def rows(projections: Projections, policy: Policy, known_at: int, asked: Wanted) -> Iterator[Tally | None]:
    """The rows, sorted by their groups, a small step at a time: None for a step that ends no row."""
    alignments = projections.control.alignments(known_at)
    happenings = Happenings()
    for mention in projections.tallies.mentions(known_at, policy):
        if mention is not None:
            happenings.take(mention)
        yield None
    tallying = Tallying(asked.asked, projections.control.settlements(known_at).places, alignments)
    for happening in happenings.united(alignments):
        if happening is not None:
            yield from tallying.add(happening)
        yield None
    for group in sorted(tallying.rows, key=lambda group: in_order(group, asked.fields)):
        totals = tallying.rows[group]
        for total in totals.values():
            yield from total.ordered()
        yield Tally(group, totals)


def tally_json(tally: Tally, fields: tuple[str, ...], evidence: int | None = None) -> Json:
    """`evidence` cuts each list of reports to the first and the newest of that many."""
    found: Json = {}
    for field in fields:
        period = tally.group.period
        if field == "period" and period is not None:
            found |= {"from": text(period.start), "until": text(period.until)}
        else:
            found[field] = getattr(tally.group, field)
    return found | {measure.value: _total_json(tally.totals.get(measure), evidence) for measure in Measure}


def _total_json(total: Total | None, evidence: int | None) -> Json | None:
    if total is None:
        return None
    return {
        "low": total.low,
        "best": total.best,
        "high": total.high,
        "happenings": total.happenings,
        "conflicts": sorted(total.conflicts),
        **reports_json("reports", total.reports, evidence),
    }
