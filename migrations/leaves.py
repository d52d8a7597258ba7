"""Partitions on their way in or out are no difference of a live database: partition maintenance answers for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from ..schema.core.catalog import Catalog, Key
from ..schema.core.external import without_external
from ..schema.core.sql import query

QUERIES = Path(__file__).parent / "queries"


def without_leaves(connection: psycopg.Connection[Any], catalog: Catalog) -> Catalog:
    """A catalog that was read just now, without the tables that are or were a moment ago no partitions yet or any more.

    What maintenance attached or dropped since the catalog was read is left out too. A detach that it began is no
    disagreement with the parent; every other disagreement of a partition stays.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        ledger = cursor.execute("SELECT to_regclass('airside.partition_ledger') IS NOT NULL").fetchone()
        if ledger is None or not ledger[0]:
            return catalog
        rows = cursor.execute(query(QUERIES, "maintained_leaves")).fetchall()
    rest = without_external(catalog, [(schema, name) for schema, name, _ in rows])
    pending = {Key("partition", (schema, name)) for schema, name, unfinished in rows if unfinished}
    return replace(rest, objects={key: found for key, found in rest.items() if key not in pending})
