CREATE TABLE place (name text, CONSTRAINT named CHECK (name <> ''));
CREATE TABLE city (mayor text) INHERITS (place);
