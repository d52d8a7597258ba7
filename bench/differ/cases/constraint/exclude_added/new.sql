CREATE EXTENSION btree_gist;
CREATE TABLE stay (room integer, during daterange);
ALTER TABLE stay ADD CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&);
