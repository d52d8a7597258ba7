-- safe
-- timeouts: file
-- given
CREATE TABLE setting (id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1), flags jsonb NOT NULL DEFAULT '{}');
-- migration
UPDATE setting SET flags = jsonb_set(flags, '{beta}', 'true') WHERE id = 1;
