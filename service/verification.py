"""Checking a whole log, and that what is worked out from it is the same each time, in memory and in the store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from domain.events import Recorded, ReportRedacted
from domain.faults import Fault
from event_store.faults import Misplaced, StoreFault
from event_store.gist import read_gists
from event_store.log import PAGE, Log, read_all
from projections.chronology.aside import Aside
from projections.chronology.chronology import Chronology
from projections.projections import Projections
from service.admission import Admission, told
from service.chronology_verify import Checkpoint
from service.redaction_check import RedactionCheck
from service.snapshots import Snapshots
from service.tree_check import tree_faults
from service.wiring import catch_up, check_full_text

_FAR = 100
"""Faults told at the most."""
_AT = re.compile(r"event at position (\d+): ")


@dataclass(slots=True)
class Verdict:
    """How far the log was read, and what is amiss, each in one line that names the position."""

    position: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify(
    log: Log,
    chronology: Chronology | None = None,
    kept: Checkpoint | None = None,
    snapshots: Snapshots | None = None,
) -> Verdict:
    """Read the whole log: every event decodes, positions and versions have no gap, `recorded_at` never runs back,
    and each says what the intake takes. Words are gone where a redaction says so, and nowhere else.

    Every event is held to its leaf in the log's tree, which was made when the event was committed, and to the index by
    which it is found in its stream. The engine looks at how it is all kept, too.
    Every projection is built from it twice, event by event and as the service does it (from a snapshot on, where there
    is one that it would use), and has to come out the same.
    Where a checkpoint was kept, its size and root have to be those of the log's beginning.
    The tables of a chronology, if one is given, are built beside the store as far as they are: tables may be behind.
    """
    verdict = verify_log(log, snapshots)
    _verify_tree(log, verdict)
    _verify_keeping(log, verdict)
    if kept is not None:
        verdict.faults += _verify_kept(log, kept, sound=verdict.sound)
    if verdict.sound and chronology is not None:
        try:
            verdict.faults += _verify_tables(log, chronology, verdict.position)
        except (StoreFault, ValueError) as fault:
            verdict.faults.append(str(fault))
    return verdict


def _verify_tree(log: Log, verdict: Verdict) -> None:
    told = {int(found[1]) for fault in verdict.faults if (found := _AT.match(fault))}
    try:
        for position, fault in tree_faults(log):
            if len(verdict.faults) >= _FAR:
                return
            if position not in told:
                verdict.faults.append(f"event at position {position}: {fault}")
    except StoreFault as broken:
        verdict.faults.append(str(broken))


def _verify_keeping(log: Log, verdict: Verdict) -> None:
    """Rows that are right help nobody who is led to others: by a damaged index, or past some of them."""
    try:
        verdict.faults += islice(log.check(), max(0, _FAR - len(verdict.faults)))
    except StoreFault as broken:
        verdict.faults.append(str(broken))


def _verify_kept(log: Log, kept: Checkpoint, *, sound: bool) -> Iterator[str]:
    """What is amiss by a checkpoint. The tree's root is that of the rows only where the rows and the tree are sound."""
    size = log.tree.size()
    if size < kept.size:
        yield f"event at position {size + 1}: it is missing, with all up to {kept.size}, the size of the checkpoint"
    elif sound and log.tree.root(kept.size) != kept.root:
        yield f"the log's first {kept.size} events are not those of the checkpoint: it is another log, or was rewritten"


def _verify_tables(log: Log, chronology: Chronology, head: int) -> Iterator[str]:
    """What is amiss with the chronology's tables."""
    kept = chronology.digests()
    if kept is None:  # none, or of another form: the service makes them anew
        return
    position, digests = kept
    if position > max(head, log.head()):
        yield f"the chronology's tables are at position {position}, beyond the log's end: `chronology rebuild` them"
        return
    check_full_text()
    redaction = _redaction_after(log, position)
    if redaction is not None:
        yield (
            f"the chronology's tables are at position {position} and may hold words that were redacted at position "
            f"{redaction}: `chronology rebuild` them, or let the service follow"
        )
        return
    beside = Aside()
    try:
        again = Chronology(beside)
        again.empty()
        catch_up(again, log, until=position)
        built = again.digests()
        for part in [part for part in digests if built is None or built[1][part] != digests[part]]:
            yield (
                f"the chronology's tables ({part}) are not what the log makes them up to position {position}: "
                "`chronology rebuild` makes them anew"
            )
    finally:
        beside.close()


def _redaction_after(log: Log, position: int) -> int | None:
    """The first redaction after a position."""
    found = (each.position for each in read_all(log, position) if isinstance(each.event, ReportRedacted))
    return next(found, None)


def verify_log(log: Log, snapshots: Snapshots | None = None) -> Verdict:
    """The log itself, and what is kept in memory."""
    verdict = Verdict()
    first, again = snapshots.load() if snapshots else Projections(), Projections()
    redactions = RedactionCheck(log)
    cause = ": the snapshot has to go, `chronology rebuild` removes it" if first.position else ""
    try:
        for recorded, fault in _checked(log):
            verdict.position = recorded.position
            if fault is not None and len(verdict.faults) < _FAR:
                verdict.faults.append(f"event at position {recorded.position}: {fault}")
            redactions.follow(recorded)
            again.apply([recorded])
        while first.position < verdict.position:
            first.apply(read_gists(log, first.position, min(PAGE, verdict.position - first.position)))
    except (StoreFault, ValueError) as fault:
        verdict.faults.append(str(fault))
        return verdict
    verdict.faults += islice(redactions.faults(), max(0, _FAR - len(verdict.faults)))
    for name, projection in first.all.items():
        if projection.digest() != again.all[name].digest():
            verdict.faults.append(f"the projection {name!r} is not what the log makes it{cause}")
    return verdict


def _checked(log: Log) -> Iterator[tuple[Recorded, str | None]]:
    """Every event, with what is amiss with its place in the log or with what it says."""
    admission = Admission()
    for recorded in read_all(log):
        try:
            admission.check_next(recorded)
        except (Misplaced, Fault) as fault:
            yield recorded, "; ".join(told(fault))
        else:
            yield recorded, None
