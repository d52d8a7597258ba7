"""`airside systems`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .context import Settings, complete_target, entries, pass_settings, shared_options
from .output import Record, collected, table

if TYPE_CHECKING:
    from sqlalchemy import Table

    from ..schema.core.registry import Entry

_COUNTED = ("tables", "columns", "indexes", "partitioned", "personal")


@click.command("systems")
@click.argument("target", default="all", shell_complete=complete_target)
@shared_options
@pass_settings
def command(settings: Settings, target: str) -> None:
    """Show what is declared: databases, tables, personal columns.

    Reads the declarations only. --json gives the names as well.
    """
    with collected(settings) as records:
        records += [_record(entry) for entry in entries(target)]
    if not settings.json:
        rows = [record | {name: len(record[name]) for name in _COUNTED} for record in records]
        table({"system": "system", "database": "database"} | {name: name for name in _COUNTED}, rows)


def _record(entry: Entry) -> Record:
    from ..schema.core.info import personal_category

    tables = entry.load().metadata.sorted_tables
    columns = [column for item in tables for column in item.columns]
    return {
        "system": entry.system,
        "target": entry.target,
        "database": entry.name,
        "module": entry.module,
        "migrations": str(entry.migrations),
        "tables": [item.fullname for item in tables],
        "columns": [str(column) for column in columns],
        "indexes": sorted(str(index.name) for item in tables for index in item.indexes),
        "partitioned": [item.fullname for item in tables if _partition_key(item)],
        "personal": {
            str(column): category for column in columns if (category := personal_category(column.info)) is not None
        },
    }


def _partition_key(item: Table) -> str | None:
    return item.dialect_options["postgresql"]["partition_by"]
