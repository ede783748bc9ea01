"""What commands print: tables and words on a terminal, JSON when asked for or piped.

What is printed may be anybody's: a report's text, a name, a key in a file. None of it may steer the terminal.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import orjson

_WIDEST = 100
_JOINERS = "\u200c\u200d"  # some scripts need them between letters; they steer nothing


def wants_json(arguments: argparse.Namespace) -> bool:
    return arguments.json or not sys.stdout.isatty()


def print_json(body: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()


def say(*lines: str, to: TextIO | None = None) -> None:
    """Print lines as they are, but for what would steer the terminal."""
    print(*map(printable, lines), sep="\n", file=to, flush=True)


def print_lines(lines: Iterable[str]) -> None:
    """Words, folded to the terminal's width."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        print(textwrap.fill(printable(line.strip()), width, initial_indent=indent, subsequent_indent=indent))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console  # takes longer to import than most commands to run
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(printable(title)), title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")  # an id that is cut short is none
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console().print(table)


def printable(text: str) -> str:
    """Without the signs that would steer the terminal."""
    return "".join(sign if sign.isprintable() or sign in _JOINERS else "\N{REPLACEMENT CHARACTER}" for sign in text)
