-- expects: statement-fails
-- given
CREATE TABLE other (id int PRIMARY KEY);
-- migration
CREATE TABLE events (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (at);
