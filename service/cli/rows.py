"""An answer as the cells of a table."""

from __future__ import annotations

from domain.control.answer import Answer
from domain.control.state import Shown, Status
from service.cli.words import Words

COLUMNS = ("Status", "Held by", "Fought over or disputed by", "Reports")


def answer_cells(answer: Answer, words: Words) -> tuple[str, str, str, str]:
    """One cell for each of COLUMNS."""
    if answer.before is None or answer.after is None:
        status, held, against = answer.status.value, _held(answer.shown, words), _against(answer.shown, words)
    else:
        before, after = answer.before, answer.after
        status = f"changing: {before.status.value} → {after.status.value}"
        held = f"{_held(before, words)} → {_held(after, words)}"
        against = f"{_against(before, words)} → {_against(after, words)}".strip(" →")
    return status, held, against, ", ".join(answer.basis)


def brief(answer: Answer | None, words: Words) -> str:
    """An answer in one cell; `not known yet` for a place that was not."""
    if answer is None:
        return "not known yet"
    if answer.before is None or answer.after is None:
        return _brief(answer.shown, words)
    return f"changing: {_brief(answer.before, words)} → {_brief(answer.after, words)}"


def _brief(shown: Shown, words: Words) -> str:
    match shown.status:
        case Status.HELD:
            return f"held by {words.forces(shown.holders)}"
        case Status.CONTESTED:
            held = f", held by {words.forces(shown.holders)}" if shown.holders else ""
            return f"contested by {words.forces(shown.parties)}{held}"
        case Status.DISPUTED:
            return f"disputed: {words.forces(shown.holders)} or {words.forces(shown.challenger or ())}"
        case _:
            return shown.status.value


def _held(shown: Shown, words: Words) -> str:
    return words.forces(shown.holders) if shown.holders else "–"


def _against(shown: Shown, words: Words) -> str:
    if shown.parties:
        return words.forces(shown.parties)
    return "" if shown.challenger is None else words.forces(shown.challenger)
