"""What moves together with a row, derived from a declaration; and that every table of the systems says when it ends."""

from __future__ import annotations

from typing import Any

import postgast
import pytest
from airside.schema.core.archival import family, returning
from airside.schema.core.archival_sql import batch_function, due_condition, retention_function
from airside.schema.core.errors import DeclarationError
from airside.schema.core.info import personal
from airside.schema.core.partitioning import RangePartitions, partition_policy
from airside.schema.core.registry import load_registry
from airside.schema.core.retention import (
    Noted,
    Retention,
    archive_table,
    archived_as,
    forever_because,
    keeper,
    kept_with,
    retained,
    retention_rules,
)
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

MOMENT = TIMESTAMP(timezone=True)
RULE = Retention("at", "2 years")
DELETE = Retention("at", "2 years", then="delete")


def table(metadata: MetaData, name: str, *more: Any, info: dict[str, Any] | None = None) -> Table:
    """A table with `id`, `at` and more columns."""
    return Table(name, metadata, Column("id", Integer, primary_key=True), Column("at", MOMENT), *more, info=info or {})


def pair(metadata: MetaData, name: str, *more: Any, archive: tuple[Any, ...] = ()) -> Table:
    """A table and its archive."""
    made = table(metadata, name, *more, info=archived_as(f"{name}_archive"))
    table(metadata, f"{name}_archive", *archive, Column("archived_at", MOMENT, server_default=func.now()))
    return made


def members(metadata: MetaData, root: Table, rule: Retention = RULE) -> list[str]:
    return [member.table for member in family(metadata, root, rule).members]


@pytest.mark.parametrize("target", [entry.target for entry in load_registry().entries])
def test_every_table_of_the_systems_says_when_its_rows_end(target: str) -> None:
    database = load_registry().one(target).load()
    for declared in database.metadata.tables.values():
        said = [retention_rules(declared.info), forever_because(declared.info), keeper(declared.info)]
        hanging = archive_table(declared.info) if not retention_rules(declared.info) else None
        assert sum(bool(one) for one in (*said, hanging)) == 1, declared.name
        for rule in retention_rules(declared.info):
            family(database.metadata, declared, rule)
        if (kept := keeper(declared.info)) is not None:
            assert any(key.referred_table.name == kept for key in declared.foreign_key_constraints), declared.name


def test_the_table_of_the_documents_is_what_is_declared() -> None:
    rules = {
        (target, name): (rule.column, rule.after, rule.then)
        for target in (entry.target for entry in load_registry().entries)
        for name, declared in load_registry().one(target).load().metadata.tables.items()
        for rule in retention_rules(declared.info)
    }
    services = "flight_services."
    assert rules[services + "search_service_db", "search_history"] == ("created_at", "90 days", "delete")
    assert rules[services + "user_service_db", "user_sessions"] == ("expires_at", "30 days", "delete")
    assert rules[services + "booking_service_db", "bookings"] == ("departure_datetime", "2 years", "archive")
    assert rules[services + "booking_service_db", "bookings_archive"] == ("archived_at", "7 years", "delete")
    assert rules[services + "payment_service_db", "payments"] == ("created_at", "7 years", "anonymise")
    assert rules["flight_booking.booking_db", "bookings"] == ("created_at", "7 years", "archive")
    assert rules["flight_booking.payment_db", "transactions"] == ("created_at", "7 years", "anonymise")
    assert rules["flight_booking.inventory_db", "seat_reservations"] == ("expires_at", "", "delete")
    assert rules["travel_hub.global_travel_hub", "flight_search_cache"] == ("expires_at", "", "delete")
    searches = load_registry().one("search_service_db").load().metadata.tables["search_history"]
    policy = partition_policy(searches.info)
    assert isinstance(policy, RangePartitions)
    assert (policy.retention, policy.at_end) == ("90 days", "drop")


def test_children_come_after_what_they_hang_on() -> None:
    metadata = MetaData()
    root = pair(metadata, "a")
    pair(metadata, "c", Column("b_id", ForeignKey("b.id")), archive=(Column("b_id", Integer),))
    pair(metadata, "b", Column("a_id", ForeignKey("a.id")), archive=(Column("a_id", Integer),))
    table(metadata, "other")
    assert members(metadata, root) == ["a", "b", "c"]


@pytest.mark.parametrize("ondelete", [None, "CASCADE", "SET NULL", "RESTRICT"])
def test_a_child_without_an_archive_is_refused(ondelete: str | None) -> None:
    metadata = MetaData()
    root = pair(metadata, "a")
    table(metadata, "b", Column("a_id", ForeignKey("a.id", ondelete=ondelete)))
    with pytest.raises(DeclarationError, match="would be lost"):
        family(metadata, root, RULE)


def test_an_archive_that_is_not_declared_is_refused() -> None:
    metadata = MetaData()
    with pytest.raises(DeclarationError, match="is not declared"):
        family(metadata, table(metadata, "a", info=archived_as("elsewhere")), RULE)


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        ([Column("x", Text)], [], "lacks the column x"),
        ([Column("x", Text)], [Column("x", String(9))], "has as VARCHAR"),
        ([], [Column("x", Text, nullable=False)], "needs a value for x"),
    ],
)
def test_an_archive_that_cannot_take_every_value_is_refused(mine: list[Any], theirs: list[Any], said: str) -> None:
    metadata = MetaData()
    with pytest.raises(DeclarationError, match=said):
        family(metadata, pair(metadata, "a", *mine, archive=tuple(theirs)), RULE)


