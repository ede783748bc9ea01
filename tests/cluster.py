"""A PostgreSQL primary and its standbys, with the settings of docs/scale.md, and nodes that serve what they hold."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from postgres import PostgresServer, own_folder, run
from running import Serving, await_true, serving

NAMES = ("pg1", "pg2", "pg3")
KEY = "c2Vjb25kIGhhbmQgaXMgbm8gc3VyZSBoYW5kIGF0IGE="
"""A signing key, the same for all nodes."""


@cache
def documented() -> Mapping[str, str]:
    """The settings of a server as docs/scale.md gives them; `HOSTS` and `NAME` are put in by who uses them."""
    page = (Path(__file__).parent.parent / "docs" / "scale.md").read_text()
    [block] = re.findall(r"```ini\n(.*?)```", page, re.DOTALL)
    lines = [line.partition("#")[0].strip() for line in block.splitlines()]
    pairs = [line.partition(" = ") for line in lines if line]
    return {name.strip(): value.strip().strip("'") for name, _, value in pairs}


class Member(PostgresServer):
    """One server of a cluster, that can be its primary or a standby."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.settings = dict(documented())
        super().__init__(folder, self.settings)

    def starts_with(self, **settings: str) -> None:
        """From the next start on, these are other than `settings` says."""
        self._options = {**self.settings, **settings}

    def copy(self, primary: PostgresServer) -> None:
        """Become a standby: a copy of the primary as it is now, which goes on following it."""
        run("pg_basebackup", "--checkpoint=fast", "--no-sync", "-D", self.data, "-d", primary.address())
        (self.data / "standby.signal").touch()
        shutil.chown(self.data / "standby.signal", self.data.owner(), self.data.group())

    def promote(self) -> None:
        self.do("SELECT pg_promote(true, 30)")

    def received(self) -> int:
        """How much of the write-ahead log it has, in bytes."""
        [(found,)] = self.do("SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn")
        return int(str(found))

    def streams(self) -> bool:
        """Whether it is connected to a primary."""
        with suppress(psycopg.Error):
            return self.do("SELECT status FROM pg_stat_wal_receiver") == [("streaming",)]
        return False


@dataclass(frozen=True)
class Cluster:
    """The members by name; the first begins as the primary."""

    members: Mapping[str, Member]

    def __getitem__(self, name: str) -> Member:
        return self.members[name]

    @property
    def writing(self) -> str:
        """The address of whichever is the primary."""
        return f"postgresql://postgres@{','.join(self._hosts)}/postgres?target_session_attrs=read-write"

    @property
    def reading(self) -> str:
        """The address of a standby; of the primary where there is none."""
        return f"postgresql://postgres@{','.join(reversed(self._hosts))}/postgres?target_session_attrs=prefer-standby"

    @property
    def _hosts(self) -> list[str]:
        return [f"127.0.0.1:{each.port}" for each in self.members.values()]

    @contextmanager
    def node(self, name: str, address: str, *arguments: str) -> Iterator[Serving]:
        """`chronology serve` on an address, once it is ready."""
        env = {"CHRONOLOGY_SIGNING_KEY": KEY, "CHRONOLOGY_ORIGIN": "cluster.example.org/log"}
        with serving(address, *arguments, env=env) as found, found.client() as client:
            await_true(f"{name} is ready", lambda: client.get("/health/ready").status_code == 200)
            yield found


@contextmanager
def cluster(names: tuple[str, ...] = NAMES, **changed: str) -> Iterator[Cluster]:
    """A primary and its standbys, streaming, until the end of the block. `changed` settings are other than documented.

    On loopback the servers differ by their ports, not by their hosts.
    """
    home = own_folder()
    members = {name: Member(name, _made(home / name)) for name in names}
    ports = ",".join(str(each.port) for each in members.values())
    for name, each in members.items():
        hosts = f"host={','.join(['127.0.0.1'] * len(members))} port={ports}"
        each.settings |= changed
        each.settings["primary_conninfo"] = (
            each.settings["primary_conninfo"]
            .replace("host=pg1,pg2,pg3 port=5432", hosts)
            .replace("user=replicator", "user=postgres")
            .replace("application_name=NAME", f"application_name={name}")
        )
        each.starts_with()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        first, *others = members.values()
        stack.callback(first.stop, signal.SIGQUIT)
        first.make()
        first.starts_with(synchronous_standby_names="")  # nobody is there to wait for yet
        first.start()
        for each in others:
            each.copy(first)
            stack.callback(each.stop, signal.SIGQUIT)
            each.start()
        first.stop()
        first.starts_with()
        first.start()
        for each in others:
            await_true(f"{each.name} streams", each.streams)
        yield Cluster(members)


def _made(folder: Path) -> Path:
    folder.mkdir()
    shutil.chown(folder, folder.parent.owner(), folder.parent.group())
    return folder
