CREATE TABLE event (day date, id bigint) PARTITION BY HASH (id);
