CREATE TABLE event (day date, id bigint) PARTITION BY RANGE (day);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX event_2026_id_idx ON event_2026 (id);
