CREATE TABLE trip (title text);
ALTER TABLE trip ALTER title SET (n_distinct = -0.5);
