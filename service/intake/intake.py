"""Taking in: what is asked to be appended is checked against what is known, and meets its own earlier self."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from domain.claims import Names
from domain.credibility import Credibility
from domain.events import (
    Event,
    ForceAligned,
    ForceRegistered,
    PlaceRegistered,
    Recorded,
    ReportAssessed,
    ReportCorrected,
    ReportFiled,
    ReportRedacted,
    ReportRetracted,
    SourceRegistered,
    has_redacted,
    report_stream,
    same_request,
)
from domain.faults import Conflict, Fault, Missing, Stale
from domain.force import Force
from domain.history import ReportHistory
from domain.place import Place
from domain.report import Report
from domain.source import Source
from domain.when.instant import BEGINNING
from event_store.faults import Taken, Unavailable
from event_store.log import Log, Unless, read_history
from event_store.promise import Promise
from projections.projections import Projections
from projections.registries import Entry
from service.clock import Clock
from service.follower import Follower
from service.intake.checks import check_alignment, check_force, check_place, check_report, check_source
from service.intake.landing import Landing
from service.intake.selection import Selection

_PATIENCE = 10.0  # seconds that an append is tried for


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an append is answered with. `fresh` is False where the same request had been appended before."""

    id: str
    recorded: Recorded
    fresh: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """An event to append as that version of its stream."""

    id: str
    event: Event
    version: int
    unless: Unless | None = None
    judged_at: int = BEGINNING
    """What is open in it had begun by this instant; it must not be recorded before."""


Decide = Callable[[], Proposal | Receipt]
DecideOnStore = Callable[[], Awaitable[Proposal | Receipt]]
AnyEntry = Entry[Place] | Entry[Force] | Entry[Source]
Versions = frozenset[int] | None
"""The versions that `If-Match` names; None where it names none or any."""


