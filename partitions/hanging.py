"""What hangs on a partition itself, and not on its table: it would be lost with the partition, or bar its end."""

from __future__ import annotations

from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from ..schema.core.errors import Refused
from ..schema.core.sql import query
from .state import QUERIES, Leaf


def refuse_hanging(connection: psycopg.Connection[Any], leaf: Leaf, *, where: str) -> None:
    """Raise Refused, with all of it, where triggers, policies, foreign keys, views, rules, functions, publications or
    rights hang on a partition that its table does not have."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(query(QUERIES, "hanging"), {"oid": leaf.oid}).fetchall()
    if found:
        raise Refused(
            f"on its partition {leaf.name} itself hangs what a new one would not have: "
            + ", ".join(str(what) for what, _ in found),
            where=where,
            next_step="; ".join(dict.fromkeys(str(remedy) for _, remedy in found)) + "; then run the command again",
        )


def granting_as(connection: psycopg.Connection[Any], leaf: Leaf, other: sql.Identifier) -> tuple[sql.Composed, ...]:
    """The statements that give others the rights on a table that they have on a partition."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        grants = cursor.execute(query(QUERIES, "leaf_grants"), {"oid": leaf.oid}).fetchall()
    return tuple(
        sql.SQL("GRANT {} ON {} TO {}{}").format(
            sql.SQL(cast("LiteralString", privilege)),
            other,
            sql.SQL("PUBLIC") if grantee is None else sql.Identifier(grantee),
            sql.SQL(" WITH GRANT OPTION" if grantable else ""),
        )
        for privilege, grantee, grantable in grants
    )
