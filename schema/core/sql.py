"""Named queries beside a module, and scripts split by PostgreSQL's own parser."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

import postgast
from postgast import PgQueryError, pg_query_pb2

from .errors import DeclarationError

_COMMENTS = frozenset({pg_query_pb2.SQL_COMMENT, pg_query_pb2.C_COMMENT})


@cache
def query(folder: Path, name: str) -> LiteralString:
    """The text of `folder/<name>.sql`. These files ship with the package, so they are trusted like code."""
    return cast("LiteralString", (folder / f"{name}.sql").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class ScriptStatement:
    """One statement of a script: its text without semicolon, its first line, and the comments before it."""

    sql: str
    line: int
    comments: tuple[str, ...]
    tree: pg_query_pb2.Node


def parse_script(text: str, *, origin: str) -> tuple[ScriptStatement, ...]:
    """Split a script with PostgreSQL's own parser.

    Raises DeclarationError naming `origin:line` when it does not parse.
    """
    try:
        parsed = postgast.parse(text).stmts
        tokens = postgast.scan(text).tokens
    except PgQueryError as error:
        line = text[: max(error.cursorpos - 1, 0)].count("\n") + 1
        raise DeclarationError(str(error), where=f"{origin}:{line}", next_step="correct the statement") from error
    # the parser counts in bytes
    raw = text.encode()
    statements: list[ScriptStatement] = []
    pending = iter(tokens)
    semicolon = 0
    for statement in parsed:
        comments: list[str] = []
        end = statement.stmt_location + statement.stmt_len if statement.stmt_len else len(raw) + 1
        first = last = None
        for token in pending:
            if token.token == pg_query_pb2.ASCII_59 and (first is None or token.start >= end):
                semicolon = token.end
                if first is not None:
                    break
            elif token.token not in _COMMENTS:
                first, last = first or token, token
            elif first is None and (not semicolon or b"\n" in raw[semicolon : token.start]):
                comments.append(raw[token.start : token.end].decode())
        if first is None or last is None:
            continue
        body = raw[first.start : last.end].decode()
        line = raw.count(b"\n", 0, first.start) + 1
        statements.append(ScriptStatement(body, line, tuple(comments), statement.stmt))
    return tuple(statements)


def split(text: str, *, origin: str) -> list[tuple[int, str]]:
    """The statements of a script as (line number, text without semicolon). Raises like `parse_script`."""
    return [(statement.line, statement.sql) for statement in parse_script(text, origin=origin)]
