"""Generated data of flight_services: six databases agree, money adds up, and things happen in an order that can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from .seeded import Seeded, seeded

SCALE = 600
SPAN = (datetime(2025, 11, 3, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with seeded(tmp_path_factory.mktemp("cache"), "flight_services", SCALE, *SPAN) as filled:
        yield filled


def only(made: Seeded, database: str, statement: str) -> Any:
    ((value,),) = made.rows(database, statement)
    return value


def test_nobody_refers_to_what_another_database_lacks(made: Seeded) -> None:
    compared = made.compared()
    assert [(str(one.reference), one.example) for one in compared if one.orphans] == []
    assert all(one.keys for one in compared)


def test_a_payment_is_what_the_booking_costs(made: Seeded) -> None:
    due = made.rows(
        "booking_service_db",
        "SELECT payment_id, id, total_amount, currency, payment_status FROM bookings WHERE payment_id IS NOT NULL",
    )
    paid = made.rows("payment_service_db", "SELECT id, booking_id, amount, currency, status FROM payments")
    assert len(due) > SCALE * 2
    assert sorted(due) == sorted(paid)


def test_refunds_are_of_what_was_cancelled(made: Seeded) -> None:
    cancelled = made.rows(
        "booking_service_db",
        "SELECT payment_id, cancelled_at FROM bookings WHERE payment_status IN ('REFUNDED', 'PARTIALLY_REFUNDED')",
    )
    refunds = made.rows("payment_service_db", "SELECT payment_id, requested_at FROM refunds")
    assert len(refunds) > 50
    assert sorted(refunds) == sorted(cancelled)
    assert not made.rows(
        "payment_service_db",
        "SELECT 1 FROM refunds r JOIN payments p ON p.id = r.payment_id"
        " WHERE (p.status = 'REFUNDED') <> (r.amount = p.amount)",
    )


def test_a_review_follows_the_trip_of_the_one_who_writes_it(made: Seeded) -> None:
    ended = dict(
        made.rows(
            "booking_service_db",
            "SELECT b.id, max(f.arrival_datetime) FROM bookings b JOIN booking_flights f ON f.booking_id = b.id"
            " WHERE b.status = 'COMPLETED' GROUP BY b.id",
        )
    )
    reviews = made.rows("review_service_db", "SELECT booking_id, created_at FROM reviews")
    assert len(reviews) > 100
    assert all(ended[booking] < written for booking, written in reviews)
    assert not made.rows(
        "review_service_db",
        "SELECT 1 FROM review_votes v JOIN reviews r ON r.id = v.review_id"
        " WHERE v.user_id = r.user_id OR v.created_at < r.created_at",
    )
    assert only(made, "review_service_db", "SELECT sum(helpful_count + not_helpful_count) FROM reviews") == only(
        made, "review_service_db", "SELECT count(*) FROM review_votes"
    )


def test_what_happens_to_a_booking_happens_in_order(made: Seeded) -> None:
    assert not made.rows(
        "booking_service_db",
        "SELECT 1 FROM bookings WHERE created_at > departure_datetime OR confirmed_at < created_at"
        " OR cancelled_at NOT BETWEEN confirmed_at AND departure_datetime OR updated_at < created_at"
        " OR (status IN ('FAILED', 'PENDING_PAYMENT')) = ticketed",
    )
    assert not made.rows(
        "booking_service_db",
        "SELECT 1 FROM booking_audit_log l JOIN bookings b ON b.id = l.booking_id WHERE l.created_at < b.created_at",
    )
    booked = dict(made.rows("booking_service_db", "SELECT user_id, min(created_at) FROM bookings GROUP BY user_id"))
    joined = dict(made.rows("user_service_db", "SELECT id, created_at FROM users WHERE status <> 'DELETED'"))
    assert all(joined[user] <= first for user, first in booked.items())


def test_segments_are_one_trip(made: Seeded) -> None:
    assert not made.rows(
        "booking_service_db",
        "SELECT 1 FROM bookings b JOIN booking_flights f ON f.booking_id = b.id AND f.segment_number = 1"
        " LEFT JOIN booking_flights o ON o.booking_id = b.id AND o.segment_number = 2"
        " WHERE (f.departure_airport, f.arrival_airport, f.departure_datetime, f.arrival_datetime)"
        " <> (b.origin_airport, b.destination_airport, b.departure_datetime, b.arrival_datetime)"
        " OR (o.id IS NULL) <> (b.flight_type = 'ONE_WAY') OR o.departure_airport <> f.arrival_airport"
        " OR o.departure_datetime <= f.arrival_datetime"
        " OR (o.arrival_airport = b.origin_airport) <> (b.flight_type = 'ROUND_TRIP')",
    )


def test_the_figures_of_the_days_are_those_of_the_databases(made: Seeded) -> None:
    day = "(created_at AT TIME ZONE 'UTC')::date"
    bookings = dict(made.rows("booking_service_db", f"SELECT {day}, count(*) FROM bookings GROUP BY 1"))
    users = dict(made.rows("user_service_db", f"SELECT {day}, count(*) FROM users GROUP BY 1"))
    searches = dict(made.rows("search_service_db", f"SELECT {day}, count(*) FROM search_history GROUP BY 1"))
    metrics = made.rows(
        "analytics_service_db", "SELECT metric_date, total_bookings, new_users, total_searches FROM daily_metrics"
    )
    assert len(metrics) > 300
    assert {date: count for date, count, _, _ in metrics if count} == bookings
    assert all(users.get(date, 0) == count for date, _, count, _ in metrics)
    # the first day with searches is kept in part
    kept = sorted(searches)[1]
    assert all(searches[date] == count for date, _, _, count in metrics if date >= kept)


def test_few_are_many_and_no_month_is_empty(made: Seeded) -> None:
    months = made.rows(
        "booking_service_db", "SELECT tableoid::regclass::text, count(*) FROM bookings GROUP BY 1 ORDER BY 1"
    )
    assert len(months) > 12
    routes = made.rows(
        "booking_service_db",
        "SELECT count(*) FROM bookings GROUP BY origin_airport, destination_airport ORDER BY 1 DESC",
    )
    assert routes[0][0] > 20 * routes[len(routes) // 2][0]
    (frequent,), *_ = made.rows(
        "booking_service_db", "SELECT count(*) FROM bookings GROUP BY user_id ORDER BY 1 DESC LIMIT 1"
    )
    assert 8 < frequent < 60


def test_prices_know_cabin_and_notice(made: Seeded) -> None:
    prices = dict(
        made.rows(
            "booking_service_db",
            "SELECT f.cabin_class, avg(b.base_fare) FROM bookings b JOIN booking_flights f ON f.booking_id = b.id"
            " GROUP BY 1",
        )
    )
    assert prices["ECONOMY"] < prices["PREMIUM_ECONOMY"] < prices["BUSINESS"] < prices["FIRST"]
    late, early = made.rows(
        "booking_service_db",
        "SELECT avg(b.base_fare) FROM bookings b WHERE EXISTS (SELECT FROM booking_flights f WHERE f.booking_id = b.id"
        " AND f.cabin_class = 'ECONOMY') GROUP BY departure_datetime - created_at > interval '30 days' ORDER BY"
        " departure_datetime - created_at > interval '30 days'",
    )
    assert late > early


def test_the_smallest_scales_are_valid_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    with seeded(tmp_path_factory.mktemp("cache"), "flight_services", 1, *SPAN) as small:
        for scale in (1, 2, 70):
            run = replace(small, run=replace(small.run, scale=scale, random_seed=scale))
            found = run.again(batch=37)
            assert next(d.rows for d in found["user_service_db"] if d.table == "users") == scale
            assert not any(one.orphans for one in run.compared())


def test_the_size_of_batches_makes_no_difference(made: Seeded) -> None:
    assert made.again(batch=501) == made.again(batch=2000)
