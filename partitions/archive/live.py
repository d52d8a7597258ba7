"""Is a live database what a rule takes it for? Asked before anything is moved: what it does not know would be lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from ...schema.core.archival import Family, Member
from ...schema.core.archival_sql import batch_body, batch_function, table_name
from ...schema.core.errors import DataLossRefused, NotProvisioned, Refused
from ...schema.core.sql import query
from .due import trusted

QUERIES = Path(__file__).parent / "queries"

_OWN = "airside_batch"
_CASCADE = "c"


@dataclass(frozen=True, slots=True)
class Mover:
    """How a batch is moved: the function to call, and the name of the advisory lock under which it works."""

    function: str
    lock: str


def require_known(connection: psycopg.Connection[Any], chosen: Family) -> None:
    """Raise DataLossRefused where the live tables hold what the declaration does not know, NotProvisioned where they
    lack what it names."""
    tables = _tables(connection, chosen)
    members = {(member.schema, member.table) for member in chosen.members}
    for member in chosen.members:
        _require_columns(member, tables, back=chosen.back)
    with connection.cursor(row_factory=dict_row) as cursor:
        oids = [tables[member.schema, member.table]["oid"] for member in chosen.members]
        references = cursor.execute(query(QUERIES, "live_references"), {"oids": oids}).fetchall()
    for found in references:
        known = (found["schema"], found["table"]) in members or chosen.rule.then == "anonymise"
        if known or (chosen.rule.then == "delete" and _declared_or_harmless(found, chosen)):
            continue
        raise DataLossRefused(
            f"{found['table']} refers to {found['referred']} ({found['name']}), and the declaration does not say that"
            " its rows go along: they would be lost, or stand in the way",
            where=f"{found['schema']}.{found['table']}",
            next_step="declare the foreign key and an archive table (archived_as), or drop it; then airside drift",
        )


def _declared_or_harmless(found: Mapping[str, Any], chosen: Family) -> bool:
    qualified = found["table"] if found["schema"] == "public" else f"{found['schema']}.{found['table']}"
    return qualified in chosen.cascades or found["on_delete"] != _CASCADE


def _tables(connection: psycopg.Connection[Any], chosen: Family) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    names = [table_name(member, name) for member in chosen.members for name in (member.table, member.archive) if name]
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query(QUERIES, "live_columns"), {"names": names}).fetchall()
    found = {(str(row["schema"]), str(row["table"])): row for row in rows}
    for member in chosen.members:
        for name in (member.table, member.archive):
            if name and (member.schema, name) not in found:
                raise NotProvisioned(f"{name} does not exist", where=member.schema, next_step="airside upgrade")
    return found


def _require_columns(member: Member, tables: Mapping[tuple[str, str], Mapping[str, Any]], *, back: bool) -> None:
    if member.archive is None:
        return
    unknown = set(tables[member.schema, member.table]["columns"]) - set(member.columns)
    # what an archive has besides is about being archived
    if unknown and not back:
        raise DataLossRefused(
            f"the values of {', '.join(sorted(unknown))} would be lost: the declaration of {member.table} does not"
            " have the column",
            where=f"{member.schema}.{member.table}",
            next_step="airside drift shows the difference; declare the column here and in the archive, or drop it",
        )
    missing = set(member.columns) - set(tables[member.schema, member.archive]["columns"])
    if missing:
        raise NotProvisioned(
            f"{member.archive} has no column {', '.join(sorted(missing))}",
            where=f"{member.schema}.{member.archive}",
            next_step="airside upgrade",
        )


def mover(connection: psycopg.Connection[Any], chosen: Family) -> Mover:
    """The function of the database that moves a batch, or one of this session with the same text.

    Raises Refused where the function of the database is not the declared one.
    """
    root, name = chosen.root, chosen.rule.function
    if name is not None:
        row = connection.execute(
            "SELECT p.prosrc FROM pg_catalog.pg_proc AS p INNER JOIN pg_catalog.pg_namespace AS n"
            " ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = %s"
            " AND pg_catalog.oidvectortypes(p.proargtypes) = 'timestamp with time zone, integer'",
            [name],
        ).fetchone()
        if row is not None:
            if str(row[0]).strip() != batch_body(name, chosen, lock=name):
                raise Refused(
                    f"{name}() of the database is not the declared one, and may lose rows",
                    where=f"{root.schema}.{root.table}",
                    next_step="airside upgrade brings it up to date; airside drift shows the difference",
                )
            return Mover(f"public.{name}", name)
    lock = f"airside {chosen.rule.then} {root.schema}.{root.table} by {chosen.rule.column}"
    connection.execute(trusted(f"DROP FUNCTION IF EXISTS pg_temp.{_OWN}(timestamptz, integer)"))
    connection.execute(trusted(batch_function(f"pg_temp.{_OWN}", chosen, lock=lock)))
    return Mover(f"pg_temp.{_OWN}", lock)
