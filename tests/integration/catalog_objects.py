"""For every kind of object: statements, and what `inspect` must then say. READER stands for a role."""

from __future__ import annotations

from typing import NamedTuple

from airside.schema.core.catalog import Json, Key

OWNER = "(database owner)"


class Case(NamedTuple):
    """`properties` and `extra` are what the object at `key` has, complete; `extra` is not looked at when None."""

    name: str
    script: str
    key: Key
    properties: dict[str, Json]
    extra: dict[str, Json] | None = None
    since: int = 15


def _column(name: str, declaration: str, properties: dict[str, Json], extra: dict[str, Json] | None = None) -> Case:
    script = f"CREATE TYPE pair AS (a integer, b text); CREATE TABLE t (other integer, {declaration})"
    return Case(name, script, Key("column", ("public", "t", "c")), properties, {"position": 2, **(extra or {})})


def _constraint(name: str, declaration: str, properties: dict[str, Json], extra: dict[str, Json]) -> Case:
    script = (
        "CREATE TABLE r (id integer PRIMARY KEY, at int4range);"
        "CREATE TABLE t (a integer, b integer, at int4range); "
        f"ALTER TABLE t ADD CONSTRAINT k {declaration}"
    )
    return Case(name, script, Key("constraint", ("public", "t", "k")), properties, extra)


TABLE = {"relkind": "r", "persistence": "p", "owner": OWNER}

SCHEMAS = [
    Case("schema", "CREATE SCHEMA s", Key("schema", ("s",)), {"owner": OWNER}),
    Case("schema of another", "CREATE SCHEMA s AUTHORIZATION READER", Key("schema", ("s",)), {"owner": "READER"}),
    Case(
        "schema of pg_database_owner",
        "SELECT 1",
        Key("schema", ("public",)),
        {"owner": OWNER},
    ),
    Case("extension", "SELECT 1", Key("extension", ("plpgsql",)), {"schema": "pg_catalog", "version": "1.0"}),
]

TABLES = [
    Case("table", 'CREATE TABLE "My Table" ()', Key("table", ("public", "My Table")), TABLE, {}),
    Case(
        "table with everything",
        """
        CREATE UNLOGGED TABLE t (id integer PRIMARY KEY, doc text)
        WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
        ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, CLUSTER ON t_pkey, OWNER TO READER;
        ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey
        """,
        Key("table", ("public", "t")),
        {
            "relkind": "r",
            "persistence": "u",
            "options": ["autovacuum_enabled=false", "fillfactor=70", "toast.autovacuum_enabled=false"],
            "rls": True,
            "force_rls": True,
            "clustered_on": "t_pkey",
            "replica_identity": "i t_pkey",
            "owner": "READER",
        },
    ),
    Case(
        "replica identity full",
        "CREATE TABLE t (); ALTER TABLE t REPLICA IDENTITY FULL",
        Key("table", ("public", "t")),
        {**TABLE, "replica_identity": "f"},
    ),
    Case(
        "partitioned table",
        "CREATE TABLE t (day date) PARTITION BY RANGE (day, (extract(year from day)))",
        Key("table", ("public", "t")),
        {**TABLE, "relkind": "p", "partition_key": "RANGE (day, EXTRACT(year FROM day))"},
    ),
    Case(
        "inheriting table",
        'CREATE TABLE b (); CREATE TABLE "A" (); CREATE TABLE t () INHERITS (b, "A")',
        Key("table", ("public", "t")),
        {**TABLE, "inherits": ["public.b", 'public."A"']},
    ),
    Case(
        "typed table",
        "CREATE TYPE k AS (a integer); CREATE TABLE t OF k",
        Key("table", ("public", "t")),
        {**TABLE, "of_type": "public.k"},
    ),
]

