"""A name longer than PostgreSQL keeps."""

from __future__ import annotations

from collections.abc import Iterator

import postgast
from postgast import PgQueryError, pg_query_pb2

from ..model import Context, Finding, Rule, Step, about
from ..places import kind_of

NAME = "identifier-truncated"
_LONGEST = 63
"""Bytes: NAMEDATALEN - 1."""


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[str] = set()
    for effect in step.effects:
        if kind_of(effect) in ("insert_stmt", "update_stmt", "delete_stmt", "copy_stmt"):
            continue
        for name in _too_long(effect.sql):
            if name not in told_of:
                told_of.add(name)
                kept = name.encode()[:_LONGEST].decode(errors="ignore")
                yield about(
                    NAME,
                    effect,
                    f"the name {name} has {len(name.encode())} bytes: PostgreSQL keeps {kept}, tools that look for the"
                    " whole name do not find it, and two that begin alike are one",
                    f"a name of at most {_LONGEST} bytes",
                    severity="warning",
                )


def _too_long(sql: str) -> Iterator[str]:
    # shorter than that the whole statement holds no such name
    if len(sql) <= _LONGEST:
        return
    raw = sql.encode()
    try:
        tokens = postgast.scan(sql).tokens
    except PgQueryError:
        return
    for token in tokens:
        if token.token in (pg_query_pb2.IDENT, pg_query_pb2.UIDENT):
            name = raw[token.start : token.end].decode(errors="replace")
            name = name[1:-1].replace('""', '"') if name.startswith('"') else name
            if len(name.encode()) > _LONGEST:
                yield name


RULE = Rule(NAME, "PostgreSQL cuts off names after 63 bytes.", judge, "warning")
