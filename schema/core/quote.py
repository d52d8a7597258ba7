"""Quoting for the DDL text that plans and declarations render."""

from __future__ import annotations

import re
from functools import cache

import postgast

_BARE = re.compile(r"[a-z_][a-z0-9_]*\Z")


def quote_ident(name: str) -> str:
    """The name, in double quotes only where PostgreSQL needs them.

    >>> quote_ident("users"), quote_ident("Order"), quote_ident("user")
    ('users', '"Order"', '"user"')
    """
    if _BARE.match(name) and not _is_keyword(name):
        return name
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text: str) -> str:
    """The text as a string literal that means the same whatever `standard_conforming_strings` says.

    >>> quote_literal("it's")
    "'it''s'"
    """
    quoted = text.replace("'", "''")
    return "E'" + quoted.replace("\\", "\\\\") + "'" if "\\" in text else f"'{quoted}'"


def qualified(*parts: str) -> str:
    """`schema.name` from bare parts."""
    return ".".join(quote_ident(part) for part in parts)


@cache
def _is_keyword(name: str) -> bool:
    # quote_ident of PostgreSQL quotes every keyword but the unreserved ones.
    kinds = {str(token.keyword_kind) for token in postgast.scan(name).tokens}
    allowed = {str(postgast.pg_query_pb2.NO_KEYWORD), str(postgast.pg_query_pb2.UNRESERVED_KEYWORD)}
    return not kinds <= allowed