class Intake:
    """Every method raises a Fault for what can't be taken, and Unavailable where the store does not answer.

    A decision is made on the projections, and on the streams of the reports that it speaks of; where the projections
    are behind, it is made again once they have caught up. What two decide at once, the log's versions tell apart. A
    filing is proposed at once: only the log knows whether its id is taken, and to ask it first would cost each a read.
    """

    def __init__(self, log: Log, projections: Projections, follower: Follower, clock: Clock) -> None:
        self._log = log
        self._known = projections
        self._follower = follower
        self._clock = clock
        self._landed: Landing | None = None
        self._aligning = asyncio.Lock()  # each is judged with all before it: at once they would only lose to each other

    async def register_place(self, place: Place) -> Receipt:
        registries = self._known.registries

        def decide() -> Proposal | Receipt:
            check_place(place, registries)
            return _registration(place, registries.places.get(place.id), PlaceRegistered(place))

        return await self._record(decide)

    async def register_force(self, force: Force) -> Receipt:
        registries = self._known.registries

        def decide() -> Proposal | Receipt:
            check_force(force)
            return _registration(force, registries.forces.get(force.id), ForceRegistered(force))

        return await self._record(decide)

    async def register_source(self, source: Source) -> Receipt:
        registries = self._known.registries

        def decide() -> Proposal | Receipt:
            check_source(source, registries)
            return _registration(source, registries.sources.get(source.id), SourceRegistered(source))

        return await self._record(decide)

    async def align(self, aligned: ForceAligned, versions: Versions = None) -> Receipt:
        """Align a force. All are judged together: the log refuses one that was decided on without another."""

        def decide() -> Proposal | Receipt:
            registries = self._known.registries
            if aligned.force not in registries.forces:
                raise Missing(f"there is no force {aligned.force!r}")
            earlier = registries.aligned(aligned.force)
            for recorded, _ in earlier:
                if same_request(recorded.event, aligned):
                    return _repeated(aligned.force, recorded, 1 + len(earlier), versions)
            now = self._recording()
            check_alignment(aligned, registries, now)
            version = 1 + len(earlier)
            _check_versions(versions, version)
            return Proposal(aligned.force, aligned, version + 1, Unless(ForceAligned, self._known.position), now)

        async with self._aligning:
            return await self._record(decide)

    async def file_many(self, filings: Sequence[tuple[str, Report]]) -> list[Receipt | Exception | None]:
        """File many at once, each as `file` does.

        None for one that is not filed, because of what it names or because its id is taken: `file_looking` tells.
        """
        now = self._recording()
        proposed = [self._proposed(id, report, now) for id, report in filings]
        await self._landing().of_all([each for each in proposed if isinstance(each, Promise)])
        return [_filed(id, each) for (id, _), each in zip(filings, proposed, strict=True)]

    def _proposed(self, id: str, report: Report, now: int) -> Promise | Exception | None:
        """A filing that is proposed on what the projections know; None for one that they can't decide."""
        try:
            if report.names_reports():  # which only the log knows
                return None
            check_report(report, self._known.registries, frozenset(), now)
            return self._log.append(ReportFiled(id, report), 1, not_before=now, at_once=False)
        except Fault:
            return None
        except Exception as error:  # this one's alone
            return error

    async def file(self, id: str, report: Report) -> Receipt:
        proposed = self._proposed(id, report, self._recording())
        if isinstance(proposed, Exception):
            raise proposed
        if proposed is not None:
            with suppress(Taken):
                return Receipt(id, await self._landing().of(proposed), fresh=True)
        return await self.file_looking(id, report)

    async def file_looking(self, id: str, report: Report) -> Receipt:
        """File a report that was not, looking for what it names, and for its id, in all that stands now."""
        event = ReportFiled(id, report)

        async def decide() -> Proposal | Receipt:
            history = await self._find(id)
            if history is not None:
                if same_request(history.filed.event, event):
                    return Receipt(id, history.filed, fresh=False)
                raise Conflict(f"the id {id!r} is taken by another report", ("id",))
            now = await self._check(report)
            return Proposal(id, event, 1, judged_at=now)

        return await self._record_on_store(decide)

    async def correct(self, id: str, report: Report, reason: str, versions: Versions = None) -> Receipt:
        event = ReportCorrected(id, report, reason)

        async def decide() -> Proposal | Receipt:
            history = await self._history(id)
            if repeat := _repeat(history, event, lambda of: isinstance(of, ReportFiled | ReportCorrected), versions):
                return repeat
            _check_standing(history)
            now = await self._check(report)
            return _next(history, event, versions, now)

        return await self._record_on_store(decide)

    async def assess(self, id: str, credibility: Credibility, reason: str, versions: Versions = None) -> Receipt:
        event = ReportAssessed(id, credibility, reason)

        async def decide() -> Proposal | Receipt:
            history = await self._history(id)
            if repeat := _repeat(history, event, _grades, versions):
                return repeat
            _check_standing(history)
            return _next(history, event, versions)

        return await self._record_on_store(decide)

    async def retract(self, id: str, reason: str, versions: Versions = None) -> Receipt:
        event = ReportRetracted(id, reason)

        async def decide() -> Proposal | Receipt:
            history = await self._history(id)
            if repeat := _repeat(history, event, lambda of: isinstance(of, ReportRetracted), versions):
                return repeat
            _check_standing(history)
            return _next(history, event, versions)

        return await self._record_on_store(decide)

    async def redact(self, id: str, selection: Selection, reason: str, versions: Versions = None) -> Receipt:
        """Erase words of a report, also of a retracted one."""

        async def decide() -> Proposal | Receipt:
            history = await self._history(id)
            if repeat := _redacted_before(history, selection, reason, versions):
                return repeat
            _check_versions(versions, history.events[-1].version)
            selection.check(history.events)
            return _next(history, ReportRedacted(id, selection.among(history.events), reason), versions)

        return await self._record_on_store(decide)

    async def _record(self, decide: Decide) -> Receipt:
        """Decide on the projections alone, and append."""

        async def decide_at_once() -> Proposal | Receipt:
            return decide()

        return await self._record_on_store(decide_at_once)

    async def _record_on_store(self, decide: DecideOnStore) -> Receipt:
        """Decide and append. What is answered without appending is decided on all that stood when it was asked for."""
        must_know: int | None = None
        give_up_at = monotonic() + _PATIENCE
        while monotonic() < give_up_at:
            decided_at = self._known.position
            decision = await decision_of(decide)
            if isinstance(decision, Proposal):
                try:
                    return Receipt(decision.id, await self._landing().of(self._append(decision)), fresh=True)
                except Taken:  # somebody was quicker: decide again on what they appended
                    must_know = await self._head()
            elif must_know is None:
                must_know = await self._head()
            elif decided_at >= must_know:
                if isinstance(decision, Fault):
                    raise decision
                return decision
            await self._reach(must_know)
        raise Unavailable("too many are writing to the same thing at once")

    def _append(self, proposal: Proposal) -> Promise:
        """It is begun once it is waited for."""
        return self._log.append(proposal.event, proposal.version, proposal.unless, proposal.judged_at, at_once=False)

    def _landing(self) -> Landing:
        if self._landed is None or not self._landed.loop.is_running():  # which loop runs takes longer to find out
            self._landed = Landing(self._log.begin)
        return self._landed

    async def _head(self) -> int:
        return await asyncio.to_thread(self._log.head)

    async def _reach(self, position: int) -> None:
        if not await self._follower.reach(position, _PATIENCE):
            raise Unavailable("the projections are catching up with the log")

    def _recording(self) -> int:
        """The earliest that what is appended next can be recorded."""
        position = self._known.position
        return max(self._clock(), self._known.outline.recorded_at(position)) if position else self._clock()

    async def _check(self, report: Report) -> int:
        """Check a report's content against what is known; the instant that it is judged at."""
        named = {id for names, id in report.named() if names is Names.REPORT} if report.names_reports() else set()
        there = {id for id in named if await asyncio.to_thread(self._log.stream, report_stream(id))}
        now = self._recording()
        check_report(report, self._known.registries, there, now)
        return now

    async def _find(self, id: str) -> ReportHistory | None:
        return await asyncio.to_thread(read_history, self._log, id)

    async def _history(self, id: str) -> ReportHistory:
        history = await self._find(id)
        if history is None:
            raise Missing(f"there is no report {id!r}")
        return history


