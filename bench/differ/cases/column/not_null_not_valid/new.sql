CREATE TABLE trip (title text);
ALTER TABLE trip ADD CONSTRAINT trip_title_not_null NOT NULL title NOT VALID;
