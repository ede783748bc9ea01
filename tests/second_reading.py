"""A second reading of control.md, written from that page alone, as plainly and as slowly as it reads.
Tests hold the service to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

Event = Mapping[str, Any]
Time = float  # microseconds since 1970 UTC: always an int, but for the two infinities

ALWAYS: Time = float("-inf")
FOREVER: Time = float("inf")
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# ---------------------------------------------------------------------------------------------------------------
# §2 When: the window of a claim
# ---------------------------------------------------------------------------------------------------------------


class Unreadable(ValueError):
    """§2: refused, with the 0-based position of the first character that can't be read."""

    def __init__(self, position: int) -> None:
        super().__init__(f"can't be read from character {position} on")
        self.position = position


class Refused(ValueError):
    """§2: refused as a whole."""


@dataclass(frozen=True)
class Window:
    """§2: from the earliest to the latest of one `when`."""

    earliest: Time
    latest: Time


@dataclass(frozen=True)
class Occurred:
    """§2: `occurred` as read; `first` and `second` are the ends of A/B and [A..B], None where an end is open."""

    first: Window | None
    second: Window | None
    slash: bool

    @property
    def earliest(self) -> Time:
        """§2, table: the earliest of A; minus infinity if that end is open."""
        return ALWAYS if self.first is None else self.first.earliest

    @property
    def latest(self) -> Time | None:
        """§2, table: the latest of B; None if that end is open, which is until the recording."""
        return None if self.second is None else self.second.latest

    def window(self, recorded_at: int) -> Window:
        """§2: the window, for an event recorded then; refused if an open end's earliest lies after the recording."""
        latest = recorded_at if self.latest is None else self.latest
        if latest < self.earliest:
            raise Refused("an open end whose earliest lies after the recording")
        return Window(self.earliest, latest)

    def core(self, recorded_at: int) -> Window | None:
        """§3: what a span surely covers; None if this is no window of a span."""
        if not self.slash:
            return None
        begun = ALWAYS if self.first is None else self.first.latest
        ending = recorded_at if self.second is None else self.second.earliest
        return Window(begun, ending) if begun < ending else None


def offset(instant: int, zone: ZoneInfo) -> int:
    """How far the zone's clocks are ahead of UTC then (at the far ends of the calendar: as two days within)."""
    lowest, highest = datetime.min + timedelta(days=2), datetime.max - timedelta(days=2)
    days, rest = divmod(instant, DAY)
    if days + EPOCH.toordinal() <= lowest.toordinal():
        then = lowest.replace(tzinfo=UTC)
    elif days + EPOCH.toordinal() >= highest.toordinal():
        then = highest.replace(tzinfo=UTC)
    else:
        then = EPOCH + timedelta(days=days, microseconds=rest)
    ahead = then.astimezone(zone).utcoffset()
    assert ahead is not None
    return ahead // timedelta(microseconds=1)


@lru_cache(maxsize=100_000)
def readings(local: int, timezone: str) -> Window:
    """§2: a local time, from its first to its second reading; where a clock change leaves it out, the first
    instant after the gap. `local` counts the microseconds of the local clock since its own 1970."""
    zone = ZoneInfo(timezone)
    offsets = {offset(local + hours * HOUR, zone) for hours in range(-26, 27)}
    found = sorted(local - ahead for ahead in offsets if offset(local - ahead, zone) == ahead)
    if found:
        return Window(found[0], found[-1])
    before, after = local - 26 * HOUR, local + 26 * HOUR
    while after - before > 1:
        middle = (before + after) // 2
        if middle + offset(middle, zone) < local:
            before = middle
        else:
            after = middle
    return Window(after, after)


def between(start: int, following: int, timezone: str) -> Window:
    """§2, table: from the start of a span to the start of what follows it, both local, each at its first reading."""
    return Window(readings(start, timezone).earliest, readings(following, timezone).earliest)


def midnight(year: int, month: int, day: int) -> int:
    """The local clock at the start of a day; month 13 is the next January."""
    if month > 12:
        return (date(year, 12, 31).toordinal() + 1 - EPOCH.toordinal()) * DAY
    return (date(year, month, day).toordinal() - EPOCH.toordinal()) * DAY


def month_length(year: int, month: int) -> int:
    return (midnight(year, month + 1, 1) - midnight(year, month, 1)) // DAY


PARTS = {
    "overnight": (0, 6),
    "early": (0, 9),
    "morning": (6, 12),
    "afternoon": (12, 17),
    "evening": (17, 21),
    "late": (18, 24),
    "night": (21, 28),
}


