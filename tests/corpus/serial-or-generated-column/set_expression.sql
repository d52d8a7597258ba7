-- expects: serial-or-generated-column
-- versions: 17-
-- given
CREATE TABLE lines (id int PRIMARY KEY, price int, count int, total bigint GENERATED ALWAYS AS (price::bigint * count) STORED);
INSERT INTO lines (id, price, count) VALUES (1, 2, 3);
-- migration
ALTER TABLE lines ALTER COLUMN total SET EXPRESSION AS (price * count + 1);
