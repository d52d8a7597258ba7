-- expects: exclusion-constraint
-- timeouts: file
-- given
CREATE TABLE booking (id int PRIMARY KEY, room int NOT NULL, during tstzrange);
-- migration
SET lock_timeout = '2s';
ALTER TABLE booking ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (room < 0);
