CREATE TABLE event (day date NOT NULL, id bigint NOT NULL, kind integer NOT NULL, CONSTRAINT event_pkey PRIMARY KEY (day, id, kind)) PARTITION BY RANGE (day);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE note (day date, id bigint, kind integer, CONSTRAINT to_event FOREIGN KEY (day, id, kind) REFERENCES event);
