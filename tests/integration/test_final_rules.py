"""Rules about the catalog at head: for each, faults that it finds and right ones that it leaves alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest
from airside.migrations.checks.final import final_of
from airside.migrations.checks.model import Context, Final, Finding
from airside.migrations.checks.rules import final_rules
from airside.schema.core.catalog import inspect
from airside.server import Server
from psycopg import sql

TENANTS = """
CREATE TABLE a (id int PRIMARY KEY, tenant_id uuid NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, tenant_id uuid NOT NULL);
CREATE INDEX ON a (tenant_id);
CREATE INDEX ON b (tenant_id);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE b ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY p ON b USING (tenant_id = (SELECT current_setting('app.tenant')::uuid));
"""
FORCED = "ALTER TABLE a FORCE ROW LEVEL SECURITY; ALTER TABLE b FORCE ROW LEVEL SECURITY;"
NOTES = "CREATE TABLE n (id int PRIMARY KEY, owner text, org int, open boolean, body text, kind varchar(9));"
SECURED = NOTES + "ALTER TABLE n ENABLE ROW LEVEL SECURITY;"
PARENT = (
    "CREATE TABLE u (id int PRIMARY KEY, other int UNIQUE, tenant int, UNIQUE (tenant, id), UNIQUE (tenant, other));"
)


@pytest.fixture(scope="module")
def connection(server: Server) -> Iterator[psycopg.Connection[Any]]:
    """To a database of its own. Each case is rolled back."""
    name = f"final_{uuid.uuid4().hex[:12]}"
    with server.connect(autocommit=True) as maker:
        maker.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    with server.connect(name) as connection:
        yield connection
    with server.connect(autocommit=True) as maker:
        maker.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


@dataclass(frozen=True)
class Case:
    rule: str
    given: str
    found: tuple[str, ...] = ()
    severity: str | None = None


def positive(rule: str, given: str, *found: str, severity: str | None = None) -> Case:
    return Case(rule, given, found, severity)


def negative(rule: str, given: str) -> Case:
    return Case(rule, given)


FOREIGN_KEYS = (
    # rows of u are meant to be deleted
    positive(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (x int REFERENCES u ON DELETE SET NULL);",
        "constraint public.c.c_x_fkey",
        severity="warning",
    ),
    positive(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (x int REFERENCES u ON DELETE RESTRICT);",
        "constraint public.c.c_x_fkey",
        severity="note",
    ),
    positive(
        "foreign-key-without-index", PARENT + "CREATE TABLE c (x int REFERENCES u);", "constraint public.c.c_x_fkey"
    ),
    positive(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (id int PRIMARY KEY, x int REFERENCES u); CREATE INDEX ON c (id, x);",
        "constraint public.c.c_x_fkey",
    ),
    positive(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (x int REFERENCES u ON DELETE CASCADE, gone bool);"
        "CREATE INDEX ON c (x) WHERE NOT gone;",
        "constraint public.c.c_x_fkey",
        severity="warning",
    ),
    positive(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (x int REFERENCES u); CREATE INDEX ON c USING brin (x);",
        "constraint public.c.c_x_fkey",
    ),
    positive(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (t int, x int, FOREIGN KEY (t, x) REFERENCES u (tenant, id)); CREATE INDEX ON c (t);",
        "constraint public.c.c_t_x_fkey",
        severity="note",
    ),
    positive(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (x int REFERENCES u, d date) PARTITION BY RANGE (d);"
        "CREATE TABLE c1 PARTITION OF c DEFAULT;",
        "constraint public.c.c_x_fkey",
    ),
    negative("foreign-key-without-index", PARENT + "CREATE TABLE c (x int PRIMARY KEY REFERENCES u);"),
    negative(
        "foreign-key-without-index", PARENT + "CREATE TABLE c (x int REFERENCES u, y int); CREATE INDEX ON c (x, y);"
    ),
    negative(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (x int REFERENCES u); CREATE INDEX ON c (x) WHERE x IS NOT NULL;",
    ),
    negative(
        "foreign-key-without-index", PARENT + "CREATE TABLE c (x int REFERENCES u); CREATE INDEX ON c USING hash (x);"
    ),
    negative(
        "foreign-key-without-index",
        PARENT
        + "CREATE TABLE c (t int, x int, FOREIGN KEY (t, x) REFERENCES u (tenant, id)); CREATE INDEX ON c (x, t);",
    ),
    # u.id alone names one row of u
    negative(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (t int, x int, FOREIGN KEY (t, x) REFERENCES u (tenant, id)); CREATE INDEX ON c (x);",
    ),
    negative(
        "foreign-key-without-index",
        PARENT + "CREATE TABLE c (x int REFERENCES u, d date) PARTITION BY RANGE (d); CREATE INDEX ON c (x);"
        "CREATE TABLE c1 PARTITION OF c DEFAULT;",
    ),
    negative(
        "foreign-key-without-index",
        'CREATE TABLE "U u" ("I d" int PRIMARY KEY, "par" int REFERENCES "U u"); CREATE INDEX ON "U u" ("par");',
    ),
)

INDEXES = (
    positive(
        "duplicate-index",
        "CREATE TABLE t (a int, b int); CREATE INDEX one ON t (a, b); CREATE INDEX two ON t (a, b);",
        "index public.two",
        severity="warning",
    ),
    positive(
        "duplicate-index",
        "CREATE TABLE t (id int PRIMARY KEY); CREATE INDEX ix ON t (id);",
        "index public.ix",
    ),
    positive(
        "duplicate-index",
        "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ADD UNIQUE (id);",
        "constraint public.t.t_id_key",
    ),
    # a b-tree is read both ways
    positive(
        "duplicate-index",
        "CREATE TABLE t (a int, b int); CREATE INDEX one ON t (a, b DESC); CREATE INDEX two ON t (a DESC, b);",
        "index public.two",
    ),
    positive(
        "duplicate-index",
        "CREATE TABLE t (a text); CREATE INDEX one ON t (lower(a)) WHERE a <> '';"
        "CREATE INDEX two ON t (lower(a)) WHERE a <> '';",
        "index public.two",
    ),
    positive(
        "duplicate-index",
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE INDEX one ON t (a); CREATE INDEX two ON t (a);"
        "CREATE TABLE t1 PARTITION OF t DEFAULT;",
        "index public.two",
    ),
    negative("duplicate-index", "CREATE TABLE t (a int, b int); CREATE INDEX ON t (a, b); CREATE INDEX ON t (b, a);"),
    negative(
        "duplicate-index", "CREATE TABLE t (a text); CREATE INDEX ON t (a); CREATE INDEX ON t (a text_pattern_ops);"
    ),
    negative("duplicate-index", 'CREATE TABLE t (a text); CREATE INDEX ON t (a); CREATE INDEX ON t (a COLLATE "C");'),
    negative("duplicate-index", "CREATE TABLE t (a int); CREATE INDEX ON t (a); CREATE INDEX ON t USING hash (a);"),
    negative(
        "duplicate-index", "CREATE TABLE t (a int, b bool); CREATE INDEX ON t (a); CREATE INDEX ON t (a) WHERE b;"
    ),
    negative(
        "duplicate-index",
        "CREATE TABLE t (a int, b int); CREATE INDEX ON t (a, b DESC); CREATE INDEX ON t (a, b);",
    ),
    negative(
        "duplicate-index",
        "CREATE TABLE t (a int, UNIQUE (a)); CREATE UNIQUE INDEX ON t (a) NULLS NOT DISTINCT;",
    ),
    positive(
        "prefix-redundant-index",
        "CREATE TABLE t (a int, b int); CREATE INDEX short ON t (a); CREATE INDEX ON t (a, b);",
        "index public.short",
        severity="note",
    ),
    positive(
        "prefix-redundant-index",
        "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)); CREATE INDEX short ON t (a);",
        "index public.short",
    ),
    positive(
        "prefix-redundant-index",
        "CREATE TABLE t (a int, b int); CREATE INDEX short ON t (a); CREATE INDEX ON t (a) INCLUDE (b);",
        "index public.short",
    ),
    negative("prefix-redundant-index", "CREATE TABLE t (a int, b int, UNIQUE (a)); CREATE INDEX ON t (a, b);"),
    negative(
        "prefix-redundant-index", "CREATE TABLE t (a int, b int); CREATE INDEX ON t (b); CREATE INDEX ON t (a, b);"
    ),
    negative(
        "prefix-redundant-index",
        "CREATE TABLE t (a int, b int); CREATE INDEX ON t (a) WHERE b > 1; CREATE INDEX ON t (a, b);",
    ),
    negative(
        "prefix-redundant-index",
        "CREATE TABLE t (a int, b int, c int); CREATE INDEX ON t (a) INCLUDE (c); CREATE INDEX ON t (a, b);",
    ),
    negative(
        "prefix-redundant-index",
        "CREATE TABLE t (a int NOT NULL, b int); CREATE UNIQUE INDEX short ON t (a); CREATE INDEX ON t (a, b);"
        "ALTER TABLE t REPLICA IDENTITY USING INDEX short;",
    ),
    positive(
        "invalid-index",
        "CREATE TABLE t (a int); CREATE INDEX bad ON t (a);"
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'bad'::regclass;",
        "index public.bad",
        severity="error",
    ),
    positive(
        "invalid-index",
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t DEFAULT;"
        "CREATE INDEX bad ON ONLY t (a);",
        "index public.bad",
        severity="note",
    ),
    positive(
        "invalid-index",
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t DEFAULT;"
        "ALTER TABLE ONLY t ADD CONSTRAINT bad UNIQUE (a);",
        "constraint public.t.bad",
    ),
    negative("invalid-index", "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE INDEX ON t (b);"),
    negative(
        "invalid-index",
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t DEFAULT;"
        "CREATE INDEX good ON ONLY t (a); CREATE INDEX part ON t1 (a); ALTER INDEX good ATTACH PARTITION part;",
    ),
)

TENANCY = (
    positive("tenant-table-without-force", TENANTS, "table public.a", "table public.b", severity="warning"),
    positive(
        "tenant-table-without-force",
        TENANTS + FORCED + "CREATE TABLE forgotten (id int, tenant_id uuid);",
        "table public.forgotten",
        severity="error",
    ),
    negative("tenant-table-without-force", TENANTS + FORCED + "CREATE TABLE plans (id int);"),
    # a column that one table's policy compares is not yet a tenant's
    negative(
        "tenant-table-without-force",
        SECURED + "CREATE POLICY p ON n USING (owner = current_user); CREATE TABLE m (owner text);",
    ),
    # most tables with the column are open: it is not what keeps tenants apart
    negative(
        "tenant-table-without-force",
        TENANTS + FORCED + "CREATE TABLE c (tenant_id uuid); CREATE TABLE d (tenant_id uuid);",
    ),
    positive("row-security-without-policy", SECURED, "table public.n", severity="warning"),
    positive(
        "row-security-without-policy",
        SECURED + "CREATE POLICY p ON n AS RESTRICTIVE USING (open);",
        "table public.n",
    ),
    negative("row-security-without-policy", SECURED + "CREATE POLICY p ON n USING (open);"),
    negative("row-security-without-policy", NOTES),
    positive(
        "policy-without-row-security",
        NOTES + "CREATE POLICY p ON n USING (owner = current_user);",
        "policy public.n.p",
        severity="error",
    ),
    positive(
        "policy-without-row-security",
        SECURED + "CREATE POLICY p ON n USING (open); ALTER TABLE n DISABLE ROW LEVEL SECURITY;",
        "policy public.n.p",
    ),
    negative("policy-without-row-security", SECURED + "CREATE POLICY p ON n USING (open);"),
    negative("policy-without-row-security", NOTES),
)

POLICIES = (
    positive(
        "policy-column-without-index",
        SECURED + "CREATE POLICY p ON n USING (owner = current_user);",
        "policy public.n.p",
        severity="note",
    ),
    # many tenants share the table
    positive(
        "policy-column-without-index",
        TENANTS.replace("CREATE INDEX ON b (tenant_id);", ""),
        "policy public.b.p",
        severity="warning",
    ),
    positive(
        "policy-column-without-index",
        SECURED + "CREATE INDEX ON n (id, org);"
        "CREATE POLICY p ON n USING (org = (SELECT nullif(current_setting('app.org', true), '')::int));",
        "policy public.n.p",
    ),
    positive(
        "policy-column-without-index",
        SECURED + "CREATE TABLE m (org int, who text);"
        "CREATE POLICY p ON n USING (org IN (SELECT m.org FROM m WHERE m.who = current_user));",
        "policy public.n.p",
    ),
    # both sides of an OR have to be found
    positive(
        "policy-column-without-index",
        SECURED + "CREATE INDEX ON n (owner);"
        "CREATE POLICY p ON n USING (owner = current_user OR org = current_setting('app.org')::int);",
        "policy public.n.p",
    ),
    negative(
        "policy-column-without-index",
        SECURED + "CREATE INDEX ON n (owner, id); CREATE POLICY p ON n USING (owner = current_user);",
    ),
    # one side of an AND is enough, and what is compared with a literal is no way to find few rows
    negative(
        "policy-column-without-index",
        SECURED + "CREATE INDEX ON n (org);"
        "CREATE POLICY p ON n USING (org = current_setting('app.org')::int AND owner = current_user AND kind = 'x');",
    ),
    negative("policy-column-without-index", SECURED + "CREATE POLICY p ON n USING (open OR kind = 'public');"),
    negative(
        "policy-column-without-index",
        SECURED + "CREATE INDEX ON n (kind); CREATE POLICY p ON n USING (kind = current_setting('app.kind'));",
    ),
    negative(
        "policy-column-without-index",
        SECURED + "CREATE INDEX ON n (lower(owner)); CREATE POLICY p ON n USING (lower(owner) = current_user);",
    ),
    negative(
        "policy-column-without-index",
        "CREATE TABLE l (t int) PARTITION BY LIST (t); ALTER TABLE l ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY p ON l USING (t = current_setting('app.t')::int);",
    ),
    negative(
        "policy-column-without-index", SECURED + "CREATE POLICY p ON n FOR INSERT WITH CHECK (owner = current_user);"
    ),
    positive(
        "policy-operator-not-leakproof",
        SECURED + "CREATE POLICY p ON n USING (owner LIKE current_user || '%');",
        "policy public.n.p",
        severity="warning",
    ),
    positive(
        "policy-operator-not-leakproof",
        SECURED + "CREATE POLICY p ON n USING (body::int = current_setting('app.org')::int);",
        "policy public.n.p",
    ),
    positive(
        "policy-operator-not-leakproof",
        SECURED + "CREATE FUNCTION mine(int) RETURNS bool LANGUAGE sql STABLE AS 'SELECT $1 > 0';"
        "CREATE POLICY p ON n FOR INSERT WITH CHECK (mine(org));",
        "policy public.n.p",
    ),
    # in a subquery, applied to the table of the policy
    positive(
        "policy-operator-not-leakproof",
        SECURED + "CREATE TABLE m (who text);"
        "CREATE POLICY p ON n USING (EXISTS (SELECT FROM m WHERE m.who = upper(n.owner)));",
        "policy public.n.p",
    ),
    # comparing cannot fail, but it is estimated without statistics
    positive(
        "policy-operator-not-leakproof",
        "CREATE TYPE state AS ENUM ('a', 'b');" + SECURED + "ALTER TABLE n ADD state state, ADD cost numeric;"
        "CREATE POLICY p ON n USING (state = 'a' AND cost < 7);",
        "policy public.n.p",
        severity="note",
    ),
    negative("policy-operator-not-leakproof", TENANTS),
    negative(
        "policy-operator-not-leakproof",
        SECURED + "CREATE POLICY p ON n USING (owner = lower(current_user) OR org = ANY ('{1,2}'::int[]) OR open);",
    ),
    # what the subquery does with columns of another table tells nothing of this one
    negative(
        "policy-operator-not-leakproof",
        SECURED + "CREATE TABLE m (org int, who text);"
        "CREATE POLICY p ON n USING (org IN (SELECT m.org FROM m WHERE m.who LIKE 'a%'));",
    ),
    negative(
        "policy-operator-not-leakproof",
        SECURED + "CREATE POLICY p ON n USING (kind = current_setting('app.kind'));",
    ),
    positive(
        "always-true-policy", SECURED + "CREATE POLICY p ON n USING (true);", "policy public.n.p", severity="warning"
    ),
    positive("always-true-policy", SECURED + "CREATE POLICY p ON n FOR UPDATE USING (id = id);", "policy public.n.p"),
    positive(
        "always-true-policy",
        SECURED + "CREATE POLICY own ON n USING (owner = current_user); CREATE POLICY p ON n FOR SELECT USING (true);",
        "policy public.n.p",
    ),
    # rows of one's own can be given away
    positive(
        "always-true-policy",
        SECURED + "CREATE POLICY p ON n USING (owner = current_user) WITH CHECK (true);",
        "policy public.n.p",
    ),
    positive(
        "always-true-policy",
        SECURED + "CREATE POLICY p ON n FOR INSERT WITH CHECK (true);",
        "policy public.n.p",
        severity="note",
    ),
    negative("always-true-policy", SECURED + "CREATE POLICY p ON n FOR SELECT USING (true);"),
    negative(
        "always-true-policy",
        SECURED + "CREATE ROLE final_admin; CREATE POLICY all_rows ON n TO final_admin USING (true);"
        "CREATE POLICY own ON n USING (owner = current_user);",
    ),
    negative("always-true-policy", SECURED + "CREATE POLICY p ON n USING (owner = current_user OR open);"),
    negative(
        "always-true-policy",
        SECURED + "CREATE POLICY base ON n USING (open);CREATE POLICY p ON n AS RESTRICTIVE FOR SELECT USING (true);",
    ),
    positive(
        "view-around-row-security",
        SECURED + "CREATE POLICY p ON n USING (open); CREATE VIEW v AS SELECT id FROM n;",
        "view public.v",
        severity="warning",
    ),
    positive(
        "view-around-row-security",
        SECURED + "CREATE TABLE o (id int); CREATE VIEW v AS SELECT o.id FROM o WHERE EXISTS (SELECT FROM n);",
        "view public.v",
    ),
    negative("view-around-row-security", SECURED + "CREATE VIEW v WITH (security_invoker) AS SELECT id FROM n;"),
    negative(
        "view-around-row-security",
        SECURED + "ALTER TABLE n FORCE ROW LEVEL SECURITY; CREATE VIEW v AS SELECT id FROM n;",
    ),
    negative("view-around-row-security", NOTES + "CREATE VIEW v AS SELECT id FROM n;"),
)

ROUTINES = (
    positive(
        "security-definer-without-search-path",
        "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';",
        "function public.f.integer",
        severity="warning",
    ),
    positive(
        "security-definer-without-search-path",
        "CREATE PROCEDURE f() LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '1s' AS 'BEGIN END';",
        "function public.f.",
    ),
    # temporary tables come first unless the path says otherwise
    positive(
        "security-definer-without-search-path",
        "CREATE TABLE rights (who text); CREATE FUNCTION f() RETURNS bool LANGUAGE sql SECURITY DEFINER"
        " SET search_path = public AS 'SELECT EXISTS (SELECT FROM rights WHERE who = session_user)';",
        "function public.f.",
        severity="note",
    ),
    negative(
        "security-definer-without-search-path",
        "CREATE TABLE rights (who text); CREATE FUNCTION f() RETURNS bool LANGUAGE sql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS 'SELECT EXISTS (SELECT FROM rights)';",
    ),
    negative(
        "security-definer-without-search-path",
        "CREATE TABLE rights (who text); CREATE FUNCTION f() RETURNS bool LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = pg_catalog, public AS"
        " $$ BEGIN RETURN EXISTS (WITH r AS (SELECT FROM public.rights) SELECT FROM r); END $$;",
    ),
    negative(
        "security-definer-without-search-path",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1';",
    ),
    negative(
        "security-definer-without-search-path",
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'SECURITY DEFINER' $$;",
    ),
    negative(
        "security-definer-without-search-path",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT 1; END;",
    ),
)

CHECKS = (
    positive(
        "volatile-check",
        "CREATE TABLE t (departs timestamptz CONSTRAINT later CHECK (departs > now()));",
        "constraint public.t.later",
        severity="warning",
    ),
    positive(
        "volatile-check",
        "CREATE TABLE t (d date CONSTRAINT this_year CHECK (extract(year FROM d) = extract(year FROM CURRENT_DATE)));",
        "constraint public.t.this_year",
    ),
    positive(
        "volatile-check",
        "CREATE TABLE t (a date, CONSTRAINT c CHECK (a BETWEEN CURRENT_DATE - 7 AND CURRENT_DATE));",
        "constraint public.t.c",
    ),
    positive(
        "volatile-check",
        "CREATE DOMAIN soon AS date CONSTRAINT s CHECK (VALUE >= CURRENT_DATE);",
        "domain public.soon",
    ),
    positive(
        "volatile-check",
        "CREATE TABLE t (who text CONSTRAINT mine CHECK (who = CURRENT_USER));",
        "constraint public.t.mine",
    ),
    positive(
        "volatile-check",
        "CREATE TABLE k (id int); CREATE FUNCTION known(int) RETURNS bool LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN EXISTS (SELECT FROM k WHERE id = $1); END $$;"
        "CREATE TABLE t (k int CONSTRAINT refers CHECK (known(k)));",
        "constraint public.t.refers",
    ),
    # PostgreSQL believes a function that calls itself IMMUTABLE
    positive(
        "volatile-check",
        "CREATE FUNCTION recent(timestamptz) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > now()';"
        "CREATE TABLE t (at timestamptz); CREATE INDEX fresh ON t (at) WHERE recent(at);",
        "index public.fresh",
    ),
    positive(
        "volatile-check",
        "CREATE FUNCTION years(date) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT extract(year FROM age($1))::int';"
        "CREATE TABLE t (born date, years int GENERATED ALWAYS AS (years(born)) STORED);",
        "column public.t.years",
    ),
    # time only rises: what was past stays past
    negative("volatile-check", "CREATE TABLE t (born date CHECK (born <= CURRENT_DATE));"),
    negative(
        "volatile-check",
        "CREATE TABLE t (born date, made int, CHECK (born < now() - interval '18 years'),"
        " CHECK (made <= extract(year FROM now()) + 1), CHECK (age(born) > interval '18 years'));",
    ),
    negative("volatile-check", "CREATE TABLE t (a int CHECK (a > 0), at timestamptz DEFAULT now());"),
    negative(
        "volatile-check",
        "CREATE FUNCTION iata(text) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT $1 ~ '^[A-Z]{3}$' $$;"
        "CREATE TABLE t (a text CHECK (iata(a))); CREATE INDEX ON t (a) WHERE iata(a);",
    ),
    negative(
        "volatile-check",
        "CREATE FUNCTION zone(text) RETURNS bool LANGUAGE plpgsql STABLE AS"
        " $$ BEGIN RETURN EXISTS (SELECT FROM pg_timezone_names WHERE name = $1); END $$;"
        "CREATE TABLE t (zone text CHECK (zone(zone)));",
    ),
)

TABLES = (
    positive("small-key", "CREATE TABLE t (id serial PRIMARY KEY);", "column public.t.id", severity="note"),
    positive(
        "small-key",
        "CREATE TABLE t (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
        "column public.t.id",
    ),
    negative("small-key", "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);"),
    negative("small-key", "CREATE TABLE t (id int PRIMARY KEY, n serial);"),
    positive("unlogged-table", "CREATE UNLOGGED TABLE t (a int);", "table public.t", severity="note"),
    positive("unlogged-table", "CREATE TABLE t (a int); ALTER TABLE t SET UNLOGGED;", "table public.t"),
    negative("unlogged-table", "CREATE TABLE t (a int);"),
    negative("unlogged-table", "CREATE TEMPORARY TABLE t (a int); CREATE UNLOGGED TABLE u (a int); DROP TABLE u;"),
    positive("table-without-primary-key", "CREATE TABLE t (a int UNIQUE);", "table public.t", severity="note"),
    positive(
        "table-without-primary-key",
        "CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE t;",
        "table public.t",
        severity="error",
    ),
    positive(
        "table-without-primary-key",
        "CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert');",
        "table public.t",
        severity="note",
    ),
    positive(
        "table-without-primary-key",
        "CREATE TABLE t (a int); ALTER TABLE t REPLICA IDENTITY FULL; CREATE PUBLICATION p FOR ALL TABLES;",
        "table public.t",
        severity="note",
    ),
    negative("table-without-primary-key", "CREATE TABLE t (a int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t;"),
    negative("table-without-primary-key", "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)) PARTITION BY LIST (a);"),
    positive(
        "constraint-not-validated",
        "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;",
        "constraint public.t.c",
        severity="note",
    ),
    positive(
        "constraint-not-validated",
        PARENT + "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u NOT VALID;",
        "constraint public.t.c",
    ),
    negative(
        "constraint-not-validated",
        "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;"
        "ALTER TABLE t VALIDATE CONSTRAINT c;",
    ),
    negative("constraint-not-validated", "CREATE TABLE t (a int CHECK (a > 0));"),
)


@pytest.fixture
def eighteen(server: Server) -> None:
    if server.major < 18:
        pytest.skip("NOT ENFORCED foreign keys come with PostgreSQL 18")


@pytest.mark.usefixtures("eighteen")
def test_a_foreign_key_that_is_not_enforced_needs_no_index(connection: psycopg.Connection[Any]) -> None:
    given = PARENT + "CREATE TABLE c (x int REFERENCES u NOT ENFORCED, y int REFERENCES u);"
    found = judged(connection, given, "foreign-key-without-index")
    assert [item.where for item in found] == ["constraint public.c.c_y_fkey"]


def judged(connection: psycopg.Connection[Any], given: str, rule: str, **known: Any) -> list[Finding]:
    """What one rule finds in what `given` makes."""
    [judging] = [item for item in final_rules() if item.name == rule]
    try:
        connection.execute(given.encode())
        final: Final = final_of(connection, inspect(connection))
    finally:
        connection.rollback()
    return list(judging.judge(replace(final, **known), Context()))


@pytest.mark.parametrize(
    "case",
    [*FOREIGN_KEYS, *INDEXES, *TENANCY, *POLICIES, *ROUTINES, *CHECKS, *TABLES],
    ids=lambda case: f"{case.rule}-{'finds' if case.found else 'passes'}",
)
def test_a_rule_finds_its_fault_and_nothing_else(connection: psycopg.Connection[Any], case: Case) -> None:
    found = judged(connection, case.given, case.rule)
    assert [item.where for item in found] == list(case.found), [item.message for item in found]
    assert {item.check for item in found} <= {case.rule}
    if case.severity:
        assert {item.severity for item in found} == {case.severity}


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        (frozenset[str](), ["table public.t"]),
        (frozenset({"other.t"}), ["table public.t"]),
        (frozenset({"public.t"}), []),
        (None, []),
    ],
)
def test_a_partitioned_table_needs_a_policy_where_declarations_are_known(
    connection: psycopg.Connection[Any], policies: frozenset[str] | None, found: list[str]
) -> None:
    given = "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE TABLE u ();"
    told = judged(connection, given, "partitioned-without-policy", partition_policies=policies)
    assert [item.where for item in told] == found


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("foreign-key-without-index", PARENT + "CREATE TABLE c (x int REFERENCES u);"),
        ("foreign-key-without-index", PARENT + 'CREATE TABLE "C c" ("X x" int REFERENCES u);'),
        ("policy-column-without-index", SECURED + "CREATE POLICY p ON n USING (upper(owner) = current_user);"),
        ("policy-column-without-index", SECURED + "CREATE POLICY p ON n USING (id::text = current_user);"),
        (
            "policy-column-without-index",
            SECURED + 'ALTER TABLE n ADD "Org Id" text; CREATE POLICY p ON n USING ("Org Id" = current_user);',
        ),
        ("duplicate-index", "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ADD UNIQUE (id);"),
        ("duplicate-index", 'CREATE TABLE t (a int); CREATE INDEX one ON t (a); CREATE INDEX "T w" ON t (a);'),
        (
            "duplicate-index",
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE INDEX one ON t (a); CREATE INDEX two ON t (a);",
        ),
        ("prefix-redundant-index", "CREATE TABLE t (a int, b int); CREATE INDEX x ON t (a); CREATE INDEX ON t (a, b);"),
        ("tenant-table-without-force", TENANTS),
        ("policy-without-row-security", NOTES + "CREATE POLICY p ON n USING (open);"),
        ("view-around-row-security", SECURED + "CREATE VIEW v AS SELECT id FROM n;"),
        (
            "security-definer-without-search-path",
            'CREATE FUNCTION "F f"(x int, y varchar) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;',
        ),
        ("security-definer-without-search-path", "CREATE PROCEDURE f() LANGUAGE sql SECURITY DEFINER AS '';"),
        ("unlogged-table", "CREATE UNLOGGED TABLE t (a int);"),
    ],
)
def test_the_next_step_runs_and_ends_the_finding(connection: psycopg.Connection[Any], rule: str, given: str) -> None:
    found = judged(connection, given, rule)
    assert found
    steps = " ".join(item.next_step.partition(" (which")[0] for item in found)
    assert not judged(connection, given + steps.replace("CONCURRENTLY ", ""), rule)


def test_a_parent_is_not_indexed_concurrently(connection: psycopg.Connection[Any]) -> None:
    given = PARENT + "CREATE TABLE c (x int REFERENCES u) PARTITION BY LIST (x);"
    [told] = judged(connection, given, "foreign-key-without-index")
    assert told.next_step.startswith("CREATE INDEX ON ONLY public.c (x);")
