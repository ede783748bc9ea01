"""The process that fills the chronology's tables: `python -m service.tables.filler STORE LEVEL`.

Whoever started it (service/tables/follower.py) says with a byte that somebody waits for the tables, and hears in lines
of JSON how far they are, or why they can't go on. It ends when its standard input does, so it outlives nobody; a kill
loses nothing, for what is not in the tables yet is in the log.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from select import select

import orjson

from event_store.faults import StoreFault, Unavailable
from event_store.gist import read_gists
from event_store.log import Log
from projections.chronology.chronology import Chronology
from service.clock import system_clock
from service.garbage import spare_what_is_here
from service.logs import SERVICE, configure
from service.store import open_log

GATHERING = 1.0
"""Seconds that events gather for one transaction, unless somebody waits for them."""
_MOST = 10_000  # events of one transaction
_ASKED, _TOLD = 0, 1  # standard input and output


class Gone(Exception):
    """Whoever started this process is there no more, or lets go of it."""


class Caller:
    """Whoever started this process."""

    def listen(self, seconds: float) -> None:
        """Wait so long, or until somebody waits for the tables. Raises Gone."""
        if select([_ASKED], [], [], seconds)[0] and not os.read(_ASKED, 65_536):
            raise Gone

    def tell(self, **what: int | str) -> None:
        """Whoever is gone is not told; `listen` finds that out."""
        with suppress(BrokenPipeError):
            os.write(_TOLD, orjson.dumps(what, option=orjson.OPT_APPEND_NEWLINE))


class Filler:
    """Takes in what the log has: at once for whoever waits, else what has gathered.

    A transaction keeps appends waiting, and writes some pages anew however few its events are: better few of them.
    """

    def __init__(self, log: Log, chronology: Chronology, caller: Caller) -> None:
        self._log = log
        self._chronology = chronology
        self._caller = caller

    def run(self) -> None:
        """Until the caller is gone, which raises Gone. Raises what `log.read` and `chronology.apply` raise."""
        while True:
            with suppress(Unavailable):  # it is tried again
                self._fill()
            self._caller.listen(GATHERING)

    def _fill(self) -> None:
        """Up to where the log is now. (Another process may have filled the tables, or set them back.)"""
        position, head = self._chronology.look(), self._log.head()
        while position < head:
            self._chronology.apply(read_gists(self._log, position, _MOST))
            position = self._chronology.position
            self._caller.tell(position=position)
            self._caller.listen(0)
        self._caller.tell(position=position)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # only who started this ends it
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    store, level = sys.argv[1:]
    configure(level)
    try:
        log = open_log(store, system_clock, create=False)
    except StoreFault as fault:
        _put_off(fault)
        sys.exit(1)
    caller = Caller()
    try:
        filler = Filler(log, Chronology(log.database), caller)
        spare_what_is_here()
        filler.run()
    except Gone:
        pass
    except Unavailable as fault:
        _put_off(fault)
    except (StoreFault, ValueError) as fault:
        caller.tell(failure=str(fault))
    except Exception as error:  # whatever it is: to go on with what stands still would be worse
        caller.tell(failure=f"the chronology's tables can't be filled: {error!r}")
    finally:
        log.close()


def _put_off(fault: StoreFault) -> None:
    SERVICE.warning("the tables can't be filled now", extra={"fields": {"reason": str(fault)}})


if __name__ == "__main__":
    main()