def test_a_table_that_refers_to_itself_is_refused() -> None:
    metadata = MetaData()
    root = pair(metadata, "a", Column("before", ForeignKey("a.id")), archive=(Column("before", Integer),))
    with pytest.raises(DeclarationError, match="refers to itself"):
        family(metadata, root, RULE)


def test_deleting_takes_along_what_is_kept_with_it_and_leaves_cascades_to_the_database() -> None:
    metadata = MetaData()
    root = table(metadata, "a")
    table(metadata, "b", Column("a_id", ForeignKey("a.id", ondelete="RESTRICT")), info=kept_with("a"))
    table(metadata, "c", Column("a_id", ForeignKey("a.id", ondelete="CASCADE")))
    table(metadata, "d", Column("c_id", ForeignKey("c.id", ondelete="CASCADE")))
    table(metadata, "e", Column("a_id", ForeignKey("a.id", ondelete="SET NULL")))
    found = family(metadata, root, DELETE)
    assert [member.table for member in found.members] == ["a", "b"]
    assert found.cascades == ("c", "d")
    table(metadata, "f", Column("a_id", ForeignKey("a.id")))
    with pytest.raises(DeclarationError, match="f refers to a"):
        family(metadata, root, DELETE)


def test_only_what_can_be_null_is_anonymised() -> None:
    metadata = MetaData()
    rule = Retention("at", "1 year", then="anonymise")
    named = Column("name", Text, info=personal("identity"))
    assert family(metadata, table(metadata, "a", named), rule).root.columns == ("name",)
    needed = Column("mail", Text, nullable=False, info=personal("contact"))
    for number, more in enumerate(([], [needed])):
        with pytest.raises(DeclarationError, match="cannot be anonymised"):
            family(metadata, table(metadata, f"b{number}", *more), rule)


def test_a_rule_needs_a_time() -> None:
    metadata = MetaData()
    with pytest.raises(DeclarationError, match="no column with a time"):
        family(metadata, table(metadata, "a"), Retention("id", then="delete"))
    dated = table(metadata, "b", Column("day", Date))
    assert due_condition(family(metadata, dated, Retention("day", then="delete")), "X") == (
        "day < (X AT TIME ZONE 'UTC')::date"
    )


def test_a_child_that_names_the_root_twice_needs_one_way_to_it() -> None:
    """Its other foreign keys hold the same column, so they lead to the same root."""
    metadata = MetaData()
    root = pair(metadata, "a")
    rule = Retention("at", "1 year", key=("id",))
    b = pair(metadata, "b", Column("a_id", ForeignKey("a.id")), archive=(Column("a_id", Integer),))
    tied = (Column("a_id", Integer, ForeignKey("a.id")), Column("b_id", Integer))
    loose = (Column("a_id", Integer, ForeignKey("a.id")), Column("b_id", Integer, ForeignKey("b.id")))
    columns = (Column("a_id", Integer), Column("b_id", Integer))
    pair(metadata, "c", *tied, ForeignKeyConstraint(["a_id", "b_id"], [b.c.a_id, b.c.id]), archive=columns)
    pair(metadata, "d", *loose, archive=(Column("a_id", Integer), Column("b_id", Integer)))
    ways = {member.table: len(member.links) for member in family(metadata, root, rule).members}
    assert ways == {"a": 0, "b": 1, "c": 1, "d": 2}


def test_the_way_back_goes_by_the_moment_in_the_archive() -> None:
    metadata = MetaData()
    root = pair(metadata, "a")
    pair(metadata, "b", Column("a_id", ForeignKey("a.id")), archive=(Column("a_id", Integer),))
    back = returning(metadata, root, RULE)
    assert [(member.table, member.archive) for member in back.members] == [("a_archive", "a"), ("b_archive", "b")]
    assert back.members[1].links[0].parent == "a_archive"
    assert back.rule.column == "archived_at"


NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=1000, exclude_characters='"'), min_size=1, max_size=40)


@given(NAMES, NAMES, NAMES)
def test_names_of_any_kind_are_quoted(root: str, column: str, child: str) -> None:
    if len({root, child, f"{root}_archive", f"{child}_archive"}) < 4 or column in ("id", "at", "a_id", "archived_at"):
        return
    metadata = MetaData()
    declared = pair(metadata, root, Column(column, Text), archive=(Column(column, Text),))
    hanging = Column("a_id", Integer)
    table_args = ForeignKeyConstraint(["a_id"], [declared.c.id])
    made = table(metadata, child, hanging, table_args, info=archived_as(f"{child}_archive"))
    assert made.name == child
    table(metadata, f"{child}_archive", Column("a_id", Integer))
    rule = Retention("at", "1 year", noted=Noted(child, column, column))
    text = batch_function("moves", family(metadata, declared, rule), lock="it's")
    (statement,) = postgast.parse(text).stmts
    assert statement.stmt.HasField("create_function_stmt")


def test_the_functions_of_a_database_are_for_its_owner() -> None:
    metadata = MetaData()
    rule = Retention("at", "2 years", then="delete", function="end_old")
    root = table(metadata, "a", info=retained(rule))
    made, closed = retention_function(metadata, root.name, rule)
    assert made.sql.startswith("CREATE FUNCTION end_old(")
    assert "interval '2 years'" in made.sql
    assert closed.sql == "REVOKE ALL ON FUNCTION end_old(timestamptz, integer) FROM PUBLIC"
