CREATE TABLE trip (id integer PRIMARY KEY);
CREATE TABLE event (day date, trip_id integer) PARTITION BY RANGE (day);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
