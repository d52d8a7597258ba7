CREATE TABLE trip (code text UNIQUE WITH (fillfactor = 60));
