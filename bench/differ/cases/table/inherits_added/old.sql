CREATE TABLE place (name text);
CREATE TABLE city (name text, mayor text);
