"""The program `chronology`: which command there is and what it takes. Commands are imported when they are called."""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

EPILOG = """start with:
  chronology load hama-2024
  chronology control khitab --at 2024-12-05
  chronology serve"""

Add = Callable[..., argparse.ArgumentParser]


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command. Exits with 0, 1 for "the answer is no", or 2 for a call that can't be understood."""
    arguments = parser().parse_args(argv)
    from projections.garbage import uncollected
    from service.cli.failing import clear_ends

    with clear_ends():
        with uncollected():  # what is imported stays: to look for garbage in it takes a tenth of the time, or more
            run = import_module(f"service.cli.{arguments.module}").run
            gc.freeze()
        raise SystemExit(run(arguments, os.environ) or 0)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"chronology {version('chronology')}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Every command and option."""
    top = argparse.ArgumentParser(
        prog="chronology",
        description="Who held each town at any moment, as it was known at any other moment, and why.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=EPILOG,
    )
    top.add_argument("--version", action=_Version, help="show the version and exit")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, summary: str, example: str) -> argparse.ArgumentParser:
        command = _add_parser(commands, name, summary, example)
        command.set_defaults(module=name)
        _add_store(command)
        return command

    _add_serving(add)
    _add_queries(add)
    _add_tallies(add)
    _add_differences(add)
    _add_keeping(add)
    _add_redacting(add)
    _add_moving(add)
    return top


def _add_parser(among: Any, name: str, summary: str, example: str) -> argparse.ArgumentParser:
    """A command, or an action of one; `among` is what argparse's `add_subparsers` returned."""
    added: argparse.ArgumentParser = among.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"Example:\n  chronology {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return added


def _add_store(command: argparse.ArgumentParser, default: str | None = None) -> None:
    command.add_argument(
        "--store",
        metavar="URL",
        default=default,
        help="where the chronology is kept (CHRONOLOGY_STORE; default sqlite:///chronology.db)",
    )
    command.add_argument(
        "--timezone",
        metavar="NAME",
        default=default,
        help="the zone of dates and local times without an offset (CHRONOLOGY_TIMEZONE; default UTC)",
    )


def _add_serving(add: Add) -> None:
    serve = add("serve", "serve the API and its pages", "serve --port 8000")
    serve.add_argument("--host", help="the address to listen on (CHRONOLOGY_HOST; default 127.0.0.1)")
    serve.add_argument("--port", help="the port to listen on, 0 for a free one (CHRONOLOGY_PORT; default 8000)")
    serve.add_argument("--workers", help="processes that serve the address (CHRONOLOGY_WORKERS; default 1)")
    load = add("load", "append a chronology; running it again appends nothing", "load hama-2024")
    load.add_argument(
        "chronology",
        metavar="NAME_OR_PATH",
        help="a built-in one (hama-2024), a folder of that form, or an exported log",
    )
    _add_json(load)


def _add_queries(add: Add) -> None:
    control = add("control", "say who held a place, and why", "control khitab --at 2024-12-05T12:00:00Z")
    control.add_argument("place", metavar="PLACE", help="its id or its name")
    timeline = add("timeline", "say who held a place over all time", "timeline salamiyah --by side")
    timeline.add_argument("place", metavar="PLACE", help="its id or its name")
    holdings = add("holdings", "say which places a force held", "holdings opposition --at 2024-12-06")
    holdings.add_argument("force", metavar="FORCE", help="its id or its name")
    map_ = add("map", "say who held every place", "map --at 2024-12-05 --status held,contested")
    _add_narrowing(map_)
    map_.add_argument("--geojson", action="store_true", help="print GeoJSON")
    for command in (control, timeline, holdings, map_):
        _add_lens(command)
        _add_question(command)
        _add_interest(command)
        _add_json(command)


def _add_narrowing(command: argparse.ArgumentParser) -> None:
    for name, what in (
        ("bbox", "only places in west,south,east,north, in degrees"),
        ("force", "only where this force, or one aligned under it"),
        ("status", "only these statuses (a comma list)"),
        ("kind", "only these kinds of place (a comma list)"),
    ):
        command.add_argument(f"--{name}", help=what)


