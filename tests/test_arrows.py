"""The house: which folder imports what (architecture.md), no circle among modules, and nothing done at import."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("domain", "event_store", "projections", "service")

MAY = {
    "domain": {"domain"},
    "projections": {"projections", "domain", "numpy"},
    "event_store": {"event_store", "domain", "eventsourcing", "orjson", "cattrs", "msgspec", "psycopg"},
    "service": {"service", "projections", "event_store", "domain"},
}
"""What a folder may import beside the standard library; `service` also what the project depends on."""


def modules() -> dict[str, Path]:
    """Every module of the house by its name."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imported(name: str) -> Iterator[str]:
    """Every module that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            assert node.module is not None
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            inside = [each for each in submodules if each in MODULES]
            yield from inside
            if len(inside) < len(submodules):
                yield node.module
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "importlib.import_module"):
            raise AssertionError(f"{name} imports by a name that can't be followed")


def top(module: str) -> str:
    return module.partition(".")[0]


def dependencies() -> set[str]:
    """What pyproject.toml names as needed, as it is imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {each.partition(">")[0].partition("[")[0].strip() for each in project["dependencies"]}
    return {name.replace("-", "_") for name in names}


def test_the_house_is_found() -> None:
    assert len(MODULES) > 50
    assert {top(name) for name in MODULES} == set(FOLDERS)
    assert "service.http.app" in set(imported("service.cli.serve"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_imports_only_what_it_may(folder: str) -> None:
    allowed = MAY[folder] | set(sys.stdlib_module_names)
    if folder == "service":
        allowed |= dependencies() | {"starlette"}  # fastapi's own ground
        allowed -= {"eventsourcing", "cattrs", "msgspec"}
    strays = {
        f"{name} imports {module}"
        for name in MODULES
        if top(name) == folder
        for module in imported(name)
        if top(module) not in allowed
    }
    assert strays == set()


def test_only_the_event_store_knows_of_eventsourcing() -> None:
    assert {top(name) for name in MODULES if "eventsourcing" in map(top, imported(name))} == {"event_store"}


def test_every_module_that_is_imported_is_there() -> None:
    missing = {
        f"{name} imports {module}"
        for name in MODULES
        for module in imported(name)
        if top(module) in FOLDERS and module not in MODULES
    }
    assert missing == set()


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {name: {module for module in imported(name) if module in MODULES} for name in MODULES}
    while leaves := {name for name, others in graph.items() if not others & graph.keys()}:
        graph = {name: others for name, others in graph.items() if name not in leaves}
    assert graph == {}, f"a circle among: {', '.join(graph)}"


def test_every_folder_is_in_the_wheel_and_in_what_is_checked() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    packages = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name in FOLDERS)
    assert packages == sorted(FOLDERS) == sorted(tool["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert set(FOLDERS) <= set(tool["mypy"]["files"])


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_of_modules_is_a_package(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        assert (path.parent / "__init__.py").exists(), path.parent


# ---------------------------------------------------------------------------------------------------------------
# At import
# ---------------------------------------------------------------------------------------------------------------


def python(program: str) -> str:
    found = subprocess.run(
        [sys.executable, "-B", "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_the_command_line_starts_without_what_its_commands_need() -> None:
    """A mistyped command and `--help` are answered at once."""
    loaded = python(
        "import service.cli.main, json, sys; service.cli.main.parser(); print(json.dumps(list(sys.modules)))"
    )
    heavy = {"fastapi", "pydantic", "eventsourcing", "uvicorn", "starlette", "rich", "orjson", "cattrs"}
    heavy |= {"sqlite3", "psycopg", "msgspec"}
    assert heavy & {top(name) for name in json.loads(loaded)} == set()


WATCHING = """
import sys, threading
done = []

def watch(event, arguments):
    if event == "open" and any(sign in str(arguments[1] or "") for sign in "wax+"):
        done.append((event, str(arguments[:2])))
    elif event in ("sqlite3.connect", "socket.bind", "socket.connect", "subprocess.Popen", "os.mkdir", "os.remove"):
        done.append((event, str(arguments)))

# what others do at import is theirs
import asyncio, fastapi, eventsourcing.postgres, eventsourcing.sqlite, fastapi_swagger, rich.console, uvicorn, pydantic
sys.addaudithook(watch)
for name in {names}:
    __import__(name)
assert done == [], done
assert threading.active_count() == 1, threading.enumerate()
"""


def test_nothing_is_opened_or_started_at_import() -> None:
    python(WATCHING.replace("{names}", repr(sorted(MODULES))))
