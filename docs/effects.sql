-- The tables on which the statements of effects.toml are run, each on a fresh copy.
CREATE TABLE r (id int PRIMARY KEY, k int);
INSERT INTO r VALUES (1, 1), (2, 2);
CREATE TABLE t (
    id int PRIMARY KEY,
    a varchar(50),
    n numeric(10, 2),
    u int,
    note text,
    d int DEFAULT 1,
    nn int NOT NULL,
    r_id int,
    stored int GENERATED ALWAYS AS (u * 2) STORED,
    ident int GENERATED ALWAYS AS IDENTITY,
    at timestamp,
    CONSTRAINT t_check CHECK (u > 0),
    CONSTRAINT t_key FOREIGN KEY (r_id) REFERENCES r
);
INSERT INTO t (id, a, n, u, note, nn, r_id, at) SELECT g, 'x', 1, g, 'n', g, 1, '2026-01-01' FROM generate_series(1, 100) AS g;
CREATE INDEX t_u ON t (u);
CREATE UNIQUE INDEX t_nn ON t (nn);
CREATE UNIQUE INDEX t_unique ON t (u, nn);
ALTER TABLE t ADD CONSTRAINT t_check_later CHECK (u < 1000) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_key_later FOREIGN KEY (u) REFERENCES r NOT VALID;
CREATE TRIGGER t_trigger BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE RULE t_rule AS ON INSERT TO t WHERE false DO INSTEAD NOTHING;
CREATE POLICY t_policy ON t USING (true);
CREATE STATISTICS t_statistics ON u, nn FROM t;
CREATE TABLE without_key (id int NOT NULL, maybe int);
INSERT INTO without_key VALUES (1, 1), (2, 2);
CREATE UNIQUE INDEX without_key_id ON without_key (id);
CREATE UNIQUE INDEX without_key_maybe ON without_key (maybe);

CREATE TYPE shape AS (a int, b text);
CREATE TABLE untyped (a int, b text);
CREATE TABLE typed OF shape;
CREATE TABLE parent (u int);
CREATE TABLE child (u int) INHERITS (parent);
INSERT INTO child VALUES (1);

CREATE TABLE p (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
INSERT INTO p VALUES (1, '2026-02-02'), (2, '2027-02-02');
CREATE TABLE p_key (id int, at date, FOREIGN KEY (id, at) REFERENCES p);
INSERT INTO p_key VALUES (1, '2026-02-02');
CREATE TABLE p3 (id int NOT NULL, at date NOT NULL);
INSERT INTO p3 VALUES (3, '2028-02-02');
CREATE TABLE p3_checked (id int NOT NULL, at date NOT NULL, CHECK (at >= '2028-01-01' AND at < '2029-01-01'));
ALTER TABLE p3_checked ADD PRIMARY KEY (id, at);
INSERT INTO p3_checked VALUES (3, '2028-02-02');

CREATE TABLE l (id int, area text) PARTITION BY LIST (area);
CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('a');
CREATE TABLE l_default PARTITION OF l DEFAULT;
INSERT INTO l VALUES (1, 'a'), (2, 'z');
CREATE TABLE l2 (id int, area text NOT NULL CHECK (area = 'b'));
INSERT INTO l2 VALUES (3, 'b');

CREATE VIEW v AS SELECT id FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
CREATE UNIQUE INDEX m_id ON m (id);
CREATE DOMAIN positive AS int;
CREATE TABLE of_domain (value positive);
INSERT INTO of_domain VALUES (1);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE moods (value mood);
INSERT INTO moods VALUES ('ok');
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
