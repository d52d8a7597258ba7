"""Named queries: `queries/<name>.sql` beside a module, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import LiteralString, cast

import postgast
from postgast import PgQueryError

from .errors import DeclarationError


@cache
def query(folder: Path, name: str) -> LiteralString:
    """The text of `folder/<name>.sql`. These files ship with the package, so they are trusted like code."""
    return cast("LiteralString", (folder / f"{name}.sql").read_text(encoding="utf-8"))


def split(text: str, *, origin: str) -> list[tuple[int, str]]:
    """Split a script into (line number, statement) with PostgreSQL's own parser.

    Comments before a statement stay with it. Raises DeclarationError naming `origin:line` when it does not parse.
    """
    try:
        pieces = postgast.split(text)
    except PgQueryError as error:
        position = getattr(error, "cursorpos", 0) or 0
        line = text.encode()[: max(position - 1, 0)].decode(errors="ignore").count("\n") + 1
        raise DeclarationError(
            f"syntax error: {error}", where=f"{origin}:{line}", next_step="correct the statement"
        ) from error
    statements: list[tuple[int, str]] = []
    offset = 0
    for piece in pieces:
        start = text.index(piece, offset)
        offset = start + len(piece)
        body = piece.strip()
        lead = len(piece) - len(piece.lstrip())
        statements.append((text.count("\n", 0, start + lead) + 1, body))
    return statements