def _filed(id: str, ended: Promise | Exception | None) -> Receipt | Exception | None:
    """What became of a proposal."""
    if not isinstance(ended, Promise):
        return ended
    try:
        return Receipt(id, ended.result(), fresh=True)
    except Taken:
        return None
    except Exception as error:
        return error


async def decision_of(decide: DecideOnStore) -> Proposal | Receipt | Fault:
    try:
        return await decide()
    except Fault as fault:
        return fault


def _registration(thing: Place | Force | Source, entry: AnyEntry | None, event: Event) -> Proposal | Receipt:
    if entry is None:
        return Proposal(thing.id, event, 1)
    if same_request(entry.recorded.event, event):
        return Receipt(thing.id, entry.recorded, fresh=False)
    raise Conflict(f"the id {thing.id!r} is taken by {entry.thing.name!r}, which is not the same", ("id",))


def _grades(event: Event) -> bool:
    """Whether it sets a report's grade."""
    if isinstance(event, ReportCorrected):
        return event.report.credibility is not None
    return isinstance(event, ReportFiled | ReportAssessed)


def _check_standing(history: ReportHistory) -> None:
    if history.retraction is not None:
        raise Conflict(f"the report {history.id!r} is retracted")


def _check_versions(versions: Versions, newest: int) -> None:
    if versions is not None and newest not in versions:
        raise Stale(f"the newest version is {newest}")


def _repeat(
    history: ReportHistory, event: Event, of_its_kind: Callable[[Event], bool], versions: Versions
) -> Receipt | None:
    """The same request again, if it is one: made on the version that it names, or equal to the newest of its kind."""
    for recorded in history.events:
        if versions is not None and recorded.version - 1 in versions and same_request(recorded.event, event):
            return Receipt(history.id, recorded, fresh=False)
    newest = next((each for each in reversed(history.events) if of_its_kind(each.event)), None)
    if newest is None or not same_request(newest.event, event):
        return None
    if has_redacted(newest.event):
        if versions is None:
            raise Conflict("words of it are redacted: whether this is the same request again, only If-Match can tell")
        return None
    return _repeated(history.id, newest, history.events[-1].version, versions)


def _redacted_before(history: ReportHistory, selection: Selection, reason: str, versions: Versions) -> Receipt | None:
    """The same redaction again: made on the version that it names, or equal to the newest and nothing left of it."""
    found = None
    for recorded in history.events:
        if isinstance(recorded.event, ReportRedacted):
            event = ReportRedacted(history.id, selection.among(history.events[: recorded.version - 1]), reason)
            found = recorded if same_request(recorded.event, event) else None
            if found and versions is not None and recorded.version - 1 in versions:
                return Receipt(history.id, recorded, fresh=False)
    if found is None or selection.among(history.events):
        return None
    return _repeated(history.id, found, history.events[-1].version, versions)


def _repeated(id: str, recorded: Recorded, newest: int, versions: Versions) -> Receipt:
    """The same request again: its caller knew the version before it, or has seen it since."""
    if versions is not None and not versions & {recorded.version - 1, recorded.version, newest}:
        raise Stale(f"the newest version is {newest}")
    return Receipt(id, recorded, fresh=False)


def _next(history: ReportHistory, event: Event, versions: Versions, judged_at: int = BEGINNING) -> Proposal:
    newest = history.events[-1].version
    _check_versions(versions, newest)
    return Proposal(history.id, event, newest + 1, judged_at=judged_at)
