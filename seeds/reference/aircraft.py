"""Aircraft types, their cabins and every seat in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .files import records

SeatType = Literal["window", "aisle", "middle"]


@dataclass(frozen=True, slots=True)
class Cabin:
    """Rows `first` to `last`, each laid out like `ABC-DEF`: a dash is an aisle. `pitch` is in inches."""

    travel_class: str
    first: int
    last: int
    layout: str
    pitch: int
    exits: frozenset[int]

    @property
    def letters(self) -> str:
        return self.layout.replace("-", "")

    @property
    def capacity(self) -> int:
        return (self.last - self.first + 1) * len(self.letters)


@dataclass(frozen=True, slots=True)
class Seat:
    """`pitch` is in inches."""

    travel_class: str
    row: int
    letter: str
    kind: SeatType
    pitch: int
    exit_row: bool


@dataclass(frozen=True, slots=True)
class AircraftType:
    iata: str
    icao: str
    manufacturer: str
    model: str
    cabins: tuple[Cabin, ...]

    @property
    def capacity(self) -> dict[str, int]:
        """Seats by class."""
        return {cabin.travel_class: cabin.capacity for cabin in self.cabins}

    def seats(self) -> Iterator[Seat]:
        """Every seat, front to back and left to right."""
        for cabin in self.cabins:
            kinds = seat_types(cabin.layout)
            for row in range(cabin.first, cabin.last + 1):
                for letter, kind in kinds.items():
                    yield Seat(cabin.travel_class, row, letter, kind, cabin.pitch, row in cabin.exits)


def seat_types(layout: str) -> dict[str, SeatType]:
    """What kind of seat each letter of a row is; a seat at window and aisle is a window seat.

    >>> seat_types("ABC-D")
    {'A': 'window', 'B': 'middle', 'C': 'aisle', 'D': 'window'}
    """
    blocks = layout.split("-")
    beside = {letter for block in blocks for letter in (block[0], block[-1])}
    windows = {layout[0], layout[-1]}
    return {
        letter: "window" if letter in windows else "aisle" if letter in beside else "middle"
        for letter in layout.replace("-", "")
    }


@cache
def aircraft_types() -> tuple[AircraftType, ...]:
    cabins: dict[str, list[Cabin]] = {}
    for line in records("cabins"):
        exits = frozenset(map(int, line["exit_rows"].split()))
        cabin = Cabin(
            line["class"],
            int(line["first_row"]),
            int(line["last_row"]),
            line["layout"],
            int(line["pitch_inches"]),
            exits,
        )
        cabins.setdefault(line["aircraft"], []).append(cabin)
    return tuple(
        AircraftType(line["iata"], line["icao"], line["manufacturer"], line["model"], tuple(cabins[line["iata"]]))
        for line in records("aircraft_types")
    )
