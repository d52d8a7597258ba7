CREATE TABLE trip (code text, title text, CONSTRAINT trip_code_key UNIQUE (code));
