CREATE TABLE trip (gone integer, id integer, title text);
ALTER TABLE trip DROP gone;
