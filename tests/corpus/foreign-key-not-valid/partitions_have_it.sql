-- safe
-- given
CREATE TABLE kinds (name text PRIMARY KEY);
INSERT INTO kinds VALUES ('a'), ('b');
CREATE TABLE events (id bigint NOT NULL, at date NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
INSERT INTO events VALUES (1, '2026-02-02', 'a'), (2, '2027-02-02', 'b');
ALTER TABLE events_2026 ADD CONSTRAINT events_kind_known FOREIGN KEY (kind) REFERENCES kinds (name);
ALTER TABLE events_2027 ADD CONSTRAINT events_kind_known FOREIGN KEY (kind) REFERENCES kinds (name);
CREATE INDEX ON events (kind);
-- migration
ALTER TABLE events ADD CONSTRAINT events_kind_known FOREIGN KEY (kind) REFERENCES kinds (name);
