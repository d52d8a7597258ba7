"""Routes between airports: pairs that are flown, with the great-circle distance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .airports import Airport
from .files import records

_EARTH_RADIUS_KM = 6371.0088
# taxi, climb and descent; then the cruise
_GROUND_MINUTES = 35
_CRUISE_KM_PER_MINUTE = 13.7


@dataclass(frozen=True, slots=True)
class Route:
    """One direction. `distance` in km along the great circle, `duration` in minutes from gate to gate."""

    origin: str
    destination: str
    distance: int
    duration: int


def routes(airports: Mapping[str, Airport]) -> Iterator[Route]:
    """Both directions of every pair whose airports are known."""
    seen: set[tuple[str, str]] = set()
    for line in records("routes"):
        for other in line["destinations"].split():
            for pair in ((line["hub"], other), (other, line["hub"])):
                if pair not in seen and airports.keys() >= set(pair):
                    seen.add(pair)
                    distance = great_circle(airports[pair[0]], airports[pair[1]])
                    yield Route(*pair, round(distance), duration(distance))


def great_circle(a: Airport, b: Airport) -> float:
    """Kilometres between two airports on a sphere of the earth's mean radius, by the haversine formula."""
    latitude_a, latitude_b = math.radians(a.latitude), math.radians(b.latitude)
    half_chord = (
        math.sin((latitude_b - latitude_a) / 2) ** 2
        + math.cos(latitude_a) * math.cos(latitude_b) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half_chord)))


def duration(distance: float) -> int:
    """Minutes from gate to gate for a distance in km, in steps of five."""
    return 5 * math.ceil((_GROUND_MINUTES + distance / _CRUISE_KM_PER_MINUTE) / 5)
