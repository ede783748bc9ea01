"""What commands print: tables and words on a terminal, JSON when asked for or piped."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import orjson


def wants_json(arguments: argparse.Namespace) -> bool:
    return arguments.json or not sys.stdout.isatty()


def print_json(body: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")  # an id that is cut short is none
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console().print(table)


def print_lines(lines: Iterable[str]) -> None:
    """Words, folded to the terminal's width."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, 100)
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        print(textwrap.fill(printable(line.strip()), width, initial_indent=indent, subsequent_indent=indent))


def printable(text: str) -> str:
    """Without the signs that would steer the terminal: a report's text is anybody's."""
    return "".join(sign if sign.isprintable() or sign == " " else "\N{REPLACEMENT CHARACTER}" for sign in text)