class Reader:
    """§2, the grammar. Each method reads one thing from a position on, and yields where it ends with what it
    is, for every way to read it; `reached` is the first character that no way has been able to read."""

    def __init__(self, text: str, timezone: str) -> None:
        self.text = text
        self.timezone = timezone
        self.reached = 0

    def words(self, at: int, words: Iterable[str]) -> Iterator[tuple[int, str]]:
        for word in words:
            same = 0
            while same < len(word) and self.text[at + same : at + same + 1] == word[same]:
                same += 1
            self.reached = max(self.reached, at + same)
            if same == len(word):
                yield at + same, word

    def number(self, at: int, lowest: int, highest: int) -> Iterator[tuple[int, int]]:
        """Two digits, from the lowest to the highest."""
        for end, word in self.words(at, [f"{n:02}" for n in range(lowest, highest + 1)]):
            yield end, int(word)

    def digits(self, at: int, most: int) -> Iterator[tuple[int, str]]:
        """One digit up to the most, every number of them."""
        for end, digit in self.words(at, "0123456789"):
            yield end, digit
            if most > 1:
                for further, rest in self.digits(end, most - 1):
                    yield further, digit + rest

    def year(self, at: int) -> Iterator[tuple[int, int]]:
        """0001 to 9999."""
        for three, begun in self.digits(at, 3):
            if len(begun) == 3:
                for end, last in self.words(three, "123456789" if begun == "000" else "0123456789"):
                    yield end, int(begun + last)

    def month(self, at: int) -> Iterator[tuple[int, tuple[int, int]]]:
        for dash, year in self.year(at):
            for start, _ in self.words(dash, ["-"]):
                for end, month in self.number(start, 1, 12):
                    yield end, (year, month)

    def day(self, at: int) -> Iterator[tuple[int, int]]:
        """A real one; yields the local clock at its start."""
        for dash, (year, month) in self.month(at):
            for start, _ in self.words(dash, ["-"]):
                for end, day in self.number(start, 1, month_length(year, month)):
                    yield end, midnight(year, month, day)

    def clock(self, at: int, from_minutes: bool) -> Iterator[tuple[int, int]]:
        """day "T" hh, or with minutes: day "T" hh ":" mm [":" ss ["." 1 to 6 digits]]; yields the local clock."""
        for tee, day in self.day(at):
            for start, _ in self.words(tee, ["T"]):
                for hours_end, hours in self.number(start, 0, 23):
                    if not from_minutes:
                        yield hours_end, day + hours * HOUR
                        continue
                    for colon, _ in self.words(hours_end, [":"]):
                        for end, minutes in self.number(colon, 0, 59):
                            for last, seconds in self.seconds(end):
                                yield last, day + hours * HOUR + minutes * MINUTE + seconds

    def seconds(self, at: int) -> Iterator[tuple[int, int]]:
        """[":" ss ["." 1 to 6 digits]]"""
        yield at, 0
        for start, _ in self.words(at, [":"]):
            for end, seconds in self.number(start, 0, 59):
                yield end, seconds * SECOND
                for point, _ in self.words(end, ["."]):
                    for last, fraction in self.digits(point, 6):
                        yield last, seconds * SECOND + int(fraction.ljust(6, "0"))

    def offset(self, at: int) -> Iterator[tuple[int, int]]:
        """One of "Z", or "+" or "-" and hh ":" mm, at most 14:00."""
        for end, _ in self.words(at, ["Z"]):
            yield end, 0
        for start, sign in self.words(at, "+-"):
            for colon, hours in self.number(start, 0, 14):
                for minute, _ in self.words(colon, [":"]):
                    for end, minutes in self.number(minute, 0, 0 if hours == 14 else 59):
                        yield end, (hours * HOUR + minutes * MINUTE) * (1 if sign == "+" else -1)

    def instant(self, at: int) -> Iterator[tuple[int, Window]]:
        for start, local in self.clock(at, from_minutes=True):
            for end, ahead in self.offset(start):
                yield end, Window(local - ahead, local - ahead)

    def local(self, at: int) -> Iterator[tuple[int, Window]]:
        """A local hour is a span; a local time with minutes is from its first to its second reading."""
        for end, local in self.clock(at, from_minutes=False):
            yield end, between(local, local + HOUR, self.timezone)
        for end, local in self.clock(at, from_minutes=True):
            yield end, readings(local, self.timezone)

    def masked(self, at: int) -> Iterator[tuple[int, tuple[int, int]]]:
        """YYYY-MM-dX | YYYY-MM-XX | YYYY-XX | YYYY-XX-XX; yields where the span starts and where the next does."""
        for start, year in self.year(at):
            for end, _ in self.words(start, ["-XX", "-XX-XX"]):
                yield end, (midnight(year, 1, 1), midnight(year, 13, 1))
        for start, (year, month) in self.month(at):
            length = month_length(year, month)
            for end, _ in self.words(start, ["-XX"]):
                yield end, (midnight(year, month, 1), midnight(year, month + 1, 1))
            for tens in range(0, length // 10 + 1):
                for end, _ in self.words(start, [f"-{tens}X"]):
                    first, last = max(1, tens * 10), min(length, tens * 10 + 9)
                    yield end, (midnight(year, month, first), midnight(year, month, last) + DAY)

    def date(self, at: int) -> Iterator[tuple[int, tuple[int, int]]]:
        """YYYY | YYYY-MM | masked, without a mark (`day` is apart, for a part may follow it)."""
        for end, year in self.year(at):
            yield end, (midnight(year, 1, 1), midnight(year, 13, 1))
        for end, (year, month) in self.month(at):
            yield end, (midnight(year, month, 1), midnight(year, month + 1, 1))
        yield from self.masked(at)

    def mark(self, at: int) -> Iterator[int]:
        """["?" | "~" | "%"], which moves nothing."""
        yield at
        for end, _ in self.words(at, "?~%"):
            yield end

    def when(self, at: int) -> Iterator[tuple[int, Window]]:
        """instant | local | date | date " " part, where a part follows a day only."""
        yield from self.instant(at)
        yield from self.local(at)
        for plain, (start, following) in self.date(at):
            for end in self.mark(plain):
                yield end, between(start, following, self.timezone)
        for plain, day in self.day(at):
            for end in self.mark(plain):
                yield end, between(day, day + DAY, self.timezone)
                for space, _ in self.words(end, [" "]):
                    for last, part in self.words(space, PARTS):
                        begins, ends = PARTS[part]
                        yield last, between(day + begins * HOUR, day + ends * HOUR, self.timezone)

    def end(self, at: int) -> Iterator[tuple[int, Window | None]]:
        yield from self.when(at)
        for end, _ in self.words(at, [".."]):
            yield end, None

    def maybe(self, at: int) -> Iterator[tuple[int, Window | None]]:
        yield at, None
        yield from self.when(at)

    def occurred(self, at: int) -> Iterator[tuple[int, Occurred]]:
        """when | end "/" end | "[" [when] ".." [when] "]" """
        for end, window in self.when(at):
            yield end, Occurred(window, window, slash=False)
        for middle, first in self.end(at):
            for start, _ in self.words(middle, ["/"]):
                for end, second in self.end(start):
                    yield end, Occurred(first, second, slash=True)
        for begun, _ in self.words(at, ["["]):
            for middle, first in self.maybe(begun):
                for start, _ in self.words(middle, [".."]):
                    for bracket, second in self.maybe(start):
                        for end, _ in self.words(bracket, ["]"]):
                            yield end, Occurred(first, second, slash=False)


@lru_cache(maxsize=100_000)
def parse_occurred(text: str, timezone: str) -> Occurred:
    """§2: reads `occurred`. Refused as a whole: latest before earliest, both ends open."""
    reader = Reader(text, timezone)
    for end, occurred in reader.occurred(0):
        if end == len(text):
            if occurred.first is None and occurred.second is None:
                raise Refused("both ends open")
            if occurred.latest is not None and occurred.latest < occurred.earliest:
                raise Refused("latest before earliest")
            return occurred
    raise Unreadable(reader.reached)


def parse_instant(text: str) -> int:
    """§2: `instant`, as microseconds since 1970 UTC."""
    reader = Reader(text, "UTC")
    for end, window in reader.instant(0):
        if end == len(text):
            return int(window.earliest)
    raise Unreadable(reader.reached)


# ---------------------------------------------------------------------------------------------------------------
# §3 What a control claim says
# ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """§3: a control claim. `e` and `l` are those of its window as written until `sharpened` says otherwise;
    `grade` is 0 for the best; `sources` are those of its report that the policy left (§5, rule 2)."""

    report: str
    index: int
    place: str
    effect: str
    forces: frozenset[str]
    grade: int
    sources: frozenset[str]
    span: bool
    e: Time
    l: Time  # noqa: E741 (the page's own name)

    @property
    def t(self) -> Time:
        """§3: e for a span, l for a moment."""
        return self.e if self.span else self.l

    def settled(self, q: Time) -> bool:
        """§3: t(c) ≤ q."""
        return self.t <= q

    def pending(self, q: Time) -> bool:
        """§3: a moment with e ≤ q < l."""
        return not self.span and self.e <= q < self.l

    def later(self, c: Claim) -> bool:
        """§3: this is later than c if e ≥ l(c) and [e, l] differs between them."""
        return self.e >= c.l and (self.e, self.l) != (c.e, c.l)

    @property
    def order(self) -> tuple[Time, Time, str, int]:
        """§5, rule 6: claims go by (t, e, report id, index in the report)."""
        return (self.t, self.e, self.report, self.index)


@dataclass(frozen=True, eq=False)
class World:
    """What is known at `known_at` under a policy: the registries, and the control claims."""

    kinds: Mapping[str, str]
    parents: Mapping[str, str | None]
    affiliations: Mapping[str, str | None]
    alignments: Sequence[Alignment]
    counted: Sequence[Claim]  # §4, as sharpened by §3
    left_out: Sequence[Claim]  # by min_credibility or against_interest or both, and nothing else; as written


def can_sharpen(world: World, d: Claim, c: Claim) -> bool:
    """§3: whether the moment c is sharpened by the moment d, both counted, by their windows as written."""
    if c.span or d.span or d.place != c.place:
        return False
    inside = d.e >= c.e and d.l <= c.l and (d.e, d.l) != (c.e, c.l)
    effects = d.effect == c.effect or (c.effect == "holds" and d.effect == "takes")
    if not inside or not effects or d.grade > c.grade:
        return False
    both = max(c.l, d.l)
    return sides(world, c.forces, both) == sides(world, d.forces, both)


def sharpened(world: World, c: Claim, counted: Sequence[Claim]) -> Claim:
    """§3: c with the window, as written, of the narrowest that sharpens it (the least l - e, then e, then l)."""
    windows = [(d.l - d.e, d.e, d.l) for d in counted if can_sharpen(world, d, c)]
    if not windows:
        return c
    _, e, l = min(windows)  # noqa: E741
    return replace(c, e=e, l=l)


# ---------------------------------------------------------------------------------------------------------------
# §4 Which claims count
# ---------------------------------------------------------------------------------------------------------------

GRADES = ["confirmed", "probable", "possible", "doubtful", "improbable", "unverified"]
LENSES: dict[str, dict[str, Any]] = {
    "default": {},
    "strict": {"min_credibility": "probable", "against_interest": True},
    "everything": {"min_credibility": "unverified"},
}


@dataclass(frozen=True)
class Policy:
    """§4: the parts of a policy, with their defaults."""

    sources: Sequence[str] | None = None
    exclude_sources: Sequence[str] = ()
    published_by: int | None = None
    min_credibility: str = "possible"
    against_interest: bool = False


def read_policy(policy: Mapping[str, Any]) -> Policy:
    """§4: a lens, where what is given beside it replaces that part of it."""
    parts = {**LENSES[policy.get("lens") or "default"], **{k: v for k, v in policy.items() if v is not None}}
    parts.pop("lens", None)
    return Policy(**parts)


@dataclass(frozen=True)
class Alignment:
    """§4: a force is aligned with another from `start` until, not including, `until`."""

    force: str
    other: str
    start: Time
    until: Time


@lru_cache(maxsize=10_000)
def chain(world: World, force: str, at: Time) -> tuple[str, ...]:
    """§4: a force, the one it is aligned with at that instant, the one that is aligned with, and so on."""
    found = [force]
    while True:
        others = [a.other for a in world.alignments if a.force == found[-1] and a.start <= at < a.until]
        if not others:
            return tuple(found)
        (other,) = others  # at any instant at most one
        assert other not in found, "there is no circle"
        found.append(other)


def covers(world: World, x: str, y: str, at: Time) -> bool:
    """§4: X covers Y at an instant if X is Y or stands in Y's chain of alignments."""
    return x in chain(world, y, at)


def sides(world: World, forces: Iterable[str], at: Time) -> frozenset[str]:
    """§4: a force's side is the last of its chain."""
    return frozenset(chain(world, force, at)[-1] for force in forces)


def agree(world: World, c: Claim, d: Claim) -> bool:
    """§4: the sides of one are all among the sides of the other, both judged at the later of their l."""
    at = max(c.l, d.l)
    of_c, of_d = sides(world, c.forces, at), sides(world, d.forces, at)
    return of_c <= of_d or of_d <= of_c


@dataclass(frozen=True)
class Report:
    """§4: a report as of `known_at`: its newest content, when that was recorded, and its grade."""

    id: str
    body: Mapping[str, Any]
    recorded_at: int
    grade: int


def reports(events: Sequence[Event]) -> list[Report]:
    """§4: each report's newest filing or correction, with the newest assessment; a retracted one counts no more."""
    known: dict[str, Report] = {}
    for event in events:
        kind, target, body = event["type"], event["id"], event["body"]
        if kind == "report":
            grade = GRADES.index(body.get("credibility") or "possible")
            known[target] = Report(target, body, event["recorded_at"], grade)
        elif kind == "correction":
            named = body.get("credibility")
            grade = known[target].grade if named is None else GRADES.index(named)
            known[target] = Report(target, body, event["recorded_at"], grade)
        elif kind == "assessment":
            known[target] = replace(known[target], grade=GRADES.index(body["credibility"]))
        elif kind == "retraction":
            del known[target]
    return list(known.values())


def sources_left(report: Report, policy: Policy, timezone: str) -> list[Mapping[str, Any]] | None:
    """§4: what `sources`, `exclude_sources` and `published_by` leave of a report's sources; None if the report
    does not count for it."""
    had: list[Mapping[str, Any]] = list(report.body.get("sources") or [])
    left = had
    if policy.sources is not None:
        left = [s for s in left if s["source"] in policy.sources]
    left = [s for s in left if s["source"] not in policy.exclude_sources]
    if policy.published_by is not None:
        left = [s for s in left if published_latest(s, report, timezone) <= policy.published_by]
    if left:
        return left
    needs_one = policy.sources is not None or policy.published_by is not None
    return None if had or needs_one else []


def published_latest(source: Mapping[str, Any], report: Report, timezone: str) -> Time:
    """§4, `published_by`: the latest of a source's `published`; one that has none was never published."""
    if source.get("published") is None:
        return FOREVER
    return parse_occurred(source["published"], timezone).window(report.recorded_at).latest


def speaks_for_itself(world: World, source: str, c: Claim) -> bool:
    """§4: a source that takes its own side's part on a claim."""
    affiliation = world.affiliations[source]
    if affiliation is None or c.effect == "contests":
        return False
    among = chain(world, affiliation, c.l)[-1] in sides(world, c.forces, c.l)
    return not among if c.effect == "loses" else among


def as_written(report: Report, index: int, left: Sequence[Mapping[str, Any]], timezone: str) -> Claim:
    """§3: a claim with its window as written; what a span surely covers, for a span."""
    body = report.body["claims"][index]
    occurred = parse_occurred(body.get("occurred") or report.body["occurred"], timezone)
    core = occurred.core(report.recorded_at) if body["effect"] in ("holds", "contests") else None
    window = occurred.window(report.recorded_at) if core is None else core
    return Claim(
        report=report.id,
        index=index,
        place=body["place"],
        effect=body["effect"],
        forces=frozenset(body["forces"]),
        grade=report.grade,
        sources=frozenset(s.get("origin") or s["source"] for s in left),
        span=core is not None,
        e=window.earliest,
        l=window.latest,
    )


def count(world: World, report: Report, policy: Policy, timezone: str) -> tuple[list[Claim], list[Claim]]:
    """§4: the control claims of a report that count, and those that only min_credibility or against_interest
    or both leave out."""
    left = sources_left(report, policy, timezone)
    if left is None:
        return [], []
    counted, left_out = [], []
    for index, body in enumerate(report.body["claims"]):
        if body["kind"] != "control":
            continue
        claim = as_written(report, index, left, timezone)
        never_had = not report.body.get("sources")
        fair = never_had or any(not speaks_for_itself(world, s["source"], claim) for s in left)
        graded = report.grade <= GRADES.index(policy.min_credibility)
        if graded and (fair or not policy.against_interest):
            counted.append(claim)
        else:
            left_out.append(claim)
    return counted, left_out


def alignment(event: Event, timezone: str) -> Alignment:
    """§4: from the earliest of its `from` until the latest of its `until`."""
    body, recorded_at = event["body"], event["recorded_at"]
    start, until = ALWAYS, FOREVER
    if body.get("from") is not None:
        start = parse_occurred(body["from"], timezone).window(recorded_at).earliest
    if body.get("until") is not None:
        until = parse_occurred(body["until"], timezone).window(recorded_at).latest
    return Alignment(event["id"], body["with"], start, until)


def know(log: Sequence[Event], known_at: int, policy: Mapping[str, Any], timezone: str) -> World:
    """§1, §4: what is known at a position under a policy."""
    events = [event for event in log if event["position"] <= known_at]
    places = [event["body"] for event in events if event["type"] == "place"]
    world = World(
        kinds={place["id"]: place["kind"] for place in places},
        parents={place["id"]: place.get("parent") for place in places},
        affiliations={e["id"]: e["body"].get("affiliation") for e in events if e["type"] == "source"},
        alignments=[alignment(event, timezone) for event in events if event["type"] == "alignment"],
        counted=[],
        left_out=[],
    )
    counted, left_out = [], []
    for report in reports(events):
        more_counted, more_left_out = count(world, report, read_policy(policy), timezone)
        counted += more_counted
        left_out += more_left_out
    return replace(world, counted=[sharpened(world, c, counted) for c in counted], left_out=left_out)


def position_at(log: Sequence[Event], recorded_at: int) -> int:
    """§1: a timestamp as `known_at` means every event with `recorded_at` ≤ it."""
    return max((event["position"] for event in log if event["recorded_at"] <= recorded_at), default=0)


# ---------------------------------------------------------------------------------------------------------------
# §5 The state that a set of claims leaves
# ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """§5, rules 4 and 5: claims that stand together, and who holds the place by them."""

    claims: Sequence[Claim]
    holders: frozenset[str]

    @property
    def first(self) -> Claim:
        return min(self.claims, key=lambda c: c.order)


@dataclass(frozen=True)
class State:
    """§5: the state that a set of claims leaves; `dated` is the claim that the `since` of it comes from (§6)."""

    status: str
    holders: frozenset[str]
    parties: frozenset[str]
    challenger: frozenset[str] | None
    basis: Sequence[Claim]
    dissent: Sequence[Claim]
    dated: Claim | None


def effect_in(x: Sequence[Claim], *effects: str) -> list[Claim]:
    return [c for c in x if c.effect in effects]


def lost(world: World, d: Claim, force: str) -> bool:
    """Whether the `loses` d covers a force, at l(d)."""
    return any(covers(world, loser, force, d.l) for loser in d.forces)


def closest(world: World, forces: Iterable[str], q: Time) -> frozenset[str]:
    """§5: forces, less any that covers another of them at q."""
    all_of_them = frozenset(forces)
    return frozenset(f for f in all_of_them if not any(covers(world, f, g, q) for g in all_of_them - {f}))


def holders_of(world: World, c: Claim, x: Sequence[Claim]) -> frozenset[str]:
    """§5, rule 1."""
    losses = [d for d in effect_in(x, "loses") if d.later(c)]
    return frozenset(f for f in c.forces if not any(lost(world, d, f) for d in losses))


def taken_over(world: World, c: Claim, d: Claim) -> bool:
    """§5, rule 2, first point: by a `takes` d that does not agree with c."""
    if d.effect != "takes" or agree(world, c, d):
        return False
    if d.later(c):
        return True
    return d.grade <= c.grade and d.e >= c.e and d.l >= c.l and c.effect == "holds" and not c.span


def outseen(world: World, c: Claim, d: Claim) -> bool:
    """§5, rule 2, second point: by a later `holds` d that does not agree with c."""
    if d.effect != "holds" or agree(world, c, d) or not d.later(c):
        return False
    if d.grade < c.grade:
        return True
    return d.grade == c.grade and (c.effect == "holds" or c.place in inside(world, d.place))


def borne_out(world: World, c: Claim, d: Claim, d2: Claim, x: Sequence[Claim]) -> bool:
    """§5, rule 2, third point: by a `holds` d that a second, independent one, d2, bears out."""
    for each in (d, d2):
        if each.effect != "holds" or each.grade != c.grade or not each.later(c) or agree(world, c, each):
            return False
    if d.report == d2.report or not agree(world, d, d2) or d.sources & d2.sources:
        return False
    return not any(b.later(d) or b.later(d2) for b in effect_in(x, "takes", "holds") if agree(world, b, c))


def partner_put_out(world: World, c: Claim, d: Claim) -> bool:
    """§5, rule 2, at its end: by a later `takes` d that agrees with c, where a side of c is not among d's."""
    if d.effect != "takes" or not d.later(c) or not agree(world, c, d):
        return False
    return bool(sides(world, c.forces, max(c.l, d.l)) - sides(world, d.forces, max(c.l, d.l)))


def overruled(world: World, c: Claim, x: Sequence[Claim]) -> bool:
    """§5, rule 2, for a `takes` or `holds`; rule 3, for a `loses`."""
    if c.effect == "loses":
        return any(d.later(c) for d in effect_in(x, "takes", "holds"))
    if not holders_of(world, c, x):
        return True
    for d in x:
        if taken_over(world, c, d) or outseen(world, c, d) or partner_put_out(world, c, d):
            return True
        if any(borne_out(world, c, d, d2, x) for d2 in x):
            return True
    return False


def agreeing_groups(world: World, x: Sequence[Claim], q: Time) -> list[Group]:
    """§5, rule 4: what is not overruled of `takes` and `holds`, in groups that agree, directly or through others."""
    parts: list[list[Claim]] = []
    for c in effect_in(x, "takes", "holds"):
        if not overruled(world, c, x):
            joined = [part for part in parts if any(agree(world, c, d) for d in part)]
            parts = [part for part in parts if part not in joined]
            parts.append([c, *(d for part in joined for d in part)])
    return [Group(part, closest(world, (f for c in part for f in holders_of(world, c, x)), q)) for part in parts]


def repulse(world: World, d: Claim, x: Sequence[Claim]) -> bool:
    """§5, rule 5: a `loses` d by some, and not all, of those who fought."""
    for c in effect_in(x, "contests"):
        driven_off = [f for f in c.forces if lost(world, d, f)]
        if d.e >= c.e and 0 < len(driven_off) < len(c.forces):
            return True
    return False


def group_of_losses(world: World, groups: Sequence[Group], x: Sequence[Claim]) -> list[Group]:
    """§5, rule 5: one more group, with no holders, or none."""
    losses = [d for d in effect_in(x, "loses") if not overruled(world, d, x)]
    if groups:
        emptied = [g for g in groups if all(any(lost(world, d, f) for d in losses) for f in g.holders)]
        claims = [d for d in losses if any(lost(world, d, f) for g in emptied for f in g.holders)]
    else:
        claims = [d for d in losses if not repulse(world, d, x)]
    return [Group(claims, frozenset())] if claims else []


def rank(group: Group) -> tuple[Any, ...]:
    """§5, rule 6: the order of the groups."""
    return (
        min(c.grade for c in group.claims),
        not effect_in(group.claims, "takes", "loses"),
        -max(c.t for c in group.claims),
        sorted(group.holders),
        group.first.order,
    )


def losses_in_fight(world: World, c: Claim, x: Sequence[Claim]) -> list[Claim]:
    """§5, who fights: each `loses` d with e(d) ≥ e(c) that covers a force of c, or of a `takes` or `holds` in X."""
    forces = c.forces.union(*(d.forces for d in effect_in(x, "takes", "holds")))
    return [d for d in effect_in(x, "loses") if d.e >= c.e and any(lost(world, d, f) for f in forces)]


def still_in_fight(world: World, c: Claim, x: Sequence[Claim]) -> frozenset[str]:
    """§5, who fights: the forces of c that no such `loses` covers."""
    losses = losses_in_fight(world, c, x)
    return frozenset(f for f in c.forces if not any(lost(world, d, f) for d in losses))


def goes_on(world: World, c: Claim, x: Sequence[Claim], standing: frozenset[str], q: Time) -> bool:
    """§5, who fights: whether the `contests` c goes on."""
    if losses_in_fight(world, c, x) and len(sides(world, still_in_fight(world, c, x) | standing, q)) < 2:
        return False
    if c.span:
        return q < c.l
    if any(d.e >= c.e for d in effect_in(x, "takes")):
        return False
    if any(d.later(c) for d in effect_in(x, "holds")):
        return False
    return not (q >= c.l and any(d.span and d.l > c.l for d in effect_in(x, "holds")))


def state(world: World, x: Sequence[Claim], q: Time) -> State:
    """§5: the state that a set X of counted control claims leaves at q."""
    groups = agreeing_groups(world, x, q)
    groups = sorted([*groups, *group_of_losses(world, groups, x)], key=rank)
    holders = groups[0].holders if groups else frozenset()
    fights = [c for c in effect_in(x, "contests") if goes_on(world, c, x, holders, q)]
    fighting = frozenset(f for c in fights for f in still_in_fight(world, c, x))
    dated: Claim | None
    if fights:
        status, dated = "contested", min(fights, key=lambda c: c.order)
    elif not groups:
        status, dated = "unknown", None
    elif len(groups) > 1:
        status, dated = "disputed", max(groups[0].first, groups[1].first, key=lambda c: c.order)
    else:
        status, dated = ("held" if holders else "vacated"), groups[0].first
    return State(
        status=status,
        holders=holders,
        parties=closest(world, fighting | holders, q) if fights else frozenset(),
        challenger=groups[1].holders if len(groups) > 1 else None,
        basis=[*(groups[0].claims if groups else []), *fights],
        dissent=[c for group in groups[1:] for c in group.claims],
        dated=dated,
    )


# ---------------------------------------------------------------------------------------------------------------
# §6 The answer at an instant q
# ---------------------------------------------------------------------------------------------------------------

SETTLEMENTS = ("city", "town", "village")
REGIONS = ("country", "governorate", "district", "area")
SHOWN = ("status", "holders", "parties", "challenger")


def inside(world: World, place: str) -> list[str]:
    """§6: the places that a place is inside, up to the highest settlement that is reached with no region among
    them; without one, none."""
    above: list[str] = []
    highest = 0
    parent = world.parents[place]
    while parent is not None and world.kinds[parent] not in REGIONS:
        above.append(parent)
        if world.kinds[parent] in SETTLEMENTS:
            highest = len(above)
        parent = world.parents[parent]
    return above[:highest]


def own(world: World, place: str, q: Time) -> list[Claim]:
    """§6: the place's own counted control claims that are settled or pending at q."""
    return [c for c in world.counted if c.place == place and (c.settled(q) or c.pending(q))]


def claims_for(world: World, place: str, q: Time, and_pending: bool) -> list[Claim]:
    """§6: the X of s, or with the pending that of s', for a place that has own claims."""
    known = [c for c in world.counted if c.settled(q) or (and_pending and c.pending(q))]
    its_own = [c for c in known if c.place == place]
    around = [c for c in known if c.place in inside(world, place)]
    to_beat = [c.grade for c in effect_in(its_own, "takes", "holds")]
    better = [c for c in effect_in(around, "holds") if all(c.grade < grade for grade in to_beat)]
    return [*its_own, *effect_in(around, "takes", "loses"), *better]


@dataclass(frozen=True)
class Answer:
    """§6: s, s', the pending claims in the X of s', what is unconfirmed, and where it is inherited from."""

    before: State
    after: State
    pending: Sequence[Claim]
    unconfirmed: Sequence[str]
    inherited_from: str | None


def answering(world: World, place: str, q: Time) -> str | None:
    """§6: the place whose own claims answer: it, or else its parent if it is inside it, and so on."""
    if own(world, place, q):
        return place
    parent = world.parents[place]
    if parent is None or parent not in inside(world, place):
        return None
    return answering(world, parent, q)


def answer(world: World, place: str, q: Time) -> Answer:
    """§6: the answer for a place at q."""
    by = answering(world, place, q)
    x = [] if by is None else claims_for(world, by, q, and_pending=False)
    x2 = [] if by is None else claims_for(world, by, q, and_pending=True)
    s, s2 = state(world, x, q), state(world, x2, q)
    asked = [place]
    while by is not None and asked[-1] != by:
        parent = world.parents[asked[-1]]
        assert parent is not None
        asked.append(parent)
    return Answer(
        before=s,
        after=s2,
        pending=[c for c in x2 if c.pending(q)],
        unconfirmed=unconfirmed(world, asked, s, q),
        inherited_from=None if by == place else by,
    )


def unconfirmed(world: World, places: Sequence[str], s: State, q: Time) -> list[str]:
    """§6, `unconfirmed`: what min_credibility or against_interest or both leave out, by the windows as written."""
    found = []
    for c in world.left_out:
        fresh = s.dated is None or c.t >= s.dated.t
        if c.place in places and (c.pending(q) or (c.settled(q) and fresh)):
            found.append(c)
    return in_order(found)


def in_order(claims: Iterable[Claim]) -> list[str]:
    """§6: lists of reports go by (t, e, report id) of the claim that brings them in, each once, at its first."""
    return list(dict.fromkeys(c.report for c in sorted(claims, key=lambda c: c.order)))


def shown(world: World, s: State, q: Time, by_side: bool) -> dict[str, Any]:
    """§6: status, holders, parties and challenger of a state; with by=side each force by its side at q."""

    def forces(of: frozenset[str]) -> list[str]:
        return sorted(sides(world, of, q) if by_side else of)

    return {
        "status": s.status,
        "holders": forces(s.holders),
        "parties": forces(s.parties),
        "challenger": None if s.challenger is None else forces(s.challenger),
    }


def instant(time: Time) -> int | None:
    """§6: minus infinity is null."""
    return None if time == ALWAYS else int(time)


def since(found: Answer, changing: bool) -> dict[str, int | None] | None:
    """§6, `since`."""
    if changing:
        earliest, latest = min(c.e for c in found.pending), max(c.l for c in found.pending)
    elif found.before.dated is None:
        return None
    else:
        earliest, latest = found.before.dated.e, found.before.dated.t
    return {"earliest": instant(earliest), "latest": instant(latest)}


def fields(world: World, place: str, q: int, by_side: bool) -> dict[str, Any]:
    """§6: every field of the answer but `exceptions`."""
    found = answer(world, place, q)
    s = found.before
    before, after = shown(world, s, q, by_side), shown(world, found.after, q, by_side)
    changing = before != after
    return {
        "place": place,
        **before,
        "status": "changing" if changing else before["status"],
        "before": before if changing else None,
        "after": after if changing else None,
        "since": since(found, changing),
        "last_confirmed": instant(max(min(c.l, q) for c in s.basis)) if s.basis else None,
        "credibility": GRADES[min(c.grade for c in s.basis)] if s.basis else None,
        "basis": in_order(s.basis),
        "dissent": in_order(s.dissent),
        "unconfirmed": list(found.unconfirmed),
        "inherited_from": found.inherited_from,
    }


def exceptions(world: World, place: str, q: int) -> list[str]:
    """§6: the places inside a settlement, at any depth, with own claims, that show something else than it."""
    if world.kinds[place] not in SETTLEMENTS:
        return []
    ours = fields(world, place, q, by_side=False)
    found = []
    for other in world.kinds:
        if place in inside(world, other) and own(world, other, q):
            theirs = fields(world, other, q, by_side=False)
            if any(theirs[field] != ours[field] for field in SHOWN):
                found.append(other)
    return sorted(found)


def ask(world: World, place: str, q: int, by_side: bool) -> dict[str, Any]:
    """§6: the whole answer; KeyError if the place isn't known."""
    if place not in world.kinds:
        raise KeyError(place)
    return {**fields(world, place, q, by_side), "exceptions": exceptions(world, place, q)}


def control(
    log: Sequence[Event],
    place: str,
    at: int,
    known_at: int,
    policy: Mapping[str, Any],
    by_side: bool = False,
    timezone: str = "UTC",
) -> dict[str, Any]:
    """§6: who held a place at an instant, by what was known at a position, under a policy."""
    return ask(know(log, known_at, policy, timezone), place, at, by_side)


def turning_points(world: World, place: str) -> list[int]:
    """Every instant at which the answer for a place can change: the ends of the windows and of the alignments."""
    ends: set[Time] = {end for a in world.alignments for end in (a.start, a.until)}
    for c in [*world.counted, *world.left_out]:
        if c.place == place or c.place in inside(world, place):
            ends |= {c.e, c.l}
    return sorted(int(end) for end in ends if end not in (ALWAYS, FOREVER))


def timeline(
    log: Sequence[Event],
    place: str,
    known_at: int,
    policy: Mapping[str, Any],
    by_side: bool,
    timezone: str,
    now: int,
) -> list[dict[str, Any]]:
    """§6, timeline: the answers at every instant, neighbours joined, from the first that is not unknown."""
    world = know(log, known_at, policy, timezone)
    if place not in world.kinds:
        raise KeyError(place)
    points = turning_points(world, place)
    pieces: list[tuple[int | None, Any]] = []
    for start, inner in [(None, points[0] - 1 if points else now), *((point, point) for point in points)]:
        piece = fields(world, place, inner, by_side)
        look = [piece[field] for field in (*SHOWN, "before", "after")]
        if (pieces and pieces[-1][1] != look) or (not pieces and piece["status"] != "unknown"):
            pieces.append((start, look))
    segments = []
    for index, (start, _) in enumerate(pieces):
        until = pieces[index + 1][0] if index + 1 < len(pieces) else None
        latest = until - 1 if until is not None else now if start is None else max(now, start)
        segments.append({"from": start, "until": until, **ask(world, place, latest, by_side)})
    return segments
