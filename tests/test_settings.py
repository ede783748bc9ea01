"""Settings come from the environment, with flags over it; one that can't be used is named in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from service.clock import system_clock
from service.settings import BadSetting, Settings, settings
from service.store import open_log, sqlite_path

TOKEN = "long-enough-to-be-one"


def test_without_any_the_defaults_stand() -> None:
    found = settings({}, {})
    default = Settings()
    assert (found.store, found.host, found.port) == ("sqlite:///chronology.db", "127.0.0.1", 8000)
    assert (found.zone.name, found.private, found.admin_token) == ("UTC", False, None)
    assert (found.store, found.host, found.port) == (default.store, default.host, default.port)


def test_the_environment_sets_each() -> None:
    found = settings(
        {
            "CHRONOLOGY_STORE": "sqlite:///other.db",
            "CHRONOLOGY_TIMEZONE": "Asia/Damascus",
            "CHRONOLOGY_HOST": "::1",
            "CHRONOLOGY_PORT": "0",
            "CHRONOLOGY_PRIVATE": "TRUE",
            "CHRONOLOGY_ADMIN_TOKEN": TOKEN,
        },
        {},
    )
    assert (found.store, found.zone.name, found.host) == ("sqlite:///other.db", "Asia/Damascus", "::1")
    assert (found.port, found.private, found.admin_token) == (0, True, TOKEN)


def test_the_folder_of_snapshots_has_to_be_there(tmp_path: Path) -> None:
    assert settings({}, {}).snapshots is None
    assert settings({"CHRONOLOGY_SNAPSHOTS": str(tmp_path)}, {}).snapshots == str(tmp_path)
    assert settings({"CHRONOLOGY_SNAPSHOTS": "none"}, {}).snapshots == "none"
    with pytest.raises(BadSetting, match="CHRONOLOGY_SNAPSHOTS: there is no folder"):
        settings({"CHRONOLOGY_SNAPSHOTS": str(tmp_path / "missing")}, {})


def test_an_address_of_tiles_is_taken_as_it_is() -> None:
    address = "https://tiles.example.org:8443/{z}/{x}/{y}.png?key=abc"
    assert settings({"CHRONOLOGY_TILES": address}, {}).tiles == address


def test_a_flag_stands_over_the_environment() -> None:
    found = settings({"CHRONOLOGY_PORT": "9000", "CHRONOLOGY_HOST": "::1"}, {"port": "9001", "host": None})
    assert (found.port, found.host) == (9001, "::1")


def test_a_variable_set_to_nothing_is_not_set() -> None:
    found = settings({"CHRONOLOGY_STORE": "", "CHRONOLOGY_PORT": "", "CHRONOLOGY_ADMIN_TOKEN": ""}, {})
    assert (found.store, found.port, found.admin_token) == (Settings().store, Settings().port, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "../etc/passwd"),
        ("TIMEZONE", "+03:00"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80.0"),
        ("PORT", "٨٠"),
        ("PRIVATE", "perhaps"),
        ("PRIVATE", "1"),
        ("ADMIN_TOKEN", "short"),
        ("TILES", "tiles.example.org/{z}/{x}/{y}.png"),
        ("TILES", "https://tiles.example.org/tiles.png"),
        ("TILES", "https://tiles.example.org;script-src/{z}/{x}/{y}.png"),
        ("TILES", "javascript:alert(1)//{z}/{x}/{y}"),
    ],
)
def test_one_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as bad:
        settings({f"CHRONOLOGY_{name}": value}, {})
    assert f"CHRONOLOGY_{name}" in str(bad.value)
    assert "\n" not in str(bad.value)


def test_a_secret_is_not_shown_in_what_is_said_of_it() -> None:
    with pytest.raises(BadSetting) as bad:
        settings({"CHRONOLOGY_ADMIN_TOKEN": "hush"}, {})
    assert "hush" not in str(bad.value)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///chronology.db", "chronology.db"),
        ("sqlite:////var/lib/chronology.db", "/var/lib/chronology.db"),
        ("sqlite:///folder/chronology.db", "folder/chronology.db"),
        ("sqlite:///../chronology.db", "../chronology.db"),
        ("sqlite:///a%20b.db", "a b.db"),
        ("sqlite:///what%3F.db", "what?.db"),
    ],
)
def test_three_slashes_are_before_a_relative_path_and_four_before_an_absolute_one(url: str, path: str) -> None:
    assert sqlite_path(url) == Path(path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "chronology.db",
        "/var/lib/chronology.db",
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        "sqlite://chronology.db",
        "sqlite://host/chronology.db",
        "sqlite:///chronology.db?mode=ro",
        "sqlite:///chronology.db#top",
        "sqlite:///:memory:",
        "sqlite:///nul%00.db",
        "sqlite://[",
        "mysql://host/chronology",
        "postgresql:chronology",
        "postgresql://host:port:2/chronology",
        "postgresql://[::1/chronology",
        "postgresql://host/chronology?colour=blue",
        "file:///chronology.db",
    ],
)
def test_any_other_address_of_a_store_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(BadSetting) as bad:
        open_log(url, system_clock, create=True)
    assert "\n" not in str(bad.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hush@[::1/chronology",
        "postgresql://me:hush@host/chronology?colour=hush",
        "postgresql://me:hu@hush@host/chronology",
        "postgresql://me:hu/hush@host/chronology",
        "postgresql://me:hush/@host/chronology",
        "postgresql://me:hush%zz@host/chronology",
        "postgresql://me:hu sh hush@host/chronology",
        "postgres+psycopg://me:hush@host/chronology",
        "mysql://me:hush@host/chronology",
    ],
)
def test_a_password_in_an_address_is_not_shown(url: str) -> None:
    with pytest.raises(BadSetting) as bad:
        open_log(url, system_clock, create=True)
    assert "hush" not in str(bad.value)


def test_postgresql_needs_what_comes_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "event_store.postgres.log", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in [name for name in sys.modules if name.startswith("event_store.postgres.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(BadSetting, match=r"pip install 'chronology\[postgres\]'"):
        open_log("postgresql://me:hush@host/chronology", system_clock, create=True)
