"""Settings: from the environment, with flags over it (docs/settings.md lists them)."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.faults import Wrong
from domain.when.zone import Zone
from service.logs import LEVELS

PREFIX = "CHRONOLOGY_"

_MOST_WORKERS = 128
_TILES = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[!-~]*")


class BadSetting(Exception):
    """A setting that can't be used; the message is one line that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`zone` is the one that dates and local times without an offset are read in; `tiles` an address of map tiles."""

    store: str = "sqlite:///chronology.db"
    zone: Zone = field(default_factory=lambda: Zone("UTC"))
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    private: bool = False
    admin_token: str | None = None
    tiles: str | None = None
    log: str = "info"
    snapshots: str | None = None
    ahead: bool = True
    signing_key: bytes | None = field(default=None, repr=False)
    origin: str | None = None


def settings(environment: Mapping[str, str], flags: Mapping[str, str | None]) -> Settings:
    """The settings; a flag that is None was not given. Raises BadSetting."""

    def given(name: str) -> str | None:
        flag = flags.get(name)
        return flag if flag is not None else environment.get(PREFIX + name.upper()) or None

    default = Settings()
    return Settings(
        store=given("store") or default.store,
        zone=_zone(given("timezone") or default.zone.name),
        host=given("host") or default.host,
        port=_port(given("port") or str(default.port)),
        workers=_workers(given("workers") or str(default.workers)),
        private=_flag("private", given("private") or "false"),
        admin_token=_admin_token(given("admin_token")),
        tiles=_tiles(given("tiles")),
        log=_level(given("log") or default.log),
        snapshots=_snapshots(given("snapshots")),
        ahead=_flag("ahead", given("ahead") or "true"),
        signing_key=_signing_key(given("signing_key")),
        origin=_origin(given("origin")),
    )


def _zone(name: str) -> Zone:
    try:
        return Zone(name)
    except Wrong as wrong:
        raise BadSetting(f"{PREFIX}TIMEZONE or --timezone: {wrong.detail}") from None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        raise BadSetting(f"{PREFIX}PORT or --port: {text!r} is not a port between 0 and 65535")
    return int(text)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= _MOST_WORKERS):
        raise BadSetting(f"{PREFIX}WORKERS or --workers: {text!r} is not a number between 1 and {_MOST_WORKERS}")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise BadSetting(f"{PREFIX}{name.upper()}: {text!r} is neither true nor false")
    return text.lower() == "true"


def _level(text: str) -> str:
    if text.lower() not in LEVELS:
        raise BadSetting(f"{PREFIX}LOG: {text!r} is none of: {', '.join(LEVELS)}")
    return text.lower()


def _snapshots(folder: str | None) -> str | None:
    if folder not in (None, "none") and not Path(folder).is_dir():
        raise BadSetting(f"{PREFIX}SNAPSHOTS: there is no folder {folder}; `none` keeps no snapshot")
    return folder


def _signing_key(text: str | None) -> bytes | None:
    try:
        key = None if text is None else b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if key is not None and len(key) != 32:
        raise BadSetting(f"{PREFIX}SIGNING_KEY: 32 bytes in base64, as `openssl rand -base64 32` makes them")
    return key


def _origin(name: str | None) -> str | None:
    if name is not None and (not name.isprintable() or any(sign.isspace() or sign == "+" for sign in name)):
        raise BadSetting(f"{PREFIX}ORIGIN: {name!r} has a space or a + in it; a name like example.org/log has not")
    return name


def _admin_token(token: str | None) -> str | None:
    if token is not None and len(token) < 16:
        raise BadSetting(f"{PREFIX}ADMIN_TOKEN: at least 16 characters, or it could be guessed")
    if token is not None and not all("!" <= sign <= "~" for sign in token):
        raise BadSetting(f"{PREFIX}ADMIN_TOKEN: letters, digits and signs of ASCII, or no header could carry it")
    return token


def _tiles(address: str | None) -> str | None:
    """An address of raster tiles, whose origin goes into the page's Content-Security-Policy."""
    if address is None:
        return None
    if not _TILES.fullmatch(address) or not all(part in address for part in ("{z}", "{x}", "{y}")):
        raise BadSetting(
            f"{PREFIX}TILES: not an address of tiles such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
        )
    return address