COLUMNS = [
    _column("type", "c numeric(12, 2)[]", {"type": "numeric(12,2)[]"}),
    _column("type of a schema", "c pair", {"type": "public.pair"}),
    _column("not null and default", "c text NOT NULL DEFAULT 'x'", {
        "type": "text", "not_null": True, "default": "'x'::text",
    }),
    _column("collation", 'c text COLLATE "C"', {"type": "text", "collation": 'pg_catalog."C"'}),
    _column("default of an interval", "c interval DEFAULT '1 day 2 hours'", {
        "type": "interval", "default": "'1 day 02:00:00'::interval",
    }),
    _column("default of a time", "c timestamptz DEFAULT '2020-01-31 12:00+02'", {
        "type": "timestamp with time zone", "default": "'2020-01-31 10:00:00+00'::timestamp with time zone",
    }),
    _column("generated", "c integer GENERATED ALWAYS AS (other * 2) STORED", {
        "type": "integer", "generated": "(other * 2)", "generated_kind": "s",
    }),
    _column("virtual", "c integer GENERATED ALWAYS AS (other * 2) VIRTUAL", {
        "type": "integer", "generated": "(other * 2)", "generated_kind": "v",
    })._replace(since=18),
    _column("not null not validated", "c integer, CONSTRAINT k CHECK (true)); "
        "ALTER TABLE t ADD CONSTRAINT n NOT NULL c NOT VALID; SELECT (1", {
        "type": "integer", "not_null": True, "not_null_invalid": True,
    })._replace(since=18),
    _column("identity", "c bigint GENERATED ALWAYS AS IDENTITY", {
        "type": "bigint", "not_null": True, "identity": "ALWAYS",
    }),
    _column("identity with options", "c integer GENERATED BY DEFAULT AS IDENTITY (START 5 CYCLE)", {
        "type": "integer",
        "not_null": True,
        "identity": "BY DEFAULT",
        "identity_options":
            "AS integer START WITH 5 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1 CYCLE",
    }),
    _column("serial", "c serial", {
        "type": "integer", "not_null": True, "default": "nextval('public.t_c_seq'::regclass)",
    }, {"serial": True}),
    _column("storage, compression, statistics, options", "c text); ALTER TABLE t ALTER c SET STORAGE EXTERNAL, "
        "ALTER c SET COMPRESSION pglz, ALTER c SET STATISTICS 500, ALTER c SET (n_distinct = 5); SELECT (1", {
        "type": "text", "storage": "EXTERNAL", "compression": "pglz", "statistics": 500, "options": ["n_distinct=5"],
    }),
    Case(
        "inherited column",
        "CREATE TABLE p (c integer); CREATE TABLE t () INHERITS (p)",
        Key("column", ("public", "t", "c")),
        {"type": "integer"},
        {"position": 1, "inherited": True},
    ),
]  # fmt: skip

CONSTRAINTS = [
    _constraint(
        "primary key",
        "PRIMARY KEY (b, a) INCLUDE (at) WITH (fillfactor = 80)",
        {"type": "p", "definition": "PRIMARY KEY (b, a) INCLUDE (at)", "index_options": ["fillfactor=80"]},
        {"columns": ["b", "a"]},
    ),
    _constraint(
        "unique",
        "UNIQUE NULLS NOT DISTINCT (a) DEFERRABLE INITIALLY DEFERRED",
        {"type": "u", "definition": "UNIQUE NULLS NOT DISTINCT (a) DEFERRABLE INITIALLY DEFERRED"},
        {"columns": ["a"]},
    ),
    _constraint(
        "foreign key",
        "FOREIGN KEY (a) REFERENCES r ON DELETE CASCADE NOT VALID",
        {"type": "f", "definition": "FOREIGN KEY (a) REFERENCES public.r(id) ON DELETE CASCADE", "not_valid": True},
        {"columns": ["a"], "references": ["public", "r"]},
    ),
    _constraint(
        "foreign key not enforced",
        "FOREIGN KEY (a) REFERENCES r NOT ENFORCED",
        {"type": "f", "definition": "FOREIGN KEY (a) REFERENCES public.r(id) NOT ENFORCED", "not_enforced": True},
        {"columns": ["a"], "references": ["public", "r"]},
    )._replace(since=18),
    _constraint(
        "check",
        "CHECK (a > b) NO INHERIT",
        {"type": "c", "definition": "CHECK ((a > b)) NO INHERIT"},
        {"columns": ["a", "b"]},
    ),
    _constraint(
        "exclusion",
        "EXCLUDE USING gist (at WITH &&) WHERE (a > 0)",
        {"type": "x", "definition": "EXCLUDE USING gist (at WITH &&) WHERE ((a > 0))"},
        {"columns": ["at"]},
    ),
    Case(
        "constraint whose index is not valid",
        """
        CREATE TABLE t (a integer) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
        ALTER TABLE ONLY t ADD CONSTRAINT k UNIQUE (a)
        """,
        Key("constraint", ("public", "t", "k")),
        {"type": "u", "definition": "UNIQUE (a)", "invalid": True},
    ),
]

