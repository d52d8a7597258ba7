"""What declarations are rendered to."""

from __future__ import annotations

from airside.schema.core import NAMING_CONVENTION, Database, unique_registry
from airside.schema.core.render import render
from sqlalchemy import CheckConstraint, Column, Index, MetaData, String, Table, text


def test_a_percent_sign_is_rendered_once() -> None:
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    Table(
        "t",
        metadata,
        Column("a", String, server_default=text("'100%'")),
        CheckConstraint("a ~ '^[.%+-]'", name="format"),
        Index("i", "a", postgresql_where=text("a LIKE 'x%'")),
    )
    rendered = " ".join(statement.sql for statement in render(Database("d", metadata=metadata)))
    assert rendered.count("%") == 3


def test_a_registry_names_what_an_inserted_row_must_agree_in() -> None:
    arguments = {
        "function": "register",
        "key": "booking_id",
        "columns": {"booking_id": "id", "reference": "reference"},
        "refreshed": ("reference",),
        "on_update_of": ("reference",),
    }
    plain, _ = unique_registry("bookings", "registry", **arguments)
    strict, _ = unique_registry("bookings", "registry", **arguments, agreeing=("reference",))
    assert "NOT FOUND" not in plain.sql
    assert "OR (registry.reference)\n        IS NOT DISTINCT FROM (EXCLUDED.reference);" in strict.sql
