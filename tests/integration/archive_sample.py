"""A database for the tests of the archive: orders by month with what hangs on them, sessions, people, and events.

It imports nothing of the tests, so that it can also stand as a project of its own; `NAME` is replaced there.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from airside.schema.core import (
    NAMING_CONVENTION,
    Database,
    Noted,
    RangePartitions,
    Retention,
    archived_as,
    kept_forever,
    kept_with,
    partitioned,
    personal,
    retained,
    retention_function,
)
from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAME = "archive_sample"

BY_MONTH = RangePartitions("placed_at", "month", "orders_{year}_{month:02}", start=date(2023, 1, 1))
EVENTS = RangePartitions(
    "at", "month", "events_{year}_{month:02}", start=date(2023, 1, 1), retention="1 year", at_end="archive",
    archive="events_cold",
)  # fmt: skip
READINGS = RangePartitions(
    "at", "month", "readings_{year}_{month:02}", start=date(2023, 1, 1), retention="1 year", at_end="archive"
)
ORDERS = Retention(
    "placed_at",
    "1 year",
    then="archive",
    where="status = 'done'",
    function="archive_old_orders",
    key=("id",),
    noted=Noted("order_registry", "order_id", "archived_at"),
    batch=50,
)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {str: Text, datetime: TIMESTAMP(timezone=True)}


class Entry(Base):
    """Outlives the order."""

    __tablename__ = "order_registry"
    order_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    archived_at: Mapped[datetime | None]
    __table_args__ = ({"info": kept_forever("the number stays taken")},)


class OrderColumns:
    id: Mapped[uuid.UUID]
    placed_at: Mapped[datetime]
    status: Mapped[str]
    note: Mapped[str | None]


class Order(OrderColumns, Base):
    """By month."""

    __tablename__ = "orders"
    __table_args__ = (
        PrimaryKeyConstraint("id", "placed_at"),
        Index("idx_orders_placed_at", "placed_at"),
        {
            "postgresql_partition_by": BY_MONTH.clause,
            "info": partitioned(BY_MONTH) | retained(ORDERS) | archived_as("orders_archive"),
        },
    )


class OrderArchive(OrderColumns, Base):
    __tablename__ = "orders_archive"
    archived_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=1)
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        {"info": retained(Retention("archived_at", "7 years", then="delete"))},
    )


class ItemColumns:
    id: Mapped[int]
    order_id: Mapped[uuid.UUID]
    order_placed_at: Mapped[datetime]
    what: Mapped[str]


class Item(ItemColumns, Base):
    """Follows its order into another month."""

    __tablename__ = "items"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["order_id", "order_placed_at"], ["orders.id", "orders.placed_at"], onupdate="CASCADE", ondelete="RESTRICT"
        ),
        UniqueConstraint("order_id", "id"),
        Index("idx_items_order", "order_id", "order_placed_at"),
        {"info": archived_as("items_archive")},
    )


class ItemArchive(ItemColumns, Base):
    __tablename__ = "items_archive"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["order_id"], ["orders_archive.id"], ondelete="RESTRICT"),
        Index("idx_items_archive_order", "order_id"),
        {"info": kept_with("orders_archive")},
    )


class ParcelColumns:
    id: Mapped[int]
    item_id: Mapped[int]
    weight: Mapped[int | None]


class Parcel(ParcelColumns, Base):
    """Goes with its item, which is how rows get lost."""

    __tablename__ = "parcels"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["item_id"], ["items.id"], ondelete="CASCADE"),
        Index("idx_parcels_item", "item_id"),
        {"info": archived_as("parcels_archive")},
    )


class ParcelArchive(ParcelColumns, Base):
    __tablename__ = "parcels_archive"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["item_id"], ["items_archive.id"], ondelete="RESTRICT"),
        Index("idx_parcels_archive_item", "item_id"),
        {"info": kept_with("items_archive")},
    )


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(info=personal("identity"))
    mail: Mapped[str | None] = mapped_column(info=personal("contact"))
    country: Mapped[str | None]
    left_on: Mapped[date | None]
    __table_args__ = ({"info": retained(Retention("left_on", "2 years", then="anonymise"))},)


class Login(Base):
    """Ends when it says; its clicks with it."""

    __tablename__ = "logins"
    id: Mapped[int] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(server_default="web")
    __table_args__ = (
        Index("idx_logins_expires_at", "expires_at"),
        {"info": retained(Retention("expires_at", then="delete", where="kind LIKE 'w%'"))},
    )


class Click(Base):
    __tablename__ = "clicks"
    id: Mapped[int] = mapped_column(primary_key=True)
    login_id: Mapped[int] = mapped_column(ForeignKey("logins.id", ondelete="RESTRICT"))
    __table_args__ = (Index("idx_clicks_login", "login_id"), {"info": kept_with("logins")})


class EventColumns:
    id: Mapped[int]
    at: Mapped[datetime]
    person_id: Mapped[int | None]


class Event(EventColumns, Base):
    """Whole months go cold."""

    __tablename__ = "events"
    __table_args__ = (
        PrimaryKeyConstraint("id", "at"),
        ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="RESTRICT"),
        Index("idx_events_person", "person_id"),
        {"postgresql_partition_by": EVENTS.clause, "info": partitioned(EVENTS)},
    )


class ColdEvent(EventColumns, Base):
    __tablename__ = "events_cold"
    __table_args__ = (
        PrimaryKeyConstraint("id", "at"),
        # no policy of its own: its partitions are those that events had
        {"postgresql_partition_by": EVENTS.clause, "info": kept_forever("cold")},
    )


class Reading(Base):
    """Whole months go to files."""

    __tablename__ = "readings"
    id: Mapped[int]
    at: Mapped[datetime]
    value: Mapped[int]
    __table_args__ = (
        PrimaryKeyConstraint("id", "at"),
        {"postgresql_partition_by": READINGS.clause, "info": partitioned(READINGS) | kept_forever("in files")},
    )


database = Database(
    NAME,
    metadata=Base.metadata,
    sql=tuple(retention_function(Base.metadata, "orders", ORDERS)),
)
