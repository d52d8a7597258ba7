"""For which tenant a transaction works."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from ..core.errors import UsageError

TENANT_SETTING = "app.current_tenant_id"

_REPLACE = """
WITH before AS MATERIALIZED (SELECT coalesce(current_setting(%(setting)s, true), '') AS value)
SELECT value, set_config(%(setting)s, %(value)s, true) FROM before
"""


@contextmanager
def tenant(connection: psycopg.Connection[Any], tenant_id: uuid.UUID) -> Generator[None]:
    """The rows of one tenant, until the end of the block or of its transaction.

    The setting is local to the transaction. One that outlived it would stay on the server's connection, which a
    pooler lends to another client next. Raises UsageError outside a transaction (a connection without autocommit
    begins one by itself).
    """
    status = connection.info.transaction_status
    if status != TransactionStatus.INTRANS and (connection.autocommit or status != TransactionStatus.IDLE):
        raise UsageError(
            "a tenant can be set in a transaction only",
            next_step="with connection.transaction(), tenant(connection, tenant_id): ...",
        )
    before = _replace(connection, str(tenant_id))
    try:
        yield
    finally:
        # a transaction that has ended took the setting with it, one that failed will
        if connection.info.transaction_status == TransactionStatus.INTRANS:
            _replace(connection, before)


def _replace(connection: psycopg.Connection[Any], value: str) -> str:
    """Set the tenant for this transaction; what it was before, empty for none."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_REPLACE, {"setting": TENANT_SETTING, "value": value}).fetchone()
    return str(row[0]) if row else ""
