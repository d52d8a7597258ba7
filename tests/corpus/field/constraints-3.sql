-- expects: primary-key-scan
-- given
CREATE TABLE rooms (id int NOT NULL, name text);
INSERT INTO rooms VALUES (1, 'a');
-- migration
ALTER TABLE rooms ADD PRIMARY KEY (id);
