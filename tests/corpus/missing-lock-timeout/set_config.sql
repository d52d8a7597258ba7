-- expects: missing-lock-timeout
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SELECT set_config('lock_timeout', '0', false);
ALTER TABLE users ADD COLUMN note text;
