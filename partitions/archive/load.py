"""Rows from a Parquet file back into a table, and the proof that they are those of the file.

Values travel as text (COPY in CSV form, rendered by Arrow), so that every type's own input function reads them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, LiteralString, cast

import postgast
import psycopg
from postgast import PgQueryError
from psycopg import sql

from ...schema.core.errors import Refused
from .columns import Column
from .copying import measure
from .extra import Array, Table, csv, pa
from .manifest import Manifest
from .parquet import differences, read_groups
from .store import Store

_ROWS = 16_384
_CAST = "SELECT NULL::"
_BARE_SELECT = {"target_list", "limit_option", "op"}


def load(
    connection: psycopg.Connection[Any],
    table: sql.Composable,
    store: Store,
    manifest: Manifest,
    observer: Callable[[int], None],
) -> None:
    """Copy the rows of an archive into a table that has its columns, in the caller's transaction.

    Raises Refused when the file cannot be read.
    """
    written = [column for column in manifest.declared if not column.generated]
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        table, sql.SQL(", ").join(sql.Identifier(column.name) for column in written)
    )
    rows = 0
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for group in read_groups(store, manifest.file, manifest.declared, manifest.awkward):
            texts = group.select([column.name for column in written])
            for start in range(0, texts.num_rows, _ROWS):
                stream.write(_csv(texts.slice(start, _ROWS)))
            rows += group.num_rows
            observer(rows)


def prove(connection: psycopg.Connection[Any], table: sql.Composable, manifest: Manifest) -> None:
    """Ask PostgreSQL whether a table holds what the manifest says. The session has SETTINGS.

    Rows and statistics of every column must be equal, and so must the digest of the rows where the server has the major
    version of the one that was archived from. Raises Refused.
    """
    found = measure(connection, table, manifest.declared, manifest.awkward)
    wrong = list(differences({item.name: item.statistics for item in manifest.columns}, found.statistics))
    if found.rows != manifest.rows:
        wrong.insert(0, f"{found.rows} rows instead of {manifest.rows}")
    if connection.info.server_version // 10000 == manifest.server_major and found.digest != manifest.digest:
        wrong.append("the digest of the rows differs")
    if wrong:
        raise Refused(
            f"what was loaded is not what was archived: {'; '.join(wrong)}",
            where=f"{manifest.qualified}, {manifest.file}",
            next_step="nothing was kept of it; airside archive verify tells whether the file is whole",
        )


def as_plain(manifest: Manifest) -> Manifest:
    """The manifest for a table none of whose columns is generated: their values are those of the file."""
    return replace(manifest, columns=tuple(replace(item, generated="") for item in manifest.columns))


def definition(columns: Sequence[Column], *, where: str) -> sql.Composable:
    """The columns as CREATE TABLE wants them. Raises Refused when a type's text is anything but a type."""
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.name), _type(column, where)) for column in columns
    )


def _type(column: Column, where: str) -> sql.SQL:
    """The type of a column. Its text comes from a file that anybody may have written: PostgreSQL's parser reads it."""
    try:
        parsed = postgast.parse(_CAST + column.type)
        selected = parsed.stmts[0].stmt.select_stmt
        target = selected.target_list[0].res_target
        fields = {field.name for field, _ in selected.ListFields()}
        lone = len(parsed.stmts) == 1 and len(selected.target_list) == 1 and fields == _BARE_SELECT and not target.name
        if lone and target.val.type_cast.arg.WhichOneof("node") == "a_const":
            return sql.SQL(cast("LiteralString", postgast.deparse(parsed).removeprefix(_CAST)))
    except PgQueryError:
        pass
    raise Refused(
        f"the manifest gives column {column.name} a type that is none", where=where, next_step="restore it from a copy"
    )


def _csv(table: Table) -> bytes:
    plain = pa.table([_printable(column.combine_chunks()) for column in table.columns], names=table.column_names)
    target = io.BytesIO()
    csv.write_csv(plain, target, csv.WriteOptions(include_header=False))
    return target.getvalue()


def _printable(array: Array) -> Array:
    """The column in a type that Arrow prints the way PostgreSQL reads."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_list(array.type):
        return pa.array([None if value is None else _array(value) for value in array.to_pylist()], pa.string())
    if pa.types.is_binary(array.type) or pa.types.is_fixed_size_binary(array.type):
        prefix = "\\x" if pa.types.is_binary(array.type) else ""
        return pa.array([None if value is None else prefix + value.hex() for value in array.to_pylist()], pa.string())
    return array


def _array(values: Sequence[Any]) -> str:
    return "{" + ",".join(_element(value) for value in values) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
