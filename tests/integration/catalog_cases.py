"""For every kind of the catalog: statements, and what `inspect` must then say. READER stands for a role."""

from __future__ import annotations

from airside.schema.core.catalog import Json, Key

from .catalog_objects import (
    COLUMNS,
    CONSTRAINTS,
    INDEXES,
    OWNER,
    ROUTINES,
    SCHEMAS,
    SEQUENCES,
    TABLES,
    TRIGGER_FUNCTION,
    TRIGGERS,
    TYPES,
    VIEWS,
    Case,
)

__all__ = ["CASES", "OWNER", "UNPLANNED", "Case"]


def _grant(script: str, *on: str, to: str = "READER", has: list[Json], default: list[Json] | None = None) -> Case:
    name = f"grant on {on[0]} to {to}"
    return Case(name, script, Key("grant", (*on, to)), {"privileges": has}, {"default": default or []})


GRANTS = [
    _grant(
        "CREATE TABLE t (); GRANT SELECT ON t TO READER; GRANT INSERT ON t TO READER WITH GRANT OPTION",
        "table",
        "public",
        "t",
        has=["INSERT*", "SELECT"],
    ),
    _grant(
        "CREATE TABLE t (a integer); GRANT SELECT (a), UPDATE (a) ON t TO READER",
        "column",
        "public",
        "t",
        "a",
        has=["SELECT", "UPDATE"],
    ),
    _grant(
        "CREATE VIEW v AS SELECT 1 AS a; GRANT SELECT (a) ON v TO READER",
        "column",
        "public",
        "v",
        "a",
        has=["SELECT"],
    ),
    _grant("CREATE VIEW v AS SELECT 1; GRANT SELECT ON v TO READER", "view", "public", "v", has=["SELECT"]),
    _grant(
        "CREATE MATERIALIZED VIEW m AS SELECT 1; GRANT SELECT ON m TO READER",
        "materialized_view",
        "public",
        "m",
        has=["SELECT"],
    ),
    _grant("CREATE SEQUENCE s; GRANT USAGE ON SEQUENCE s TO READER", "sequence", "public", "s", has=["USAGE"]),
    _grant(
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY); GRANT USAGE ON SEQUENCE t_a_seq TO READER",
        "sequence",
        "public",
        "t_a_seq",
        has=["USAGE"],
    ),
    _grant("CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO READER", "schema", "s", has=["USAGE"]),
    _grant(
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "schema",
        "public",
        to="PUBLIC",
        has=[],
        default=["USAGE"],
    ),
    _grant(
        "DROP SCHEMA public; CREATE SCHEMA public",
        "schema",
        "public",
        to="PUBLIC",
        has=[],
        default=["USAGE"],
    ),
    _grant(
        "CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql RETURN 1; REVOKE ALL ON FUNCTION f FROM PUBLIC",
        "function",
        "public",
        "f",
        "integer",
        to="PUBLIC",
        has=[],
        default=["EXECUTE"],
    ),
    _grant(
        "CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer); GRANT EXECUTE ON FUNCTION a TO READER",
        "aggregate",
        "public",
        "a",
        "integer",
        has=["EXECUTE"],
    ),
    _grant("CREATE TYPE e AS ENUM (); GRANT USAGE ON TYPE e TO READER", "enum", "public", "e", has=["USAGE"]),
    _grant("CREATE DOMAIN d AS text; GRANT USAGE ON DOMAIN d TO READER", "domain", "public", "d", has=["USAGE"]),
    _grant("CREATE TYPE c AS (); GRANT USAGE ON TYPE c TO READER", "composite", "public", "c", has=["USAGE"]),
    _grant(
        "CREATE TYPE r AS RANGE (SUBTYPE = text); REVOKE USAGE ON TYPE r FROM PUBLIC",
        "range",
        "public",
        "r",
        to="PUBLIC",
        has=[],
        default=["USAGE"],
    ),
    _grant("GRANT USAGE ON LANGUAGE plpgsql TO READER", "language", "plpgsql", has=["USAGE"]),
    _grant(
        "CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO READER",
        "foreign_data_wrapper",
        "w",
        has=["USAGE"],
    ),
    _grant(
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
        "GRANT USAGE ON FOREIGN SERVER s TO READER",
        "foreign_server",
        "s",
        has=["USAGE"],
    ),
    Case(
        "grant taken from the owner",
        "CREATE TABLE t (); REVOKE ALL ON t FROM CURRENT_USER; GRANT SELECT ON t TO CURRENT_USER",
        Key("grant", ("table", "public", "t", OWNER)),
        {"privileges": ["SELECT"]},
    ),
    Case(
        "default privileges of a schema",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO READER",
        Key("default_privilege", (OWNER, "public", "r", "READER")),
        {"privileges": ["SELECT"]},
        {"default": []},
    ),
    Case(
        "default privileges of a role",
        "ALTER DEFAULT PRIVILEGES FOR ROLE READER REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        Key("default_privilege", ("READER", "", "f", "PUBLIC")),
        {"privileges": []},
        {"default": ["EXECUTE"]},
    ),
    Case(
        "default privileges of sequences",
        "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO READER",
        Key("default_privilege", (OWNER, "", "S", "READER")),
        {"privileges": ["USAGE"]},
        {"default": []},
    ),
]


