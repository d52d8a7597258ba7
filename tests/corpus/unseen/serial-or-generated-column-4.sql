-- expects: serial-or-generated-column
-- versions: 17-
-- timeouts: file
-- given
CREATE TABLE line (id bigint PRIMARY KEY, qty int NOT NULL, price int NOT NULL, amount int GENERATED ALWAYS AS (1) STORED);
-- migration
SET lock_timeout = '2s';
ALTER TABLE line ALTER COLUMN amount SET EXPRESSION AS (qty % 10);
