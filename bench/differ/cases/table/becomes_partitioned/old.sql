CREATE TABLE event (day date, id bigint);
