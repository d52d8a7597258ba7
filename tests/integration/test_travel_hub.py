"""What `global_travel_hub` shows to whom. The numbers are the rows of the systems' list of defects."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from airside.schema.core.catalog import inspect
from airside.schema.core.errors import UsageError
from airside.schema.core.partitioning import partition_policy
from airside.schema.travel_hub import tenant
from airside.schema.travel_hub.global_travel_hub import database
from psycopg import errors, sql

from . import rights
from .declared import (
    STILL_REFERENCED,
    Connection,
    ServerLike,
    acting_as,
    delete,
    empty_database,
    insert,
    one,
    owner_connection,
    refused,
    rolled_back,
    update,
)
from .travel_hub import (
    APP,
    BACKUP,
    OWNER,
    READONLY,
    REFRESH,
    TENANT_TABLES,
    Rows,
    add_booking,
    add_flight,
    add_item,
    add_message,
    add_rows,
    add_tenant,
    add_user,
    hub_database,
    tenants_seen,
)

BOUND = pytest.mark.parametrize("role", [APP, READONLY, OWNER])
RELATIONS = (*TENANT_TABLES, "v_active_users", "v_booking_details")


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[str]:
    with hub_database(server) as name:
        yield name


@pytest.fixture(scope="module")
def hub(server: ServerLike, template: str) -> tuple[Rows, Rows]:
    """Two tenants, and the metrics of both refreshed."""
    with server.connect(template) as connection:
        two = add_rows(connection, "one"), add_rows(connection, "two")
        refresh(connection)
    return two


@pytest.fixture
def db(server: ServerLike, template: str) -> Iterator[Connection]:
    with rolled_back(server, template) as connection:
        yield connection


def refresh(db: Connection) -> None:
    with acting_as(db, REFRESH):
        db.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY mv_daily_metrics")


def count(db: Connection, relation: str) -> int:
    return one(db, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(relation)))


def partitions(db: Connection, table: str) -> list[str]:
    rows = db.execute(
        "SELECT relid::regclass::text FROM pg_partition_tree(%s::regclass) WHERE isleaf ORDER BY 1", [table]
    )
    return [str(row[0]) for row in rows]


def test_002_01_twelve_tables_nine_of_a_tenant() -> None:
    tables = database.metadata.tables
    assert len(tables) == 12
    assert {name for name, table in tables.items() if "tenant_id" in table.columns} == set(TENANT_TABLES)
    assert not any(tables[name].columns["tenant_id"].nullable for name in TENANT_TABLES)


def test_002_03_what_the_document_queries_is_there(db: Connection, hub: tuple[Rows, Rows]) -> None:
    with acting_as(db, APP, current_tenant_id=hub[0].tenant):
        for statement in (
            "SELECT * FROM bookings",
            "SELECT * FROM chat_messages WHERE session_id = gen_random_uuid() AND created_at > '2024-01-01'",
            "SELECT results FROM flight_search_cache WHERE search_hash = repeat('0', 64) AND expires_at > now()",
            "UPDATE flight_search_cache SET hit_count = hit_count + 1 WHERE search_hash = repeat('0', 64)",
            "DELETE FROM flight_search_cache WHERE expires_at < now()",
            "DELETE FROM hotel_search_cache WHERE expires_at < now()",
            "DELETE FROM users WHERE deleted_at < now() - interval '30 days'",
        ):
            db.execute(statement.encode())
    names = ["chat_messages_y2024m01", "chat_messages_y2024m04", "idx_chat_messages_time_brin", "idx_users_tenant"]
    assert one(db, "SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(%s::text[]) AS name", names)


@BOUND
@pytest.mark.parametrize("relation", [*RELATIONS, "v_daily_metrics"])
def test_002_04_without_a_tenant_there_are_no_rows(
    db: Connection, hub: tuple[Rows, Rows], role: str, relation: str
) -> None:
    assert count(db, relation if relation != "v_daily_metrics" else "mv_daily_metrics") >= 2
    with acting_as(db, role):
        assert count(db, relation) == 0
    # what a transaction that set it leaves behind: an empty string, not NULL
    with acting_as(db, role, current_tenant_id=""):
        assert count(db, relation) == 0


@BOUND
@pytest.mark.parametrize("relation", RELATIONS)
def test_002_05_a_tenant_sees_its_own_rows_only(
    db: Connection, hub: tuple[Rows, Rows], role: str, relation: str
) -> None:
    for rows in hub:
        with acting_as(db, role, current_tenant_id=rows.tenant):
            assert tenants_seen(db, relation) == {rows.tenant}


def test_002_05_a_tenant_that_is_no_uuid_sees_an_error(db: Connection) -> None:
    with refused(db, errors.InvalidTextRepresentation), acting_as(db, APP, current_tenant_id="tenant-123"):
        count(db, "bookings")


def test_002_05_an_unknown_tenant_sees_and_writes_nothing(db: Connection, hub: tuple[Rows, Rows]) -> None:
    with acting_as(db, APP, current_tenant_id=uuid.uuid4()):
        assert count(db, "users") == 0
        with refused(db, errors.ForeignKeyViolation, by="fk_users_tenant"):
            add_user(db)


@pytest.mark.parametrize("role", [APP, OWNER])
@pytest.mark.parametrize("table", TENANT_TABLES)
def test_002_05_rows_of_another_tenant_stay_as_they_are(
    db: Connection, hub: tuple[Rows, Rows], role: str, table: str
) -> None:
    mine, other = hub
    with acting_as(db, role, current_tenant_id=mine.tenant):
        assert update(db, table, other[table], tenant_id=mine.tenant) == 0
        if role == OWNER:
            assert delete(db, table, other[table]) == 0
        with refused(db, errors.InsufficientPrivilege):
            update(db, table, mine[table], tenant_id=other.tenant)


def test_002_05_nobody_writes_for_another_tenant(db: Connection, hub: tuple[Rows, Rows]) -> None:
    mine, other = hub
    writes: dict[str, dict[str, Any]] = {
        "users": {"email": "new@example.org"},
        "oauth_accounts": {"user_id": other["users"], "provider": "apple", "provider_account_id": "new"},
        "chat_sessions": {"user_id": other["users"]},
        "chat_messages": {"session_id": other["chat_sessions"], "role": "user", "content": "new"},
        "bookings": {"booking_reference": "NEW"},
        "analytics_events": {"event_type": "new"},
    }
    for role in (APP, OWNER):
        for table, values in writes.items():
            with refused(db, errors.InsufficientPrivilege), acting_as(db, role, current_tenant_id=mine.tenant):
                insert(db, table, tenant_id=other.tenant, **values)
            with refused(db, errors.InsufficientPrivilege), acting_as(db, role):
                insert(db, table, **values)


def test_002_05_foreign_keys_stay_in_the_tenant(db: Connection, hub: tuple[Rows, Rows]) -> None:
    mine, other = hub
    with acting_as(db, APP, current_tenant_id=mine.tenant):
        with refused(db, errors.ForeignKeyViolation, by="fk_bookings_user"):
            add_booking(db, user_id=other["users"])
        with refused(db, errors.ForeignKeyViolation, by="fk_chat_sessions_user"):
            insert(db, "chat_sessions", user_id=other["users"])
        with refused(db, errors.ForeignKeyViolation, by="fk_oauth_accounts_user"):
            insert(db, "oauth_accounts", user_id=other["users"], provider="google", provider_account_id="new")
        with refused(db, errors.ForeignKeyViolation):
            add_message(db, other["chat_sessions"])
        with refused(db, errors.ForeignKeyViolation, by="fk_booking_items_booking"):
            add_item(db, other["bookings"], flight_booking_id=add_flight(db))
        with refused(db, errors.ForeignKeyViolation, by="fk_booking_items_flight"):
            add_item(db, mine["bookings"], flight_booking_id=_unused_flight(db, other))


def _unused_flight(db: Connection, rows: Rows) -> uuid.UUID:
    db.execute("RESET ROLE")
    flight = add_flight(db, tenant_id=rows.tenant)
    db.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP)))
    return flight


@pytest.mark.parametrize("role", [APP, READONLY])
def test_002_05_nobody_reads_a_partition_by_its_name(db: Connection, hub: tuple[Rows, Rows], role: str) -> None:
    for table in ("chat_messages", "analytics_events"):
        filled = one(db, sql.SQL("SELECT tableoid::regclass::text FROM {}").format(sql.Identifier(table)))
        with refused(db, errors.InsufficientPrivilege), acting_as(db, role, current_tenant_id=hub[0].tenant):
            count(db, filled)
        # not even where somebody granted it
        db.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(filled), sql.Identifier(role)))
        with acting_as(db, role, current_tenant_id=hub[0].tenant):
            assert count(db, filled) == 0


@pytest.mark.parametrize("role", [APP, READONLY])
def test_002_05_nobody_reads_the_materialized_view_by_its_name(
    db: Connection, hub: tuple[Rows, Rows], role: str
) -> None:
    with refused(db, errors.InsufficientPrivilege), acting_as(db, role, current_tenant_id=hub[0].tenant):
        count(db, "mv_daily_metrics")


def test_002_05_no_function_sees_a_row_of_another_tenant_through_the_barrier(
    db: Connection, hub: tuple[Rows, Rows]
) -> None:
    for rows, currency in zip(hub, ("EUR", "CHF"), strict=True):
        update(db, "bookings", rows["bookings"], currency=currency)
    refresh(db)
    db.execute(
        "CREATE FUNCTION public.gossip(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS"
        " 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'"
    )
    db.execute("GRANT EXECUTE ON FUNCTION public.gossip(text) TO PUBLIC")
    # the index would find the rows of the tenant before any condition is evaluated
    db.execute("SET LOCAL enable_indexscan = off")
    db.execute("SET LOCAL enable_bitmapscan = off")
    heard: list[str] = []
    db.add_notice_handler(lambda notice: heard.append(cast("str", notice.message_primary)))
    with acting_as(db, APP, current_tenant_id=hub[0].tenant):
        db.execute("SELECT * FROM v_daily_metrics WHERE public.gossip(currency)")
    assert heard == ["EUR"]


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_002_06_the_backup_sees_all_tenants(db: Connection, hub: tuple[Rows, Rows], table: str) -> None:
    with acting_as(db, BACKUP):
        assert tenants_seen(db, table) == {rows.tenant for rows in hub}
        with refused(db, errors.InsufficientPrivilege):
            update(db, table, hub[0][table], tenant_id=hub[1].tenant)


def test_002_06_a_refresh_by_the_owner_of_the_tables_would_see_nothing(db: Connection, hub: tuple[Rows, Rows]) -> None:
    assert tenants_seen(db, "mv_daily_metrics") == {rows.tenant for rows in hub}
    with acting_as(db, OWNER):
        db.execute("CREATE MATERIALIZED VIEW mv_of_the_owner AS SELECT tenant_id FROM bookings")
    assert count(db, "mv_of_the_owner") == 0


def test_002_07_an_address_is_taken_once_a_tenant_until_its_account_is_deleted(db: Connection) -> None:
    first, second = add_tenant(db, "first"), add_tenant(db, "second")
    with acting_as(db, APP, current_tenant_id=first):
        user = add_user(db)
        with refused(db, errors.UniqueViolation, by="uq_users_email_active"):
            add_user(db)
        with refused(db, errors.CheckViolation, by="ck_users_email_lower"):
            add_user(db, "Ada")
        update(db, "users", user, deleted_at=datetime.now(UTC))
        add_user(db)
    with acting_as(db, APP, current_tenant_id=second):
        add_user(db)


def test_002_09_metrics_keep_tenants_currencies_and_days_of_utc_apart(db: Connection, hub: tuple[Rows, Rows]) -> None:
    mine, other = hub
    midnight = datetime(2027, 3, 1, tzinfo=UTC)
    update(db, "bookings", mine["bookings"], created_at=midnight)
    with acting_as(db, APP, current_tenant_id=mine.tenant):
        for amount, currency, created in (
            (50, "USD", midnight),
            (70, "EUR", midnight),
            (80, "USD", midnight.replace(hour=23)),
            (90, "USD", midnight.replace(day=2)),
        ):
            add_booking(db, status="confirmed", total_amount=amount, currency=currency, created_at=created)
        add_booking(db, status="pending", total_amount=1000, created_at=midnight)
    db.execute("SET LOCAL TimeZone = 'Pacific/Auckland'")
    refresh(db)
    with acting_as(db, APP, current_tenant_id=mine.tenant):
        rows = db.execute(
            "SELECT date::text, currency, bookings, revenue FROM v_daily_metrics ORDER BY 1, 2"
        ).fetchall()
    assert rows == [("2027-03-01", "EUR", 1, 70), ("2027-03-01", "USD", 3, 230), ("2027-03-02", "USD", 1, 90)]
    assert one(db, "SELECT revenue FROM mv_daily_metrics WHERE tenant_id = %s", other.tenant) == 100


def test_002_10_every_partition_has_the_indexes_and_triggers_of_its_parent(db: Connection) -> None:
    assert [key for key in inspect(db) if key.kind == "partition"] == []


def test_002_11_a_partition_is_detached_while_others_work(server: ServerLike, template: str) -> None:
    with (
        empty_database(server, OWNER, template=template) as name,
        owner_connection(server, database, name) as connection,
    ):
        connection.execute("ALTER TABLE chat_messages DETACH PARTITION chat_messages_y2024m01 CONCURRENTLY")
        assert partitions(connection, "chat_messages")[0] == "chat_messages_y2024m02"


@pytest.mark.parametrize("table", ["chat_messages", "analytics_events"])
def test_002_12_there_is_a_partition_a_month_from_2024_to_three_months_ahead(db: Connection, table: str) -> None:
    policy = partition_policy(database.metadata.tables[table].info)
    assert policy is not None
    found = partitions(db, table)
    # cold months of chats go to files, so that a new database has none
    wanted = [child.name for child in policy.children(datetime.now(UTC))]
    assert found[-len(wanted) :] == wanted
    assert found[0] == f"{table}_y2024m01"
    ahead = datetime.now(UTC).month + 3
    assert found[-1].endswith(f"m{(ahead - 1) % 12 + 1:02}")
    assert one(
        db,
        "SELECT bool_and(relrowsecurity) FROM pg_class WHERE relispartition AND relkind = 'r' AND relname ~ %s",
        f"^{table}_y",
    )


def test_002_22_the_app_deletes_neither_events_nor_bookings(db: Connection, hub: tuple[Rows, Rows]) -> None:
    for table in ("analytics_events", "bookings"):
        with refused(db, errors.InsufficientPrivilege), acting_as(db, APP, current_tenant_id=hub[0].tenant):
            delete(db, table, hub[0][table])


def test_002_25_placeholders_are_no_ids(db: Connection) -> None:
    for placeholder in ("xxx", "user-uuid-here", "user-uuid"):
        with refused(db, errors.InvalidTextRepresentation):
            db.execute("SELECT gdpr_export_user(%s)", [placeholder])


def test_x_02_a_tenant_with_users_or_bookings_stays(db: Connection, hub: tuple[Rows, Rows]) -> None:
    for rows in hub:
        with refused(db, STILL_REFERENCED):
            delete(db, "tenants", rows.tenant)


def test_x_04_a_row_outside_every_partition_gets_a_clear_error(db: Connection, hub: tuple[Rows, Rows]) -> None:
    defaults = "SELECT count(*) FROM pg_class WHERE pg_get_expr(relpartbound, oid) = 'DEFAULT'"
    assert one(db, defaults) == 0
    with acting_as(db, APP, current_tenant_id=hub[0].tenant):
        for year in (2023, 2099):
            with (
                pytest.raises(errors.CheckViolation, match='no partition of relation "chat_messages"'),
                db.transaction(),
            ):
                add_message(db, hub[0]["chat_sessions"], created_at=datetime(year, 1, 1, tzinfo=UTC))


def test_x_06_no_extension_is_needed(db: Connection) -> None:
    assert db.execute("SELECT extname FROM pg_extension").fetchall() == [("plpgsql",)]


def test_the_policies_evaluate_the_tenant_once_a_statement(db: Connection, hub: tuple[Rows, Rows]) -> None:
    with acting_as(db, APP, current_tenant_id=hub[0].tenant):
        plan = "\n".join(str(row[0]) for row in db.execute("EXPLAIN SELECT * FROM flight_bookings"))
    assert "InitPlan" in plan
    rows = db.execute("SELECT tablename, qual, with_check, cmd, roles::text FROM pg_policies").fetchall()
    assert {row[0] for row in rows} == set(TENANT_TABLES)
    assert {row[1:] for row in rows} == {(rows[0][1], rows[0][1], "ALL", "{public}")}
    assert "( SELECT (NULLIF(current_setting('app.current_tenant_id'::text, true), ''::text))::uuid" in rows[0][1]


def test_roles_have_their_rights_and_no_more(db: Connection) -> None:
    rights.assert_no_ddl(db, database)
    everything = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    exceptions = {
        "tenants": {"SELECT"},
        "bookings": everything - {"DELETE"},
        "analytics_events": everything - {"DELETE"},
        "mv_daily_metrics": set[str](),
    }
    relations = [
        *database.metadata.tables,
        "mv_daily_metrics",
        "v_active_users",
        "v_booking_details",
        "v_daily_metrics",
    ]
    for relation in relations:
        wanted = {"SELECT"} if relation.startswith("v_") else exceptions.get(relation, everything)
        assert rights.table_rights(db, APP, relation) == wanted, relation
        assert rights.table_rights(db, READONLY, relation) == wanted & {"SELECT"}, relation
        assert rights.table_rights(db, BACKUP, relation) == {"SELECT"}, relation
    for table in database.metadata.tables:
        assert rights.table_rights(db, REFRESH, table) == ({"SELECT"} if table == "bookings" else set()), table
    assert not one(db, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", REFRESH)


def test_everything_is_closed_to_public(db: Connection) -> None:
    db.execute("CREATE ROLE hub_stranger")
    rows = db.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND has_function_privilege('hub_stranger', oid, 'EXECUTE')"
        " UNION ALL SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm')"
        " AND has_table_privilege('hub_stranger', oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE')"
    )
    assert rows.fetchall() == []


def test_a_tenant_is_set_until_the_end_of_the_block(db: Connection, hub: tuple[Rows, Rows]) -> None:
    first, second = (rows.tenant for rows in hub)
    db.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP)))
    with tenant(db, first):
        assert tenants_seen(db, "users") == {first}
        with tenant(db, second):
            assert tenants_seen(db, "users") == {second}
        assert tenants_seen(db, "users") == {first}
        with pytest.raises(ZeroDivisionError), tenant(db, second):
            _ = 1 / 0
        assert tenants_seen(db, "users") == {first}
    assert tenants_seen(db, "users") == set()


def test_a_tenant_is_refused_outside_a_transaction(server: ServerLike, template: str) -> None:
    one_tenant = uuid.uuid4()
    with server.connect(template, autocommit=True) as connection:
        with pytest.raises(UsageError, match="in a transaction only"), tenant(connection, one_tenant):
            pass
        with connection.transaction(), tenant(connection, one_tenant):
            assert one(connection, "SELECT current_tenant_id()") == one_tenant
        assert one(connection, "SELECT current_tenant_id()") is None


def test_a_transaction_that_ends_or_fails_takes_the_tenant_with_it(server: ServerLike, template: str) -> None:
    one_tenant = uuid.uuid4()
    with server.connect(template) as connection:
        with tenant(connection, one_tenant):
            connection.commit()
            assert one(connection, "SELECT current_tenant_id()") is None
        with pytest.raises(errors.DivisionByZero), tenant(connection, one_tenant):
            connection.execute("SELECT 1 / 0")
        with pytest.raises(UsageError, match="in a transaction only"), tenant(connection, one_tenant):
            pass
        connection.rollback()
        assert one(connection, "SELECT current_tenant_id()") is None
