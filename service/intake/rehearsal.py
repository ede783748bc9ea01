"""A rehearsal: everything that taking in does, but for the append."""

from __future__ import annotations

from domain.events import Recorded, stream_of
from domain.faults import Fault
from domain.report import Report
from service.intake.intake import DecideOnStore, Intake, Proposal, Receipt, decision_of


class Rehearsal(Intake):
    """Raises what the intake would raise. A receipt tells what would be recorded, at the position after the newest."""

    def _proposed(self, id: str, report: Report, now: int) -> None:
        """Nothing is."""

    async def _record_on_store(self, decide: DecideOnStore) -> Receipt:
        await self._reach(await self._head())
        decision = await decision_of(decide)
        if isinstance(decision, Fault):
            raise decision
        return self._as_if(decision) if isinstance(decision, Proposal) else decision

    def _as_if(self, proposal: Proposal) -> Receipt:
        recorded_at = max(self._recording(), proposal.judged_at)
        position = self._known.position + 1
        recorded = Recorded(position, recorded_at, stream_of(proposal.event), proposal.version, proposal.event)
        return Receipt(proposal.id, recorded, fresh=True)
