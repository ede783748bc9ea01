"""Made-up chronologies: random logs in raw form, for Hypothesis (which shrinks them) and for long runs.

A log is a list of dicts {"position", "recorded_at", "type", "id", "body"}, each body a valid request of contract.md.
All that happens, happens on whole hours of three days, so that windows coincide, touch, nest and overlap often.

Everything is thrown with one die, `below(n)`, whose 0 is always the plainest outcome. An event is thrown first as a
recipe, which names others by number only; an `Assembly` makes a recipe an event that is valid where it stands, or
leaves it out if there is none. So any event of a log can shrink away by itself."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from hypothesis import strategies as st

Event = dict[str, Any]
Recipe = dict[str, Any]
T = TypeVar("T")
Throw = Callable[["Die"], Recipe]

HOUR = 3_600_000_000
DAYS = 3
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = datetime(2024, 11, 29, tzinfo=UTC)  # the third day is in another month: masks cut the days in two ways
FAR = 10**18  # microseconds: beyond every window
ZONES = 15 * HOUR  # further than any zone is from UTC: logs are valid whatever the chronology's zone

GRADES = ("possible", "probable", "confirmed", "doubtful", "improbable", "unverified")
PARTS = {
    "morning": (6, 12),
    "overnight": (0, 6),
    "early": (0, 9),
    "afternoon": (12, 17),
    "evening": (17, 21),
    "late": (18, 24),
    "night": (21, 28),
}

# ---------------------------------------------------------------------------------------------------------------
# The die
# ---------------------------------------------------------------------------------------------------------------


class Die(Protocol):
    def below(self, n: int) -> int:
        """0 to n - 1; 0 is the plainest."""


@dataclass(frozen=True)
class RandomDie:
    rng: random.Random

    def below(self, n: int) -> int:
        return self.rng.randrange(n)


@dataclass(frozen=True)
class DrawnDie:
    draw: Callable[[st.SearchStrategy[int]], int]

    def below(self, n: int) -> int:
        return self.draw(st.integers(0, n - 1)) if n > 1 else 0


def chance(die: Die, percent: int) -> bool:
    return die.below(100) >= 100 - percent


def pick(die: Die, options: Sequence[T]) -> T:
    return options[die.below(len(options))]


def weighed(die: Die, weights: Mapping[T, int]) -> T:
    """One of the options, by weight; the first is the plainest."""
    left = die.below(sum(weights.values()))
    for option, weight in weights.items():
        if left < weight:
            return option
        left -= weight
    raise AssertionError("the weights add up")


# ---------------------------------------------------------------------------------------------------------------
# Windows
# ---------------------------------------------------------------------------------------------------------------


class Written(NamedTuple):
    """A window as it is written, and what it is as read in UTC (None: open). `local` depends on the zone;
    `closed` is what to write instead where the open end would lie before the earliest."""

    text: str
    earliest: int | None
    latest: int | None
    local: bool
    closed: str


def micro(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def hours_in(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def some_hour(die: Die) -> int:
    """An hour of the three days; mostly one of twelve."""
    return die.below(DAYS * 24) if chance(die, 15) else 6 * die.below(DAYS * 4)


def plain(text: str, earliest: datetime, latest: datetime, local: bool) -> Written:
    return Written(text, micro(earliest), micro(latest), local, text)


def instant(die: Die, hour: int) -> Written:
    """With Z, or with an offset; with seconds and their parts at times."""
    then = hours_in(hour)
    form = weighed(die, {"%H:%MZ": 60, "%H:%M:%SZ": 10, "%H:%M:%S.000000Z": 5, "+03:00": 15, "-05:30": 10})
    if form.endswith("Z"):
        return plain(then.strftime(f"%Y-%m-%dT{form}"), then, then, False)
    ahead = timedelta(hours=3) if form[0] == "+" else -timedelta(hours=5, minutes=30)
    return plain((then + ahead).strftime("%Y-%m-%dT%H:%M") + form, then, then, False)


def local_when(die: Die, hour: int) -> Written:
    """A date, a part of the day, a local hour, a local time with minutes."""
    then = hours_in(hour)
    day = then.replace(hour=0)
    form = weighed(die, {"hour": 30, "date": 30, "part": 20, "minutes": 20})
    if form == "hour":
        return plain(then.strftime("%Y-%m-%dT%H"), then, then + timedelta(hours=1), True)
    if form == "minutes":
        return plain(then.strftime("%Y-%m-%dT%H:%M"), then, then, True)
    mark = pick(die, "?~%") if chance(die, 15) else ""
    if form == "date":
        return plain(day.strftime("%Y-%m-%d") + mark, day, day + timedelta(days=1), True)
    part = pick(die, list(PARTS))
    first, last = PARTS[part]
    return plain(day.strftime(f"%Y-%m-%d {part}"), day + timedelta(hours=first), day + timedelta(hours=last), True)


def mask(die: Die) -> Written:
    """Months, years, and days of which only the tens are known."""
    text, first, last = pick(
        die,
        [
            ("2024-11-2X", (2024, 11, 20), (2024, 11, 30)),
            ("2024-11-3X", (2024, 11, 30), (2024, 12, 1)),
            ("2024-12-0X", (2024, 12, 1), (2024, 12, 10)),
            ("2024-11-XX", (2024, 11, 1), (2024, 12, 1)),
            ("2024-11", (2024, 11, 1), (2024, 12, 1)),
            ("2024-12~", (2024, 12, 1), (2025, 1, 1)),
            ("2024-XX-XX", (2024, 1, 1), (2025, 1, 1)),
            ("2024-XX", (2024, 1, 1), (2025, 1, 1)),
            ("2024", (2024, 1, 1), (2025, 1, 1)),
        ],
    )
    return plain(text, datetime(*first, tzinfo=UTC), datetime(*last, tzinfo=UTC), True)


def two_ends(die: Die, make: Callable[[Die, int], Written]) -> tuple[Written, Written]:
    """Two ends in order, both of a kind, so that they stay in order in every zone."""
    hours = sorted((some_hour(die), some_hour(die)))
    first, second = make(die, hours[0]), make(die, hours[1])
    assert first.earliest is not None and second.latest is not None
    return (first, second) if first.earliest <= second.latest else (second, first)


def closed_window(die: Die) -> Written:
    """Any window without an open latest end."""
    form = weighed(die, {"instant": 34, "[..]": 22, "/": 20, "local": 14, "mask": 4, "[..B]": 3, "../B": 3})
    if form == "instant":
        return instant(die, some_hour(die))
    if form == "local":
        return local_when(die, some_hour(die))
    if form == "mask":
        return mask(die)
    first, second = two_ends(die, local_when if chance(die, 30) else instant)
    if form == "[..]":
        text = f"[{first.text}..{second.text}]"
    elif form == "/":
        text = f"{first.text}/{second.text}"
    else:
        text = f"[..{second.text}]" if form == "[..B]" else f"../{second.text}"
    earliest = None if "B" in form else first.earliest
    return Written(text, earliest, second.latest, second.local, text)


def window(die: Die) -> Written:
    """Any window; one in ten with an open latest end."""
    if not chance(die, 10):
        return closed_window(die)
    begun = local_when(die, some_hour(die)) if chance(die, 30) else instant(die, some_hour(die))
    text = f"[{begun.text}..]" if chance(die, 50) else f"{begun.text}/.."
    return Written(text, begun.earliest, None, begun.local, begun.text)


def written_at(written: Written, recorded_at: int) -> str:
    """What to write of a window in an event recorded then: an open end is not to begin after it."""
    margin = ZONES if written.local else 0
    if written.latest is None and written.earliest is not None and written.earliest + margin > recorded_at:
        return written.closed
    return written.text


# ---------------------------------------------------------------------------------------------------------------
# Recipes: what to do, with every other thing by its number
# ---------------------------------------------------------------------------------------------------------------

KINDS = {
    "neighbourhood": 28, "facility": 16, "town": 10, "village": 9, "city": 5, "base": 5, "hill": 4, "road": 3,
    "crossing": 3, "district": 6, "area": 5, "governorate": 4, "country": 2,
}  # fmt: skip
FIRST_KINDS = {"town": 45, "city": 35, "village": 10, "district": 3, "country": 2, "area": 3, "hill": 2}
OPENING_PARENTS = {"previous": 50, "first": 25, "any": 15, "none": 10}
HAPPENINGS = {
    "nothing": 2, "report": 46, "story": 22, "correction": 9, "assessment": 7, "retraction": 4, "alignment": 5,
    "place": 2, "force": 2, "source": 1,
}  # fmt: skip
PLACE_NUMBERS = {0: 47, 1: 27, 2: 11, 3: 5, 4: 4, 5: 3, 6: 2, 7: 1}
FORCE_NUMBERS = {0: 34, 1: 30, 2: 14, 3: 9, 4: 6, 5: 4, 6: 3}
STORIES = [  # effect and forces at one place; in upper case at the first place, which is mostly a settlement around it;
    # with ~ at some time in a window, with = all through it
    "takes a, holds b, holds b",
    "takes a, holds b, holds b",
    "takes a, holds b, holds b, holds b",
    "takes a, holds b, holds b, holds a",
    "takes a, holds b, holds b, takes a",
    "takes a, holds b, takes ac, holds b",
    "takes a, holds b, holds c, holds bc",
    "TAKES a, holds b, holds a",
    "HOLDS a, contests b, loses b",
    "holds a, contests ab, loses b",
    "holds a, contests b, loses a",
    "contests ab, loses b, holds a",
    "contests abc, loses c",
    "takes a, contests bc, loses b, loses c",
    "contests ab, holds a, contests b",
    "contests~ ab, holds= a",
    "contests= ab, takes a, loses b",
    "contests= abc, loses c, holds a",
    "loses b, contests~ ab, loses~ b",
    "takes~ a, takes~ b, holds= a",
    "takes a, takes~ ab, takes~ b",
    "contests b, takes a, loses b",
    "takes a, loses a",
    "takes ab, loses b, loses a",
    "takes ab, takes a",
    "takes a, takes ab, takes b",
    "holds a, takes b, takes b",
    "TAKES a, LOSES a, takes b",
]
LAGS = {0: 45, 1: 20, 3: 15, 6: 12, 24: 8}
OTHER_CLAIMS: list[dict[str, Any]] = [
    {"kind": "presence", "place": 0, "forces": [1]},
    {"kind": "clash", "places": [0], "forces": [0, 1], "intensity": "heavy"},
    {"kind": "strike", "places": [0], "weapon": "air", "count": {"low": 1, "high": 3}},
    {"kind": "casualties", "places": [0], "of": "civilians", "killed": {"low": 2, "best": 3, "high": 5}},
    {"kind": "movement", "forces": [1], "what": "withdrawal"},
    {"kind": "operation", "forces": [0], "stage": "launched"},
    {"kind": "agreement", "parties": [0, 1], "places": [0], "terms": "they leave by the road"},
    {"kind": "joining", "force": 1, "alongside": [0]},
    {"kind": "denial", "of": 0},
]


def number(die: Die, weights: Mapping[int, int]) -> int:
    """A thing's number: mostly of the first few."""
    return die.below(1000) if chance(die, 5) else weighed(die, weights)


