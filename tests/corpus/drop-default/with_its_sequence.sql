-- expects: drop-default
-- given
CREATE TABLE users (id bigserial PRIMARY KEY);
-- migration
DROP SEQUENCE users_id_seq CASCADE;
