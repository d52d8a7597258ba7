-- expects: primary-key-scan
-- given
CREATE TABLE tags (id bigint, name text NOT NULL);
INSERT INTO tags VALUES (1, 'a'), (2, 'b');
-- migration
DO $$
BEGIN
    EXECUTE 'ALTER TABLE tags ADD PRIMARY KEY (name)';
END $$;
