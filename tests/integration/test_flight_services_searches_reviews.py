"""What `search_service_db`, `review_service_db` and `analytics_service_db` refuse, keep and forget."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from airside.schema.flight_services import analytics_service_db, review_service_db, search_service_db
from psycopg import errors

from .declared import (
    Connection,
    ServerLike,
    acting_as,
    declared_database,
    delete,
    empty_database,
    insert,
    one,
    refused,
    rolled_back,
    update,
)
from .flight_services import (
    NO_PARTITION,
    OTHER,
    USER,
    add_review,
    add_search,
    add_vote,
    assert_erased,
    at_once,
    partitioned_database,
    personal_values,
)


@pytest.fixture(scope="module")
def search_template(server: ServerLike) -> Iterator[str]:
    with partitioned_database(server, search_service_db.database) as name:
        yield name


@pytest.fixture
def searches(server: ServerLike, search_template: str) -> Iterator[Connection]:
    with rolled_back(server, search_template) as connection:
        yield connection


@pytest.fixture(scope="module")
def review_template(server: ServerLike) -> Iterator[str]:
    with declared_database(server, review_service_db.database) as name:
        yield name


@pytest.fixture
def reviews(server: ServerLike, review_template: str) -> Iterator[Connection]:
    with rolled_back(server, review_template) as connection:
        yield connection


@pytest.fixture
def clone(server: ServerLike, review_template: str) -> Iterator[str]:
    with empty_database(server, review_service_db.database.roles.owner, template=review_template) as name:
        yield name


def test_001_01_a_search_goes_to_the_month_it_was_made_in(searches: Connection) -> None:
    search = add_search(searches)
    partition = one(searches, "SELECT tableoid::regclass::text FROM search_history WHERE id = %s", search)
    assert partition == f"search_history_{datetime.now(UTC):%Y_%m}"


def test_001_26_x_04_a_search_beyond_the_ladder_is_refused_clearly(searches: Connection) -> None:
    with pytest.raises(errors.CheckViolation, match=NO_PARTITION):
        add_search(searches, created_at=datetime(2101, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("cabin_class", "ROOF", "ck_search_history_cabin"),
        ("passengers_adult", -1, "ck_search_history_passengers"),
        ("passengers_child", -1, "ck_search_history_passengers"),
        ("passengers_infant", -1, "ck_search_history_passengers"),
        ("return_date", date(2026, 12, 31), "ck_search_history_dates"),
    ],
)
def test_001_14_searches_outside_their_list_or_range_are_refused(
    searches: Connection, column: str, value: object, constraint: str
) -> None:
    with refused(searches, errors.CheckViolation, constraint):
        add_search(searches, **{column: value})


@pytest.mark.parametrize("cabin", ["ECONOMY", "PREMIUM_ECONOMY", "BUSINESS", "FIRST", None])
def test_001_19_every_cabin_is_searched_and_reviewed(
    searches: Connection, reviews: Connection, cabin: str | None
) -> None:
    add_search(searches, cabin_class=cabin)
    add_review(reviews, cabin_class=cabin)


def test_001_20_searches_are_purged_after_90_days_to_the_day(searches: Connection) -> None:
    now = datetime.now(UTC)
    first = search_service_db.models.SEARCHES.children(now)[0]
    # the policy may have ended the month of 91 days ago
    older = f"CREATE TABLE older PARTITION OF search_history FOR VALUES FROM (MINVALUE) TO ('{first.lower}')"
    searches.execute(older.encode())
    stays = {add_search(searches, timedelta(days=days)) for days in (0, 1, 60, 89)}
    for days in (91, 92, 400):
        add_search(searches, timedelta(days=days))
    with acting_as(searches, search_service_db.database.roles.app):
        assert one(searches, "SELECT purge_search_history()") == 3
        assert one(searches, "SELECT purge_search_history()") == 0
    assert set(one(searches, "SELECT array_agg(id) FROM search_history")) == stays
    # partitions are dropped by their policy alone
    assert one(searches, "SELECT count(*) FROM pg_inherits WHERE inhrelid = 'older'::regclass") == 1


@pytest.mark.parametrize("day", ["2026-02-28", "2026-03-01", "2026-05-01", "2026-08-31", "2027-01-01", "2028-03-01"])
def test_001_20_a_month_is_dropped_when_its_last_search_is_about_90_days_old(day: str) -> None:
    now = datetime.fromisoformat(day).replace(tzinfo=UTC)
    kept = search_service_db.models.SEARCHES.children(now)[0].lower
    assert kept is not None
    assert timedelta(days=89) <= now - kept or kept == datetime(2025, 11, 1, tzinfo=UTC)
    assert now - kept <= timedelta(days=92 + 31)


def test_001_28_the_searches_of_a_person_lose_the_person(searches: Connection) -> None:
    def search(user: uuid.UUID) -> Any:
        return add_search(searches, user_id=user, session_id=uuid.uuid4(), ip_address="192.0.2.77", user_agent="a")

    mine = {search(USER), search(USER)}
    before = personal_values(searches, search_service_db.database)
    other = search(OTHER)
    with acting_as(searches, search_service_db.database.roles.app):
        assert one(searches, "SELECT anonymize_user_searches(%s)", USER) == 2
        assert one(searches, "SELECT anonymize_user_searches(gen_random_uuid())") == 0
    after = personal_values(searches, search_service_db.database)
    assert_erased(before, after, search_service_db.database)
    assert {row for _, _, row in after} == {other}
    assert one(searches, "SELECT count(*) FROM search_history WHERE id = ANY (%s)", list(mine)) == 2


def counts(db: Connection, review: object) -> tuple[int, int]:
    row = db.execute("SELECT helpful_count, not_helpful_count FROM reviews WHERE id = %s", [review]).fetchone()
    assert row is not None
    return row[0], row[1]


def test_001_05_a_review_can_be_found_unhelpful(reviews: Connection) -> None:
    review = add_review(reviews)
    add_vote(reviews, review, "NOT_HELPFUL")
    assert counts(reviews, review) == (0, 1)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"overall_rating": 0}, "valid_overall_rating"),
        ({"overall_rating": 6}, "valid_overall_rating"),
        ({"cabin_rating": 6}, "valid_cabin_rating"),
        ({"service_rating": 6}, "valid_service_rating"),
        ({"food_rating": 99}, "valid_food_rating"),
        ({"entertainment_rating": 0}, "valid_entertainment_rating"),
        ({"value_rating": 6}, "valid_value_rating"),
        ({"review_type": "HOTEL"}, "ck_reviews_type"),
        ({"review_type": "FLIGHT"}, "ck_reviews_target"),
        ({"review_type": "AIRLINE", "airline_code": None}, "ck_reviews_target"),
        ({"review_type": "AIRPORT"}, "ck_reviews_target"),
        ({"status": "LOST"}, "ck_reviews_status"),
        ({"cabin_class": "ROOF"}, "ck_reviews_cabin"),
        ({"helpful_count": -1}, "ck_reviews_counts"),
    ],
)
def test_001_14_001_15_reviews_outside_their_list_or_range_are_refused(
    reviews: Connection, values: dict[str, Any], constraint: str
) -> None:
    with refused(reviews, errors.CheckViolation):
        add_review(reviews, **values)
    with pytest.raises(errors.CheckViolation) as caught, reviews.transaction():
        add_review(reviews, **values)
    # an unknown type has no target either
    assert caught.value.diag.constraint_name in {constraint, "ck_reviews_target"}


def test_001_15_votes_are_counted_changed_and_withdrawn(reviews: Connection) -> None:
    review, other = add_review(reviews), add_review(reviews)
    votes = [add_vote(reviews, review) for _ in range(3)]
    assert counts(reviews, review) == (3, 0)
    update(reviews, "review_votes", votes[0], vote="NOT_HELPFUL")
    assert counts(reviews, review) == (2, 1)
    delete(reviews, "review_votes", votes[1])
    assert counts(reviews, review) == (1, 1)
    update(reviews, "review_votes", votes[0], review_id=other)
    assert counts(reviews, review) == (1, 0)
    assert counts(reviews, other) == (0, 1)
    with refused(reviews, errors.CheckViolation, "valid_vote"):
        add_vote(reviews, review, "MAYBE")


def test_001_15_a_review_goes_with_its_votes_and_a_user_votes_once(reviews: Connection) -> None:
    review = add_review(reviews)
    add_vote(reviews, review, user_id=OTHER)
    with refused(reviews, errors.UniqueViolation, "one_vote_per_user"):
        add_vote(reviews, review, "NOT_HELPFUL", user_id=OTHER)
    assert delete(reviews, "reviews", review) == 1
    assert one(reviews, "SELECT count(*) FROM review_votes") == 0


def test_001_15_no_vote_is_lost_when_many_vote_at_once(server: ServerLike, clone: str) -> None:
    with server.connect(clone, autocommit=True) as db:
        review = add_review(db)

        def vote(connection: Connection, number: int) -> None:
            for _ in range(5):
                mine = add_vote(connection, review, "HELPFUL" if number % 2 else "NOT_HELPFUL")
                connection.commit()
            if number < 4:
                update(connection, "review_votes", mine, vote="NOT_HELPFUL" if number % 2 else "HELPFUL")
            elif number < 6:
                delete(connection, "review_votes", mine)

        at_once(server, clone, 12, vote)
        counted = db.execute(
            "SELECT count(*) FILTER (WHERE vote = 'HELPFUL'), count(*) FILTER (WHERE vote = 'NOT_HELPFUL')"
            " FROM review_votes"
        ).fetchone()
        assert counts(db, review) == counted == (29, 29)


def test_001_23_one_review_per_booking_and_user(reviews: Connection) -> None:
    booking = uuid.uuid4()
    add_review(reviews, booking_id=booking)
    add_review(reviews, booking_id=booking, user_id=OTHER)
    with refused(reviews, errors.UniqueViolation, "one_review_per_booking"):
        add_review(reviews, booking_id=booking, review_type="AIRPORT", airport_code="JFK")


def test_001_28_the_reviews_of_a_person_lose_the_person_and_keep_their_stars(reviews: Connection) -> None:
    review = add_review(reviews, title="ada was here", review_text="I am Ada", moderation_notes="ada?")
    add_vote(reviews, review, user_id=USER)
    before = personal_values(reviews, review_service_db.database)
    other = add_review(reviews, user_id=OTHER, review_text="Bob")
    add_vote(reviews, review, user_id=OTHER)
    with acting_as(reviews, review_service_db.database.roles.app):
        assert one(reviews, "SELECT anonymize_user_reviews(%s)", USER) == 1
        assert one(reviews, "SELECT anonymize_user_reviews(%s)", USER) == 0
    after = personal_values(reviews, review_service_db.database)
    assert_erased(before, after, review_service_db.database)
    assert after["reviews", "review_text", other] == "Bob"
    assert counts(reviews, review) == (2, 0)
    assert one(reviews, "SELECT overall_rating FROM reviews WHERE id = %s", review) == 4


def test_a_day_has_one_row_of_figures(server: ServerLike) -> None:
    day = date(2026, 1, 1)
    with (
        declared_database(server, analytics_service_db.database) as name,
        rolled_back(server, name) as db,
        acting_as(db, analytics_service_db.database.roles.app),
    ):
        insert(db, "daily_metrics", metric_date=day, top_routes='[{"route": "JFK-LAX", "count": 156}]')
        with refused(db, errors.UniqueViolation, "unique_daily_metric"):
            insert(db, "daily_metrics", metric_date=day)
        statement = (
            "INSERT INTO daily_metrics (metric_date, total_searches) VALUES (%s, 7)"
            " ON CONFLICT (metric_date) DO UPDATE SET total_searches = EXCLUDED.total_searches"
            " RETURNING total_searches"
        )
        assert one(db, statement, day) == 7