def control_claim(die: Die) -> Recipe:
    forces = [number(die, FORCE_NUMBERS) for _ in range(weighed(die, {1: 66, 2: 24, 3: 10}))]
    claim: Recipe = {
        "kind": "control",
        "place": number(die, PLACE_NUMBERS),
        "forces": forces,
        "effect": weighed(die, {"takes": 28, "holds": 32, "loses": 20, "contests": 20}),
    }
    if chance(die, 10):
        claim["means"] = pick(die, ["assault", "agreement", "withdrawal", "unopposed"])
    return claim


def some_claim(die: Die) -> Recipe:
    claim = dict(pick(die, OTHER_CLAIMS)) if chance(die, 8) else control_claim(die)
    if chance(die, 30):
        claim["occurred"] = window(die)
    if chance(die, 5):
        claim["event"] = pick(die, ["the-fall", "the-truce"])
    return claim


def figure(die: Die, with_best: bool) -> dict[str, int]:
    """Small numbers, so that figures for one thing are often the same, overlap or conflict."""
    low = die.below(5)
    found = {"low": low}
    high = low + die.below(4)
    if with_best and chance(die, 60):
        found["best"] = low + die.below(high - low + 1)
    if chance(die, 75):
        found["high"] = high
    return found


def counted_claim(die: Die) -> Recipe:
    """A claim for the tallies: casualties, a strike or a clash; mostly of one of three happenings."""
    kind = weighed(die, {"casualties": 50, "strike": 25, "clash": 20, "control": 5})
    if kind == "control":
        return some_claim(die)
    claim: Recipe = {
        "kind": kind,
        "places": [number(die, PLACE_NUMBERS) for _ in range(weighed(die, {1: 60, 2: 25, 0: 15}))],
    }
    forces = [number(die, FORCE_NUMBERS) for _ in range(weighed(die, {1: 50, 2: 30, 0: 20}))]
    if kind == "casualties":
        claim["of"] = "civilians" if chance(die, 20) else number(die, FORCE_NUMBERS)
        for measure, percent in (("killed", 80), ("injured", 40), ("captured", 20)):
            if chance(die, percent):
                claim[measure] = figure(die, with_best=True)
    elif kind == "strike":
        claim["by"] = forces
        if chance(die, 70):
            claim["count"] = figure(die, with_best=False)
    else:
        claim["forces"] = forces
    if chance(die, 40):
        claim["occurred"] = window(die)
    if chance(die, 65):
        claim["event"] = pick(die, ["the-fall", "the-truce", "the-raid"])
    return claim


