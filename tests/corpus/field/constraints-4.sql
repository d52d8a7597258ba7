-- expects: primary-key-scan
-- given
CREATE TABLE rooms (id int, name text);
INSERT INTO rooms VALUES (1, 'a');
CREATE UNIQUE INDEX rooms_id ON rooms (id);
-- migration
ALTER TABLE rooms ADD CONSTRAINT rooms_pkey PRIMARY KEY USING INDEX rooms_id;
