-- expects: exclusion-constraint
-- given
CREATE TABLE stays (id bigint PRIMARY KEY, during daterange);
INSERT INTO stays VALUES (1, '[2026-01-01,2026-01-02)');
-- migration
ALTER TABLE stays ADD CONSTRAINT stays_apart EXCLUDE USING gist (during WITH &&);
