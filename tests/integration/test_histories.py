"""The revisions that ship lead to the declarations and back, step by step; here without our own runner."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.schema.core.catalog import Catalog, inspect
from airside.schema.core.compare import compare
from airside.schema.core.partitioning import partition_policy
from airside.schema.core.registry import Entry, load_registry
from airside.schema.core.sql import split

from .declared import (
    Connection,
    ServerLike,
    create_roles,
    declared_database,
    empty_database,
    owner_connection,
    skip_without_extensions,
)

TARGETS = tuple(entry.target for entry in load_registry().entries)


def run(connection: Connection, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    statements = [sql.encode() for _, sql in split(text, origin=file.name)]
    if text.startswith("-- airside: transaction = off"):
        for statement in statements:
            connection.execute(statement)
        return
    with connection.transaction():
        for statement in statements:
            connection.execute(statement)


def upward(entry: Entry) -> list[Path]:
    return sorted(entry.migrations.glob("*.up.sql"))


def downward(up: Path) -> Path:
    return up.with_name(up.name.replace(".up.sql", ".down.sql"))


def assert_same(found: Catalog, expected: Catalog, what: str) -> None:
    assert [str(change) for change in compare(found, expected)] == [], what


@pytest.mark.parametrize("target", TARGETS)
def test_every_revision_has_a_way_back_and_the_last_one_is_the_declaration(server: ServerLike, target: str) -> None:
    entry = load_registry().one(target)
    database = entry.load()
    skip_without_extensions(server, database)
    create_roles(server, database)
    with empty_database(server, database.roles.owner) as name, owner_connection(server, database, name) as connection:
        before = inspect(connection)
        for up in upward(entry):
            run(connection, up)
            after = inspect(connection)
            assert after.fingerprint != before.fingerprint, up.name
            run(connection, downward(up))
            assert_same(inspect(connection), before, up.name)
            run(connection, up)
            assert_same(inspect(connection), after, up.name)
            before = after
        with declared_database(server, database) as other, owner_connection(server, database, other) as judge:
            declared = inspect(judge)
    assert_same(before, declared, target)
    assert column_order(before) == column_order(declared)


@pytest.mark.parametrize("target", TARGETS)
def test_base_to_head_to_base_to_head_leaves_the_same_catalog(server: ServerLike, target: str) -> None:
    entry = load_registry().one(target)
    database = entry.load()
    skip_without_extensions(server, database)
    create_roles(server, database)
    files = upward(entry)
    with empty_database(server, database.roles.owner) as name, owner_connection(server, database, name) as connection:
        base = inspect(connection)
        for up in files:
            run(connection, up)
        head = inspect(connection)
        for up in reversed(files):
            run(connection, downward(up))
        assert_same(inspect(connection), base, target)
        for up in files:
            run(connection, up)
        again = inspect(connection)
    assert_same(again, head, target)
    assert column_order(again) == column_order(head)


def column_order(catalog: Catalog) -> list[tuple[str, str]]:
    """Columns as they stand; a column that was dropped and added again has another number and the same place."""
    columns = [(key.identity, found) for key, found in catalog.items() if key.kind == "column"]
    ordered = sorted((table, found.extra["position"], name) for (_, table, name), found in columns)
    return [(table, name) for table, _, name in ordered]


@pytest.mark.parametrize("target", TARGETS)
def test_files_outside_a_transaction_can_be_run_again(server: ServerLike, target: str) -> None:
    entry = load_registry().one(target)
    database = entry.load()
    with declared_database(server, database) as name, owner_connection(server, database, name) as connection:
        declared = inspect(connection)
        outside = [file for file in upward(entry) if "transaction = off" in file.read_text(encoding="utf-8")]
        for file in outside:
            run(connection, file)
        assert_same(inspect(connection), declared, target)
    # CONCURRENTLY is refused on a partitioned table
    assert outside or all(partition_policy(table.info) for table in database.metadata.tables.values())


@pytest.mark.parametrize("target", TARGETS)
def test_003_13_004_15_triggers_can_be_created_again(server: ServerLike, target: str) -> None:
    entry = load_registry().one(target)
    database = entry.load()
    with declared_database(server, database) as name, owner_connection(server, database, name) as connection:
        declared = inspect(connection)
        triggers = [
            statement
            for file in upward(entry)
            for _, statement in split(file.read_text(encoding="utf-8"), origin=file.name)
            if "TRIGGER" in statement.split("(")[0].split("ON")[0] and statement.startswith("CREATE")
        ]
        for statement in triggers:
            connection.execute(statement.encode())
        assert_same(inspect(connection), declared, target)
    assert len(triggers) == sum(key.kind == "trigger" for key in declared)


def test_revisions_stand_in_one_line_of_numbers() -> None:
    for target in TARGETS:
        stubs = sorted(load_registry().one(target).migrations.glob("*.py"))
        previous = "None"
        for number, stub in enumerate(stubs, start=1):
            text = stub.read_text(encoding="utf-8")
            assert stub.name.startswith(f"{number:04}_")
            assert f'revision = "{number:04}"\ndown_revision = {previous}\n' in text
            assert stub.with_suffix(".up.sql").is_file()
            assert stub.with_suffix(".down.sql").is_file()
            previous = f'"{number:04}"'
