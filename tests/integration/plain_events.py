"""The declaration that the plain table of `plain_events.sql` is converted to."""

from __future__ import annotations

from datetime import date

from airside.schema.core import Database, RangePartitions, partitioned
from sqlalchemy import BigInteger as Big
from sqlalchemy import Column, Computed, DateTime, Identity, Integer, MetaData, Numeric, Table, Text

POLICY = RangePartitions("at", "month", "events_{year}_{month:02}", start=date(2026, 9, 1), ahead=2)
METADATA = MetaData()
Table(
    "events",
    METADATA,
    Column("id", Big, Identity(always=True), primary_key=True),
    Column("number", Integer),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("customer_id", Integer),
    Column("amount", Numeric(12, 2)),
    Column("changes", Integer),
    Column("doubled", Numeric, Computed("amount * 2")),
    Column("note", Text),
    postgresql_partition_by=POLICY.clause,
    info=partitioned(POLICY),
)


def declared(database: str) -> Database:
    return Database(database, METADATA)
