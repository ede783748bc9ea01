"""Minutes of writing and reading by eight processes of four nodes, while one thing after the other fails.

make soak MINUTES=5
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
from time import monotonic

from cluster import Cluster, Member, cluster
from running import Serving, await_true
from traffic import Traffic, accounted, head_of, register, traffic

WRITERS = 8
BETWEEN = 200  # reports that are acknowledged between one fault and the next

_dice = Random(20241205)


def main(minutes: float) -> int:
    with ExitStack() as stack:
        three = stack.enter_context(cluster())
        writing = [stack.enter_context(three.node(name, three.writing, "--workers", "3")) for name in ("one", "two")]
        register(writing[0].url)
        reading = [stack.enter_context(three.node(name, three.reading)) for name in ("three", "four")]
        work = stack.enter_context(traffic())
        for number in range(WRITERS):
            work.file(f"r{number}", writing[number % 2].url)
        for node in (*writing, *reading):
            work.tail_feed(node.url)
        counted = _fail(work, faults(three, writing), monotonic() + minutes * 60)
        work.stop(lambda: head_of(three.writing))
        account = accounted(three.writing, work.acknowledged, work.tails)
        print(f"{minutes:g} minutes, {counted}: {account.line}")
        account.must_balance()
    return 0


def _fail(work: Traffic, each: Iterator[tuple[str, Callable[[], None]]], until: float) -> str:
    counts: dict[str, int] = {}
    while monotonic() < until:
        work.await_more(BETWEEN, within=180)
        what, happens = next(each)
        print(f"{len(work.acknowledged)} acknowledged; {what}", flush=True)
        happens()
        counts[what] = counts.get(what, 0) + 1
    work.await_more(BETWEEN, within=180)
    return ", ".join(f"{what} ({times})" for what, times in counts.items())


def faults(three: Cluster, writing: list[Serving]) -> Iterator[tuple[str, Callable[[], None]]]:
    return cycle(
        [
            ("a worker killed", partial(kill_worker, writing)),
            ("every connection cut", partial(cut_connections, three)),
            ("the primary killed, a standby promoted", partial(fail_over, three)),
            ("a standby restarted", partial(restart_standby, three)),
            ("the primary restarted", partial(restart_primary, three)),
        ]
    )


def kill_worker(writing: list[Serving]) -> None:
    node = _dice.choice(writing)
    children = Path(f"/proc/{node.process.pid}/task/{node.process.pid}/children").read_text().split()
    workers = [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    with suppress(ProcessLookupError):
        os.kill(_dice.choice(workers), signal.SIGKILL)


def cut_connections(three: Cluster) -> None:
    for each in three.members.values():
        each.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chronology'")


def fail_over(three: Cluster) -> None:
    """The one that was killed comes back as a standby of the new one."""
    old = primary(three)
    others = standbys(three)
    old.crash()
    new = max(others, key=Member.received)
    new.promote()
    shutil.rmtree(old.data)
    old.copy(new)
    old.start()
    await_streaming(three)


def restart_standby(three: Cluster) -> None:
    each = _dice.choice(standbys(three))
    each.stop()
    each.start()
    await_streaming(three)


def restart_primary(three: Cluster) -> None:
    each = primary(three)
    each.stop()
    each.start()
    await_streaming(three)


def primary(three: Cluster) -> Member:
    [found] = [each for each in three.members.values() if each.do("SELECT pg_is_in_recovery()") == [(False,)]]
    return found


def standbys(three: Cluster) -> list[Member]:
    return [each for each in three.members.values() if each.do("SELECT pg_is_in_recovery()") == [(True,)]]


def await_streaming(three: Cluster) -> None:
    await_true("all stream", lambda: sum(each.streams() for each in three.members.values()) == 2, 60)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
