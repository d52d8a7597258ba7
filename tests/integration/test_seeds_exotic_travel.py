"""Generated data of exotic_travel: no two trips at once, reviews of those who went, ratings and audit by triggers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from airside.seeds.generated.run import Run

from .seeded import UNTIL, Seeded, seeded

NAME = "exotic_travel_prod"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with seeded(tmp_path_factory.mktemp("cache"), "exotic_travel", 500) as filled:
        yield filled


def test_no_two_trips_overlap_whatever_became_of_them(made: Seeded) -> None:
    """The constraint leaves completed ones out."""
    overlapping = (
        "SELECT count(*) FROM bookings a JOIN bookings b ON a.id < b.id AND a.destination_id = b.destination_id"
        " AND daterange(a.start_date, a.end_date) && daterange(b.start_date, b.end_date)"
    )
    assert made.value(NAME, overlapping) == 0
    assert made.value(NAME, "SELECT count(*) FROM bookings") == 1500


def test_who_reviews_was_there_before(made: Seeded) -> None:
    wrong = (
        "SELECT count(*) FROM reviews r JOIN bookings b ON b.id = r.booking_id"
        " WHERE b.status <> 'completed' OR r.created_at < b.end_date OR r.user_id <> b.user_id"
        " OR r.destination_id <> b.destination_id"
    )
    assert made.value(NAME, wrong) == 0
    assert made.value(NAME, "SELECT count(*) FROM reviews") > 300


def test_ratings_are_those_of_the_reviews(made: Seeded) -> None:
    wrong = (
        "SELECT count(*) FROM destinations d LEFT JOIN (SELECT destination_id, count(*) AS n,"
        " avg(rating)::numeric(3, 2) AS rating FROM reviews GROUP BY 1) r ON r.destination_id = d.id"
        " WHERE (d.review_count, d.rating) <> (coalesce(n, 0), coalesce(r.rating, 0))"
    )
    assert made.value(NAME, wrong) == 0


def test_every_user_and_booking_is_audited(made: Seeded) -> None:
    audited = made.value(NAME, "SELECT count(DISTINCT (resource_type, resource_id)) FROM audit_logs")
    assert audited == made.value(NAME, "SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM bookings)")


def test_the_application_gets_ids_of_its_own(made: Seeded) -> None:
    with made.server.connect(NAME) as connection:
        added = connection.execute(
            "INSERT INTO users (name, email, password_hash) VALUES ('a', 'a@b.example', 'x') RETURNING id"
        ).fetchone()
        largest = connection.execute("SELECT max(id) FROM users").fetchone()
        connection.rollback()
    assert added == largest


def test_prices_follow_the_season_and_the_guests(made: Seeded) -> None:
    rows = made.rows(
        NAME,
        "SELECT date_part('month', start_date), avg(total_price / guests / d.price) FROM bookings b"
        " JOIN destinations d ON d.id = b.destination_id GROUP BY 1",
    )
    prices = {int(month): float(price) for month, price in rows}
    assert prices[7] > 1.2 * prices[2]


def test_things_happen_in_order(made: Seeded) -> None:
    wrong = (
        "SELECT count(*) FROM bookings b JOIN users u ON u.id = b.user_id"
        " WHERE b.created_at < u.created_at OR b.created_at >= b.start_date OR b.updated_at < b.created_at"
        " OR b.cancelled_at < b.created_at OR greatest(b.updated_at, b.cancelled_at) > '2026-06-10+00'"
    )
    assert made.value(NAME, wrong) == 0
    assert made.value(NAME, "SELECT max(created_at) FROM reviews") < UNTIL
    assert made.value(NAME, "SELECT count(DISTINCT status) FROM bookings") == 4


@pytest.mark.parametrize(("scale", "days"), [(1, 365), (3000, 1), (3000, 7), (2000, 1100)])
def test_no_destination_is_given_twice_however_busy_it_is(made: Seeded, scale: int, days: int) -> None:
    run = Run(scale, 3, UNTIL - timedelta(days=days), UNTIL)
    overlapping = (
        "SELECT count(*) FROM (SELECT start_date, lag(end_date) OVER (PARTITION BY destination ORDER BY start_date)"
        " AS before FROM pg_temp.facts(0, pg_temp.bookings())) s WHERE before > start_date"
    )
    assert made.drawn(NAME, run, overlapping) == 0
    known = "SELECT max(destination) < pg_temp.booked_destinations() FROM pg_temp.facts(0, pg_temp.bookings())"
    assert made.drawn(NAME, run, known) is True


def test_the_same_rows_in_other_batches(made: Seeded) -> None:
    """The last one here: it makes everything anew."""
    before = made.digests()
    assert all(digest.rows for digest in before[NAME])
    assert made.again(batch=77) == before
