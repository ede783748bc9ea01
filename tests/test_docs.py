"""What the pages show is what happens: their examples are run, their tables are held to the code."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from serving import ADMIN, served

from domain import shape
from domain.tally.tallying import MOST_ROWS
from event_store.codec import NAMES
from service.cli.main import parser
from service.forms import texts
from service.http import asking, events, registries, reports
from service.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
WIDTH = 100
PROGRAMS = {"chronology": "service.cli.main", "chronology-verify": "service.chronology_verify"}


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)


def test_readme_and_api_show_examples() -> None:
    assert blocks(ROOT / "README.md", "console")
    assert blocks(ROOT / "README.md", "http")
    assert blocks(ROOT / "docs" / "api.md", "http")


def in_a_terminal(command: Sequence[str], folder: Path) -> str:
    """What a command prints on a terminal of that width."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    environment = {**os.environ, "CHRONOLOGY_STORE": f"sqlite:///{folder}/docs.db", "NO_COLOR": "1"}
    environment.pop("COLUMNS", None)
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=follower, stdout=follower, stderr=quiet, env=environment, cwd=folder):
        os.close(follower)
        printed = b""
        while True:
            try:
                more = os.read(leader, 65536)
            except OSError:
                break
            if not more:
                break
            printed += more
    os.close(leader)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", printed.decode())  # what is bold is so without colours too
    return plain.replace("\r\n", "\n")


def write_files(page: Path, folder: Path) -> None:
    """The files that a page shows: blocks with a name beside their language."""
    for name, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE):
        (folder / name).write_text(text)


def matches(shown: str, printed: str) -> bool:
    """Whether it is what the page shows, where `…` stands for anything."""
    pattern = ".*".join(re.escape(part.strip("\n")) for part in shown.split("…"))
    return re.fullmatch(pattern, printed.strip("\n"), re.DOTALL) is not None


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "console")], ids=lambda page: page.name)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    write_files(page, tmp_path)
    for block in blocks(page, "console"):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = example.partition("\n")
            program, *arguments = shlex.split(command)
            printed = in_a_terminal([sys.executable, "-m", PROGRAMS[program], *arguments], tmp_path)
            assert matches(shown, printed), f"{command}\n\nshown:\n{shown}\nprinted:\n{printed}"


@contextmanager
def hama(folder: Path) -> Iterator[httpx.Client]:
    store = folder / "docs.db"
    command = [sys.executable, "-m", "service.cli.main", "load", "hama-2024", "--store", f"sqlite:///{store}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with served(store) as running:
        yield running.anyone


def holds(shown: Any, given: Any) -> bool:
    """Whether an answer has everything that is shown, each as it is shown."""
    if isinstance(shown, dict):
        return isinstance(given, dict) and all(name in given and holds(shown[name], given[name]) for name in shown)
    if isinstance(shown, list) and any(isinstance(each, dict) for each in shown):
        return isinstance(given, list) and len(shown) == len(given) and all(map(holds, shown, given))
    return bool(shown == given)


def answered(answer: httpx.Response) -> Any:
    """The answer's body; of lines of JSON, each of them."""
    if answer.headers["content-type"].startswith("application/x-ndjson"):
        return [orjson.loads(line) for line in answer.text.splitlines()]
    return answer.json()


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "http")], ids=lambda page: page.name)
def test_requests_are_answered_as_the_page_shows(page: Path, tmp_path: Path) -> None:
    with hama(tmp_path) as client:
        for block in blocks(page, "http"):
            head, *bodies = block.strip().split("\n\n")
            request, *lines = head.replace("TOKEN", ADMIN).split("\n")
            method, address = request.split(" ")
            headers = dict(line.split(": ", 1) for line in lines)
            headers.setdefault("Content-Type", "application/json")
            answer = client.request(method, address, headers=headers, content=bodies[0] if method == "POST" else None)
            shown = (
                [orjson.loads(line) for line in bodies[-1].splitlines()]
                if "application/x-ndjson" in headers.values()
                else orjson.loads(bodies[-1])
            )
            assert holds(shown, answered(answer)), f"{request}\n\nanswered:\n{answer.text}"


def test_every_setting_is_on_its_page() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    names = {"zone": "timezone"}
    for field in fields(Settings):
        assert f"`{PREFIX}{names.get(field.name, field.name).upper()}`" in page


def test_every_event_is_on_its_page() -> None:
    page = (ROOT / "docs" / "events.md").read_text()
    assert set(re.findall(r"`([a-z-]+\.v\d+)` \|", page)) == set(NAMES.values())


def test_every_limit_is_on_its_page() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    for what, limit in (
        ("a body", f"{texts.MAX_BODY:,} bytes"),
        ("a report's text, a reason, an agreement's terms", f"{texts.MAX_TEXT:,} characters"),
        ("a name, a citation and any other line", f"{texts.MAX_LINE} characters"),
        ("`q`, an `Idempotency-Key`", f"{registries.MAX_Q} characters"),
        ("an `occurred`", f"{texts.MAX_OCCURRED} characters"),
        ("claims in a report", f"{texts.MAX_CLAIMS}"),
        ("any other list", f"{texts.MAX_LIST} entries"),
        ("a place's `shape`", f"{shape.MOST:,} positions"),
        ("a figure", f"{texts.MAX_COUNT:,}"),
        ("a page of reports", f"{reports.LARGEST_PAGE:,}"),
        ("rows of a tally", f"{MOST_ROWS:,}"),
        ("a page of events", f"{events.LARGEST_PAGE:,}"),
    ):
        assert f"| {what} | {limit} |" in page
    assert f"| objects and lists in each other | {texts.MAX_DEPTH} levels |" in page
    assert f"in {asking.PATIENCE:.0f} seconds" in page


COMMANDS = (
    *("serve", "load", "control", "timeline", "holdings", "map", "tallies", "reports", "changes", "compare", "replay"),
    *("rebuild", "verify", "checkpoint", "token", "export", "import"),
)


def test_every_command_is_in_the_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            parser().parse_args([command, "--help"])
        assert ended.value.code == 0
        assert f"chronology {command}" in capsys.readouterr().out.split("Example:")[1]


def test_no_page_leads_nowhere() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert link.startswith("http") or (page.parent / link).exists(), f"{page.name}: {link}"
