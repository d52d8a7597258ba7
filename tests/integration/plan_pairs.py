"""Pairs of schemas for the planner, each the harder sort of its kind."""

# ruff: noqa: E501 - a schema reads better in few lines

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("plan_owner", "plan_reader", "plan_writer")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two scripts that build a schema each."""

    name: str
    old: str
    new: str
    min_major: int = 15


PAIRS = (
    Pair(
        "unique index becomes a constraint of the same name",
        "CREATE TABLE trip (code text); CREATE UNIQUE INDEX trip_code ON trip (code);",
        "CREATE TABLE trip (code text CONSTRAINT trip_code UNIQUE);",
    ),
    Pair(
        "two indexes swap their definitions",
        "CREATE TABLE trip (a int, b int); CREATE INDEX one ON trip (a); CREATE INDEX two ON trip (b);",
        "CREATE TABLE trip (a int, b int); CREATE INDEX one ON trip (b); CREATE INDEX two ON trip (a);",
    ),
    Pair(
        "index renamed under comment, cluster and replica identity",
        """CREATE TABLE trip (a int NOT NULL); CREATE UNIQUE INDEX one ON trip (a); COMMENT ON INDEX one IS 'x';
        ALTER TABLE trip REPLICA IDENTITY USING INDEX one; ALTER TABLE trip CLUSTER ON one;""",
        """CREATE TABLE trip (a int NOT NULL); CREATE UNIQUE INDEX two ON trip (a); COMMENT ON INDEX two IS 'x';
        ALTER TABLE trip REPLICA IDENTITY USING INDEX two; ALTER TABLE trip CLUSTER ON two;""",
    ),
    Pair(
        "index of replica identity and cluster built anew",
        """CREATE TABLE trip (a int NOT NULL, b int NOT NULL); CREATE UNIQUE INDEX one ON trip (a);
        COMMENT ON INDEX one IS 'x'; ALTER TABLE trip REPLICA IDENTITY USING INDEX one; ALTER TABLE trip CLUSTER ON one;""",
        """CREATE TABLE trip (a int NOT NULL, b int NOT NULL); CREATE UNIQUE INDEX one ON trip (a, b);
        COMMENT ON INDEX one IS 'x'; ALTER TABLE trip REPLICA IDENTITY USING INDEX one; ALTER TABLE trip CLUSTER ON one;""",
    ),
    Pair(
        "names taken over by another kind",
        """CREATE TABLE a (id int); CREATE VIEW b AS SELECT 1 AS one; CREATE TYPE c AS ENUM ('x'); CREATE SEQUENCE d;
        CREATE TABLE t (x int); CREATE INDEX e ON t (x); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';""",
        """CREATE VIEW a AS SELECT 1 AS one; CREATE TABLE b (id int); CREATE TABLE c (id int);
        CREATE MATERIALIZED VIEW d AS SELECT 1 AS one; CREATE TABLE t (x int); CREATE TYPE e AS (x int);
        CREATE FUNCTION g(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1';
        CREATE AGGREGATE f(int) (SFUNC = g, STYPE = int);""",
    ),
    Pair(
        "enum exchanged under everything",
        """CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone');
        CREATE TABLE person (id int, mood mood NOT NULL DEFAULT 'ok', CHECK (mood <> 'sad'));
        CREATE TABLE other (moods mood[] DEFAULT '{ok}', mood mood);
        CREATE INDEX person_ok ON person (id) WHERE mood = 'ok'; CREATE INDEX person_mood ON person (mood);
        CREATE VIEW happy AS SELECT * FROM person WHERE mood = 'ok'; GRANT SELECT (id) ON happy TO plan_reader;
        CREATE FUNCTION next_mood(m mood DEFAULT 'ok') RETURNS mood LANGUAGE sql AS 'SELECT m';
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER t BEFORE UPDATE ON person FOR EACH ROW WHEN (NEW.mood = 'ok') EXECUTE FUNCTION touch();
        CREATE POLICY p ON person USING (mood = 'ok'); COMMENT ON TYPE mood IS 'how'; REVOKE ALL ON TYPE mood FROM PUBLIC;""",
        """CREATE TYPE mood AS ENUM ('ok', 'sad');
        CREATE TABLE person (id int, mood mood NOT NULL DEFAULT 'sad', CHECK (mood <> 'sad'));
        CREATE TABLE other (moods mood[] DEFAULT '{ok}', mood text);
        CREATE INDEX person_ok ON person (id) WHERE mood = 'ok'; CREATE INDEX person_mood ON person (mood);
        CREATE VIEW happy AS SELECT * FROM person WHERE mood = 'ok'; GRANT SELECT (id) ON happy TO plan_reader;
        CREATE FUNCTION next_mood(m mood DEFAULT 'ok') RETURNS mood LANGUAGE sql AS 'SELECT m';
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER t BEFORE UPDATE ON person FOR EACH ROW WHEN (NEW.mood = 'ok') EXECUTE FUNCTION touch();
        CREATE POLICY p ON person USING (mood = 'ok'); COMMENT ON TYPE mood IS 'how'; REVOKE ALL ON TYPE mood FROM PUBLIC;""",
    ),
    Pair(
        "labels added in front, between and at the end, and used at once",
        "CREATE TYPE mood AS ENUM ('b', 'd'); CREATE TABLE t (m mood);",
        """CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'c2', 'd', 'e'); CREATE TABLE t (m mood DEFAULT 'c', CHECK (m > 'a'));
        CREATE VIEW v AS SELECT * FROM t WHERE m = 'e';
        CREATE FUNCTION f() RETURNS mood LANGUAGE sql AS $$ SELECT 'a'::public.mood $$;""",
    ),
    Pair(
        "inheritance: columns, defaults and checks of parents",
        """CREATE TABLE place (id int, name text, CHECK (id > 0)); CREATE TABLE city (mayor text) INHERITS (place);
        CREATE TABLE village (id int, name text, CHECK (id > 0));""",
        """CREATE TABLE place (id bigint, title text NOT NULL DEFAULT 'x', CHECK (id > 0));
        CREATE TABLE city (mayor text, size int) INHERITS (place); CREATE TABLE town (wall bool) INHERITS (city);
        CREATE TABLE village (id int, name text, CHECK (id > 0));""",
    ),
    Pair(
        "a table joins its parent",
        "CREATE TABLE place (id int, name text); CREATE TABLE city (id int, name text, mayor text);",
        "CREATE TABLE place (id int, name text); CREATE TABLE city (mayor text) INHERITS (place);",
    ),
    Pair(
        "serial to identity with rows, in two widths",
        "CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id bigserial); INSERT INTO a DEFAULT VALUES;",
        """CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE b (id bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 7)); INSERT INTO a DEFAULT VALUES;""",
    ),
    Pair(
        "a sequence shared by tables changes its owner",
        """CREATE SEQUENCE s; CREATE TABLE a (id int DEFAULT nextval('s')); CREATE TABLE b (id int DEFAULT nextval('s'));
        ALTER SEQUENCE s OWNED BY a.id;""",
        """CREATE SEQUENCE s START 5 INCREMENT -2 MINVALUE -50 MAXVALUE 10 CYCLE;
        CREATE TABLE b (id int DEFAULT nextval('s'), n int); ALTER SEQUENCE s OWNED BY b.n;""",
    ),
    Pair(
        "tables that refer to each other and to themselves",
        "CREATE TABLE keep (id int PRIMARY KEY);",
        """CREATE TABLE keep (id int PRIMARY KEY, a int);
        CREATE TABLE a (id int PRIMARY KEY, b int, me int REFERENCES a); CREATE TABLE b (id int PRIMARY KEY, c int);
        CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES a, k int REFERENCES keep);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; ALTER TABLE b ADD FOREIGN KEY (c) REFERENCES c;
        ALTER TABLE keep ADD FOREIGN KEY (a) REFERENCES a;""",
    ),
    Pair(
        "a column retyped under views, triggers, rules, grants and comments",
        """CREATE TABLE line (id int, price int); CREATE VIEW one AS SELECT id, price FROM line;
        CREATE VIEW two WITH (security_barrier) AS SELECT price * 2 AS twice, id FROM one;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER t INSTEAD OF INSERT ON one FOR EACH ROW EXECUTE FUNCTION f();
        CREATE RULE r AS ON DELETE TO two DO INSTEAD NOTHING; GRANT SELECT (twice), UPDATE (id) ON two TO plan_reader;
        COMMENT ON COLUMN two.twice IS 'x'; COMMENT ON TRIGGER t ON one IS 'y'; COMMENT ON RULE r ON two IS 'z';
        ALTER VIEW one ALTER COLUMN price SET DEFAULT 3; ALTER VIEW two OWNER TO plan_owner; GRANT SELECT ON one TO plan_owner;
        CREATE MATERIALIZED VIEW m AS SELECT * FROM two; CREATE UNIQUE INDEX m_id ON m (id); GRANT SELECT ON m TO plan_reader;
        CREATE STATISTICS st ON id, price FROM line; CREATE INDEX l ON line (price, id);""",
        """CREATE TABLE line (id int, price numeric(12,2)); CREATE VIEW one AS SELECT id, price FROM line;
        CREATE VIEW two WITH (security_barrier) AS SELECT price * 2 AS twice, id FROM one;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER t INSTEAD OF INSERT ON one FOR EACH ROW EXECUTE FUNCTION f();
        CREATE RULE r AS ON DELETE TO two DO INSTEAD NOTHING; GRANT SELECT (twice), UPDATE (id) ON two TO plan_reader;
        COMMENT ON COLUMN two.twice IS 'x'; COMMENT ON TRIGGER t ON one IS 'y'; COMMENT ON RULE r ON two IS 'z';
        ALTER VIEW one ALTER COLUMN price SET DEFAULT 3; ALTER VIEW two OWNER TO plan_owner; GRANT SELECT ON one TO plan_owner;
        CREATE MATERIALIZED VIEW m AS SELECT * FROM two; CREATE UNIQUE INDEX m_id ON m (id); GRANT SELECT ON m TO plan_reader;
        CREATE STATISTICS st ON id, price FROM line; CREATE INDEX l ON line (price, id);""",
    ),
    Pair(
        "keys of another type on both sides",
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int CONSTRAINT to_a REFERENCES a ON DELETE CASCADE);",
        "CREATE TABLE a (id text PRIMARY KEY); CREATE TABLE b (a_id text CONSTRAINT to_a REFERENCES a ON DELETE CASCADE);",
    ),
    Pair(
        "a function loses a default under its dependants",
        """CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
        CREATE TABLE t (id int DEFAULT f(1, 2), g int GENERATED ALWAYS AS (f(id, 1)) STORED, CHECK (f(id, 1) > 0));
        CREATE INDEX i ON t (f(id, 1)); CREATE VIEW v AS SELECT f(id, 1) AS x FROM t; CREATE INDEX gi ON t (g);
        CREATE POLICY p ON t USING (f(id, 1) > 0); CREATE STATISTICS s ON (f(id, 1)), id FROM t;
        GRANT EXECUTE ON FUNCTION f TO plan_reader; COMMENT ON FUNCTION f IS 'x'; COMMENT ON COLUMN t.g IS 'y';""",
        """CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
        CREATE TABLE t (id int DEFAULT f(1, 2), g int GENERATED ALWAYS AS (f(id, 1)) STORED, CHECK (f(id, 1) > 0));
        CREATE INDEX i ON t (f(id, 1)); CREATE VIEW v AS SELECT f(id, 1) AS x FROM t; CREATE INDEX gi ON t (g);
        CREATE POLICY p ON t USING (f(id, 1) > 0); CREATE STATISTICS s ON (f(id, 1)), id FROM t;
        GRANT EXECUTE ON FUNCTION f TO plan_reader; COMMENT ON FUNCTION f IS 'x'; COMMENT ON COLUMN t.g IS 'y';""",
    ),
    Pair(
        "functions that name each other and tables of the same plan",
        "CREATE TABLE base (id int);",
        """SET check_function_bodies = off; CREATE TABLE base (id int);
        CREATE FUNCTION a_first() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.z_table WHERE public.z_last() > 0';
        CREATE FUNCTION z_last() RETURNS bigint LANGUAGE sql AS 'SELECT public.m_middle()';
        CREATE FUNCTION m_middle() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.z_view';
        CREATE TABLE z_table (id bigint DEFAULT a_first()); CREATE VIEW z_view AS SELECT * FROM z_table;
        CREATE FUNCTION ping(n int) RETURNS int LANGUAGE sql AS 'SELECT public.pong(n)';
        CREATE FUNCTION pong(n int) RETURNS int LANGUAGE sql AS 'SELECT public.ping(n)';""",
    ),
    Pair(
        "a function over the row type of the table that checks with it",
        "CREATE TABLE base (id int);",
        """CREATE TABLE base (id int); CREATE TABLE t (a int, b int);
        CREATE FUNCTION fits(r t) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT r.a < r.b';
        ALTER TABLE t ADD CONSTRAINT fits CHECK (fits(t.*));""",
    ),
    Pair(
        "a domain gets another base type",
        """CREATE DOMAIN code AS varchar(3) DEFAULT 'x' CONSTRAINT not_empty CHECK (VALUE <> '');
        CREATE TABLE t (c code NOT NULL DEFAULT 'a', d code[]); INSERT INTO t VALUES ('b', '{c}'); CREATE INDEX i ON t (c);
        CREATE VIEW v AS SELECT c FROM t; COMMENT ON CONSTRAINT not_empty ON DOMAIN code IS 'said'; COMMENT ON DOMAIN code IS 'c';""",
        """CREATE DOMAIN code AS text DEFAULT 'y' NOT NULL CONSTRAINT not_empty CHECK (VALUE <> ' ');
        CREATE TABLE t (c code NOT NULL DEFAULT 'a', d code[]); CREATE INDEX i ON t (c);
        CREATE VIEW v AS SELECT c FROM t; COMMENT ON CONSTRAINT not_empty ON DOMAIN code IS 'said'; COMMENT ON DOMAIN code IS 'c';""",
    ),
    Pair(
        "composite types used by columns and functions",
        """CREATE TYPE spot AS (x int, y int); CREATE TABLE t (s spot); CREATE TYPE free AS (a int, b text);
        CREATE FUNCTION f(v free) RETURNS text LANGUAGE sql AS 'SELECT v.b';""",
        """CREATE TYPE spot AS (x int, z text); CREATE TABLE t (s spot); CREATE TYPE free AS (b text COLLATE "C", a bigint);
        CREATE FUNCTION f(v free) RETURNS text LANGUAGE sql AS 'SELECT v.b';""",
    ),
    Pair(
        "a partitioned table with partitions",
        """CREATE TABLE e (day date, id int) PARTITION BY RANGE (day);
        CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); INSERT INTO e VALUES ('2026-02-02', 1);""",
        """CREATE TABLE k (id bigint PRIMARY KEY);
        CREATE TABLE e (day date NOT NULL, id bigint, kind text NOT NULL DEFAULT 'x', k bigint CONSTRAINT to_k REFERENCES k,
            CONSTRAINT e_key UNIQUE (day, id), CONSTRAINT c CHECK (id > 0)) PARTITION BY RANGE (day);
        CREATE INDEX e_kind ON e (kind); CREATE INDEX e_low ON e (lower(kind)); GRANT SELECT ON e TO plan_reader;
        CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        ALTER TABLE e ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON e USING (true);""",
    ),
    Pair(
        "a partitioned table is new",
        "CREATE TABLE base (id int);",
        """CREATE TABLE base (id int); CREATE TABLE e (day date, id bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (day, id))
        PARTITION BY RANGE (day); CREATE INDEX e_id ON e (id); COMMENT ON INDEX e_id IS 'x';""",
    ),
    Pair(
        "a published column changes its type under list and filter",
        """CREATE TABLE t (id int PRIMARY KEY, n int, secret text); CREATE TABLE o (id int);
        CREATE PUBLICATION p FOR TABLE t (id, n) WHERE (id > 0), TABLE o WITH (publish = 'insert');""",
        """CREATE TABLE t (id bigint PRIMARY KEY, n int, secret text); CREATE TABLE q (id int);
        CREATE PUBLICATION p FOR TABLE t (id, n) WHERE (id > 0), TABLE q WITH (publish = 'insert, delete');""",
    ),
    Pair(
        "privileges on tables and their columns",
        """CREATE TABLE t (a int, b int); GRANT SELECT, INSERT ON t TO plan_reader WITH GRANT OPTION;
        GRANT SELECT (a), UPDATE (a, b) ON t TO plan_reader; GRANT UPDATE ON t TO plan_writer; GRANT SELECT ON t TO PUBLIC;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1';
        CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO plan_reader; CREATE SEQUENCE sq; GRANT ALL ON SEQUENCE sq TO plan_reader;""",
        """CREATE TABLE t (a int, b int); GRANT INSERT ON t TO plan_reader; GRANT SELECT (a), UPDATE (b) ON t TO plan_reader;
        GRANT UPDATE (a) ON t TO plan_writer WITH GRANT OPTION; REVOKE DELETE ON t FROM CURRENT_USER;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f FROM PUBLIC;
        CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON PROCEDURE pr TO plan_reader;
        CREATE SCHEMA s; GRANT ALL ON SCHEMA s TO plan_writer; CREATE SEQUENCE sq; GRANT USAGE ON SEQUENCE sq TO plan_reader;""",
    ),
    Pair(
        "default privileges and what is born under them",
        """ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO plan_reader;
        ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; CREATE TABLE a (id int);""",
        """ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO plan_writer;
        ALTER DEFAULT PRIVILEGES FOR ROLE plan_owner GRANT USAGE ON TYPES TO plan_reader;
        CREATE TABLE a (id int); CREATE TABLE b (id serial); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        GRANT SELECT ON b TO plan_reader; REVOKE ALL ON a FROM plan_reader; CREATE VIEW v AS SELECT 1 AS one;""",
    ),
    Pair(
        "owners of every kind, with grants",
        """CREATE SCHEMA s; CREATE TABLE s.t (id serial); CREATE VIEW s.v AS SELECT 1 AS x; CREATE TYPE s.e AS ENUM ('a');
        CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE SEQUENCE s.q; GRANT SELECT ON s.t TO plan_reader;
        CREATE MATERIALIZED VIEW s.m AS SELECT 1 AS x; CREATE DOMAIN s.d AS int; CREATE TYPE s.c AS (a int);""",
        """CREATE SCHEMA s AUTHORIZATION plan_owner; CREATE TABLE s.t (id serial); ALTER TABLE s.t OWNER TO plan_owner;
        CREATE VIEW s.v AS SELECT 1 AS x; ALTER VIEW s.v OWNER TO plan_owner; CREATE TYPE s.e AS ENUM ('a');
        ALTER TYPE s.e OWNER TO plan_owner; CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        ALTER FUNCTION s.f OWNER TO plan_owner; CREATE SEQUENCE s.q; ALTER SEQUENCE s.q OWNER TO plan_owner;
        GRANT SELECT ON s.t TO plan_reader; CREATE MATERIALIZED VIEW s.m AS SELECT 1 AS x;
        ALTER MATERIALIZED VIEW s.m OWNER TO plan_owner; CREATE DOMAIN s.d AS int; ALTER DOMAIN s.d OWNER TO plan_owner;
        CREATE TYPE s.c AS (a int); ALTER TYPE s.c OWNER TO plan_owner; CREATE TABLE s.n (id int);
        ALTER TABLE s.n OWNER TO plan_owner; GRANT SELECT ON s.n TO plan_reader;""",
    ),
    Pair(
        "a primary key on columns that were nullable",
        "CREATE TABLE t (a int, b int, CONSTRAINT b_there CHECK (b IS NOT NULL));",
        "CREATE TABLE t (a int, b int, c uuid NOT NULL, PRIMARY KEY (a, b));",
    ),
    Pair(
        "identity on a column that was nullable",
        "CREATE TABLE t (a int); INSERT INTO t VALUES (5);",
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (INCREMENT BY 3) PRIMARY KEY); INSERT INTO t DEFAULT VALUES;",
    ),
    Pair(
        "generated columns come, change and go",
        """CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED, c int GENERATED ALWAYS AS (a * 2) STORED, d int);
        CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT b, c FROM t;""",
        """CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 2) STORED, c int DEFAULT 4, d int GENERATED ALWAYS AS (a) STORED);
        CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT b, c FROM t;""",
    ),
    Pair(
        "virtual columns",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL, c int GENERATED ALWAYS AS (a) STORED);",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 2) VIRTUAL, c int GENERATED ALWAYS AS (a) VIRTUAL, d int);",
        min_major=18,
    ),
    Pair(
        "constraints not enforced",
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (x int CONSTRAINT f REFERENCES a, CONSTRAINT c CHECK (x > 0));",
        """CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (x int CONSTRAINT f REFERENCES a NOT ENFORCED,
        CONSTRAINT c CHECK (x > 0) NOT ENFORCED); CREATE TABLE d (x int CHECK (x > 0) NOT ENFORCED);""",
        min_major=18,
    ),
    Pair(
        "a schema of quoted names",
        "CREATE TABLE base (id int);",
        """CREATE TABLE base (id int); CREATE SCHEMA "My Schema"; CREATE TABLE "My Schema"."Order" (
            "select" serial PRIMARY KEY, "a.b" text DEFAULT 'it''s \\ "x"' CHECK ("a.b" <> ''), "Ü" int);
        CREATE INDEX "Idx Ü" ON "My Schema"."Order" ("Ü", lower("a.b")) WHERE "Ü" > 0;
        CREATE TYPE "My Schema"."Mood Type" AS ENUM ('it''s', 'back\\slash', 'Ü');
        CREATE VIEW "My Schema"."V" AS SELECT "select" AS "From" FROM "My Schema"."Order";
        CREATE FUNCTION "My Schema"."F x"(a int, "B" "My Schema"."Mood Type") RETURNS int LANGUAGE sql AS 'SELECT 1';
        COMMENT ON TABLE "My Schema"."Order" IS 'it''s a \\ comment'; COMMENT ON FUNCTION "My Schema"."F x" IS 'x';
        GRANT SELECT ("a.b") ON "My Schema"."Order" TO plan_reader; COMMENT ON COLUMN "My Schema"."V"."From" IS 'c';""",
    ),
    Pair(
        "a schema goes with everything in it",
        """CREATE SCHEMA s; CREATE TABLE s.a (id serial PRIMARY KEY, e text); CREATE TABLE keep (a int REFERENCES s.a, x int);
        CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE INDEX i ON keep (s.f(x));
        CREATE VIEW over_it AS SELECT s.f(x) FROM keep; CREATE MATERIALIZED VIEW s.m AS SELECT 1 AS x; CREATE DOMAIN s.d AS int;
        CREATE TYPE s.r AS RANGE (SUBTYPE = int); CREATE STATISTICS s.st ON id, e FROM s.a;
        ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO plan_reader;""",
        "CREATE TABLE keep (a int, x int);",
    ),
    Pair(
        "logged tables with a foreign key become unlogged",
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a);",
        "CREATE UNLOGGED TABLE a (id int PRIMARY KEY); CREATE UNLOGGED TABLE b (a_id int REFERENCES a);",
    ),
    Pair(
        "triggers of all sorts",
        """CREATE TABLE t (id int, n int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER a;
        CREATE CONSTRAINT TRIGGER b AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TRIGGER c AFTER UPDATE OF n ON t FOR EACH ROW EXECUTE FUNCTION f();""",
        """CREATE TABLE t (id int, m int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
        CREATE TRIGGER a BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE ALWAYS TRIGGER a;
        CREATE CONSTRAINT TRIGGER b AFTER INSERT ON t DEFERRABLE FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION f();
        CREATE TRIGGER c AFTER UPDATE OF id ON t FOR EACH STATEMENT EXECUTE FUNCTION f('x');""",
    ),
    Pair(
        "types of columns, one after the other",
        """CREATE TABLE t (a text, b int, c varchar(20), d timestamp, e json, f int[], g char(3), h date, i numeric(8,2), j inet,
        k text DEFAULT '5', l boolean, m bigint, n text COLLATE "C", o interval);""",
        """CREATE TABLE t (a int, b text, c text, d timestamptz, e jsonb, f bigint[], g varchar(2), h timestamp, i int, j cidr,
        k int DEFAULT 5, l int, m boolean, n text, o interval(3));""",
    ),
    Pair(
        "an index, a check and a key change with the type under them",
        """CREATE TABLE t (a varchar(9), b varchar(20) CHECK (b <> ''), c text UNIQUE, d text DEFAULT 'x');
        CREATE INDEX i ON t (a text_pattern_ops); CREATE INDEX j ON t (c COLLATE "C");
        CREATE TABLE r (x text REFERENCES t (c)); CREATE VIEW v AS SELECT a, d FROM t;""",
        """CREATE TABLE t (a bigint, b int CHECK (b > 0), c int UNIQUE, d int DEFAULT 7); CREATE INDEX i ON t (a DESC);
        CREATE INDEX j ON t (c); CREATE TABLE r (x int REFERENCES t (c)); CREATE VIEW v AS SELECT d, a FROM t;""",
    ),
    Pair(
        "a default calls an exchanged function while type and enum change",
        """CREATE TYPE mood AS ENUM ('a', 'b'); CREATE FUNCTION f() RETURNS mood LANGUAGE sql AS $$ SELECT 'a'::public.mood $$;
        CREATE FUNCTION n(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT x';
        CREATE TABLE t (m mood DEFAULT f(), k int DEFAULT n(3), s mood DEFAULT 'b');""",
        """CREATE TYPE mood AS ENUM ('b', 'a'); CREATE FUNCTION f() RETURNS mood LANGUAGE sql AS $$ SELECT 'a'::public.mood $$;
        CREATE FUNCTION n(x int) RETURNS int LANGUAGE sql AS 'SELECT x';
        CREATE TABLE t (m mood DEFAULT f(), k bigint DEFAULT n(3), s mood DEFAULT 'b');""",
    ),
    Pair(
        "a not valid constraint and its validation",
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (x int, y int); ALTER TABLE b ADD CONSTRAINT c CHECK (x > 0) NOT VALID;",
        """CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (x int, y int); ALTER TABLE b ADD CONSTRAINT c CHECK (x > 0);
        ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (y) REFERENCES a NOT VALID; CREATE TABLE d (x int);
        ALTER TABLE d ADD CONSTRAINT e CHECK (x > 1) NOT VALID;""",
    ),
    Pair(
        "an extension's type under columns and indexes",
        "CREATE TABLE t (name text, day tstzrange, room int);",
        """CREATE EXTENSION citext; CREATE EXTENSION btree_gist; CREATE TABLE t (name citext, day tstzrange, room int,
        CONSTRAINT x EXCLUDE USING gist (room WITH =, day WITH &&)); CREATE UNIQUE INDEX n ON t (name);""",
    ),
    Pair(
        "settings of tables, columns and indexes",
        """CREATE TABLE t (a text, b int) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
        ALTER TABLE t ALTER a SET STORAGE EXTERNAL; ALTER TABLE t ALTER b SET STATISTICS 50;
        CREATE INDEX i ON t (b, (a || 'x')) WITH (fillfactor = 60); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 300;""",
        """CREATE TABLE t (a text COMPRESSION pglz, b int) WITH (autovacuum_vacuum_scale_factor = 0.05, parallel_workers = 2);
        ALTER TABLE t ALTER b SET (n_distinct = -0.5); ALTER TABLE t REPLICA IDENTITY FULL;
        CREATE INDEX i ON t (b, (a || 'x')) WITH (deduplicate_items = off);""",
    ),
    Pair(
        "rules, statistics and event triggers",
        """CREATE TABLE t (a int, b int); CREATE TABLE log (a int); CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a);
        CREATE STATISTICS s ON a, b FROM t; CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER ev ON ddl_command_end EXECUTE FUNCTION e();""",
        """CREATE TABLE t (a bigint, b int); CREATE TABLE log (a int, c int);
        CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a, NEW.b); ALTER TABLE t DISABLE RULE r;
        CREATE STATISTICS s (mcv) ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 100;
        CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER ev ON ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION e(); ALTER EVENT TRIGGER ev DISABLE;""",
    ),
    Pair(
        "views replaced in place and made anew",
        """CREATE TABLE t (a int, b int, c int); CREATE VIEW one AS SELECT a FROM t; CREATE VIEW two AS SELECT * FROM one;
        CREATE VIEW three AS SELECT a, b FROM t; CREATE VIEW four AS SELECT a FROM three; GRANT SELECT ON three TO plan_reader;
        CREATE FUNCTION over_three() RETURNS SETOF three LANGUAGE sql BEGIN ATOMIC SELECT * FROM three; END;""",
        """CREATE TABLE t (a int, b int); CREATE VIEW one AS SELECT a, b FROM t; CREATE VIEW two AS SELECT * FROM one;
        CREATE VIEW three AS SELECT b, a FROM t; CREATE VIEW four AS SELECT a FROM three; GRANT SELECT ON three TO plan_reader;
        CREATE FUNCTION over_three() RETURNS SETOF three LANGUAGE sql BEGIN ATOMIC SELECT * FROM three; END;""",
    ),
    Pair(
        "columns dropped with what hangs on them",
        """CREATE TABLE t (a int, b int, c int UNIQUE, d int, PRIMARY KEY (a, b), CHECK (c > d)); CREATE INDEX i ON t (b, d);
        CREATE TABLE r (x int REFERENCES t (c)); CREATE INDEX p ON t (a) WHERE d > 0; CREATE STATISTICS s ON a, d FROM t;
        CREATE POLICY pol ON t USING (d > 0); GRANT SELECT (d) ON t TO plan_reader; COMMENT ON COLUMN t.d IS 'x';
        CREATE TRIGGER tr BEFORE UPDATE OF d ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();""",
        "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE r (x int); CREATE INDEX i ON t (a);",
    ),
)
