-- expects: type-change
-- given
CREATE TABLE keys (id int PRIMARY KEY, k text);
INSERT INTO keys VALUES (1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11');
-- migration
ALTER TABLE keys ALTER COLUMN k TYPE uuid USING k::uuid;