def cited(die: Die) -> Recipe:
    """A report's source."""
    source: Recipe = {"source": die.below(6)}
    if chance(die, 60):
        source["published"] = window(die)
    if chance(die, 30):
        source["origin"] = die.below(6)
    if chance(die, 10):
        source["citation"] = "page 3"
    return source


def report(die: Die, claim: Throw = some_claim) -> Recipe:
    """A report's body without its id."""
    body: Recipe = {
        "text": pick(die, ["seen", "heard", "filmed"]),
        "occurred": window(die),
        "claims": [claim(die) for _ in range(weighed(die, {1: 60, 2: 25, 3: 10, 0: 5}))],
    }
    if chance(die, 50):
        body["credibility"] = weighed(die, dict(zip(GRADES, (20, 27, 16, 14, 8, 15), strict=True)))
    count = weighed(die, {0: 40, 1: 36, 2: 16, 3: 8})
    if count or chance(die, 20):
        body["sources"] = [cited(die) for _ in range(count)]
    return body


def moved(die: Die, effect: str, hour: int) -> Written:
    """A window around an hour: an instant, a moment in a wider window, or for what lasts a span."""
    forms = {"~": {"[..]": 1}, "=": {"/": 1}}
    form = weighed(die, forms.get(effect[-1], {"instant": 60, "[..]": 25, "/": 15}))
    effect = effect.rstrip("~=")
    first, last = instant(die, hour), instant(die, hour + 6 * pick(die, [1, 0, 2, 4]))
    if form == "instant" or (form == "/" and effect not in ("holds", "contests")):
        return first
    text = f"[{first.text}..{last.text}]" if form == "[..]" else f"{first.text}/{last.text}"
    return Written(text, first.earliest, last.latest, False, text)


