-- expects: identity-always
-- given
CREATE TABLE users (id bigint PRIMARY KEY);
-- migration
ALTER TABLE users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (START WITH 1000000);
