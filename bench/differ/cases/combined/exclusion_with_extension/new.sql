CREATE EXTENSION btree_gist;
CREATE TABLE stay (room integer NOT NULL, cancelled boolean, during tstzrange);
ALTER TABLE stay ADD CONSTRAINT no_overlap
    EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (NOT cancelled) DEFERRABLE INITIALLY DEFERRED;