def story(die: Die) -> list[Recipe]:
    """Several reports of one place that belong together, each of which may be missing."""
    place = number(die, PLACE_NUMBERS)
    start = weighed(die, {0: 50, 1: 30, 2: 10, 3: 10})
    cast = {"a": start, "b": start + 1, "c": start + 2}
    hour, grade = 6 * die.below(10), weighed(die, {"": 60, **dict.fromkeys(GRADES, 7)})
    voice = pick(die, [None, None, {"source": die.below(3)}, {"source": die.below(3), "origin": die.below(3)}])
    recipes = []
    for step in pick(die, STORIES).split(", "):
        effect, forces = step.split(" ")
        claim = {
            "kind": "control",
            "place": place if effect.islower() else 0,
            "forces": [cast[force] for force in forces],
            "effect": effect.lower().rstrip("~="),
        }
        body: Recipe = {"text": "told", "occurred": moved(die, effect.lower(), hour), "claims": [claim]}
        if chance(die, 15):
            body["credibility"] = pick(die, GRADES)
        elif grade:
            body["credibility"] = grade
        if voice is not None and chance(die, 80):
            body["sources"] = [voice, cited(die)] if chance(die, 35) else [voice]
        elif chance(die, 55):
            body["sources"] = [cited(die)]
        if not chance(die, 92):
            continue
        recipes.append({"type": "report", "letter": pick(die, "nks"), "lag": 0, "body": body})
        hour += 6 * weighed(die, {1: 50, 0: 20, 2: 15, 4: 10, -1: 5})
    if chance(die, 10):
        recipes.reverse()
    return recipes


