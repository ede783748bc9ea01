"""The collector is off while it is put off, whoever else puts it off meanwhile, and then as it was."""

from __future__ import annotations

import gc
from threading import Thread

from projections.garbage import uncollected


def test_it_is_on_again_when_the_last_is_through() -> None:
    assert gc.isenabled()
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_had_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_threads_that_put_it_off_at_once_leave_it_on() -> None:
    @uncollected()
    def work() -> None:
        for _ in range(100):
            with uncollected():
                pass

    def often() -> None:
        for _ in range(200):
            work()

    threads = [Thread(target=often) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert gc.isenabled()


def test_a_fault_leaves_it_on() -> None:
    try:
        with uncollected():
            raise ValueError
    except ValueError:
        assert gc.isenabled()
