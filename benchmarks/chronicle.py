"""A generated chronology: what would be recorded of two years of war, with the dirt that real reports have.

Reports come late, some by months; they are corrected, graded anew and retracted; their windows are open, wide, masked
or exact; they contradict each other, tell of quarters beside their towns, and of casualties and strikes beside control.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

from benchmarks.country import ALIGNED, FORCES, SIDES, SOURCES, ZONE, Country, country
from benchmarks.shape import Shape
from domain.claims import Casualties, Claim, Clash, Control, Effect, Figure, Strike, Weapon
from domain.credibility import Credibility
from domain.events import Event, Recorded, ReportAssessed, ReportCorrected, ReportFiled, ReportRetracted, stream_of
from domain.report import Citation, Report
from domain.when.instant import DAY, HOUR, MINUTE, SECOND
from domain.when.notation import read_occurred
from domain.when.window import Occurred

START = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * SECOND
DAYS = 700
END = START + DAYS * DAY
"""No report is recorded after this instant."""

_PARTS = ("overnight", "early", "morning", "afternoon", "evening", "late", "night")
_GRADES = (*[None] * 5, *[Credibility.PROBABLE] * 2, *Credibility)
_ENEMIES = {
    force: next(side for side in SIDES if side not in (force, ALIGNED.get(force, ("",))[0])) for force in FORCES
}


class Chronicle:
    """The events of one shape, in the order in which they are recorded."""

    def __init__(self, shape: Shape) -> None:
        self.country: Country = country(shape)
        self._shape = shape
        self._random = Random(shape.seed + 1)
        self._holders = [SIDES[i % 3] for i in range(len(self.country.places))]
        self._versions: list[int] = []  # of each report; 0 once it is retracted

    def recorded(self) -> Iterator[Recorded]:
        """All of them, as a log would give them: they are spread evenly over the time."""
        position = 0
        count = len(self.country.events) + self._shape.reports * 1.2
        aligned: dict[str, int] = {}
        for event in self.country.events:
            position += 1
            aligned[stream_of(event)] = version = aligned.get(stream_of(event), 0) + 1
            yield Recorded(position, START, stream_of(event), version, event)
        while len(self._versions) < self._shape.reports:
            position += 1
            now = min(START + int(position / count * DAYS * DAY), END)
            event, version = self._next(now)
            yield Recorded(position, now, stream_of(event), version, event)

    def filings(self, now: int = END) -> Iterator[ReportFiled]:
        """Further reports, without an end, as they would come in at an instant."""
        while True:
            yield self._filed(now)

    def _next(self, now: int) -> tuple[Event, int]:
        """93 of 100 reports stand as filed; one is retracted, two are corrected, four graded anew or more than once."""
        dice = self._random.random()
        if dice > 0.08 or not self._versions:
            return self._filed(now), 1
        number = self._earlier()
        if not self._versions[number]:
            return self._filed(now), 1
        self._versions[number] += 1
        version, id = self._versions[number], _id(number)
        if dice < 0.01:
            self._versions[number] = 0
            return ReportRetracted(id, "the source took it back"), version
        if dice < 0.03:
            return ReportCorrected(id, self._report(now), "the place was misread"), version
        return ReportAssessed(id, self._random.choice(list(Credibility)), "compared with pictures"), version

    def _earlier(self) -> int:
        """The number of a report: mostly one of late."""
        back = int(self._random.expovariate(1 / 2000)) + 1
        count = len(self._versions)
        return count - back if back <= min(count, 12_000) else self._random.randrange(count)

    def _filed(self, now: int) -> ReportFiled:
        self._versions.append(1)
        return ReportFiled(_id(len(self._versions) - 1), self._report(now))

    def _report(self, now: int) -> Report:
        random = self._random
        number = bisect_right(self.country.shares, random.random() * self.country.shares[-1])
        place = self.country.places[number]
        happened = now - self._delay()
        control, span = self._control(number, place)
        claims: list[Claim] = [control]
        dice = random.random()
        if dice < 0.12:
            claims.append(_casualties(random, place, control.forces[0]))
        elif dice < 0.2:
            claims.append(Strike(places=(place,), by=control.forces[:1], weapon=random.choice(list(Weapon))))
        elif dice < 0.24:
            claims.append(Clash(places=(place,), forces=(*control.forces[:1], _ENEMIES[control.forces[0]])))
        elif dice < 0.28:
            claims = [_casualties(random, place, "civilians")]
        text = (
            f"{control.forces[0]} {control.effect} {place}, residents and two correspondents said; "
            f"fighting had gone on for {random.randrange(1, 40)} hours."
        )
        return Report(
            text, self._occurred(happened, now, span), random.choice(_GRADES), self._cited(now), tuple(claims)
        )

    def _delay(self) -> int:
        """How long after it happened a report comes in: hours; of one in ten, days; of one in fifty, months."""
        dice = self._random.random()
        scale = 60 * DAY if dice < 0.02 else 6 * DAY if dice < 0.12 else 5 * HOUR
        return int(self._random.expovariate(1 / scale)) + 10 * MINUTE

    def _control(self, number: int, place: str) -> tuple[Control, bool]:
        """A claim about a place, and whether it is one of a stretch of time."""
        random, holder = self._random, self._holders[number]
        other, dice = random.choice(FORCES), random.random()
        if dice < 0.55:
            seen = holder if dice > 0.03 else other  # some see what is not there
            return Control(place=place, forces=(seen,), effect=Effect.HOLDS), dice > 0.4
        if dice < 0.72:
            self._holders[number] = other
            return Control(place=place, forces=(other,), effect=Effect.TAKES), False
        if dice < 0.88:
            forces = (holder, other) if other != holder else (holder,)
            return Control(place=place, forces=forces, effect=Effect.CONTESTS), dice > 0.82
        return Control(place=place, forces=(other if dice > 0.96 else holder,), effect=Effect.LOSES), False

    def _occurred(self, happened: int, now: int, span: bool) -> Occurred:
        day, minute = divmod((happened - START) // MINUTE, 24 * 60)
        dice = self._random.random()
        if span:
            until = min(day + 1 + int(dice * 5), (now - START) // DAY)  # what is still to come nobody has seen
            return _read(f"{_day(day)}/{'..' if dice < 0.3 or until <= day else _day(until)}")
        if dice < 0.3:
            return _read(f"{_day(day)}T{minute // 60:02}:{minute % 60 // 5 * 5:02}Z")
        if dice < 0.65:
            return _read(f"{_day(day)} {_PARTS[int(dice * 100) % 7]}")
        if dice < 0.85:
            return _read(_day(day))
        if dice < 0.93:
            return _read(f"[{_day(day - 2)}..{_day(day)}]")
        return _read(f"[..{_day(day)}]" if dice > 0.98 else f"{_day(day)[:-1]}X")

    def _cited(self, now: int) -> tuple[Citation, ...]:
        random = self._random
        published = _read(_day((now - START) // DAY)) if random.random() < 0.5 else None
        first = Citation(f"source-{random.randrange(SOURCES)}", None, "https://example.org/a", published)
        if random.random() < 0.8:
            return (first,)
        second = random.randrange(SOURCES)
        origin = f"source-{random.randrange(SOURCES)}" if second % 3 == 0 else None
        return (first, Citation(f"source-{second}", "a broadcast", None, published, origin))


def _id(number: int) -> str:
    return f"r-{number:08}"


_read = lru_cache(maxsize=100_000)(lambda text: read_occurred(text, ZONE))


@lru_cache(maxsize=10_000)
def _day(day: int) -> str:
    return (datetime.fromtimestamp(START // SECOND, UTC) + timedelta(days=day)).date().isoformat()


def _casualties(random: Random, place: str, of: str) -> Casualties:
    low = random.randrange(1, 20)
    return Casualties(places=(place,), of=of, killed=Figure(low, None, low + random.randrange(10)))