def aligning(die: Die) -> Recipe:
    recipe: Recipe = {"force": number(die, FORCE_NUMBERS), "with": number(die, FORCE_NUMBERS)}
    make = local_when if chance(die, 15) else instant
    first, second = two_ends(die, make)
    recipe["from"] = first if chance(die, 45) else None
    recipe["until"] = second if chance(die, 45) else None
    return recipe


def registering(die: Die, what: str) -> Recipe:
    if what == "place":
        parent = None if chance(die, 15) else number(die, PLACE_NUMBERS)
        return {"kind": weighed(die, KINDS), "parent": parent}
    if what == "source":
        affiliation = number(die, FORCE_NUMBERS) if chance(die, 55) else None
        return {"reliability": pick(die, "BACDEF"), "affiliation": affiliation}
    return {"kind": pick(die, ["militia", "army"])}


def happening(die: Die, claim: Throw = some_claim) -> Recipe:
    """What happens next, of any type."""
    what = weighed(die, HAPPENINGS)
    recipe: Recipe = {"type": what, "lag": weighed(die, LAGS)}
    if what in ("report", "correction"):
        recipe |= {"letter": pick(die, "nks"), "target": die.below(50), "body": report(die, claim)}
    elif what in ("assessment", "retraction"):
        recipe |= {"target": die.below(50), "credibility": pick(die, GRADES)}
    elif what == "alignment":
        recipe["body"] = aligning(die)
    elif what == "story":
        recipe["steps"] = story(die)
    elif what != "nothing":
        recipe["body"] = registering(die, what)
    return recipe


def opening(die: Die) -> list[Recipe]:
    """The registrations that a log starts with: forces, sources, places inside each other, and who sides with whom."""
    recipes: list[Recipe] = []
    for _ in range(2 + weighed(die, {0: 15, 1: 25, 2: 25, 3: 15, 4: 12, 5: 8})):
        recipes.append({"type": "force", "lag": 0, "body": registering(die, "force")})
    for _ in range(3 + die.below(4)):
        recipes.append({"type": "source", "lag": 0, "body": registering(die, "source")})
    for nth in range(2 + die.below(7)):
        kind = weighed(die, KINDS if nth else FIRST_KINDS)
        parents = {"previous": nth - 1, "first": 0, "any": die.below(max(nth, 1)), "none": None}
        parent = parents[weighed(die, OPENING_PARENTS)] if nth else None
        recipes.append({"type": "place", "lag": 0, "body": {"kind": kind, "parent": parent}})
    for _ in range(weighed(die, {0: 20, 1: 25, 2: 25, 3: 20, 5: 10})):
        recipes.append({"type": "alignment", "lag": 0, "body": aligning(die)})
    return recipes


