CREATE TABLE place (id bigint PRIMARY KEY, parent_id bigint REFERENCES place);
