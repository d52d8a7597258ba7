-- expects: serial-or-generated-column
-- given
CREATE TABLE jobs (id bigserial PRIMARY KEY, state text NOT NULL, args jsonb NOT NULL DEFAULT '{}');
-- migration
ALTER TABLE jobs ADD COLUMN uniq_key text GENERATED ALWAYS AS (CASE WHEN state = 'available' THEN args ->> 'key' END) STORED;
