-- expects: grant-widening
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
GRANT SELECT ON users TO PUBLIC;
