"""`chronology replay`: what changed, step by step, played on a terminal or printed as lines of JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from time import sleep

import orjson

from domain.control.answer import Answer
from domain.when.notation import read_moment
from projections.picture import Frame
from service.change_view import frame_json
from service.cli.context import Reading, given, read
from service.cli.output import print_lines, wants_json
from service.cli.rows import brief
from service.cli.words import Words
from service.ends import AXES, instants, knowledge_times
from service.forms.reading import read_given
from service.question import one_of, speed
from service.replaying import Replaying, Run, seconds_between

_PAUSE = 0.5  # seconds between two steps on a terminal, unless a speed is given
_LONGEST = 3600.0  # seconds slept at once


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = read_given(given(arguments), {"axis": one_of(*AXES), "speed": speed})
    pace = found.get("speed")
    asked = read(arguments, environment)
    known = found.get("axis") == "knowledge"
    run = (_over_knowledge if known else _over_valid_time)(arguments, asked)
    if wants_json(arguments):
        for frame in _paced(run, pace):
            sys.stdout.buffer.write(orjson.dumps(frame_json(frame), option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.flush()
        return
    words = Words(asked.projections, asked.zone, asked.projections.position)
    seen: dict[str, Answer] = {}
    for frame in _paced(run, pace, _PAUSE):
        print_lines(_told(frame, seen, words, known=known))
        seen |= {answer.place: answer for answer in frame.answers}


def _over_valid_time(arguments: argparse.Namespace, asked: Reading) -> Run:
    start, end = instants(given(arguments), lambda text: read_moment(text, asked.zone))
    end = asked.at if end is None else end
    replaying = _replaying(asked)
    if start is None:
        start = min([end, *(turn for turn in replaying.first_turn() if turn is not None)])
    return replaying.over_valid_time(start, end)


def _over_knowledge(arguments: argparse.Namespace, asked: Reading) -> Run:
    first, last = knowledge_times(given(arguments), lambda text: read_moment(text, asked.zone))
    return _replaying(asked).over_knowledge(first, last)


def _replaying(asked: Reading) -> Replaying:
    return Replaying(asked.projections, asked.question, asked.at, asked.known_at)


def _paced(run: Run, pace: float | None, otherwise: float = 0.0) -> Iterator[Frame]:
    """The frames at that many seconds of their own clock a second, or so many seconds apart."""
    last: int | None = None
    for frame in run.steps:
        if frame is None:
            continue
        before, last = last, run.axis.clock(frame)
        if before is not None:
            _wait(otherwise if pace is None else seconds_between(before, last, pace))
        yield frame


def _wait(seconds: float) -> None:
    """Sleep, piece by piece: the system's clock does not take any length at once."""
    while seconds > 0:
        sleep(min(seconds, _LONGEST))
        seconds -= _LONGEST


def _told(frame: Frame, seen: Mapping[str, Answer], words: Words, *, known: bool) -> Iterator[str]:
    """A heading, and a line for each place that changed; of the first frame, for each of which anything is known."""
    if frame.line is not None:
        yield f"{frame.known_at}: {words.happened(frame.line)}"
    else:
        yield f"Known of {words.when(frame.at)} at position {frame.known_at}" if known else words.when(frame.at)
    for answer in frame.answers:
        if answer.place in seen:
            was = brief(seen[answer.place], words)
            yield f"  {words.place(answer.place)}: {was} ⇒ {brief(answer, words)}"
        elif not answer.is_unknown:
            yield f"  {words.place(answer.place)}: {brief(answer, words)}"
