"""How a command ends when it can't do what it was asked: one line that says why, and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EIO, ENOSPC

NO = 1
"""The answer is no."""
MISUNDERSTOOD = 2
"""The call can't be understood, or not carried out."""


@contextmanager
def clear_ends() -> Iterator[None]:
    """Turn what people can act on into one line and an exit status; anything else is a fault of ours and shows."""
    from domain.faults import Fault, Several
    from event_store.faults import Damaged, StoreFault
    from service.settings import BadSetting

    try:
        yield
    except Damaged as damaged:
        end(f"the log is damaged: {damaged}", NO)
    except (BadSetting, StoreFault) as fault:
        end(str(fault))
    except Several as several:
        end("; ".join(_with_flag(fault.pointer, fault.detail) for fault in several.faults))
    except Fault as fault:
        end(_with_flag(fault.pointer, fault.detail))
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has seen enough
        sys.exit(0)
    except OSError as error:
        if error.errno not in (ENOSPC, EIO):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the end of the process would fail once more
        end(f"the output can't be written: {error.strerror}")
    except KeyboardInterrupt:
        sys.exit(130)


def _with_flag(pointer: tuple[str | int, ...], detail: str) -> str:
    """A fault of a parameter names the flag that it came by."""
    return f"--{str(pointer[0]).replace('_', '-')}: {detail}" if pointer else detail


def end(why: str, status: int = MISUNDERSTOOD) -> None:
    """One line on standard error, and out."""
    from service.cli.output import say

    say(f"chronology: {' '.join(why.split())}", to=sys.stderr)
    sys.exit(status)
