-- safe
-- given
CREATE ROLE worker;
CREATE TABLE tasks (id bigserial PRIMARY KEY);
-- migration
GRANT USAGE, SELECT ON SEQUENCE tasks_id_seq TO worker;
GRANT INSERT, SELECT ON tasks TO worker;