# ---------------------------------------------------------------------------------------------------------------
# Assembly: recipes into valid events
# ---------------------------------------------------------------------------------------------------------------


class Span(NamedTuple):
    """That a force is aligned with another, from `start` until `until`, at the widest any zone makes it."""

    force: str
    other: str
    start: int
    until: int


def sound(alignments: Sequence[Span]) -> bool:
    """Whether at every instant each force has at most one it is aligned with, and there is no circle."""
    for at in {a.start for a in alignments}:
        active = [a for a in alignments if a.start <= at < a.until]
        others = {a.force: a.other for a in active}
        if len(others) < len(active):
            return False
        for force in others:
            seen = {force}
            while force in others:
                force = others[force]
                if force in seen:
                    return False
                seen.add(force)
    return True


def unique(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))


@dataclass
class Assembly:
    """A log in the making."""

    clock: int
    events: list[Event] = field(default_factory=list)
    forces: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    filed: list[str] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)
    alignments: list[Span] = field(default_factory=list)

    def add(self, recipe: Recipe) -> None:
        """One more event; a story's several; none where the recipe can't be followed."""
        what = recipe["type"]
        clock = self.clock + recipe["lag"] * HOUR
        if what == "story":
            for step in recipe["steps"]:
                self.add(step)
        elif what == "report" or (what == "correction" and not self.alive):
            name = f"{recipe['letter']}{len(self.filed) + 1}"
            self.append("report", name, {"id": name, **self.report(recipe["body"], clock)}, clock)
            self.filed.append(name)
            self.alive.append(name)
        elif what in ("correction", "assessment", "retraction") and self.alive:
            self.revise(recipe, self.alive[recipe["target"] % len(self.alive)], clock)
        elif what == "alignment":
            self.align(recipe["body"], clock)
        elif what in ("force", "source", "place"):
            self.register(what, recipe["body"], clock)

    def append(self, what: str, target: str, body: dict[str, Any], clock: int) -> None:
        self.clock = clock
        self.events.append(
            {"position": len(self.events) + 1, "recorded_at": clock, "type": what, "id": target, "body": body}
        )

    def revise(self, recipe: Recipe, target: str, clock: int) -> None:
        reason = f"on second thought, {len(self.events)}"  # so no two are the same
        if recipe["type"] == "correction":
            self.append("correction", target, {**self.report(recipe["body"], clock), "reason": reason}, clock)
        elif recipe["type"] == "assessment":
            self.append("assessment", target, {"credibility": recipe["credibility"], "reason": reason}, clock)
        else:
            self.append("retraction", target, {"reason": reason}, clock)
            self.alive.remove(target)

    def register(self, what: str, recipe: Recipe, clock: int) -> None:
        known = {"force": self.forces, "source": self.sources, "place": self.places}[what]
        name = f"{what[0]}{len(known) + 1}"
        body = {"id": name, "name": f"{what.title()} {len(known) + 1}", **recipe}
        for reference, among in (("parent", self.places), ("affiliation", self.forces)):
            if body.get(reference) is None or not among:
                body.pop(reference, None)
            else:
                body[reference] = among[body[reference] % len(among)]
        known.append(name)
        self.append(what, name, body, clock)

    def align(self, recipe: Recipe, clock: int) -> None:
        force, other = self.force(recipe["force"]), self.force(recipe["with"])
        start, until = -FAR, FAR
        body: dict[str, Any] = {"with": other}
        if recipe["from"] is not None:
            body["from"] = recipe["from"].text
            start = recipe["from"].earliest - (ZONES if recipe["from"].local else 0)
        if recipe["until"] is not None:
            body["until"] = recipe["until"].text
            until = recipe["until"].latest + (ZONES if recipe["until"].local else 0)
        ends = recipe["from"], recipe["until"]
        empty = None not in ends and ends[0].earliest >= ends[1].latest
        more = [*self.alignments, Span(force, other, start, until)]
        if force != other and not empty and sound(more):
            self.alignments = more
            self.append("alignment", force, body, clock)

    def report(self, recipe: Recipe, clock: int) -> dict[str, Any]:
        body = {**recipe, "occurred": written_at(recipe["occurred"], clock)}
        body["claims"] = [self.claim(claim, clock) for claim in recipe["claims"]]
        if "sources" in recipe:
            sources = {cited["source"] % len(self.sources): cited for cited in recipe["sources"]}
            body["sources"] = [self.cited(cited, clock) for cited in sources.values()]
        return body

    def cited(self, recipe: Recipe, clock: int) -> dict[str, Any]:
        source = dict(recipe)
        for reference in ("source", "origin"):
            if reference in source:
                source[reference] = self.sources[source[reference] % len(self.sources)]
        if "published" in source:
            source["published"] = written_at(source["published"], clock)
        return source

    def claim(self, recipe: Recipe, clock: int) -> dict[str, Any]:
        if recipe["kind"] == "denial" and not self.filed:
            recipe = {**recipe, "kind": "presence", "place": 0, "forces": [0]}
            del recipe["of"]
        claim = dict(recipe)
        if "occurred" in claim:
            claim["occurred"] = written_at(claim["occurred"], clock)
        for several in ("forces", "parties", "alongside", "by", "against"):
            if several in claim:
                claim[several] = unique([self.force(n) for n in claim[several]])
        if "force" in claim:
            claim["force"] = self.force(claim["force"])
        if "place" in claim:
            claim["place"] = self.places[claim["place"] % len(self.places)]
        if "places" in claim:
            claim["places"] = unique([self.places[n % len(self.places)] for n in claim["places"]])
        if claim["kind"] == "casualties" and claim["of"] != "civilians":
            claim["of"] = self.force(claim["of"])
        if claim["kind"] == "denial":
            claim["of"] = self.filed[claim["of"] % len(self.filed)]
        return claim

    def force(self, n: int) -> str:
        return self.forces[n % len(self.forces)]


