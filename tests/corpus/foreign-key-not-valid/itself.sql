-- expects: foreign-key-not-valid
-- given
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
INSERT INTO nodes VALUES (1, NULL), (2, 1);
-- migration
ALTER TABLE nodes ADD CONSTRAINT nodes_parent FOREIGN KEY (parent) REFERENCES nodes (id);
