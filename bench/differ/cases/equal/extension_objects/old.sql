CREATE EXTENSION hstore;
CREATE EXTENSION citext;
CREATE TABLE trip (tags hstore, code citext);