INDEXES = [
    Case(
        "index",
        """
        CREATE TABLE t (a text, b integer, c text);
        CREATE UNIQUE INDEX i ON t (lower(a) text_pattern_ops DESC, b) INCLUDE (c) WITH (fillfactor = 50) WHERE b > 0;
        ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 300
        """,
        Key("index", ("public", "i")),
        {
            "table": ["public", "t"],
            "definition": "CREATE UNIQUE INDEX i ON public.t USING btree (lower(a) text_pattern_ops DESC, b)"
            " INCLUDE (c) WITH (fillfactor='50') WHERE (b > 0)",
            "statistics": [[1, 300]],
        },
        {"unique": True, "columns": ["b", "c"], "relkind": "r"},
    ),
    Case(
        "index of a partitioned table",
        """
        CREATE TABLE t (a integer) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
        CREATE INDEX i ON ONLY t (a)
        """,
        Key("index", ("public", "i")),
        {
            "table": ["public", "t"],
            "definition": "CREATE INDEX i ON public.t USING btree (a)",
            "invalid": True,
        },
        {"partitioned": True, "columns": ["a"], "relkind": "p"},
    ),
    Case(
        "index of a materialized view",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE INDEX i ON m ((a + 1))",
        Key("index", ("public", "i")),
        {"table": ["public", "m"], "definition": "CREATE INDEX i ON public.m USING btree (((a + 1)))"},
        {"columns": [], "relkind": "m"},
    ),
]

SEQUENCE = {
    "type": "bigint",
    "start": "1",
    "increment": "1",
    "min": "1",
    "max": "9223372036854775807",
    "cache": "1",
    "persistence": "p",
    "owner": OWNER,
}
SEQUENCES = [
    Case("sequence", "CREATE SEQUENCE s", Key("sequence", ("public", "s")), SEQUENCE),
    Case(
        "owned sequence",
        "CREATE TABLE t (c integer); CREATE SEQUENCE s AS smallint START 3 INCREMENT 2 CACHE 7 CYCLE OWNED BY t.c",
        Key("sequence", ("public", "s")),
        {
            **SEQUENCE,
            "type": "smallint",
            "start": "3",
            "increment": "2",
            "max": "32767",
            "cache": "7",
            "cycle": True,
            "owned_by": ["public", "t", "c"],
        },
    ),
]

TYPES = [
    Case(
        "enum",
        "CREATE TYPE e AS ENUM ('a', 'c'); ALTER TYPE e ADD VALUE 'b' BEFORE 'c'",
        Key("enum", ("public", "e")),
        {"labels": ["a", "b", "c"], "owner": OWNER},
    ),
    Case(
        "domain",
        """
        CREATE DOMAIN d AS varchar(20) COLLATE "C" DEFAULT 'x' NOT NULL CONSTRAINT short CHECK (length(VALUE) < 9);
        ALTER DOMAIN d ADD CONSTRAINT later CHECK (VALUE <> 'y') NOT VALID
        """,
        Key("domain", ("public", "d")),
        {
            "type": "character varying(20)",
            "collation": 'pg_catalog."C"',
            "not_null": True,
            "default": "'x'::character varying",
            "constraints": {
                "short": "CHECK ((length((VALUE)::text) < 9))",
                "later": "CHECK (((VALUE)::text <> 'y'::text)) NOT VALID",
            },
            "owner": OWNER,
        },
    ),
    Case(
        "composite",
        'CREATE TYPE c AS (gone integer, a integer, b text COLLATE "C"); ALTER TYPE c DROP ATTRIBUTE gone',
        Key("composite", ("public", "c")),
        {"attributes": [["a", "integer", None], ["b", "text", 'pg_catalog."C"']], "owner": OWNER},
    ),
    Case(
        "range",
        """
        CREATE FUNCTION apart(text, text) RETURNS double precision LANGUAGE sql IMMUTABLE RETURN 1.0;
        CREATE TYPE r AS RANGE (
            SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops, SUBTYPE_DIFF = apart,
            MULTIRANGE_TYPE_NAME = rs
        )
        """,
        Key("range", ("public", "r")),
        {
            "subtype": "text",
            "collation": 'pg_catalog."C"',
            "opclass": "pg_catalog.text_pattern_ops",
            "subtype_diff": "public.apart",
            "multirange": "rs",
            "owner": OWNER,
        },
    ),
]

