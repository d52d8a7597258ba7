-- expects: detach-not-concurrent
-- given
CREATE TABLE events (id int NOT NULL PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM (0) TO (100);
CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM (100) TO (200);
INSERT INTO events VALUES (1), (101);
CREATE TABLE notes (id int PRIMARY KEY, event int REFERENCES events (id));
INSERT INTO notes VALUES (1, 101);
-- migration
ALTER TABLE events DETACH PARTITION events_2026;
