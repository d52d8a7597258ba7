CREATE TABLE event (day date NOT NULL, id bigint CHECK (id > 0), PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
CREATE TABLE event_2026 (id bigint CONSTRAINT event_id_check CHECK (id > 0), day date NOT NULL);
ALTER TABLE event_2026 ADD CONSTRAINT event_2026_pk PRIMARY KEY (day, id);
ALTER TABLE event ATTACH PARTITION event_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