def _add_tallies(add: Add) -> None:
    tallies = add("tallies", "count casualties, strikes and clashes", "tallies --group side,month --place hama")
    for name, metavar, what in (
        ("group", "GROUPS", "a row for each of these: side, place, and one of day, week, month, year (a comma list)"),
        ("from", "T", "only what happened at or after this: an instant, a local time or a date (its start)"),
        ("to", "T", "only what happened at or before this"),
        ("place", "PLACE", "only there, or below it: an id or a name"),
        ("force", "FORCE", "only of this force, or one aligned under it: an id or a name"),
        ("event", "EVENT", "only the happening that claims call so"),
    ):
        tallies.add_argument(f"--{name}", metavar=metavar, help=what)
    _add_lens(tallies)
    _add_question(tallies)
    _add_json(tallies)


def _add_differences(add: Add) -> None:
    changes = add(
        "changes",
        "say what changed between two times, in the world or in what was known",
        "changes --from 2024-12-04 --to 2024-12-06\n  chronology changes --axis knowledge --from 62 --at 2024-12-05",
    )
    compare = add("compare", "say on which places two lenses differ", "compare default strict --at 2024-12-05")
    compare.add_argument("lenses", metavar="LENS", nargs="+", help="two or more of: default, strict, everything")
    replay = add(
        "replay",
        "play what changed, step by step, in the world or in what was known",
        "replay --from 2024-12-01 --to 2024-12-06\n  chronology replay --axis knowledge --at 2024-12-05 --json",
    )
    replay.add_argument("--speed", metavar="N", help="seconds of its own clock that it plays in one second")
    for command in (changes, replay):
        command.add_argument("--axis", help="the clock that runs: the world's (valid, the default), or knowledge's")
        command.add_argument("--from", metavar="T", help="where to begin: a time, or of knowledge a position")
        command.add_argument("--to", metavar="T", help="where to end (default: --at or now; --known-at or the newest)")
    for command in (changes, replay):
        _add_lens(command)
    for command in (changes, compare, replay):
        _add_question(command)
        _add_interest(command)
        _add_json(command)
    _add_reports(add)


def _add_reports(add: Add) -> None:
    reports = add("reports", "find reports, the newest filed first", 'reports --q "convoy*" --place hama')
    for name, metavar, what in (
        ("q", "WORDS", 'with all these words; "two words" is a phrase, begin* a beginning'),
        ("place", "PLACE", "that name this place (its id or its name), or one below it"),
        ("force", "ID", "that name this force, or one that was ever aligned under it"),
        ("source", "ID", "by this source, or that have it from there"),
        ("kind", "KIND", "with a claim of this kind"),
        ("from", "T", "of what may have happened at or after this"),
        ("to", "T", "of what may have happened at or before this"),
    ):
        reports.add_argument(f"--{name}", metavar=metavar, help=f"only reports {what}")
    reports.add_argument("--known-at", metavar="K", help="as known at a position of the log, or at a time")
    reports.add_argument("--limit", metavar="N", help="how many at the most (default 50)")
    _add_json(reports)


