"""What holds in all six databases of `flight_services`. The numbers are the rows of the systems' list of defects."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from airside.partitions import missing
from airside.schema.core import Database
from airside.schema.core.info import is_append_only, is_never_delete
from airside.schema.core.partitioning import RangePartitions, partition_policy
from psycopg import errors

from . import rights
from .declared import Connection, ServerLike, acting_as, one, owner_connection, refused, rolled_back
from .flight_services import partitioned_database

SERVICES = ("user", "search", "booking", "payment", "review", "analytics")


class Service(NamedTuple):
    database: Database
    name: str
    connection: Connection


def declared(service: str) -> Database:
    module = importlib.import_module(f"airside.schema.flight_services.{service}_service_db")
    found: Database = module.database
    return found


@pytest.fixture(scope="module", params=SERVICES)
def built(request: pytest.FixtureRequest, server: ServerLike) -> Iterator[tuple[Database, str]]:
    database = declared(request.param)
    with partitioned_database(server, database) as name:
        yield database, name


@pytest.fixture
def service(server: ServerLike, built: tuple[Database, str]) -> Iterator[Service]:
    with rolled_back(server, built[1]) as connection:
        yield Service(*built, connection)


def test_roles_have_their_rights_and_no_more(service: Service) -> None:
    rights.assert_table_rights(service.connection, service.database)
    rights.assert_no_delete(service.connection, service.database)


def test_a_stranger_finds_nothing(service: Service) -> None:
    db = service.connection
    db.execute("CREATE ROLE flight_services_stranger")
    opened = db.execute(
        """
        SELECT c.oid::regclass::text FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND has_table_privilege('flight_services_stranger', c.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE')
        UNION ALL
        SELECT p.oid::regprocedure::text FROM pg_proc AS p
        WHERE p.pronamespace = 'public'::regnamespace
            AND has_function_privilege('flight_services_stranger', p.oid, 'EXECUTE')
        """
    ).fetchall()
    assert opened == []
    for table in service.database.metadata.tables:
        with refused(db, errors.InsufficientPrivilege), acting_as(db, "flight_services_stranger"):
            db.execute(f"SELECT FROM public.{table}".encode())


def test_readonly_calls_nothing_that_writes(service: Service) -> None:
    callable_by_readonly = service.connection.execute(
        """
        SELECT p.proname FROM pg_proc AS p
        WHERE p.pronamespace = 'public'::regnamespace AND has_function_privilege(%s, p.oid, 'EXECUTE')
        """,
        [service.database.roles.readonly],
    ).fetchall()
    assert callable_by_readonly == []


def test_nothing_runs_with_the_rights_of_its_owner(service: Service) -> None:
    statement = "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    assert service.connection.execute(statement).fetchall() == []


LADDERS = {
    "search_history": ("search_history_2026_01", "created_at", 3, "90 days", "drop"),
    "bookings": ("bookings_2026_01", "departure_datetime", 18, None, "keep"),
    "payments": ("payments_2026_01", "created_at", 3, None, "keep"),
}


def test_001_01_the_ladders_are_those_of_the_document(service: Service) -> None:
    january = datetime(2026, 1, 20, tzinfo=UTC)
    for table in service.database.metadata.tables.values():
        policy = partition_policy(table.info)
        if policy is None:
            assert table.name not in LADDERS
            continue
        assert isinstance(policy, RangePartitions)
        children = {child.name: child.bound for child in policy.children(january)}
        name, key, ahead, retention, at_end = LADDERS[table.name]
        assert children[f"{table.name}_2025_11"] == "FROM ('2025-11-01 00:00:00+00') TO ('2025-12-01 00:00:00+00')"
        assert f"{table.name}_2025_10" not in children
        assert len(children) == 3 + ahead
        assert name in children
        assert (policy.key, policy.ahead, policy.retention, policy.at_end) == (key, ahead, retention, at_end)


def test_001_01_x_04_every_partition_is_there_and_none_is_a_default(server: ServerLike, service: Service) -> None:
    bounds = service.connection.execute(
        """
        SELECT c.relname, pg_get_expr(c.relpartbound, c.oid)
        FROM pg_class AS c
        WHERE c.relispartition AND c.relkind = 'r'
        """
    ).fetchall()
    wanted = [
        child.name
        for table in service.database.metadata.tables.values()
        if (policy := partition_policy(table.info))
        for child in policy.children(datetime.now(UTC))
    ]
    assert sorted(name for name, _ in bounds) == sorted(wanted)
    assert all(bound.startswith("FOR VALUES FROM") for _, bound in bounds)
    with owner_connection(server, service.database, service.name) as connection:
        assert missing(connection, service.database, datetime.now(UTC)) == ()


def test_001_04_updated_at_moves_by_itself_wherever_there_is_one(service: Service) -> None:
    rows = service.connection.execute(
        """
        SELECT a.attrelid::regclass::text
        FROM pg_attribute AS a
        INNER JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE a.attname = 'updated_at' AND c.relkind IN ('r', 'p') AND c.relname !~ '_archive$'
            AND NOT EXISTS (
                SELECT FROM pg_trigger AS t
                INNER JOIN pg_proc AS p ON p.oid = t.tgfoid
                WHERE t.tgrelid = a.attrelid AND p.proname = 'update_updated_at_column'
            )
        """
    )
    assert rows.fetchall() == []


def test_001_06_no_constraint_depends_on_the_day_it_is_looked_at(service: Service) -> None:
    rows = service.connection.execute(
        """
        SELECT conrelid::regclass, conname FROM pg_constraint
        WHERE contype = 'c' AND pg_get_constraintdef(oid) ~* 'current_date|current_timestamp|now\\(|localtime'
        """
    )
    assert rows.fetchall() == []


def test_001_07_a_deleted_row_takes_no_others_along_but_those_without_a_life_of_their_own(service: Service) -> None:
    rows = service.connection.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c' AND conparentid = 0"
    )
    assert {row[0] for row in rows} <= {
        "user_sessions_user_id_fkey",
        "user_travelers_user_id_fkey",
        "review_votes_review_id_fkey",
    }


def test_001_10_no_index_repeats_another(service: Service) -> None:
    assert rights.redundant_indexes(service.connection) == []


def test_001_13_every_foreign_key_has_an_index(service: Service) -> None:
    assert rights.unindexed_foreign_keys(service.connection) == []


def test_001_14_every_list_of_values_is_enforced(service: Service) -> None:
    listed = {
        "role", "status", "gender", "device_type", "seat_preference", "payment_gateway", "card_brand", "cabin_class",
        "payment_status", "gds_provider", "flight_type", "passenger_type", "ticket_status", "ancillary_type", "action",
        "changed_by_type", "payment_method_type", "fraud_status", "three_d_secure_status", "reason",
        "requested_by_type", "review_type", "vote",
    }  # fmt: skip
    free = {("booking_passengers", "gender"), ("booking_passengers_archive", "gender")}
    checked = {
        (table, column)
        for table, column in service.connection.execute(
            """
            SELECT k.conrelid::regclass::text, a.attname
            FROM pg_constraint AS k
            INNER JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
            WHERE k.contype = 'c' AND cardinality(k.conkey) = 1 AND pg_get_constraintdef(k.oid) ~ 'ANY'
            """
        )
    }
    wanted = {
        (table.name, column.name)
        for table in service.database.metadata.tables.values()
        for column in table.columns
        if column.name in listed
    }
    assert wanted - free - checked == set()


def test_001_22_x_07_no_service_refers_to_another(service: Service) -> None:
    tables = {table.name for table in service.database.metadata.tables.values()}
    referred = {
        key.column.table.name for table in service.database.metadata.tables.values() for key in table.foreign_keys
    }
    assert referred <= tables
    assert service.database.metadata.schema is None


def test_x_03_x_06_partitioned_tables_exclude_nothing_and_no_extension_is_needed(service: Service) -> None:
    assert service.database.extensions == ()
    assert one(service.connection, "SELECT count(*) FROM pg_constraint WHERE contype = 'x'") == 0


def test_bookings_and_payments_are_never_deleted_by_the_application() -> None:
    for service in ("booking", "payment"):
        for table in declared(service).metadata.tables.values():
            assert is_never_delete(table.info) or is_append_only(table.info), table.name
