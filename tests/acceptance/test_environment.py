"""`airside provision --environment`: what a database is marked as."""

from __future__ import annotations

import pytest

from .shop import Shop


@pytest.fixture
def customers(shop: Shop) -> Shop:
    """A project with one revision, not provisioned."""
    shop("revision", "-m", "Create customers")
    return shop


def mark_of(shop: Shop) -> list[str]:
    return [str(name) for (name,) in shop.execute("SELECT name FROM airside.environment")]


def test_the_mark_is_given_once_and_only_raised(customers: Shop) -> None:
    assert "would be marked staging" in customers("provision", "--environment", "staging", "--dry-run").stdout
    assert customers.document("provision", "--environment", "staging")["marked"] == "staging"
    again = customers.document("provision", "--environment", "staging")
    assert again["marked"] is None
    assert not again["changed"]
    for more in ((), ("--dry-run",)):
        refusal = customers.refusal("provision", "--environment", "development", *more, code=4)
        assert "marked staging" in refusal
        assert "UPDATE airside.environment SET name = 'development'" in refusal
    assert mark_of(customers) == ["staging"]
    assert "marked production" in customers("provision", "--environment", "production").stdout
    assert mark_of(customers) == ["production"]


def test_a_refused_mark_stops_before_anything_is_done(customers: Shop) -> None:
    customers("provision")
    customers.execute("INSERT INTO customers VALUES (1, 'somebody@example.org')")
    customers.project.declare("    note: Mapped[str | None] = mapped_column()\n")
    customers("revision", "-m", "Note")
    assert "customers" in customers.refusal("provision", "--environment", "development", code=4)
    assert customers.revision == "0001"
