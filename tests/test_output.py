"""What commands print: JSON when piped, words and tables on a terminal, and nothing that steers the terminal."""

from __future__ import annotations

import io
from argparse import Namespace
from contextlib import redirect_stdout

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cli.output import print_json, print_lines, print_table, printable, say, wants_json


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal 60 signs wide, for `redirect_stdout`."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    return Terminal()


def test_it_is_json_when_piped_or_asked_for(terminal: Terminal) -> None:
    with redirect_stdout(terminal):
        assert not wants_json(Namespace(json=False))
        assert wants_json(Namespace(json=True))
    with redirect_stdout(io.StringIO()):
        assert wants_json(Namespace(json=False))


def test_json_ends_with_a_line_end_and_is_utf_8(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_json({"place": "حماة", "exceptions": ("a", "b")})
    out = capfdbinary.readouterr().out
    assert out.endswith(b"}\n")
    assert "حماة".encode() in out
    assert orjson.loads(out) == {"place": "حماة", "exceptions": ["a", "b"]}


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\r", "\n", "\t", "\x00", "\x9b", "\u202e", "\u2028"])
def test_a_sign_that_would_steer_the_terminal_is_replaced(sign: str) -> None:
    assert printable(f"a{sign}b") == "a\N{REPLACEMENT CHARACTER}b"


@given(st.text())
def test_what_is_printable_keeps_its_length_and_steers_nothing(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert shown.isprintable()


@pytest.mark.parametrize("text", ["حماة", "Al-Arba'een, 4 December – “so”", "日本", ""])
def test_a_text_of_any_script_is_left_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_lines_are_folded_to_the_width_and_keep_their_indent(terminal: Terminal) -> None:
    with redirect_stdout(terminal):
        print_lines(["  " + "word " * 40, "", "end\x1b[2J"])
    lines = terminal.getvalue().splitlines()
    assert all(len(line) <= 60 for line in lines)
    assert all(line.startswith("  word") for line in lines[:-2])
    assert lines[-2:] == ["", "end\N{REPLACEMENT CHARACTER}[2J"]
    assert " ".join(lines).split().count("word") == 40


def test_an_id_is_never_cut_short_in_a_table(terminal: Terminal) -> None:
    ids = ["a-report-with-quite-a-long-id-of-its-own", "another-report-with-a-long-id"]
    with redirect_stdout(terminal):
        print_table("Title", ("Place", "Status", "Reports"), [("Hama " * 10, "held", id) for id in ids])
    shown = terminal.getvalue()
    assert "…" not in shown
    cells = ["".join(line.split("│")[3].strip() for line in part.splitlines()) for part in _rows(shown)]
    assert cells == ids


def _rows(table: str) -> list[str]:
    """The lines of each row of a table: a new one begins where the status is said."""
    rows: list[str] = []
    for line in (line for line in table.splitlines() if line.startswith("│")):
        if line.split("│")[2].strip():
            rows.append(line)
        else:
            rows[-1] += "\n" + line
    return rows


def test_a_cell_is_shown_as_it_is_and_is_no_markup(terminal: Terminal) -> None:
    with redirect_stdout(terminal):
        print_table("Title", ("Place",), [("[bold]Hama[/bold] :smile:",), ("\x1b[31mred",)])
    assert "[bold]Hama[/bold] :smile:" in terminal.getvalue()
    assert "\x1b[31mred" not in terminal.getvalue()


def test_a_name_with_markup_and_escapes_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("Hill [/47] \x1b[2J", ("Name",), [["[bold]x\x1b]0;pwned\x07"]])
    printed = capsys.readouterr().out
    assert "Hill [/47]" in printed
    assert "[bold]x" in printed
    assert "\x1b" not in printed and "\x07" not in printed


def test_joiners_that_a_script_needs_stay() -> None:
    assert printable("می\u200cخواهم") == "می\u200cخواهم"


def test_what_is_said_does_not_steer(capsys: pytest.CaptureFixture[str]) -> None:
    say("title \x1b]0;pwned\x07", "next")
    assert capsys.readouterr().out == "title \N{REPLACEMENT CHARACTER}]0;pwned\N{REPLACEMENT CHARACTER}\nnext\n"
