-- expects: drop-constraint
-- given
CREATE DOMAIN price AS numeric CONSTRAINT positive CHECK (value > 0);
-- migration
ALTER DOMAIN price DROP CONSTRAINT positive;
