CREATE TABLE person (name text COLLATE "C");