ROUTINES = [
    Case(
        "function",
        "CREATE FUNCTION f(a integer, b text DEFAULT 'x', OUT c integer) LANGUAGE sql AS 'SELECT 1'",
        Key("function", ("public", "f", "integer, text")),
        {
            "prokind": "f",
            "definition": "CREATE OR REPLACE FUNCTION public.f(a integer, b text DEFAULT 'x'::text, OUT c integer)\n"
            " RETURNS integer\n LANGUAGE sql\nAS $function$SELECT 1$function$\n",
            "owner": OWNER,
        },
        {
            "arguments": "a integer, b text DEFAULT 'x'::text, OUT c integer",
            "names": ["a", "b", "c"],
            "result": "integer",
            "language": "sql",
        },
    ),
    Case(
        "procedure",
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN END'",
        Key("function", ("public", "p", "")),
        {
            "prokind": "p",
            "definition": "CREATE OR REPLACE PROCEDURE public.p()\n LANGUAGE plpgsql\n"
            "AS $procedure$BEGIN END$procedure$\n",
            "owner": OWNER,
        },
        {"arguments": "", "language": "plpgsql"},
    ),
    Case(
        "aggregate",
        "CREATE AGGREGATE a(x integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', PARALLEL = SAFE)",
        Key("aggregate", ("public", "a", "integer")),
        {
            "definition": "CREATE AGGREGATE public.a(x integer)"
            " (SFUNC = int4pl, STYPE = integer, INITCOND = '0', PARALLEL = SAFE)",
            "owner": OWNER,
        },
    ),
    Case(
        "aggregate of no argument",
        """
        CREATE FUNCTION one_more(integer) RETURNS integer LANGUAGE sql RETURN $1 + 1;
        CREATE FUNCTION one_less(integer) RETURNS integer LANGUAGE sql RETURN $1 - 1;
        CREATE AGGREGATE a(*) (
            SFUNC = one_more, STYPE = integer, SSPACE = 8, FINALFUNC = int4abs, FINALFUNC_MODIFY = SHAREABLE,
            MSFUNC = one_more, MINVFUNC = one_less, MSTYPE = integer, MINITCOND = '1'
        )
        """,
        Key("aggregate", ("public", "a", "*")),
        {
            "definition": "CREATE AGGREGATE public.a(*) (SFUNC = public.one_more, STYPE = integer, SSPACE = 8,"
            " FINALFUNC = int4abs, FINALFUNC_MODIFY = SHAREABLE, MSFUNC = public.one_more,"
            " MINVFUNC = public.one_less, MSTYPE = integer, MINITCOND = '1')",
            "owner": OWNER,
        },
    ),
]

