CREATE TABLE event (day date, id bigint, kind text NOT NULL DEFAULT 'other') PARTITION BY RANGE (day);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
