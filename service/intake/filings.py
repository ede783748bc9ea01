"""Reports to be filed, many of one source: each read for itself, so that a bad one stops no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from domain.faults import Fault, Several, Unreadable
from domain.report import Report
from domain.when.zone import Zone
from service.forms import invalid
from service.forms.reports import ReportForm
from service.forms.strictly import read_strictly
from service.forms.texts import MAX_BODY
from service.lines import Line

MakeId = Callable[[int, Any], str]
"""Makes the id of a report that comes without one, from its number and what was sent."""


class TooLong(Fault):
    """A line that is longer than a body may be."""


@dataclass(frozen=True, slots=True)
class Filing:
    """One of many: its number from 1, its size in bytes, what was sent, and its report or what is wrong with it."""

    number: int
    size: int
    sent: Any
    id: str
    content: Report | Fault
    named: bool = True
    """Whether the id came with it."""


class FilingReader:
    """Dates and local times are read in the zone."""

    def __init__(self, zone: Zone, make_id: MakeId) -> None:
        self._zone = zone
        self._make_id = make_id

    def line(self, line: Line) -> Filing:
        """A report as JSON."""
        if line.content is None:
            return Filing(line.number, 0, None, "", TooLong(f"a line is at most {MAX_BODY} bytes"))
        size = len(line.content)
        try:
            sent = read_strictly(line.content)
        except orjson.JSONDecodeError as error:
            fault = Unreadable(f"the line is not JSON: {error.msg} at character {error.pos}", error.pos)
            return Filing(line.number, size, None, "", fault)
        except Unreadable as fault:
            return Filing(line.number, size, None, "", Unreadable(f"the line {fault.detail}", fault.position))
        return self.report(line.number, size, sent)

    def report(self, number: int, size: int, sent: Any) -> Filing:
        """A report as the API takes it."""
        try:
            form = ReportForm.model_validate(sent)
            report = form.report(self._zone)
        except ValidationError as error:
            faults: list[Fault] = [invalid.fault(each, each["loc"], sent) for each in error.errors()]
            return Filing(number, size, sent, "", Several(faults))
        except Fault as fault:
            return Filing(number, size, sent, "", fault)
        if form.id is not None:
            return Filing(number, size, sent, form.id, report)
        return Filing(number, size, sent, self._make_id(number, sent), report, named=False)
