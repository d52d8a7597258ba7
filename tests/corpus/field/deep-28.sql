-- expects: check-not-valid
-- given
CREATE TABLE events (id bigint NOT NULL, at date NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
INSERT INTO events VALUES (1, '2026-05-05', 'a'), (2, '2027-05-05', 'b');
-- migration
ALTER TABLE events_2026 ADD CHECK (kind <> '');
