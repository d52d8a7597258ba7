"""The tables of the flight service. Line numbers are those of the database document."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import NAMING_CONVENTION, RangePartitions, kept_forever, partitioned

Key = Annotated[uuid.UUID, mapped_column(primary_key=True, server_default=func.gen_random_uuid())]
Moment = Annotated[datetime, mapped_column(server_default=func.now())]

# Flights are sold 18 months ahead: six quarters, and one in which the roller may be late.
FLIGHT_INSTANCES = RangePartitions(
    "departure_datetime", "quarter", "flight_instances_{year}_q{quarter}", start=date(2024, 1, 1), ahead=7
)


class Base(DeclarativeBase):
    """Everything in `flight_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        str: Text,
        datetime: TIMESTAMP(timezone=True),
        list[int]: ARRAY(Integer),
        dict[str, Any]: JSONB,
    }


class Airline(Base):
    """A carrier (line 78)."""

    __tablename__ = "airlines"

    id: Mapped[Key]
    iata_code: Mapped[str] = mapped_column(String(2))
    icao_code: Mapped[str] = mapped_column(String(3))
    name: Mapped[str] = mapped_column(String(255))
    country: Mapped[str] = mapped_column(String(3))
    logo_url: Mapped[str | None] = mapped_column(String(500))
    website: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("iata_code", name="idx_airlines_iata"),
        UniqueConstraint("icao_code", name="uq_airlines_icao"),
        {"info": kept_forever("reference data")},
    )


class Airport(Base):
    """An airport and its time zone, in which its days begin and end (line 90)."""

    __tablename__ = "airports"

    id: Mapped[Key]
    iata_code: Mapped[str] = mapped_column(String(3))
    icao_code: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(255))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(3))
    timezone: Mapped[str] = mapped_column(String(50))
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(10, 6))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(10, 6))
    elevation: Mapped[int | None]
    created_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("iata_code", name="idx_airports_iata"),
        UniqueConstraint("icao_code", name="uq_airports_icao"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="ck_airports_latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="ck_airports_longitude"),
        {"info": kept_forever("reference data")},
    )


class AircraftType(Base):
    """A model of aircraft and its seats per class (line 105)."""

    __tablename__ = "aircraft_types"

    id: Mapped[Key]
    iata_code: Mapped[str] = mapped_column(String(3))
    icao_code: Mapped[str] = mapped_column(String(4))
    manufacturer: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    capacity: Mapped[dict[str, Any]]
    created_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("iata_code", name="uq_aircraft_types_iata"),
        UniqueConstraint("icao_code", name="uq_aircraft_types_icao"),
        CheckConstraint("jsonb_typeof(capacity) = 'object'", name="ck_aircraft_types_capacity"),
        {"info": kept_forever("reference data")},
    )


class Route(Base):
    """From one airport to another (line 116)."""

    __tablename__ = "routes"

    id: Mapped[Key]
    origin_airport_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("airports.id", name="fk_routes_origin", ondelete="RESTRICT")
    )
    destination_airport_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("airports.id", name="fk_routes_destination", ondelete="RESTRICT")
    )
    distance_km: Mapped[int | None]
    duration_minutes: Mapped[int | None]
    created_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("origin_airport_id", "destination_airport_id", name="uq_routes_origin_destination"),
        CheckConstraint("origin_airport_id <> destination_airport_id", name="ck_routes_distinct"),
        Index("idx_routes_destination", "destination_airport_id"),
        {"info": kept_forever("reference data")},
    )


class Flight(Base):
    """A flight of the master schedule, at the local times of its airports (line 127)."""

    __tablename__ = "flights"

    id: Mapped[Key]
    flight_number: Mapped[str] = mapped_column(String(10))
    airline_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("airlines.id", name="fk_flights_airline", ondelete="RESTRICT")
    )
    route_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("routes.id", name="fk_flights_route", ondelete="RESTRICT"))
    aircraft_type_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("aircraft_types.id", name="fk_flights_aircraft_type", ondelete="RESTRICT")
    )
    departure_time: Mapped[time]
    arrival_time: Mapped[time]
    days_of_week: Mapped[list[int] | None]
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), server_default="active")
    created_at: Mapped[Moment]
    arrival_day_offset: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))

    __table_args__ = (
        CheckConstraint("status IN ('active', 'cancelled', 'suspended')", name="ck_flights_status"),
        CheckConstraint("days_of_week <@ ARRAY[1, 2, 3, 4, 5, 6, 7]", name="ck_flights_days"),
        CheckConstraint("effective_until >= effective_from", name="ck_flights_effective"),
        CheckConstraint("arrival_day_offset BETWEEN -1 AND 2", name="ck_flights_day_offset"),
        UniqueConstraint("airline_id", "flight_number", "effective_from", name="idx_flights_airline"),
        # What flight_instances refers to, so that their route is always the flight's.
        UniqueConstraint("id", "route_id", name="uq_flights_id_route"),
        Index("idx_flights_route", "route_id"),
        Index("idx_flights_aircraft_type", "aircraft_type_id"),
        Index(
            "idx_flights_search",
            "route_id",
            "effective_from",
            "effective_until",
            postgresql_where=text("status = 'active'"),
        ),
        Index(
            "idx_active_flights",
            "effective_from",
            "effective_until",
            postgresql_where=text("status = 'active'"),
        ),
        {"info": kept_forever("the timetable, which instances refer to")},
    )


class FlightInstance(Base):
    """A flight on one day (line 143)."""

    __tablename__ = "flight_instances"

    id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    flight_id: Mapped[uuid.UUID]
    departure_datetime: Mapped[datetime]
    arrival_datetime: Mapped[datetime]
    actual_departure: Mapped[datetime | None]
    actual_arrival: Mapped[datetime | None]
    gate: Mapped[str | None] = mapped_column(String(10))
    terminal: Mapped[str | None] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20), server_default="scheduled")
    delay_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    cancellation_reason: Mapped[str | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    route_id: Mapped[uuid.UUID]

    __table_args__ = (
        PrimaryKeyConstraint("id", "departure_datetime"),
        ForeignKeyConstraint(
            ["flight_id", "route_id"],
            ["flights.id", "flights.route_id"],
            name="fk_flight_instances_flight",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        CheckConstraint(
            "status IN ('scheduled', 'delayed', 'cancelled', 'boarding', 'departed', 'arrived')",
            name="ck_flight_instances_status",
        ),
        CheckConstraint("arrival_datetime > departure_datetime", name="ck_flight_instances_times"),
        CheckConstraint("delay_minutes >= 0", name="ck_flight_instances_delay"),
        Index("idx_flight_instances_flight", "flight_id", "departure_datetime", unique=True),
        Index("idx_flight_instances_departure", "departure_datetime"),
        Index("idx_flight_instances_route_date", "route_id", "departure_datetime"),
        {
            "postgresql_partition_by": FLIGHT_INSTANCES.clause,
            "info": partitioned(FLIGHT_INSTANCES) | kept_forever("bookings and their archive name it"),
        },
    )