def begin(die: Die) -> Assembly:
    """An assembly at the hour its log begins: after the three days, among them or before."""
    return Assembly(clock=micro(START) + HOUR * weighed(die, {96: 40, 48: 20, 24: 10, 0: 20, -24: 10}))


def random_log(rng: random.Random, events: int) -> list[Event]:
    """A valid log of so many events, the opening registrations among them (which are at least seven)."""
    die = RandomDie(rng)
    assembly = begin(die)
    for recipe in opening(die):
        assembly.add(recipe)
    while len(assembly.events) < events:
        assembly.add(happening(die))
    return assembly.events[:events]


def logs(min_events: int = 4, max_events: int = 30, claim: Throw = some_claim) -> st.SearchStrategy[list[Event]]:
    """Valid logs. So many events (a story of several reports is one) are tried after the opening registrations;
    one that can't be is left out."""

    @st.composite
    def made(draw: st.DrawFn) -> list[Event]:
        die = DrawnDie(draw)
        assembly = begin(die)
        for recipe in opening(die):
            assembly.add(recipe)
        for _ in range(min_events + die.below(max_events - min_events + 1)):
            assembly.add(happening(die, claim))
        return assembly.events

    return made()


# ---------------------------------------------------------------------------------------------------------------
# Questions
# ---------------------------------------------------------------------------------------------------------------


class Question(NamedTuple):
    place: str
    at: int
    known_at: int
    policy: dict[str, Any]
    by_side: bool


WHEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[?~%]?(?: (?P<part>[a-z]+)|T(?P<hour>\d\d)(?P<minute>:\d\d[0-9:.]*)?"
    r"(?:Z|(?P<offset>[+-]\d\d:\d\d))?)?"
)