def _comment(script: str, statement: str, *on: str) -> Case:
    script = f"{script}; COMMENT ON {statement} IS 'words'"
    return Case(f"comment on {statement}", script, Key("comment", on), {"text": "words"})


TABLE_WITH_KEY = "CREATE TABLE t (a integer CONSTRAINT k PRIMARY KEY)"
COMMENTS = [
    _comment(TABLE_WITH_KEY, "TABLE t", "table", "public", "t"),
    _comment(TABLE_WITH_KEY, "COLUMN t.a", "column", "public", "t", "a"),
    _comment(TABLE_WITH_KEY, "CONSTRAINT k ON t", "constraint", "public", "t", "k"),
    _comment(TABLE_WITH_KEY, "INDEX k", "index", "public", "k"),
    _comment("CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "INDEX i", "index", "public", "i"),
    _comment("CREATE VIEW v AS SELECT 1 AS a", "VIEW v", "view", "public", "v"),
    _comment("CREATE VIEW v AS SELECT 1 AS a", "COLUMN v.a", "column", "public", "v", "a"),
    _comment("CREATE MATERIALIZED VIEW m AS SELECT 1", "MATERIALIZED VIEW m", "materialized_view", "public", "m"),
    _comment("CREATE SEQUENCE s", "SEQUENCE s", "sequence", "public", "s"),
    _comment("CREATE TYPE c AS (a integer)", "COLUMN c.a", "column", "public", "c", "a"),
    _comment("CREATE TYPE c AS (a integer)", "TYPE c", "composite", "public", "c"),
    _comment("CREATE TYPE e AS ENUM ()", "TYPE e", "enum", "public", "e"),
    _comment("CREATE DOMAIN d AS text", "DOMAIN d", "domain", "public", "d"),
    _comment(
        "CREATE DOMAIN d AS text CONSTRAINT k CHECK (VALUE <> '')",
        "CONSTRAINT k ON DOMAIN d",
        "domain_constraint",
        "public",
        "d",
        "k",
    ),
    _comment("CREATE SCHEMA s", "SCHEMA s", "schema", "s"),
    _comment("SELECT 1", "SCHEMA public", "schema", "public"),
    _comment("SELECT 1", "EXTENSION plpgsql", "extension", "plpgsql"),
    _comment(TRIGGER_FUNCTION, "FUNCTION f()", "function", "public", "f", ""),
    _comment(
        TRIGGER_FUNCTION + "CREATE TABLE t (); CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
        "TRIGGER g ON t",
        "trigger",
        "public",
        "t",
        "g",
    ),
    _comment("CREATE TABLE t (); CREATE POLICY p ON t", "POLICY p ON t", "policy", "public", "t", "p"),
    _comment(
        "CREATE TABLE t (); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
        "RULE r ON t",
        "rule",
        "public",
        "t",
        "r",
    ),
    _comment("CREATE PUBLICATION p", "PUBLICATION p", "publication", "p"),
    _comment(
        "CREATE TABLE t (a int, b int); CREATE STATISTICS s ON a, b FROM t",
        "STATISTICS s",
        "statistics",
        "public",
        "s",
    ),
]

UNPLANNED = [
    Case(
        "cast",
        "CREATE TYPE c AS (a integer); CREATE CAST (c AS text) WITH INOUT AS ASSIGNMENT",
        Key("cast", ("(public.c AS pg_catalog.text)",)),
        {"context": "a", "method": "i"},
    ),
    Case(
        "operator",
        "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = ===, HASHES)",
        Key("operator", ("public.===(integer,integer)",)),
        {
            "function": "int4eq",
            "result": "boolean",
            "commutator": "public.===(integer,integer)",
            "hashes": True,
            "owner": OWNER,
        },
    ),
    Case(
        "operator class",
        "CREATE OPERATOR CLASS o FOR TYPE integer USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer)",
        Key("operator_class", ("public.o USING btree",)),
        {"family": "public.o", "type": "integer", "owner": OWNER},
    ),
    Case(
        "operator family",
        "CREATE OPERATOR FAMILY o USING btree",
        Key("operator_family", ("public.o USING btree",)),
        {"owner": OWNER},
    ),
    Case(
        "access method",
        "CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler",
        Key("access_method", ("heap_too",)),
        {"type": "t", "handler": "heap_tableam_handler"},
    ),
    Case(
        "conversion",
        "CREATE CONVERSION k FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        Key("conversion", ("public.k",)),
        {"from": "LATIN1", "to": "UTF8", "function": "iso8859_1_to_utf8", "owner": OWNER},
    ),
    Case(
        "language",
        "CREATE LANGUAGE l HANDLER plpgsql_call_handler",
        Key("language", ("l",)),
        {"trusted": False, "handler": "plpgsql_call_handler()", "owner": OWNER},
    ),
    Case(
        "text search configuration",
        "CREATE TEXT SEARCH CONFIGURATION k (PARSER = default);"
        "ALTER TEXT SEARCH CONFIGURATION k ADD MAPPING FOR word WITH simple",
        Key("text_search_configuration", ("public.k",)),
        {"parser": 'pg_catalog."default"', "mappings": {"2": ["simple"]}, "owner": OWNER},
    ),
    Case(
        "text search dictionary",
        "CREATE TEXT SEARCH DICTIONARY k (TEMPLATE = simple, ACCEPT = false)",
        Key("text_search_dictionary", ("public.k",)),
        {"template": "pg_catalog.simple", "options": "accept = 'false'", "owner": OWNER},
    ),
    Case(
        "text search parser",
        "CREATE TEXT SEARCH PARSER k (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,"
        " LEXTYPES = prsd_lextype)",
        Key("text_search_parser", ("public.k",)),
        {"start": "prsd_start", "token": "prsd_nexttoken", "end": "prsd_end", "types": "prsd_lextype"},
    ),
    Case(
        "text search template",
        "CREATE TEXT SEARCH TEMPLATE k (LEXIZE = dsimple_lexize)",
        Key("text_search_template", ("public.k",)),
        {"lexize": "dsimple_lexize"},
    ),
    Case(
        "foreign data wrapper",
        "CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1')",
        Key("foreign_data_wrapper", ("w",)),
        {"options": ["a=1"], "owner": OWNER},
    ),
    Case(
        "foreign server",
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s TYPE 'k' VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (b '1')",
        Key("foreign_server", ("s",)),
        {"wrapper": "w", "type": "k", "version": "2", "options": ["b=1"], "owner": OWNER},
    ),
    Case(
        "user mapping shows no secret",
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
        "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'secret')",
        Key("user_mapping", ("public on server s",)),
        {"server": "s"},
    ),
    Case(
        "foreign table",
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
        "CREATE FOREIGN TABLE t (a integer OPTIONS (x '1') NOT NULL, CONSTRAINT k CHECK (a > 0))"
        " SERVER s OPTIONS (y '2')",
        Key("foreign_table", ("public.t",)),
        {
            "server": "s",
            "options": ["y=2"],
            "columns": [["a", "integer", True, None, ["x=1"]]],
            "constraints": {"k": "CHECK ((a > 0))"},
            "owner": OWNER,
        },
    ),
    Case("shell type", "CREATE TYPE b", Key("base_type", ("public.b",)), {}),
    Case(
        "subscription",
        "CREATE SUBSCRIPTION AIRSIDE_SUB CONNECTION 'password=secret' PUBLICATION p WITH (connect = false,"
        " slot_name = NONE)",
        Key("subscription", ("AIRSIDE_SUB",)),
        {"enabled": False, "publications": ["p"], "owner": OWNER},
    ),
    Case(
        "collation",
        "CREATE COLLATION k (PROVIDER = libc, LOCALE = 'C')",
        Key("collation", ("public.k",)),
        {},
    ),
]

CASES = [
    *SCHEMAS,
    *TABLES,
    *COLUMNS,
    *CONSTRAINTS,
    *INDEXES,
    *SEQUENCES,
    *TYPES,
    *ROUTINES,
    *TRIGGERS,
    *VIEWS,
    *GRANTS,
    *COMMENTS,
    *UNPLANNED,
]
