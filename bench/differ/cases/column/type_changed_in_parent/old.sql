CREATE TABLE place (size integer);
CREATE TABLE city (mayor text) INHERITS (place);