def ends_of(text: str) -> set[int]:
    """The ends of the days and times that a window names (masks apart), as read in UTC."""
    ends = set()
    for found in WHEN.finditer(text):
        begun = datetime.fromisoformat(found["day"] + "T" + (found["hour"] or "00") + ":00:00" + "+00:00")
        lasts = (0, 24)
        if found["part"]:
            lasts = PARTS[found["part"]]
        elif found["minute"]:
            begun = datetime.fromisoformat(f"{found['day']}T{found['hour']}{found['minute'][:3]}+00:00")
            lasts = (0, 0)
        elif found["hour"]:
            lasts = (0, 1)
        if found["offset"]:
            ahead = timedelta(hours=int(found["offset"][1:3]), minutes=int(found["offset"][4:]))
            begun -= ahead if found["offset"][0] == "+" else -ahead
        ends |= {micro(begun + timedelta(hours=hours)) for hours in lasts}
    return ends


def window_ends(log: Sequence[Event]) -> list[int]:
    """The ends of the windows that a log names, and of its recordings, which end the open ones."""
    ends: set[int] = set()
    for event in log:
        body = event["body"]
        texts = [body.get("occurred"), body.get("from"), body.get("until")]
        texts += [claim.get("occurred") for claim in body.get("claims", [])]
        ends |= {end for text in texts if text for end in ends_of(text)}
        if any(text and (text.endswith("/..") or text.endswith("..]")) for text in texts):
            ends.add(event["recorded_at"])
    return sorted(ends)


def some_policy(die: Die, sources: Sequence[str]) -> dict[str, Any]:
    policy: dict[str, Any] = {}
    if chance(die, 45):
        policy["lens"] = weighed(die, {"default": 25, "everything": 50, "strict": 25})
    if chance(die, 20):
        policy["min_credibility"] = pick(die, GRADES)
    if chance(die, 20):
        policy["against_interest"] = not chance(die, 20)
    for part in ("sources", "exclude_sources"):
        if sources and chance(die, 10):
            policy[part] = unique([sources[min(number(die, PLACE_NUMBERS), len(sources) - 1)] for _ in range(2)])
    if chance(die, 9):
        policy["published_by"] = micro(hours_in(some_hour(die))) - (1 if chance(die, 20) else 0)
    return policy


def some_question(die: Die, log: Sequence[Event]) -> Question:
    """A place that is registered by then, at a window's end or an hour, as known at the end or earlier."""
    first = next(event["position"] for event in log if event["type"] == "place")
    known_at = len(log) if chance(die, 75) else first + die.below(len(log) - first + 1)
    known = log[:known_at]
    places = [event["id"] for event in known if event["type"] == "place"]
    sources = [event["id"] for event in known if event["type"] == "source"]
    place = places[number(die, PLACE_NUMBERS) % len(places)]
    ends = window_ends(known)
    if ends and chance(die, 80):
        at = max(pick(die, ends), pick(die, ends)) + weighed(die, {0: 60, -1: 25, 1: 15})
    else:
        at = micro(hours_in(some_hour(die))) + 24 * HOUR * weighed(die, {0: 80, 20: 10, -300: 5, 40: 5})
    return Question(place, at, known_at, some_policy(die, sources), chance(die, 25))


def policies(sources: Sequence[str] = ("s1", "s2", "s3")) -> st.SearchStrategy[dict[str, Any]]:
    """Policies; the sources s1 to s3 are in every log from its opening on."""

    @st.composite
    def made(draw: st.DrawFn) -> dict[str, Any]:
        return some_policy(DrawnDie(draw), sources)

    return made()


def questions(log: Sequence[Event]) -> st.SearchStrategy[Question]:
    """Questions about a log."""

    @st.composite
    def made(draw: st.DrawFn) -> Question:
        return some_question(DrawnDie(draw), log)

    return made()


def random_question(rng: random.Random, log: Sequence[Event]) -> Question:
    return some_question(RandomDie(rng), log)
