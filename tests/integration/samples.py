"""A few rows in every table of every database that ships, for the tests that carry whole databases about."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from psycopg.types.json import Jsonb

from . import flight_booking, flight_services, travel_hub
from .declared import Connection, insert, one

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
DAY = date(2027, 1, 1)


def add_sample(db: Connection, database: str) -> None:
    """Write rows as the current role, which sees every row, into the database declared as `database`."""
    _SAMPLES[database](db)


def _exotic_travel_prod(db: Connection) -> None:
    place = {"name": "Reef", "description": "Blue", "country": "Palau", "city": "Koror", "features": ["sea", "a'b\\c"]}
    reef = insert(db, "destinations", **place, price=100, duration=5, max_guests=2)
    for name in ("ada", "bob"):
        user = insert(db, "users", name=name, email=f"{name}@example.org", password_hash="x")
        stay = {"start_date": DAY, "end_date": DAY + timedelta(days=5), "guests": 2, "total_price": 500}
        status = {"status": "completed"} if name == "ada" else {}
        booking = insert(db, "bookings", user_id=user, destination_id=reef, **stay, **status)
        insert(db, "reviews", user_id=user, destination_id=reef, booking_id=booking, rating=4, comment="Schön\t🐠\n")


def _flight_schedule_pro(db: Connection) -> None:
    student, instructor = (
        insert(
            db,
            "users",
            cognito_user_id=name,
            email=f"{name}@example.org",
            first_name=name,
            last_name="l",
            role=name.upper(),
        )
        for name in ("student", "instructor")
    )
    booking = insert(
        db,
        "bookings",
        student_id=student,
        instructor_id=instructor,
        departure_airport="KJFK",
        arrival_airport="KLAX",
        departure_latitude=40,
        departure_longitude=-73,
        arrival_latitude=33,
        arrival_longitude=-118,
        scheduled_datetime=NOON,
        training_level="STUDENT_PILOT",
    )
    option = insert(db, "reschedule_options", booking_id=booking, suggested_datetime=NOON + timedelta(days=1))
    insert(
        db,
        "preference_rankings",
        booking_id=booking,
        user_id=student,
        deadline=NOON,
        option1_id=option,
        unavailable_option_ids=[uuid.uuid4()],
    )
    insert(db, "notifications", user_id=student, booking_id=booking, type="CONFIRMATION", title="t", message="m")
    insert(db, "availability_patterns", user_id=student, day_of_week=0, start_time="08:00", end_time="18:00")
    insert(db, "availability_overrides", user_id=student, override_date=DAY)
    insert(db, "audit_log", entity_type="booking", entity_id=booking, action="CREATED", user_id=student)


def _user_db(db: Connection) -> None:
    for number in range(20):
        user = flight_booking.add_user(db)
        insert(db, "user_roles", user_id=user, role="agent")
        insert(db, "user_sessions", user_id=user, token_hash=str(number), expires_at=NOON + timedelta(days=3650))


def _flight_db(db: Connection) -> None:
    airport = flight_booking.add_airport(db, "BER", "Europe/Berlin")
    route = flight_booking.add_route(db, airport, flight_booking.add_airport(db, "JFK", "America/New_York"))
    flight = flight_booking.add_flight(db, route, days_of_week=[1, 7])
    # the first and the last instant of a partition, and one that is yesterday, today or tomorrow elsewhere
    for departure in (datetime(2026, 1, 1), datetime(2026, 3, 31, 23, 59, 59, 999999), datetime(2026, 4, 1, 11)):
        flight_booking.add_instance(db, flight, departure.replace(tzinfo=UTC))


def _inventory_db(db: Connection) -> None:
    flight_booking.add_hold(db)
    flight_booking.add_inventory(db)
    rule = {"flight_id": uuid.uuid4(), "class": "first", "base_price": "1.10", "currency": "EUR"}
    insert(db, "pricing_rules", **rule, effective_from=DAY, rules=Jsonb({"markup": 1.5, "days": [1, None]}))


def _booking_db(db: Connection) -> None:
    for booked in (flight_booking.LAST_YEAR, flight_booking.THIS_YEAR):
        booking = flight_booking.add_booking(db, booked)
        segment = flight_booking.add_segment(db, booking, booked)
        flight_booking.add_seat(db, flight_booking.add_passenger(db, booking, booked), segment)
        insert(db, "booking_history", booking_id=booking, action="created")
    assert one(db, "SELECT archive_old_bookings(%s)", flight_booking.LAST_YEAR + timedelta(days=1)) == 1


def _payment_db(db: Connection) -> None:
    token = one(db, "SELECT encrypt_payment_token('token', 'key')")
    user = uuid.uuid4()
    method = insert(db, "payment_methods", user_id=user, type="credit_card", payment_token_encrypted=token)
    payment = flight_booking.add_payment(db, user_id=user, payment_method_id=method)
    flight_booking.add_refund(db, payment, 10)


def _global_travel_hub(db: Connection) -> None:
    for name in ("one", "two"):
        travel_hub.add_rows(db, name)
    for number, table in enumerate(("flight_search_cache", "hotel_search_cache")):
        plain = {"search_params": Jsonb({"to": "JFK"}), "results": Jsonb([]), "expires_at": NOON + timedelta(days=3650)}
        insert(db, table, search_hash=f"{number:064x}", **plain)
    db.execute("REFRESH MATERIALIZED VIEW mv_daily_metrics")


def _user_service_db(db: Connection) -> None:
    for name in ("ada", "bob"):
        user = flight_services.add_user(db, name)
        flight_services.add_session(db, user)
        flight_services.add_traveler(db, user)
        flight_services.add_card(db, user)


def _search_service_db(db: Connection) -> None:
    for age in range(3):
        flight_services.add_search(db, timedelta(days=age))


def _booking_service_db(db: Connection) -> None:
    flight_services.add_trip(db, "BK1", flight_services.NOVEMBER, status="COMPLETED")
    flight_services.add_trip(db, "BK2", flight_services.DECEMBER)
    # the last instant of a month in UTC, a day of the next month in the east
    flight_services.add_trip(db, "BK3", datetime(2025, 12, 31, 23, 59, 59, 999999, UTC))
    assert one(db, "SELECT archive_old_bookings(%s)", flight_services.DECEMBER) == 1


def _payment_service_db(db: Connection) -> None:
    for reference in ("PAY1", "PAY2"):
        payment = flight_services.add_payment(db, reference)
        flight_services.add_attempt(db, payment)
        flight_services.add_refund(db, payment, 10)


def _review_service_db(db: Connection) -> None:
    flight_services.add_vote(db, flight_services.add_review(db))


def _analytics_service_db(db: Connection) -> None:
    insert(db, "daily_metrics", metric_date=DAY)


_SAMPLES: dict[str, Callable[[Connection], None]] = {
    "exotic_travel_prod": _exotic_travel_prod,
    "flight_schedule_pro": _flight_schedule_pro,
    "user_db": _user_db,
    "flight_db": _flight_db,
    "inventory_db": _inventory_db,
    "booking_db": _booking_db,
    "payment_db": _payment_db,
    "global_travel_hub": _global_travel_hub,
    "user_service_db": _user_service_db,
    "search_service_db": _search_service_db,
    "booking_service_db": _booking_service_db,
    "payment_service_db": _payment_service_db,
    "review_service_db": _review_service_db,
    "analytics_service_db": _analytics_service_db,
}
