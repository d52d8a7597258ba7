CREATE TABLE trip (code text UNIQUE USING INDEX TABLESPACE differ_space);
