CREATE TABLE event (day date NOT NULL, id bigint CHECK (id > 0), PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