TRIGGER_FUNCTION = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
TRIGGERS = [
    Case(
        "trigger",
        TRIGGER_FUNCTION
        + "CREATE TABLE t (a integer); CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 1)"
        " EXECUTE FUNCTION f('x'); ALTER TABLE t ENABLE ALWAYS TRIGGER g",
        Key("trigger", ("public", "t", "g")),
        {
            "definition": "CREATE TRIGGER g BEFORE UPDATE OF a ON public.t FOR EACH ROW WHEN ((new.a > 1))"
            " EXECUTE FUNCTION public.f('x')",
            "enabled": "A",
        },
        {"function": ["public", "f"]},
    ),
    Case(
        "constraint trigger",
        TRIGGER_FUNCTION + "CREATE TABLE t (); CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t DEFERRABLE FOR EACH ROW"
        " EXECUTE FUNCTION f()",
        Key("trigger", ("public", "t", "g")),
        {
            "definition": "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON public.t DEFERRABLE INITIALLY IMMEDIATE"
            " FOR EACH ROW EXECUTE FUNCTION public.f()",
        },
        {"constraint": True, "function": ["public", "f"]},
    ),
    Case(
        "event trigger",
        """
        CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER g ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION e();
        ALTER EVENT TRIGGER g DISABLE
        """,
        Key("event_trigger", ("g",)),
        {
            "event": "ddl_command_end",
            "tags": ["CREATE TABLE"],
            "function": "public.e",
            "enabled": "D",
            "owner": OWNER,
        },
    ),
    Case(
        "rule",
        "CREATE TABLE t (); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; ALTER TABLE t DISABLE RULE r",
        Key("rule", ("public", "t", "r")),
        {"definition": "CREATE RULE r AS\n    ON DELETE TO public.t DO INSTEAD NOTHING;", "enabled": "D"},
    ),
    Case(
        "policy",
        "CREATE TABLE t (a integer); CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO READER USING (a > 1)"
        " WITH CHECK (a > 2)",
        Key("policy", ("public", "t", "p")),
        {"permissive": False, "command": "UPDATE", "roles": ["READER"], "using": "(a > 1)", "check": "(a > 2)"},
    ),
    Case(
        "policy for all",
        "CREATE TABLE t (); CREATE POLICY p ON t",
        Key("policy", ("public", "t", "p")),
        {"permissive": True, "command": "ALL", "roles": ["public"]},
    ),
]

VIEWS = [
    Case(
        "view",
        """
        CREATE VIEW v WITH (security_invoker = true) AS SELECT 1 AS a, 'x' COLLATE "C" AS b;
        ALTER VIEW v ALTER a SET DEFAULT 7
        """,
        Key("view", ("public", "v")),
        {
            "definition": " SELECT 1 AS a,\n    ('x'::text COLLATE \"C\") AS b;",
            "options": ["security_invoker=true"],
            "defaults": {"a": "7"},
            "owner": OWNER,
        },
        {"columns": [["a", "integer", None], ["b", "text", 'pg_catalog."C"']]},
    ),
    Case(
        "materialized view",
        "CREATE MATERIALIZED VIEW m WITH (fillfactor = 50) AS SELECT 1 AS a",
        Key("materialized_view", ("public", "m")),
        {"definition": " SELECT 1 AS a;", "options": ["fillfactor=50"], "owner": OWNER},
        {"columns": [["a", "integer", None]]},
    ),
    Case(
        "statistics",
        "CREATE TABLE t (a integer, b integer); CREATE STATISTICS s (ndistinct) ON a, b FROM t;"
        "ALTER STATISTICS s SET STATISTICS 200",
        Key("statistics", ("public", "s")),
        {
            "definition": "CREATE STATISTICS public.s (ndistinct) ON a, b FROM public.t",
            "target": 200,
            "owner": OWNER,
        },
        {"table": ["public", "t"]},
    ),
    Case(
        "publication",
        """
        CREATE SCHEMA s; CREATE TABLE t (a integer PRIMARY KEY, b integer); CREATE TABLE u ();
        CREATE PUBLICATION p FOR TABLE u, t (b, a) WHERE (a > 1) WITH (publish = 'insert', publish_via_partition_root)
        """,
        Key("publication", ("p",)),
        {
            "publish": ["insert"],
            "via_root": True,
            "tables": {"public.t": [["a", "b"], "(a > 1)"], "public.u": [None, None]},
            "owner": OWNER,
        },
    ),
    Case(
        "publication of schemas",
        "CREATE PUBLICATION p FOR TABLES IN SCHEMA public",
        Key("publication", ("p",)),
        {"publish": ["insert", "update", "delete", "truncate"], "schemas": ["public"], "owner": OWNER},
    ),
    Case(
        "publication of everything",
        "CREATE PUBLICATION p FOR ALL TABLES WITH (publish_generated_columns = stored)",
        Key("publication", ("p",)),
        {
            "all_tables": True,
            "publish": ["insert", "update", "delete", "truncate"],
            "generated_columns": "stored",
            "owner": OWNER,
        },
        since=18,
    ),
]