def _add_lens(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lens", help="what counts: default, strict or everything")


def _add_question(command: argparse.ArgumentParser) -> None:
    command.add_argument("--at", metavar="T", help="when in the world: an instant, a local time or a date (its start)")
    command.add_argument("--known-at", metavar="K", help="as known at a position of the log, or at a time")
    command.add_argument("--min-credibility", metavar="GRADE", help="only reports graded at least this")
    command.add_argument("--sources", metavar="IDS", help="only these sources (a comma list)")
    command.add_argument("--exclude-sources", metavar="IDS", help="not these sources (a comma list)")
    command.add_argument("--published-by", metavar="T", help="only what was published by then")


def _add_interest(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--against-interest", action="store_const", const="true", help="a party's own word only for what it admits"
    )
    command.add_argument(
        "--no-against-interest", action="store_const", const="false", dest="against_interest", help="take it for all"
    )
    command.add_argument("--by", metavar="side", help="`side`: show each force by its side")


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON, as when the output is piped")


def _add_keeping(add: Add) -> None:
    _add_json(add("rebuild", "drop every projection and build it again from the log", "rebuild"))
    verify = add("verify", "read the whole log and check that nothing is amiss", "verify --checkpoint kept.txt")
    verify.add_argument("--checkpoint", metavar="FILE", help="a checkpoint kept from earlier: the log must begin so")
    verify.add_argument(
        "--key", metavar="KEY", help="the verifier key of its signature, or a file with it (default: the store's own)"
    )
    _add_json(verify)
    checkpoint = add("checkpoint", "sign the log's size and root, to keep elsewhere", "checkpoint --output kept.txt")
    checkpoint.add_argument("--output", metavar="FILE", help="the file to write (default: standard output)")
    checkpoint.add_argument(
        "--verifier-key", action="store_true", help="write the key that checkpoints are verified with instead"
    )
    make = 'token create --role reporter --name "Field desk"'
    token = add("token", "make, list and revoke tokens", make)
    actions = token.add_subparsers(title="actions", metavar="ACTION", required=True)

    def act(name: str, summary: str, example: str) -> argparse.ArgumentParser:
        action = _add_parser(actions, name, summary, example)
        action.set_defaults(action=name)
        _add_store(action, default=argparse.SUPPRESS)  # what stands before the action is not undone by its absence
        _add_json(action)
        return action

    create = act("create", "make a token; it is shown once", make)
    create.add_argument("--role", required=True, choices=("reader", "reporter", "editor", "admin"))
    create.add_argument("--name", required=True, help="whose or what it is, to tell it from others")
    act("list", "list all tokens there have been", "token list")
    act("revoke", "make a token worthless", "token revoke 1a2b3c4d").add_argument("id", metavar="ID")


def _add_redacting(add: Add) -> None:
    redact = add(
        "redact",
        "erase words of a report everywhere, for good; who held what stays as it was",
        'redact hama-2024-s10 --reason "Erasure request 17" --parts text,persons --dry-run',
    )
    redact.add_argument("report", metavar="REPORT", help="its id")
    redact.add_argument("--reason", required=True, help="why; it is kept, so it should name nobody")
    redact.add_argument(
        "--parts",
        metavar="PARTS",
        help="only these: fields (text, persons, …) or JSON Pointers in its events (a comma list; default: all words)",
    )
    redact.add_argument(
        "--versions", metavar="N", help="only of these versions of it (a comma list; default: all but redactions)"
    )
    redact.add_argument("--dry-run", action="store_true", help="only say what would be erased")
    _add_json(redact)


def _add_moving(add: Add) -> None:
    export = add(
        "export",
        "write the whole log, or who held every place, to a file",
        "export --format ndjson --output log.ndjson",
    )
    export.add_argument(
        "--format",
        required=True,
        choices=("ndjson", "csv", "geojson"),
        help="ndjson: the log, for `load`; csv or geojson: who held every place, asked as `map` is",
    )
    export.add_argument("--output", metavar="FILE", help="the file to write (default: standard output)")
    export.add_argument("--until", metavar="K", help="with ndjson: only up to this position of the log")
    _add_lens(export)
    _add_question(export)
    _add_interest(export)
    _add_narrowing(export)
    import_ = add(
        "import", "file the reports of a file; running it again appends nothing", "import reports.csv --format csv"
    )
    import_.set_defaults(module="importing")
    import_.add_argument("file", metavar="FILE", help="the file to read, - for standard input")
    import_.add_argument(
        "--format", required=True, choices=("ndjson", "csv"), help="ndjson: a report a line; csv: a report a row"
    )
    _add_json(import_)


if __name__ == "__main__":
    main()
