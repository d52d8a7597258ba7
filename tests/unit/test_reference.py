"""The set of reference data: whole, well-formed, and geometry that holds."""

from __future__ import annotations

import json
import re
import zoneinfo
from dataclasses import fields
from typing import Any, get_args

import pytest
from airside.cli.app import cli
from airside.schema.core.errors import DeclarationError
from airside.seeds.reference.aircraft import aircraft_types, seat_types
from airside.seeds.reference.airports import Airport, airlines, airports, place_in
from airside.seeds.reference.countries import countries, currencies
from airside.seeds.reference.document_sets import Kind, documents, fault
from airside.seeds.reference.files import records
from airside.seeds.reference.routes import duration, great_circle, routes
from airside.seeds.reference.tables import ReferenceTable, tables_of
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

KINDS: tuple[Kind, ...] = get_args(Kind)
TABLES = [table for name in ("flight_db", "inventory_db") for table in tables_of(name)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_ids_and_keys_are_unique(table: ReferenceTable) -> None:
    rows = list(table.rows({}))
    assert rows
    assert {len(row) for row in rows} == {1 + len(table.key) + len(table.columns)}
    assert len({row[0] for row in rows}) == len(rows)
    assert len({row[1 : 1 + len(table.key)] for row in rows}) == len(rows)
    for column in table.others:
        position = ("id", *table.key, *table.columns).index(column)
        assert len({row[position] for row in rows}) == len(rows), column


def test_airports_are_complete() -> None:
    found = airports()
    assert len(found) > 7000
    zones = zoneinfo.available_timezones()
    for code, airport in found.items():
        assert re.fullmatch("[A-Z]{3}", code)
        assert re.fullmatch("_?[A-Z0-9]{3,4}", airport.icao)
        assert re.fullmatch("[A-Z]{3}", airport.country)
        assert airport.timezone in zones
        assert airport.city
        assert airport.name


@pytest.mark.parametrize(
    ("code", "city", "country", "zone", "feet"),
    [
        ("JFK", "New York", "USA", "America/New_York", 13),
        ("ZRH", "Zurich", "CHE", "Europe/Zurich", 1416),
        ("PRN", "Lipjan", "XKX", "Europe/Belgrade", 1789),
    ],
)
def test_airports_that_everybody_knows(code: str, city: str, country: str, zone: str, feet: int) -> None:
    airport = airports()[code]
    assert (airport.city, airport.country, airport.timezone) == (city, country, zone)
    assert airport.elevation == pytest.approx(feet, abs=10)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Choiseul Bay Airport", "Choiseul Bay"),
        ("Kabwum", "Kabwum"),
        ("Pitt Island International Airport", "Pitt"),
        ("Airport", "Airport"),
        ("Airfield Creek Airport", "Airfield Creek"),
    ],
)
def test_the_place_in_the_name_of_an_airport(name: str, place: str) -> None:
    assert place_in(name) == place


def test_airlines_are_well_formed() -> None:
    assert len(airlines()) > 100
    for airline in airlines():
        assert re.fullmatch("[A-Z0-9]{2}", airline.iata)
        assert re.fullmatch("[A-Z]{3}", airline.icao)
        assert re.fullmatch("[A-Z]{3}", airline.country)


def test_cabins_are_well_formed() -> None:
    classes = {"economy", "premium_economy", "business", "first"}
    for aircraft in aircraft_types():
        seats = list(aircraft.seats())
        assert len(seats) == sum(aircraft.capacity.values())
        assert len({(seat.row, seat.letter) for seat in seats}) == len(seats)
        assert aircraft.capacity.keys() <= classes
        assert [cabin.first for cabin in aircraft.cabins] == sorted(cabin.first for cabin in aircraft.cabins)
        for cabin in aircraft.cabins:
            assert cabin.letters == "".join(sorted(set(cabin.letters)))
            assert all(cabin.first <= row <= cabin.last for row in cabin.exits)
    assert {line["aircraft"] for line in records("cabins")} == {aircraft.iata for aircraft in aircraft_types()}


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_every_block_has_its_aisles_and_every_row_two_windows(blocks: list[int]) -> None:
    letters = iter("ABCDEFGHIJKLMNOP")
    layout = "-".join("".join(next(letters) for _ in range(size)) for size in blocks)
    kinds = list(seat_types(layout).values())
    assert len(kinds) == sum(blocks)
    assert kinds.count("window") == (1 if sum(blocks) == 1 else 2)
    assert kinds[0] == kinds[-1] == "window"
    assert kinds.count("middle") == sum(max(size - 2, 0) for size in blocks)


