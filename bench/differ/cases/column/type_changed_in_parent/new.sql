CREATE TABLE place (size bigint);
CREATE TABLE city (mayor text) INHERITS (place);
