-- expects: primary-key-scan
-- given
CREATE TABLE uuid_keys (id uuid, body text);
INSERT INTO uuid_keys VALUES ('00000000-0000-4000-8000-000000000001', 'x');
-- migration
ALTER TABLE uuid_keys ALTER COLUMN id SET NOT NULL, ADD PRIMARY KEY (id);
