CREATE TABLE place (name text, CONSTRAINT named CHECK (length(name) > 1));
CREATE TABLE city (mayor text) INHERITS (place);
