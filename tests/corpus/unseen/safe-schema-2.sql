-- safe
-- timeouts: file
-- given
-- migration
CREATE EXTENSION IF NOT EXISTS plpgsql;
