"""`chronology token`: make, list and revoke tokens."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from domain.when.instant import text
from service.cli.context import opened, settings_of
from service.cli.failing import NO, end
from service.cli.output import print_json, print_table, wants_json
from service.clock import system_clock
from service.settings import BadSetting
from service.tokens import Role, Tokens


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    creates = arguments.action == "create"
    with opened(settings_of(arguments, environment), create=creates) as log:
        tokens = Tokens(log.database, system_clock)
        if creates:
            _create(arguments, tokens)
        elif arguments.action == "list":
            _list(arguments, tokens)
        elif tokens.revoke(arguments.id):
            if wants_json(arguments):
                print_json({"id": arguments.id, "revoked": True})
            else:
                print(f"Token {arguments.id} is revoked; a running service takes it for a second more at most.")
        else:
            end(f"there is no token {arguments.id!r}, or it is revoked already", NO)


def _create(arguments: argparse.Namespace, tokens: Tokens) -> None:
    if not arguments.name.isprintable() or not arguments.name.strip():
        raise BadSetting("--name: a name is made of signs that can be printed")
    token, secret = tokens.create(Role[arguments.role.upper()], arguments.name)
    if wants_json(arguments):
        print_json({"id": token.id, "name": token.name, "role": token.role.word, "token": secret})
    else:
        print(f"Token {token.id} for {token.name}, role {token.role.word}. It is shown this once:\n{secret}")


def _list(arguments: argparse.Namespace, tokens: Tokens) -> None:
    every = tokens.every()
    if wants_json(arguments):
        print_json(
            [
                {
                    "id": token.id,
                    "name": token.name,
                    "role": token.role.word,
                    "created_at": text(token.created_at),
                    "revoked_at": None if token.revoked_at is None else text(token.revoked_at),
                }
                for token in every
            ]
        )
        return
    rows = [
        (token.id, token.name, token.role.word, text(token.created_at), _or_blank(token.revoked_at)) for token in every
    ]
    print_table("Tokens", ("Id", "Name", "Role", "Made", "Revoked"), rows)


def _or_blank(instant: int | None) -> str:
    return "" if instant is None else text(instant)
