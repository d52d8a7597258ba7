"""The declarations say what the resolved source documents say, object by object.

`tests/fixtures/inventory` holds the resolved schema of each document as one script; grants and owners are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from airside.schema.core import Database
from airside.schema.core.catalog import Catalog, Json, inspect
from airside.schema.core.registry import load_registry

from .declared import ServerLike, declared_database, empty_database, owner_connection

INVENTORY = Path(__file__).parent.parent / "fixtures" / "inventory"
KINDS = (
    "extension",
    "table",
    "column",
    "constraint",
    "index",
    "sequence",
    "function",
    "trigger",
    "policy",
    "view",
    "materialized_view",
)
OURS = ("grant", "default_privilege")

# now() and CURRENT_TIMESTAMP are the same; the helper writes one of them.
_CLOCK = ("function", "public", "update_updated_at_column", "")
_BATCH = "timestamp with time zone, integer"

# Objects that differ on purpose; docs/decisions.md says why.
DEPARTURES: dict[str, set[tuple[str, ...]]] = {
    "flight_booking.booking_db": {
        ("function", "public", "archive_old_bookings", _BATCH),
        ("function", "public", "bookings_register", ""),
        ("trigger", "public", "bookings", "trg_bookings_register"),
    },
    "flight_booking.payment_db": {
        ("function", "public", "encrypt_payment_token", "text, text"),
        *(("function", "public", f"anonymize_old_{table}", _BATCH) for table in ("transactions", "refunds")),
        ("function", "public", "anonymize_old_payment_methods", _BATCH),
    },
    "flight_services.user_service_db": {_CLOCK},
    "flight_services.search_service_db": {("function", "public", "purge_search_history", "interval")},
    "flight_services.booking_service_db": {
        _CLOCK,
        ("function", "public", "anonymize_user_bookings", "uuid"),
        ("function", "public", "archive_old_bookings", _BATCH),
        ("function", "public", "bookings_register", ""),
    },
    "flight_services.payment_service_db": {
        _CLOCK,
        *(
            ("function", "public", f"anonymize_old_{table}", _BATCH)
            for table in ("payments", "refunds", "payment_attempts")
        ),
        ("function", "public", "payments_register", ""),
        ("function", "public", "refunds_check_total", ""),
        ("trigger", "public", "refunds", "trg_refunds_check_total"),
    },
    "flight_services.review_service_db": {_CLOCK},
    "travel_hub.global_travel_hub": {
        ("policy", "public", table, "tenant_isolation")
        for table in (
            "users",
            "oauth_accounts",
            "chat_sessions",
            "chat_messages",
            "bookings",
            "booking_items",
            "flight_bookings",
            "hotel_bookings",
            "analytics_events",
        )
    },
}

Facts = dict[tuple[str, ...], dict[str, Json]]


class Pair(NamedTuple):
    declared: Catalog
    documented: Catalog
    departures: set[tuple[str, ...]]


@pytest.fixture(scope="module", params=[entry.target for entry in load_registry().entries])
def pair(request: pytest.FixtureRequest, server: ServerLike) -> Iterator[Pair]:
    entry = load_registry().one(request.param)
    database = entry.load()
    script = (INVENTORY / entry.system / f"{entry.name}.sql").read_text(encoding="utf-8")
    with (
        declared_database(server, database) as declared,
        empty_database(server, database.roles.owner) as documented,
        owner_connection(server, database, documented) as connection,
    ):
        connection.execute(script.encode())
        yield Pair(_read(server, database, declared), inspect(connection), DEPARTURES.get(entry.target, set()))


def _read(server: ServerLike, database: Database, name: str) -> Catalog:
    with owner_connection(server, database, name) as connection:
        return inspect(connection)


def _facts(catalog: Catalog, kind: str) -> Facts:
    """The objects of a kind by (kind, *identity)."""
    facts: Facts = {}
    for key, found in catalog.items():
        if key.kind == kind:
            properties = dict(found.properties)
            properties.pop("owner", None)
            if kind == "function":
                # bodies are laid out for readers here, on one line there
                properties["definition"] = "".join(str(properties["definition"]).split())
            facts[kind, *key.identity] = properties
    return facts


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_of_a_kind_is_as_documented(pair: Pair, kind: str) -> None:
    declared, documented = _facts(pair.declared, kind), _facts(pair.documented, kind)
    for departure in pair.departures:
        if departure[0] == kind:
            assert declared.pop(departure) != documented.pop(departure, None), departure
    assert declared == documented


def test_there_are_no_objects_of_other_kinds(pair: Pair) -> None:
    others = {key for key in pair.declared if key.kind not in (*KINDS, *OURS)}
    assert others == {key for key in pair.documented if key.kind not in (*KINDS, *OURS)}


def test_columns_stand_in_the_documented_order(pair: Pair) -> None:
    positions = [
        {key.identity: found.extra["position"] for key, found in catalog.items() if key.kind == "column"}
        for catalog in (pair.declared, pair.documented)
    ]
    assert positions[0] == positions[1]
