"""Which tables hold reference data, and the rows that the set has for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .aircraft import aircraft_types
from .airports import airlines, airports
from .identity import reference_id
from .routes import routes

Ids = Mapping[tuple[str, str], UUID]
"""Ids that a database has given to natural keys, by kind and key, where they are not those of the set."""


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """A table in `public` with an `id`, a natural `key`, and the further `columns` that belong to the set.

    `others` are columns of the key or of `columns` with a UNIQUE of their own. `rows` gives id, key and columns.
    `kind` names what other tables refer to by their key column, if any do.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Callable[[Ids], Iterable[tuple[Any, ...]]]
    others: tuple[str, ...] = ()
    kind: str | None = None


def tables_of(database: str) -> tuple[ReferenceTable, ...]:
    """The reference tables of a database, those that others refer to first."""
    return _TABLES.get(database, ())


def _airlines(_: Ids) -> Iterable[tuple[Any, ...]]:
    for one in airlines():
        yield reference_id("airline", one.iata), one.iata, one.icao, one.name, one.country


def _airports(_: Ids) -> Iterable[tuple[Any, ...]]:
    for one in airports().values():
        place = (one.name, one.city, one.country, one.timezone, one.latitude, one.longitude, one.elevation)
        yield reference_id("airport", one.iata), one.iata, one.icao, *place


def _aircraft_types(_: Ids) -> Iterable[tuple[Any, ...]]:
    for one in aircraft_types():
        capacity = json.dumps(one.capacity)
        yield reference_id("aircraft type", one.iata), one.iata, one.icao, one.manufacturer, one.model, capacity


def _routes(ids: Ids) -> Iterable[tuple[Any, ...]]:
    def airport(code: str) -> UUID:
        return ids.get(("airport", code)) or reference_id("airport", code)

    for one in routes(airports()):
        ends = (airport(one.origin), airport(one.destination))
        yield reference_id("route", f"{one.origin}-{one.destination}"), *ends, one.distance, one.duration


def _seats(_: Ids) -> Iterable[tuple[Any, ...]]:
    for aircraft in aircraft_types():
        kind = reference_id("aircraft type", aircraft.iata)
        for seat in aircraft.seats():
            made = reference_id("seat", f"{aircraft.iata}/{seat.row}{seat.letter}")
            features = json.dumps({"pitch_inches": seat.pitch, "exit_row": seat.exit_row})
            yield made, kind, seat.row, seat.letter, seat.travel_class, seat.kind, features


_TABLES: dict[str, tuple[ReferenceTable, ...]] = {
    "flight_db": (
        ReferenceTable("airlines", ("iata_code",), ("icao_code", "name", "country"), _airlines, ("icao_code",)),
        ReferenceTable(
            "airports",
            ("iata_code",),
            ("icao_code", "name", "city", "country", "timezone", "latitude", "longitude", "elevation"),
            _airports,
            others=("icao_code",),
            kind="airport",
        ),
        ReferenceTable(
            "aircraft_types",
            ("iata_code",),
            ("icao_code", "manufacturer", "model", "capacity"),
            _aircraft_types,
            others=("icao_code",),
        ),
        ReferenceTable(
            "routes",
            ("origin_airport_id", "destination_airport_id"),
            ("distance_km", "duration_minutes"),
            _routes,
        ),
    ),
    "inventory_db": (
        ReferenceTable(
            "seat_configurations",
            ("aircraft_type_id", "row_number", "seat_letter"),
            ("class", "seat_type", "features"),
            _seats,
        ),
    ),
}
