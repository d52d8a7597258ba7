"""The columns and checks that a table shares with its archive, written once. Line numbers are the document's."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import CheckConstraint, Numeric, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core import personal

Id = Annotated[uuid.UUID, mapped_column(server_default=func.gen_random_uuid())]
Moment = Annotated[datetime, mapped_column(server_default=func.now())]


def checks(conditions: dict[str, str]) -> tuple[CheckConstraint, ...]:
    """New constraints each time: one belongs to one table."""
    return tuple(CheckConstraint(condition, name=name) for name, condition in conditions.items())


class BookingColumns:
    """A purchase of one or more flights (line 235)."""

    id: Mapped[Id]
    user_id: Mapped[uuid.UUID]
    booking_reference: Mapped[str] = mapped_column(String(6))
    status: Mapped[str] = mapped_column(String(20), server_default="pending")
    total_amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3))
    payment_status: Mapped[str] = mapped_column(String(20), server_default="pending")
    booking_source: Mapped[str] = mapped_column(String(50), server_default="web")
    contact_email: Mapped[str] = mapped_column(String(255), info=personal("contact"))
    contact_phone: Mapped[str | None] = mapped_column(String(20), info=personal("contact"))
    special_requests: Mapped[str | None] = mapped_column(info=personal("content"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    expires_at: Mapped[datetime | None]


BOOKING_CHECKS = {
    "valid_booking_dates": "expires_at > created_at",
    "ck_bookings_status": "status IN ('pending', 'confirmed', 'cancelled', 'completed')",
    "ck_bookings_payment_status": "payment_status IN ('pending', 'paid', 'failed', 'refunded')",
    "ck_bookings_source": "booking_source IN ('web', 'mobile', 'api', 'agent')",
    "ck_bookings_total": "total_amount >= 0",
    "ck_bookings_currency": "currency ~ '^[A-Z]{3}$'",
}


class SegmentColumns:
    """One flight of a booking, as it was sold (line 253)."""

    id: Mapped[Id]
    booking_id: Mapped[uuid.UUID]
    flight_instance_id: Mapped[uuid.UUID]
    segment_order: Mapped[int]
    departure_airport: Mapped[str] = mapped_column(String(3))
    arrival_airport: Mapped[str] = mapped_column(String(3))
    departure_datetime: Mapped[datetime]
    arrival_datetime: Mapped[datetime]
    cabin: Mapped[str] = mapped_column("class", String(20))
    fare_basis: Mapped[str | None] = mapped_column(String(20))
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3))
    baggage_allowance: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(String(20), server_default="confirmed")
    created_at: Mapped[Moment]
    booking_created_at: Mapped[datetime]


SEGMENT_CHECKS = {
    "ck_booking_segments_order": "segment_order > 0",
    "ck_booking_segments_times": "arrival_datetime > departure_datetime",
    "ck_booking_segments_class": "class IN ('economy', 'premium_economy', 'business', 'first')",
}


class PassengerColumns:
    """A traveller of a booking (line 272)."""

    id: Mapped[Id]
    booking_id: Mapped[uuid.UUID]
    passenger_type: Mapped[str] = mapped_column(String(20), server_default="adult")
    title: Mapped[str | None] = mapped_column(String(10), info=personal("identity"))
    first_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    last_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    date_of_birth: Mapped[date | None] = mapped_column(info=personal("identity"))
    gender: Mapped[str | None] = mapped_column(String(10), info=personal("identity"))
    nationality: Mapped[str | None] = mapped_column(String(3), info=personal("identity"))
    passport_number: Mapped[str | None] = mapped_column(String(50), info=personal("identity"))
    passport_expiry: Mapped[date | None] = mapped_column(info=personal("identity"))
    passport_country: Mapped[str | None] = mapped_column(String(3), info=personal("identity"))
    known_traveler_number: Mapped[str | None] = mapped_column(String(50), info=personal("identity"))
    seat_preference: Mapped[str | None] = mapped_column(String(20), info=personal("behaviour"))
    meal_preference: Mapped[str | None] = mapped_column(String(50), info=personal("behaviour"))
    special_needs: Mapped[str | None] = mapped_column(info=personal("content"))
    frequent_flyer_number: Mapped[str | None] = mapped_column(String(50), info=personal("identity"))
    created_at: Mapped[Moment]
    booking_created_at: Mapped[datetime]


PASSENGER_CHECKS = {
    "ck_passengers_type": "passenger_type IN ('adult', 'child', 'infant')",
    "ck_passengers_seat_preference": "seat_preference IN ('window', 'aisle', 'middle')",
    "valid_passenger_age": "date_of_birth <= ((created_at AT TIME ZONE 'UTC')::date - 14)",
}


class PassengerSegmentColumns:
    """The seat of a passenger on one flight (line 295)."""

    id: Mapped[Id]
    passenger_id: Mapped[uuid.UUID]
    booking_segment_id: Mapped[uuid.UUID]
    seat_number: Mapped[str | None] = mapped_column(String(5))
    boarding_pass_issued: Mapped[bool] = mapped_column(server_default=text("false"))
    check_in_time: Mapped[datetime | None]
    boarding_group: Mapped[str | None] = mapped_column(String(5))
    gate: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[Moment]
