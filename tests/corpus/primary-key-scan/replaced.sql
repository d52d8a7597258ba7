-- expects: primary-key-scan
-- given
CREATE TABLE tags (id bigint, name text NOT NULL);
INSERT INTO tags VALUES (1, 'a'), (2, 'b');
ALTER TABLE tags ADD PRIMARY KEY (id);
-- migration
ALTER TABLE tags DROP CONSTRAINT tags_pkey, ADD PRIMARY KEY (id, name);
