"""Chats, searches and bookings of `global_travel_hub`, and how a person leaves. The numbers are rows of defects."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airside.schema.core.catalog import inspect
from airside.schema.core.compare import compare
from airside.schema.core.external import without_external
from airside.schema.core.registry import load_registry
from airside.schema.travel_hub.global_travel_hub import database
from airside.schema.travel_hub.global_travel_hub.chat import ChatMessage, ChatSession
from airside.schema.travel_hub.global_travel_hub.people import User
from psycopg import errors, sql
from psycopg.types.json import Jsonb
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, configure_mappers

from .declared import (
    Connection,
    ServerLike,
    acting_as,
    create_roles,
    delete,
    empty_database,
    insert,
    one,
    owner_connection,
    refused,
    rolled_back,
    update,
)
from .test_histories import run, upward
from .travel_hub import (
    APP,
    OWNER,
    READONLY,
    SECRET,
    TENANT_TABLES,
    Rows,
    add_booking,
    add_flight,
    add_hotel,
    add_item,
    add_message,
    add_rows,
    add_tenant,
    add_user,
    hub_database,
)

HASH = "0123456789abcdef" * 4
CACHES = pytest.mark.parametrize("cache", ["flight_search_cache", "hotel_search_cache"])


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[str]:
    with hub_database(server) as name:
        yield name


@pytest.fixture
def db(server: ServerLike, template: str) -> Iterator[Connection]:
    with rolled_back(server, template) as connection:
        yield connection


def row(db: Connection, table: str, row_id: uuid.UUID) -> dict[str, Any]:
    statement = sql.SQL("SELECT to_jsonb(t) FROM {} AS t WHERE id = %s").format(sql.Identifier(table))
    return one(db, statement, row_id)


def everything(db: Connection) -> str:
    """All rows of all tenants, as one text."""
    rows = [
        found
        for table in TENANT_TABLES
        for (found,) in db.execute(sql.SQL("SELECT to_jsonb(t)::text FROM {} AS t").format(sql.Identifier(table)))
    ]
    return "\n".join(rows)


def cached(db: Connection, cache: str, search_hash: str = HASH, **values: object) -> uuid.UUID:
    plain = {"search_hash": search_hash, "search_params": Jsonb({}), "results": Jsonb({})}
    plain |= {"expires_at": datetime.now(UTC) + timedelta(hours=1)}
    return insert(db, cache, **(plain | values))


@CACHES
def test_002_08_expired_searches_are_found_by_a_plain_index(db: Connection, cache: str) -> None:
    db.execute("SET LOCAL enable_seqscan = off")
    plan = "\n".join(str(line[0]) for line in db.execute(f"EXPLAIN DELETE FROM {cache} WHERE expires_at < now()"))
    assert f"idx_{cache}_expires" in plan


def test_002_08_the_cleanup_removes_what_has_expired_and_nothing_else(db: Connection) -> None:
    now = datetime.now(UTC)
    with acting_as(db, APP):
        for number, cache in enumerate(("flight_search_cache", "hotel_search_cache"), start=1):
            cached(db, cache)
            for old in range(number):
                expired = {"created_at": now - timedelta(hours=2), "expires_at": now - timedelta(hours=1)}
                cached(db, cache, f"{old:064x}", **expired)
        assert one(db, "SELECT cleanup_expired_cache()") == 3
        assert one(db, "SELECT cleanup_expired_cache()") == 0
    assert one(db, "SELECT (SELECT count(*) FROM flight_search_cache) + (SELECT count(*) FROM hotel_search_cache)") == 2


@CACHES
@pytest.mark.parametrize("wrong", ["JFK", HASH.upper(), HASH[:-1] + "g", ""])
def test_002_16_a_hash_is_sha_256_in_lower_case(db: Connection, cache: str, wrong: str) -> None:
    with refused(db, errors.CheckViolation, by=f"ck_{cache}_hash"):
        cached(db, cache, wrong)


@CACHES
def test_002_17_a_search_again_replaces_what_expired(db: Connection, cache: str) -> None:
    now = datetime.now(UTC)
    old = cached(db, cache, created_at=now - timedelta(hours=2), expires_at=now - timedelta(hours=1))
    with refused(db, errors.UniqueViolation, by=f"uq_{cache}_hash"):
        cached(db, cache)
    with acting_as(db, APP):
        db.execute(
            f"""
            INSERT INTO {cache} (search_hash, search_params, results, expires_at)
            VALUES (%s, '{{}}', '{{"found": 1}}', now() + interval '1 hour')
            ON CONFLICT (search_hash)
            DO UPDATE SET results = excluded.results, expires_at = excluded.expires_at, hit_count = 0
            """.encode(),
            [HASH],
        )
    assert row(db, cache, old)["results"] == {"found": 1}


def test_002_20_the_models_write_and_read(server: ServerLike, template: str) -> None:
    configure_mappers()
    engine = create_engine("postgresql+psycopg://", creator=lambda: server.connect(template))
    with engine.connect() as connection, Session(connection) as session:
        tenant = connection.exec_driver_sql("INSERT INTO tenants (slug, name) VALUES ('orm', 'ORM') RETURNING id")
        connection.execute(select(func.set_config("app.current_tenant_id", str(tenant.scalar_one()), True)))
        connection.exec_driver_sql(f"SET LOCAL ROLE {APP}")
        user = User(email="ada@example.org")
        session.add(user)
        session.flush()
        chat = ChatSession(user_id=user.id)
        session.add(chat)
        session.flush()
        session.add(ChatMessage(session_id=chat.id, role="user", content="Hello"))
        session.flush()
        session.refresh(chat)
        assert chat.message_count == 1
        assert chat.context == {}
        assert user.created_at.tzinfo is not None
        assert user.tenant_id == chat.tenant_id
        session.rollback()
    engine.dispose()


def test_002_21_a_session_names_its_thread_without_a_foreign_key(db: Connection) -> None:
    rows = add_rows(db, "one")
    session = row(db, "chat_sessions", rows["chat_sessions"])
    assert session["checkpoint_ns"] == ""
    assert uuid.UUID(session["thread_id"]).version == 4
    with refused(db, errors.UniqueViolation, by="uq_chat_sessions_thread"):
        insert(db, "chat_sessions", tenant_id=rows.tenant, user_id=rows["users"], thread_id=session["thread_id"])


def test_002_21_the_tables_of_langgraph_are_no_difference(db: Connection) -> None:
    before = inspect(db)
    db.execute("CREATE ROLE langgraph_of_tests")
    db.execute("GRANT USAGE, CREATE ON SCHEMA public TO langgraph_of_tests")
    granted = inspect(db)
    db.execute("SET LOCAL ROLE langgraph_of_tests")
    for statement in (
        "CREATE TABLE checkpoint_migrations (v integer PRIMARY KEY)",
        "CREATE TABLE checkpoints (thread_id text, checkpoint_ns text DEFAULT '', checkpoint_id text,"
        " checkpoint jsonb NOT NULL, PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id))",
        "CREATE INDEX checkpoints_thread_id_idx ON checkpoints (thread_id)",
        "CREATE TABLE checkpoint_blobs (thread_id text, channel text, version serial, blob bytea)",
        "CREATE TABLE checkpoint_writes (thread_id text, idx integer CHECK (idx >= 0), blob bytea)",
        "GRANT SELECT ON checkpoint_writes TO PUBLIC",
        "COMMENT ON COLUMN checkpoints.checkpoint IS 'state'",
        "CREATE STATISTICS checkpoint_statistics ON thread_id, channel FROM checkpoint_blobs",
    ):
        db.execute(statement.encode())
    found = inspect(db)
    assert len(compare(granted, found)) > 15
    assert compare(granted, without_external(found, database.external)) == ()
    assert without_external(before, database.external).fingerprint == before.fingerprint
    db.execute("CREATE TABLE checkpoint_notes (id integer)")
    others = {change.key.identity[:2] for change in compare(granted, without_external(inspect(db), database.external))}
    assert others == {("public", "checkpoint_notes")}


@pytest.mark.parametrize(
    "values",
    [
        {"item_type": "flight"},
        {"item_type": "hotel", "flight": True},
        {"item_type": "flight", "hotel": True},
        {"item_type": "flight", "flight": True, "hotel": True},
        {"item_type": "car", "flight": True},
    ],
)
def test_002_24_an_item_is_one_flight_or_one_hotel(db: Connection, values: dict[str, Any]) -> None:
    with acting_as(db, APP, current_tenant_id=add_tenant(db, "one")):
        booking = add_booking(db)
        references = {
            "flight_booking_id": add_flight(db) if values.get("flight") else None,
            "hotel_booking_id": add_hotel(db) if values.get("hotel") else None,
        }
        with refused(db, errors.CheckViolation):
            add_item(db, booking, item_type=values["item_type"], **references)


def test_002_24_a_flight_belongs_to_one_item(db: Connection) -> None:
    rows = add_rows(db, "one")
    with acting_as(db, APP, current_tenant_id=rows.tenant):
        with refused(db, errors.UniqueViolation, by="uq_booking_items_flight"):
            add_item(db, rows["bookings"], flight_booking_id=rows["flight_bookings"])
        with refused(db, (errors.ForeignKeyViolation, errors.RestrictViolation)):
            delete(db, "flight_bookings", rows["flight_bookings"])


def test_messages_are_counted_in_their_session(db: Connection) -> None:
    rows = add_rows(db, "one")
    latest = datetime(2024, 4, 30, tzinfo=UTC)
    with acting_as(db, APP, current_tenant_id=rows.tenant):
        session = insert(db, "chat_sessions", user_id=rows["users"])
        for moment in (datetime(2024, 3, 31, tzinfo=UTC), latest, datetime(2024, 1, 1, tzinfo=UTC)):
            add_message(db, session, created_at=moment)
        found = row(db, "chat_sessions", session)
    assert found["message_count"] == 3
    assert datetime.fromisoformat(found["last_message_at"]) == latest
    assert row(db, "chat_sessions", rows["chat_sessions"])["message_count"] == 1


def test_x_01_a_message_moves_to_the_partition_of_its_new_month(db: Connection) -> None:
    rows = add_rows(db, "one")
    with acting_as(db, APP, current_tenant_id=rows.tenant):
        assert update(db, "chat_messages", rows["chat_messages"], created_at=datetime(2024, 4, 1, tzinfo=UTC)) == 1
    place = one(db, "SELECT tableoid::regclass::text FROM chat_messages WHERE id = %s", rows["chat_messages"])
    assert place == "chat_messages_y2024m04"


@pytest.mark.parametrize("role", [APP, READONLY])
def test_002_14_an_export_has_every_row_once_and_no_secret(db: Connection, role: str) -> None:
    rows = add_rows(db, "one")
    with acting_as(db, APP, current_tenant_id=rows.tenant):
        insert(db, "oauth_accounts", user_id=rows["users"], provider="apple", provider_account_id="second")
        for _ in range(3):
            booking = add_booking(db, user_id=rows["users"])
            add_item(db, booking, flight_booking_id=add_flight(db))
            add_message(db, insert(db, "chat_sessions", user_id=rows["users"]))
    with acting_as(db, role, current_tenant_id=rows.tenant):
        export = one(db, "SELECT gdpr_export_user(%s)", rows["users"])
    user = export.pop("user")
    counts = {part: len(found) for part, found in export.items()}
    assert counts == {"oauth_accounts": 2, "chat_sessions": 4, "bookings": 4, "analytics_events": 1}
    assert all(len(session["messages"]) == 1 for session in export["chat_sessions"])
    *others, first = sorted((booking["items"] for booking in export["bookings"]), key=len)
    assert [len(items) for items in others] == [1, 1, 1]
    assert {(bool(item["flight"]), bool(item["hotel"])) for item in first} == {(True, False), (False, True)}
    assert not {"hashed_password"} & user.keys()
    assert not {"access_token_encrypted", "refresh_token_encrypted"} & export["oauth_accounts"][0].keys()
    assert SECRET in json.dumps(export)


def test_002_14_nobody_exports_or_erases_a_person_of_another_tenant(db: Connection) -> None:
    mine, other = add_rows(db, "one"), add_rows(db, "two")
    for settings in ({"current_tenant_id": mine.tenant}, {}):
        with acting_as(db, APP, **settings):
            assert one(db, "SELECT gdpr_export_user(%s)", other["users"]) is None
            with refused(db, errors.NoDataFound):
                db.execute("SELECT gdpr_anonymize_user(%s)", [other["users"]])


@pytest.mark.parametrize("role", [APP, OWNER])
def test_002_15_nothing_is_left_of_an_erased_person(db: Connection, role: str) -> None:
    erased, other = add_rows(db, "one"), add_rows(db, "two")
    whole = {table: row(db, table, other[table]) for table in TENANT_TABLES}
    with acting_as(db, role, current_tenant_id=erased.tenant):
        db.execute("SELECT gdpr_anonymize_user(%s)", [erased["users"]])
    assert {table: row(db, table, other[table]) for table in TENANT_TABLES} == whole
    for table in TENANT_TABLES:
        delete_all_but(db, table, erased)
    left = everything(db)
    assert SECRET not in left
    assert SECRET.encode().hex() not in left
    user = row(db, "users", erased["users"])
    assert user["email"] == f"deleted-{erased['users']}@anonymized.invalid"
    assert user["deleted_at"] is not None
    event = row(db, "analytics_events", erased["analytics_events"])
    assert (event["user_id"], event["session_id"], event["event_type"]) == (None, None, "search")
    with refused(db, errors.InsufficientPrivilege), acting_as(db, READONLY, current_tenant_id=erased.tenant):
        db.execute("SELECT gdpr_anonymize_user(%s)", [erased["users"]])


def delete_all_but(db: Connection, table: str, rows: Rows) -> None:
    """Take the other tenants out of the way, constraints aside."""
    db.execute("SET LOCAL session_replication_role = replica")
    db.execute(sql.SQL("DELETE FROM {} WHERE tenant_id <> %s").format(sql.Identifier(table)), [rows.tenant])


def test_002_15_erasing_twice_keeps_the_first_date(db: Connection) -> None:
    rows = add_rows(db, "one")
    long_ago = datetime(2024, 1, 1, tzinfo=UTC)
    update(db, "users", rows["users"], deleted_at=long_ago)
    with acting_as(db, APP, current_tenant_id=rows.tenant):
        db.execute("SELECT gdpr_anonymize_user(%s)", [rows["users"]])
    assert datetime.fromisoformat(row(db, "users", rows["users"])["deleted_at"]) == long_ago


def test_002_15_the_purge_removes_who_left_30_days_ago_and_keeps_the_bookings(db: Connection) -> None:
    rows, other = add_rows(db, "one"), add_rows(db, "two")
    now = datetime.now(UTC)
    update(db, "users", rows["users"], deleted_at=now - timedelta(days=31))
    update(db, "users", other["users"], deleted_at=now - timedelta(days=31))
    with acting_as(db, APP, current_tenant_id=rows.tenant):
        recent = add_user(db, "recent", deleted_at=now - timedelta(days=29))
        assert one(db, "SELECT gdpr_purge_deleted_users()") == 1
        assert one(db, "SELECT gdpr_purge_deleted_users(interval '31 days')") == 0
        assert one(db, "SELECT array_agg(id) FROM users") == [recent]
        assert one(db, "SELECT count(*) FROM oauth_accounts") == 0
        assert one(db, "SELECT count(*) FROM chat_sessions") == 0
        assert one(db, "SELECT count(*) FROM chat_messages") == 0
    booking = row(db, "bookings", rows["bookings"])
    assert (booking["user_id"], booking["tenant_id"]) == (None, str(rows.tenant))
    assert row(db, "users", other["users"])["deleted_at"] is not None


def test_002_22_events_outlive_their_user(db: Connection) -> None:
    rows = add_rows(db, "one")
    update(db, "users", rows["users"], deleted_at=datetime(2024, 1, 1, tzinfo=UTC))
    with acting_as(db, APP, current_tenant_id=rows.tenant):
        db.execute("SELECT gdpr_purge_deleted_users()")
    assert row(db, "analytics_events", rows["analytics_events"])["event_type"] == "search"


def test_002_07_the_history_puts_the_addresses_of_every_tenant_into_lower_case(server: ServerLike) -> None:
    """Policies bind the owner who migrates, too: a plain UPDATE would find no row."""
    create_roles(server, database)
    entry = load_registry().one("travel_hub.global_travel_hub")
    before, after = upward(entry)[:11], upward(entry)[11:]
    with empty_database(server, OWNER) as name:
        with owner_connection(server, database, name) as connection:
            for file in before:
                run(connection, file)
        with server.connect(name) as connection:
            for tenant in ("one", "two"):
                add_user(connection, "Ada", tenant_id=add_tenant(connection, tenant))
        with owner_connection(server, database, name) as connection:
            for file in after:
                run(connection, file)
        with server.connect(name) as connection:
            assert connection.execute("SELECT email FROM users").fetchall() == [("ada@example.org",)] * 2


def test_updated_at_moves_by_itself(db: Connection) -> None:
    rows = add_rows(db, "one")
    ids = {"tenants": rows.tenant, **rows.ids}
    ids |= {cache: cached(db, cache) for cache in ("flight_search_cache", "hotel_search_cache")}
    touched = [table for table in database.metadata.tables if "updated_at" in database.metadata.tables[table].columns]
    assert len(touched) == 10
    for table in touched:
        update(db, table, ids[table], updated_at=datetime(2000, 1, 1, tzinfo=UTC))
        assert one(db, sql.SQL("SELECT updated_at = now() FROM {}").format(sql.Identifier(table))), table
