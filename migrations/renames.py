"""Renames that the models declare (`info={"renamed_from": ...}`) as statements. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import MetaData

from ..schema.core.catalog import Catalog, CatalogObject, Key
from ..schema.core.info import former_name
from ..schema.core.quote import qualified, quote_ident


@dataclass(frozen=True, slots=True)
class Rename:
    """A table or column that goes on under another name; `undo` is the way back."""

    sql: str
    undo: str


def declared_renames(metadata: MetaData, current: Catalog, desired: Catalog) -> tuple[Rename, ...]:
    """The declared renames that are still to be done: the old name exists, the new one does not.

    Tables come first; columns are found under the table's old or new name.
    """
    tables: list[Rename] = []
    columns: list[Rename] = []
    owners: dict[tuple[str, ...], tuple[str, ...]] = {}
    for table in metadata.sorted_tables:
        schema = table.schema or "public"
        was = former_name(table.info)
        moves = was is not None and _table(schema, was) in current and _table(schema, table.name) not in current
        if moves and was is not None and _table(schema, table.name) in desired:
            tables.append(_rename_table(schema, was, table.name))
        before = was if moves and was is not None else table.name
        for column in table.columns:
            old = former_name(column.info)
            if old and _column(schema, before, old) in current and _column(schema, before, column.name) not in current:
                columns.append(_rename_column(schema, table.name, old, column.name))
                owners[schema, before, old] = (schema, table.name, column.name)
            elif before != table.name:
                owners[schema, before, column.name] = (schema, table.name, column.name)
    return (*tables, *columns, *_sequences(owners, current, desired))


def _sequences(
    owners: Mapping[tuple[str, ...], tuple[str, ...]], current: Catalog, desired: Catalog
) -> Iterator[Rename]:
    """Sequences that serial columns own are called after them, and go on counting under the new name."""
    wanted = {_owner(item): key.identity for key, item in desired.items() if key.kind == "sequence"}
    for key, item in current.items():
        owner = owners.get(_owner(item)) if key.kind == "sequence" else None
        name = wanted.get(owner) if owner else None
        if name and name[0] == key.identity[0] and name != key.identity and Key("sequence", name) not in current:
            yield Rename(
                f"ALTER SEQUENCE {qualified(*key.identity)} RENAME TO {quote_ident(name[1])}",
                f"ALTER SEQUENCE {qualified(*name)} RENAME TO {quote_ident(key.identity[1])}",
            )


def _owner(sequence: CatalogObject) -> tuple[str, ...]:
    owned_by = sequence.properties.get("owned_by")
    return tuple(map(str, owned_by)) if isinstance(owned_by, list) else ()


def _rename_table(schema: str, old: str, new: str) -> Rename:
    return Rename(
        f"ALTER TABLE {qualified(schema, old)} RENAME TO {quote_ident(new)}",
        f"ALTER TABLE {qualified(schema, new)} RENAME TO {quote_ident(old)}",
    )


def _rename_column(schema: str, table: str, old: str, new: str) -> Rename:
    relation = qualified(schema, table)
    return Rename(
        f"ALTER TABLE {relation} RENAME COLUMN {quote_ident(old)} TO {quote_ident(new)}",
        f"ALTER TABLE {relation} RENAME COLUMN {quote_ident(new)} TO {quote_ident(old)}",
    )


def _table(schema: str, name: str) -> Key:
    return Key("table", (schema, name))


def _column(schema: str, table: str, name: str) -> Key:
    return Key("column", (schema, table, name))
