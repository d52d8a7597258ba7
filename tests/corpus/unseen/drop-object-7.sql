-- expects: drop-object
-- timeouts: file
-- given
CREATE EXTENSION IF NOT EXISTS pgcrypto;
-- migration
DROP EXTENSION pgcrypto;
