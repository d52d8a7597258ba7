CREATE TABLE tour (number integer PRIMARY KEY, title text);
ALTER TABLE tour RENAME number TO id;
ALTER TABLE tour RENAME TO trip;
ALTER TABLE trip RENAME CONSTRAINT tour_pkey TO trip_pkey;
