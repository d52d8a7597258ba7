"""Airports and airlines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .countries import alpha3
from .files import records

# what names an airport and not the place it serves
_NOT_A_PLACE = re.compile(
    r"\s+((regional|municipal|international|domestic|national|county|memorial|island|air)\s+)*"
    r"(airport|airfield|airstrip|aerodrome|airpark|air base|seaplane base|heliport|field)\b.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Airport:
    """`country` has three letters; coordinates in degrees, `elevation` in feet above sea level.

    Where an airport has no ICAO code, `icao` is the source's stand-in: a national code, or one that begins with `_`.
    """

    iata: str
    icao: str
    name: str
    city: str
    country: str
    timezone: str
    latitude: float
    longitude: float
    elevation: int


@dataclass(frozen=True, slots=True)
class Airline:
    iata: str
    icao: str
    name: str
    country: str


@cache
def airports() -> dict[str, Airport]:
    """Every airport with an IATA and an ICAO code, by IATA code."""
    from airportsdata import load

    codes = alpha3()
    return {
        code: Airport(
            iata=code,
            icao=found["icao"],
            name=found["name"],
            city=found["city"] or place_in(found["name"]),
            country=codes[found["country"]],
            timezone=found["tz"],
            latitude=found["lat"],
            longitude=found["lon"],
            elevation=round(found["elevation"]),
        )
        for code, found in load("IATA").items()
        if found["icao"] and found["country"] in codes
    }


def place_in(name: str) -> str:
    """The place in the name of an airport, for those whose city the source leaves out.

    >>> place_in("Choiseul Bay Airport")
    'Choiseul Bay'
    """
    return _NOT_A_PLACE.sub("", name).strip() or name


def airlines() -> tuple[Airline, ...]:
    codes = alpha3()
    return tuple(
        Airline(line["iata"], line["icao"], line["name"], codes[line["country"]]) for line in records("airlines")
    )
