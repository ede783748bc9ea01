"""`chronology replay`: what changed, step by step, played on a terminal or printed as lines of JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from time import sleep

import orjson

from domain.control.answer import Answer
from domain.when.instant import SECOND
from domain.when.notation import read_moment
from projections.picture import Frame, View
from projections.replay import first_turn, over_knowledge, over_valid_time
from service.change_view import frame_json
from service.cli.context import Reading, given, read
from service.cli.output import print_lines, wants_json
from service.cli.rows import brief
from service.cli.words import Words
from service.ends import AXES, check_order, instants, knowledge_times
from service.forms.reading import read_given
from service.question import one_of, resolve, speed

_PAUSE = 0.5  # seconds between two steps on a terminal, unless a speed is given


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    found = read_given(given(arguments), {"axis": one_of(*AXES), "speed": speed})
    pace = found.get("speed")
    asked = read(arguments, environment)
    play = _over_knowledge if found.get("axis") == "knowledge" else _over_valid_time
    frames = play(arguments, asked)
    if wants_json(arguments):
        for frame in _paced(frames, pace):
            sys.stdout.buffer.write(orjson.dumps(frame_json(frame), option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.flush()
        return
    words = Words(asked.projections, asked.zone, asked.projections.position)
    seen: dict[str, Answer] = {}
    for frame in _paced(frames, pace, _PAUSE):
        print_lines(_told(frame, seen, words, known=play is _over_knowledge))
        seen |= {answer.place: answer for answer in frame.answers}


def _over_valid_time(arguments: argparse.Namespace, asked: Reading) -> Iterator[Frame]:
    control = asked.projections.control
    start, end = instants(given(arguments), lambda text: read_moment(text, asked.zone))
    end = asked.at if end is None else end
    if start is None:
        inquiry = control.inquire(asked.known_at, asked.question.policy)
        turns = first_turn(inquiry, control.settlements(asked.known_at).places)
        start = min([end, *(turn for turn in turns if turn is not None)])
    check_order(start, end)
    view = View(asked.question.policy, asked.question.by_side)
    return (step for step in over_valid_time(control, view, asked.known_at, start, end) if step is not None)


def _over_knowledge(arguments: argparse.Namespace, asked: Reading) -> Iterator[Frame]:
    known = asked.projections
    first, last = knowledge_times(given(arguments), lambda text: read_moment(text, asked.zone))
    start = 0 if first is None else resolve(first, known, "from")
    end = asked.known_at if last is None else resolve(last, known, "to")
    check_order(start, end)
    view = View(asked.question.policy, asked.question.by_side)
    steps = over_knowledge(known.control, known.outline, view, asked.at, start, end)
    return (step for step in steps if step is not None)


def _paced(frames: Iterator[Frame], pace: float | None, otherwise: float = 0.0) -> Iterator[Frame]:
    """The frames at that many seconds of their own clock a second, or so many seconds apart."""
    last: int | None = None
    for frame in frames:
        now = frame.at if frame.line is None else frame.line.recorded_at
        if last is not None:
            sleep(otherwise if pace is None else max(0.0, (now - last) / SECOND / pace))
        last = now
        yield frame


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
