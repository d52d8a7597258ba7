"""Quoting for the DDL text that plans and declarations render."""

from __future__ import annotations

import re

from postgast import scan

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")


def _is_reserved(name: str) -> bool:
    tokens = scan(name).tokens
    return len(tokens) != 1 or tokens[0].keyword_kind not in (0, 1)


def quote_ident(name: str) -> str:
    """The identifier as SQL, quoted only where PostgreSQL needs it.

    Every keyword but the unreserved ones is quoted, as `quote_ident` of the server does.

    >>> quote_ident("users"), quote_ident("Order"), quote_ident("user")
    ('users', '"Order"', '"user"')
    """
    if _PLAIN.match(name) and not _is_reserved(name):
        return name
    return '"' + name.replace('"', '""') + '"'


def qualified(*parts: str) -> str:
    """`schema.name` with each part quoted where needed."""
    return ".".join(quote_ident(part) for part in parts)


def quote_literal(value: str) -> str:
    """The text as a string literal, in the E'' form when it has backslashes.

    >>> quote_literal("it's")
    "'it''s'"
    """
    doubled = value.replace("'", "''")
    if "\\" in doubled:
        return " E'" + doubled.replace("\\", "\\\\") + "'"
    return f"'{doubled}'"
