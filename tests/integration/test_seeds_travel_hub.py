"""Generated data of travel_hub: every tenant has its own, written under its setting; chats and trips hang together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import pytest

from .seeded import UNTIL, Seeded, seeded

SINCE = datetime(2024, 9, 1, tzinfo=UTC)
TENANTS = (
    "users", "oauth_accounts", "chat_sessions", "chat_messages", "bookings", "booking_items", "flight_bookings",
    "hotel_bookings", "analytics_events",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with seeded(tmp_path_factory.mktemp("cache"), "travel_hub", 400, since=SINCE) as filled:
        yield filled


def value(made: Seeded, query: str) -> int:
    return cast("int", made.value("global_travel_hub", query))


def test_every_tenant_has_rows_in_every_table_and_sees_only_those(made: Seeded) -> None:
    found: dict[str, set[str]] = {table: set() for table in TENANTS}
    tenants = [str(row[0]) for row in made.rows("global_travel_hub", "SELECT id FROM tenants")]
    with made.server.connect("global_travel_hub", autocommit=True) as connection:
        connection.execute("SET ROLE global_travel_hub_app")
        for tenant in tenants:
            connection.execute("SELECT set_config('app.current_tenant_id', %s, false)", [tenant])
            for table in TENANTS:
                seen = {str(row[0]) for row in connection.execute(f"SELECT DISTINCT tenant_id FROM {table}")}
                assert seen <= {tenant}
                found[table] |= seen
    assert len(tenants) >= 3
    assert {table: sorted(seen) for table, seen in found.items()} == dict.fromkeys(TENANTS, sorted(tenants))


def test_tenants_differ_in_size(made: Seeded) -> None:
    sizes = sorted(size for (size,) in made.rows("global_travel_hub", "SELECT count(*) FROM users GROUP BY tenant_id"))
    assert sizes[-1] > 2 * sizes[0]
    assert sum(sizes) == made.run.scale


def test_no_event_refers_to_what_is_not_there(made: Seeded) -> None:
    compared = made.compared()
    assert [one.example for one in compared if one.orphans] == []
    assert all(one.keys for one in compared)


def test_a_booking_is_worth_its_items(made: Seeded) -> None:
    wrong = (
        "SELECT count(*) FROM bookings b LEFT JOIN ("
        " SELECT booking_id, sum(quantity * unit_price) AS worth, min(currency) AS low, max(currency) AS high"
        " FROM booking_items GROUP BY 1) i ON i.booking_id = b.id"
        " WHERE worth IS DISTINCT FROM total_amount OR low <> b.currency OR high <> b.currency"
    )
    assert value(made, wrong) == 0


def test_messages_are_inside_their_chat_and_counted(made: Seeded) -> None:
    """By the trigger; those of the months before are in the archive already."""
    outside = (
        "SELECT count(*) FROM chat_messages m JOIN chat_sessions s ON s.id = m.session_id"
        " WHERE m.created_at NOT BETWEEN s.created_at AND s.last_message_at OR s.last_message_at >= %s"
    )
    with made.server.connect("global_travel_hub", autocommit=True) as connection:
        row = connection.execute(outside, [UNTIL]).fetchone()
        assert row == (0,)
    counted = (
        "SELECT count(*) FROM chat_sessions s LEFT JOIN"
        " (SELECT session_id, count(*) AS n FROM chat_messages GROUP BY 1) m ON m.session_id = s.id"
        " WHERE s.message_count <> CASE WHEN s.created_at < '2025-03-01' THEN s.message_count ELSE coalesce(n, -1) END"
        " OR (s.created_at < '2025-03-01' AND n IS NOT NULL) OR s.message_count = 0 OR s.last_message_at IS NULL"
    )
    assert value(made, counted) == 0
    assert value(made, "SELECT count(*) FROM chat_sessions WHERE created_at < '2025-03-01'") > 0


def test_users_join_first_and_do_nothing_after_they_were_erased(made: Seeded) -> None:
    for table in ("chat_sessions", "bookings"):
        wrong = (
            f"SELECT count(*) FROM {table} t JOIN users u ON u.id = t.user_id"
            " WHERE t.created_at < u.created_at OR t.created_at > u.deleted_at"
        )
        assert value(made, wrong) == 0


def test_nothing_is_left_of_erased_users(made: Seeded) -> None:
    erased = "SELECT id FROM users WHERE deleted_at IS NOT NULL"
    assert value(made, f"SELECT count(*) FROM ({erased}) s") > 0
    left = (
        f"SELECT (SELECT count(*) FROM users WHERE id IN ({erased}) AND num_nonnulls(full_name, phone) > 0)"
        f" + (SELECT count(*) FROM bookings WHERE user_id IN ({erased})"
        "    AND num_nonnulls(contact_name, contact_email, contact_phone) > 0)"
        f" + (SELECT count(*) FROM chat_messages m JOIN chat_sessions s ON s.id = m.session_id"
        f"    WHERE s.user_id IN ({erased}) AND content <> '[deleted]')"
        f" + (SELECT count(*) FROM analytics_events WHERE user_id IN ({erased}))"
        f" + (SELECT count(*) FROM oauth_accounts WHERE user_id IN ({erased}))"
    )
    assert value(made, left) == 0


def test_rows_are_spread_over_partitions(made: Seeded) -> None:
    assert len(made.counts("global_travel_hub", "analytics_events")) == 22
    assert len(made.counts("global_travel_hub", "chat_messages")) == 16


def test_the_same_rows_in_other_batches(made: Seeded) -> None:
    """The last one here: it makes everything anew."""
    before = made.digests()
    assert all(digest.rows for digest in before["global_travel_hub"])
    assert made.again(batch=333) == before
