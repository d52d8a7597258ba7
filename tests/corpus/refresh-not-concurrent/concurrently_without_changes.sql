-- safe
-- given
CREATE TABLE states (id int PRIMARY KEY, name text);
INSERT INTO states VALUES (1, 'new');
CREATE MATERIALIZED VIEW state_names AS SELECT id, name FROM states;
CREATE UNIQUE INDEX ON state_names (id);
-- migration
REFRESH MATERIALIZED VIEW CONCURRENTLY state_names;
