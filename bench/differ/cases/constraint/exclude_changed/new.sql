CREATE TABLE stay (cancelled boolean, during daterange);
ALTER TABLE stay ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (NOT cancelled);
