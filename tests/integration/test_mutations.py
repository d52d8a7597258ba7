"""Faults put into a good history, one at a time: each is found, and what it is about is named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from airside.migrations.check import check
from airside.migrations.checks.model import Finding
from airside.migrations.checks.report import CheckReport
from airside.schema.core.database import Database, Declared
from airside.schema.core.sql import split
from airside.server import Server
from sqlalchemy import MetaData

from ..stranger import Project, new_project

FIRST_UP = """\
CREATE TYPE kind AS ENUM ('seat', 'meal', 'bag');
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email varchar(50) NOT NULL,
    name text COLLATE "C",
    joined timestamptz NOT NULL DEFAULT now(),
    points numeric(10, 4) NOT NULL DEFAULT 0,
    shouted text GENERATED ALWAYS AS (upper(name)) STORED,
    CONSTRAINT positive CHECK (points >= 0)
);
CREATE UNIQUE INDEX customers_email ON customers (lower(email));
CREATE SEQUENCE numbers AS bigint INCREMENT BY 10;
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    kind kind NOT NULL DEFAULT 'seat',
    note text,
    placed timestamptz NOT NULL
);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_noted ON orders (placed) WHERE note IS NOT NULL;
COMMENT ON TABLE orders IS 'What was bought';
"""
FIRST_DOWN = """\
-- airside: data-loss table public.orders
DROP TABLE orders;
-- airside: data-loss table public.customers
DROP TABLE customers;
DROP SEQUENCE numbers;
DROP TYPE kind;
"""
SECOND_UP = """\
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$ BEGIN NEW.note := coalesce(NEW.note, 'none'); RETURN NEW; END $$;
CREATE TRIGGER stamped BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON orders USING (customer_id = current_setting('app.customer', true)::bigint);
CREATE VIEW recent WITH (security_invoker = true) AS SELECT id, placed FROM orders WHERE placed > '2020-01-01 00:00+00';
ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'none';
"""
SECOND_DOWN = """\
ALTER TABLE orders ALTER COLUMN note DROP DEFAULT;
DROP VIEW recent;
DROP POLICY mine ON orders;
ALTER TABLE orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
DROP TRIGGER stamped ON orders;
DROP FUNCTION stamp();
"""
THIRD_UP = """\
ALTER TABLE customers ALTER COLUMN email TYPE varchar(60);
ALTER TABLE orders ADD COLUMN paid numeric(12, 2);
"""
THIRD_DOWN = """\
-- airside: data-loss column public.orders.paid
ALTER TABLE orders DROP COLUMN paid;
-- airside: data-loss narrowing public.customers.email
ALTER TABLE customers ALTER COLUMN email TYPE varchar(50);
"""
GOOD = {
    "0001_step.up.sql": FIRST_UP,
    "0001_step.down.sql": FIRST_DOWN,
    "0002_step.up.sql": SECOND_UP,
    "0002_step.down.sql": SECOND_DOWN,
    "0003_step.up.sql": THIRD_UP,
    "0003_step.down.sql": THIRD_DOWN,
}


@dataclass(frozen=True)
class Mutation:
    """In `file`, `old` becomes `new`; a finding of `check` then names `named`."""

    number: int
    direction: str
    old: str
    new: str
    named: str
    check: str

    @property
    def file(self) -> str:
        return f"{self.number:04}_step.{self.direction}.sql"


def up(number: int, old: str, new: str, named: str, check: str = "declarations") -> Mutation:
    return Mutation(number, "up", old, new, named, check)


def down(number: int, old: str, new: str, named: str, check: str = "downgrade") -> Mutation:
    return Mutation(number, "down", old, new, named, check)


MUTATIONS = {
    "an index is missing": up(1, "CREATE INDEX orders_customer ON orders (customer_id);", "", "orders_customer"),
    "an index on another column": up(
        1, "orders_customer ON orders (customer_id)", "orders_customer ON orders (placed)", "orders_customer"
    ),
    "an index that is not unique": up(1, "CREATE UNIQUE INDEX", "CREATE INDEX", "customers_email"),
    "an index without its expression": up(1, "(lower(email))", "(email)", "customers_email"),
    "an index without its predicate": up(1, " WHERE note IS NOT NULL", "", "orders_noted"),
    "another default": up(
        1, "points numeric(10, 4) NOT NULL DEFAULT 0", "points numeric(10, 4) NOT NULL DEFAULT 1", "points"
    ),
    "no default": up(1, "joined timestamptz NOT NULL DEFAULT now()", "joined timestamptz NOT NULL", "joined"),
    "a column that may be NULL": up(1, "placed timestamptz NOT NULL", "placed timestamptz", "placed"),
    "a narrower column": up(3, "varchar(60)", "varchar(55)", "email"),
    "another scale": up(1, "numeric(10, 4)", "numeric(10, 3)", "points"),
    "another type": up(1, "joined timestamptz", "joined timestamp", "joined"),
    "another collation": up(1, ' COLLATE "C"', "", "name"),
    "a weaker CHECK": up(1, "points >= 0", "points >= -1", "positive"),
    "no CHECK": up(1, "STORED,\n    CONSTRAINT positive CHECK (points >= 0)", "STORED", "positive"),
    "a foreign key with another action": up(1, " ON DELETE CASCADE", "", "orders_customer_id_fkey"),
    "no foreign key": up(1, " REFERENCES customers (id) ON DELETE CASCADE", "", "orders_customer_id_fkey"),
    "a foreign key that is not valid": up(
        3,
        "ALTER TABLE orders ADD",
        "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;\nALTER TABLE orders ADD CONSTRAINT"
        " orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE NOT VALID;\n"
        "ALTER TABLE orders ADD",
        "orders_customer_id_fkey",
    ),
    "no primary key": up(1, "id bigint PRIMARY KEY,\n    customer_id", "id bigint,\n    customer_id", "orders"),
    "an enum without a label": up(1, "'seat', 'meal', 'bag'", "'seat', 'bag'", "kind"),
    "an enum in another order": up(1, "'seat', 'meal', 'bag'", "'meal', 'seat', 'bag'", "kind"),
    "another identity": up(1, "GENERATED ALWAYS AS IDENTITY", "GENERATED BY DEFAULT AS IDENTITY", "customers.id"),
    "another generated column": up(1, "(upper(name))", "(lower(name))", "shouted"),
    "another step of a sequence": up(1, "INCREMENT BY 10", "INCREMENT BY 5", "numbers"),
    "a table without WAL": up(1, "CREATE TABLE orders", "CREATE UNLOGGED TABLE orders", "orders"),
    "no comment": up(1, "COMMENT ON TABLE orders IS 'What was bought';", "", "orders"),
    "no trigger": up(
        2, "CREATE TRIGGER stamped BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp();", "", "stamped"
    ),
    "a trigger at another time": up(2, "stamped BEFORE INSERT", "stamped AFTER INSERT", "stamped"),
    "a disabled trigger": up(
        2,
        "ALTER TABLE orders ENABLE",
        "ALTER TABLE orders DISABLE TRIGGER stamped;\nALTER TABLE orders ENABLE",
        "stamped",
    ),
    "another body": up(2, "coalesce(NEW.note, 'none')", "coalesce(NEW.note, 'nil')", "stamp"),
    "a function with the rights of its caller": up(2, " SECURITY DEFINER SET search_path = pg_catalog", "", "stamp"),
    "no policy": up(
        2,
        "CREATE POLICY mine ON orders USING (customer_id = current_setting('app.customer', true)::bigint);",
        "",
        "mine",
    ),
    "a policy for everybody": up(2, "customer_id = current_setting('app.customer', true)::bigint", "true", "mine"),
    "a policy that binds no owner": up(2, "ALTER TABLE orders FORCE ROW LEVEL SECURITY;", "", "orders"),
    "another view": up(2, "placed > '2020", "placed >= '2020", "recent"),
    "a column too many": up(
        3, "ADD COLUMN paid numeric(12, 2)", "ADD COLUMN paid numeric(12, 2), ADD COLUMN more int", "more"
    ),
    "a column too few": up(1, "    kind kind NOT NULL DEFAULT 'seat',\n", "", "orders.kind"),
    "a down that forgets a trigger": down(2, "DROP TRIGGER stamped ON orders;\nDROP FUNCTION stamp();", "", "stamped"),
    "a down that forgets a function": down(2, "DROP FUNCTION stamp();", "", "stamp"),
    "a down that forgets a policy": down(2, "DROP POLICY mine ON orders;", "", "mine"),
    "a down that forgets row level security": down(2, "ALTER TABLE orders DISABLE ROW LEVEL SECURITY;", "", "orders"),
    "a down that forgets a view": down(2, "DROP VIEW recent;", "", "recent"),
    "a down that forgets a default": down(2, "ALTER TABLE orders ALTER COLUMN note DROP DEFAULT;", "", "note"),
    "a down that forgets a type": down(1, "DROP TYPE kind;", "", "kind"),
    "a down that forgets a sequence": down(1, "DROP SEQUENCE numbers;", "", "numbers"),
    "a down that drops too much": down(
        2, "DROP VIEW recent;", "DROP VIEW recent;\nDROP INDEX orders_noted;", "orders_noted"
    ),
    "a down that does not narrow": down(3, "ALTER TABLE customers ALTER COLUMN email TYPE varchar(50);", "", "email"),
    "a down that fails": down(2, "DROP VIEW recent;", "DROP VIEW recents;", "recents", "statement-fails"),
    "a down without its mark": down(
        3, "-- airside: data-loss column public.orders.paid", "", "public.orders.paid", "lint"
    ),
    "a cast that loses decimals": up(
        3,
        "ALTER TABLE customers",
        "ALTER TABLE customers ALTER COLUMN points TYPE numeric(10, 0);\n"
        "ALTER TABLE customers ALTER COLUMN points TYPE numeric(10, 4);\nALTER TABLE customers",
        "points",
        "roundtrip",
    ),
    "a down that forgets an hour": down(
        3,
        "-- airside: data-loss column",
        "UPDATE customers SET joined = joined - interval '1 hour';\n-- airside: data-loss column",
        "joined",
        "roundtrip",
    ),
    "a down that makes NULL of values": down(
        2, "DROP VIEW recent;", "DROP VIEW recent;\nUPDATE customers SET name = NULL;", "customers.name", "roundtrip"
    ),
    "a down that deletes rows": down(
        2, "DROP VIEW recent;", "DROP VIEW recent;\nDELETE FROM customers;", "customers", "roundtrip"
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


def checked(server: Server, project: Project, files: dict[str, str]) -> CheckReport:
    for number in (1, 2, 3):
        project.revision(number, files[f"{number:04}_step.up.sql"], files[f"{number:04}_step.down.sql"])
    texts = [split(text, origin=name) for name, text in GOOD.items() if name.endswith(".up.sql")]
    statements = tuple(Declared(statement, f"good:{line}") for text in texts for line, statement in text)
    return check(server, project.entry, Database(project.name, metadata=MetaData(), sql=statements))


def faults(report: CheckReport) -> list[Finding]:
    """But those about rights: nobody granted the roles anything here."""
    rights = (f"{report.target} grant ", f"{report.target} default_privilege ")
    return [item for item in report.findings if item.severity != "note" and not item.where.startswith(rights)]


def test_the_history_itself_is_good(server: Server, project: Project) -> None:
    report = checked(server, project, GOOD)
    # what revisions lock on their way is not the point here
    checks = {mutation.check for mutation in MUTATIONS.values()} | {"irreversible", "migrations"}
    assert [item for item in faults(report) if item.check in checks] == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_fault_is_found_and_named(server: Server, project: Project, name: str) -> None:
    mutation = MUTATIONS[name]
    assert mutation.old in GOOD[mutation.file]
    files = GOOD | {mutation.file: GOOD[mutation.file].replace(mutation.old, mutation.new)}
    found = [item for item in faults(checked(server, project, files)) if item.check == mutation.check]
    assert any(mutation.named in f"{item.where} {item.message} {item.relation}" for item in found), found