def test_every_route_has_its_way_back_and_known_airports() -> None:
    found = {(route.origin, route.destination): route for route in routes(airports())}
    assert len(found) > 4000
    for (origin, destination), route in found.items():
        assert 60 < route.distance < 15600, route
        assert found[destination, origin].distance == route.distance
    named = {code for line in records("routes") for code in (line["hub"], *line["destinations"].split())}
    assert named <= airports().keys()


@pytest.mark.parametrize(
    ("origin", "destination", "kilometres"), [("LHR", "JFK", 5540), ("SIN", "JFK", 15344), ("SYD", "MEL", 706)]
)
def test_distances_that_everybody_can_look_up(origin: str, destination: str, kilometres: int) -> None:
    assert great_circle(airports()[origin], airports()[destination]) == pytest.approx(kilometres, rel=0.005)


places = st.builds(
    lambda latitude, longitude: Airport("AAA", "AAAA", "", "", "", "", latitude, longitude, 0),
    st.floats(-90, 90),
    st.floats(-180, 180),
)


@given(places, places, places)
def test_distance_is_a_metric(a: Airport, b: Airport, c: Airport) -> None:
    assert great_circle(a, b) == pytest.approx(great_circle(b, a), abs=1e-6)
    assert great_circle(a, a) == 0
    assert 0 <= great_circle(a, b) <= 20016
    assert great_circle(a, c) <= great_circle(a, b) + great_circle(b, c) + 1e-3


@given(st.floats(0, 20016), st.floats(0, 20016))
def test_longer_flights_take_longer(one: float, other: float) -> None:
    assert duration(min(one, other)) <= duration(max(one, other))
    assert duration(one) % 5 == 0


def test_countries_and_currencies() -> None:
    by_code = {country.code: country for country in countries()}
    assert 249 <= len(by_code) <= 260
    assert len({country.code3 for country in countries()}) == len(by_code)
    codes = {"DE": "DEU", "GB": "GBR", "FR": "FRA", "CD": "COD", "RS": "SRB", "TL": "TLS", "XK": "XKX"}
    assert {code: by_code[code].code3 for code in codes} == codes
    assert (by_code["CH"].currency, by_code["HR"].currency, by_code["AQ"].currency) == ("CHF", "EUR", None)
    digits = {currency.code: currency.digits for currency in currencies()}
    assert (digits["EUR"], digits["JPY"], digits["KWD"]) == (2, 0, 3)
    assert all(re.fullmatch("[A-Z]{3}", code) for code in digits)


@pytest.mark.parametrize("kind", KINDS)
def test_documents_have_an_id_each(kind: Kind) -> None:
    found = documents(kind)
    assert len({document["_id"] for document in found}) == len(found) >= 10


def template(**changes: Any) -> dict[str, Any]:
    sound: dict[str, Any] = {
        "_id": "hello_v1",
        "name": "Hello",
        "description": "Sent at first",
        "version": 1,
        "channels": ["SMS"],
        "sms": {"body": "Hello {{name}}"},
        "required_variables": ["name"],
        "active": True,
    }
    return {**sound, **changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"version": 2}, "_v2"),
        ({"channels": ["EMAIL", "SMS"]}, "EMAIL"),
        ({"push": {"title": "Hello"}}, "other texts"),
        ({"required_variables": []}, "name"),
        ({"required_variables": ["name", "age"]}, "age"),
    ],
)
def test_a_template_that_does_not_hold_together_is_named(changes: dict[str, Any], said: str | None) -> None:
    found = fault(template(**changes))
    assert found is None if said is None else said in str(found)


def test_a_template_lacks_a_field() -> None:
    sound = template()
    del sound["active"]
    assert fault(sound) == "lacks active"


def test_a_fault_stops_the_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airside.seeds.reference.document_sets.text", lambda _: '[{"_id": "broken_v1"}]')
    with pytest.raises(DeclarationError, match="broken_v1"):
        documents("notification_templates")


def test_an_airport_has_no_field_that_no_column_takes() -> None:
    table = next(table for table in TABLES if table.name == "airports")
    assert len(fields(Airport)) == len(table.key) + len(table.columns)


@pytest.mark.parametrize("kind", KINDS)
def test_documents_are_printed_one_a_line(kind: Kind) -> None:
    printed = CliRunner().invoke(cli, ["documents", kind]).stdout
    assert [json.loads(line) for line in printed.splitlines()] == documents(kind)
    assert json.loads(CliRunner().invoke(cli, ["documents", kind, "--json"]).stdout) == {kind: documents(kind)}
