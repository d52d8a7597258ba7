CREATE TABLE trip (id bigint NOT NULL);
