"""When something happened, as far as it is known: a window [earliest, latest] of instants (control.md §2)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.faults import Wrong
from domain.when.instant import BEGINNING, text


@dataclass(frozen=True, slots=True)
class Window:
    """[earliest, latest] in instants, earliest ≤ latest; `earliest` is BEGINNING where the start is open.

    `core` is what a window written with `/` surely covers, from the latest of its first end to the earliest of its
    second, where the one lies before the other; else None.
    """

    earliest: int
    latest: int
    core: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise Wrong("a window's latest lies before its earliest")
        if self.core and not self.core[0] < self.core[1]:
            raise Wrong("a window's core is empty")


@dataclass(frozen=True, slots=True)
class Occurred:
    """A window as it was written, `text`, and as it was read before anybody recorded it.

    `earliest` is BEGINNING for an open start. `latest` is None for an open end, which is the recording of the event
    that carries it: by then it had happened. `core` is (latest of the first end, earliest of the second) for a window
    written with `/`, its second None where the second end is open; it may be empty or turned round.
    """

    text: str
    earliest: int
    latest: int | None
    core: tuple[int, int | None] | None = None

    def __post_init__(self) -> None:
        if self.earliest == BEGINNING and self.latest is None:
            raise Wrong(f"{self.text!r} is open at both ends")
        if self.latest is not None and self.latest < self.earliest:
            raise Wrong(f"{self.text!r} ends before it begins")

    def check_recordable(self, recorded_at: int) -> None:
        """Raise Wrong where an open end's earliest lies after the recording."""
        if self.latest is None and self.earliest > recorded_at:
            raise Wrong(
                f"{self.text!r} is open to the time of recording, {text(recorded_at)}, but begins after it, "
                f"at {text(self.earliest)}"
            )

    def window(self, recorded_at: int) -> Window:
        """The window, an open end closed at the recording (an instant)."""
        latest = recorded_at if self.latest is None else self.latest
        if self.core is None:
            return Window(self.earliest, latest)
        start, end = self.core[0], recorded_at if self.core[1] is None else self.core[1]
        return Window(self.earliest, latest, (start, end) if start < end else None)
